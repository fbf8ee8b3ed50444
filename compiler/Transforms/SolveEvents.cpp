// Events: where between its two ends a step has to stop. A number is watched at the ends of
// accepted steps and near them, so that two crossings inside of one step are seen as well, and its
// zero is located on the method's interpolant. What a stop needs runs once per solve, so it is
// small code (halvings, calls of one copy of the function) rather than quick code.

#include "SolveExpander.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace deq::ir {

/// The first event of a step.
struct SolveExpander::Crossing {
  Value theta; ///< fraction of the step, above 1: none
  Value event;
};

namespace {
/// Where a number is looked at for its slope: close enough to the ends to see an extremum between,
/// far enough for the difference to be more than rounding.
constexpr double probe = 1.0 / 16;
/// Golden section to 0.618^48 < 1e-10 of the step: an extremum is no sharper in a double.
constexpr int64_t extremumSteps = 48;
/// Halvings down to the last bit of a double.
constexpr int64_t rootSteps = 54;
const double golden = 0.61803398874989484820;
} // namespace

void SolveExpander::listEvents() {
  FunctionOp function = solve.observed(solve.getEventsAttr());
  if (!function)
    return;
  auto types = function.getFunctionType().getResults();
  for (auto [i, direction] :
       llvm::enumerate(solve.getDirectionsAttr().getAsValueRange<StringAttr>()))
    events.push_back({i, direction, !types[i].isInteger(1)});
}

Leaves SolveExpander::observe(FlatSymbolRefAttr function, Time t, ValueRange y, bool cold) {
  Leaves operands{loop.realTime(t.hi)};
  llvm::append_range(operands, y);
  llvm::append_range(operands, fieldArguments);
  SmallVector<Type> results(Evaluated(solve, function).type().getResults());
  return Leaves(builder
                    .create<EvalOp>(loop.loc, results, function, operands,
                                    cold ? builder.getUnitAttr() : UnitAttr())
                    .getResults());
}

Leaves SolveExpander::numbersOf(ValueRange observed) {
  Leaves numbers;
  for (const WatchedEvent &event : events)
    if (event.isNumber)
      numbers.push_back(observed[event.number]);
  return numbers;
}

Value SolveExpander::emitFirstEvents(LoopState &s) {
  Leaves observed = observeEvents(s.plan.t, s.plan.y, true);
  s.watched = numbersOf(observed);
  Value first = loop.integer(-1);
  for (const WatchedEvent &event : llvm::reverse(events))
    if (!event.isNumber)
      first = loop.select(observed[event.number], loop.integer(event.number), first);
  return first;
}

SolveExpander::Crossing SolveExpander::noCrossing() {
  return {loop.constant(2.0), loop.integer(-1)};
}

Leaves SolveExpander::flatten(const Crossing &c) { return {c.theta, c.event}; }

/// Of two at the same time the first in the order of the text.
SolveExpander::Crossing SolveExpander::earlier(const Crossing &a, const Crossing &b) {
  Value second = loop.less(b.theta, a.theta);
  return {loop.select(second, b.theta, a.theta), loop.select(second, b.event, a.event)};
}

