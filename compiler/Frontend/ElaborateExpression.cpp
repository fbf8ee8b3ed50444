// Elaboration of scalars and elementwise operations: names, arithmetic, powers, conditions.
// Whether a literal is a number or an integer is decided here, by how it is used.
#include "Elaborator.h"
#include "Names.h"

#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace deq {

namespace {
/// Levels of expressions once functions are inlined; each costs about two kilobytes of stack.
constexpr int maxDepth = 1000;
} // namespace

Entity *Scope::find(const std::string &name) {
  for (Scope *scope = this; scope; scope = scope->parent)
    if (auto found = scope->names.find(name); found != scope->names.end())
      return &found->second;
  return nullptr;
}

void Elaborator::noteOrigin(Diagnostic &error) {
  constexpr std::size_t shownCalls = 4;
  for (std::size_t i = calls.size(); i > 0 && calls.size() - i < shownCalls; --i)
    diagnostics.note(error, calls[i - 1].second,
                     fmt::format("in this call of '{}'", calls[i - 1].first));
}

bool Elaborator::mayGoOn(Position at) {
  if (depth >= maxDepth)
    fail(Id::too_deep, at,
         fmt::format("expected at most {} levels of nesting, functions inlined", maxDepth));
  else if (graph.nodes.size() >= maxNodes)
    fail(Id::too_much_work, graph.at,
         fmt::format("expected at most {} operations, functions inlined", maxNodes));
  else
    return spend(1, at);
  return false;
}

NodeId Elaborator::elaborate(const Expr &expression, Scope &scope) {
  if (!mayGoOn(expression.at))
    return noNode;
  ++depth;
  NodeId result = dispatch(expression, scope);
  --depth;
  return result;
}

NodeId Elaborator::elaborateNumber(const Expr &expression, Scope &scope) {
  NodeId result = elaborate(expression, scope);
  if (result == noNode || builder.node(result).kind == Kind::real)
    return result;
  fail(Id::expected_number, expression.at, "expected a number, got a condition");
  return noNode;
}

NodeId Elaborator::dispatch(const Expr &expression, Scope &scope) {
  // A name of a static or an index must be read as one too.
  if (reading(expression, scope) == Reading::index) {
    NodeId index = elaborateIndex(expression, scope);
    return index == noNode ? noNode : builder.indexToReal(index, expression.at);
  }
  switch (expression.form) {
  case Form::number:
    return elaborateLiteral(expression);
  case Form::name:
    return elaborateName(expression, scope);
  case Form::derivative: {
    auto found = derivatives.find(expression.name);
    return found == derivatives.end() ? noNode : found->second;
  }
  case Form::negate: {
    NodeId operand = elaborateNumber(*expression.parts[0], scope);
    return operand == noNode ? noNode : builder.elementwise(Op::neg, {operand}, expression.at);
  }
  case Form::chain:
    return elaborateChain(expression, scope);
  case Form::power:
    return elaboratePower(expression, scope);
  case Form::comparison:
    return elaborateComparison(expression, scope);
  case Form::logical:
    return elaborateLogical(expression, scope);
  case Form::negation: {
    NodeId operand = elaborateCondition(*expression.parts[0], scope);
    return operand == noNode
               ? noNode
               : builder.elementwise(Op::logicalNot, {operand}, expression.at, Kind::boolean);
  }
  case Form::conditional:
    return elaborateConditional(expression, scope);
  case Form::call:
    return elaborateCall(expression, scope);
  case Form::subscript:
    return elaborateSubscript(expression, scope);
  case Form::list:
    return elaborateList(expression, scope);
  case Form::comprehension:
  case Form::sum:
    return elaborateGenerator(expression, scope);
  case Form::fold:
    return elaborateFold(expression, scope);
  case Form::string: // reported with the names
  case Form::record:
    return noNode;
  }
  return noNode;
}

NodeId Elaborator::elaborateLiteral(const Expr &expression) {
  auto [place, fresh] = literals.try_emplace(&expression, noNode);
  if (fresh)
    place->second = builder.literal(expression.number, expression.at);
  return place->second;
}

NodeId Elaborator::elaborateName(const Expr &expression, Scope &scope) {
  Entity *entity = scope.find(expression.name);
  if (!entity) {
    if (expression.name == "pi")
      return builder.constant(std::numbers::pi, expression.at);
    return noNode; // reported with the names
  }
  if (entity->kind == Entity::Kind::value)
    return entity->node;
  if (entity->kind != Entity::Kind::definition)
    return noNode;
  if (!entity->elaborated && entity->expression) {
    entity->elaborated = true;
    NodeId node = elaborate(*entity->expression, *entity->scope);
    entity->node = node;
  }
  return entity->node;
}

// --- Arithmetic
// -----------------------------------------------------------------------------------------------------

