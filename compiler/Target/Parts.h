// Modules that are generated beside each other, in threads of their own, and linked to one image.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace deq::target {

/// Moves what makes the first state out of a module of stage `llvm-dialect`: that function, and
/// those that it alone calls. Both modules declare what they need of each other. Null if there is
/// no such function.
mlir::OwningOpRef<mlir::ModuleOp> takeStart(mlir::ModuleOp module);

} // namespace deq::target
