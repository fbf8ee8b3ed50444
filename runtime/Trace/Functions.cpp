// Functions of traced values, and loops that stay loops.
#include "Trace.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace deq {

namespace detail {

Array call(int row, const Operand &a, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId operand = trace.node(a);
  return Array(trace.handle(trace.operations().call(row, {operand}, trace.position(at))));
}

Array call(int row, const Operand &a, const Operand &b, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return Array(trace.handle(trace.operations().call(row, {left, right}, trace.position(at))));
}

Array power(const Operand &base, std::int64_t exponent, Place at) {
  Trace &trace = Trace::current(at);
  Operations &operations = trace.operations();
  const double number = static_cast<double>(exponent);
  if (!Operations::isRepeated(number))
    operations.fail(Id::option_range, trace.position(at),
                    fmt::format("expected an integer exponent of at most {} in size, got {}; a "
                                "double is an argument of the function",
                                largestExponent, exponent));
  trace.require(!operations.failed);
  const NodeId operand = trace.node(base);
  return Array(trace.handle(operations.power(operand, number, trace.position(at))));
}

Array select(const Condition &condition, const Operand &a, const Operand &b, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId test = trace.node(condition.handle(), at);
  const NodeId left = trace.node(a), right = trace.node(b);
  return Array(trace.handle(trace.operations().select({test, left, right}, trace.position(at))));
}

// --- Loops
// ----------------------------------------------------------------------------------------------------------

Loop::Loop(std::int64_t lower, std::int64_t upper, Place at) : at(at) {
  Trace &current = Trace::current(at);
  const Position place = current.position(at);
  const std::string name =
      fmt::format("index {} of the loops", current.operations().builder.openRegions().size() + 1);
  region = current.operations().openGenerator(lower, upper, name, place, place);
  current.require(region >= 0);
  open = true;
}

Loop::~Loop() {
  if (open) // an exception leaves it, which the callable may catch
    Trace::current(at).operations().closeGenerator(Op::generate, static_cast<int>(region), false,
                                                   {});
}

Index Loop::index() const {
  Trace &current = Trace::current(at);
  return Index(current.handle(
      current.operations().builder.indexVariable(static_cast<int>(region), current.position(at))));
}

namespace {

/// Whether a condition asks for indices alone.
bool asksIndices(const FieldGraph &graph, NodeId node) {
  const Node &condition = graph.nodes[node];
  if (condition.op == Op::compare)
    return graph.nodes[condition.operands[0]].kind == Kind::index;
  return std::all_of(condition.operands.begin(), condition.operands.end(),
                     [&](NodeId operand) { return asksIndices(graph, operand); });
}

} // namespace

void Loop::filter(const Condition &condition) {
  Trace &current = Trace::current(at);
  Operations &operations = current.operations();
  const NodeId node = current.node(condition.handle(), at);
  const Position place = current.field().nodes[node].at;
  if (!asksIndices(current.field(), node))
    operations.fail(Id::expected_filter, place,
                    "expected a filter of indices alone, as in 'j != i'");
  current.require(operations.checkWeight(node, place));
  operations.builder.region(static_cast<int>(region)).filter = node;
}

Array Loop::map(const Array &element) { return close(false, element); }
Array Loop::sum(const Array &term) { return close(true, term); }

Array Loop::carried(const Array &start) {
  Trace &current = Trace::current(at);
  const NodeId node = current.node(start, at);
  initial = start.handle();
  GraphBuilder &builder = current.operations().builder;
  return Array(current.handle(
      builder.carried(static_cast<int>(region), builder.shape(node), current.position(at))));
}

Array Loop::fold(const Array &next) {
  Trace &current = Trace::current(at);
  Operations &operations = current.operations();
  const int number = static_cast<int>(region);
  const NodeId start = current.node(initial, at);
  operations.builder.region(number).result = current.node(next, at);
  open = false;
  const Position place = current.position(at);
  return Array(current.handle(operations.closeFold(start, number, true, place, place)));
}

Array Loop::close(bool sum, const Array &value) {
  Trace &current = Trace::current(at);
  Operations &operations = current.operations();
  const int number = static_cast<int>(region);
  operations.builder.region(number).result = current.node(value, at);
  open = false;
  return Array(current.handle(operations.closeGenerator(sum ? Op::sumOver : Op::generate, number,
                                                        true, current.position(at))));
}

} // namespace detail

// --- Arrays
// ---------------------------------------------------------------------------------------------------------

