// Integers: statics, indices of comprehensions, and the arithmetic of both.
// What is read as an index has no hidden arguments: its literals belong to the structure of the
// field.
#include "Elaborator.h"

#include <cmath>
#include <fmt/format.h>

namespace deq {

namespace {

bool isCount(const Expr &expression) {
  return expression.form == Form::number && expression.integer;
}

Reading combine(Reading a, Reading b) {
  if (a == Reading::number || b == Reading::number)
    return Reading::number;
  return a == Reading::index || b == Reading::index ? Reading::index : Reading::integer;
}

} // namespace

Reading Elaborator::reading(const Expr &expression, Scope &scope) {
  if (!budget.spend(1))
    return Reading::number; // whoever elaborates it reports that
  switch (expression.form) {
  case Form::number:
    return expression.integer ? Reading::integer : Reading::number;
  case Form::name: {
    Entity *entity = scope.find(expression.name);
    if (!entity)
      return Reading::number;
    if (entity->kind == Entity::Kind::constant || entity->kind == Entity::Kind::variable)
      return Reading::index;
    return entity->kind == Entity::Kind::definition ? entity->reading : Reading::number;
  }
  case Form::negate:
    return reading(*expression.parts[0], scope);
  case Form::power:
    return isCount(*expression.parts[1]) ? reading(*expression.parts[0], scope) : Reading::number;
  case Form::call:
    if (expression.name != "div" && expression.name != "mod")
      return Reading::number;
    break;
  case Form::chain:
    for (const Link &link : expression.links)
      if (link.text == "/" || link.text == "@")
        return Reading::number;
    break;
  default:
    return Reading::number;
  }
  Reading result = Reading::integer;
  for (const ExprPtr &part : expression.parts) {
    result = combine(result, reading(*part, scope));
    if (result == Reading::number)
      return result;
  }
  return result;
}

NodeId Elaborator::elaborateIndex(const Expr &expression, Scope &scope) {
  if (!mayGoOn(expression.at))
    return noNode;
  ++depth;
  NodeId result = dispatchIndex(expression, scope);
  --depth;
  return result;
}

NodeId Elaborator::dispatchIndex(const Expr &expression, Scope &scope) {
  switch (expression.form) {
  case Form::number:
    if (expression.integer)
      return builder.indexConstant(static_cast<std::int64_t>(expression.number), expression.at);
    fail(Id::expected_integer, expression.at,
         fmt::format("expected an integer, got {}", expression.number));
    return noNode;
  case Form::name:
    return indexName(expression, scope);
  case Form::negate: {
    NodeId operand = elaborateIndex(*expression.parts[0], scope);
    if (operand == noNode)
      return noNode;
    return indexBinary(Op::indexSub, builder.indexConstant(0, expression.at), operand,
                       expression.at);
  }
  case Form::chain:
    return indexChain(expression, expression.parts.size(), scope);
  case Form::power:
    return indexPower(expression, scope);
  case Form::call:
    if (expression.name == "div" || expression.name == "mod")
      return indexCall(expression, scope);
    break;
  default:
    break;
  }
  fail(Id::expected_integer, expression.at,
       "expected an integer known at compile time, got an expression of numbers");
  return noNode;
}

NodeId Elaborator::indexName(const Expr &expression, Scope &scope) {
  Entity *entity = scope.find(expression.name);
  if (!entity && expression.name != "pi")
    return noNode; // reported with the names
  if (entity && entity->kind == Entity::Kind::constant)
    return builder.indexConstant(entity->integer, expression.at);
  if (entity && entity->kind == Entity::Kind::variable)
    return entity->node;
  bool definition = entity && entity->kind == Entity::Kind::definition;
  if (definition && (!entity->expression || (entity->elaborated && entity->node == noNode)))
    return noNode; // its definition is in error
  if (definition && entity->reading != Reading::number) {
    if (!entity->indexed) { // once, even if it fails: a parameter may be used many times
      entity->indexed = true;
      NodeId index = elaborateIndex(*entity->expression, *entity->scope);
      entity->index = index;
    }
    return entity->index;
  }
  fail(Id::expected_integer, expression.at,
       fmt::format("expected an integer known at compile time, got '{}'", expression.name));
  return noNode;
}

NodeId Elaborator::indexChain(const Expr &expression, std::size_t count, Scope &scope) {
  NodeId result = elaborateIndex(*expression.parts[0], scope);
  for (std::size_t i = 1; i < count; ++i) {
    const Link &link = expression.links[i - 1];
    if (link.text == "/" || link.text == "@") {
      fail(Id::expected_integer, link.at,
           link.text == "/" ? "expected an integer, got a quotient of numbers; write div(a, b)"
                            : "expected an integer, got a product of arrays");
      return noNode;
    }
    Op op = link.text == "+" ? Op::indexAdd : link.text == "-" ? Op::indexSub : Op::indexMul;
    result = indexBinary(op, result, elaborateIndex(*expression.parts[i], scope), link.at);
  }
  return result;
}

NodeId Elaborator::indexPower(const Expr &expression, Scope &scope) {
  const Expr &exponent = *expression.parts[1];
  if (!isCount(exponent)) {
    fail(Id::expected_integer, exponent.at,
         "expected a non-negative integer literal as the exponent of an index");
    return noNode;
  }
  NodeId base = elaborateIndex(*expression.parts[0], scope);
  if (base == noNode)
    return noNode;
  // 2^53 bounds the value, so only 0 and +-1 have large powers: those repeat with period 2.
  double n = exponent.number <= 64 ? exponent.number : 64 + std::fmod(exponent.number, 2);
  NodeId result = builder.indexConstant(1, expression.at);
  for (int i = 0; i < n && result != noNode; ++i)
    result = indexBinary(Op::indexMul, result, base, expression.at);
  return result;
}

NodeId Elaborator::indexCall(const Expr &expression, Scope &scope) {
  if (expression.parts.size() != 2)
    return noNode; // reported with the names
  NodeId a = elaborateIndex(*expression.parts[0], scope);
  NodeId b = elaborateIndex(*expression.parts[1], scope);
  return indexDivide(expression.name == "div" ? Op::indexDiv : Op::indexMod, a, b,
                     expression.parts[1]->at, expression.at);
}

std::optional<std::int64_t> Elaborator::elaborateStatic(const Expr &expression, Scope &scope) {
  NodeId index = elaborateIndex(expression, scope);
  if (index == noNode)
    return std::nullopt;
  auto known = builder.knownIndex(index);
  if (!known)
    fail(Id::varying_index, expression.at,
         "expected an integer that depends on no index of a comprehension");
  return known;
}

/// A condition of indices and statics only.
NodeId Elaborator::elaborateFilter(const Expr &expression, Scope &scope) {
  if (expression.form == Form::logical || expression.form == Form::negation) {
    std::vector<NodeId> parts;
    bool good = true;
    for (const ExprPtr &part : expression.parts) {
      parts.push_back(elaborateFilter(*part, scope));
      good &= parts.back() != noNode;
    }
    if (!good)
      return noNode;
    if (expression.form == Form::negation)
      return builder.elementwise(Op::logicalNot, {parts[0]}, expression.at, Kind::boolean);
    NodeId result = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i)
      result =
          builder.elementwise(expression.links[0].text == "and" ? Op::logicalAnd : Op::logicalOr,
                              {result, parts[i]}, expression.links[i - 1].at, Kind::boolean);
    return result;
  }
  bool compares = expression.form == Form::comparison;
  for (std::size_t i = 0; i < 2 && compares; ++i)
    compares = reading(*expression.parts[i], scope) != Reading::number;
  if (compares) {
    NodeId a = elaborateIndex(*expression.parts[0], scope);
    NodeId b = elaborateIndex(*expression.parts[1], scope);
    if (a == noNode || b == noNode)
      return noNode;
    return builder.elementwise(Op::compare, {a, b}, expression.at, Kind::boolean,
                               predicate(expression.links[0].text));
  }
  fail(Id::expected_filter, expression.at,
       "expected a filter of indices and statics, as in 'if j != i'");
  return noNode;
}

} // namespace deq
