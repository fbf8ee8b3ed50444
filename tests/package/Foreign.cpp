// A library that has the compiler's entry and comes from another build.
// What it says beside its identity would end a process that believed it.
#include "compiler/Compile.h"

extern "C" [[gnu::visibility("default")]] const deq::CompilerLibrary *deq_compiler_entry() {
  static const deq::CompilerLibrary library = {"another-build", nullptr};
  return &library;
}
