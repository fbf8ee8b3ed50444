// The lexer of the language.
// Mistakes that readers of other languages make (`2x`, `.5`, `**`, `&&`) are met here, where the
// hint is cheap.
#include "Lexer.h"
#include "../Utf8.h"

#include <algorithm>
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
    {".*", "unexpected '.*'; '*' goes element by element"},
    {"./", "unexpected './'; '/' goes element by element"},
    {".^", "unexpected '.^'; '^' goes element by element"},
};

/// How comments begin elsewhere. The rest of the line is taken for one.
constexpr std::string_view foreignComments[] = {"//", "/*", "%"};

constexpr std::string_view symbols[] = {"..", "==", "!=", "<=", ">=", "(", ")", "[",
                                        "]",  "{",  "}",  ",",  ";",  ":", "=", "<",
                                        ">",  "+",  "-",  "*",  "/",  "@", "^", "'"};

/// Far more than any model has; memory is in proportion to it.
constexpr std::size_t maxTokens = 4000000;
/// Longer names are no names, and every message that quotes one would be as long.
constexpr std::size_t maxName = 255;

class Lexer {
public:
  Lexer(std::string_view text, Diagnostics &diagnostics, int source)
      : text(text), diagnostics(diagnostics), source(source) {}

  std::vector<Comment> comments;

  std::vector<Token> run() {
    if (text.substr(0, 3) == "\xef\xbb\xbf") // byte order mark
      offset = lineStart = 3;
    tokens.reserve(std::min(text.size() / 2 + 1, maxTokens)); // pages never touched cost nothing
    while (true) {
      skipBlanks();
      start = offset;
      if (offset == text.size() || diagnostics.full())
        break;
      if (tokens.size() >= maxTokens) {
        tokens.clear(); // half a text would have errors of its own
        fail(Id::too_large,
             fmt::format("expected at most {} words, numbers and operators", maxTokens));
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
    return text[offset] == prefix[0] && text.substr(offset, prefix.size()) == prefix;
  }
  Position position(std::size_t where) const {
    if (source == unplaced)
      return {};
    return {line, static_cast<int>(where - lineStart) + 1, source};
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

  void fail(Id id, std::string message) {
    diagnostics.report(id, position(start), std::move(message));
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
    std::size_t first = offset;
    for (; offset < text.size() && text[offset] != '\n'; ++offset)
      if (text[offset] == '\0' && !diagnostics.full()) // binary, or hidden from an editor
        diagnostics.report(Id::unexpected_character, position(offset),
                           "unexpected character '\\x00'");
    detached = true;
    comments.push_back({position(first), text.substr(first, offset - first), newline});
  }

  void scan() {
    char c = peek();
    if (isLetter(c)) {
      while (isLetter(peek()) || isDigit(peek()))
        ++offset;
      if (offset - start > maxName)
        return fail(Id::too_large, fmt::format("expected a name of at most {} characters, got {}",
                                               maxName, offset - start));
      if (peek() == '.' && isLetter(peek(1)))
        return scanModule();
      push(TokenKind::identifier);
    } else if (isDigit(c)) {
      scanNumber();
    } else if (c == '.' && isDigit(peek(1))) {
      ++offset;
      skipDigits();
      fail(Id::number_format,
           fmt::format("expected digits before the decimal point; write '0{}'", clipped()));
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
        return fail(Id::number_format,
                    fmt::format("expected digits after the decimal point; write '{}0'", clipped()));
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
      return fail(Id::number_range, fmt::format("number '{}' does not fit a double", clipped()));
    Token &token = push(TokenKind::number);
    token.number = value;
    token.integer = integer && value <= 9007199254740992.0; // 2^53
  }

  /// `np.cos`: a function of a module, in other languages.
  void scanModule() {
    std::size_t last = start;
    while (peek() == '.' && isLetter(peek(1))) {
      last = ++offset;
      while (isLetter(peek()) || isDigit(peek()))
        ++offset;
    }
    fail(Id::module, fmt::format("unexpected '{}'; names have no dots, write '{}'", clipped(),
                                 clip(text.substr(last, offset - last))));
  }

  /// What looks like a product and is a number of another language; empty if it is neither.
  static std::string foreignNumber(const std::string &number, const std::string &name) {
    if (number == "0" && (name[0] == 'x' || name[0] == 'b'))
      return "numbers are decimal";
    bool digits = name.size() > 1 && std::all_of(name.begin() + 1, name.end(), isDigit);
    if (digits && name[0] == '_')
      return fmt::format("digits are not grouped, write '{}{}'", number, name.substr(1));
    if (digits && (name[0] == 'd' || name[0] == 'D'))
      return fmt::format("write '{}e{}'", number, name.substr(1));
    if (name == "f" || name == "j" || name == "L")
      return fmt::format("numbers have no suffix, write '{}'", number);
    return "";
  }

  /// A number that runs into a name.
  void scanProduct() {
    std::string number = clipped();
    std::size_t middle = offset;
    while (isLetter(peek()) || isDigit(peek()))
      ++offset;
    std::string name = clip(text.substr(middle, offset - middle));
    if (std::string hint = foreignNumber(number, name); !hint.empty())
      return fail(Id::number_format, fmt::format("unexpected '{}{}'; {}", number, name, hint));
    fail(Id::implicit_product, fmt::format("unexpected '{}{}'; a product is written '{}*{}'",
                                           number, name, number, name));
  }

  void scanString() {
    ++offset;
    while (offset < text.size() && peek() != '"' && peek() != '\n')
      ++offset;
    if (peek() != '"')
      return fail(Id::unclosed_string, "expected '\"' before the end of the line");
    ++offset;
    Token &token = push(TokenKind::string);
    token.text = token.text.substr(1, token.text.size() - 2);
  }

  void scanSymbol() {
    for (std::string_view begin : foreignComments)
      if (startsWith(begin)) {
        while (offset < text.size() && peek() != '\n')
          ++offset;
        return fail(Id::foreign_comment,
                    fmt::format("unexpected '{}'; a comment begins with '#'", begin));
      }
    for (const Misspelling &row : misspellings)
      if (startsWith(row.text)) {
        offset += row.text.size();
        return fail(Id::misspelled_operator, std::string(row.message));
      }
    for (std::string_view symbol : symbols)
      if (startsWith(symbol)) {
        offset += symbol.size();
        push(TokenKind::symbol);
        return;
      }
    if (peek() == '!') {
      ++offset;
      return fail(Id::misspelled_operator, "unexpected '!'; write 'not'");
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
    fail(Id::unexpected_character, fmt::format("unexpected character '{}'", shown));
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
  int source;
  std::vector<Token> tokens;
  std::size_t offset = 0, start = 0, lineStart = 0;
  int line = 1;
  bool newline = true, detached = true;
};

} // namespace

std::vector<Token> tokenize(std::string_view text, Diagnostics &diagnostics, int source) {
  return Lexer(text, diagnostics, source).run();
}

std::vector<Comment> comments(std::string_view text) {
  Diagnostics none;
  Lexer lexer(text, none, 0);
  lexer.run();
  return std::move(lexer.comments);
}

} // namespace deq
