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
/// `source` is the number of the text for positions (Diagnostics::addSource); unplaced gives every
/// token the unknown position.
std::vector<Token> tokenize(std::string_view text, Diagnostics &diagnostics, int source = 0);

/// A comment with its #; `newline` if nothing but blanks is before it on its line.
struct Comment {
  Position at;
  std::string_view text;
  bool newline = false;
};
/// All comments of `text`, which the parser never sees.
std::vector<Comment> comments(std::string_view text);

/// In place of a source's number: a text of the command line, in which no place is known.
constexpr int unplaced = -1;

} // namespace deq
