// Counts operations without emitting any: arrays by the packs that will keep them, comprehensions
// by the terms they have.

#include "CountOperations.h"

#include "../Dialect/Deq.h"
#include "../Dialect/MathFunctions.h"
#include "FoldLoops.h"
#include "Unpacker.h"

namespace deq::ir {

/// Saturates beyond every limit: products of products of extents fit no integer.
static int64_t saturated(int64_t count) { return std::min(count, int64_t(1) << 40); }

/// Values that keep an array: packs and scalars, in lanes one for each element.
static int64_t countParts(Type type, bool inLanes) {
  return inLanes ? elementCount(type) : layoutOf(type).size();
}

/// Products, loads of what is in memory, and the lanes of partial sums, taken apart and added.
static int64_t countDot(Type type, bool inLanes) {
  return 2 * countParts(type, inLanes) + (isPacked(type) && !inLanes ? 2 * packWidth : 0);
}

static int64_t countOperations(Block &block, bool inLanes);

static int64_t countComprehension(Operation *op, bool inLanes) {
  int64_t visits = upperOf(op) - lowerOf(op); // bounds are at most 2^20 apart
  Block &body = op->getRegion(0).front();
  if (auto fold = dyn_cast<FoldOp>(op)) {
    int64_t perVisit = countOperations(body, inLanes) + 1;
    return !inLanes && staysLoop(fold, perVisit) ? perVisit : visits * perVisit;
  }
  if (!inLanes && paysInLanes(op, visits)) {
    inLanes = true;
    visits = llvm::divideCeil(visits, packWidth);
  }
  // A term is at least added or put in its place, however little it takes to compute.
  int64_t perVisit = isa<SumOverOp>(op) ? countParts(op->getResult(0).getType(), inLanes) : 1;
  return visits * (countOperations(body, inLanes) + perVisit);
}

static int64_t countOperations(Block &block, bool inLanes) {
  int64_t count = 0;
  for (Operation &op : block) {
    if (auto matmul = dyn_cast<MatmulOp>(op)) {
      auto lhs = cast<RankedTensorType>(matmul.getLhs().getType());
      auto row = RankedTensorType::get({lhs.getDimSize(1)}, lhs.getElementType());
      count += elementCount(matmul.getType()) * (countDot(row, inLanes) + 2);
    } else if (isa<DotOp, SumOp>(op)) {
      count += countDot(op.getOperand(0).getType(), inLanes);
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

int64_t countValues(Type leaf) { return countParts(leaf, false); }
bool staysLoop(FoldOp fold) {
  return staysLoop(fold, countOperations(fold.getBody().front(), false) + 1);
}
int64_t countOperations(Block &block) { return countOperations(block, false); }

} // namespace deq::ir
