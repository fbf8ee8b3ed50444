// The one form of all graphs that compute the same thing in the same way.
// A cache that asks whether two fields are the same should not see names, the order of independent
// lines, which of equal expressions were written once, or in which order a C++ compiler evaluated
// the operands of a traced one.
#pragma once

#include "../Digest.h"
#include "Graph.h"

namespace deq {

struct CanonicalGraph {
  /// Nodes that the results need, in the order of a walk from them, operands first; equal ones are
  /// one. Literals and regions are numbered as the walk meets them.
  FieldGraph graph;
  std::vector<std::int64_t> literals; ///< the number that each literal of it had
  /// Of everything but names, positions and the values of literals.
  Digest digest;
};

/// Linear in the size of the graph.
CanonicalGraph canonical(const FieldGraph &field);

} // namespace deq
