// How the stages of a method are emitted: every stage spelled out, or one copy of the field in a
// loop.
#pragma once

#include "../Signature.h"

#include "mlir/IR/BuiltinOps.h"

namespace deq::ir {

/// Replaces stages "auto" of the module's solve, and of the signature in it, by the choice.
void chooseEmission(mlir::ModuleOp module, Signature &signature);

} // namespace deq::ir
