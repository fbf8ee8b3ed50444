// The generic half of Rebuild: the map from old to new values, and structured control flow.
// Kept apart from its users because every transformation shares exactly this.

#include "Rebuild.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace deq::ir {

static LogicalResult verifyTypes(Operation *op, TypeRange types,
                                 llvm::function_ref<bool(Type)> isSupported) {
  for (Type type : types)
    if (!isSupported(type))
      return op->emitOpError() << "expected no value of type " << type << " at this stage";
  return success();
}

LogicalResult Rebuild::verifyInput(func::FuncOp function,
                                   llvm::function_ref<bool(Type)> isSupported) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitOpError("expected a body of one block");
  WalkResult result = function.walk([&](Operation *op) {
    if (failed(verifyTypes(op, op->getResultTypes(), isSupported)))
      return WalkResult::interrupt();
    for (mlir::Region &region : op->getRegions())
      for (Block &block : region)
        if (failed(verifyTypes(op, block.getArgumentTypes(), isSupported)))
          return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

void Rebuild::set(Value old, ValueRange values) {
  Value *copy = storage.Allocate<Value>(values.size());
  std::uninitialized_copy(values.begin(), values.end(), copy);
  map[old] = ArrayRef<Value>(copy, values.size());
}

ArrayRef<Value> Rebuild::get(Value old) { return map.lookup(old); }

SmallVector<Value> Rebuild::flat(ValueRange old) {
  SmallVector<Value> values;
  for (Value value : old)
    llvm::append_range(values, get(value));
  return values;
}

SmallVector<Type> Rebuild::convertAll(TypeRange types) {
  SmallVector<Type> converted;
  for (Type type : types)
    convert(type, converted);
  return converted;
}

void Rebuild::bind(ValueRange old, ValueRange values) {
  SmallVector<Type> types;
  for (Value value : old) {
    types.clear();
    convert(value.getType(), types);
    set(value, values.take_front(types.size()));
    values = values.drop_front(types.size());
  }
}

Block *Rebuild::addBlock(mlir::Region &region, Block *old) {
  SmallVector<Type> types = convertAll(old->getArgumentTypes());
  SmallVector<Location> locations(types.size(), b.getUnknownLoc());
  Block *block = b.createBlock(&region, region.end(), types, locations);
  bind(old->getArguments(), block->getArguments());
  return block;
}

LogicalResult Rebuild::rebuildBlock(Block *old) {
  for (Operation &op : *old)
    if (failed(visit(&op)))
      return failure();
  return success();
}

Value Rebuild::makeConstant(TypedAttr value) {
  return b.create<arith::ConstantOp>(b.getUnknownLoc(), value);
}

Value Rebuild::constant(TypedAttr value) {
  Value &known = constants[value];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(b);
  if (lastConstant)
    b.setInsertionPointAfter(lastConstant);
  else
    b.setInsertionPointToStart(entry);
  known = makeConstant(value);
  lastConstant = known.getDefiningOp();
  return known;
}

Value Rebuild::clone(Operation *op, ValueRange operands, Type type) {
  Operation *copy = Operation::create(op->getLoc(), op->getName(), TypeRange(type), operands,
                                      NamedAttrList(op->getDiscardableAttrDictionary()),
                                      op->getPropertiesStorage(), BlockRange(), 0);
  b.insert(copy);
  return copy->getResult(0);
}

LogicalResult Rebuild::visit(Operation *op) {
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return visitWhile(loop);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return visitIf(branch);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return visitFor(loop);
  if (auto end = dyn_cast<func::ReturnOp>(op))
    return visitReturn(end);
  if (auto condition = dyn_cast<scf::ConditionOp>(op)) {
    b.create<scf::ConditionOp>(op->getLoc(), one(condition.getCondition()),
                               flat(condition.getArgs()));
    return success();
  }
  if (isa<scf::YieldOp>(op)) {
    b.create<scf::YieldOp>(op->getLoc(), flat(op->getOperands()));
    return success();
  }
  return leaf(op);
}

LogicalResult Rebuild::visitReturn(func::ReturnOp op) {
  b.create<func::ReturnOp>(op.getLoc(), flat(op.getOperands()));
  return success();
}

LogicalResult Rebuild::visitWhile(scf::WhileOp op) {
  auto loop =
      b.create<scf::WhileOp>(op.getLoc(), convertAll(op.getResultTypes()), flat(op.getInits()));
  {
    OpBuilder::InsertionGuard guard(b);
    addBlock(loop.getBefore(), op.getBeforeBody());
    if (failed(rebuildBlock(op.getBeforeBody())))
      return failure();
    addBlock(loop.getAfter(), op.getAfterBody());
    if (failed(rebuildBlock(op.getAfterBody())))
      return failure();
  }
  bind(op.getResults(), loop.getResults());
  return success();
}

LogicalResult Rebuild::visitIf(scf::IfOp op) {
  auto branch = b.create<scf::IfOp>(op.getLoc(), convertAll(op.getResultTypes()),
                                    one(op.getCondition()), false, false);
  {
    OpBuilder::InsertionGuard guard(b);
    addBlock(branch.getThenRegion(), op.thenBlock());
    if (failed(rebuildBlock(op.thenBlock())))
      return failure();
    if (op.elseBlock()) {
      addBlock(branch.getElseRegion(), op.elseBlock());
      if (failed(rebuildBlock(op.elseBlock())))
        return failure();
    }
  }
  bind(op.getResults(), branch.getResults());
  return success();
}

LogicalResult Rebuild::visitFor(scf::ForOp op) {
  auto loop = b.create<scf::ForOp>(op.getLoc(), one(op.getLowerBound()), one(op.getUpperBound()),
                                   one(op.getStep()), flat(op.getInitArgs()));
  {
    OpBuilder::InsertionGuard guard(b);
    Block *body = loop.getBody();
    body->clear();
    bind(op.getBody()->getArguments(), body->getArguments());
    b.setInsertionPointToEnd(body);
    if (failed(rebuildBlock(op.getBody())))
      return failure();
  }
  bind(op.getResults(), loop.getResults());
  return success();
}

} // namespace deq::ir
