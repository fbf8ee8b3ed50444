// The dialects of deq's stages, for contexts that read or build them. Deliberately few: loading one
// costs time.
#pragma once

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"

#include <memory>

namespace deq::ir {

void registerDialects(mlir::DialectRegistry &registry);

/// A context with all of them loaded, which takes longer than importing a field. So a thread keeps
/// the last one that was given back, for some compiles: a context never forgets a constant.
std::unique_ptr<mlir::MLIRContext> takeContext();
void giveBack(std::unique_ptr<mlir::MLIRContext> context);

} // namespace deq::ir
