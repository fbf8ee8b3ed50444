// The parts of a step's expansion that are the same for every method.
// They are here once so that a method's own file holds its formulas and nothing else.

#include "StepExpansion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace deq::ir {

LogicalResult verifyStageUsers(StepOp step) {
  for (Operation *user : step.getStages().getUsers()) {
    if (!isa<InterpolateOp, StiffnessOp, ExtendOp>(user))
      return user->emitOpError("cannot use interpolation data: only deq.interpolate, deq.extend "
                               "and deq.stiffness can");
    if (isa<ExtendOp>(user))
      for (Operation *inner : user->getUsers())
        if (!isa<InterpolateOp>(inner))
          return inner->emitOpError("cannot use extended interpolation data: only deq.interpolate "
                                    "can");
  }
  return success();
}

Leaves StepExpansion::evaluate(Value t, ValueRange z, bool cold) {
  Leaves operands{t};
  llvm::append_range(operands, z);
  llvm::append_range(operands, step.getArgs());
  SmallVector<Type> types(step.getNext().getTypes());
  bool outlined = cold || step.getEmission() != "unroll";
  return Leaves(loop.b
                    .create<EvalOp>(loop.loc, types, step.getFieldAttr(), operands,
                                    outlined ? loop.b.getUnitAttr() : UnitAttr())
                    .getResults());
}

Value StepExpansion::timeOf(double c) {
  if (c == 0)
    return step.getT();
  return c == 1 ? step.getEnd() : timeInside(loop.constant(c, loop.time));
}

Value StepExpansion::timeInside(Value c) {
  return loop.fma(c, loop.toTime(step.getH()), step.getT());
}

Value StepExpansion::index(int64_t value) {
  return loop.b.create<arith::ConstantIndexOp>(loop.loc, value);
}

Value StepExpansion::lookup(ArrayRef<double> table, Value at, FloatType type) {
  auto array = RankedTensorType::get({static_cast<int64_t>(table.size())}, type);
  SmallVector<llvm::APFloat> values;
  for (double x : table)
    values.push_back(cast<FloatAttr>(loop.b.getFloatAttr(type, x)).getValue());
  return loop.b.create<LookupOp>(loop.loc, type, DenseElementsAttr::get(array, values), at);
}

Value StepExpansion::lookup(ArrayRef<int64_t> table, Value at) {
  auto type = RankedTensorType::get({static_cast<int64_t>(table.size())}, loop.b.getIndexType());
  return loop.b.create<LookupOp>(loop.loc, loop.b.getIndexType(),
                                 DenseIntElementsAttr::get(type, table), at);
}

Leaves StepExpansion::repeat(Value from, Value to, ValueRange initial,
                             llvm::function_ref<Leaves(Value, ValueRange)> body) {
  auto op = loop.b.create<scf::ForOp>(
      loop.loc, from, to, index(1), initial,
      [&](OpBuilder &inner, Location, Value induction, ValueRange carried) {
        OpBuilder::InsertionGuard guard(loop.b);
        loop.b.setInsertionPointToEnd(inner.getInsertionBlock());
        Leaves next = body(induction, carried);
        loop.b.create<scf::YieldOp>(loop.loc, next);
      });
  return Leaves(op.getResults());
}

void StepExpansion::replace(ValueRange old, ValueRange with) {
  for (auto [from, to] : llvm::zip_equal(old, with))
    from.replaceAllUsesWith(to);
}

void StepExpansion::finish(ValueRange y1, ValueRange error, ValueRange state) {
  replace(step.getNext(), y1);
  replace(step.getError(), error);
  replace(step.getNextState(), state);
  step.getOutcome().replaceAllUsesWith(loop.boolean(true));
  step.erase();
}

void StepExpansion::expandRows(llvm::function_ref<Leaves()> extra,
                               llvm::function_ref<Leaves(InterpolateOp, ValueRange)> inside) {
  OpBuilder::InsertionGuard guard(loop.b);
  auto interpolate = [&](Operation *op, ValueRange values) {
    auto row = cast<InterpolateOp>(op);
    loop.b.setInsertionPoint(row);
    replace(row.getResult(), inside(row, values));
    row.erase();
  };
  for (Operation *user : llvm::make_early_inc_range(step.getStages().getUsers())) {
    auto extension = dyn_cast<ExtendOp>(user);
    if (!extension) {
      interpolate(user, {});
      continue;
    }
    loop.b.setInsertionPoint(extension);
    size_t count = 0;
    Leaves values = loop.branch(
        extension.getCondition(),
        [&] {
          Leaves computed = extra();
          count = computed.size();
          return computed;
        },
        [&] {
          Leaves any;
          while (any.size() < count)
            any.append(y);
          return any;
        });
    for (Operation *row : llvm::make_early_inc_range(extension.getExtended().getUsers()))
      interpolate(row, values);
    extension.erase();
  }
}

} // namespace deq::ir
