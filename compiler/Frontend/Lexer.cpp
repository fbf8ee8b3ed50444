// The lexer of the language.
// Mistakes that readers of other languages make (`2x`, `.5`, `**`, `&&`) are met here, where the
// hint is cheap.
#include "Lexer.h"
#include "../Utf8.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace deq {

namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

struct Misspelling {
  std::string_view text;
  std::string_view message;
};
constexpr Misspelling misspellings[] = {
    {"**", "unexpected '**'; a power is written '^'"},
    {"&&", "unexpected '&&'; write 'and'"},
    {"||", "unexpected '||'; write 'or'"},
};

constexpr std::string_view symbols[] = {"..", "==", "!=", "<=", ">=", "(", ")", "[",
                                        "]",  "{",  "}",  ",",  ";",  ":", "=", "<",
                                        ">",  "+",  "-",  "*",  "/",  "@", "^", "'"};

/// Far more than any model has; memory is in proportion to it.
constexpr std::size_t maxTokens = 4000000;
/// Longer names are no names, and every message that quotes one would be as long.
constexpr std::size_t maxName = 255;

class Lexer {
public:
  Lexer(std::string_view text, Diagnostics &diagnostics, bool placed)
      : text(text), diagnostics(diagnostics), placed(placed) {}

  std::vector<Token> run() {
    if (text.substr(0, 3) == "\xef\xbb\xbf") // byte order mark
      offset = lineStart = 3;
    while (true) {
      skipBlanks();
      start = offset;
      if (offset == text.size() || diagnostics.full())
        break;
      if (tokens.size() >= maxTokens) {
        tokens.clear(); // half a text would have errors of its own
        fail(fmt::format("expected at most {} words, numbers and operators", maxTokens));
        break;
      }
      scan();
    }
    push(TokenKind::end);
    return std::move(tokens);
  }

private:
  char peek(std::size_t ahead = 0) const {
    return offset + ahead < text.size() ? text[offset + ahead] : '\0';
  }
  bool startsWith(std::string_view prefix) const {
    return text.substr(offset, prefix.size()) == prefix;
  }
  Position position(std::size_t where) const {
    return placed ? Position{line, static_cast<int>(where - lineStart) + 1} : Position{};
  }

  Token &push(TokenKind kind) {
    Token token;
    token.kind = kind;
    token.at = position(start);
    token.text = text.substr(start, offset - start);
    token.newline = newline;
    token.detached = detached;
    newline = detached = false;
    tokens.push_back(token);
    return tokens.back();
  }

  void fail(std::string message) {
    diagnostics.error(position(start), std::move(message));
    push(TokenKind::invalid);
  }

  void skipBlanks() {
    while (offset < text.size()) {
      char c = text[offset];
      if (c == '\n') {
        ++line;
        lineStart = offset + 1;
        newline = true;
      } else if (c == '#') {
        skipComment();
        continue;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      detached = true;
      ++offset;
    }
  }

  void skipComment() {
    for (; offset < text.size() && text[offset] != '\n'; ++offset)
      if (text[offset] == '\0' && !diagnostics.full()) // binary, or hidden from an editor
        diagnostics.error(position(offset), "unexpected character '\\x00'");
    detached = true;
  }

  void scan() {
    char c = peek();
    if (isLetter(c)) {
      while (isLetter(peek()) || isDigit(peek()))
        ++offset;
      if (offset - start > maxName)
        return fail(fmt::format("expected a name of at most {} characters, got {}", maxName,
                                offset - start));
      push(TokenKind::identifier);
    } else if (isDigit(c)) {
      scanNumber();
    } else if (c == '.' && isDigit(peek(1))) {
      ++offset;
      skipDigits();
      fail(fmt::format("expected digits before the decimal point; write '0{}'", clipped()));
    } else if (c == '"') {
      scanString();
    } else {
      scanSymbol();
    }
  }

  void skipDigits() {
    while (isDigit(peek()))
      ++offset;
  }

  void scanNumber() {
    skipDigits();
    bool integer = true;
    if (peek() == '.' && peek(1) != '.') {
      integer = false;
      ++offset;
      if (!isDigit(peek()))
        return fail(fmt::format("expected digits after the decimal point; write '{}0'", clipped()));
      skipDigits();
    }
    std::size_t sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && isDigit(peek(1 + sign))) {
      integer = false;
      offset += 1 + sign;
      skipDigits();
    }
    if (isLetter(peek()))
      return scanProduct();
    double value = 0;
    auto [end, code] = std::from_chars(text.data() + start, text.data() + offset, value);
    if (code != std::errc() || !std::isfinite(value))
      return fail(fmt::format("number '{}' does not fit a double", clipped()));
    Token &token = push(TokenKind::number);
    token.number = value;
    token.integer = integer && value <= 9007199254740992.0; // 2^53
  }

  /// A number that runs into a name.
  void scanProduct() {
    std::string number = clipped();
    std::size_t middle = offset;
    while (isLetter(peek()) || isDigit(peek()))
      ++offset;
    std::string name = clip(text.substr(middle, offset - middle));
    fail(
        fmt::format("unexpected '{}{}'; a product is written '{}*{}'", number, name, number, name));
  }

  void scanString() {
    ++offset;
    while (offset < text.size() && peek() != '"' && peek() != '\n')
      ++offset;
    if (peek() != '"')
      return fail("expected '\"' before the end of the line");
    ++offset;
    Token &token = push(TokenKind::string);
    token.text = token.text.substr(1, token.text.size() - 2);
  }

  void scanSymbol() {
    for (const Misspelling &row : misspellings)
      if (startsWith(row.text)) {
        offset += row.text.size();
        return fail(std::string(row.message));
      }
    for (std::string_view symbol : symbols)
      if (startsWith(symbol)) {
        offset += symbol.size();
        push(TokenKind::symbol);
        return;
      }
    if (peek() == '!') {
      ++offset;
      return fail("unexpected '!'; write 'not'");
    }
    scanUnknown();
  }

  /// One error for a run of bytes that begin nothing, so that a binary file is not a thousand
  /// errors.
  void scanUnknown() {
    std::size_t length = characterLength(text.substr(offset));
    std::string shown = length > 0 ? std::string(text.substr(offset, length))
                                   : fmt::format("\\x{:02x}", static_cast<unsigned char>(peek()));
    do
      ++offset;
    while (offset < text.size() && beginsNothing(text[offset]));
    fail(fmt::format("unexpected character '{}'", shown));
  }

  static bool beginsNothing(char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0x7f || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
  }

  static std::string clip(std::string_view word) {
    return word.size() <= 40 ? std::string(word) : std::string(word.substr(0, 40)) + "..";
  }
  std::string clipped() const { return clip(text.substr(start, offset - start)); }

  std::string_view text;
  Diagnostics &diagnostics;
  bool placed;
  std::vector<Token> tokens;
  std::size_t offset = 0, start = 0, lineStart = 0;
  int line = 1;
  bool newline = true, detached = true;
};

} // namespace

std::vector<Token> tokenize(std::string_view text, Diagnostics &diagnostics, bool placed) {
  return Lexer(text, diagnostics, placed).run();
}

} // namespace deq
