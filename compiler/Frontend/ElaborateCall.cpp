// Elaboration of calls: local functions are inlined, builtins become nodes.
// Parameters are names for the caller's expressions, so that an argument can be a number, an array
// or an integer.
#include "Elaborator.h"
#include "Names.h"

#include <fmt/format.h>

namespace deq {

NodeId Elaborator::elaborateCall(const Expr &call, Scope &scope) {
  if (Entity *entity = scope.find(call.name)) {
    if (entity->kind != Entity::Kind::function || !entity->function->value)
      return noNode; // reported with the names
    return inlineFunction(call, *entity->function, scope);
  }
  if (int row = findBuiltin(call.name); row >= 0)
    return callBuiltin(call, row, scope);
  if (call.name == "sum" || call.name == "norm")
    return callReduction(call, call.name == "sum" ? Op::sum : Op::norm, scope);
  if (call.name == "dot")
    return callDot(call, scope);
  if (call.name == "shift" || call.name == "roll")
    return callShift(call, call.name == "shift" ? Op::shift : Op::roll, scope);
  if (call.name == "concat")
    return callConcat(call, scope);
  if (call.name == "div" || call.name == "mod")
    // Reached only where an argument is no index: reading the call as one names that argument.
    return elaborateIndex(call, scope);
  if (call.name == "file")
    return callFile(call);
  return noNode;
}

NodeId Elaborator::callFile(const Expr &call) {
  const Expr &path = *call.parts[0];
  if (path.form != Form::string)
    return noNode; // reported with the names
  if (!files) {
    fail(Id::misplaced_file, call.at,
         "a field reads no files; declare an argument and give it 'file(..)' in a solve");
    return noNode;
  }
  const NumberArray *array = files->array(path.name, path.at, prefix);
  if (!array || !checkSize(array->shape, path.at)) {
    failed = true;
    return noNode;
  }
  return builder.data(*array, call.at);
}

NodeId Elaborator::inlineFunction(const Expr &call, const Statement &function, Scope &scope) {
  if (call.parts.size() != function.parameters.size())
    return noNode; // reported with the names
  // Calls in error make no nodes, which are what limits the others: 2^n of them would go on for
  // long.
  constexpr int maxFailedCalls = 1000;
  if (failedCalls >= maxFailedCalls)
    return noNode;
  Scope inner;
  inner.parent = &root;
  bool good = true;
  for (std::size_t i = 0; i < call.parts.size(); ++i) {
    Entity parameter;
    parameter.kind = Entity::Kind::definition;
    parameter.expression = call.parts[i].get();
    parameter.scope = &scope;
    parameter.reading = reading(*call.parts[i], scope);
    if (parameter.reading == Reading::number) {
      parameter.elaborated = true;
      parameter.node = elaborate(*call.parts[i], scope);
      good &= parameter.node != noNode;
    }
    inner.names.emplace(function.parameters[i].text, parameter);
  }
  if (!good)
    return noNode;
  calls.emplace_back(function.name.text, call.at);
  NodeId result = elaborate(*function.value, inner);
  calls.pop_back();
  failedCalls += result == noNode;
  return result;
}

NodeId Elaborator::callBuiltin(const Expr &call, int row, Scope &scope) {
  std::vector<NodeId> operands;
  bool good = true;
  for (const ExprPtr &part : call.parts) {
    operands.push_back(elaborateNumber(*part, scope));
    good &= operands.back() != noNode;
  }
  if (!good || static_cast<int>(operands.size()) != builtins()[row].arity)
    return noNode;
  if (operands.size() == 2)
    return binary(Op::call, operands[0], operands[1], call.at, Kind::real, row);
  return builder.elementwise(Op::call, std::move(operands), call.at, Kind::real, row);
}

NodeId Elaborator::callReduction(const Expr &call, Op op, Scope &scope) {
  NodeId array = elaborateNumber(*call.parts[0], scope);
  if (array == noNode)
    return noNode;
  if (builder.shape(array).empty()) {
    fail(Id::expected_array, call.parts[0]->at,
         fmt::format("expected an array in '{}', got a scalar", call.name));
    return noNode;
  }
  return builder.array(op, {array}, {}, call.at);
}

NodeId Elaborator::callDot(const Expr &call, Scope &scope) {
  if (call.parts.size() != 2)
    return noNode; // reported with the names
  NodeId a = elaborateNumber(*call.parts[0], scope), b = elaborateNumber(*call.parts[1], scope);
  if (a == noNode || b == noNode)
    return noNode;
  const Shape &left = builder.shape(a), &right = builder.shape(b);
  if (left.size() != 1 || left != right) {
    failShapes(Id::matrix_product, call.at,
               fmt::format("expected two vectors of equal length in 'dot', got {} and {}",
                           shapeText(left), shapeText(right)),
               a, b);
    return noNode;
  }
  return builder.array(Op::dot, {a, b}, {}, call.at);
}

/// The axis as `axis = k` or as the argument after `positional` others; 0 if not given.
std::optional<std::int64_t> Elaborator::axisOption(const Expr &call, std::size_t positional,
                                                   const Shape &shape, Scope &scope) {
  const Expr *option = call.parts.size() > positional ? call.parts[positional].get() : nullptr;
  for (std::size_t i = 0; i < call.parts.size(); ++i)
    if (!call.labels[i].text.empty())
      option = call.parts[i].get();
  if (!option)
    return 0;
  auto axis = elaborateStatic(*option, scope);
  if (axis && (*axis < 0 || *axis >= static_cast<std::int64_t>(shape.size()))) {
    fail(Id::axis_range, option->at,
         fmt::format("axis {} is out of range for {}", *axis, shapeText(shape)));
    return std::nullopt;
  }
  return axis;
}

NodeId Elaborator::callShift(const Expr &call, Op op, Scope &scope) {
  std::size_t fixed = op == Op::shift ? 3 : 2;
  for (std::size_t i = 0; i < fixed; ++i)
    if (i >= call.parts.size() || !call.labels[i].text.empty())
      return noNode; // reported with the names
  NodeId array = elaborateNumber(*call.parts[0], scope);
  auto offset = elaborateStatic(*call.parts[1], scope);
  NodeId fill = op == Op::shift ? elaborateNumber(*call.parts[2], scope) : array;
  if (array == noNode || fill == noNode || !offset)
    return noNode;
  Shape shape = builder.shape(array);
  if (shape.empty()) {
    fail(Id::expected_array, call.parts[0]->at,
         fmt::format("expected an array in '{}', got a scalar", call.name));
    return noNode;
  }
  if (op == Op::shift && !builder.shape(fill).empty()) {
    fail(Id::expected_scalar, call.parts[2]->at,
         fmt::format("expected a scalar to fill in, got {}", shapeText(builder.shape(fill))));
    return noNode;
  }
  auto axis = axisOption(call, fixed, shape, scope);
  if (!axis)
    return noNode;
  std::vector<NodeId> operands = {array};
  if (op == Op::shift)
    operands.push_back(fill);
  return builder.array(op, std::move(operands), std::move(shape), call.at, *offset, *axis);
}

NodeId Elaborator::callConcat(const Expr &call, Scope &scope) {
  std::vector<NodeId> operands;
  bool good = true;
  for (std::size_t i = 0; i < call.parts.size(); ++i) {
    if (!call.labels[i].text.empty())
      continue;
    operands.push_back(elaborateNumber(*call.parts[i], scope));
    good &= operands.back() != noNode;
  }
  if (!good || operands.empty())
    return noNode;
  Shape shape = builder.shape(operands[0]);
  if (shape.empty()) {
    fail(Id::expected_array, call.parts[0]->at,
         "expected an array in 'concat', got a scalar; write it as [x]");
    return noNode;
  }
  auto axis = axisOption(call, call.parts.size(), shape, scope);
  if (!axis)
    return noNode;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    Shape other = builder.shape(operands[i]);
    bool fits = other.size() == shape.size();
    for (std::size_t k = 0; fits && k < shape.size(); ++k)
      fits = static_cast<std::int64_t>(k) == *axis || other[k] == shape[k];
    if (!fits) {
      failShapes(Id::shape_mismatch, call.parts[i]->at,
                 fmt::format("expected shapes that agree off axis {}, got {} and {}", *axis,
                             shapeText(shape), shapeText(other)),
                 operands[0], operands[i]);
      return noNode;
    }
    shape[*axis] += other[*axis];
  }
  if (!checkSize(shape, call.at))
    return noNode;
  return builder.array(Op::concat, std::move(operands), std::move(shape), call.at, *axis);
}

} // namespace deq
