// The parser's expressions, one function per level of precedence, loosest first.
// Every recursion passes tooDeep(), so that no text can exhaust the stack.
#include "Parser.h"

#include <fmt/format.h>

namespace deq {

namespace {

constexpr int maxDepth = 200;

ExprPtr make(Form form, Position at) {
  auto result = std::make_unique<Expr>();
  result->form = form;
  result->at = at;
  return result;
}

/// By reference, so that the caller may read the place of what it moves.
ExprPtr makeUnary(Form form, Position at, ExprPtr &&operand) {
  ExprPtr result = make(form, at);
  result->parts.push_back(std::move(operand));
  return result;
}

Link link(const Token &token) { return {std::string(token.text), token.at}; }

} // namespace

bool Parser::tooDeep() {
  if (depth <= maxDepth)
    return false;
  fail(Id::too_deep, peek().at, fmt::format("expected at most {} levels of nesting", maxDepth));
  return true;
}

bool Parser::continues(std::string_view text) const { return at(text) && !statementEnded(); }

ExprPtr Parser::parseOnlyExpression() {
  ++brackets; // a text of the command line has no statements
  ExprPtr result = parseExpression();
  --brackets;
  if (result && peek().kind != TokenKind::end) {
    failExpected("the end of the text");
    return nullptr;
  }
  return result;
}

ExprPtr Parser::parseExpression() {
  Level level(depth);
  if (tooDeep())
    return nullptr;
  return at("if") ? parseConditional() : parseLogical("or");
}

/// The two keywords inside may begin a line: nothing else can follow there.
ExprPtr Parser::parseConditional() {
  ExprPtr result = make(Form::conditional, take().at);
  const char *following[] = {"then", "else", nullptr};
  for (const char *keyword : following) {
    ExprPtr part = parseExpression();
    if (!part)
      return nullptr;
    result->parts.push_back(std::move(part));
    if (keyword && at("="))
      return fail(Id::equality, peek().at,
                  fmt::format("expected '{}', got '='; equality is written '=='", keyword));
    if (keyword && !expect(keyword))
      return nullptr;
  }
  return result;
}

ExprPtr Parser::parseLogical(std::string_view word) {
  auto operand = [&] { return word == "or" ? parseLogical("and") : parseNegation(); };
  ExprPtr first = operand();
  if (!first || !continues(word))
    return first;
  ExprPtr result = makeUnary(Form::logical, first->at, std::move(first));
  while (continues(word)) {
    result->links.push_back(link(take()));
    ExprPtr part = operand();
    if (!part)
      return nullptr;
    result->parts.push_back(std::move(part));
  }
  return result;
}

ExprPtr Parser::parseNegation() {
  if (!at("not"))
    return parseComparison();
  Level level(depth);
  if (tooDeep())
    return nullptr;
  Position position = take().at;
  ExprPtr operand = parseNegation();
  return operand ? makeUnary(Form::negation, position, std::move(operand)) : nullptr;
}

std::optional<Link> Parser::acceptComparison() {
  for (std::string_view text : {"<", "<=", ">", ">=", "==", "!="})
    if (continues(text))
      return link(take());
  return std::nullopt;
}

ExprPtr Parser::parseComparison() {
  ExprPtr left = parseChain(0);
  if (!left)
    return nullptr;
  auto operation = acceptComparison();
  if (!operation)
    return left;
  ExprPtr result = makeUnary(Form::comparison, operation->at, std::move(left));
  result->links.push_back(*operation);
  ExprPtr right = parseChain(0);
  if (!right)
    return nullptr;
  result->parts.push_back(std::move(right));
  if (auto second = acceptComparison())
    return fail(Id::chained_comparison, second->at,
                fmt::format("unexpected '{}'; comparisons do not chain, write 'a {} b and b {} c'",
                            second->text, operation->text, second->text));
  return result;
}

/// Level 0: + and -. Level 1: *, / and @.
ExprPtr Parser::parseChain(int level) {
  auto operand = [&] { return level == 0 ? parseChain(1) : parseUnary(); };
  auto linked = [&] {
    return level == 0 ? continues("+") || continues("-")
                      : continues("*") || continues("/") || continues("@");
  };
  ExprPtr first = operand();
  if (!first || !linked())
    return first;
  ExprPtr result = makeUnary(Form::chain, first->at, std::move(first));
  while (linked()) {
    result->links.push_back(link(take()));
    ExprPtr part = operand();
    if (!part)
      return nullptr;
    result->parts.push_back(std::move(part));
  }
  return result;
}

ExprPtr Parser::parseUnary() {
  if (!at("-"))
    return parsePower();
  Level level(depth);
  if (tooDeep())
    return nullptr;
  Position position = take().at;
  ExprPtr operand = parseUnary();
  return operand ? makeUnary(Form::negate, position, std::move(operand)) : nullptr;
}

ExprPtr Parser::parsePower() {
  ExprPtr base = parsePostfix();
  if (!base || !continues("^"))
    return base;
  Level level(depth);
  if (tooDeep())
    return nullptr;
  ExprPtr result = makeUnary(Form::power, take().at, std::move(base));
  ExprPtr exponent = parseUnary();
  if (!exponent)
    return nullptr;
  result->parts.push_back(std::move(exponent));
  return result;
}

ExprPtr Parser::parsePostfix() {
  ExprPtr result = parsePrimary();
  int outer = depth;
  while (result && continues("[")) {
    ++depth; // u[a..b][c..d] is a deeper tree, not a deeper text
    result = tooDeep() ? nullptr : parseSubscript(std::move(result));
  }
  depth = outer;
  return result;
}

ExprPtr Parser::parseSubscript(ExprPtr array) {
  Position position = take().at;
  // q[i][j] is q[i, j].
  bool extends = array->form == Form::subscript && !array->subscripts.back().stop;
  ExprPtr result =
      extends ? std::move(array) : makeUnary(Form::subscript, position, std::move(array));
  ++brackets;
  do {
    Subscript entry;
    if (!(entry.index = parseChain(0)))
      return nullptr;
    if (accept("..") && !(entry.stop = parseChain(0)))
      return nullptr;
    result->subscripts.push_back(std::move(entry));
  } while (accept(","));
  if (!expect("]"))
    return nullptr;
  --brackets;
  return result;
}

ExprPtr Parser::parsePrimary() {
  const Token &token = peek();
  if (token.kind == TokenKind::number) {
    ExprPtr result = make(Form::number, token.at);
    result->number = token.number;
    result->integer = token.integer;
    take();
    return result;
  }
  if (at("("))
    return parseBrackets();
  if (at("["))
    return parseList();
  if (at("if"))
    return fail(Id::conditional_operand, token.at,
                "expected an operand, got 'if'; put the conditional in brackets");
  if (token.kind == TokenKind::identifier)
    return parseName();
  failExpected("an expression");
  return nullptr;
}

ExprPtr Parser::parseBrackets() {
  take();
  ++brackets;
  ExprPtr result = parseExpression();
  if (!result)
    return nullptr;
  if (at(","))
    return fail(Id::round_brackets, peek().at,
                "expected ')', got ','; an array is written in square brackets");
  if (!expect(")"))
    return nullptr;
  --brackets;
  return result;
}

ExprPtr Parser::parseName() {
  auto name = expectName("an expression");
  if (!name)
    return nullptr;
  ExprPtr result = make(Form::name, name->at);
  result->name = name->text;
  if (at("'") && !peek().detached) {
    take();
    result->form = Form::derivative;
    return result;
  }
  return continues("(") ? parseCall(std::move(result)) : std::move(result);
}

ExprPtr Parser::parseCall(ExprPtr callee) {
  callee->form = Form::call;
  take();
  ++brackets;
  if (at(")"))
    return fail(Id::argument_count, peek().at,
                fmt::format("expected an argument of '{}', got ')'", callee->name));
  do {
    Link label;
    if (peek().kind == TokenKind::identifier && peek(1).is("=")) {
      label = link(take());
      take();
    }
    ExprPtr part;
    if (peek().kind == TokenKind::string) {
      part = make(Form::string, peek().at);
      part->name = take().text;
    } else if (!(part = parseExpression())) {
      return nullptr;
    }
    callee->parts.push_back(std::move(part));
    callee->labels.push_back(std::move(label));
  } while (accept(","));
  if (at("for") && !parseTerms(*callee))
    return nullptr;
  if (!at(")") && peek().kind != TokenKind::invalid)
    return fail(Id::syntax, peek().at,
                peek().kind == TokenKind::end
                    ? std::string("expected ',' or ')', got the end of the text")
                    : fmt::format("expected ',' or ')', got '{}'", peek().text));
  if (!expect(")"))
    return nullptr;
  --brackets;
  return callee;
}

/// The generator of a `sum` or `fold`, behind what stands between its brackets.
bool Parser::parseTerms(Expr &callee) {
  const bool folds = callee.name == "fold";
  if (!folds && callee.name != "sum")
    return fail(Id::generator, peek().at,
                fmt::format("expected ',' or ')', got 'for'; only 'sum' and 'fold' take terms, "
                            "write '{}([.. for ..])'",
                            callee.name));
  const bool fits = folds ? callee.parts.size() == 2 && !callee.labels[0].text.empty() &&
                                callee.labels[1].text.empty()
                          : callee.parts.size() == 1 && callee.labels[0].text.empty();
  if (!fits)
    return fail(Id::generator, peek().at,
                folds ? "expected 'name = initial value, next value' before 'for'"
                      : "expected one term before 'for'");
  ExprPtr initial;
  callee.form = Form::sum;
  if (folds) {
    callee.form = Form::fold;
    initial = std::move(callee.parts[0]);
    callee.parts.erase(callee.parts.begin());
  }
  callee.labels.resize(folds ? 1 : 0);
  return parseGenerator(callee, std::move(initial));
}

ExprPtr Parser::parseList() {
  ExprPtr result = make(Form::list, take().at);
  ++brackets;
  if (at("]"))
    return fail(Id::empty_array, result->at, "an array needs at least one element");
  do {
    ExprPtr part = parseExpression();
    if (!part)
      return nullptr;
    result->parts.push_back(std::move(part));
  } while (accept(","));
  if (at("for")) {
    if (result->parts.size() > 1)
      return fail(Id::generator, peek().at, "expected one value before 'for'");
    result->form = Form::comprehension;
    if (!parseGenerator(*result))
      return nullptr;
  }
  if (!at("]") && peek().kind == TokenKind::symbol)
    return fail(Id::syntax, peek().at, fmt::format("expected ',' or ']', got '{}'", peek().text));
  if (!expect("]"))
    return nullptr;
  --brackets;
  return result;
}

/// `for name in lower..upper [if filter]`, after the value.
bool Parser::parseGenerator(Expr &expression, ExprPtr initial) {
  Level level(depth); // bounds may hold comprehensions again
  if (tooDeep())
    return false;
  take();
  auto variable = expectName("the name of an index");
  if (!variable || !expect("in"))
    return false;
  expression.name = variable->text;
  expression.nameAt = variable->at;
  if (at("range") && peek(1).is("("))
    return fail(Id::syntax, peek().at, "unexpected 'range'; a range is written 'a..b', without b");
  ExprPtr lower = parseChain(0);
  if (!lower || !expect(".."))
    return false;
  ExprPtr upper = parseChain(0);
  if (!upper)
    return false;
  expression.parts.push_back(std::move(lower));
  expression.parts.push_back(std::move(upper));
  if (initial)
    expression.parts.push_back(std::move(initial));
  if (at("for"))
    return fail(Id::second_generator, peek().at,
                "expected one 'for'; nest comprehensions to run over two indices");
  if (!accept("if"))
    return true;
  ExprPtr filter = parseExpression();
  if (!filter)
    return false;
  expression.parts.push_back(std::move(filter));
  return true;
}

} // namespace deq