namespace {

Scalar scalar(Trace &trace, NodeId node, const Place &at) {
  return Scalar(Array(trace.handle(node)), at);
}

std::vector<NodeId> nodesOf(Trace &trace, const std::vector<Array> &arrays, const Place &at) {
  std::vector<NodeId> nodes;
  for (const Array &array : arrays)
    nodes.push_back(trace.node(array, at));
  return nodes;
}

void requireSome(const std::vector<Array> &arrays, const char *function, const Place &at) {
  if (arrays.empty())
    throwError(ApiId::empty_value, at,
               fmt::format("expected at least one array in '{}', got none", function));
}

} // namespace

Scalar constant(double value, Place at) {
  Trace &trace = Trace::current(at);
  return scalar(trace, trace.operations().builder.constant(value, trace.position(at)), at);
}

Scalar param(std::string_view name, double value, Place at) {
  return Scalar(Trace::current(at).param(name, {value}, {}, at), at);
}

Array param(std::string_view name, const std::vector<double> &values,
            std::vector<std::int64_t> shape, Place at) {
  if (shape.empty())
    shape = {static_cast<std::int64_t>(values.size())};
  return Trace::current(at).param(name, values, shape, at);
}

Scalar sum(const Array &array, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId node = trace.node(array, at);
  const Position place = trace.position(at);
  return scalar(trace, trace.operations().reduce(Op::sum, node, place, place), at);
}

Scalar norm(const Array &array, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId node = trace.node(array, at);
  const Position place = trace.position(at);
  return scalar(trace, trace.operations().reduce(Op::norm, node, place, place), at);
}

Scalar dot(const Array &a, const Array &b, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId left = trace.node(a, at), right = trace.node(b, at);
  return scalar(trace, trace.operations().dot(left, right, trace.position(at)), at);
}

Array matmul(const Array &a, const Array &b, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId left = trace.node(a, at), right = trace.node(b, at);
  return Array(trace.handle(trace.operations().matmul(left, right, trace.position(at))));
}

Array shift(const Array &array, std::int64_t k, const Scalar &fill, std::int64_t axis, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId node = trace.node(array, at), outside = trace.node(fill, at);
  const Position place = trace.position(at);
  return Array(trace.handle(trace.operations().shift(Op::shift, node, k, outside, {axis, place},
                                                     {place, place, place}, place)));
}

Array roll(const Array &array, std::int64_t k, std::int64_t axis, Place at) {
  Trace &trace = Trace::current(at);
  const NodeId node = trace.node(array, at);
  const Position place = trace.position(at);
  return Array(trace.handle(
      trace.operations().shift(Op::roll, node, k, noNode, {axis, place}, {place, place}, place)));
}

Array slice(const Array &array, std::int64_t start, std::int64_t stop, std::int64_t axis,
            Place at) {
  Trace &trace = Trace::current(at);
  Operations &operations = trace.operations();
  const NodeId node = trace.node(array, at);
  const Shape shape = operations.builder.shape(node);
  const Position place = trace.position(at);
  trace.require(operations.checkAxis({axis, place}, shape));
  std::vector<Operations::Entry> entries;
  for (std::int64_t i = 0; i <= axis; ++i) {
    const bool sliced = i == axis;
    entries.push_back({place, noNode, sliced ? start : 0, sliced ? stop : shape[i], true});
  }
  trace.require(operations.checkEntry(entries.back(), shape[axis]));
  return Array(trace.handle(operations.subscript(node, entries, 0, place)));
}

Array concat(const std::vector<Array> &arrays, std::int64_t axis, Place at) {
  requireSome(arrays, "concat", at);
  Trace &trace = Trace::current(at);
  const Position place = trace.position(at);
  const std::vector<Position> places(arrays.size(), place);
  return Array(trace.handle(
      trace.operations().concat(nodesOf(trace, arrays, at), {axis, place}, places, place)));
}

Array stack(const std::vector<Array> &rows, Place at) {
  requireSome(rows, "stack", at);
  Trace &trace = Trace::current(at);
  std::vector<NodeId> nodes = nodesOf(trace, rows, at);
  std::vector<Position> places;
  for (NodeId node : nodes)
    places.push_back(trace.field().nodes[node].at);
  const Position place = at.line() > 0 ? trace.position(at) : places.front();
  return Array(trace.handle(trace.operations().stack(std::move(nodes), places, place)));
}

} // namespace deq
