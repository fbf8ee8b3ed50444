// Reading and writing of the places and records of a module: see the header.

#include "Abi.h"

#include "mlir/IR/Builders.h"

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
  if (auto field = attributes.getAs<StringAttr>("deq.frame"))
    return Place{Kind::frame, 0, field};
  if (attributes.contains("deq.times"))
    return Place{Kind::times, 0, {}};
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
