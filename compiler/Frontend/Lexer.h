// Source text to tokens.
// Newlines are flags of tokens, not tokens: only the parser knows whether one ends a statement.
#pragma once

#include "../Diagnostics.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace deq {

enum class TokenKind : std::uint8_t {
  end,
  identifier,
  number,
  string, ///< text without the quotes
  symbol, ///< an operator or a bracket, as spelled
  invalid ///< reported by the lexer already; stops a statement quietly
};

struct Token {
  TokenKind kind = TokenKind::end;
  Position at;
  std::string_view text; ///< into the source
  double number = 0;
  bool integer = false;  ///< digits only, and exact as a double
  bool newline = false;  ///< first token of its line
  bool detached = false; ///< blank or newline before it

  bool is(std::string_view spelled) const {
    return (kind == TokenKind::symbol || kind == TokenKind::identifier) && text == spelled;
  }
};

/// All tokens of `text`, the last one `end`. Errors are reported and leave an `invalid` token.
/// `placed` = false gives every token the unknown position (texts of the command line).
std::vector<Token> tokenize(std::string_view text, Diagnostics &diagnostics, bool placed = true);

} // namespace deq
