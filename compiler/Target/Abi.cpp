// Reading and writing of the places and records of a module: see the header.

#include "Abi.h"

#include "../Dialect/Deq.h"
#include "deq/kernel.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/bit.h"

namespace deq::ir {

std::optional<Place> placeOf(DictionaryAttr attributes) {
  using Kind = Place::Kind;
  if (!attributes)
    return std::nullopt;
  static constexpr std::pair<llvm::StringLiteral, Kind> slots[] = {
      {"deq.uniform", Kind::uniform},
      {"deq.trajectory", Kind::trajectory},
      {"deq.memory", Kind::memory},
      {"deq.state", Kind::state},
      {"deq.scratch", Kind::scratch}};
  for (auto [name, kind] : slots)
    if (auto position = attributes.getAs<IntegerAttr>(name))
      return Place{kind, position.getInt(), {}};
  if (auto field = attributes.getAs<StringAttr>("deq.frame");
      field && (field == "capacity" || field == "rows" || field == "budget"))
    return Place{Kind::frame, 0, field};
  if (attributes.contains("deq.times"))
    return Place{Kind::times, 0, {}};
  if (attributes.contains("deq.clips"))
    return Place{Kind::clips, 0, {}};
  if (attributes.contains("deq.outcome"))
    return Place{Kind::outcome, 0, {}};
  return std::nullopt;
}

static int64_t scalarsOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? shaped.getNumElements() : 1;
}

int64_t workspaceSlots(func::FuncOp kernel) {
  int64_t slots = 0;
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i) {
    std::optional<Place> place = placeOf(kernel.getArgAttrDict(i));
    if (place && (place->kind == Place::Kind::state || place->kind == Place::Kind::scratch))
      slots = std::max(slots, place->position + scalarsOf(kernel.getArgument(i).getType()));
  }
  return slots;
}

// --- checks ---

/// A scalar that a slot can hold, or an array or a pack of them in consecutive slots.
static bool fillsSlots(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (isa<VectorType>(type))
    return isPack(type) && isa<FloatType>(element);
  auto array = dyn_cast<RankedTensorType>(type);
  return (!array || array.hasStaticShape()) && (array || element == type) &&
         (element.isF32() || element.isF64() || element.isInteger(64));
}

static bool holds(const Place &place, Type type, bool isArgument) {
  using Kind = Place::Kind;
  auto memory = dyn_cast<MemRefType>(type);
  switch (place.kind) {
  case Kind::uniform:
  case Kind::trajectory:
    return isArgument && fillsSlots(type);
  case Kind::state:
    return fillsSlots(type);
  case Kind::memory:
  case Kind::scratch:
    return isArgument && memory && memory.hasStaticShape();
  case Kind::times:
    return isArgument && memory && memory.getRank() == 1 && memory.getElementType().isF64();
  case Kind::clips:
    return isArgument && memory && memory.getRank() == 2 && memory.getDimSize(1) == 2 &&
           memory.getElementType().isF64() && memory.getLayout().isIdentity();
  case Kind::frame:
    return type.isInteger(64) && (isArgument || place.field == "rows");
  case Kind::outcome:
    return !isArgument && type.isInteger(32);
  }
  return false;
}

LogicalResult verifyPlaces(func::FuncOp kernel) {
  int64_t slots = 0, outcomes = 0;
  auto verify = [&](DictionaryAttr attributes, Type type, bool isArgument) {
    std::optional<Place> place = placeOf(attributes);
    if (!place || place->position < 0 || !holds(*place, type, isArgument))
      return false;
    outcomes += place->kind == Place::Kind::outcome;
    if (isArgument && (place->kind == Place::Kind::state || place->kind == Place::Kind::scratch))
      slots += scalarsOf(type) + (place->kind == Place::Kind::scratch ? slotsOfLine - 1 : 0);
    return true;
  };
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes()))
    if (!verify(kernel.getArgAttrDict(i), type, true))
      return kernel.emitOpError() << "argument " << i << " of type " << type << " has no place";
  for (auto [i, type] : llvm::enumerate(kernel.getResultTypes()))
    if (!verify(kernel.getResultAttrDict(i), type, false))
      return kernel.emitOpError() << "result " << i << " of type " << type << " has no place";
  if (outcomes != 1)
    return kernel.emitOpError() << "expected one outcome, got " << outcomes;
  for (auto [i, type] : llvm::enumerate(kernel.getResultTypes())) {
    Place place = *placeOf(kernel.getResultAttrDict(i));
    if (place.kind == Place::Kind::state &&
        place.position + scalarsOf(type) > workspaceSlots(kernel))
      return kernel.emitOpError() << "result " << i << " lies outside of the workspace";
  }
  if (workspaceSlots(kernel) > slots) // scratch may begin with a cache line
    return kernel.emitOpError("the workspace has gaps");
  return success();
}

