// The choice between unrolled and scanned stages, by the number of operations that would reach
// LLVM: code generation of straight-line code is superlinear, and beyond some 1000 operations the
// loop is not slower to run either.

#include "Emission.h"

#include "../Dialect/Deq.h"
#include "../Target/Abi.h"

namespace deq::ir {

namespace {

constexpr int64_t unrollLimit = 1000; ///< operations of all stages together
/// Operations around the field for each scalar of the state: stage sums, error, norm, selection,
/// rows.
constexpr int64_t operationsPerScalar = 40;
/// Beyond this, code generation takes minutes.
constexpr int64_t compileLimit = 100000;

/// Saturates beyond every limit: products of products of extents fit no integer.
int64_t saturated(int64_t count) { return std::min(count, int64_t(1) << 40); }

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
      // A term is at least added or put in its place, however little it takes to compute.
      int64_t body = countScalars(op.getRegion(0).front());
      body += isa<SumOverOp>(op) ? elementCount(op.getResult(0).getType()) : 1;
      count += (upper - lower) * body; // bounds are at most 2^20 apart
    } else if (op.getNumResults() == 1 && isa<FloatType>(getElementTypeOrSelf(op.getResult(0)))) {
      count += elementCount(op.getResult(0).getType());
    }
    count = saturated(count);
  }
  return count;
}

} // namespace

bool chooseEmission(ModuleOp module, Signature &signature, std::string &error) {
  auto field = *module.getOps<FieldOp>().begin();
  auto solve = *module.getOps<SolveOp>().begin();
  int64_t operations = countScalars(field.getBody().front());
  if (signature.stages == "auto") {
    int64_t unrolled = operations * signature.evaluations_per_step;
    signature.stages = unrolled <= unrollLimit ? "unroll" : "scan";
    solve.setStages(signature.stages);
    setSignature(module, signature);
  }
  int64_t copies = signature.stages == "unroll" ? signature.evaluations_per_step : 1; // in the loop
  int64_t total = (copies + 1) * operations + signature.width() * operationsPerScalar;
  if (total <= compileLimit)
    return true;
  error = "the field is too large to unpack: about " + std::to_string(total) +
          " scalar operations, at most " + std::to_string(compileLimit) +
          " are compiled; loops over arrays are not supported yet";
  return false;
}

} // namespace deq::ir
