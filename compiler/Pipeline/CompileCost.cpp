// Counts, and the linear model of compile time over them. Code generation of straight-line code is
// a little more than linear in its length, and register allocation in what is alive at once.

#include "CompileCost.h"

#include "../Dialect/Deq.h"
#include "../Transforms/CountOperations.h"

#include <cmath>

namespace deq::ir {

SolveSize sizeOf(ModuleOp module, const Signature &signature) {
  SolveSize size;
  auto solve = *module.getOps<SolveOp>().begin();
  auto field = *module.getOps<FieldOp>().begin();
  size.field = countOperations(field.getBody().front());
  for (auto function : module.getOps<FunctionOp>())
    size.observed += countOperations(function.getBody().front());
  for (Type leaf : field.stateTypes())
    size.state += countValues(leaf);
  size.evaluations = signature.evaluations_per_step;
  size.terms = solve.getMethod().sumTerms();
  return size;
}

std::int64_t spelledOut(const SolveSize &size, std::string_view stages) {
  std::int64_t perValue = stages == "scan" ? 1 : size.terms + size.evaluations;
  return (stages == "unroll" ? size.evaluations * size.field : 0) + size.state * perValue;
}

Prediction predict(const SolveSize &size, std::string_view stages) {
  const bool inlines = stages == "unroll", scans = stages == "scan";
  // Slopes of all stages are alive together. Where they are in memory, states and sums are left.
  const double live = double(size.state) * double(scans ? 7 : size.evaluations);
  const double inlined = inlines ? double(size.evaluations) * double(size.field) : 0;
  const struct {
    double solve, inlined, inlined_superlinear, outlined, sums, state, live_squared;
  } counts{1,
           inlined,
           inlined * std::sqrt(inlined),
           double(size.field + size.observed),
           scans ? 0 : double(size.state) * double(size.terms + size.evaluations),
           double(size.state),
           live * live};
  Prediction result{std::string(stages), 0, {}};
#define COST(count, milliseconds)                                                                  \
  result.ms += counts.count * milliseconds;                                                        \
  result.counts.emplace_back(#count, counts.count);
#include "CompileCost.def"
  return result;
}

} // namespace deq::ir
