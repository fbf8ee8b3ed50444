// The compiler of a program that is linked with it: tools and tests of the compiler.
// A file of its own, since the compiler's shared library and those who load it have none of it.
#include "../Compile.h"

namespace deq {

const Compiler &compiler(std::vector<Phase> &) { return linkedCompiler(); }

} // namespace deq
