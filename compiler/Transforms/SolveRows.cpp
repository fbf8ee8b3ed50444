// Rows of output: what a save plan adds to the loop, and the closing row.
// A row that finds no room stops the call; nothing of the step is committed then but the rows that
// did fit.

#include "SolveExpander.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <limits>

namespace deq::ir {

void SolveExpander::save(Value row, Value time, ValueRange state, ValueRange derivative) {
  Leaves values(state);
  if (solve.getSavedAttr())
    values.append(observe(solve.getSavedAttr(), loop.fromWide(time), state, true));
  if (solve.getSave().writesDerivatives() && derivative.empty())
    for (Value leaf : state)
      values.push_back(loop.constant(std::numeric_limits<double>::quiet_NaN(), leaf.getType()));
  values.append(derivative.begin(), derivative.end());
  builder.create<SaveOp>(loop.loc, row, loop.realTime(time), values);
}

SolveExpander::Dense SolveExpander::emitExtension(const LoopState &s, const CallState &call,
                                                  StepOp step, Value accept) {
  if (!solve.getMethod().hasExtraStages())
    return {step.getStages(), s.extended};
  if (!s.watched.empty())
    return {builder.create<ExtendOp>(loop.loc, step.getStages(), accept), s.extended};
  if (!solve.getSave().listsTimes())
    return {step.getStages(), s.extended};
  Value room = loop.lessInt(call.rows, capacity);
  // Without derivatives, a row at the end needs no interpolant.
  Time first = loop.fromWide(timeAt(s.cursor));
  Value inside = solve.getSave().writesDerivatives() ? loop.reaches(s.plan.next, first)
                                                     : loop.after(s.plan.next, first);
  Value due = loop.both(loop.both(accept, room), inside);
  Value stages = builder.create<ExtendOp>(loop.loc, step.getStages(), due);
  Value known = loop.branch(
      loop.both(due, loop.lessInt(loop.integer(0), s.cursor)),
      [&] {
        Value last = timeAt(loop.addInt(s.cursor, loop.integer(-1)));
        return Leaves{loop.after(loop.fromWide(last), s.plan.t)};
      },
      [&] { return Leaves{loop.boolean(false)}; })[0];
  return {stages, loop.addInt(s.extended, loop.toInt(loop.both(due, loop.negate(known))))};
}

Value SolveExpander::emitSaves(const LoopState &s, CallState &call, StepOp step, const StepEnd &end,
                               Value accept) {
  Value cursor = s.cursor;
  if (solve.getSave().listsTimes())
    cursor = emitTimedSaves(s, call, step, end, accept);
  if (solve.getSave().countsSteps())
    emitCountedSave(s, call, step, end, accept);
  return cursor;
}

Value SolveExpander::timeAt(Value cursor) {
  Value index = builder.create<arith::IndexCastOp>(loop.loc, builder.getIndexType(), cursor);
  return builder.create<memref::LoadOp>(loop.loc, times, index);
}

Value SolveExpander::emitTimedSaves(const LoopState &s, CallState &call, StepOp step,
                                    const StepEnd &end, Value accept) {
  // Times are compared as the solve keeps them: t1 in a list is then t1, also in f32.
  auto pending = [&](Value cursor) { return loop.reaches(end.t, loop.fromWide(timeAt(cursor))); };
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
              Value time = timeAt(values[0]);
              Leaves derivative;
              if (solve.getSave().writesDerivatives())
                derivative = interpolate(thetaOf(time, s, step), s, step, true);
              save(values[1], time, stateInside(time, s, step), derivative);
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

Value SolveExpander::thetaOf(Value time, const LoopState &s, StepOp step) {
  Value since = loop.sub(loop.realTime(time), loop.realTime(loop.widen(s.plan.t)));
  return loop.narrow(loop.div(since, loop.widen(step.getH())));
}

Leaves SolveExpander::stateInside(Value time, const LoopState &s, StepOp step) {
  Value theta = thetaOf(time, s, step);
  Value atEnd = loop.reaches(loop.fromWide(time), s.plan.next);
  return loop.select(atEnd, Leaves(step.getNext()), interpolate(theta, s, step));
}

Leaves SolveExpander::interpolate(Value theta, const LoopState &s, StepOp step, bool derivative) {
  return Leaves(builder
                    .create<InterpolateOp>(loop.loc, step.getNext().getTypes(), stages, theta,
                                           step.getH(), s.plan.y, step.getNext(), derivative)
                    .getResult());
}

void SolveExpander::emitCountedSave(const LoopState &s, CallState &call, StepOp step,
                                    const StepEnd &end, Value accept) {
  Value number = loop.addInt(s.accepted, loop.integer(1));
  Value rest = builder.create<arith::RemSIOp>(loop.loc, number, loop.input(Input::save_every));
  Value last = end.stopped ? loop.either(end.last, end.stopped) : end.last;
  Value due = loop.both(loop.both(accept, loop.equalInt(rest, loop.integer(0))), loop.negate(last));
  if (solve.getSave().listsTimes()) // the rows before it come first
    due = loop.both(due, loop.negate(call.full));
  Value room = loop.lessInt(call.rows, capacity);
  Value missing = loop.both(due, loop.negate(room));
  call.full = solve.getSave().listsTimes() ? loop.either(call.full, missing) : missing;
  Value row = call.rows;
  call.rows = loop.branch(
      loop.both(due, room),
      [&] {
        save(row, loop.widen(s.plan.next), step.getNext());
        return Leaves{loop.addInt(row, loop.integer(1))};
      },
      [&] { return Leaves{row}; })[0];
}

Value SolveExpander::endsAtRow(const LoopState &s) {
  auto countedStep = [&]() -> Value {
    if (!solve.getSave().countsSteps())
      return loop.boolean(false);
    Value rest =
        builder.create<arith::RemSIOp>(loop.loc, s.accepted, loop.input(Input::save_every));
    // Not of the step that an event cut short: that row is the closing one.
    Value stopped = loop.equalInt(s.status, status(Status::stopped));
    return loop.both(loop.equalInt(rest, loop.integer(0)), loop.negate(stopped));
  };
  auto savedStep = [&]() -> Value {
    if (!solve.getSave().listsTimes())
      return countedStep();
    Value listed = loop.branch(
        loop.lessInt(loop.integer(0), s.cursor),
        [&] {
          Value last = timeAt(loop.addInt(s.cursor, loop.integer(-1)));
          return Leaves{loop.reaches(loop.fromWide(last), s.plan.t)};
        },
        [&] { return Leaves{loop.boolean(false)}; })[0];
    return loop.either(listed, countedStep());
  };
  // A solve that took every step ends at t1, where no other row is, unless there was no step to
  // take. A stopped one may end at a time of the list.
  Value none = loop.equalInt(s.accepted, loop.integer(0));
  return loop.branch(
      loop.either(none, loop.lessInt(status(Status::success), s.status)),
      [&] {
        Value start = loop.equalInt(loop.input(Input::save_start), loop.integer(1));
        return Leaves{loop.select(none, start, savedStep())};
      },
      [&] { return Leaves{loop.boolean(false)}; })[0];
}

void SolveExpander::emitClose(LoopState &s, CallState &call) {
  Value ended = loop.lessInt(status(Status::running), s.status);
  Value wanted = loop.equalInt(loop.input(Input::save_end), loop.integer(1));
  Value open = loop.both(loop.both(ended, wanted), loop.equalInt(s.closed, loop.integer(0)));
  open = loop.both(open, loop.negate(endsAtRow(s)));
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

} // namespace deq::ir
