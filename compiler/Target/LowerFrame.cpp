// The kernel's side of the binary interface (deq/kernel.h): loads of arguments, stores of results
// and rows. The places come from the attributes that expand-solve put on the kernel.

#include "Lowering.h"
#include "deq/kernel.h"
#include "deq/solution.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace deq::ir {

Value Lowering::offset(Location loc, Value base, int64_t bytes) {
  if (bytes == 0)
    return base;
  return b.create<LLVM::GEPOp>(loc, pointer, b.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
}

Value Lowering::load(Location loc, Type type, Value from) {
  return b.create<LLVM::LoadOp>(loc, type, from);
}

Value Lowering::frameField(Location loc, Type type, int64_t at) {
  return load(loc, type, offset(loc, frame, at));
}

Value Lowering::slot(Location loc, Value block, int64_t position) {
  return offset(loc, block, position * int64_t(sizeof(Slot)));
}

int64_t Lowering::frameOffset(StringRef field) {
  return llvm::StringSwitch<int64_t>(field)
      .Case("capacity", offsetof(Frame, capacity))
      .Case("rows", offsetof(Frame, rows))
      .Default(offsetof(Frame, budget));
}

/// The input of the kernel that an operand of a call is.
static std::optional<Place> inputOf(Value operand) {
  auto argument = dyn_cast<BlockArgument>(operand);
  auto function =
      argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : func::FuncOp();
  if (!function || (function.getName() != kernelSymbol && function.getName() != startSymbol))
    return std::nullopt;
  std::optional<Place> place = placeOf(function.getArgAttrDict(argument.getArgNumber()));
  bool constant =
      place && (place->kind == Place::Kind::uniform || place->kind == Place::Kind::trajectory ||
                place->kind == Place::Kind::memory);
  return constant ? place : std::nullopt;
}

void findInputs(ModuleSymbols &symbols) {
  symbols.module.walk([&](func::CallOp call) {
    auto caller = call->getParentOfType<func::FuncOp>();
    bool hasFrame = caller.getName() == kernelSymbol || caller.getName() == startSymbol;
    SmallVector<std::optional<Place>> places;
    for (Value operand : call.getOperands())
      places.push_back(hasFrame ? inputOf(operand) : std::nullopt);
    auto [entry, isFirst] = symbols.inputs.try_emplace(call.getCallee(), places);
    for (auto [known, place] : llvm::zip_equal(entry->second, places))
      if (known && (!place || known->kind != place->kind || known->position != place->position))
        known = std::nullopt;
  });
}

void Lowering::loadArguments(func::FuncOp function, ArrayRef<std::optional<Place>> places) {
  Location loc = function.getLoc();
  unsigned next = 1;
  frame = entry->getArgument(0);
  workspace = frameField(loc, pointer, offsetof(Frame, workspace));
  if (symbols.hasStart && function.getName() == kernelSymbol)
    startIfFresh(loc);
  Value uniform = frameField(loc, pointer, offsetof(Frame, uniform));
  Value trajectory = frameField(loc, pointer, offsetof(Frame, trajectory));
  Value memory = frameField(loc, pointer, offsetof(Frame, memory));
  outTimes = frameField(loc, pointer, offsetof(Frame, out_t));
  outValues = frameField(loc, pointer, offsetof(Frame, out_y));
  for (auto [argument, place] : llvm::zip_equal(function.getArguments(), places)) {
    if (!place)
      set(argument, entry->getArgument(next++));
    if (!place || argument.use_empty())
      continue;
    Type type = lowered(argument.getType());
    switch (place->kind) {
    case Place::Kind::uniform:
      set(argument, loadSlots(loc, type, slot(loc, uniform, place->position), true));
      break;
    case Place::Kind::trajectory:
      set(argument, loadSlots(loc, type, slot(loc, trajectory, place->position), true));
      break;
    case Place::Kind::state:
      set(argument, loadSlots(loc, type, slot(loc, workspace, place->position), false));
      break;
    case Place::Kind::scratch:
      set(argument, slot(loc, workspace, place->position));
      break;
    case Place::Kind::memory:
      set(argument, loadConstant(loc, pointer, slot(loc, memory, place->position)));
      break;
    case Place::Kind::times:
      set(argument, frameField(loc, pointer, offsetof(Frame, times)));
      break;
    case Place::Kind::clips:
      set(argument, frameField(loc, pointer, offsetof(Frame, clips)));
      break;
    case Place::Kind::frame:
      set(argument, frameField(loc, type, frameOffset(place->field)));
      break;
    case Place::Kind::outcome:
      break; // verifyPlaces admits it for results only
    }
  }
}

void Lowering::startIfFresh(Location loc) {
  Value status = load(loc, b.getI64Type(), slot(loc, workspace, slot_status));
  auto is = [&](Status which) {
    return b.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::eq, status,
                                  i64(static_cast<int64_t>(which)));
  };
  Value fresh = is(Status::fresh), resumed = is(Status::resumed);
  Value begins = b.create<LLVM::OrOp>(loc, fresh, resumed);
  Block *begin = block({}), *going = block({});
  b.create<LLVM::CondBrOp>(loc, begins, begin, ValueRange(), going, ValueRange());
  b.setInsertionPointToEnd(begin);
  b.create<LLVM::CallOp>(loc, TypeRange{b.getI32Type()}, startSymbol, ValueRange{frame});
  b.create<LLVM::BrOp>(loc, ValueRange(), going);
  b.setInsertionPointToEnd(going);
}

