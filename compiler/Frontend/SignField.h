// What of a signature follows from a field's graph: names, shapes, how arguments are read.
// In a file of its own, because graphs come from texts and from hosts.
#pragma once

#include "Graph.h"

namespace deq {

inline void signField(const FieldGraph &field, Signature &signature) {
  constexpr std::int64_t registerScalars = 16; // larger arguments are read from memory
  signature.field = field.name;
  signature.state = field.state;
  signature.arguments.clear();
  for (const Leaf &leaf : field.arguments)
    signature.arguments.push_back({leaf, elements(leaf.shape) > registerScalars
                                             ? ArgumentKind::memory
                                             : ArgumentKind::uniform});
  const std::vector<NodeId> &saved = field.observables[Observable::saved];
  for (std::size_t i = 0; i < saved.size(); ++i)
    signature.observed[i].shape = field.nodes[saved[i]].shape;
  signature.literals = static_cast<std::int64_t>(field.literals.size());
}

} // namespace deq
