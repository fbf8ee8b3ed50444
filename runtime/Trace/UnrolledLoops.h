// Loops of C++ that a trace has seen as many operations of one place.
// They are no mistake, but code grows with them, and whoever wrote the loop may not know.
#pragma once

#include "compiler/Frontend/Graph.h"

namespace deq {

struct UnrolledLoop {
  NodeId first = noNode;  ///< of the place
  std::int64_t count = 0; ///< of the place's operations
};

/// Places at which many equal operations were recorded, in the order of their first ones. Places
/// with as many as another belong to the same loop, of which the first stays.
/// `recorded`: the nodes that operations of the host resulted in, in order.
std::vector<UnrolledLoop> unrolledLoops(const FieldGraph &graph, std::vector<NodeId> recorded);

} // namespace deq
