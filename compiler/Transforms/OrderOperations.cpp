// The order of operations in long blocks of unpacked code: part by part instead of operation by
// operation.
// unpack spells an operation out for all parts of an array before it comes to the next, and code
// generation keeps the order. With more parts than registers every value would be stored and loaded
// again between two operations, and choosing which ones takes more than linear time.

#include "../Dialect/Deq.h"
#include "Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace deq::ir {

namespace {

/// Operations on packs in a block from which on it is ordered. Short ones fit the registers, and
/// the machine finds more to do at once in the order of unpack.
constexpr int64_t longBlock = 256;

/// Moves the operations of a block to where they are first needed.
class BlockOrder {
public:
  explicit BlockOrder(Block &block) : block(block) {}

  void run() {
    measure();
    SmallVector<Operation *> operations(llvm::map_range(block, [](Operation &op) { return &op; }));
    SmallVector<Operation *> reads;
    for (Operation *op : operations) {
      if (isMovable(op)) {
        if (!isPure(op))
          reads.push_back(op);
        continue;
      }
      // What is read must be read before it is written.
      llvm::DenseSet<Value> written = memoryWritten(op);
      for (Operation *read : reads)
        if (llvm::any_of(read->getOperands(), [&](Value x) { return written.contains(x); }))
          place(read);
      place(op);
    }
    for (auto [op, next] : llvm::zip(order, llvm::drop_begin(order)))
      next->moveAfter(op);
  }

private:
  static bool isMovable(Operation *op) {
    return op->getNumRegions() == 0 && !op->hasTrait<OpTrait::IsTerminator>() &&
           (isPure(op) || hasSingleEffect<MemoryEffects::Read>(op));
  }

  /// Memory that an operation may change: no two arguments of a function are the same memory.
  static llvm::DenseSet<Value> memoryWritten(Operation *op) {
    llvm::DenseSet<Value> written;
    op->walk([&](Operation *inner) {
      if (!isPure(inner) && !hasSingleEffect<MemoryEffects::Read>(inner))
        for (Value operand : inner->getOperands())
          if (isa<MemRefType>(operand.getType()))
            written.insert(operand);
    });
    return written;
  }

  /// The longest chain of operations that ends in each.
  void measure() {
    for (Operation &op : block) {
      int64_t longest = 0;
      forEachOperand(&op, [&](Operation *from) { longest = std::max(longest, heights[from]); });
      heights[&op] = longest + 1;
    }
  }

  /// Operations of this block whose results an operation or its regions use.
  void forEachOperand(Operation *op, llvm::function_ref<void(Operation *)> visit) {
    op->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (Operation *from = operand.getDefiningOp(); from && from->getBlock() == &block)
          visit(from);
    });
  }

  /// Puts an operation behind those that it needs: the longest chain first, so that a sum grows
  /// term by term.
  void place(Operation *root) {
    SmallVector<std::pair<Operation *, bool>> stack{{root, false}};
    while (!stack.empty()) {
      auto [op, ready] = stack.pop_back_val();
      if (ready) {
        if (placed.insert(op).second)
          order.push_back(op);
        continue;
      }
      if (placed.contains(op))
        continue;
      stack.emplace_back(op, true);
      SmallVector<Operation *> needed;
      forEachOperand(op, [&](Operation *from) {
        if (!placed.contains(from))
          needed.push_back(from);
      });
      llvm::stable_sort(needed,
                        [&](Operation *x, Operation *y) { return heights[x] < heights[y]; });
      for (Operation *from : needed)
        stack.emplace_back(from, false);
    }
  }

  Block &block;
  llvm::DenseMap<Operation *, int64_t> heights;
  llvm::DenseSet<Operation *> placed;
  SmallVector<Operation *> order;
};

} // namespace

void orderOperations(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    function.walk([](Block *block) {
      auto onPacks = llvm::count_if(*block, [](Operation &op) {
        return op.getNumResults() == 1 && isPack(op.getResult(0).getType());
      });
      if (onPacks >= longBlock)
        BlockOrder(*block).run();
    });
}

} // namespace deq::ir
