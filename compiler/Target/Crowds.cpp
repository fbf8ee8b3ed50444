// Values that are far more at once than there are registers become slots of the stack.
// They would be spilled anyway, but only after register allocation had weighed each of them against
// all others, which takes more than linear time. What is left for it then is alive within one
// block.

#include "Lowering.h"

#include "mlir/IR/Dominance.h"

namespace deq::ir {

namespace {

bool isReal(Value value) { return isa<FloatType, VectorType>(value.getType()); }

/// More than any target has registers for, several times over.
bool isCrowded(Block &block) { return llvm::count_if(block.getArguments(), isReal) > 100; }

/// Whether one way leads from a block to another, and none into it from elsewhere.
bool leadsOnlyTo(Block *from, Block *to) {
  while (from != to) {
    Block *next = from->getNumSuccessors() == 1 ? from->getSuccessor(0) : nullptr;
    if (!next || !next->getSinglePredecessor())
      return false;
    from = next;
  }
  return true;
}

class Crowds {
public:
  explicit Crowds(LLVM::LLVMFuncOp function)
      : function(function), dominance(function), b(function.getContext()) {}

  void keepInMemory();

private:
  bool canBeInMemory(Block &block);
  void shareSlots(Block &head);
  bool isInLoop(Block *block, Block &head, Block *latch);
  void keepBetweenBlocks(Operation &op);
  void loadWhereUsed(Value value);
  void storeOnEdges(Block &block);
  void storeOnEdge(Block &block, BranchOpInterface branch, SuccessorOperands operands);
  void beginBlock(Operation *at);

  Value slotOf(Value value);
  Value load(Value value) {
    return b.create<LLVM::LoadOp>(value.getLoc(), value.getType(), slotOf(value));
  }
  void store(Value value, Value slot) { b.create<LLVM::StoreOp>(value.getLoc(), value, slot); }
  /// Whether a value is an argument that becomes a slot.
  bool isMoved(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && crowded.contains(argument.getOwner()) && isReal(value);
  }
  /// Whether a branch takes the value to a slot, for which storeOnEdge has the way.
  bool goesToSlot(OpOperand &use) {
    auto branch = dyn_cast<BranchOpInterface>(use.getOwner());
    auto target = branch ? branch.getSuccessorBlockArgument(use.getOperandNumber()) : std::nullopt;
    return target && isMoved(*target);
  }

