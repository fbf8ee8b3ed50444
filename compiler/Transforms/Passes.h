// The transformations of the pipeline as functions on a module, and as passes for deq-opt.
// The pipeline calls the functions directly: a pass manager costs more than most of these passes.
#pragma once

#include "../Dialect/Deq.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace deq::ir {

LogicalResult expandSolve(ModuleOp module);
LogicalResult expandStep(ModuleOp module);
LogicalResult fuse(ModuleOp module);
LogicalResult unpack(ModuleOp module);
LogicalResult lowerToLLVM(ModuleOp module);

/// Removes what nothing uses, inside of an operation.
void eraseDeadOperations(Operation *root);

/// Removes repeated and dead operations without folding anything: no bit of a result depends on it.
void eliminateCommonSubexpressions(ModuleOp module);

/// Brings the operations of long blocks on packs into an order in which few values are alive.
void orderOperations(ModuleOp module);

#define GEN_PASS_DECL
#include "DeqPasses.h.inc"
#define GEN_PASS_REGISTRATION
#include "DeqPasses.h.inc"

} // namespace deq::ir
