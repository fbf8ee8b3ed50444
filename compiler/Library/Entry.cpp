// The one symbol that the compiler's shared library exports.
// A C function and, first of all, a text: whoever loads a library of another build can tell.
#include "../Compile.h"

extern "C" [[gnu::visibility("default")]] const deq::CompilerLibrary *deq_compiler_entry() {
  static const deq::CompilerLibrary library = {deq::buildIdentity(), &deq::linkedCompiler()};
  return &library;
}
