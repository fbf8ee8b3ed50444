// Arguments and results of a kernel: control inputs, initial state, the field's arguments, the
// frame and the workspace. Every place of the binary interface (deq/kernel.h) is assigned here and
// nowhere else.

#include "SolveExpander.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace deq::ir {

void SolveExpander::declare(Type type, StringRef kind, Attribute value) {
  types.push_back(type);
  attributes.push_back(builder.getDictionaryAttr(builder.getNamedAttr(kind, value)));
}

void SolveExpander::declare(Type type, StringRef kind, int64_t slot) {
  declare(type, kind, builder.getI64IntegerAttr(slot));
}

void SolveExpander::declareInputs() {
  Type real = loop.real, i64 = builder.getI64Type();
  int64_t slot = 0;
  auto add = [&](Type type) { declare(type, "deq.uniform", slot++); };
  auto length = [&] { add(loop.time); };
  auto time = [&] {
    length();
    if (loop.pairedTime())
      add(real);
  };
  [[maybe_unused]] auto integer = [&] { add(i64); };
  auto realInput = [&] { add(real); };
#define INPUT(name, type, value) DECLARE_##type();
#define DECLARE_time time
#define DECLARE_length length
#define DECLARE_real realInput
#define DECLARE_integer integer
#include "../Inputs.def"
  for (unsigned i = 0; i < leafInputKinds; ++i)
    if (contains(solve.getControl().readsPerLeaf(), LeafInput(i)))
      for (unsigned leaf = 0; leaf < field.stateCount(); ++leaf)
        realInput();
  for (size_t i = 0; i < events.size(); ++i)
    realInput();
#undef DECLARE_time
#undef DECLARE_length
#undef DECLARE_real
#undef DECLARE_integer
  int64_t trajectory = 0, memory = 0;
  auto leaf = [&](Type type, StringRef kind) {
    if (kind == "memory") {
      auto tensor = cast<RankedTensorType>(type);
      declare(MemRefType::get(tensor.getShape(), real), "deq.memory", memory++);
      return;
    }
    int64_t &next = kind == "uniform" ? slot : trajectory;
    declare(type, kind == "uniform" ? "deq.uniform" : "deq.trajectory", next);
    next += elementCount(type);
  };
  for (Type type : field.stateTypes())
    leaf(type, "trajectory");
  auto kinds = solve.getKinds().getAsValueRange<StringAttr>();
  size_t declared = solve.getKinds().size();
  for (auto [i, type] : llvm::enumerate(field.argumentTypes()))
    leaf(type, i < declared ? *std::next(kinds.begin(), i) : StringRef("uniform"));
  declare(MemRefType::get({ShapedType::kDynamic}, builder.getF64Type()), "deq.times",
          builder.getUnitAttr());
  if (solve.getControl().readsClips())
    declare(MemRefType::get({ShapedType::kDynamic, 2}, builder.getF64Type()), "deq.clips",
            builder.getUnitAttr());
  for (StringRef name : {"capacity", "rows", "budget"})
    declare(i64, "deq.frame", builder.getStringAttr(name));
}

void SolveExpander::declareState() {
  firstState = types.size();
  int64_t slot = 0;
  SmallVector<Type> carried(slot_t, builder.getI64Type());
  carried.append(2 * time_slots(loop.pairedTime()), loop.time);
  llvm::append_range(carried, field.stateTypes());
  for (const WatchedEvent &event : events)
    if (event.isNumber)
      carried.push_back(loop.real);
  solve.getControl().stateTypes(loop.real, loop.time, carried);
  solve.getMethod().stateTypes(field.stateTypes(), carried);
  for (Type type : carried) {
    declare(type, "deq.state", slot);
    slot += elementCount(type);
  }
}

