// Verifiers of the deq operations on arrays and in the loop: what their types cannot say.

#include "../Signature.h"
#include "Deq.h"

namespace deq::ir {

/// The type of time, and that of h if it is another: `f64`, or `f64, f32`.
static ParseResult parseStepTypes(OpAsmParser &parser, Type &time, Type &h) {
  if (parser.parseType(time))
    return failure();
  h = time;
  return succeeded(parser.parseOptionalComma()) ? parser.parseType(h) : success();
}

static void printStepTypes(OpAsmPrinter &printer, Operation *, Type time, Type h) {
  printer << time;
  if (h != time)
    printer << ", " << h;
}

} // namespace deq::ir

#define GET_OP_CLASSES
#include "DeqOps.cpp.inc"

namespace deq::ir {

// --- arrays ---

/// Bounds and result of a region whose arguments have been looked at.
template <typename ComprehensionOp> static LogicalResult verifyTerms(ComprehensionOp op) {
  Block &body = op.getBody().front();
  int64_t lower = op.getLower(), upper = op.getUpper();
  if (lower > upper)
    return op.emitOpError() << "expected lower <= upper, got " << lower << " to " << upper;
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getValues().size() != 1)
    return op.emitOpError("expected a deq.yield of one value");
  return success();
}

template <typename ComprehensionOp> static LogicalResult verifyComprehension(ComprehensionOp op) {
  Block &body = op.getBody().front();
  if (body.getNumArguments() != 1 || !body.getArgument(0).getType().isIndex())
    return op.emitOpError("expected one index argument");
  return verifyTerms(op);
}

LogicalResult GenerateOp::verifyRegions() {
  if (failed(verifyComprehension(*this)))
    return failure();
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || type.getRank() == 0)
    return emitOpError("expected an array result");
  auto yield = cast<YieldOp>(getBody().front().getTerminator());
  Type element = yield.getValues()[0].getType();
  auto row = dyn_cast<RankedTensorType>(element);
  if (type.getElementType() != getElementTypeOrSelf(element) ||
      type.getShape().drop_front() != (row ? row.getShape() : ArrayRef<int64_t>()))
    return emitOpError() << "result " << type << " does not stack values of type " << element;
  int64_t most = getUpper() - getLower(), rows = type.getDimSize(0);
  if (yield.getCondition() ? rows > most : rows != most)
    return emitOpError() << "result " << type << " does not stack " << most << " values";
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

LogicalResult FoldOp::verifyRegions() {
  Block &body = getBody().front();
  if (body.getNumArguments() != 2 || !body.getArgument(0).getType().isIndex() ||
      body.getArgument(1).getType() != getType())
    return emitOpError() << "expected an index and a value of type " << getType()
                         << " as arguments of the body";
  if (failed(verifyTerms(*this)))
    return failure();
  Type next = cast<YieldOp>(body.getTerminator()).getValues()[0].getType();
  if (next != getType())
    return emitOpError() << "expected a body that yields " << getType() << ", got " << next;
  return success();
}

LogicalResult MatmulOp::verify() {
  auto lhs = cast<RankedTensorType>(getLhs().getType()),
       rhs = cast<RankedTensorType>(getRhs().getType()), result = cast<RankedTensorType>(getType());
  if (lhs.getElementType() != rhs.getElementType() || lhs.getRank() != 2 || rhs.getRank() < 1 ||
      rhs.getRank() > 2 || lhs.getDimSize(1) != rhs.getDimSize(0))
    return emitOpError() << "cannot multiply " << lhs << " and " << rhs;
  SmallVector<int64_t> shape{lhs.getDimSize(0)};
  if (rhs.getRank() == 2)
    shape.push_back(rhs.getDimSize(1));
  if (result != RankedTensorType::get(shape, lhs.getElementType()))
    return emitOpError() << "product of " << lhs << " and " << rhs << " cannot be " << result;
  return success();
}

