// Structured control flow to blocks: loops and branches carry their values as block arguments.
// One function per construct, so that the shape of the generated graph can be read off it.

#include "Lowering.h"

namespace deq::ir {

Block *Lowering::block(TypeRange arguments) {
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Type> types = convertAll(arguments);
  blockLength = 0;
  return b.createBlock(&target.getBody(), target.getBody().end(), types,
                       SmallVector<Location>(types.size(), b.getUnknownLoc()));
}

LogicalResult Lowering::visitBody(Block *old) {
  for (Operation &op : old->without_terminator())
    if (failed(visit(&op)))
      return failure();
  return success();
}

LogicalResult Lowering::visitWhile(scf::WhileOp op) {
  Location loc = op.getLoc();
  Block *head = block(op.getBeforeBody()->getArgumentTypes());
  Block *body = block(op.getAfterBody()->getArgumentTypes());
  Block *exit = block(op.getResultTypes());
  b.create<LLVM::BrOp>(loc, flat(op.getInits()), head);
  bind(op.getBeforeBody()->getArguments(), head->getArguments());
  bind(op.getAfterBody()->getArguments(), body->getArguments());
  bind(op.getResults(), exit->getArguments());
  b.setInsertionPointToEnd(head);
  if (failed(visitBody(op.getBeforeBody())))
    return failure();
  auto condition = cast<scf::ConditionOp>(op.getBeforeBody()->getTerminator());
  SmallVector<Value> values = flat(condition.getArgs());
  b.create<LLVM::CondBrOp>(loc, one(condition.getCondition()), body, values, exit, values);
  b.setInsertionPointToEnd(body);
  if (failed(visitBody(op.getAfterBody())))
    return failure();
  b.create<LLVM::BrOp>(loc, flat(op.getAfterBody()->getTerminator()->getOperands()), head);
  b.setInsertionPointToEnd(exit);
  return success();
}

/// A branch of an if that computes nothing; null if there is none.
static Block *empty(Block *block) {
  return block && isa<scf::YieldOp>(block->front()) ? block : nullptr;
}

LogicalResult Lowering::visitIf(scf::IfOp op) {
  Location loc = op.getLoc();
  Block *exit = block(op.getResultTypes());
  // A branch that computes nothing is an edge to the exit. Not both: two edges between the same
  // blocks could not tell their values apart.
  Block *direct = empty(op.elseBlock()) ? op.elseBlock() : empty(op.thenBlock());
  auto edge = [&](Block *source) -> std::pair<Block *, SmallVector<Value>> {
    if (source && source != direct)
      return {block({}), {}};
    return {exit, source ? flat(source->getTerminator()->getOperands()) : SmallVector<Value>()};
  };
  auto [then, thenValues] = edge(op.thenBlock());
  auto [otherwise, otherwiseValues] = edge(op.elseBlock());
  b.create<LLVM::CondBrOp>(loc, one(op.getCondition()), then, thenValues, otherwise,
                           otherwiseValues);
  for (auto [to, source] :
       {std::pair(then, op.thenBlock()), std::pair(otherwise, op.elseBlock())}) {
    if (to == exit)
      continue;
    b.setInsertionPointToEnd(to);
    if (failed(visitBody(source)))
      return failure();
    b.create<LLVM::BrOp>(loc, flat(source->getTerminator()->getOperands()), exit);
  }
  bind(op.getResults(), exit->getArguments());
  b.setInsertionPointToEnd(exit);
  return success();
}

LogicalResult Lowering::visitFor(scf::ForOp op) {
  Location loc = op.getLoc();
  Block *head = block(op.getBody()->getArgumentTypes()), *body = block({}), *exit = block({});
  SmallVector<Value> initial = flat(op.getLowerBound());
  llvm::append_range(initial, flat(op.getInitArgs()));
  Value upper = one(op.getUpperBound()), step = one(op.getStep());
  b.create<LLVM::BrOp>(loc, initial, head);
  bind(op.getBody()->getArguments(), head->getArguments());
  b.setInsertionPointToEnd(head);
  Value inside = b.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::slt, head->getArgument(0), upper);
  b.create<LLVM::CondBrOp>(loc, inside, body, ValueRange(), exit, ValueRange());
  b.setInsertionPointToEnd(body);
  if (failed(visitBody(op.getBody())))
    return failure();
  SmallVector<Value> next{b.create<LLVM::AddOp>(loc, head->getArgument(0), step)};
  llvm::append_range(next, flat(op.getBody()->getTerminator()->getOperands()));
  b.create<LLVM::BrOp>(loc, next, head);
  bind(op.getResults(), head->getArguments().drop_front());
  b.setInsertionPointToEnd(exit);
  return success();
}

} // namespace deq::ir
