// The parser's methods: the block of a tableau and the clause of a solve that names or holds one.
// The same block stands at the top of a file and inside of a solve.
#include "Parser.h"

#include <fmt/format.h>

namespace deq {

/// `{ name = value ... }` of a user's tableau.
void Parser::parseMethodBlock(MethodSyntax &method) {
  if (!expect("{")) {
    method.broken = true;
    return recover([] { return true; });
  }
  while (peek().kind != TokenKind::end && !at("}")) {
    std::size_t start = next;
    auto name = expectName("an entry of the tableau");
    ExprPtr value = name && expect("=") ? parseExpression() : nullptr;
    if (value && expectStatementEnd()) {
      method.entries.push_back({*name, std::move(value)});
    } else {
      method.broken = true;
      if (next == start)
        take(); // a reserved word begins no row, however much it looks like one
      recover([&] { return peek().kind == TokenKind::identifier && peek(1).is("="); });
    }
  }
  method.broken |= !expect("}");
}

bool Parser::parseMethod(SolveSyntax &solve, Name keyword) {
  if (at("{")) {
    bool first = solve.method.text.empty();
    setOnce(solve.method, {"unnamed", keyword.at}, keyword);
    auto unnamed = std::make_unique<MethodSyntax>();
    unnamed->name = {"unnamed", keyword.at};
    parseMethodBlock(*unnamed);
    if (first)
      solve.tableau = std::move(unnamed);
    return true;
  }
  auto name = expectName("the name of a method");
  if (!name)
    return false;
  if (at("(") && !peek().newline) {
    take();
    auto inner = expectName("the name of a method");
    if (!inner)
      return false;
    if (at("("))
      return fail(
          Id::no_tableau, inner->at,
          fmt::format("{} takes the name of a method, got '{}(..)'", name->text, inner->text));
    if (!expect(")"))
      return false;
    name->text += "(" + inner->text + ")";
  }
  setOnce(solve.method, *name, keyword);
  return true;
}

} // namespace deq
