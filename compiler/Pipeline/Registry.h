// The dialects of deq's stages, for contexts that read or build them. Deliberately few: loading one
// costs time.
#pragma once

#include "mlir/IR/DialectRegistry.h"

namespace deq::ir {

void registerDialects(mlir::DialectRegistry &registry);

} // namespace deq::ir
