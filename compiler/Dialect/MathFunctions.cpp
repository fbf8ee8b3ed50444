// The table behind MathFunctions.h, expanded from builtins.def once.

#include "MathFunctions.h"

#include "llvm/ADT/StringMap.h"

namespace deq::ir {

std::string mathOperation(llvm::StringRef builtin) {
  return builtin == "pow" ? "math.powf" : ("math." + builtin).str();
}

llvm::StringRef libmSymbol(mlir::Operation *op) {
#define BUILTIN(name, arity, form, symbol) BUILTIN_##form(name, symbol)
#define BUILTIN_native(name, symbol)
#define BUILTIN_composed(name, symbol)
#define BUILTIN_libm(name, symbol) table[mathOperation(#name)] = #symbol;
  static const llvm::StringMap<llvm::StringRef> symbols = [] {
    llvm::StringMap<llvm::StringRef> table;
#include "deq/builtins.def"
    return table;
  }();
#undef BUILTIN_native
#undef BUILTIN_composed
#undef BUILTIN_libm
  return symbols.lookup(op->getName().getStringRef());
}

} // namespace deq::ir
