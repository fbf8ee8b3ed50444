// The choice between unrolled and scanned stages, by the number of operations that would reach
// LLVM: code generation of straight-line code is superlinear, and beyond some 1000 operations the
// loop is not slower to run either.

#include "Emission.h"

#include "../Dialect/Deq.h"
#include "../Dialect/MathFunctions.h"
#include "../Target/Abi.h"
#include "../Transforms/Unpacker.h"

namespace deq::ir {

namespace {

constexpr int64_t unrollLimit = 1000; ///< operations of all stages together
/// Operations around the field for each value that keeps a part of the state: stage sums, error,
/// norm, selection, rows.
constexpr int64_t operationsPerPart = 40;
/// Beyond this, code generation takes minutes.
constexpr int64_t compileLimit = 100000;

/// Saturates beyond every limit: products of products of extents fit no integer.
int64_t saturated(int64_t count) { return std::min(count, int64_t(1) << 40); }

/// Values that keep an array: packs and scalars, in lanes one for each element.
int64_t countParts(Type type, bool inLanes) {
  return inLanes ? elementCount(type) : layoutOf(type).size();
}

int64_t countOperations(Block &block, bool inLanes);

int64_t countComprehension(Operation *op, bool inLanes) {
  int64_t lower = cast<IntegerAttr>(op->getAttr("lower")).getInt();
  int64_t upper = cast<IntegerAttr>(op->getAttr("upper")).getInt();
  int64_t visits = upper - lower; // bounds are at most 2^20 apart
  Block &body = op->getRegion(0).front();
  if (!inLanes && paysInLanes(op, visits)) {
    inLanes = true;
    visits = llvm::divideCeil(visits, packWidth);
  }
  // A term is at least added or put in its place, however little it takes to compute.
  int64_t perVisit = isa<SumOverOp>(op) ? countParts(op->getResult(0).getType(), inLanes) : 1;
  return visits * (countOperations(body, inLanes) + perVisit);
}

/// Operations on scalars and packs that a block unpacks to, comprehensions multiplied out.
int64_t countOperations(Block &block, bool inLanes) {
  int64_t count = 0;
  for (Operation &op : block) {
    if (auto matmul = dyn_cast<MatmulOp>(op)) {
      auto lhs = cast<RankedTensorType>(matmul.getLhs().getType());
      int64_t products = elementCount(matmul.getType()) * lhs.getDimSize(1);
      count += isPacked(lhs) && !inLanes ? llvm::divideCeil(products, packWidth) : products;
    } else if (isa<DotOp, SumOp>(op)) {
      count += countParts(op.getOperand(0).getType(), inLanes) + packWidth;
    } else if (op.getNumRegions() == 1) {
      count += countComprehension(&op, inLanes);
    } else if (op.getNumResults() == 1 && isa<FloatType>(getElementTypeOrSelf(op.getResult(0)))) {
      // The C library is called for each element, in lanes for each lane.
      bool called = !libmSymbol(&op).empty();
      count += countParts(op.getResult(0).getType(), inLanes || called) *
               (inLanes && called ? packWidth : 1);
    }
    count = saturated(count);
  }
  return count;
}

} // namespace

bool chooseEmission(ModuleOp module, Signature &signature, std::string &error) {
  auto field = *module.getOps<FieldOp>().begin();
  auto solve = *module.getOps<SolveOp>().begin();
  int64_t operations = countOperations(field.getBody().front(), false), parts = 0;
  for (Type leaf : field.stateTypes())
    parts += countParts(leaf, false);
  if (signature.stages == "auto") {
    int64_t unrolled = operations * signature.evaluations_per_step;
    signature.stages = unrolled <= unrollLimit ? "unroll" : "scan";
    solve.setStages(signature.stages);
    setSignature(module, signature);
  }
  int64_t copies = signature.stages == "unroll" ? signature.evaluations_per_step : 1; // in the loop
  int64_t total = (copies + 1) * operations + parts * operationsPerPart;
  if (total <= compileLimit)
    return true;
  error = "the field is too large to unpack: about " + std::to_string(total) +
          " operations, at most " + std::to_string(compileLimit) +
          " are compiled; loops over arrays are not supported yet";
  return false;
}

} // namespace deq::ir
