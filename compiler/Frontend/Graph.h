// The graph of array operations that the parser builds (and later the C++ tracer): std-only,
// positions on every node. It is the one input of the compiler; text never gets past it. Nodes are
// pure and stored in one arena; a node may only refer to earlier nodes, except that a region node
// refers to nodes that depend on its own variable.
#pragma once

#include "../Data/NumberArray.h"
#include "../Diagnostics.h"
#include "../Signature.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace deq {

using NodeId = std::int32_t;
constexpr NodeId noNode = -1;

/// What a node's value is. Only reals have a shape other than scalar, except booleans of
/// elementwise comparisons.
enum class Kind : std::uint8_t { real, boolean, index };

enum class Op : std::uint8_t {
  // Leaves of the graph. `attr` is the position in the field's list.
  time,
  state,    // attr: state leaf
  argument, // attr: declared argument
  literal,  // attr: literal; a hidden argument, real scalar
  constant, // value: a real that belongs to the structure (pi, a static used as a number)
  data,     // attr: array read from a file; only in values of a solve, never in a field

  // Elementwise on reals. Operand shapes are equal: broadcasting is explicit.
  broadcast, // scalar (real or boolean) to `shape`
  neg,
  add,
  sub,
  mul,
  div,
  call,    // attr: row of builtins.def; 1 or 2 operands
  compare, // attr: Predicate; reals or indices -> boolean
  select,  // (condition, then, else), condition of the same shape
  logicalAnd,
  logicalOr,
  logicalNot,

  // Integers known at compile time once the enclosing comprehensions are unrolled.
  indexConstant, // attr: value
  indexVariable, // attr: region whose variable it is
  indexAdd,
  indexSub,
  indexMul,
  indexDiv, // rounds toward minus infinity
  indexMod, // sign of the divisor
  indexToReal,

  // Arrays.
  stack,   // operands of equal shape become the rows along a new first axis
  extract, // (array, index...): fixes the leading axes; shape = the remaining ones
  slice,   // attrs: start, stop per axis (static, clipped by nobody: 0 <= start <= stop <= extent)
  shift,   // (array, fill scalar), attr k, axis: result[i] = array[i-k] or fill
  roll,    // (array), attr k, axis: result[i] = array[i-k], cyclic
  concat,  // operands along axis `attr`
  sum,     // all elements, row-major, by the summation rule of PinnedSum.h
  dot,     // two vectors of equal length
  matmul,  // rank 2 by rank 1 or 2
  norm,    // square root of the sum of squares of all elements

  // Comprehensions: the body is region `attr`.
  generate, // [value for i in lower..upper if filter]; shape = {count} + shape of value
  sumOver,  // sum(value for i in lower..upper if filter); shape of value
  fold,     // (initial): what the region makes of it, index by index; shape of the initial value
  carried   // attr: region of a fold; in its body, the value that the index before has left
};

enum class Predicate : std::uint8_t { lt, le, gt, ge, eq, ne };

struct Node {
  Op op;
  Kind kind = Kind::real;
  Position at;
  Shape shape; ///< empty: scalar
  std::vector<NodeId> operands;
  std::int64_t attr = 0;
  std::int64_t axis = 0;
  std::vector<std::int64_t> bounds; ///< slice: start0, stop0, start1, stop1, ...
  double value = 0;                 ///< constant
  /// Depth of the innermost comprehension whose index, or carried value, the node depends on; 0:
  /// none.
  std::int32_t depth = 0;
};

/// True if the node has a body: a comprehension, sum or fold.
inline bool hasRegion(const Node &node) {
  return node.op == Op::generate || node.op == Op::sumOver || node.op == Op::fold;
}

/// Body of a comprehension over lower <= i < upper. `filter` (boolean, only of indices) selects the
/// terms. In a `generate` the number of selected terms is the same for every value of outer
/// variables.
struct Region {
  std::int64_t lower = 0, upper = 0;
  NodeId result = noNode;
  NodeId filter = noNode;
  std::int32_t depth = 1; ///< 1 for an outermost comprehension
};

struct Literal {
  double value;
  Position at;
};

/// What a solve computes beside the field, by expressions that are read as if they stood in it:
/// functions of the field's inputs. A list of each kind is indexed by it.
struct Observable {
  enum Kind : std::size_t {
    saved,  ///< what save plans ask for: reals of any shape
    events, ///< what the solve's events watch: scalars, real or boolean
    limit,  ///< at most one: the length that no step exceeds, a real scalar
    kinds
  };
};
template <class T> using ByObservable = std::array<std::vector<T>, Observable::kinds>;
/// Of a solve that leaves its field alone.
template <class T> bool observesNothing(const ByObservable<T> &lists) {
  return std::all_of(lists.begin(), lists.end(), [](const auto &list) { return list.empty(); });
}

/// A field: dy/dt = f(t, y, args), one derivative node per state leaf, of the leaf's shape.
struct FieldGraph {
  std::string name;
  Position at;
  std::vector<Leaf> state;
  std::vector<Leaf> arguments;
  std::vector<NumberArray> data;
  std::vector<Literal> literals; ///< one per occurrence in the text; equal values never merge
  std::deque<Node> nodes;        ///< never copied as they become a million
  std::vector<Region> regions;
  std::vector<NodeId> derivatives;
  ByObservable<NodeId> observables;

  NodeId add(Node node);
};

/// True if `node` is a product in the sense of the fma rule (docs/language.md, "Floating point"): a
/// multiplication, named or not.
inline bool isProduct(const Node &node) { return node.op == Op::mul; }

} // namespace deq
