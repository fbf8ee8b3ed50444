// The dialects of deq's stages: see the header.

#include "Registry.h"

#include "../Dialect/Deq.h"
#include "../Target/Translate.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace deq::ir {

void registerDialects(mlir::DialectRegistry &registry) {
  registry
      .insert<DeqDialect, arith::ArithDialect, math::MathDialect, scf::SCFDialect,
              func::FuncDialect, tensor::TensorDialect, memref::MemRefDialect, LLVM::LLVMDialect>();
  target::registerTranslation(registry);
}

namespace {

struct KeptContext {
  std::unique_ptr<mlir::MLIRContext> context;
  int uses = 0; ///< of the context that is kept or in use
};
thread_local KeptContext kept;
constexpr int mostUses = 32;

} // namespace

std::unique_ptr<mlir::MLIRContext> takeContext() {
  if (kept.context) {
    ++kept.uses;
    return std::move(kept.context);
  }
  mlir::DialectRegistry registry;
  registerDialects(registry);
  auto context =
      std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  context->printOpOnDiagnostic(false);
  context->loadAllAvailableDialects();
  kept.uses = 1;
  return context;
}

void giveBack(std::unique_ptr<mlir::MLIRContext> context) {
  if (context && !kept.context && kept.uses < mostUses)
    kept.context = std::move(context);
}

} // namespace deq::ir
