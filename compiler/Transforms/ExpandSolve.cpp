// expand-solve: `deq.solve` becomes one function that starts or resumes a solve, loops over steps,
// writes rows and returns its whole state. The loop is the same for every method, controller and
// save plan; they fill in their parts.

#include "../Target/Abi.h"
#include "SolveExpander.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace deq::ir {

void SolveExpander::emitStartFunction() {
  listEvents();
  declare(startSymbol);
  auto fresh = [&] {
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
  };
  auto resumed = [&] {
    LoopState planned = stored;
    planned.status = status(Status::running);
    solve.getControl().emitResume(loop, planned.plan);
    Leaves flat = flatten(planned);
    flat.push_back(startRows);
    return flat;
  };
  Leaves state =
      solve.getControl().readsClips()
          ? loop.branch(loop.equalInt(stored.status, status(Status::fresh)), fresh, resumed)
          : fresh();
  Value rows = state.pop_back_val();
  emitReturn(unflatten(state), {rows, loop.boolean(false), budget});
}

void SolveExpander::emitKernel() {
  listEvents();
  declare(kernelSymbol);
  LoopState state = stored;
  CallState call{startRows, loop.boolean(false), budget};
  emitLoop(state, call);
  emitClose(state, call);
  emitReturn(state, call);
}

Leaves SolveExpander::evaluate(Time t, ValueRange y) {
  Leaves operands{loop.realTime(t.hi)};
  llvm::append_range(operands, y);
  llvm::append_range(operands, fieldArguments);
  SmallVector<Type> results(field.stateTypes());
  return Leaves(
      builder
          .create<EvalOp>(loop.loc, results, solve.getFieldAttr(), operands, builder.getUnitAttr())
          .getResults());
}

LoopState SolveExpander::freshState() {
  LoopState s;
  s.accepted = s.rejected = s.cursor = s.closed = loop.integer(0);
  s.event = loop.integer(-1);
  s.limited = loop.integer(judgesStability() ? 0 : -1);
  s.extended = loop.integer(0);
  s.plan.t = loop.inputTime(Input::t0);
  s.plan.y = initial;
  s.plan.accepted = s.accepted;
  s.plan.rejected = s.rejected;
  if (solve.getMethod().needsFirstSlope())
    s.plan.slope = evaluate(s.plan.t, s.plan.y);
  solve.getControl().emitInitial(loop, s.plan);
  solve.getMethod().emitInitialState(loop, s.plan.y, s.plan.slope, s.method);

  Value nowhere = loop.negate(loop.after(s.plan.next, s.plan.t));
  s.status = loop.select(nowhere, status(Status::step_underflow), status(Status::running));
  Value finite = builder.create<AllFiniteOp>(loop.loc, initial);
  s.component = loop.integer(-1);
  s.component = loop.select(finite, s.component, locate(initial));
  s.status = loop.select(finite, s.status, status(Status::non_finite));
  Value finished = loop.reaches(s.plan.t, loop.inputTime(Input::t1));
  s.status = loop.select(loop.both(finished, finite), status(Status::success), s.status);
  if (!events.empty()) {
    s.event = emitFirstEvents(s);
    Value stopped = loop.both(finite, loop.lessInt(loop.integer(-1), s.event));
    s.status = loop.select(stopped, status(Status::stopped), s.status);
  }
  return s;
}

Value SolveExpander::locate(ValueRange leaves) {
  return builder.create<LocateOp>(loop.loc, builder.getI64Type(), leaves);
}