/// Slots of the uniform block that precede the arguments.
static int64_t inputSlots(const Signature &signature) {
  int64_t slots = llvm::popcount(signature.leafInputs()) * signature.state.size();
  slots += signature.events.size(); // their tolerances
  const int64_t time = time_slots(pairsTimes(signature.dtype)), length = 1, real = 1, integer = 1;
#define INPUT(name, type, value) slots += type;
#include "../Inputs.def"
  return slots;
}

LogicalResult verifyFits(func::FuncOp kernel, const Signature &signature) {
  using Kind = Place::Kind;
  int64_t uniform = inputSlots(signature) + signature.literals, trajectory = signature.width();
  SmallVector<int64_t> memory; // sizes of the arrays
  for (const Argument &argument : signature.arguments) {
    int64_t size = elements(argument.leaf.shape);
    if (argument.kind == ArgumentKind::memory)
      memory.push_back(size);
    else
      (argument.kind == ArgumentKind::uniform ? uniform : trajectory) += size;
  }
  Builder b(kernel.getContext());
  Type real = isSingle(signature.dtype) ? b.getF32Type() : b.getF64Type();
  Type time = pairsTimes(signature.dtype) ? b.getF32Type() : b.getF64Type();
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes())) {
    Place place = *placeOf(kernel.getArgAttrDict(i));
    Type element = getElementTypeOrSelf(type);
    int64_t end = place.position + scalarsOf(type), array = place.position;
    bool inside = place.kind == Kind::uniform      ? end <= uniform
                  : place.kind == Kind::trajectory ? end <= trajectory
                  : place.kind == Kind::memory
                      ? array < int64_t(memory.size()) && scalarsOf(type) <= memory[array]
                      : true;
    // Times are inputs and state as well; the first that the runtime reads is at slot_t.
    bool isTime = place.kind == Kind::state && place.position == slot_t;
    bool mayBeTime = place.kind == Kind::state || place.kind == Kind::uniform ||
                     place.kind == Kind::trajectory; // scalar arguments have that precision
    bool typed = place.kind == Kind::times || place.kind == Kind::clips ||
                 !isa<FloatType>(element) || (element == real && !isTime) ||
                 (element == time && mayBeTime);
    if (!inside || !typed)
      return kernel.emitOpError() << "argument " << i << " does not fit the signature";
  }
  WalkResult result = kernel.walk([&](SaveOp save) {
    int64_t width = 0;
    for (Type type : save.getValues().getTypes())
      width += scalarsOf(type);
    if (width == signature.rowWidth() &&
        getElementTypeOrSelf(save.getValues().front().getType()) == real)
      return WalkResult::advance();
    save.emitOpError("does not fit the signature's state");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

// --- records ---

static std::vector<std::string> records(ModuleOp module, StringRef name) {
  std::vector<std::string> list;
  if (auto attribute = module->getAttrOfType<ArrayAttr>(name))
    for (auto record : attribute.getAsValueRange<StringAttr>())
      list.push_back(record.str());
  return list;
}

std::optional<Signature> signatureOf(ModuleOp module) {
  std::string error;
  auto signature = decodeSignature(records(module, "deq.signature"), error);
  if (!signature)
    module.emitError() << "damaged deq.signature: " << error;
  return signature;
}

std::optional<Values> valuesOf(ModuleOp module) {
  std::string error;
  auto values = decodeValues(records(module, "deq.values"), error);
  if (!values)
    module.emitError() << "damaged deq.values: " << error;
  return values;
}

static void setRecords(ModuleOp module, StringRef name, const std::vector<std::string> &list) {
  SmallVector<StringRef> references(list.begin(), list.end());
  module->setAttr(name, OpBuilder(module.getContext()).getStrArrayAttr(references));
}

void setSignature(ModuleOp module, const Signature &signature) {
  setRecords(module, "deq.signature", encode(signature));
}
void setValues(ModuleOp module, const Values &values) {
  setRecords(module, "deq.values", encode(values));
}

} // namespace deq::ir