void SolveExpander::declare(StringRef symbol) {
  declareInputs();
  declareState();
  SmallVector<Type> results{builder.getI32Type(), builder.getI64Type()};
  SmallVector<DictionaryAttr> resultAttributes{
      builder.getDictionaryAttr(builder.getNamedAttr("deq.outcome", builder.getUnitAttr())),
      builder.getDictionaryAttr(builder.getNamedAttr("deq.frame", builder.getStringAttr("rows")))};
  results.append(types.begin() + firstState, types.end());
  resultAttributes.append(attributes.begin() + firstState, attributes.end());
  kernel =
      builder.create<func::FuncOp>(solve.getLoc(), symbol, builder.getFunctionType(types, results));
  kernel.setAllArgAttrs(attributes);
  kernel.setAllResultAttrs(resultAttributes);
  Block *entry = kernel.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  bindArguments(entry->getArguments());
}

void SolveExpander::bindArguments(ValueRange arguments) {
  auto next = [&] {
    Value value = arguments.front();
    arguments = arguments.drop_front();
    return value;
  };
  auto time = [&] {
    Value hi = next();
    return Time{hi, loop.pairedTime() ? next() : Value()};
  };
  auto scalar = [&] { return Time{next(), nullptr}; };
#define INPUT(name, type, value) loop.bindInput(Input::name, BIND_##type());
#define BIND_time time
#define BIND_length scalar
#define BIND_real scalar
#define BIND_integer scalar
#include "../Inputs.def"
  for (unsigned i = 0; i < leafInputKinds; ++i)
    if (contains(solve.getControl().readsPerLeaf(), LeafInput(i)))
      for (unsigned leaf = 0; leaf < field.stateCount(); ++leaf)
        loop.bindPerLeaf(LeafInput(i), next());
  for (size_t i = 0; i < events.size(); ++i)
    eventTolerances.push_back(next());
#undef BIND_time
#undef BIND_length
#undef BIND_real
#undef BIND_integer
  for (unsigned i = 0; i < field.stateCount(); ++i)
    initial.push_back(next());
  for (size_t i = 0, n = llvm::size(field.argumentTypes()); i < n; ++i)
    fieldArguments.push_back(next());
  times = next();
  if (solve.getControl().readsClips())
    loop.clips = next();
  capacity = next();
  startRows = next();
  budget = next();
  stored = unflatten(arguments);
  loop.evaluate = [this](Time t, ValueRange y) { return evaluate(t, y); };
  loop.limit = [this](Time t, ValueRange y, bool cold) {
    return observe(solve.getLimitAttr(), t, y, cold).front();
  };
}

Leaves SolveExpander::flatten(const LoopState &s) {
  Leaves flat{s.status, s.component, s.accepted, s.rejected, s.cursor,
              s.closed, s.limited,   s.extended, s.event};
  for (Time t : {s.plan.t, s.plan.next}) {
    flat.push_back(t.hi);
    if (loop.pairedTime())
      flat.push_back(t.lo);
  }
  llvm::append_range(flat, s.plan.y);
  llvm::append_range(flat, s.watched);
  llvm::append_range(flat, s.plan.control);
  llvm::append_range(flat, s.method);
  return flat;
}

LoopState SolveExpander::unflatten(ValueRange flat) {
  auto take = [&](size_t n) {
    ValueRange head = flat.take_front(n);
    flat = flat.drop_front(n);
    return Leaves(head);
  };
  auto time = [&] {
    Leaves parts = take(time_slots(loop.pairedTime()));
    return Time{parts[0], parts.size() > 1 ? parts[1] : Value()};
  };
  Leaves counters = take(slot_t);
  LoopState s{counters[0], counters[1], counters[2], counters[3], counters[4], counters[5],
              counters[6], counters[7], counters[8], {},          {},          {}};
  s.plan.t = time();
  s.plan.next = time();
  s.plan.y = take(field.stateCount());
  s.watched =
      take(llvm::count_if(events, [](const WatchedEvent &event) { return event.isNumber; }));
  SmallVector<Type> control;
  solve.getControl().stateTypes(loop.real, loop.time, control);
  s.plan.control = take(control.size());
  s.method = Leaves(flat);
  s.plan.accepted = s.accepted;
  s.plan.rejected = s.rejected;
  return s;
}

} // namespace deq::ir
