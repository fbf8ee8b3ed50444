// How the stages of a method are emitted: every stage spelled out, with copies of the field or with
// calls of one, or one copy in a loop.
#pragma once

#include "../Signature.h"
#include "deq/measures.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace deq::ir {

/// Replaces stages "auto" of the module's solve, and of the signature in it, by the fastest code
/// that compiles within `budget` milliseconds, as far as can be told, else by what compiles
/// soonest. False, with `error`, if that would take too long to be waited for.
bool chooseEmission(mlir::ModuleOp module, Signature &signature, double budget,
                    EmissionChoice &choice, std::string &error);

} // namespace deq::ir
