// A pass of code generation that counts the machine code of every function.
// Registers, spills and stack are known only between register allocation and printing, and are what
// tells why a step is slower than its arithmetic.
#pragma once

#include "deq/measures.h"

#include <vector>

namespace llvm {
class FunctionPass;
}

namespace deq::target {

/// Appends a count per function to `functions`, which must outlive the pass. Runs behind register
/// allocation and frame lowering.
llvm::FunctionPass *createCodeCounter(std::vector<FunctionCode> &functions);

} // namespace deq::target