  LLVM::LLVMFuncOp function;
  DominanceInfo dominance;
  OpBuilder b;
  llvm::SetVector<Block *> crowded;
  llvm::DenseMap<Value, Value> slots;
};

void Crowds::keepInMemory() {
  for (Block &block : llvm::drop_begin(function.getBody()))
    if (isCrowded(block) && canBeInMemory(block))
      crowded.insert(&block);
  for (Block *block : crowded)
    shareSlots(*block);
  for (Block *block : crowded)
    for (BlockArgument argument : block->getArguments())
      if (isReal(argument))
        loadWhereUsed(argument);
  for (Block &block : function.getBody())
    for (Operation &op : llvm::make_early_inc_range(block))
      if (op.getNumResults() == 1 && isReal(op.getResult(0)) && !isa<LLVM::ConstantOp>(op))
        keepBetweenBlocks(op);
  for (Block *block : crowded)
    storeOnEdges(*block);
  for (Block *block : crowded)
    block->eraseArguments([](BlockArgument argument) { return isReal(argument); });
}

/// A way into a block writes its slots. If it can lead elsewhere too, nothing there may need them.
bool Crowds::canBeInMemory(Block &block) {
  return llvm::all_of(block.getPredecessors(), [&](Block *from) {
    return from->getNumSuccessors() == 1 || !dominance.dominates(&block, from);
  });
}

/// What a loop carries and what it becomes have one slot, if nothing needs the old value any more
/// where the new one is made: as in a sum.
void Crowds::shareSlots(Block &head) {
  SmallVector<Block *> latches;
  for (Block *from : head.getPredecessors())
    if (dominance.dominates(&head, from))
      latches.push_back(from);
  if (latches.size() != 1 || latches[0]->getNumSuccessors() != 1)
    return;
  Block *latch = latches[0];
  SuccessorOperands next = cast<BranchOpInterface>(latch->getTerminator()).getSuccessorOperands(0);
  for (BlockArgument argument : head.getArguments()) {
    Value value = next[argument.getArgNumber()];
    Operation *op = value.getDefiningOp();
    if (!isReal(argument) || !op || op->getNumResults() != 1 || isa<LLVM::ConstantOp>(op) ||
        slots.contains(value) || !leadsOnlyTo(op->getBlock(), latch))
      continue;
    bool isLast = llvm::all_of(argument.getUsers(), [&](Operation *user) {
      Block *block = user->getBlock();
      return user == op || (block == op->getBlock() && user->isBeforeInBlock(op)) ||
             !isInLoop(block, head, latch);
    });
    if (isLast)
      slots[value] = slotOf(argument);
  }
}

/// Blocks behind the loop's head, but for those that are reached by leaving it.
bool Crowds::isInLoop(Block *block, Block &head, Block *latch) {
  if (block == &head || !dominance.dominates(&head, block))
    return block == &head;
  for (Block *body : head.getSuccessors())
    if (dominance.dominates(body, latch))
      return dominance.dominates(body, block);
  return true;
}

Value Crowds::slotOf(Value value) {
  Value &slot = slots[value];
  if (!slot) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    Location loc = b.getUnknownLoc();
    Value one = b.create<LLVM::ConstantOp>(loc, b.getI32IntegerAttr(1));
    slot = b.create<LLVM::AllocaOp>(loc, LLVM::LLVMPointerType::get(b.getContext()),
                                    value.getType(), one);
  }
  return slot;
}

void Crowds::keepBetweenBlocks(Operation &op) {
  Value value = op.getResult(0);
  bool leaves = llvm::any_of(value.getUsers(),
                             [&](Operation *user) { return user->getBlock() != op.getBlock(); });
  if (!leaves && !slots.contains(value))
    return;
  loadWhereUsed(value);
  b.setInsertionPointAfter(&op);
  store(value, slotOf(value));
}

/// One load in every block, in front of the first use.
void Crowds::loadWhereUsed(Value value) {
  auto counts = [&](OpOperand &use) {
    return !goesToSlot(use) &&
           (isMoved(value) || use.getOwner()->getBlock() != value.getParentBlock());
  };
  for (auto &[block, uses] : usesByBlock(value, counts)) {
    b.setInsertionPoint(uses.first);
    Value loaded = load(value);
    for (OpOperand *use : uses.operands)
      use->set(loaded);
  }
}

void Crowds::storeOnEdges(Block &block) {
  llvm::SetVector<Operation *> branches; // the block may be both successors of one
  for (Block *from : block.getPredecessors())
    branches.insert(from->getTerminator());
  for (Operation *op : branches) {
    auto branch = cast<BranchOpInterface>(op);
    for (unsigned i = 0; i < op->getNumSuccessors(); ++i)
      if (op->getSuccessor(i) == &block)
        storeOnEdge(block, branch, branch.getSuccessorOperands(i));
  }
}

/// Arguments get their values all at once: what is read from a slot of the same block is read
/// before any of them is written.
void Crowds::storeOnEdge(Block &block, BranchOpInterface branch, SuccessorOperands operands) {
  constexpr unsigned longest = 32; // chains of memory accesses are costly to order
  SmallVector<std::pair<Value, Value>> here, later;
  b.setInsertionPoint(branch);
  for (unsigned i = block.getNumArguments(); i-- > 0;) {
    BlockArgument argument = block.getArgument(i);
    if (!isReal(argument))
      continue;
    Value value = operands[i], slot = slotOf(argument);
    operands.erase(i);
    if (slots.lookup(value) == slot)
      continue;
    if (isMoved(value) && value.getParentBlock() == &block)
      here.push_back({load(value), slot});
    else if (isMoved(value) ||
             (slots.contains(value) && value.getParentBlock() != branch->getBlock()))
      later.push_back({value, slot});
    else
      here.push_back({value, slot});
  }
  for (auto [value, slot] : here)
    store(value, slot);
  for (auto [i, pair] : llvm::enumerate(later)) {
    if (i % longest == 0)
      beginBlock(branch);
    b.setInsertionPoint(branch);
    store(load(pair.first), pair.second);
  }
}

void Crowds::beginBlock(Operation *at) {
  Block *before = at->getBlock(), *after = before->splitBlock(at);
  b.setInsertionPointToEnd(before);
  b.create<LLVM::BrOp>(at->getLoc(), after);
}

} // namespace

void keepCrowdsInMemory(LLVM::LLVMFuncOp function) {
  if (llvm::any_of(function.getBody(), isCrowded))
    Crowds(function).keepInMemory();
}

} // namespace deq::ir
