// Verifiers of the deq operations: what their types cannot say.

#include "Deq.h"

#define GET_OP_CLASSES
#include "DeqOps.cpp.inc"

namespace deq::ir {

//===--- field and solve
//------------------------------------------------------------------------------------------===//

void FieldOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn setName) {
  unsigned states = stateCount();
  for (auto [i, argument] : llvm::enumerate(region.getArguments())) {
    if (i == 0)
      setName(argument, "t");
    else if (i <= states)
      setName(argument, "y");
    else
      setName(argument, "p");
  }
}

LogicalResult FieldOp::verify() {
  FunctionType type = getFunctionType();
  unsigned states = type.getNumResults();
  if (type.getNumInputs() < 1 + states)
    return emitOpError() << "expected time and " << states << " state leaves, got "
                         << type.getNumInputs() << " inputs";
  if (!isa<FloatType>(type.getInput(0)))
    return emitOpError() << "expected time to be a scalar, got " << type.getInput(0);
  for (unsigned i = 0; i < states; ++i)
    if (type.getInput(1 + i) != type.getResult(i))
      return emitOpError() << "derivative " << i << " has type " << type.getResult(i)
                           << ", its state leaf has " << type.getInput(1 + i);
  for (Type input : type.getInputs())
    if (getElementTypeOrSelf(input) != type.getInput(0))
      return emitOpError() << "expected one element type, got " << input << " and "
                           << type.getInput(0);
  return success();
}

LogicalResult FieldOp::verifyRegions() {
  if (getBody().getArgumentTypes() != getFunctionType().getInputs())
    return emitOpError("entry block does not match the function type");
  auto yield = dyn_cast<YieldOp>(getBody().front().getTerminator());
  if (!yield || yield.getCondition())
    return emitOpError("expected an unconditional deq.yield at the end");
  if (yield.getValues().getTypes() != getFunctionType().getResults())
    return yield.emitOpError("yields other types than the field's results");
  return success();
}

LogicalResult SolveOp::verify() {
  auto field = SymbolTable::lookupNearestSymbolFrom<FieldOp>(*this, getFieldAttr());
  if (!field)
    return emitOpError() << "unknown field @" << getField();
  if (getControl().needsError() && !getMethod().hasError())
    return emitOpError() << "method '" << getMethod().methodName()
                         << "' has no error estimate to control steps with";
  if (getStages() != "unroll" && getStages() != "scan")
    return emitOpError() << "expected stages \"unroll\" or \"scan\", got \"" << getStages() << '"';
  size_t arguments = llvm::size(field.argumentTypes());
  if (getKinds().size() > arguments)
    return emitOpError() << "expected at most " << arguments << " argument kinds, got "
                         << getKinds().size();
  for (auto [kind, type] :
       llvm::zip(getKinds().getAsValueRange<StringAttr>(), field.argumentTypes())) {
    if (kind != "uniform" && kind != "trajectory" && kind != "memory")
      return emitOpError() << "unknown argument kind \"" << kind << '"';
    if (kind == "memory" && !isa<RankedTensorType>(type))
      return emitOpError("only an array can be of kind memory");
  }
  return success();
}

//===--- arrays
//---------------------------------------------------------------------------------------------------===//

template <typename ComprehensionOp> static LogicalResult verifyComprehension(ComprehensionOp op) {
  Block &body = op.getBody().front();
  if (body.getNumArguments() != 1 || !body.getArgument(0).getType().isIndex())
    return op.emitOpError("expected one index argument");
  if (op.getLower() > op.getUpper())
    return op.emitOpError() << "expected lower <= upper, got " << op.getLower() << " to "
                            << op.getUpper();
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getValues().size() != 1)
    return op.emitOpError("expected a deq.yield of one value");
  return success();
}

LogicalResult GenerateOp::verifyRegions() {
  if (failed(verifyComprehension(*this)))
    return failure();
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || type.getRank() == 0)
    return emitOpError("expected an array result");
  Type element = cast<YieldOp>(getBody().front().getTerminator()).getValues()[0].getType();
  auto row = dyn_cast<RankedTensorType>(element);
  if (type.getShape().drop_front() != (row ? row.getShape() : ArrayRef<int64_t>()))
    return emitOpError() << "result " << type << " does not stack values of type " << element;
  return success();
}

LogicalResult SumOverOp::verifyRegions() {
  if (failed(verifyComprehension(*this)))
    return failure();
  Type element = cast<YieldOp>(getBody().front().getTerminator()).getValues()[0].getType();
  if (element != getType())
    return emitOpError() << "expected a result of type " << element << ", got " << getType();
  return success();
}

LogicalResult MatmulOp::verify() {
  auto lhs = cast<RankedTensorType>(getLhs().getType()),
       rhs = cast<RankedTensorType>(getRhs().getType()), result = cast<RankedTensorType>(getType());
  if (lhs.getRank() != 2 || rhs.getRank() < 1 || rhs.getRank() > 2 ||
      lhs.getDimSize(1) != rhs.getDimSize(0))
    return emitOpError() << "cannot multiply " << lhs << " and " << rhs;
  SmallVector<int64_t> shape{lhs.getDimSize(0)};
  if (rhs.getRank() == 2)
    shape.push_back(rhs.getDimSize(1));
  if (result.getShape() != ArrayRef<int64_t>(shape))
    return emitOpError() << "product of " << lhs << " and " << rhs << " cannot be " << result;
  return success();
}

static LogicalResult verifyAxis(Operation *op, Type type, int64_t axis) {
  int64_t rank = cast<RankedTensorType>(type).getRank();
  if (axis >= 0 && axis < rank)
    return success();
  return op->emitOpError() << "axis " << axis << " is out of range for " << type;
}

LogicalResult ShiftOp::verify() { return verifyAxis(*this, getType(), getAxis()); }
LogicalResult RollOp::verify() { return verifyAxis(*this, getType(), getAxis()); }

} // namespace deq::ir
