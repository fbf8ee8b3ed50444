// The table behind MathFunctions.h, expanded from builtins.def once.

#include "MathFunctions.h"

#include "llvm/ADT/StringMap.h"

#include <math.h>

namespace deq::ir {

template <class Real> using Function1 = Real (*)(Real);
template <class Real> using Function2 = Real (*)(Real, Real);

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

void forEachLibmFunction(llvm::function_ref<void(llvm::StringRef, void *)> visit) {
  // The C symbols themselves, not std:: overloads: f32 is the row's symbol with an f appended.
#define BUILTIN(name, arity, form, symbol) BUILTIN_##form(arity, symbol)
#define BUILTIN_native(arity, symbol) BUILTIN_libm(arity, symbol)
#define BUILTIN_composed(arity, symbol)
#define BUILTIN_libm(arity, symbol)                                                                \
  visit(#symbol, reinterpret_cast<void *>(static_cast<Function##arity<double>>(::symbol)));        \
  visit(#symbol "f", reinterpret_cast<void *>(static_cast<Function##arity<float>>(::symbol##f)));
#include "deq/builtins.def"
#undef BUILTIN_native
#undef BUILTIN_composed
#undef BUILTIN_libm
#undef BUILTIN
  visit("fma", reinterpret_cast<void *>(static_cast<double (*)(double, double, double)>(::fma)));
  visit("fmaf", reinterpret_cast<void *>(static_cast<float (*)(float, float, float)>(::fmaf)));
}

} // namespace deq::ir
