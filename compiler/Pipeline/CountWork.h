// Counts the floating-point operations of one step in the IR of stage `unpacked`, and how many of
// them wait for one another. Counted in what is compiled, not in formulas of the method, so that it
// holds for every method, controller and field, and for dumps.
#pragma once

#include "deq/measures.h"

#include "mlir/IR/BuiltinOps.h"

#include <optional>

namespace deq::ir {

/// The work of one pass through the kernel's loop. Of a branch whose condition is not known, the
/// side with fewer operations counts: rows, jumps, events and failures are not part of every step.
/// Loops with known bounds count as often as they run, others not at all. nullopt if the module has
/// no such kernel, or one that takes too long to follow.
std::optional<StepWork> countWork(mlir::ModuleOp module);

} // namespace deq::ir
