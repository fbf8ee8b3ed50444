// expand-solve: `deq.solve` becomes one function that starts or resumes a solve, loops over steps,
// writes rows and returns its whole state. The loop is the same for every method, controller and
// save plan; they fill in their parts.

#include "Passes.h"
#include "deq/kernel.h"
#include "deq/solution.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace deq::ir {

namespace {

using Leaves = SmallVector<Value>;

/// Everything that lives from step to step and, in the same order, in the workspace.
struct LoopState {
  Value status, component, accepted, rejected, cursor, closed;
  StepPlan plan; ///< t, next, y, control; `slope` unused
  Leaves method;
};

/// State of one call only.
struct CallState {
  Value rows, full, budget;
};

class SolveExpander {
public:
  explicit SolveExpander(SolveOp solve)
      : solve(solve),
        field(SymbolTable::lookupNearestSymbolFrom<FieldOp>(solve, solve.getFieldAttr())),
        builder(solve), loop(builder, solve.getLoc(), field.elementType()) {}

  void run() {
    declareKernel();
    LoopState state = emitStart();
    CallState call{startRows, loop.boolean(false), budget};
    emitLoop(state, call);
    emitClose(state, call);
    emitReturn(state, call);
    solve.erase();
  }

private:
  //===--- arguments
  //------------------------------------------------------------------------------------------===//

  void declare(Type type, StringRef kind, Attribute value) {
    types.push_back(type);
    attributes.push_back(builder.getDictionaryAttr(builder.getNamedAttr(kind, value)));
  }
  void declare(Type type, StringRef kind, int64_t slot) {
    declare(type, kind, builder.getI64IntegerAttr(slot));
  }

  void declareInputs() {
    Type real = loop.real, i64 = builder.getI64Type();
    int64_t slot = 0;
    auto add = [&](Type type) { declare(type, "deq.uniform", slot++); };
    auto time = [&] {
      add(real);
      if (loop.pairedTime())
        add(real);
    };
    [[maybe_unused]] auto integer = [&] { add(i64); };
    [[maybe_unused]] auto realInput = [&] { add(real); };
#define INPUT(name, type, value) DECLARE_##type();
#define DECLARE_time time
#define DECLARE_real realInput
#define DECLARE_integer integer
#include "../Inputs.def"
#undef DECLARE_time
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
    for (StringRef name : {"capacity", "rows", "budget"})
      declare(i64, "deq.frame", builder.getStringAttr(name));
  }

  void declareState() {
    firstState = types.size();
    int64_t slot = 0;
    SmallVector<Type> carried(6, builder.getI64Type());
    carried.append(2 * time_slots(loop.pairedTime()), loop.real);
    llvm::append_range(carried, field.stateTypes());
    solve.getControl().stateTypes(loop.real, carried);
    solve.getMethod().stateTypes(field.stateTypes(), carried);
    for (Type type : carried) {
      declare(type, "deq.state", slot);
      slot += elementCount(type);
    }
  }

  void declareKernel() {
    declareInputs();
    declareState();
    SmallVector<Type> results{builder.getI32Type(), builder.getI64Type()};
    SmallVector<DictionaryAttr> resultAttributes{
        builder.getDictionaryAttr(builder.getNamedAttr("deq.outcome", builder.getUnitAttr())),
        builder.getDictionaryAttr(
            builder.getNamedAttr("deq.frame", builder.getStringAttr("rows")))};
    results.append(types.begin() + firstState, types.end());
    resultAttributes.append(attributes.begin() + firstState, attributes.end());
    kernel = builder.create<func::FuncOp>(solve.getLoc(), kernelSymbol,
                                          builder.getFunctionType(types, results));
    kernel.setAllArgAttrs(attributes);
    kernel.setAllResultAttrs(resultAttributes);
    Block *entry = kernel.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    bindArguments(entry->getArguments());
  }

