// Tokens to syntax tree: recursive descent that goes on after an error, so that one run reports all
// of a file's. One class in three files: Parser.cpp (file and fields), ParseExpression.cpp,
// ParseSolve.cpp.
#pragma once

#include "Ast.h"
#include "Lexer.h"

#include <functional>
#include <optional>

namespace deq {

class Parser {
public:
  /// `text` must outlive the parser. `source`: see tokenize.
  Parser(std::string_view text, Diagnostics &diagnostics, int source = 0);

  FileSyntax parseFile();
  /// One expression and nothing after it; null after an error.
  ExprPtr parseOnlyExpression();
  /// One save plan and nothing after it; nullopt after an error.
  std::optional<SaveSyntax> parseOnlySavePlan();

private:
  // Tokens.
  const Token &peek(std::size_t ahead = 0) const;
  Token take();
  bool at(std::string_view text) const { return peek().is(text); }
  bool accept(std::string_view text);
  bool expect(std::string_view text);
  std::optional<Name> expectName(std::string_view what);
  /// A newline here ends the statement: not inside brackets.
  bool statementEnded() const;
  bool expectStatementEnd();
  void failExpected(std::string_view what);
  /// Converts to the failure of every parse function.
  struct Failed {
    operator bool() const { return false; }
    operator ExprPtr() const { return nullptr; }
  };
  Failed fail(Id id, Position position, std::string message);
  /// Skips to the next line that `starts` a clause or statement, or to the closing brace.
  void recover(const std::function<bool()> &starts);

  // Fields.
  void parseTopLevel(FileSyntax &file);
  void recoverTopLevel();
  void parseField(FileSyntax &file);
  bool parseHeader(FieldSyntax &field);
  bool parseDeclarations(FieldSyntax &field, int group);
  bool parseDeclaration(FieldSyntax &field, int group);
  void parseBody(FieldSyntax &field);
  bool parseStatement(FieldSyntax &field);
  void rewind(std::size_t start);
  bool parseDefinition(Statement &statement);
  bool isLeibniz(const std::string &name) const;
  bool parseLeibniz(FieldSyntax &field, Statement statement);
  bool startsStatement() const;
  bool parseParameters(Statement &statement);
  void parseMethodBlock(MethodSyntax &method);
  void parseImport(FileSyntax &file);

  // Solves.
  void parseSolve(FileSyntax &file);
  void parsePreset(FileSyntax &file);
  bool parseBlock(SolveSyntax &solve);
  bool parseClause(SolveSyntax &solve);
  bool parseSpan(SolveSyntax &solve);
  bool parseBindings(std::vector<Binding> &bindings, bool records = false);
  ExprPtr parseRecord();
  bool parseMethod(SolveSyntax &solve, Name keyword);
  bool parseControl(SolveSyntax &solve);
  bool parseDt(SolveSyntax &solve, const Name &keyword);
  bool parseDtype(SolveSyntax &solve);
  bool parseWord(Name &word, std::string_view what);
  /// A second value is an error at its keyword.
  void setOnce(Name &word, const Name &value, const Name &keyword);
  bool parseSaveClause(SolveSyntax &solve, const Name &keyword);
  bool parseSave(SaveSyntax &save);
  bool parseSavedItems(SaveSyntax &save);
  bool parseStop(SolveSyntax &solve, const Name &keyword);
  bool parseMaxSteps(SolveSyntax &solve);
  void checkOnce(Name &clause, const Name &keyword);

  // Expressions: null after an error that is reported.
  ExprPtr parseExpression();
  ExprPtr parseConditional();
  ExprPtr parseLogical(std::string_view word);
  ExprPtr parseNegation();
  ExprPtr parseComparison();
  ExprPtr parseChain(int level);
  ExprPtr parseUnary();
  ExprPtr parsePower();
  ExprPtr parsePostfix();
  ExprPtr parsePrimary();
  ExprPtr parseBrackets();
  ExprPtr parseName();
  ExprPtr parseCall(ExprPtr callee);
  ExprPtr parseList();
  ExprPtr parseSubscript(ExprPtr array);
  bool parseTerms(Expr &callee);
  /// `initial`: of a fold, which keeps it behind the bounds.
  bool parseGenerator(Expr &expression, ExprPtr initial = nullptr);
  bool continues(std::string_view text) const;
  std::optional<Link> acceptComparison();

  /// Counts open levels of nesting while it lives.
  struct Level {
    explicit Level(int &depth) : depth(depth) { ++depth; }
    ~Level() { --depth; }
    int &depth;
  };
  bool tooDeep();

  Diagnostics &diagnostics;
  std::vector<Token> tokens;
  std::size_t next = 0;
  int brackets = 0; ///< open ( and [
  int depth = 0;    ///< open levels of nesting
};

} // namespace deq
