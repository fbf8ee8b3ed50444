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

} // namespace deq::ir
