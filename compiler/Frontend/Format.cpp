// Lines of formatted source: indentation, blank lines, columns of clauses and of comments.
// Works on tokens and comments alone: what the parser accepts it need not understand.
#include "Format.h"
#include "FormatLine.h"
#include "Parser.h"

#include <algorithm>

namespace deq {

namespace {

constexpr std::size_t indentWidth = 2;

/// A line of output.
struct Line {
  std::size_t indent = 0;
  std::string code;
  std::string comment; ///< trailing, or alone if there is no code
  bool blankBefore = false;
  std::size_t keyword = 0; ///< length of the word that begins a clause, 0: none
  bool inClause = false;   ///< continues the clause above
};

class Formatter {
public:
  explicit Formatter(std::string_view text, std::vector<Token> source) : remarks(comments(text)) {
    for (const Token &token : source) {
      if (token.kind == TokenKind::end)
        break;
      FormatToken result;
      bool string = token.kind == TokenKind::string;
      result.text = string ? "\"" + std::string(token.text) + "\"" : std::string(token.text);
      result.kind = token.kind;
      result.newline = token.newline;
      result.line = token.at.line;
      tokens.push_back(std::move(result));
    }
  }

  std::string run() {
    for (FormatToken &token : tokens)
      token.newline |= tokens.data() == &token;
    classify(tokens);
    for (std::size_t i = 1; i < tokens.size(); ++i)
      tokens[i].newline |= (tokens[i].block && tokens[i].text == "}") ||
                           (tokens[i - 1].block && tokens[i - 1].text == "}");
    for (at = 0; at < tokens.size();)
      takeLine();
    takeComments(-1);
    alignClauses();
    return print();
  }

private:
  /// Comments that stand before the token of that line (-1: the end of the text), each a line of
  /// its own.
  void takeComments(int line) {
    while (nextRemark < remarks.size() && (line < 0 || remarks[nextRemark].at.line < line)) {
      const Comment &remark = remarks[nextRemark++];
      Line result;
      result.comment = trimmed(remark.text);
      result.indent = depth() * indentWidth + (brackets > 0 ? indentWidth : 0);
      result.inClause = clauseOpen && brackets > 0;
      result.blankBefore = remark.at.line > lastLine + 1;
      lastLine = remark.at.line;
      push(std::move(result));
    }
  }

  static std::string trimmed(std::string_view text) {
    std::size_t end = text.find_last_not_of(" \t\r");
    return std::string(text.substr(0, end + 1));
  }

  std::size_t depth() const { return blocks; }

  /// The tokens up to the next line break, with the comment behind them.
  void takeLine() {
    takeComments(tokens[at].line);
    Line line;
    const FormatToken &first = tokens[at];
    bool closing = first.block && first.text == "}";
    bool continues = !closing && continuesStatement(at);
    bool closesBracket = first.text == ")" || first.text == "]";
    if (!continues)
      clauseOpen = first.clause;
    line.indent = (depth() - (closing && depth() > 0)) * indentWidth +
                  (continues && !closesBracket ? indentWidth : 0);
    line.inClause = continues && clauseOpen;
    line.keyword = first.clause && !continues ? first.text.size() : 0;
    line.blankBefore = first.line > lastLine + 1;
    std::size_t begin = at;
    do {
      if (at > begin)
        line.code += gap(tokens[at - 1], tokens[at]);
      line.code += tokens[at].text;
      track(tokens[at]);
      lastLine = tokens[at].line;
      ++at;
    } while (at < tokens.size() && !tokens[at].newline);
    takeTrailing(line);
    push(std::move(line));
  }

  /// A comment behind the last token of a line, unless more tokens of that line follow.
  void takeTrailing(Line &line) {
    bool more = at < tokens.size() && tokens[at].line == lastLine;
    if (!more && nextRemark < remarks.size() && remarks[nextRemark].at.line == lastLine)
      line.comment = trimmed(remarks[nextRemark++].text);
  }

  void track(const FormatToken &token) {
    if (token.block)
      blocks = token.text == "{" ? blocks + 1 : blocks > 0 ? blocks - 1 : 0;
    else if (token.kind == TokenKind::symbol &&
             (token.text == "(" || token.text == "[" || token.text == "{"))
      ++brackets;
    else if (token.kind == TokenKind::symbol &&
             (token.text == ")" || token.text == "]" || token.text == "}"))
      --brackets;
  }

  /// Whether the line that begins with this token belongs to the statement above.
  bool continuesStatement(std::size_t i) const {
    if (i == 0 || tokens[i - 1].block || tokens[i].block)
      return false;
    if (brackets > 0 || tokens[i].text == "then" || tokens[i].text == "else")
      return true;
    const FormatToken &last = tokens[i - 1];
    bool ends = last.kind != TokenKind::symbol || last.text == ")" || last.text == "]" ||
                last.text == "'" || last.text == "}";
    return !ends || (last.word && !tokens[i].clause && blocks > 0);
  }

  /// Blank lines: one at most, none inside of braces' ends, one between top-level blocks.
  void push(Line line) {
    bool closing = line.code.substr(0, 1) == "}";
    if (lines.empty() || closing || opensBlock)
      line.blankBefore = false;
    if (afterClosing)
      line.blankBefore = true;
    afterClosing = closing && blocks == 0;
    opensBlock = !line.code.empty() && line.code.back() == '{' && blocks > 0;
    lines.push_back(std::move(line));
  }

  /// Values of the clauses of a block in one column.
  void alignClauses() {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].indent == 0)
        continue;
      std::size_t end = i, widest = 0;
      for (; end < lines.size() && lines[end].indent > 0; ++end)
        widest = std::max(widest, lines[end].keyword);
      for (; i < end; ++i) {
        Line &line = lines[i];
        if (line.keyword > 0 && line.code.size() > line.keyword)
          line.code.insert(line.keyword, widest - line.keyword, ' ');
        if (line.inClause)
          line.indent = indentWidth + widest + 1;
      }
    }
  }

  std::string print() const {
    std::string out;
    for (std::size_t i = 0; i < lines.size();) {
      std::size_t end = i, widest = 0;
      for (; end < lines.size() && hasTrailing(lines[end]) && (end == i || !lines[end].blankBefore);
           ++end)
        widest = std::max(widest, lines[end].indent + columns(lines[end].code));
      end = std::max(end, i + 1);
      for (; i < end; ++i)
        append(out, lines[i], widest);
    }
    return out;
  }

  static bool hasTrailing(const Line &line) { return !line.code.empty() && !line.comment.empty(); }

  static void append(std::string &out, const Line &line, std::size_t column) {
    if (line.blankBefore)
      out += '\n';
    out += std::string(line.indent, ' ') + line.code;
    if (hasTrailing(line))
      out += std::string(column - line.indent - columns(line.code) + 2, ' ');
    out += line.comment + "\n";
  }

  std::vector<FormatToken> tokens;
  std::vector<Comment> remarks;
  std::size_t at = 0, nextRemark = 0;
  int lastLine = 0; ///< of the text, as far as it is laid out
  int brackets = 0;
  std::size_t blocks = 0; ///< that are open
  bool clauseOpen = false, opensBlock = false, afterClosing = false;
  std::vector<Line> lines;
};

} // namespace

std::optional<std::string> formatSource(const std::string &file, const std::string &text,
                                        Diagnostics &diagnostics) {
  diagnostics.setSource(file, text);
  Parser(text, diagnostics).parseFile();
  if (diagnostics.failed())
    return std::nullopt;
  return Formatter(text, tokenize(text, diagnostics)).run();
}

} // namespace deq
