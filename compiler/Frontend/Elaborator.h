// Syntax tree to graph: one expression at a time, in a scope of names.
// One class in several files by topic: ElaborateExpression, ElaborateIndex, ElaborateArray,
// ElaborateCall, ElaborateComprehension.
#pragma once

#include "Ast.h"
#include "Budget.h"
#include "DataFiles.h"
#include "Evaluate.h"
#include "GraphBuilder.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
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

class Elaborator {
public:
  /// `shared` is the budget of the text; without one the elaborator has its own. Without `files`,
  /// `file(..)` is an error.
  Elaborator(FieldGraph &graph, Diagnostics &diagnostics, std::string prefix = "",
             Budget *shared = nullptr, DataFiles *files = nullptr)
      : builder(graph), graph(graph), diagnostics(diagnostics), prefix(std::move(prefix)),
        files(files), budget(shared ? *shared : own) {}

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

  GraphBuilder builder;
  bool failed = false;

  /// Reports once per place and text: a function's body is elaborated at every call.
  void fail(Id id, Position at, const std::string &text);
  /// Two shapes that do not fit, with a note where each comes from.
  void failShapes(Id id, Position at, const std::string &text, NodeId a, NodeId b);
  /// Takes steps from the budget; false, and reported once, if none are left.
  bool spend(std::int64_t steps, Position at);
  /// False, and reported, if one more operation would be too deep or one too many.
  bool mayGoOn(Position at);

private:
  void noteCalls(Diagnostic &error);
  Diagnostic *report(Id id, Position at, const std::string &text);

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
  NodeId binary(Op op, NodeId a, NodeId b, Position at, Kind kind = Kind::real,
                std::int64_t attr = 0);
  /// Broadcasts scalars among `operands` to their common shape; false after an error.
  bool unify(std::vector<NodeId> &operands, Position at);

  // ElaborateIndex.cpp
  NodeId dispatchIndex(const Expr &expression, Scope &scope);
  NodeId indexName(const Expr &expression, Scope &scope);
  NodeId indexChain(const Expr &expression, std::size_t count, Scope &scope);
  NodeId indexPower(const Expr &expression, Scope &scope);
  NodeId indexCall(const Expr &expression, Scope &scope);
  NodeId indexBinary(Op op, NodeId a, NodeId b, Position at);
  NodeId elaborateFilter(const Expr &expression, Scope &scope);

  // Values of indices, over the open comprehensions.
  /// Calls `visit` for all values of the variables in `mask`, until it returns false.
  /// False if the work is over the limit, which is reported.
  /// `weight` is the number of steps that a visit takes.
  bool walk(std::uint32_t mask, std::int64_t weight, Position at,
            const std::function<bool(const IndexValues &)> &visit);
  bool walkDepth(std::size_t depth, std::uint32_t mask, std::int64_t weight, IndexValues &values,
                 const std::function<bool(const IndexValues &)> &visit, bool &stopped);
  bool checkWeight(NodeId index, Position at);
  std::string describe(std::uint32_t mask, const IndexValues &values) const;
  std::uint32_t closure(std::uint32_t mask);

  // ElaborateArray.cpp
  NodeId elaborateList(const Expr &expression, Scope &scope);
  NodeId elaborateSubscript(const Expr &expression, Scope &scope);
  struct Entry {
    Position at;
    NodeId index = noNode; ///< or a slice:
    std::int64_t start = 0, stop = 0;
    bool isSlice = false;
  };
  bool subscriptEntry(const Subscript &subscript, std::int64_t extent, Entry &entry, Scope &scope);
  bool checkIndex(NodeId index, std::int64_t extent, Position at);
  NodeId subscript(NodeId array, const std::vector<Entry> &entries, std::size_t from, Position at);
  NodeId matmul(NodeId a, NodeId b, Position at);
  bool checkSize(const Shape &shape, Position at);

  // ElaborateCall.cpp
  NodeId elaborateCall(const Expr &call, Scope &scope);
  NodeId inlineFunction(const Expr &call, const Statement &function, Scope &scope);
  NodeId callBuiltin(const Expr &call, int row, Scope &scope);
  NodeId callReduction(const Expr &call, Op op, Scope &scope);
  NodeId callDot(const Expr &call, Scope &scope);
  NodeId callShift(const Expr &call, Op op, Scope &scope);
  NodeId callConcat(const Expr &call, Scope &scope);
  NodeId callFile(const Expr &call);
  std::optional<std::int64_t> axisOption(const Expr &call, std::size_t positional,
                                         const Shape &shape, Scope &scope);

  // ElaborateComprehension.cpp
  NodeId elaborateGenerator(const Expr &expression, Scope &scope);
  bool openGenerator(const Expr &expression, Scope &scope, int &region);
  bool elaborateBody(const Expr &expression, int region, Scope &scope);
  std::optional<std::int64_t> countElements(int region, Position at);

  FieldGraph &graph;
  Diagnostics &diagnostics;
  std::string prefix;
  DataFiles *files;                                  ///< null in a field, which reads none
  std::unordered_map<const Expr *, NodeId> literals; ///< one hidden argument per place of the text
  std::vector<std::pair<std::string, Position>> calls; ///< functions being inlined
  std::vector<std::string> variables; ///< names of the open comprehensions' indices
  std::set<std::tuple<int, int, std::string>> reported;
  int depth = 0;
  int failedCalls = 0; ///< of functions
  Budget own;
  Budget &budget;
};

} // namespace deq
