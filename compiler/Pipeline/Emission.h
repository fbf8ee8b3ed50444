// How the stages of a method are emitted: every stage spelled out, or one copy of the field in a
// loop.
#pragma once

#include "../Signature.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace deq::ir {

/// Replaces stages "auto" of the module's solve, and of the signature in it, by the choice. False,
/// with `error`, if the field is too large to be compiled as scalar code at all.
bool chooseEmission(mlir::ModuleOp module, Signature &signature, std::string &error);

} // namespace deq::ir
