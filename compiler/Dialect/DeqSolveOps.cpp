// Verifiers of fields, functions and solves: what their types cannot say.
// Everything about a solve that a dump could contradict itself in is refused here, before a pass
// relies on it.

#include "../Signature.h"
#include "Deq.h"

namespace deq::ir {

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
  if (states == 0)
    return emitOpError("expected at least one state leaf");
  if (type.getNumInputs() < 1 + states)
    return emitOpError() << "expected time and " << states << " state leaves, got "
                         << type.getNumInputs() << " inputs";
  Type element = getElementTypeOrSelf(type.getResult(0)), time = type.getInput(0);
  if (!element.isF32() && !element.isF64())
    return emitOpError() << "expected elements to be f32 or f64, got " << element;
  if (time != element && !time.isF64())
    return emitOpError() << "expected time to be " << element << (element.isF32() ? " or f64" : "")
                         << ", got " << time;
  for (unsigned i = 0; i < states; ++i)
    if (type.getInput(1 + i) != type.getResult(i))
      return emitOpError() << "derivative " << i << " has type " << type.getResult(i)
                           << ", its state leaf has " << type.getInput(1 + i);
  for (auto [i, input] : llvm::enumerate(type.getInputs())) {
    if (input == time && (i == 0 || i > states))
      continue;
    if (getElementTypeOrSelf(input) != element)
      return emitOpError() << "expected one element type, got " << input << " and " << element;
    auto array = dyn_cast<RankedTensorType>(input);
    bool sized = array && array.hasStaticShape() && array.getNumElements() > 0;
    if (input != element && !sized)
      return emitOpError() << "expected scalars and arrays of known size, got " << input;
  }
  return success();
}

/// A body takes the inputs and ends by yielding the results, whatever comes between.
static LogicalResult verifyBody(Operation *op, FunctionType type) {
  Block &body = op->getRegion(0).front();
  if (TypeRange(body.getArgumentTypes()) != TypeRange(type.getInputs()))
    return op->emitOpError("entry block does not match the function type");
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getCondition())
    return op->emitOpError("expected an unconditional deq.yield at the end");
  if (yield.getValues().getTypes() != TypeRange(type.getResults()))
    return yield.emitOpError() << "yields other types than the results of '" << op->getName()
                               << "'";
  return success();
}

LogicalResult FieldOp::verifyRegions() { return verifyBody(*this, getFunctionType()); }

void FunctionOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn setName) {
  for (auto [i, argument] : llvm::enumerate(region.getArguments()))
    setName(argument, i == 0 ? "t" : "p");
}

LogicalResult FunctionOp::verifyRegions() { return verifyBody(*this, getFunctionType()); }

/// The type of what a solve observes, which is a function of the field's inputs.
static FailureOr<FunctionType> verifyObserved(SolveOp solve, FieldOp field,
                                              FlatSymbolRefAttr name) {
  FunctionOp function = solve.observed(name);
  if (!function)
    return solve.emitOpError() << "unknown function " << name;
  FunctionType type = function.getFunctionType();
  if (type.getInputs() != field.getFunctionType().getInputs())
    return solve.emitOpError() << "expected " << name << " to have the field's inputs";
  return type;
}

static LogicalResult verifySaved(SolveOp solve, FieldOp field) {
  if (!solve.getSaved())
    return success();
  auto type = verifyObserved(solve, field, solve.getSavedAttr());
  if (failed(type))
    return failure();
  for (Type result : type->getResults())
    if (getElementTypeOrSelf(result) != field.elementType())
      return solve.emitOpError() << "expected saved values of " << field.elementType() << ", got "
                                 << result;
  return success();
}

static LogicalResult verifyEvents(SolveOp solve, FieldOp field) {
  if (!solve.getEvents())
    return success();
  auto observed = verifyObserved(solve, field, solve.getEventsAttr());
  if (failed(observed))
    return failure();
  FunctionType type = *observed;
  if (!solve.getDirections() || solve.getDirectionsAttr().size() != type.getNumResults())
    return solve.emitOpError() << "expected a direction for each of " << type.getNumResults()
                               << " events";
  for (auto [direction, result] :
       llvm::zip(solve.getDirectionsAttr().getAsValueRange<StringAttr>(), type.getResults())) {
    if (direction != "any" && direction != "up" && direction != "down")
      return solve.emitOpError() << "unknown direction \"" << direction << '"';
    if (result != field.elementType() && !result.isInteger(1))
      return solve.emitOpError() << "expected an event of type " << field.elementType()
                                 << " or i1, got " << result;
    if (result.isInteger(1) && direction != "any")
      return solve.emitOpError("expected a condition without a direction");
  }
  return success();
}

static LogicalResult verifyLimit(SolveOp solve, FieldOp field) {
  if (solve.getControl().readsLimit() != solve.getLimit().has_value())
    return solve.emitOpError("expected #deq.limit where the solve has a limit, and only there");
  if (!solve.getLimit())
    return success();
  auto type = verifyObserved(solve, field, solve.getLimitAttr());
  if (failed(type))
    return failure();
  if (type->getResults() != TypeRange(field.elementType()))
    return solve.emitOpError() << "expected a limit of type " << field.elementType();
  return success();
}

LogicalResult SolveOp::verify() {
  auto field = SymbolTable::lookupNearestSymbolFrom<FieldOp>(*this, getFieldAttr());
  if (!field)
    return emitOpError() << "unknown field @" << getField();
  if (failed(field.verify())) // what follows relies on its types
    return failure();
  if (getControl().needsError() && getMethod().errorEstimates() == 0)
    return emitOpError() << "method '" << getMethod().methodName()
                         << "' has no error estimate to control steps with";
  if (!llvm::is_contained(deq::emissions, std::string_view(getStages())))
    return emitOpError() << "expected stages \"unroll\", \"outline\" or \"scan\", got \""
                         << getStages() << '"';
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
  return failure(failed(verifySaved(*this, field)) || failed(verifyEvents(*this, field)) ||
                 failed(verifyLimit(*this, field)));
}

} // namespace deq::ir