  void bindArguments(ValueRange arguments) {
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
#define BIND_real scalar
#define BIND_integer scalar
#include "../Inputs.def"
#undef BIND_time
#undef BIND_real
#undef BIND_integer
    for (unsigned i = 0; i < field.stateCount(); ++i)
      initial.push_back(next());
    for (size_t i = 0, n = llvm::size(field.argumentTypes()); i < n; ++i)
      fieldArguments.push_back(next());
    times = next();
    capacity = next();
    startRows = next();
    budget = next();
    stored = unflatten(arguments);
    loop.evaluate = [this](Time t, ValueRange y) { return evaluate(t, y); };
  }

  //===--- state as a flat list
  //-------------------------------------------------------------------------------===//

  Leaves flatten(const LoopState &s) {
    Leaves flat{s.status, s.component, s.accepted, s.rejected, s.cursor, s.closed};
    for (Time t : {s.plan.t, s.plan.next}) {
      flat.push_back(t.hi);
      if (loop.pairedTime())
        flat.push_back(t.lo);
    }
    llvm::append_range(flat, s.plan.y);
    llvm::append_range(flat, s.plan.control);
    llvm::append_range(flat, s.method);
    return flat;
  }

  LoopState unflatten(ValueRange flat) {
    auto take = [&](size_t n) {
      ValueRange head = flat.take_front(n);
      flat = flat.drop_front(n);
      return Leaves(head);
    };
    auto time = [&] {
      Leaves parts = take(time_slots(loop.pairedTime()));
      return Time{parts[0], parts.size() > 1 ? parts[1] : Value()};
    };
    Leaves counters = take(6);
    LoopState s{counters[0], counters[1], counters[2], counters[3],
                counters[4], counters[5], {},          {}};
    s.plan.t = time();
    s.plan.next = time();
    s.plan.y = take(field.stateCount());
    SmallVector<Type> control;
    solve.getControl().stateTypes(loop.real, control);
    s.plan.control = take(control.size());
    s.method = Leaves(flat);
    s.plan.accepted = s.accepted;
    s.plan.rejected = s.rejected;
    return s;
  }

  //===--- start
  //----------------------------------------------------------------------------------------------===//

  Value status(Status value) { return loop.integer(static_cast<int64_t>(value)); }

  Leaves evaluate(Time t, ValueRange y) {
    Leaves operands{t.hi};
    llvm::append_range(operands, y);
    llvm::append_range(operands, fieldArguments);
    SmallVector<Type> results(field.stateTypes());
    return Leaves(builder
                      .create<EvalOp>(loop.loc, results, solve.getFieldAttr(), operands,
                                      builder.getUnitAttr())
                      .getResults());
  }

  void save(Value row, Value time, ValueRange values) {
    builder.create<SaveOp>(loop.loc, row, time, values);
  }

  /// The state of a fresh solve, or the one that the workspace holds; sets startRows.
  LoopState emitStart() {
    Value fresh = loop.equalInt(stored.status, status(Status::fresh));
    Leaves values = loop.branch(
        fresh,
        [&] {
          LoopState state = freshState();
          Leaves flat = flatten(state);
          Value wanted = loop.equalInt(loop.input(Input::save_start), loop.integer(1));
          flat.push_back(loop.branch(
              wanted,
              [&] {
                save(startRows, loop.widen(state.plan.t), state.plan.y);
                return Leaves{loop.addInt(startRows, loop.integer(1))};
              },
              [&] { return Leaves{startRows}; })[0]);
          return flat;
        },
        [&] {
          Leaves flat = flatten(stored);
          flat.push_back(startRows);
          return flat;
        });
    startRows = values.pop_back_val();
    return unflatten(values);
  }

  LoopState freshState() {
    LoopState s;
    s.accepted = s.rejected = s.cursor = s.closed = loop.integer(0);
    s.plan.t = loop.inputTime(Input::t0);
    s.plan.y = initial;
    s.plan.accepted = s.accepted;
    s.plan.rejected = s.rejected;
    if (solve.getMethod().needsFirstSlope())
      s.plan.slope = evaluate(s.plan.t, s.plan.y);
    solve.getControl().emitInitial(loop, s.plan);
    solve.getMethod().emitInitialState(s.plan.slope, s.method);

    Value nowhere = loop.negate(loop.after(s.plan.next, s.plan.t));
    s.status = loop.select(nowhere, status(Status::step_underflow), status(Status::running));
    Value finite = builder.create<AllFiniteOp>(loop.loc, initial);
    s.component = loop.integer(-1);
    s.component = loop.select(finite, s.component, locate(initial));
    s.status = loop.select(finite, s.status, status(Status::non_finite));
    Value finished = loop.reaches(s.plan.t, loop.inputTime(Input::t1));
    s.status = loop.select(loop.both(finished, finite), status(Status::success), s.status);
    return s;
  }

