// The passes of Passes.td as thin shells over the functions that do the work.

#include "Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace deq::ir {

#define GEN_PASS_DEF_EXPANDSOLVE
#define GEN_PASS_DEF_EXPANDSTEP
#define GEN_PASS_DEF_FUSE
#define GEN_PASS_DEF_UNPACK
#define GEN_PASS_DEF_LOWERTOLLVM
#include "DeqPasses.h.inc"

namespace {

template <typename Base, LogicalResult (*transform)(ModuleOp)> struct Shell : Base {
  using Base::Base;
  void runOnOperation() override {
    if (failed(transform(this->getOperation())))
      this->signalPassFailure();
  }
};

struct ExpandSolvePass : Shell<impl::ExpandSolveBase<ExpandSolvePass>, expandSolve> {};
struct ExpandStepPass : Shell<impl::ExpandStepBase<ExpandStepPass>, expandStep> {};
struct FusePass : Shell<impl::FuseBase<FusePass>, fuse> {};
struct UnpackPass : Shell<impl::UnpackBase<UnpackPass>, unpack> {
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<DeqDialect, arith::ArithDialect, math::MathDialect, memref::MemRefDialect>();
  }
};

struct LowerToLLVMPass : Shell<impl::LowerToLLVMBase<LowerToLLVMPass>, lowerToLLVM> {
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<LLVM::LLVMDialect>();
  }
};

} // namespace

void eraseDeadOperations(Operation *root) {
  root->walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

} // namespace deq::ir
