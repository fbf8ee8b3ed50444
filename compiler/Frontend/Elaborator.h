// Syntax tree to graph: one expression at a time, in a scope of names.
// What the words and signs of the language mean as operations; the operations check themselves. One
// class in several files by topic: ElaborateExpression, ElaborateIndex, ElaborateArray,
// ElaborateCall, ElaborateComprehension.
#pragma once

#include "Ast.h"
#include "DataFiles.h"
#include "Operations.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>

namespace deq {

using Statics = std::map<std::string, std::int64_t>;

/// How an expression can be read. `integer`: made of integer literals alone, a number unless an
/// index is wanted. `index`: has a static or an index in it, so its literals are not hidden
/// arguments.
enum class Reading : std::uint8_t { number, integer, index };

struct Scope;

/// What a name stands for.
struct Entity {
  enum class Kind { value, constant, variable, definition, function } kind = Kind::value;
  NodeId node = noNode;     ///< value; variable: its index; definition: its number once elaborated
  std::int64_t integer = 0; ///< constant
  const Statement *function = nullptr;
  const Expr *expression = nullptr; ///< definition: a local or a parameter
  Scope *scope = nullptr;           ///< where its expression is read
  Reading reading = Reading::number;
  bool elaborated = false; ///< definition: `node` is final, noNode after an error
  bool indexed = false;    ///< definition: `index` is final, noNode after an error
  NodeId index = noNode;   ///< definition read as an index
};

struct Scope {
  Scope *parent = nullptr;
  std::unordered_map<std::string, Entity> names;

  Entity *find(const std::string &name);
};

/// The `attr` of Op::compare for an operator as spelled.
std::int64_t predicate(const std::string &spelled);

class Elaborator : public Operations {
public:
  /// `shared` is the budget of the text; without one the elaborator has its own. Without `files`,
  /// `file(..)` is an error.
  Elaborator(FieldGraph &graph, Diagnostics &diagnostics, std::string prefix = "",
             Budget *shared = nullptr, DataFiles *files = nullptr)
      : Operations(graph, diagnostics, std::move(prefix), shared), files(files) {}

  /// The names of the field, or the statics of a solve block.
  Scope root;
  std::unordered_map<std::string, NodeId> derivatives; ///< of the leaves elaborated so far

  /// A real or boolean of any shape; noNode after an error, which is reported.
  NodeId elaborate(const Expr &expression, Scope &scope);
  /// A real.
  NodeId elaborateNumber(const Expr &expression, Scope &scope);
  /// An index: known once enclosing comprehensions run.
  NodeId elaborateIndex(const Expr &expression, Scope &scope);
  /// An index without comprehension variables; nullopt after an error.
  std::optional<std::int64_t> elaborateStatic(const Expr &expression, Scope &scope);
  Reading reading(const Expr &expression, Scope &scope);
  /// False, and reported, if one more operation would be too deep or one too many.
  bool mayGoOn(Position at);

private:
  void noteOrigin(Diagnostic &error) override;

  // ElaborateExpression.cpp
  NodeId dispatch(const Expr &expression, Scope &scope);
  NodeId elaborateName(const Expr &expression, Scope &scope);
  NodeId elaborateLiteral(const Expr &expression);
  NodeId elaborateChain(const Expr &expression, Scope &scope);
  std::size_t indexPrefix(const Expr &chain, Scope &scope);
  NodeId elaboratePower(const Expr &expression, Scope &scope);
  NodeId elaborateComparison(const Expr &expression, Scope &scope);
  NodeId elaborateLogical(const Expr &expression, Scope &scope);
  NodeId elaborateCondition(const Expr &expression, Scope &scope);
  NodeId elaborateConditional(const Expr &expression, Scope &scope);

  // ElaborateIndex.cpp
  NodeId dispatchIndex(const Expr &expression, Scope &scope);
  NodeId indexName(const Expr &expression, Scope &scope);
  NodeId indexChain(const Expr &expression, std::size_t count, Scope &scope);
  NodeId indexPower(const Expr &expression, Scope &scope);
  NodeId indexCall(const Expr &expression, Scope &scope);
  NodeId elaborateFilter(const Expr &expression, Scope &scope);

  // ElaborateArray.cpp
  NodeId elaborateList(const Expr &expression, Scope &scope);
  NodeId elaborateSubscript(const Expr &expression, Scope &scope);
  bool subscriptEntry(const Subscript &subscript, std::int64_t extent, Entry &entry, Scope &scope);

  // ElaborateCall.cpp
  NodeId elaborateCall(const Expr &call, Scope &scope);
  NodeId inlineFunction(const Expr &call, const Statement &function, Scope &scope);
  NodeId callBuiltin(const Expr &call, int row, Scope &scope);
  NodeId callReduction(const Expr &call, Op op, Scope &scope);
  NodeId callDot(const Expr &call, Scope &scope);
  NodeId callShift(const Expr &call, Op op, Scope &scope);
  NodeId callConcat(const Expr &call, Scope &scope);
  NodeId callFile(const Expr &call);
  std::optional<Axis> axisOption(const Expr &call, std::size_t positional, Scope &scope);

  // ElaborateComprehension.cpp
  /// Opens the region of an expression with a generator; -1 after an error.
  int elaborateRange(const Expr &expression, Scope &scope);
  NodeId elaborateGenerator(const Expr &expression, Scope &scope);
  NodeId elaborateFold(const Expr &expression, Scope &scope);
  /// Filter and value of a region; `inner` has the names that only they see.
  bool elaborateBody(const Expr &expression, int region, Scope &inner);

  DataFiles *files;                                  ///< null in a field, which reads none
  std::unordered_map<const Expr *, NodeId> literals; ///< one hidden argument per place of the text
  std::vector<std::pair<std::string, Position>> calls; ///< functions being inlined
  int depth = 0;
  int failedCalls = 0; ///< of functions
};

} // namespace deq