  Value locate(ValueRange leaves) {
    return builder.create<LocateOp>(loop.loc, builder.getI64Type(), leaves);
  }

  //===--- loop
  //-----------------------------------------------------------------------------------------------===//

  void emitLoop(LoopState &state, CallState &call) {
    Leaves carried = flatten(state);
    carried.append({call.rows, call.full, call.budget});
    SmallVector<Type> carriedTypes(ValueRange(carried).getTypes());
    auto unpackCall = [](ValueRange values) {
      size_t n = values.size();
      return CallState{values[n - 3], values[n - 2], values[n - 1]};
    };
    auto op = builder.create<scf::WhileOp>(
        loop.loc, carriedTypes, carried,
        [&](OpBuilder &, Location, ValueRange values) {
          OpBuilder::InsertionGuard guard(builder);
          builder.setInsertionPointToEnd(values[0].getParentBlock());
          CallState now = unpackCall(values);
          Value running = loop.equalInt(values[0], status(Status::running));
          Value left = loop.lessInt(loop.integer(0), now.budget);
          Value go = loop.both(loop.both(running, left), loop.negate(now.full));
          builder.create<scf::ConditionOp>(loop.loc, go, values);
        },
        [&](OpBuilder &, Location, ValueRange values) {
          OpBuilder::InsertionGuard guard(builder);
          builder.setInsertionPointToEnd(values[0].getParentBlock());
          LoopState before = unflatten(values.drop_back(3));
          CallState now = unpackCall(values);
          emitStep(before, now);
          Leaves next = flatten(before);
          next.append({now.rows, now.full, now.budget});
          builder.create<scf::YieldOp>(loop.loc, next);
        });
    ValueRange results = op.getResults();
    state = unflatten(results.drop_back(3));
    call = unpackCall(results);
  }

  /// One attempt: step, judge, save, commit. A step whose rows do not all fit is not committed but
  /// repeated by the next call, which gives the same bits; only the cursor remembers the rows that
  /// did fit.
  void emitStep(LoopState &s, CallState &call) {
    const StepPlan &plan = s.plan;
    Value h = solve.getControl().emitStepSize(loop, plan);
    auto step = builder.create<StepOp>(
        loop.loc, ValueRange(plan.y).getTypes(),
        solve.getMethod().hasError() ? TypeRange(ValueRange(plan.y)) : TypeRange(),
        ValueRange(s.method).getTypes(), StagesType::get(builder.getContext()), builder.getI1Type(),
        solve.getFieldAttr(), solve.getMethod(), solve.getStagesAttr(), plan.t.hi, h, plan.next.hi,
        plan.y, s.method, fieldArguments);
    Attempt attempt{h, Leaves(step.getNext()), Leaves(step.getError()), step.getOutcome()};
    Verdict verdict = solve.getControl().emitControl(loop, plan, attempt);
    Value cursor = emitSaves(s, call, step, verdict.accept);

    Value commit = loop.both(verdict.accept, loop.negate(call.full));
    LoopState after;
    after.accepted = loop.addInt(s.accepted, loop.toInt(commit));
    after.rejected = loop.addInt(s.rejected, loop.toInt(loop.negate(verdict.accept)));
    after.cursor = cursor;
    after.closed = s.closed;
    after.plan.t = loop.select(commit, plan.next, plan.t);
    after.plan.next = loop.select(call.full, plan.next, verdict.next);
    after.plan.y = loop.select(commit, attempt.y1, plan.y);
    after.plan.control = loop.select(call.full, plan.control, verdict.control);
    after.method = loop.select(commit, Leaves(step.getNextState()), s.method);
    emitStatus(s, after, call, verdict, attempt, commit);
    call.budget = loop.addInt(call.budget, loop.integer(-1));
    s = after;
  }

