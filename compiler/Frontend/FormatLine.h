// One line of formatted source: which blanks go between its tokens.
// Apart from the layout of lines, because every rule here is about two neighbours.
#pragma once

#include "Lexer.h"

#include <string>

namespace deq {

/// A token and what the formatter must know about its place.
struct FormatToken {
  std::string text; ///< as written, strings with their quotes
  TokenKind kind = TokenKind::symbol;
  bool newline = false; ///< first of its line, in the text or by a rule
  bool word = false;    ///< of the language: `if`, a clause of a solve, a save plan, `to`
  bool clause = false;  ///< the word that begins a clause
  bool unary = false;   ///< a minus sign without a left operand
  bool tight = false;   ///< + or - in a range, a comma between indices: no blanks
  bool block = false;   ///< { or } of a block, not of a record
  int line = 0;         ///< in the text
};

/// The blanks between two tokens of a line.
std::string gap(const FormatToken &left, const FormatToken &right);

/// Marks words, unary signs, ranges and blocks.
void classify(std::vector<FormatToken> &tokens);

/// Columns of a text on a terminal, as far as UTF-8 tells.
std::size_t columns(std::string_view text);

} // namespace deq
