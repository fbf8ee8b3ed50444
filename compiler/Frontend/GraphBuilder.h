// Adds nodes to a FieldGraph: result shapes, folded indices, ranges of indices, and what depends on
// which comprehension. It checks nothing about the user's text: operands are right when they come
// here.
#pragma once

#include "Graph.h"

#include <optional>

namespace deq {

/// Values that an index expression can take: lower <= value <= upper.
struct IndexRange {
  std::int64_t lower, upper;
};

class GraphBuilder {
public:
  explicit GraphBuilder(FieldGraph &graph) : graph(graph) {}

  const Node &node(NodeId id) const { return graph.nodes[id]; }
  const Shape &shape(NodeId id) const { return node(id).shape; }

  // Reals and booleans.
  NodeId leaf(Op op, std::int64_t attr, Shape shape, Position at);
  NodeId literal(double value, Position at);
  NodeId constant(double value, Position at);
  NodeId data(NumberArray array, Position at);
  NodeId broadcast(NodeId value, const Shape &shape, Position at);
  /// Elementwise: operands of one shape, which is the result's.
  NodeId elementwise(Op op, std::vector<NodeId> operands, Position at, Kind kind = Kind::real,
                     std::int64_t attr = 0);
  NodeId array(Op op, std::vector<NodeId> operands, Shape shape, Position at, std::int64_t attr = 0,
               std::int64_t axis = 0);
  NodeId slice(NodeId value, std::vector<std::int64_t> bounds, Position at);
  /// base^n by left-to-right binary powering; n < 0 divides 1 by the power.
  NodeId power(NodeId base, std::int64_t n, Position at);

  // Indices. nullopt, zero or overflow are for the caller to report.
  NodeId indexConstant(std::int64_t value, Position at);
  NodeId indexVariable(int region, Position at);
  /// noNode if a value of the result can exceed 2^53.
  NodeId indexBinary(Op op, NodeId a, NodeId b, Position at);
  NodeId indexToReal(NodeId index, Position at);
  IndexRange range(NodeId index) const { return ranges[index]; }
  std::optional<std::int64_t> knownIndex(NodeId index) const;

  // Comprehensions. A region is open from openRegion to closeRegion; open ones nest.
  int openRegion(std::int64_t lower, std::int64_t upper);
  void closeRegion() { open.pop_back(); }
  /// What the index before has left, in the body of a fold; `shape` is that of its initial value.
  NodeId carried(int region, Shape shape, Position at);
  /// `initial`: of a fold.
  NodeId generate(Op op, int region, Shape shape, Position at, NodeId initial = noNode);
  const std::vector<int> &openRegions() const { return open; }
  Region &region(int id) { return graph.regions[id]; }
  /// Bit d is set if the node depends on the index or carried value of the open region of depth d.
  std::uint32_t dependencies(NodeId id) const { return masks[id]; }
  /// Operations that evaluateIndex performs for an index or filter, shared ones as often as they
  /// are used; saturating.
  std::int32_t weight(NodeId id) const { return weights[id]; }

private:
  NodeId add(Node node, std::uint32_t extraMask = 0, std::uint32_t clearMask = 0);

  FieldGraph &graph;
  std::vector<std::uint32_t> masks;  ///< per node
  std::vector<std::int32_t> weights; ///< per node; meaningful for indices and filters
  std::vector<IndexRange> ranges;    ///< per node; meaningful for indices
  std::vector<int> open;
};

/// Limit of every array and comprehension: the compiler unrolls, and a slip of a digit should not
/// cost an hour.
constexpr std::int64_t maxScalars = 1000000;
/// Axes of an array; more than any model has, and few enough for every bit mask and recursion here.
constexpr std::size_t maxAxes = 8;

/// Number of scalars, saturating far above every limit of the language.
std::int64_t scalars(const Shape &shape);
/// "[7,2]" or "a scalar".
std::string shapeText(const Shape &shape);

constexpr std::int64_t floorDiv(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0) && ((a % b < 0) != (b < 0)));
}
constexpr std::int64_t floorMod(std::int64_t a, std::int64_t b) { return a - floorDiv(a, b) * b; }

} // namespace deq
