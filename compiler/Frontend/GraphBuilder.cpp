// Nodes, their shapes and their dependencies.
// Ranges of indices come with the nodes, so that most bounds are proved without running a
// comprehension.
#include "GraphBuilder.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq {

NodeId FieldGraph::add(Node node) {
  nodes.push_back(std::move(node));
  return static_cast<NodeId>(nodes.size() - 1);
}

std::int64_t scalars(const Shape &shape) {
  constexpr std::int64_t far = std::int64_t(1) << 40;
  std::int64_t count = 1;
  for (std::int64_t extent : shape)
    count = extent > far / std::max<std::int64_t>(count, 1) ? far : count * extent;
  return count;
}

std::string shapeText(const Shape &shape) {
  return shape.empty() ? "a scalar" : fmt::format("[{}]", fmt::join(shape, ","));
}

NodeId GraphBuilder::add(Node node, std::uint32_t extraMask, std::uint32_t clearMask) {
  constexpr std::int32_t heaviest = 1 << 30;
  std::uint32_t mask = extraMask;
  std::int32_t weight = 1;
  for (NodeId operand : node.operands) {
    mask |= masks[operand];
    weight = std::min(weight, heaviest - weights[operand]) + weights[operand];
  }
  weights.push_back(weight);
  mask &= ~clearMask;
  node.depth = mask ? std::bit_width(mask) - 1 : 0;
  masks.push_back(mask);
  ranges.push_back({0, 0});
  return graph.add(std::move(node));
}

// --- Reals
// ----------------------------------------------------------------------------------------------------------

namespace {
Node make(Op op, Position at, Shape shape = {}, std::vector<NodeId> operands = {},
          Kind kind = Kind::real) {
  Node node;
  node.op = op;
  node.kind = kind;
  node.at = at;
  node.shape = std::move(shape);
  node.operands = std::move(operands);
  return node;
}
} // namespace

NodeId GraphBuilder::leaf(Op op, std::int64_t attr, Shape shape, Position at) {
  Node node = make(op, at, std::move(shape));
  node.attr = attr;
  return add(std::move(node));
}

NodeId GraphBuilder::literal(double value, Position at) {
  graph.literals.push_back({value, at});
  return leaf(Op::literal, static_cast<std::int64_t>(graph.literals.size()) - 1, {}, at);
}

NodeId GraphBuilder::constant(double value, Position at) {
  Node node = make(Op::constant, at);
  node.value = value;
  return add(std::move(node));
}

NodeId GraphBuilder::data(NumberArray array, Position at) {
  Node node = make(Op::data, at, array.shape);
  node.attr = static_cast<std::int64_t>(graph.data.size());
  graph.data.push_back(std::move(array));
  return add(std::move(node));
}

NodeId GraphBuilder::broadcast(NodeId value, const Shape &shape, Position at) {
  if (node(value).shape == shape)
    return value;
  return add(make(Op::broadcast, at, shape, {value}, node(value).kind));
}

NodeId GraphBuilder::elementwise(Op op, std::vector<NodeId> operands, Position at, Kind kind,
                                 std::int64_t attr) {
  Shape shape = node(operands.back()).shape; // an index compared with an index is scalar too
  Node result = make(op, at, std::move(shape), std::move(operands), kind);
  result.attr = attr;
  return add(std::move(result));
}

NodeId GraphBuilder::array(Op op, std::vector<NodeId> operands, Shape shape, Position at,
                           std::int64_t attr, std::int64_t axis) {
  Node node = make(op, at, std::move(shape), std::move(operands));
  node.attr = attr;
  node.axis = axis;
  return add(std::move(node));
}

NodeId GraphBuilder::slice(NodeId value, std::vector<std::int64_t> bounds, Position at) {
  Shape shape;
  for (std::size_t axis = 0; axis < bounds.size(); axis += 2)
    shape.push_back(bounds[axis + 1] - bounds[axis]);
  Node node = make(Op::slice, at, std::move(shape), {value});
  node.bounds = std::move(bounds);
  return add(std::move(node));
}

NodeId GraphBuilder::power(NodeId base, std::int64_t n, Position at) {
  Shape shape = node(base).shape;
  auto one = [&] { return broadcast(constant(1, at), shape, at); };
  if (n == 0)
    return one();
  auto magnitude = static_cast<std::uint64_t>(n < 0 ? -n : n);
  NodeId result = base;
  for (int bit = std::bit_width(magnitude) - 2; bit >= 0; --bit) {
    result = elementwise(Op::mul, {result, result}, at);
    if (magnitude >> bit & 1)
      result = elementwise(Op::mul, {result, base}, at);
  }
  return n > 0 ? result : elementwise(Op::div, {one(), result}, at);
}

// --- Indices
// --------------------------------------------------------------------------------------------------------

