// The value of a graph in double: for the expressions of solve blocks, and for tests of the front
// end. Obviously right rather than fast, by the rules of floating point that compiled code follows
// too.
#pragma once

#include "Graph.h"

namespace deq {

/// A real array; booleans are 0 and 1.
using Tensor = NumberArray;

/// Values of the leaves of a graph, flat in declaration order. An expression of a solve block has
/// none.
struct Point {
  double t = 0;
  std::vector<double> state, arguments;
};

/// `node` must not depend on the variable of a comprehension. Literals have the values of the text.
Tensor evaluate(const FieldGraph &graph, NodeId node, const Point &point = {});

/// About how many operations on scalars `evaluate` performs; saturating.
std::int64_t evaluationSteps(const FieldGraph &graph, NodeId node);

/// Values of the variables of enclosing comprehensions, by depth; entry 0 is unused.
using IndexValues = std::vector<std::int64_t>;

/// An index, or a condition of indices alone (0 or 1).
std::int64_t evaluateIndex(const FieldGraph &graph, NodeId node, const IndexValues &indices);

/// Row `row` of builtins.def; `b` is ignored by functions of one argument.
double applyBuiltin(std::int64_t row, double a, double b);
/// Comparison as in Op::compare, of reals or indices. Comparisons with NaN are false, but for !=.
template <typename T> bool holds(std::int64_t predicate, T a, T b) {
  switch (static_cast<Predicate>(predicate)) {
  case Predicate::lt:
    return a < b;
  case Predicate::le:
    return a <= b;
  case Predicate::gt:
    return a > b;
  case Predicate::ge:
    return a >= b;
  case Predicate::eq:
    return a == b;
  case Predicate::ne:
    return a != b;
  }
  return false;
}

/// The summation rule: up to 8 terms left to right; beyond, 8 strided partial sums, added left to
/// right. The sum of no terms is 0.
double sumTerms(const std::vector<double> &terms);
/// The same rule for a_i * b_i: the first product of a partial sum is rounded, each further one is
/// fused.
double dotTerms(const double *a, std::size_t strideA, const double *b, std::size_t strideB,
                std::size_t count);

} // namespace deq
