// From the last MLIR stage to LLVM IR.
// A header of its own because both worlds are named in it, which nothing else needs.
#pragma once

#include "Host.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"

namespace deq::target {

/// Registers what `translate` needs; call it on the registry of the module's context.
void registerTranslation(mlir::DialectRegistry &registry);

/// nullopt if an operation has no translation; the reason is a diagnostic of the module's context.
std::optional<LlvmModule> translate(mlir::ModuleOp module);

} // namespace deq::target
