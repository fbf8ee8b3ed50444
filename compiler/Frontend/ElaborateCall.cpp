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
  for (const ExprPtr &part : call.parts)
    operands.push_back(elaborateNumber(*part, scope));
  if (static_cast<int>(operands.size()) != builtins()[row].arity)
    return noNode; // reported with the names
  return Operations::call(row, std::move(operands), call.at);
}

NodeId Elaborator::callReduction(const Expr &call, Op op, Scope &scope) {
  return reduce(op, elaborateNumber(*call.parts[0], scope), call.parts[0]->at, call.at);
}

NodeId Elaborator::callDot(const Expr &call, Scope &scope) {
  if (call.parts.size() != 2)
    return noNode; // reported with the names
  NodeId a = elaborateNumber(*call.parts[0], scope), b = elaborateNumber(*call.parts[1], scope);
  return dot(a, b, call.at);
}

/// The axis as `axis = k` or as the argument after `positional` others; 0 if not given.
std::optional<Operations::Axis> Elaborator::axisOption(const Expr &call, std::size_t positional,
                                                       Scope &scope) {
  const Expr *option = call.parts.size() > positional ? call.parts[positional].get() : nullptr;
  for (std::size_t i = 0; i < call.parts.size(); ++i)
    if (!call.labels[i].text.empty())
      option = call.parts[i].get();
  if (!option)
    return Axis{0, call.at};
  auto axis = elaborateStatic(*option, scope);
  return axis ? std::optional<Axis>({*axis, option->at}) : std::nullopt;
}

NodeId Elaborator::callShift(const Expr &call, Op op, Scope &scope) {
  std::size_t fixed = op == Op::shift ? 3 : 2;
  std::vector<Position> places;
  for (std::size_t i = 0; i < fixed; ++i) {
    if (i >= call.parts.size() || !call.labels[i].text.empty())
      return noNode; // reported with the names
    places.push_back(call.parts[i]->at);
  }
  NodeId array = elaborateNumber(*call.parts[0], scope);
  auto offset = elaborateStatic(*call.parts[1], scope);
  NodeId fill = op == Op::shift ? elaborateNumber(*call.parts[2], scope) : array;
  if (array == noNode || fill == noNode || !offset)
    return noNode;
  auto axis = axisOption(call, fixed, scope);
  return axis ? shift(op, array, *offset, fill, *axis, places, call.at) : noNode;
}

NodeId Elaborator::callConcat(const Expr &call, Scope &scope) {
  std::vector<NodeId> operands;
  std::vector<Position> places;
  bool good = true;
  for (std::size_t i = 0; i < call.parts.size(); ++i) {
    if (!call.labels[i].text.empty())
      continue;
    operands.push_back(elaborateNumber(*call.parts[i], scope));
    places.push_back(call.parts[i]->at);
    good &= operands.back() != noNode;
  }
  if (!good || operands.empty())
    return noNode;
  auto axis = axisOption(call, call.parts.size(), scope);
  return axis ? concat(std::move(operands), *axis, places, call.at) : noNode;
}

} // namespace deq
