// Which C function computes an elementary operation, from the rows of builtins.def: used by import,
// the interpreter and the lowering, so that all of them call the same one.
#pragma once

#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace deq::ir {

/// Name of the math operation of a libm builtin: "math.sin" for sin, "math.powf" for pow.
std::string mathOperation(llvm::StringRef builtin);
/// C symbol of the f64 function that computes `op` (a one-result operation of the math dialect);
/// empty if the operation is an instruction or unknown.
llvm::StringRef libmSymbol(mlir::Operation *op);

} // namespace deq::ir
