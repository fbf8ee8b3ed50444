// The operations of the language on a graph, with the checks that they come with: shapes, axes,
// indices, sizes.
// Text and traced C++ build their graphs here, so that both mean the same and fail in the same
// words.
#pragma once

#include "Budget.h"
#include "Evaluate.h"
#include "GraphBuilder.h"
#include "Names.h"

#include <functional>
#include <set>
#include <string>
#include <tuple>

namespace deq {

/// The most nodes of one graph.
constexpr std::size_t maxNodes = 1000000;
/// Exponents of at most this size are repeated multiplications.
constexpr double largestExponent = 2147483648.0; // 2^31

/// Every operation returns noNode after an error, which is reported, or if an operand is noNode.
class Operations {
public:
  /// `shared` is the budget of the source; without one there is an own.
  Operations(FieldGraph &graph, Diagnostics &diagnostics, std::string prefix = "",
             Budget *shared = nullptr)
      : builder(graph), graph(graph), diagnostics(diagnostics), prefix(std::move(prefix)),
        budget(shared ? *shared : own) {}
  virtual ~Operations() = default;
  Operations(const Operations &) = delete;
  Operations &operator=(const Operations &) = delete;

  GraphBuilder builder;
  bool failed = false;

  /// Reports once per place and text: a function's body is elaborated at every call.
  void fail(Id id, Position at, const std::string &text);
  /// Two shapes that do not fit, with a note where each comes from.
  void failShapes(Id id, Position at, const std::string &text, NodeId a, NodeId b);
  /// Takes steps from the budget; false, and reported once, if none are left.
  bool spend(std::int64_t steps, Position at);

  // Elementwise; scalars among the operands are broadcast.
  NodeId binary(Op op, NodeId a, NodeId b, Position at, Kind kind = Kind::real,
                std::int64_t attr = 0);
  /// Row `row` of builtins.def.
  NodeId call(int row, std::vector<NodeId> operands, Position at);
  /// (condition, then, else).
  NodeId select(std::vector<NodeId> operands, Position at);
  /// Whether an exponent that belongs to the structure is repeated multiplication, perhaps times a
  /// square root.
  static bool isRepeated(double exponent);
  NodeId power(NodeId base, double exponent, Position at);

  // Arrays. `places` are those of the operands, for messages.
  NodeId stack(std::vector<NodeId> rows, const std::vector<Position> &places, Position at);
  NodeId matmul(NodeId a, NodeId b, Position at);
  NodeId dot(NodeId a, NodeId b, Position at);
  /// Op::sum or Op::norm.
  NodeId reduce(Op op, NodeId array, Position place, Position at);
  struct Axis {
    std::int64_t value = 0;
    Position at;
  };
  /// Op::shift with a fill, or Op::roll without.
  NodeId shift(Op op, NodeId array, std::int64_t offset, NodeId fill, Axis axis,
               const std::vector<Position> &places, Position at);
  NodeId concat(std::vector<NodeId> operands, Axis axis, const std::vector<Position> &places,
                Position at);
  bool checkAxis(Axis axis, const Shape &shape);
  bool checkSize(const Shape &shape, Position at);

  /// One entry between the brackets of a subscript: an index, or a slice.
  struct Entry {
    Position at;
    NodeId index = noNode; ///< or a slice:
    std::int64_t start = 0, stop = 0;
    bool isSlice = false;
  };
  /// At most as many entries as axes.
  bool checkRank(NodeId array, std::size_t entries, Position at);
  bool checkEntry(const Entry &entry, std::int64_t extent);
  /// Entries that are checked.
  NodeId subscript(NodeId array, const std::vector<Entry> &entries, std::size_t from, Position at);

  // Indices.
  NodeId indexBinary(Op op, NodeId a, NodeId b, Position at);
  /// Op::indexDiv or Op::indexMod; `place` is the divisor's.
  NodeId indexDivide(Op op, NodeId a, NodeId b, Position place, Position at);
  bool checkWeight(NodeId index, Position at);

  // Comprehensions: open, set the region's filter and result, close.
  /// The number of the region; -1 after an error. `place` is that of the range.
  int openGenerator(std::int64_t lower, std::int64_t upper, std::string variable, Position place,
                    Position at);
  /// The array of a comprehension, or its sum. `good` is false if something inside was in error.
  NodeId closeGenerator(Op op, int region, bool good, Position at);
  /// The last value of a fold; `place` is that of the body.
  NodeId closeFold(NodeId initial, int region, bool good, Position place, Position at);

protected:
  /// Adds notes to an error that say how its place was reached.
  virtual void noteOrigin(Diagnostic &) {}

  FieldGraph &graph;
  Diagnostics &diagnostics;
  std::string prefix;
  Budget own;
  Budget &budget;

private:
  Diagnostic *report(Id id, Position at, const std::string &text);
  /// Broadcasts scalars among `operands` to their common shape; false after an error.
  bool unify(std::vector<NodeId> &operands, Position at);
  bool checkIndex(NodeId index, std::int64_t extent, Position at);
  std::optional<std::int64_t> countElements(int region, Position at);

  // Values of indices, over the open comprehensions.
  /// Calls `visit` for all values of the variables in `mask`, until it returns false.
  /// False if the work is over the limit, which is reported.
  /// `weight` is the number of steps that a visit takes.
  bool walk(std::uint32_t mask, std::int64_t weight, Position at,
            const std::function<bool(const IndexValues &)> &visit);
  bool walkDepth(std::size_t depth, std::uint32_t mask, std::int64_t weight, IndexValues &values,
                 const std::function<bool(const IndexValues &)> &visit, bool &stopped);
  std::string describe(std::uint32_t mask, const IndexValues &values) const;
  std::uint32_t closure(std::uint32_t mask);

  std::vector<std::string> variables; ///< names of the open comprehensions' indices
  std::set<std::tuple<int, int, std::string>> reported;
};

} // namespace deq
