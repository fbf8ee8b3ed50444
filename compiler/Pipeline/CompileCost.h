// What compiling a solve will cost in each emission of its stages, told before anything is emitted.
// A linear model of counts that are known from the field's array operations; its coefficients are
// measured (CompileCost.def).
#pragma once

#include "../Signature.h"
#include "deq/measures.h"

#include "mlir/IR/BuiltinOps.h"

namespace deq::ir {

/// Operations and values of a solve, on scalars and packs.
struct SolveSize {
  std::int64_t field = 0;       ///< operations of one evaluation
  std::int64_t observed = 0;    ///< of the functions that the solve observes
  std::int64_t state = 0;       ///< values of the state
  std::int64_t evaluations = 0; ///< in a step
  std::int64_t terms = 0;       ///< products of coefficients and slopes in a step, per value
};

SolveSize sizeOf(mlir::ModuleOp module, const Signature &signature);

/// Operations of a step that its code spells out, one after the other.
std::int64_t spelledOut(const SolveSize &size, std::string_view stages);

Prediction predict(const SolveSize &size, std::string_view stages);

} // namespace deq::ir