static LogicalResult verifyAxis(Operation *op, Type type, int64_t axis) {
  int64_t rank = cast<RankedTensorType>(type).getRank();
  if (axis >= 0 && axis < rank)
    return success();
  return op->emitOpError() << "axis " << axis << " is out of range for " << type;
}

LogicalResult verifyElement(Operation *op, Type type, Type expected) {
  if (getElementTypeOrSelf(type) == expected)
    return success();
  return op->emitOpError() << "expected elements of type " << expected << ", got " << type;
}

static LogicalResult verifyElements(Operation *op, TypeRange types, Type expected) {
  return success(
      llvm::all_of(types, [&](Type type) { return succeeded(verifyElement(op, type, expected)); }));
}

LogicalResult ShiftOp::verify() {
  if (failed(verifyElement(*this, getType(), getFill().getType())))
    return failure();
  return verifyAxis(*this, getType(), getAxis());
}

LogicalResult RollOp::verify() { return verifyAxis(*this, getType(), getAxis()); }

LogicalResult SumOp::verify() { return verifyElement(*this, getValue().getType(), getType()); }
LogicalResult DotOp::verify() { return verifyElement(*this, getLhs().getType(), getType()); }

LogicalResult ArgumentOp::verify() {
  auto memory = cast<MemRefType>(getMemory().getType());
  auto array = cast<RankedTensorType>(getType());
  if (memory.getShape() == array.getShape() && memory.getElementType() == array.getElementType() &&
      memory.getLayout().isIdentity())
    return success();
  return emitOpError() << memory << " cannot be read as " << array;
}

LogicalResult SampleOp::verify() {
  auto table = cast<RankedTensorType>(getTable().getType());
  int64_t degree = getDegree();
  if (degree != 1 && degree != 3)
    return emitOpError() << "expected degree 1 or 3, got " << degree;
  if (table.getRank() != 2 || table.getDimSize(0) < 1 || table.getDimSize(1) != degree + 2)
    return emitOpError() << "expected a table of rows of " << degree + 2 << " numbers, got "
                         << table;
  if (table.getElementType().isF32() && getType().isF64())
    return success();
  return verifyElement(*this, table, getType());
}

// --- the loop ---

/// A field cannot evaluate one: it would have no end.
static LogicalResult verifyOutside(Operation *op) {
  if (op->getParentOfType<FieldOp>() || op->getParentOfType<FunctionOp>())
    return op->emitOpError("expected outside of fields and functions");
  return success();
}

/// Whether values fit inputs from `first` on; one of kind memory may stand for an array.
static LogicalResult verifyInputs(Operation *op, FunctionType type, unsigned first,
                                  TypeRange types) {
  TypeRange inputs = TypeRange(type.getInputs()).drop_front(first);
  if (types.size() != inputs.size())
    return op->emitOpError() << "expected " << inputs.size() << " inputs, got " << types.size();
  for (auto [i, pair] : llvm::enumerate(llvm::zip(types, inputs))) {
    auto [type, input] = pair;
    auto array = dyn_cast<RankedTensorType>(input);
    bool memory = array && type == MemRefType::get(array.getShape(), array.getElementType());
    if (type != input && !memory)
      return op->emitOpError() << "expected input " << i << " to be " << input << ", got " << type;
  }
  return success();
}

LogicalResult EvalOp::verifySymbolUses(SymbolTableCollection &) {
  if (failed(verifyOutside(*this)))
    return failure();
  Evaluated callee(*this, getFieldAttr());
  if (!callee)
    return emitOpError() << "unknown field @" << getField();
  if (getResultTypes() != callee.type().getResults())
    return emitOpError() << "expected the results of @" << getField();
  return verifyInputs(*this, callee.type(), 0, getInputs().getTypes());
}

LogicalResult StepOp::verifySymbolUses(SymbolTableCollection &table) {
  if (failed(verifyOutside(*this)))
    return failure();
  auto field = table.lookupNearestSymbolFrom<FieldOp>(*this, getFieldAttr());
  if (!field)
    return emitOpError() << "unknown field @" << getField();
  if (getT().getType() != field.timeType() || getH().getType() != field.elementType() ||
      getY().getTypes() != field.stateTypes())
    return emitOpError("expected time and state of the field's types");
  return verifyInputs(*this, field.getFunctionType(), 1 + field.stateCount(), getArgs().getTypes());
}