void SolveExpander::emitLoop(LoopState &state, CallState &call) {
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

void SolveExpander::emitStep(LoopState &s, CallState &call) {
  const StepPlan &plan = s.plan;
  Value h = solve.getControl().emitStepSize(loop, plan);
  StepEnds ends = solve.getControl().emitEnds(loop, plan);
  Value from = loop.realTime(ends.begin), by = loop.realStep(h), to = loop.realTime(ends.end);
  SmallVector<Type> errors;
  for (unsigned i = 0; i < solve.getMethod().errorEstimates(); ++i)
    llvm::append_range(errors, ValueRange(plan.y).getTypes());
  auto step = builder.create<StepOp>(
      loop.loc, ValueRange(plan.y).getTypes(), errors, ValueRange(s.method).getTypes(),
      StagesType::get(builder.getContext()), builder.getI1Type(), solve.getFieldAttr(),
      solve.getMethod(), solve.getStagesAttr(), from, by, to, plan.y, s.method, fieldArguments);
  ValueRange fine = step.getError().take_front(errors.empty() ? 0 : plan.y.size());
  ValueRange coarse = step.getError().drop_front(fine.size());
  Attempt attempt{h, Leaves(step.getNext()), Leaves(fine), Leaves(coarse), step.getOutcome()};
  Verdict verdict = solve.getControl().emitControl(loop, plan, attempt);
  Dense dense = emitExtension(s, call, step, verdict.accept);
  stages = dense.stages;
  StepEnd end = emitEvents(s, step, verdict.accept);
  end.last = loop.reaches(plan.next, loop.inputTime(Input::t1));
  if (verdict.finished)
    end.last = loop.either(end.last, verdict.finished);
  Value cursor = emitSaves(s, call, step, end, verdict.accept);

  Value commit = loop.both(verdict.accept, loop.negate(call.full));
  LoopState after;
  after.accepted = loop.addInt(s.accepted, loop.toInt(commit));
  after.rejected = loop.addInt(s.rejected, loop.toInt(loop.negate(verdict.accept)));
  after.cursor = cursor;
  after.closed = s.closed;
  after.extended = s.watched.empty() ? dense.extended : loop.addInt(s.extended, loop.toInt(commit));
  after.limited = emitStiffness(s, after.accepted, step, commit);
  after.plan.t = loop.select(commit, end.t, plan.t);
  after.plan.next = loop.select(call.full, plan.next, verdict.next);
  after.plan.y = loop.select(commit, end.y, plan.y);
  after.plan.control = loop.select(call.full, plan.control, verdict.control);
  after.method = loop.select(commit, Leaves(step.getNextState()), s.method);
  if (verdict.restart)
    emitRestart(after, loop.both(commit, verdict.restart));
  after.watched = loop.select(commit, end.watched, s.watched);
  after.event = loop.select(commit, end.event, s.event);
  emitStatus(s, after, call, verdict, attempt, commit, end.last);
  call.budget = loop.addInt(call.budget, loop.integer(-1));
  s = after;
}

Value SolveExpander::emitStiffness(const LoopState &before, Value accepted, StepOp step,
                                   Value commit) {
  if (!judgesStability())
    return before.limited;
  Value rest =
      builder.create<arith::AndIOp>(loop.loc, accepted, loop.integer(stability_interval - 1));
  // `commit` is asked inside of the branch, so that a step pays for one test.
  return loop.branch(
      loop.equalInt(rest, loop.integer(0)),
      [&] {
        Value limited = builder.create<StiffnessOp>(loop.loc, step.getStages());
        Value counts = loop.toInt(loop.both(commit, limited));
        return Leaves{loop.addInt(before.limited, counts)};
      },
      [&] { return Leaves{before.limited}; })[0];
}

void SolveExpander::emitRestart(LoopState &s, Value jumped) {
  if (s.method.empty())
    return;
  s.method = loop.branch(
      jumped,
      [&] {
        ValueRange point = solve.getMethod().restartPoint(s.plan.y, s.method);
        Leaves slope, state;
        if (solve.getMethod().needsFirstSlope())
          slope = evaluate({solve.getControl().emitEnds(loop, s.plan).begin, nullptr}, point);
        solve.getMethod().emitInitialState(loop, point, slope, state);
        return state;
      },
      [&] { return s.method; });
}

void SolveExpander::emitStatus(const LoopState &before, LoopState &after, const CallState &call,
                               const Verdict &verdict, const Attempt &attempt, Value commit,
                               Value last) {
  Value running = status(Status::running);
  Value steps = loop.addInt(after.accepted, after.rejected);
  Value code = loop.select(loop.lessInt(steps, loop.input(Input::max_steps)), running,
                           status(Status::max_steps_reached));
  Value underflow =
      loop.select(verdict.errorFinite, status(Status::step_underflow), status(Status::non_finite));
  code = loop.select(loop.after(after.plan.next, after.plan.t), code, underflow);
  // Within an ulp of t a shorter step may round to the one that was just rejected, for ever.
  Value repeated = loop.negate(loop.after(before.plan.next, verdict.next));
  code = loop.select(loop.both(loop.negate(verdict.accept), repeated), underflow, code);
  code = loop.select(loop.equalInt(verdict.failure, running), code, verdict.failure);
  code = loop.select(loop.both(commit, last), status(Status::success), code);
  if (!events.empty())
    code = loop.select(loop.lessInt(loop.integer(-1), after.event), status(Status::stopped), code);
  Value finite = builder.create<AllFiniteOp>(loop.loc, attempt.y1);
  Value broken = loop.both(commit, loop.negate(finite));
  code = loop.select(broken, status(Status::non_finite), code);
  after.status = loop.select(call.full, running, code);

  Value failed = loop.lessInt(status(Status::stopped), after.status);
  after.component = loop.branch(
      failed, [&] { return Leaves{locate(loop.select(broken, attempt.y1, verdict.blame))}; },
      [&] { return Leaves{before.component}; })[0];
}

void SolveExpander::emitReturn(const LoopState &s, const CallState &call) {
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

LogicalResult expandSolve(ModuleOp module) {
  auto solves = llvm::to_vector(module.getOps<SolveOp>());
  if (solves.empty() && module.lookupSymbol(kernelSymbol))
    return success(); // a dump of a later stage
  if (solves.size() != 1)
    return module.emitError() << "expected one deq.solve, got " << solves.size();
  if (Operation *taken = module.lookupSymbol(kernelSymbol)) {
    InFlightDiagnostic error = solves[0].emitOpError() << "expands to @" << kernelSymbol;
    error.attachNote(taken->getLoc()) << "which is there already";
    return error;
  }
  if (module->hasAttr("deq.signature")) {
    std::optional<Signature> signature = signatureOf(module);
    if (!signature)
      return failure();
    // A kernel with other inputs than the runtime makes would read one value for another.
    for (size_t i = 0; i < leafInputKinds; ++i)
      if (LeafInput kind{unsigned(i)}; contains(signature->leafInputs(), kind) !=
                                       contains(solves[0].getControl().readsPerLeaf(), kind))
        return solves[0].emitOpError() << "expected control with " << StringRef(leafInputFlags[i])
                                       << " where the signature has it, and only there";
    ArrayAttr directions = solves[0].getDirectionsAttr();
    if (signature->events.size() != (directions ? directions.size() : 0))
      return solves[0].emitOpError()
             << "expected the " << signature->events.size() << " events of the signature";
  }
  SolveExpander(solves[0]).emitStartFunction();
  SolveExpander(solves[0]).emitKernel();
  solves[0].erase();
  return success();
}

} // namespace deq::ir