  void emitStatus(const LoopState &before, LoopState &after, const CallState &call,
                  const Verdict &verdict, const Attempt &attempt, Value commit) {
    Value running = status(Status::running);
    Value steps = loop.addInt(after.accepted, after.rejected);
    Value code = loop.select(loop.lessInt(steps, loop.input(Input::max_steps)), running,
                             status(Status::max_steps_reached));
    Value underflow = loop.select(verdict.errorFinite, status(Status::step_underflow),
                                  status(Status::non_finite));
    code = loop.select(loop.after(after.plan.next, after.plan.t), code, underflow);
    // Within an ulp of t a shorter step may round to the one that was just rejected, for ever.
    Value repeated = loop.negate(loop.after(before.plan.next, verdict.next));
    code = loop.select(loop.both(loop.negate(verdict.accept), repeated), underflow, code);
    code = loop.select(loop.equalInt(verdict.failure, running), code, verdict.failure);
    Value done = loop.both(commit, loop.reaches(before.plan.next, loop.inputTime(Input::t1)));
    code = loop.select(done, status(Status::success), code);
    Value finite = builder.create<AllFiniteOp>(loop.loc, attempt.y1);
    Value broken = loop.both(commit, loop.negate(finite));
    code = loop.select(broken, status(Status::non_finite), code);
    after.status = loop.select(call.full, running, code);

    Value failed = loop.lessInt(status(Status::stopped), after.status);
    after.component = loop.branch(
        failed, [&] { return Leaves{locate(loop.select(broken, attempt.y1, verdict.blame))}; },
        [&] { return Leaves{before.component}; })[0];
  }

  //===--- rows
  //-----------------------------------------------------------------------------------------------===//

  /// Writes the rows of an accepted step; updates call.rows and call.full and returns the new
  /// cursor.
  Value emitSaves(const LoopState &s, CallState &call, StepOp step, Value accept) {
    StringRef kind = solve.getSave().getKind();
    if (kind == "times")
      return emitTimedSaves(s, call, step, accept);
    if (kind == "steps")
      emitCountedSave(s, call, step, accept);
    return s.cursor;
  }

  Value timeAt(Value cursor) {
    Value index = builder.create<arith::IndexCastOp>(loop.loc, builder.getIndexType(), cursor);
    return builder.create<memref::LoadOp>(loop.loc, times, index);
  }

  Value emitTimedSaves(const LoopState &s, CallState &call, StepOp step, Value accept) {
    Value begin = loop.widen(s.plan.t), end = loop.widen(s.plan.next);
    auto pending = [&](Value cursor) { return loop.lessEqual(timeAt(cursor), end); };
    Leaves results = loop.branch(
        loop.both(accept, pending(s.cursor)),
        [&] {
          auto op = builder.create<scf::WhileOp>(
              loop.loc, TypeRange{s.cursor.getType(), call.rows.getType()},
              ValueRange{s.cursor, call.rows},
              [&](OpBuilder &, Location, ValueRange values) {
                OpBuilder::InsertionGuard guard(builder);
                builder.setInsertionPointToEnd(values[0].getParentBlock());
                Value room = loop.lessInt(values[1], capacity);
                builder.create<scf::ConditionOp>(loop.loc, loop.both(pending(values[0]), room),
                                                 values);
              },
              [&](OpBuilder &, Location, ValueRange values) {
                OpBuilder::InsertionGuard guard(builder);
                builder.setInsertionPointToEnd(values[0].getParentBlock());
                saveInside(timeAt(values[0]), begin, end, values[1], s, step);
                Value one = loop.integer(1);
                builder.create<scf::YieldOp>(
                    loop.loc, ValueRange{loop.addInt(values[0], one), loop.addInt(values[1], one)});
              });
          return Leaves{op.getResult(0), op.getResult(1), pending(op.getResult(0))};
        },
        [&] {
          return Leaves{s.cursor, call.rows, loop.boolean(false)};
        });
    call.rows = results[1];
    call.full = results[2];
    return results[0];
  }

