// What is left to simplify in a function of LLVM's dialect. LLVM's own pipeline would do it as
// well, and take longer than generating the code does.

#include "Lowering.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace deq::ir {

/// The value that a block argument has on every way into the block; null if there are several.
static Value onlyValue(BlockArgument argument) {
  Value only;
  for (Block *from : argument.getOwner()->getPredecessors()) {
    auto branch = cast<BranchOpInterface>(from->getTerminator());
    for (unsigned i = 0; i < from->getNumSuccessors(); ++i) {
      if (from->getSuccessor(i) != argument.getOwner())
        continue;
      Value value = branch.getSuccessorOperands(i)[argument.getArgNumber()];
      if (value != argument && value != only && only)
        return {};
      if (value != argument)
        only = value;
    }
  }
  return only;
}

static void removeArgument(Block &block, unsigned position) {
  // A block may be both successors of one branch; then it is listed twice.
  llvm::SmallPtrSet<Block *, 4> seen;
  for (Block *from : block.getPredecessors())
    if (seen.insert(from).second) {
      auto branch = cast<BranchOpInterface>(from->getTerminator());
      for (unsigned i = 0; i < from->getNumSuccessors(); ++i)
        if (from->getSuccessor(i) == &block)
          branch.getSuccessorOperands(i).erase(position);
    }
  block.eraseArgument(position);
}

/// Replaces block arguments that are one value whichever way the block is reached.
static void removeCopies(LLVM::LLVMFuncOp function) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Block &block : llvm::drop_begin(function.getBody()))
      for (unsigned i = block.getNumArguments(); i-- > 0;)
        if (Value only = onlyValue(block.getArgument(i))) {
          block.getArgument(i).replaceAllUsesWith(only);
          removeArgument(block, i);
          changed = true;
        }
  }
}

/// The value of a condition that is a constant.
static std::optional<bool> known(Value condition) {
  auto constant = condition.getDefiningOp<LLVM::ConstantOp>();
  if (!constant || !condition.getType().isInteger(1))
    return std::nullopt;
  return cast<IntegerAttr>(constant.getValue()).getValue().getBoolValue();
}

/// What an operation on conditions is without being computed: parts of a solve that it does not
/// have are constants. Null if it has to be.
static Value folded(Operation &op) {
  if (isa<LLVM::SelectOp>(op)) {
    Value x = op.getOperand(1), y = op.getOperand(2);
    std::optional<bool> taken = known(op.getOperand(0));
    return x == y || taken == true ? x : taken == false ? y : Value();
  }
  if (!isa<LLVM::AndOp, LLVM::OrOp, LLVM::XOrOp>(op))
    return {};
  for (unsigned i : {0, 1})
    if (std::optional<bool> value = known(op.getOperand(i))) {
      Value other = op.getOperand(1 - i);
      if (*value == isa<LLVM::AndOp>(op))
        return other;
      if (!isa<LLVM::XOrOp>(op)) // which is the negation
        return op.getOperand(i);
    }
  return {};
}

static bool foldConditions(LLVM::LLVMFuncOp function) {
  bool changed = false;
  for (Block &block : function.getBody())
    for (Operation &op : llvm::make_early_inc_range(block))
      if (Value value = folded(op)) {
        op.getResult(0).replaceAllUsesWith(value);
        op.erase();
        changed = true;
      }
  return changed;
}

/// Whether two pointers are the same offset of one pointer, or that pointer.
static bool isSameAddress(Value x, Value y) {
  if (x == y)
    return true;
  auto a = x.getDefiningOp<LLVM::GEPOp>(), c = y.getDefiningOp<LLVM::GEPOp>();
  return a && c && a->getOperands() == c->getOperands() &&
         a->getAttrDictionary() == c->getAttrDictionary();
}

/// Slots are read at a kernel's entry and written right before it returns: one that gets what was
/// read from it keeps what it has.
static void removeUnchanged(LLVM::LLVMFuncOp function) {
  SmallVector<Operation *> needless;
  for (Block &block : function.getBody()) {
    if (!isa<LLVM::ReturnOp>(block.getTerminator()))
      continue;
    for (auto store : block.getOps<LLVM::StoreOp>()) {
      auto load = store.getValue().getDefiningOp<LLVM::LoadOp>();
      if (!load || load.getInvariant() || !isSameAddress(load.getAddr(), store.getAddr()))
        continue;
      needless.push_back(store);
      for (Operation *op :
           {load.getOperation(), store.getAddr().getDefiningOp(), load.getAddr().getDefiningOp()})
        if (op && !llvm::is_contained(needless, op))
          needless.push_back(op);
    }
  }
  for (Operation *op : needless)
    if (op->use_empty() && (isa<LLVM::StoreOp>(op) || isOpTriviallyDead(op)))
      op->erase();
}

void simplify(LLVM::LLVMFuncOp function) {
  do
    removeCopies(function);
  while (foldConditions(function));
  removeUnchanged(function);
}

} // namespace deq::ir