NodeId GraphBuilder::indexConstant(std::int64_t value, Position at) {
  Node node = make(Op::indexConstant, at, {}, {}, Kind::index);
  node.attr = value;
  NodeId id = add(std::move(node));
  ranges[id] = {value, value};
  return id;
}

NodeId GraphBuilder::indexVariable(int region, Position at) {
  const Region &r = graph.regions[region];
  Node node = make(Op::indexVariable, at, {}, {}, Kind::index);
  node.attr = region;
  NodeId id = add(std::move(node), std::uint32_t(1) << r.depth);
  ranges[id] = {r.lower, r.upper - 1};
  return id;
}

std::optional<std::int64_t> GraphBuilder::knownIndex(NodeId index) const {
  if (node(index).op != Op::indexConstant)
    return std::nullopt;
  return node(index).attr;
}

namespace {

using Wide = __int128;
struct WideRange {
  Wide lower, upper;
};

WideRange product(IndexRange a, IndexRange b) {
  Wide corners[] = {Wide(a.lower) * b.lower, Wide(a.lower) * b.upper, Wide(a.upper) * b.lower,
                    Wide(a.upper) * b.upper};
  return {*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4)};
}

Wide magnitude(IndexRange a) { return std::max<Wide>(-Wide(a.lower), a.upper); }

WideRange quotient(IndexRange a, IndexRange b) {
  if (b.lower > 0 && b.lower == b.upper)
    return {floorDiv(a.lower, b.lower), floorDiv(a.upper, b.lower)};
  return {-magnitude(a) - 1, magnitude(a) + 1};
}

WideRange remainder(IndexRange a, IndexRange b) {
  if (b.lower == b.upper && b.lower > 0)
    return a.lower >= 0 && a.upper < b.lower ? WideRange{a.lower, a.upper}
                                             : WideRange{0, b.lower - 1};
  return {-magnitude(b), magnitude(b)};
}

WideRange combine(Op op, IndexRange a, IndexRange b) {
  switch (op) {
  case Op::indexAdd:
    return {Wide(a.lower) + b.lower, Wide(a.upper) + b.upper};
  case Op::indexSub:
    return {Wide(a.lower) - b.upper, Wide(a.upper) - b.lower};
  case Op::indexMul:
    return product(a, b);
  case Op::indexDiv:
    return quotient(a, b);
  default:
    return remainder(a, b);
  }
}

std::int64_t fold(Op op, std::int64_t a, std::int64_t b) {
  switch (op) {
  case Op::indexAdd:
    return a + b;
  case Op::indexSub:
    return a - b;
  case Op::indexMul:
    return a * b;
  case Op::indexDiv:
    return floorDiv(a, b);
  default:
    return floorMod(a, b);
  }
}

} // namespace

NodeId GraphBuilder::indexBinary(Op op, NodeId a, NodeId b, Position at) {
  constexpr Wide limit = Wide(1) << 53;
  WideRange range = combine(op, ranges[a], ranges[b]);
  if (range.lower < -limit || range.upper > limit)
    return noNode;
  auto left = knownIndex(a), right = knownIndex(b);
  if (left && right)
    return indexConstant(fold(op, *left, *right), at);
  NodeId id = add(make(op, at, {}, {a, b}, Kind::index));
  ranges[id] = {static_cast<std::int64_t>(range.lower), static_cast<std::int64_t>(range.upper)};
  return id;
}

NodeId GraphBuilder::indexToReal(NodeId index, Position at) {
  if (auto known = knownIndex(index))
    return constant(static_cast<double>(*known), at);
  return add(make(Op::indexToReal, at, {}, {index}));
}

// --- Comprehensions
// -------------------------------------------------------------------------------------------------

int GraphBuilder::openRegion(std::int64_t lower, std::int64_t upper) {
  int id = static_cast<int>(graph.regions.size());
  Region region;
  region.lower = lower;
  region.upper = upper;
  region.depth = static_cast<std::int32_t>(open.size()) + 1;
  graph.regions.push_back(region);
  open.push_back(id);
  return id;
}

NodeId GraphBuilder::carried(int region, Shape shape, Position at) {
  Node node = make(Op::carried, at, std::move(shape));
  node.attr = region;
  return add(std::move(node), std::uint32_t(1) << graph.regions[region].depth);
}

NodeId GraphBuilder::generate(Op op, int region, Shape shape, Position at, NodeId initial) {
  const Region &r = graph.regions[region];
  std::uint32_t mask = masks[r.result];
  if (r.filter != noNode)
    mask |= masks[r.filter];
  Node node = make(op, at, std::move(shape));
  if (initial != noNode)
    node.operands.push_back(initial);
  node.attr = region;
  return add(std::move(node), mask, std::uint32_t(1) << r.depth);
}

} // namespace deq
