// The C functions that compiled code may call, from the rows of builtins.def.
#include "Image.h"

#include <cstring>
#include <math.h>
#include <unordered_map>

namespace deq {

namespace {

template <class Real> using Function1 = Real (*)(Real);
template <class Real> using Function2 = Real (*)(Real, Real);
template <class Real> using Function3 = Real (*)(Real, Real, Real);

std::unordered_map<std::string, void *> makeTable() {
  std::unordered_map<std::string, void *> table;
  // The C symbols themselves, not std:: overloads: f32 is the row's symbol with an f appended.
#define BUILTIN(name, arity, form, symbol) BUILTIN_##form(arity, symbol)
#define BUILTIN_native(arity, symbol) BUILTIN_libm(arity, symbol)
#define BUILTIN_composed(arity, symbol)
#define BUILTIN_libm(arity, symbol)                                                                \
  table[#symbol] = reinterpret_cast<void *>(static_cast<Function##arity<double>>(::symbol));       \
  table[#symbol "f"] = reinterpret_cast<void *>(static_cast<Function##arity<float>>(::symbol##f));
#include "deq/builtins.def"
  BUILTIN_libm(3, fma)
#undef BUILTIN_native
#undef BUILTIN_composed
#undef BUILTIN_libm
      table["memcpy"] = reinterpret_cast<void *>(&::memcpy);
  table["memset"] = reinterpret_cast<void *>(&::memset);
  return table;
}

} // namespace

void *importedFunction(const std::string &name) {
  static const std::unordered_map<std::string, void *> table = makeTable();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

} // namespace deq
