// Elementwise operations, and how errors of all operations are reported.
// Broadcasting is made explicit here, so that no later stage knows its rule.
#include "Operations.h"
#include "Names.h"

#include <cmath>
#include <fmt/format.h>

namespace deq {

bool Operations::spend(std::int64_t steps, Position at) {
  bool enough = budget.spend(steps, at, diagnostics, prefix);
  failed |= !enough;
  return enough;
}

/// Null if it was reported before.
Diagnostic *Operations::report(Id id, Position at, const std::string &text) {
  failed = true;
  if (diagnostics.full())
    return nullptr;
  if (at.line > 0 && !reported.emplace(at.line, at.column, text).second)
    return nullptr;
  return &diagnostics.report(id, at, prefix + text);
}

void Operations::fail(Id id, Position at, const std::string &text) {
  if (Diagnostic *error = report(id, at, text))
    noteOrigin(*error);
}

void Operations::failShapes(Id id, Position at, const std::string &text, NodeId a, NodeId b) {
  Diagnostic *error = report(id, at, text);
  if (!error)
    return;
  for (NodeId node : {a, b}) {
    Position origin = builder.node(node).at;
    if (origin.line > 0)
      diagnostics.note(*error, origin,
                       fmt::format("{}{} comes from here",
                                   builder.shape(node).empty() ? "" : "shape ",
                                   shapeText(builder.shape(node))));
  }
  noteOrigin(*error);
}

bool Operations::unify(std::vector<NodeId> &operands, Position at) {
  Shape common;
  NodeId first = noNode;
  for (NodeId operand : operands) {
    const Shape &shape = builder.shape(operand);
    if (shape.empty() || shape == common)
      continue;
    if (!common.empty()) {
      failShapes(
          Id::shape_mismatch, at,
          fmt::format("expected equal shapes, got {} and {}", shapeText(common), shapeText(shape)),
          first, operand);
      return false;
    }
    common = shape;
    first = operand;
  }
  for (NodeId &operand : operands)
    operand = builder.broadcast(operand, common, at);
  return true;
}

NodeId Operations::binary(Op op, NodeId a, NodeId b, Position at, Kind kind, std::int64_t attr) {
  if (a == noNode || b == noNode)
    return noNode;
  std::vector<NodeId> operands = {a, b};
  if (!unify(operands, at))
    return noNode;
  return builder.elementwise(op, std::move(operands), at, kind, attr);
}

NodeId Operations::call(int row, std::vector<NodeId> operands, Position at) {
  for (NodeId operand : operands)
    if (operand == noNode)
      return noNode;
  if (!unify(operands, at))
    return noNode;
  return builder.elementwise(Op::call, std::move(operands), at, Kind::real, row);
}

NodeId Operations::select(std::vector<NodeId> operands, Position at) {
  for (NodeId operand : operands)
    if (operand == noNode)
      return noNode;
  if (!unify(operands, at))
    return noNode;
  return builder.elementwise(Op::select, std::move(operands), at);
}

bool Operations::isRepeated(double exponent) {
  return std::abs(exponent) <= largestExponent && 2 * exponent == std::floor(2 * exponent);
}

NodeId Operations::power(NodeId base, double exponent, Position at) {
  if (base == noNode)
    return noNode;
  double whole = std::floor(std::abs(exponent));
  auto n = static_cast<std::int64_t>(whole);
  if (whole == std::abs(exponent))
    return builder.power(base, exponent < 0 ? -n : n, at);
  NodeId root = builder.elementwise(Op::call, {base}, at, Kind::real, findBuiltin("sqrt"));
  NodeId result =
      n == 0 ? root : builder.elementwise(Op::mul, {builder.power(base, n, at), root}, at);
  return exponent > 0 ? result : builder.power(result, -1, at);
}

} // namespace deq