LogicalResult StepOp::verify() {
  if (!llvm::is_contained(deq::emissions, std::string_view(getEmission())))
    return emitOpError() << "expected emission \"unroll\", \"outline\" or \"scan\", got \""
                         << getEmission() << '"';
  TypeRange leaves = getY().getTypes();
  if (getNext().getTypes() != leaves)
    return emitOpError("expected the new state to have the types of the old");
  SmallVector<Type> errors;
  for (unsigned i = 0; i < getMethod().errorEstimates(); ++i)
    llvm::append_range(errors, leaves);
  if (getError().getTypes() != TypeRange(errors))
    return emitOpError() << "expected " << getMethod().errorEstimates()
                         << " error estimate(s) of the state's types for method '"
                         << getMethod().methodName() << "'";
  SmallVector<Type> state;
  getMethod().stateTypes(leaves, state);
  if (getState().getTypes() != TypeRange(state) || getNextState().getTypes() != TypeRange(state))
    return emitOpError() << "expected a method state of " << state.size() << " leaves for method '"
                         << getMethod().methodName() << "'";
  return success();
}

StepOp stepOf(Value stages) {
  if (auto extension = stages.getDefiningOp<ExtendOp>())
    stages = extension.getStages();
  return stages.getDefiningOp<StepOp>();
}

LogicalResult ExtendOp::verify() {
  auto step = getStages().getDefiningOp<StepOp>();
  if (!step)
    return emitOpError("expected the interpolation data of a deq.step");
  if (!step.getMethod().hasExtraStages())
    return emitOpError() << "expected a method with extra stages, got '"
                         << step.getMethod().methodName() << "'";
  return success();
}

LogicalResult InterpolateOp::verify() {
  StepOp step = stepOf(getStages());
  if (!step)
    return emitOpError("expected the interpolation data of a deq.step");
  if (step.getMethod().hasExtraStages() && !getStages().getDefiningOp<ExtendOp>())
    return emitOpError() << "expected the interpolation data of a deq.extend, since method '"
                         << step.getMethod().methodName() << "' has extra stages";
  TypeRange leaves = step.getY().getTypes();
  if (getY().getTypes() != leaves || getNext().getTypes() != leaves || getResultTypes() != leaves ||
      getTheta().getType() != step.getH().getType())
    return emitOpError("expected the types of the step");
  return success();
}

LogicalResult StiffnessOp::verify() {
  auto step = getStages().getDefiningOp<StepOp>();
  if (!step)
    return emitOpError("expected the interpolation data of a deq.step");
  if (step.getMethod().stabilityBound() == 0)
    return emitOpError() << "expected a method with two slopes at the end of a step, got '"
                         << step.getMethod().methodName() << "'";
  return success();
}

/// A reduction over leaves needs an element to start with.
static LogicalResult verifyLeaves(Operation *op, TypeRange types) {
  if (types.empty() || llvm::any_of(types, [](Type type) { return elementCount(type) == 0; }))
    return op->emitOpError("expected leaves of at least one element");
  return verifyElements(op, types, getElementTypeOrSelf(types.front()));
}

LogicalResult MeanSquareOp::verify() {
  if (failed(verifyLeaves(*this, getValues().getTypes())))
    return failure();
  return verifyElements(*this, getValues().getTypes(), getType());
}

LogicalResult MaxMagnitudeOp::verify() {
  if (failed(verifyLeaves(*this, getValues().getTypes())))
    return failure();
  return verifyElements(*this, getValues().getTypes(), getType());
}

LogicalResult AllFiniteOp::verify() { return verifyLeaves(*this, getValues().getTypes()); }
LogicalResult LocateOp::verify() { return verifyLeaves(*this, getValues().getTypes()); }
LogicalResult SaveOp::verify() { return verifyLeaves(*this, getValues().getTypes()); }

} // namespace deq::ir
