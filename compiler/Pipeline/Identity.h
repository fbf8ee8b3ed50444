// What a saved state of a solve depends on, as a digest.
// A state is taken up to the bit only by the code that left it; whether it is that code has to be
// known without it.
#pragma once

#include "../Dialect/Deq.h"

#include "mlir/IR/BuiltinOps.h"

namespace deq::ir {

/// SHA-256 of a module's field, its method, its controller and what both evaluate (events, step
/// limits), in hexadecimal. Save plans, stage emission and values are no part of it.
std::string identityOf(ModuleOp module);

} // namespace deq::ir