/// Number of leading operands that together are an index expression: (2*n)*x begins with one.
std::size_t Elaborator::indexPrefix(const Expr &chain, Scope &scope) {
  Reading sum = Reading::integer;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < chain.parts.size(); ++i) {
    if (i > 0 && (chain.links[i - 1].text == "/" || chain.links[i - 1].text == "@"))
      break;
    Reading part = reading(*chain.parts[i], scope);
    if (part == Reading::number)
      break;
    if (part == Reading::index)
      sum = Reading::index;
    if (sum == Reading::index)
      longest = i + 1;
  }
  return longest;
}

NodeId Elaborator::elaborateChain(const Expr &expression, Scope &scope) {
  std::size_t done = indexPrefix(expression, scope);
  NodeId result = noNode;
  if (done > 0) {
    NodeId index = indexChain(expression, done, scope);
    result = index == noNode ? noNode : builder.indexToReal(index, expression.at);
  } else {
    result = elaborateNumber(*expression.parts[0], scope);
    done = 1;
  }
  for (std::size_t i = done; i < expression.parts.size(); ++i) {
    const Link &link = expression.links[i - 1];
    NodeId right =
        elaborateNumber(*expression.parts[i], scope); // even after an error: it may have its own
    if (link.text == "@")
      result = matmul(result, right, link.at);
    else
      result = binary(link.text == "+"   ? Op::add
                      : link.text == "-" ? Op::sub
                      : link.text == "*" ? Op::mul
                                         : Op::div,
                      result, right, link.at);
  }
  return result;
}

namespace {

/// The value of a number or its negation, in brackets or not: an exponent by its spelling.
std::optional<double> spelledNumber(const Expr &expression) {
  if (expression.form == Form::number)
    return expression.number;
  if (expression.form != Form::negate)
    return std::nullopt;
  auto inner = spelledNumber(*expression.parts[0]);
  return inner ? std::optional<double>(-*inner) : std::nullopt;
}

} // namespace

NodeId Elaborator::elaboratePower(const Expr &expression, Scope &scope) {
  Position at = expression.at;
  const Expr &exponent = *expression.parts[1];
  NodeId base = elaborateNumber(*expression.parts[0], scope);
  auto spelled = spelledNumber(exponent);
  if (!spelled && reading(exponent, scope) == Reading::index) {
    NodeId index = elaborateIndex(exponent, scope);
    if (index == noNode || base == noNode)
      return noNode;
    if (auto known = builder.knownIndex(index))
      spelled = static_cast<double>(*known);
  }
  if (spelled && isRepeated(*spelled))
    return Operations::power(base, *spelled, at);
  NodeId power = elaborateNumber(exponent, scope);
  return binary(Op::call, base, power, at, Kind::real, findBuiltin("pow"));
}

// --- Conditions
// -----------------------------------------------------------------------------------------------------

NodeId Elaborator::elaborateCondition(const Expr &expression, Scope &scope) {
  NodeId result = elaborate(expression, scope);
  if (result == noNode || builder.node(result).kind == Kind::boolean)
    return result;
  fail(Id::expected_condition, expression.at, "expected a condition, got a number");
  return noNode;
}

std::int64_t predicate(const std::string &spelled) {
  static const std::map<std::string, Predicate> table = {
      {"<", Predicate::lt},  {"<=", Predicate::le}, {">", Predicate::gt},
      {">=", Predicate::ge}, {"==", Predicate::eq}, {"!=", Predicate::ne}};
  return static_cast<std::int64_t>(table.find(spelled)->second);
}

NodeId Elaborator::elaborateComparison(const Expr &expression, Scope &scope) {
  const Expr &left = *expression.parts[0], &right = *expression.parts[1];
  std::int64_t attr = predicate(expression.links[0].text);
  Reading a = reading(left, scope), b = reading(right, scope);
  bool indices =
      a != Reading::number && b != Reading::number && (a == Reading::index || b == Reading::index);
  if (indices) {
    NodeId x = elaborateIndex(left, scope), y = elaborateIndex(right, scope);
    if (x == noNode || y == noNode)
      return noNode;
    return builder.elementwise(Op::compare, {x, y}, expression.at, Kind::boolean, attr);
  }
  NodeId x = elaborateNumber(left, scope), y = elaborateNumber(right, scope);
  return binary(Op::compare, x, y, expression.at, Kind::boolean, attr);
}

NodeId Elaborator::elaborateLogical(const Expr &expression, Scope &scope) {
  NodeId result = elaborateCondition(*expression.parts[0], scope);
  for (std::size_t i = 1; i < expression.parts.size(); ++i) {
    const Link &link = expression.links[i - 1];
    NodeId right = elaborateCondition(*expression.parts[i], scope);
    result = binary(link.text == "and" ? Op::logicalAnd : Op::logicalOr, result, right, link.at,
                    Kind::boolean);
  }
  return result;
}

NodeId Elaborator::elaborateConditional(const Expr &expression, Scope &scope) {
  std::vector<NodeId> operands = {elaborateCondition(*expression.parts[0], scope),
                                  elaborateNumber(*expression.parts[1], scope),
                                  elaborateNumber(*expression.parts[2], scope)};
  return select(std::move(operands), expression.at);
}

} // namespace deq
