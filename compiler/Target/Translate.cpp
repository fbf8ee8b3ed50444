// From the last MLIR stage to LLVM IR, with the stock translation.
// Separate from code generation because these headers are the heaviest of all.

#include "Translate.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace deq::target {

void registerTranslation(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

std::optional<LlvmModule> translate(mlir::ModuleOp module) {
  LlvmModule result;
  result.module = mlir::translateModuleToLLVMIR(module, *result.context, "deq",
                                                /*disableVerification=*/true);
  if (!result.module)
    return std::nullopt;
  // The one flag is the version of debug information, of which there is none. With it, LLVM's
  // reader ends the process on an invalid dump instead of returning an error.
  if (llvm::NamedMDNode *flags = result.module->getModuleFlagsMetadata())
    result.module->eraseNamedMetadata(flags);
  return result;
}

} // namespace deq::target
