// What every name of a field stands for, and in which order its statements can be elaborated.
// Names are checked once per place of the text, before functions are inlined, so that no error is
// repeated per call.
#pragma once

#include "Ast.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace deq {

struct Symbol {
  enum class Kind { time, state, argument, constant, local, function } kind;
  Position at;
  int index; ///< in its list; a local's or function's statement
};

/// "a state leaf", "the time", ...
const char *describe(Symbol::Kind kind);

struct FieldNames {
  std::map<std::string, Symbol> symbols;
  std::vector<int> derivatives; ///< statement of each state leaf, -1 if it has none
  std::vector<int> order;       ///< statements, each after those it uses; cycles are left out
};

/// Checks all names of the field and reports each error. `usedBySolves`: names that count as used.
FieldNames resolveNames(const FieldSyntax &field, Diagnostics &diagnostics,
                        std::set<std::string> usedBySolves = {});
/// Adds every name in the expression, of whatever it may be.
void collectNames(const Expr &expression, std::set<std::string> &names);

/// Checks the names of one expression, with its functions and their numbers of arguments.
class NameChecker {
public:
  /// `staticsOnly`: in the header and in solve blocks, where nothing else has a value yet.
  NameChecker(const std::map<std::string, Symbol> &symbols, const FieldSyntax &field,
              Diagnostics &diagnostics, bool staticsOnly, std::string prefix = "")
      : symbols(symbols), field(field), diagnostics(diagnostics), staticsOnly(staticsOnly),
        prefix(std::move(prefix)) {}

  bool check(const Expr &expression);
  /// Opens a scope of parameters for the expressions checked from now on.
  void declare(const Name &name, const char *what);

  /// Names of locals and functions that were met, and of leaves whose derivative was.
  std::set<std::string> uses, derivativeUses;
  std::set<std::string> mentions; ///< every name that was met

private:
  struct Local {
    Name name;
    const char *what;
  };
  void visit(const Expr &expression);
  void visitName(const Expr &expression);
  void visitDerivative(const Expr &expression);
  void visitCall(const Expr &expression);
  void visitGenerator(const Expr &expression);
  void checkCount(const Expr &call, int minimum, int maximum);
  void checkLabels(const Expr &call, const std::vector<std::string_view> &options);
  void failUnknown(const Expr &expression, const char *what);
  void failHidden(const Expr &expression, const Symbol &symbol);
  bool hidden(const Symbol &symbol) const;
  Diagnostic &error(Id id, Position at, const std::string &text);
  const Symbol *find(const std::string &name) const;
  const Local *findLocal(const std::string &name) const;

  const std::map<std::string, Symbol> &symbols;
  const FieldSyntax &field;
  Diagnostics &diagnostics;
  bool staticsOnly;
  std::string prefix;
  void dropLocal();
  std::vector<Local> locals;
  std::unordered_map<std::string, std::size_t> localsByName; ///< the outermost of each name
  bool good = true;
};

} // namespace deq