StepEnd SolveExpander::emitEvents(const LoopState &s, StepOp step, Value accept) {
  StepEnd end{s.plan.next, Leaves(step.getNext()), s.event, {}, {}, {}};
  if (events.empty())
    return end;
  Leaves results = loop.branch(
      accept,
      [&] {
        Leaves after = observeEvents(s.plan.next, step.getNext(), false), first, last;
        if (!s.watched.empty()) {
          auto at = [&](double theta) {
            Value where = loop.constant(theta);
            return observeEvents(timeInside(s, step, where), interpolate(where, s, step), true);
          };
          first = at(probe);
          last = at(1 - probe);
        }
        Crossing found = noCrossing();
        const Value *before = s.watched.begin();
        for (const WatchedEvent &event : events) {
          size_t i = event.number;
          Crossing crossing{loop.select(event.isNumber ? loop.boolean(false) : after[i],
                                        loop.constant(1.0), loop.constant(2.0)),
                            loop.integer(i)};
          if (event.isNumber)
            crossing = findCrossing(s, step, event, *before++, first[i], last[i], after[i]);
          found = earlier(found, crossing);
        }
        Leaves values = numbersOf(after);
        values.append(flatten(found));
        return values;
      },
      [&] {
        Leaves values = s.watched;
        values.append(flatten(noCrossing()));
        return values;
      });
  Crossing found{results[results.size() - 2], results.back()};
  end.watched.append(results.begin(), results.end() - 2);
  end.stopped = loop.lessEqual(found.theta, loop.constant(1.0));
  end.event = loop.select(end.stopped, found.event, loop.integer(-1));
  Value inside = loop.less(found.theta, loop.constant(1.0));
  Leaves place = loop.branch(
      inside,
      [&] {
        Value since = loop.mul(loop.widen(found.theta), loop.widen(loop.abs(step.getH())));
        Time t = loop.fromWide(loop.add(loop.widen(s.plan.t), since));
        Leaves values = stateInside(loop.widen(t), s, step);
        values.push_back(t.hi);
        if (loop.pairedTime())
          values.push_back(t.lo);
        return values;
      },
      [&] {
        Leaves values = end.y;
        values.push_back(end.t.hi);
        if (loop.pairedTime())
          values.push_back(end.t.lo);
        return values;
      });
  if (loop.pairedTime())
    end.t.lo = place.pop_back_val();
  end.t.hi = place.pop_back_val();
  end.y = place;
  return end;
}

/// The time of the loop at a fraction of the step.
Time SolveExpander::timeInside(const LoopState &s, StepOp step, Value theta) {
  Value since = loop.mul(loop.toTime(theta), loop.toTime(loop.abs(step.getH())));
  return loop.advance(s.plan.t, since);
}

/// The value of one event inside the step.
Value SolveExpander::watch(const LoopState &s, StepOp step, size_t number, Value theta) {
  return observeEvents(timeInside(s, step, theta), interpolate(theta, s, step), true)[number];
}

/// A number that is zero at the start of a step has not crossed it: the step is then judged from
/// its first probe on.
SolveExpander::Crossing SolveExpander::findCrossing(const LoopState &s, StepOp step,
                                                    const WatchedEvent &event, Value before,
                                                    Value first, Value last, Value after) {
  Value zero = loop.constant(0.0), one = loop.constant(1.0);
  Value touches = builder.create<arith::CmpFOp>(loop.loc, arith::CmpFPredicate::OEQ, before, zero);
  Value start = loop.select(touches, first, before);
  Value low = loop.select(touches, loop.constant(probe), zero);
  // Everything below is written for a number that starts above zero.
  Value sign = loop.select(loop.less(start, zero), loop.constant(-1.0), one);
  auto above = [&](Value x) { return loop.greater(loop.mul(sign, x), zero); };
  Value starts = above(start), crosses = loop.both(starts, loop.negate(above(after)));
  crosses = loop.both(
      crosses, builder.create<arith::CmpFOp>(loop.loc, arith::CmpFPredicate::ORD, after, after));
  auto closer = [&](Value x, Value y) { return loop.less(loop.mul(sign, x), loop.mul(sign, y)); };
  Value dips = loop.both(loop.both(starts, above(after)),
                         loop.both(closer(first, start), closer(last, after)));
  // Whether leaving the side of the start is a crossing that counts, and coming back to it.
  Value leaves = loop.boolean(true), returns = loop.boolean(false);
  if (event.direction != "any") {
    Value negative = loop.less(sign, zero);
    leaves = event.direction == "up" ? negative : loop.negate(negative);
    returns = loop.negate(leaves);
  }
  Value nothing = loop.constant(2.0);
  Value theta = loop.branch(
      loop.both(crosses, leaves),
      [&] { return Leaves{findRoot(s, step, event.number, low, one, sign)}; },
      [&] {
        return loop.branch(
            dips,
            [&] {
              Value extremum = findExtremum(s, step, event.number, sign);
              Value beyond = loop.negate(above(watch(s, step, event.number, extremum)));
              return loop.branch(
                  beyond,
                  [&] {
                    Value from = loop.select(returns, extremum, low);
                    Value to = loop.select(returns, one, extremum);
                    Value side = loop.select(returns, loop.sub(zero, sign), sign);
                    return Leaves{findRoot(s, step, event.number, from, to, side)};
                  },
                  [&] { return Leaves{nothing}; });
            },
            [&] { return Leaves{nothing}; });
      })[0];
  return {theta, loop.integer(event.number)};
}

