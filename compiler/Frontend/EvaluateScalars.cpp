// Scalar rules of evaluation: sums, products, builtins, indices.
// Apart from the walk over the graph, because each is a rule of the language that other code must
// match to the bit.
#include "../PinnedSum.h"
#include "Evaluate.h"
#include "GraphBuilder.h"

#include <cmath>

namespace deq {

double sumTerms(const std::vector<double> &terms) {
  if (terms.empty())
    return 0;
  auto add = [](double p, double q) { return p + q; };
  return pinnedSum<double>(
      terms.size(), [&](std::size_t i) { return terms[i]; },
      [&](double sum, std::size_t i) { return sum + terms[i]; }, add);
}

double dotTerms(const double *a, std::size_t strideA, const double *b, std::size_t strideB,
                std::size_t count) {
  if (count == 0)
    return 0;
  auto x = [&](std::size_t i) { return a[i * strideA]; };
  auto y = [&](std::size_t i) { return b[i * strideB]; };
  return pinnedSum<double>(
      count, [&](std::size_t i) { return x(i) * y(i); },
      [&](double sum, std::size_t i) { return std::fma(x(i), y(i), sum); },
      [](double p, double q) { return p + q; });
}

namespace {

// The composed builtins, as the importer composes them. NaN propagates; of equal operands the
// second is taken.
double min(double a, double b) { return a < b || std::isnan(a) ? a : b; }
double max(double a, double b) { return a > b || std::isnan(a) ? a : b; }
double sign(double a) { return a < 0 || a > 0 ? std::copysign(1.0, a) : a; }
double hypot(double a, double b) { return std::sqrt(std::fma(a, a, b * b)); }

enum BuiltinRow : std::int64_t {
#define BUILTIN(name, arity, form, symbol) row_##name,
#include "deq/builtins.def"
};

} // namespace

double applyBuiltin(std::int64_t row, double a, double b) {
  switch (row) {
#define APPLY_1(symbol) symbol(a)
#define APPLY_2(symbol) symbol(a, b)
#define BUILTIN(name, arity, form, symbol)                                                         \
  case row_##name:                                                                                 \
    return APPLY_##arity(symbol);
#include "deq/builtins.def"
#undef APPLY_1
#undef APPLY_2
  }
  return 0;
}

std::int64_t evaluateIndex(const FieldGraph &graph, NodeId id, const IndexValues &indices) {
  const Node &node = graph.nodes[id];
  auto operand = [&](int i) { return evaluateIndex(graph, node.operands[i], indices); };
  switch (node.op) {
  case Op::indexConstant:
    return node.attr;
  case Op::indexVariable:
    return indices[graph.regions[node.attr].depth];
  case Op::indexAdd:
    return operand(0) + operand(1);
  case Op::indexSub:
    return operand(0) - operand(1);
  case Op::indexMul:
    return operand(0) * operand(1);
  case Op::indexDiv:
    return floorDiv(operand(0), operand(1));
  case Op::indexMod:
    return floorMod(operand(0), operand(1));
  case Op::compare:
    return holds(node.attr, operand(0), operand(1));
  case Op::logicalNot:
    return !operand(0);
  case Op::logicalAnd:
    return operand(0) && operand(1);
  default: // logicalOr: filters and indices have no other operations
    return operand(0) || operand(1);
  }
}

} // namespace deq
