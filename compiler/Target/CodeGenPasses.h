// Which of LLVM's code generation passes run.
// Its stock list is made for code that an optimiser has left; kernels come from MLIR without common
// subexpressions, dead code or constants in loops, so half of that list looks for what is not
// there.
#pragma once

#include "deq/measures.h"

#include <vector>

namespace llvm {
class LLVMTargetMachine;
class raw_pwrite_stream;
enum class CodeGenFileType;
namespace legacy {
class PassManager;
}
} // namespace llvm

namespace deq::target {

/// How many values are alive at once in a module. Beyond some hundreds, allocation of registers by
/// splitting live ranges takes quadratic time and makes slower code than plain spilling.
enum class Crowd { small, large };

/// Adds the passes that write a module to `out` and its counts to `functions`; false if the target
/// cannot write such a file.
bool addPasses(llvm::legacy::PassManager &passes, llvm::LLVMTargetMachine &machine,
               llvm::raw_pwrite_stream &out, llvm::CodeGenFileType type, Crowd crowd,
               std::vector<FunctionCode> &functions);

} // namespace deq::target
