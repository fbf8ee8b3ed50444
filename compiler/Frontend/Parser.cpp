// The parser: tokens, recovery, files and fields.
// Recovery goes to the next line that looks like a statement, so that one slip costs one message.
#include "Parser.h"
#include "Names.h"

#include <fmt/format.h>

namespace deq {

Parser::Parser(std::string_view text, Diagnostics &diagnostics, int source)
    : diagnostics(diagnostics), tokens(tokenize(text, diagnostics, source)) {}

// --- Tokens

const Token &Parser::peek(std::size_t ahead) const {
  return tokens[std::min(next + ahead, tokens.size() - 1)];
}

Token Parser::take() {
  Token token = peek();
  if (next + 1 < tokens.size())
    ++next;
  return token;
}

bool Parser::accept(std::string_view text) {
  if (!at(text))
    return false;
  take();
  return true;
}

bool Parser::expect(std::string_view text) {
  if (accept(text))
    return true;
  failExpected(fmt::format("'{}'", text));
  return false;
}

namespace {
constexpr std::string_view reserved[] = {"if",  "then", "else", "for",   "in",
                                         "not", "and",  "or",   "static"};

bool isReserved(const Token &token) {
  for (std::string_view word : reserved)
    if (token.is(word))
      return true;
  return false;
}

std::string describe(const Token &token) {
  if (token.kind == TokenKind::end)
    return "the end of the text";
  if (token.kind == TokenKind::string)
    return "a string";
  return fmt::format("'{}'", token.text.substr(0, 40));
}
} // namespace

std::optional<Name> Parser::expectName(std::string_view what) {
  if (peek().kind != TokenKind::identifier) {
    failExpected(what);
    return std::nullopt;
  }
  if (isReserved(peek())) {
    fail(Id::reserved_word, peek().at,
         fmt::format("expected {}, got the reserved word '{}'", what, peek().text));
    return std::nullopt;
  }
  Token token = take();
  return Name{std::string(token.text), token.at};
}

bool Parser::statementEnded() const {
  return peek().kind == TokenKind::end || (brackets == 0 && (peek().newline || at("}")));
}

bool Parser::expectStatementEnd() {
  if (statementEnded())
    return true;
  const Token &token = peek();
  if (at("if"))
    return fail(Id::conditional_operand, token.at,
                "expected the end of the line, got 'if'; write 'if condition then a else b'");
  if (token.kind == TokenKind::identifier || token.kind == TokenKind::number || at("(")) {
    const Token &before = tokens[next - 1];
    bool operand = before.kind == TokenKind::number || before.is(")") || before.is("]");
    if (operand || (before.kind == TokenKind::identifier && !isReserved(before) && !at("("))) {
      fail(Id::implicit_product, token.at,
           fmt::format("expected an operator or the end of the line, got {}; a product is "
                       "written '*'",
                       describe(token)));
      return false;
    }
  }
  failExpected("the end of the line");
  return false;
}

void Parser::failExpected(std::string_view what) {
  if (peek().kind != TokenKind::invalid) // the lexer said it
    fail(Id::syntax, peek().at, fmt::format("expected {}, got {}", what, describe(peek())));
}

Parser::Failed Parser::fail(Id id, Position position, std::string message) {
  diagnostics.report(id, position, std::move(message));
  if (diagnostics.full())
    next = tokens.size() - 1; // nothing more will be shown
  return {};
}

void Parser::recover(const std::function<bool()> &starts) {
  brackets = 0;
  while (peek().kind != TokenKind::end && !at("}") && !(peek().newline && starts()))
    take();
}

// --- Files

FileSyntax Parser::parseFile() {
  FileSyntax file;
  while (peek().kind != TokenKind::end)
    parseTopLevel(file);
  return file;
}

void Parser::parseTopLevel(FileSyntax &file) {
  Name keyword{std::string(peek().text), peek().at};
  if (accept("field"))
    return parseField(file);
  if (accept("solve"))
    return parseSolve(file);
  if (accept("method")) {
    auto name = expectName("the name of a method");
    if (!name)
      return recoverTopLevel();
    file.methods.push_back({*name, {}, false});
    return parseMethodBlock(file.methods.back());
  }
  if (accept("preset"))
    return parsePreset(file);
  if (accept("import"))
    return parseImport(file);
  if (peek().kind != TokenKind::invalid)
    fail(Id::unknown_definition, keyword.at,
         fmt::format("expected 'field', 'solve', 'preset' or 'import', got {}{}", describe(peek()),
                     suggestion(keyword.text, {"field", "solve", "preset", "import", "method"})));
  take();
  recoverTopLevel();
}

void Parser::parseImport(FileSyntax &file) {
  if (peek().kind != TokenKind::string)
    return failExpected("a file name in quotes"), recoverTopLevel();
  Token path = take();
  file.imports.push_back({std::string(path.text), path.at});
  if (!expectStatementEnd())
    recoverTopLevel();
}

void Parser::recoverTopLevel() {
  brackets = 0;
  auto starts = [&] {
    return at("field") || at("solve") || at("import") || at("preset") ||
           (at("method") && peek(1).kind == TokenKind::identifier && peek(2).is("{"));
  };
  while (peek().kind != TokenKind::end && !(peek().newline && starts()))
    take();
}

// --- Fields

void Parser::parseField(FileSyntax &file) {
  FieldSyntax field;
  auto name = expectName("the name of a field");
  if (!name)
    return recoverTopLevel();
  field.name = *name;
  if (!expect("("))
    return recoverTopLevel();
  ++brackets;
  bool good = parseHeader(field);
  brackets = 0;
  if (!good) { // the body is still worth reading for its own errors
    while (peek().kind != TokenKind::end && !at("{") && !at("}"))
      take();
    if (!at("{"))
      return recoverTopLevel();
  }
  if (!expect("{"))
    return recoverTopLevel();
  parseBody(field);
  field.broken = !good;
  file.fields.push_back(std::move(field));
}

/// `t; leaves; arguments; statics)`, the groups after the time optional.
bool Parser::parseHeader(FieldSyntax &field) {
  auto time = expectName("the name of the time");
  if (!time)
    return false;
  field.time = *time;
  bool good = true;
  for (int group = 1; accept(";"); ++group) {
    if (group > 3) {
      fail(Id::header_groups, peek().at,
           "expected ')', got a fifth group; a field has time, state, arguments, statics");
      return false;
    }
    if (!at(";") && !at(")"))
      good = parseDeclarations(field, group) && good;
  }
  if (!good)
    return false;
  if (at(","))
    return fail(Id::header_groups, peek().at,
                "expected ';' or ')', got ','; the groups of a field are separated by ';'");
  return expect(")");
}

bool Parser::parseDeclarations(FieldSyntax &field, int group) {
  bool good = true;
  do {
    if (parseDeclaration(field, group))
      continue;
    good = false;
    while (peek().kind != TokenKind::end && !at(",") && !at(";") && !at(")") && !at("{"))
      take();
  } while (accept(","));
  return good;
}

bool Parser::parseDeclaration(FieldSyntax &field, int group) {
  Declaration declaration;
  Position start = peek().at;
  declaration.isStatic = accept("static");
  if (declaration.isStatic && group == 1)
    return fail(Id::misplaced_static, start,
                "expected a leaf of the state, got 'static'; statics come after a later ';'");
  auto name = expectName(declaration.isStatic ? "the name of a static" : "a name");
  if (!name)
    return false;
  declaration.name = *name;
  if (at("[") && declaration.isStatic)
    return fail(Id::misplaced_static, peek().at, "a static is an integer, it has no shape");
  if (accept("[")) {
    do {
      ExprPtr extent = parseExpression();
      if (!extent)
        return false;
      declaration.shape.push_back(std::move(extent));
    } while (accept(","));
    if (!expect("]"))
      return false;
  }
  if (at("=") && group == 1)
    return fail(Id::initial_value, peek().at,
                "expected ',' or ';', got '='; initial values belong to a solve, arguments to the "
                "group after the state");
  if (accept("=") && !(declaration.value = parseExpression()))
    return false;
  auto &list = group == 1 ? field.state : field.parameters;
  list.push_back(std::move(declaration));
  if (at(",") || at(";") || at(")"))
    return true;
  failExpected("',', ';' or ')'");
  return false;
}

bool Parser::startsStatement() const {
  if (peek().kind != TokenKind::identifier)
    return false;
  return peek(1).is("'") || peek(1).is("=") || peek(1).is("(") ||
         (peek(1).is("/") && peek(3).is("="));
}

void Parser::parseBody(FieldSyntax &field) {
  while (peek().kind != TokenKind::end && !at("}")) {
    // A closing brace is missing if the next field begins.
    if (peek().newline && (at("field") || at("solve")) && peek(1).kind == TokenKind::identifier)
      break;
    std::size_t start = next;
    if (!parseStatement(field)) {
      rewind(start);
      recover([&] {
        return startsStatement() ||
               ((at("field") || at("solve")) && peek(1).kind == TokenKind::identifier);
      });
    }
  }
  expect("}");
}

/// An open bracket swallows the lines below it: goes back to the first of them that defines a
/// derivative.
void Parser::rewind(std::size_t start) {
  for (std::size_t i = start + 1; i < next && !diagnostics.full(); ++i)
    if (tokens[i].newline && tokens[i].kind == TokenKind::identifier && tokens[i + 1].is("'") &&
        tokens[std::min(i + 2, tokens.size() - 1)].is("=")) {
      next = i;
      return;
    }
}

bool Parser::parseStatement(FieldSyntax &field) {
  Statement statement;
  if (at("if"))
    return fail(
        Id::reserved_word, take().at,
        "expected a statement, got 'if'; a conditional is a value, x' = if c then a else b");
  auto name = expectName("a statement");
  if (!name)
    return take(), false;
  statement.name = *name;
  if (accept("'"))
    statement.kind = Statement::Kind::derivative;
  else if (isLeibniz(statement.name.text))
    return parseLeibniz(field, std::move(statement));
  else if (at("(")) {
    statement.kind = Statement::Kind::function;
    if (!parseParameters(statement))
      return false;
  }
  bool good = parseDefinition(statement);
  field.statements.push_back(std::move(statement)); // even a broken one has a name that others use
  return good;
}

/// `dx/dt =`, a derivative as elsewhere.
bool Parser::isLeibniz(const std::string &name) const {
  return name.size() > 1 && name[0] == 'd' && at("/") && peek(1).kind == TokenKind::identifier &&
         peek(1).text.substr(0, 1) == "d" && peek(2).is("=");
}

/// Counts as the derivative that was meant, so that nothing else is said about it.
bool Parser::parseLeibniz(FieldSyntax &field, Statement statement) {
  std::string leaf = statement.name.text.substr(1);
  fail(Id::foreign_derivative, statement.name.at,
       fmt::format("unexpected '{}/{}'; a derivative is written \"{}'\"", statement.name.text,
                   peek(1).text, leaf));
  statement.name.text = leaf;
  statement.kind = Statement::Kind::derivative;
  field.statements.push_back(std::move(statement));
  return false;
}

bool Parser::parseDefinition(Statement &statement) {
  if (at("'"))
    return fail(Id::second_derivative, peek().at,
                "expected '=', got a second \"'\"; name the first derivative as a leaf of "
                "its own");
  if (at("[") && statement.kind == Statement::Kind::local) {
    statement.kind = Statement::Kind::derivative; // what it was meant to be
    return fail(Id::partial_definition, peek().at,
                "expected '=', got '['; a statement defines the whole leaf, by an array "
                "or a comprehension");
  }
  if (peek().kind == TokenKind::identifier && !peek().newline && peek(1).is("="))
    return fail(Id::syntax, peek().at,
                fmt::format("expected '=', got '{}'; a local has no keyword, write '{} = ..'",
                            peek().text, peek().text));
  if (!expect("="))
    return false;
  statement.value = parseExpression();
  return statement.value && expectStatementEnd();
}

bool Parser::parseParameters(Statement &statement) {
  expect("(");
  ++brackets;
  do {
    auto parameter = expectName("a parameter");
    if (!parameter)
      return false;
    statement.parameters.push_back(*parameter);
  } while (accept(","));
  if (!expect(")"))
    return false;
  --brackets;
  return true;
}

} // namespace deq
