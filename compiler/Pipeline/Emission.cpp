// The choice between unrolled and scanned stages, by the number of operations that would reach
// LLVM: code generation of straight-line code is superlinear, and beyond some 1000 operations the
// loop is not slower to run either.

#include "Emission.h"

#include "../Dialect/Deq.h"
#include "../Target/Abi.h"

namespace deq::ir {

namespace {

constexpr int64_t unrollLimit = 1000; ///< operations of all stages together

/// Scalar operations of a block, comprehensions multiplied out.
int64_t countScalars(Block &block) {
  int64_t count = 0;
  for (Operation &op : block) {
    if (auto matmul = dyn_cast<MatmulOp>(op)) {
      auto lhs = cast<RankedTensorType>(matmul.getLhs().getType());
      count += elementCount(matmul.getType()) * lhs.getDimSize(1);
    } else if (isa<DotOp, SumOp>(op)) {
      count += elementCount(op.getOperand(0).getType());
    } else if (op.getNumRegions() == 1) {
      int64_t lower = cast<IntegerAttr>(op.getAttr("lower")).getInt();
      int64_t upper = cast<IntegerAttr>(op.getAttr("upper")).getInt();
      count += (upper - lower) * countScalars(op.getRegion(0).front());
    } else if (op.getNumResults() == 1 && isa<FloatType>(getElementTypeOrSelf(op.getResult(0)))) {
      count += elementCount(op.getResult(0).getType());
    }
  }
  return count;
}

} // namespace

void chooseEmission(ModuleOp module, Signature &signature) {
  if (signature.stages != "auto")
    return;
  auto field = *module.getOps<FieldOp>().begin();
  auto solve = *module.getOps<SolveOp>().begin();
  int64_t operations = countScalars(field.getBody().front()) * signature.evaluations_per_step;
  signature.stages = operations <= unrollLimit ? "unroll" : "scan";
  solve.setStages(signature.stages);
  setSignature(module, signature);
}

} // namespace deq::ir
