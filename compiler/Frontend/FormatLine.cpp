// Blanks between tokens: products and powers tight, sums and comparisons wide.
// What a token is, a name or a word, an index or an array, follows from where it stands.
#include "FormatLine.h"

#include <algorithm>

namespace deq {

namespace {

constexpr std::string_view keywords[] = {"if",  "then", "else", "for",    "in",
                                         "not", "and",  "or",   "static", "import"};
constexpr std::string_view blockWords[] = {"field", "solve", "preset", "method"};
constexpr std::string_view binary[] = {"+", "-", "=", "@", "<", "<=", ">", ">=", "==", "!="};
constexpr std::string_view tightOperators[] = {"*", "/", "^", ".."};

template <typename List> bool contains(const List &list, std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

bool is(const FormatToken &token, std::string_view text) {
  return token.kind != TokenKind::string && token.text == text;
}

/// True if a value can end with this token, so that a minus sign after it is binary.
bool endsOperand(const FormatToken &token) {
  if (token.kind == TokenKind::identifier)
    return !token.word;
  return token.kind == TokenKind::number || is(token, ")") || is(token, "]") || is(token, "'");
}

/// Walks the tokens once, knowing which block and which brackets are open.
class Classifier {
public:
  explicit Classifier(std::vector<FormatToken> &tokens) : tokens(tokens) {}

  void run() {
    for (at = 0; at < tokens.size(); ++at) {
      visitWord();
      visitSign();
      visitBracket();
    }
  }

private:
  /// An open bracket; `ranges` while + and - belong to the bounds of a range.
  struct Bracket {
    bool ranges = false;
    std::vector<std::size_t> signs; ///< of this level, tight if it turns out to be a slice
    bool subscript = false;
  };

  FormatToken &now() { return tokens[at]; }
  const FormatToken *before() const { return at > 0 ? &tokens[at - 1] : nullptr; }

  void visitWord() {
    FormatToken &token = now();
    if (token.kind != TokenKind::identifier)
      return;
    token.word = contains(keywords, token.text);
    if (depth == 0) {
      bool first = !before() || before()->block || token.newline;
      token.word |= first && contains(blockWords, token.text);
      return;
    }
    if (!clauses || !brackets.empty())
      return;
    bool begins = token.newline &&
                  (!before() || before()->block || endsOperand(*before()) || before()->word ||
                   before()->kind == TokenKind::string || is(*before(), "}"));
    if (begins) {
      clause = token.text;
      place = 0;
      token.word = token.clause = true;
    } else {
      ++place;
      bool named = clause == "save" && at + 1 < tokens.size() && is(tokens[at + 1], "=");
      bool plan = (place == 1 && !named && (clause == "save" || clause == "stop")) ||
                  (place == 2 && clause == "save" && before() && is(*before(), "="));
      token.word |= plan || (clause == "span" && token.text == "to");
    }
  }

  void visitSign() {
    FormatToken &token = now();
    token.unary = is(token, "-") && !(before() && endsOperand(*before()));
    if (!brackets.empty() && !token.unary && (is(token, "+") || is(token, "-"))) {
      token.tight = brackets.back().ranges;
      brackets.back().signs.push_back(at);
    }
    if (brackets.empty())
      return;
    if (is(token, "in"))
      brackets.back().ranges = true;
    if (is(token, "if"))
      brackets.back().ranges = false;
    if (is(token, "..") && brackets.back().subscript)
      for (std::size_t sign : brackets.back().signs)
        tokens[sign].tight = true;
    if (is(token, "..") && brackets.back().subscript)
      brackets.back().ranges = true;
    if (is(token, ",")) {
      token.tight = brackets.back().subscript;
      brackets.back().signs.clear();
      brackets.back().ranges = false;
    }
  }

  void visitBracket() {
    FormatToken &token = now();
    if (is(token, "(") || is(token, "["))
      brackets.push_back({false, {}, is(token, "[") && before() && endsOperand(*before())});
    else if ((is(token, ")") || is(token, "]")) && !brackets.empty())
      brackets.pop_back();
    else if (is(token, "{") && brackets.empty())
      openBlock();
    else if (is(token, "}") && brackets.empty()) {
      token.block = true;
      clauses = !outer.empty() && outer.back();
      depth = depth > 0 ? depth - 1 : 0;
      if (!outer.empty())
        outer.pop_back();
    }
  }

  void openBlock() {
    now().block = true;
    outer.push_back(clauses);
    place = 0;
    clauses = false;
    for (std::size_t i = at; i > 0 && depth == 0; --i)
      if (tokens[i - 1].word && contains(blockWords, tokens[i - 1].text)) {
        clauses = tokens[i - 1].text == "solve" || tokens[i - 1].text == "preset";
        break;
      }
    ++depth;
    if (at + 1 < tokens.size())
      tokens[at + 1].newline = true;
  }

  std::vector<FormatToken> &tokens;
  std::size_t at = 0;
  std::vector<Bracket> brackets;
  int depth = 0;
  bool clauses = false;
  std::vector<bool> outer; ///< `clauses` of the blocks around this one
  std::string clause;
  int place = 0;
};

bool isWide(const FormatToken &token) {
  if (token.kind != TokenKind::symbol || token.unary || token.tight)
    return false;
  return contains(binary, token.text);
}

} // namespace

void classify(std::vector<FormatToken> &tokens) { Classifier(tokens).run(); }

std::string gap(const FormatToken &left, const FormatToken &right) {
  if (right.block || isWide(left) || isWide(right))
    return " ";
  for (std::string_view closing : {")", "]", "}", ",", ";", ":", "'"})
    if (is(right, closing))
      return "";
  for (std::string_view opening : {"(", "[", "{"})
    if (is(left, opening))
      return "";
  for (std::string_view separator : {",", ";", ":"})
    if (is(left, separator))
      return left.tight ? "" : " ";
  for (const FormatToken *token : {&left, &right})
    if (token->unary || token->tight ||
        (token->kind == TokenKind::symbol && contains(tightOperators, token->text)))
      return token == &right && (left.word || is(left, "=")) ? " " : "";
  if (is(right, "(") || is(right, "["))
    return left.word ? " " : "";
  return " ";
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (char c : text)
    count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

} // namespace deq
