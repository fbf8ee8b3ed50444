// Graph to IR: the one place where a problem becomes a module of `deq.field` and `deq.solve`.
// Fused multiply-adds are placed here, by a rule local to each expression (docs/language.md,
// "Floating point").
#pragma once

#include "../Frontend/Frontend.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace deq::ir {

/// A verified-by-construction module at stage `field`. The problem's method must be known.
mlir::OwningOpRef<mlir::ModuleOp> importProblem(mlir::MLIRContext &context, const Problem &problem);

} // namespace deq::ir
