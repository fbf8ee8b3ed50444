// The reference interpreter: walks MLIR stages in the element type, slowly and obviously, as the
// oracle of every other path. It obeys the same frame as native code, so whoever calls programs
// cannot tell them apart.
#pragma once

#include "../Compile.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace deq::ir {

/// A module and the context it lives in; the module goes first.
struct OwnedModule {
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// A program that interprets the module's kernel (any stage from `loop` to `unpacked`);
/// `workspaceSlots` is set to what it needs. nullptr, with an error, if the module has no kernel or
/// contains what the interpreter cannot evaluate.
std::shared_ptr<const Program> interpret(OwnedModule owned, std::int64_t &workspaceSlots,
                                         Diagnostics &diagnostics);

} // namespace deq::ir