/// Where sign*g is smallest, or the first place met where it is not above zero: by golden section.
Value SolveExpander::findExtremum(const LoopState &s, StepOp step, size_t number, Value sign) {
  Value zero = loop.integer(0), none = loop.boolean(false);
  auto op = builder.create<scf::WhileOp>(
      loop.loc, TypeRange{loop.real, loop.real, zero.getType(), none.getType()},
      ValueRange{loop.constant(0.0), loop.constant(1.0), zero, none},
      [&](OpBuilder &, Location, ValueRange v) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPointToEnd(v[0].getParentBlock());
        Value go = loop.both(loop.lessInt(v[2], loop.integer(extremumSteps)), loop.negate(v[3]));
        builder.create<scf::ConditionOp>(loop.loc, go, v);
      },
      [&](OpBuilder &, Location, ValueRange v) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPointToEnd(v[0].getParentBlock());
        Value width = loop.mul(loop.constant(golden), loop.sub(v[1], v[0]));
        Value left = loop.sub(v[1], width), right = loop.add(v[0], width);
        Value atLeft = loop.mul(sign, watch(s, step, number, left));
        Value atRight = loop.mul(sign, watch(s, step, number, right));
        Value lower = loop.less(atLeft, atRight);
        Value best = loop.select(lower, left, right), value = loop.select(lower, atLeft, atRight);
        Value found = loop.lessEqual(value, loop.constant(0.0));
        // Once found, both ends are the place itself.
        Value low = loop.select(found, best, loop.select(lower, v[0], left));
        Value high = loop.select(found, best, loop.select(lower, right, v[1]));
        builder.create<scf::YieldOp>(
            loop.loc, ValueRange{low, high, loop.addInt(v[2], loop.integer(1)), found});
      });
  return loop.mul(loop.constant(0.5), loop.add(op.getResult(0), op.getResult(1)));
}

/// The end of [low, high] in which sign*g passes from above zero to zero or below, halved until it
/// is within the tolerance or no double lies inside. The result is the side that is beyond.
Value SolveExpander::findRoot(const LoopState &s, StepOp step, size_t number, Value low, Value high,
                              Value sign) {
  Value zero = loop.integer(0);
  Value tolerance = loop.div(eventTolerances[number], loop.abs(step.getH()));
  auto op = builder.create<scf::WhileOp>(
      loop.loc, TypeRange{loop.real, loop.real, zero.getType()}, ValueRange{low, high, zero},
      [&](OpBuilder &, Location, ValueRange v) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPointToEnd(v[0].getParentBlock());
        Value wide = loop.greater(loop.sub(v[1], v[0]), tolerance);
        Value go = loop.both(wide, loop.lessInt(v[2], loop.integer(rootSteps)));
        builder.create<scf::ConditionOp>(loop.loc, go, v);
      },
      [&](OpBuilder &, Location, ValueRange v) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPointToEnd(v[0].getParentBlock());
        Value middle = loop.mul(loop.constant(0.5), loop.add(v[0], v[1]));
        Value before =
            loop.greater(loop.mul(sign, watch(s, step, number, middle)), loop.constant(0.0));
        builder.create<scf::YieldOp>(loop.loc, ValueRange{loop.select(before, middle, v[0]),
                                                          loop.select(before, v[1], middle),
                                                          loop.addInt(v[2], loop.integer(1))});
      });
  return op.getResult(1);
}

} // namespace deq::ir