Value Lowering::loadConstant(Location loc, Type type, Value from) {
  auto load = b.create<LLVM::LoadOp>(loc, type, from);
  load.setInvariant(true);
  constantLoads.push_back(load);
  return load;
}

llvm::MapVector<Block *, BlockUses> usesByBlock(Value value,
                                                llvm::function_ref<bool(OpOperand &)> counts) {
  llvm::MapVector<Block *, BlockUses> blocks;
  for (OpOperand &use : value.getUses())
    if (counts(use)) {
      Operation *user = use.getOwner();
      BlockUses &uses = blocks[user->getBlock()];
      if (!uses.first || user->isBeforeInBlock(uses.first))
        uses.first = user;
      uses.operands.push_back(&use);
    }
  return blocks;
}

void Lowering::loadWhereUsed() {
  for (LLVM::LoadOp load : constantLoads) {
    auto address = load.getAddr().getDefiningOp<LLVM::GEPOp>();
    for (auto &[block, uses] : usesByBlock(load, [](OpOperand &) { return true; })) {
      b.setInsertionPoint(uses.first);
      Value from = load.getAddr();
      if (address)
        from = b.clone(*address)->getResult(0);
      auto copy = cast<LLVM::LoadOp>(b.clone(*load));
      copy.getAddrMutable().assign(from);
      for (OpOperand *use : uses.operands)
        use->set(copy);
    }
    load->erase();
    if (address && address->use_empty())
      address->erase();
  }
  constantLoads.clear();
}

LogicalResult Lowering::visitReturn(func::ReturnOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> values = flat(op.getOperands());
  if (!kernel)
    return returnPacked(loc, values);
  Value outcome;
  for (auto [i, value] : llvm::enumerate(values)) {
    std::optional<Place> place = placeOf(kernel.getResultAttrDict(i));
    if (place->kind == Place::Kind::outcome)
      outcome = value;
    else if (place->kind == Place::Kind::state)
      storeSlots(loc, value, slot(loc, workspace, place->position));
    else
      b.create<LLVM::StoreOp>(loc, value, offset(loc, frame, frameOffset(place->field)));
  }
  b.create<LLVM::ReturnOp>(loc, outcome);
  return success();
}

LogicalResult Lowering::returnPacked(Location loc, ArrayRef<Value> values) {
  if (values.size() == 1) {
    b.create<LLVM::ReturnOp>(loc, values[0]);
    return success();
  }
  Value result =
      b.create<LLVM::UndefOp>(loc, packed(SmallVector<Type>(ValueRange(values).getTypes())));
  for (auto [i, value] : llvm::enumerate(values))
    result = b.create<LLVM::InsertValueOp>(loc, result, value, i);
  b.create<LLVM::ReturnOp>(loc, result);
  return success();
}

LogicalResult Lowering::storeRow(SaveOp op) {
  Location loc = op.getLoc();
  if (!kernel)
    return op.emitOpError("expected inside the kernel");
  Value row = one(op.getRow());
  Value timeAt =
      b.create<LLVM::GEPOp>(loc, pointer, b.getF64Type(), outTimes, ArrayRef<LLVM::GEPArg>{row});
  b.create<LLVM::StoreOp>(loc, one(op.getTime()), timeAt);
  SmallVector<Value> values = flat(op.getValues());
  int64_t count = 0;
  for (Value value : op.getValues())
    count += elementCount(value.getType());
  Value first = b.create<LLVM::MulOp>(loc, row, i64(count));
  Type real = getElementTypeOrSelf(values.front().getType());
  Value base = b.create<LLVM::GEPOp>(loc, pointer, real, outValues, ArrayRef<LLVM::GEPArg>{first});
  int32_t at = 0;
  for (Value value : values) {
    Value to = b.create<LLVM::GEPOp>(loc, pointer, real, base, ArrayRef<LLVM::GEPArg>{at});
    if (isPack(value.getType()))
      storeUnaligned(loc, value, to);
    else
      b.create<LLVM::StoreOp>(loc, value, to);
    at += elementCount(value.getType());
  }
  return success();
}

} // namespace deq::ir
