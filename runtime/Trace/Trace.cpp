// The current trace of each thread, and what its handles stand for.
#include "Trace.h"
#include "UnrolledLoops.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>

namespace deq {

namespace {
thread_local Trace *innermost = nullptr;
std::atomic<std::uint64_t> traces = 0;
} // namespace

Trace::Trace(std::string name, const Place &at)
    : ops(graph, diagnostics), id(++traces), outer(innermost) {
  innermost = this;
  diagnostics.setSource(at.file_name(), "");
  files[at.file_name()] = 0;
  graph.name = std::move(name);
  graph.at = position(at);
}

Trace::~Trace() { innermost = outer; }

Trace &Trace::current(const Place &at) {
  if (!innermost)
    throwError(ApiId::no_trace, at,
               "expected a field that is being traced, got an operation on traced values outside "
               "of deq::trace");
  return *innermost;
}

Position Trace::position(const Place &place) {
  auto [found, fresh] = files.try_emplace(place.file_name(), 0);
  if (fresh)
    found->second = diagnostics.addSource(place.file_name(), "");
  return {static_cast<int>(place.line()), static_cast<int>(place.column()), found->second};
}

Location Trace::location(NodeId node) const {
  const Position at = graph.nodes[node].at;
  return {diagnostics.file(at.file), at.line, at.column};
}

NodeId Trace::node(detail::Handle handle, const Place &at) {
  if (handle.trace == 0)
    throwError(ApiId::empty_value, at, "expected a value, got an array that was never given one");
  if (handle.trace != id)
    throwError(ApiId::foreign_value, at,
               fmt::format("expected a value of field '{}', got one of another trace", graph.name));
  const std::vector<int> &open = ops.builder.openRegions();
  const std::int32_t depth = graph.nodes[handle.node].depth;
  const int owner = owners[handle.node];
  if (depth > 0 && (std::size_t(depth) > open.size() || open[depth - 1] != owner))
    throwError(ApiId::foreign_value, at,
               "expected a value that is known here, got one that depends on the index of a loop "
               "that has ended");
  return handle.node;
}

NodeId Trace::node(const detail::Operand &operand) {
  using Kind = detail::Operand::Kind;
  if (operand.kind == Kind::number) {
    const NodeId literal = ops.builder.literal(operand.number, position(operand.at));
    handle(literal);
    return literal;
  }
  const NodeId id = node(operand.id, operand.at);
  return operand.kind == Kind::array ? id : ops.builder.indexToReal(id, position(operand.at));
}

NodeId Trace::node(const detail::IndexOperand &operand) {
  if (operand.id.trace == 0)
    return ops.builder.indexConstant(operand.number, position(operand.at));
  return node(operand.id, operand.at);
}

void Trace::require(bool good) {
  if (!good || diagnostics.failed())
    throwErrors(diagnostics);
}

detail::Handle Trace::handle(NodeId node) {
  require(node != noNode);
  if (graph.nodes.size() > maxNodes) {
    ops.fail(Id::too_much_work, graph.at,
             fmt::format("expected at most {} operations in field '{}'", maxNodes, graph.name));
    throwErrors(diagnostics);
  }
  recorded.push_back(node);
  const std::vector<int> &open = ops.builder.openRegions();
  for (std::size_t i = owners.size(); i < graph.nodes.size(); ++i) {
    const std::int32_t depth = graph.nodes[i].depth;
    // Nodes inside of what one operation made of a whole loop are no one's handles.
    owners.push_back(depth > 0 && std::size_t(depth) <= open.size() ? open[depth - 1] : -1);
  }
  return {id, node};
}

void Trace::observe(Observable::Kind kind, const Observed &value, const Place &at) {
  const NodeId node = this->node(value.handle(), at);
  const bool event = kind == Observable::events, saved = kind == Observable::saved;
  if (!event && graph.nodes[node].kind == Kind::boolean)
    ops.fail(Id::expected_number, position(at),
             fmt::format("expected a number{}, got a condition", saved ? " to save" : ""));
  if (const Shape &shape = ops.builder.shape(node); !saved && !shape.empty())
    ops.fail(Id::expected_scalar, position(at),
             fmt::format("expected a scalar, got shape {}", shapeText(shape)));
  require(!ops.failed);
  graph.observables[kind].push_back(node);
}

std::vector<Diagnostic> Trace::warnings() const {
  std::vector<Diagnostic> list;
  for (const UnrolledLoop &loop : unrolledLoops(graph, recorded))
    list.push_back(hostDiagnostic(
        ApiId::unrolled_loop, Severity::warning, location(loop.first),
        fmt::format("{} operations of this place are compiled one by one, as of an unrolled loop; "
                    "deq::map, deq::sum or deq::fold keeps a loop",
                    loop.count)));
  return list;
}

Array Trace::time(const Place &at) {
  return Array(handle(ops.builder.leaf(Op::time, 0, {}, position(at))));
}

Array Trace::declare(Op op, const Leaf &leaf, const Place &at) {
  std::vector<Leaf> &list = op == Op::state ? graph.state : graph.arguments;
  const Position place = position(at);
  for (const std::vector<Leaf> *known : {&graph.state, &graph.arguments})
    for (const Leaf &other : *known)
      if (other.name == leaf.name)
        throwError(ApiId::declaration, at,
                   fmt::format("expected names that differ, got '{}' twice", leaf.name));
  for (std::int64_t extent : leaf.shape)
    if (extent < 1)
      throwError(ApiId::declaration, at,
                 fmt::format("expected extents of at least 1 in '{}', got {}", leaf.name,
                             shapeText(leaf.shape)));
  require(ops.checkSize(leaf.shape, place));
  list.push_back(leaf);
  return Array(handle(ops.builder.leaf(op, std::int64_t(list.size()) - 1, leaf.shape, place)));
}

Array Trace::param(std::string_view name, const std::vector<double> &values, const Shape &shape,
                   const Place &at) {
  require(ops.checkSize(shape, position(at)));
  const std::int64_t count = elements(shape);
  if (count != std::int64_t(values.size()))
    throwError(ApiId::param_value, at,
               fmt::format("expected {} numbers for parameter '{}' of shape {}, got {}", count,
                           name, shapeText(shape), values.size()));
  for (const Param &param : params)
    if (param.name == name) {
      if (param.shape != shape || param.values != values)
        throwError(ApiId::param_value, at,
                   fmt::format("expected the value that parameter '{}' was given before, got "
                               "another one",
                               name));
      return Array(handle(param.node));
    }
  const Array value = declare(Op::argument, {std::string(name), shape}, at);
  params.push_back({std::string(name), shape, values, value.handle().node});
  return value;
}

} // namespace deq