  /// A row at a time inside the step, by the method's interpolant; exactly y1 at its end.
  void saveInside(Value time, Value begin, Value end, Value row, const LoopState &s, StepOp step) {
    Value wide = loop.div(loop.sub(time, begin), loop.widen(step.getH()));
    Leaves inside(builder
                      .create<InterpolateOp>(loop.loc, step.getNext().getTypes(), step.getStages(),
                                             loop.narrow(wide), step.getH(), s.plan.y,
                                             step.getNext())
                      .getResult());
    save(row, time, loop.select(loop.lessEqual(end, time), Leaves(step.getNext()), inside));
  }

  void emitCountedSave(const LoopState &s, CallState &call, StepOp step, Value accept) {
    Value number = loop.addInt(s.accepted, loop.integer(1));
    Value rest = builder.create<arith::RemSIOp>(loop.loc, number, loop.input(Input::save_every));
    Value last = loop.reaches(s.plan.next, loop.inputTime(Input::t1));
    Value due =
        loop.both(loop.both(accept, loop.equalInt(rest, loop.integer(0))), loop.negate(last));
    Value room = loop.lessInt(call.rows, capacity);
    call.full = loop.both(due, loop.negate(room));
    Value row = call.rows;
    call.rows = loop.branch(
        loop.both(due, room),
        [&] {
          save(row, loop.widen(s.plan.next), step.getNext());
          return Leaves{loop.addInt(row, loop.integer(1))};
        },
        [&] { return Leaves{row}; })[0];
  }

  /// The closing row, where the solve ended; if there is no room for it the call ends with
  /// output_full.
  void emitClose(LoopState &s, CallState &call) {
    Value ended = loop.lessInt(status(Status::running), s.status);
    Value wanted = loop.equalInt(loop.input(Input::save_end), loop.integer(1));
    Value open = loop.both(loop.both(ended, wanted), loop.equalInt(s.closed, loop.integer(0)));
    Value room = loop.lessInt(call.rows, capacity);
    call.full = loop.either(call.full, loop.both(open, loop.negate(room)));
    Leaves results = loop.branch(
        loop.both(open, room),
        [&] {
          save(call.rows, loop.widen(s.plan.t), s.plan.y);
          return Leaves{loop.addInt(call.rows, loop.integer(1)), loop.integer(1)};
        },
        [&] {
          return Leaves{call.rows, s.closed};
        });
    call.rows = results[0];
    s.closed = results[1];
  }

  void emitReturn(const LoopState &s, const CallState &call) {
    auto outcome = [&](Outcome value) {
      return builder.create<arith::ConstantOp>(
          loop.loc, builder.getI32IntegerAttr(static_cast<int32_t>(value)));
    };
    Value running = loop.equalInt(s.status, status(Status::running));
    Value code = loop.select(running, outcome(Outcome::budget_spent), outcome(Outcome::done));
    code = loop.select(call.full, outcome(Outcome::output_full), code);
    Leaves results{code, call.rows};
    llvm::append_range(results, flatten(s));
    builder.create<func::ReturnOp>(loop.loc, results);
  }

  SolveOp solve;
  FieldOp field;
  OpBuilder builder;
  LoopContext loop;
  func::FuncOp kernel;
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attributes;
  size_t firstState = 0;
  Leaves initial, fieldArguments;
  Value times, capacity, startRows, budget;
  LoopState stored;
};

} // namespace

LogicalResult expandSolve(ModuleOp module) {
  auto solves = llvm::to_vector(module.getOps<SolveOp>());
  if (solves.empty() && module.lookupSymbol(kernelSymbol))
    return success(); // a dump of a later stage
  if (solves.size() != 1)
    return module.emitError() << "expected one deq.solve, got " << solves.size();
  if (!SymbolTable::lookupNearestSymbolFrom<FieldOp>(solves[0], solves[0].getFieldAttr()))
    return solves[0].emitError() << "unknown field @" << solves[0].getField();
  SolveExpander(solves[0]).run();
  return success();
}

} // namespace deq::ir
