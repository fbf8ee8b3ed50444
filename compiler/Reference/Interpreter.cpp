// The program around the machine: loads a kernel's arguments from the frame, runs it, stores its
// results. It mirrors what LowerToLLVM emits, place by place.

#include "Interpreter.h"

#include "../Target/Abi.h"
#include "Machine.h"

namespace deq::ir {

namespace {

double readSlot(const Slot &slot, Type type) { return type.isF32() ? slot.f32 : slot.f64; }

class InterpretedProgram : public Program {
public:
  InterpretedProgram(OwnedModule owned, func::FuncOp kernel, func::FuncOp start)
      : owned(std::move(owned)), kernel(kernel), start(start) {}

  Outcome call(Frame &frame) const override {
    const auto status = static_cast<Status>(frame.workspace[slot_status].i64);
    if (start && (status == Status::fresh || status == Status::resumed))
      run(start, frame);
    return run(kernel, frame);
  }

private:
  Outcome run(func::FuncOp function, Frame &frame) const {
    RowSink sink{frame.out_t, frame.out_y, stateIsSingle()};
    Machine machine(sink);
    std::vector<Cell> arguments;
    for (BlockArgument argument : function.getArguments())
      arguments.push_back(load(function, frame, argument));
    auto results = machine.run(function.getBody().front(), std::move(arguments));
    if (!results) {
      // An index out of range in an edited dump: every operation has a rule. Ends the solve, not
      // the process.
      frame.workspace[slot_status].i64 = static_cast<int64_t>(Status::non_finite);
      return Outcome::done;
    }
    Outcome outcome = Outcome::done;
    for (auto [i, result] : llvm::enumerate(*results))
      if (placeOf(function.getResultAttrDict(i))->kind == Place::Kind::outcome)
        outcome = static_cast<Outcome>(result.ints.front());
      else
        store(function, frame, i, result);
    return outcome;
  }

  bool stateIsSingle() const { return inputType("deq.trajectory").isF32(); }

  Type inputType(StringRef name) const {
    for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
      if (kernel.getArgAttr(i, name))
        return getElementTypeOrSelf(kernel.getArgument(i).getType());
    return Float64Type::get(owned.context.get());
  }

  static Cell load(func::FuncOp function, const Frame &frame, BlockArgument argument) {
    Place place = *placeOf(function.getArgAttrDict(argument.getArgNumber()));
    Cell cell;
    switch (place.kind) {
    case Place::Kind::uniform:
      return loadSlots(frame.uniform + place.position, argument.getType());
    case Place::Kind::trajectory:
      return loadSlots(frame.trajectory + place.position, argument.getType());
    case Place::Kind::state:
      return loadSlots(frame.workspace + place.position, argument.getType());
    case Place::Kind::scratch:
      cell.memory = frame.workspace + place.position;
      return cell;
    case Place::Kind::memory:
      cell.memory = const_cast<void *>(frame.memory[place.position]);
      return cell;
    case Place::Kind::times:
      cell.memory = const_cast<double *>(frame.times);
      return cell;
    case Place::Kind::clips:
      cell.memory = const_cast<double *>(frame.clips);
      return cell;
    default:
      cell.ints = {place.field == "capacity" ? frame.capacity
                   : place.field == "rows"   ? frame.rows
                                             : frame.budget};
      return cell;
    }
  }

  static Cell loadSlots(const Slot *slots, Type type) {
    Type element = getElementTypeOrSelf(type);
    Cell cell;
    for (int64_t i = 0, n = elementCount(type); i < n; ++i) {
      if (element.isIntOrIndex())
        cell.ints.push_back(slots[i].i64);
      else
        cell.reals.push_back(readSlot(slots[i], element));
    }
    return cell;
  }

  static void store(func::FuncOp function, Frame &frame, unsigned i, const Cell &cell) {
    Place place = *placeOf(function.getResultAttrDict(i));
    if (place.kind == Place::Kind::frame) {
      frame.rows = cell.ints.front();
      return;
    }
    Slot *slots = frame.workspace + place.position;
    bool single = getElementTypeOrSelf(function.getResultTypes()[i]).isF32();
    for (int64_t value : cell.ints)
      (slots++)->i64 = value;
    for (double value : cell.reals) {
      if (single)
        slots->f32 = static_cast<float>(value);
      else
        slots->f64 = value;
      ++slots;
    }
  }

  OwnedModule owned;
  mutable func::FuncOp kernel, start; ///< `start` is null if a dump has none
};

} // namespace

std::shared_ptr<const Program> interpret(OwnedModule owned, std::int64_t &workspaceSlots,
                                         Diagnostics &diagnostics) {
  auto kernel = owned.module->lookupSymbol<func::FuncOp>(kernelSymbol);
  auto start = owned.module->lookupSymbol<func::FuncOp>(startSymbol);
  if (!kernel || failed(verifyPlaces(kernel)) || (start && failed(verifyPlaces(start)))) {
    diagnostics.report(
        Id::no_kernel, {},
        "the interpreter runs stages 'field' to 'unpacked', and finds no kernel here");
    return nullptr;
  }
  Operation *unknown = nullptr;
  owned.module->walk([&](Operation *op) {
    if (!unknown && !hasRule(op))
      unknown = op;
  });
  if (unknown) {
    diagnostics.report(Id::past_stage, {},
                       "the interpreter has no rule for '" +
                           unknown->getName().getStringRef().str() + "'");
    return nullptr;
  }
  workspaceSlots = ir::workspaceSlots(kernel);
  return std::make_shared<InterpretedProgram>(std::move(owned), kernel, start);
}

} // namespace deq::ir
