// Constant steps: step m ends at t0 + m*dt and the last one at t1 exactly. The grid is computed
// from the step's number, never accumulated, so that rounding does not drift. Where the solve
// limits its steps there is no grid: each is min(dt, limit) long from where the last one ended.

#include "../Dialect/Deq.h"
#include "deq/solution.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace deq::ir {

bool ConstantAttr::needsError() const { return false; }
void ConstantAttr::stateTypes(FloatType, FloatType, SmallVectorImpl<Type> &) const {}

/// End of the step after `done` accepted ones.
static Time gridTime(LoopContext &loop, Value done) {
  Value number = loop.addInt(done, loop.integer(1));
  Value real = loop.b.create<arith::SIToFPOp>(loop.loc, loop.b.getF64Type(), number);
  Value t = loop.fma(real, loop.widen(loop.inputTime(Input::dt).hi),
                     loop.widen(loop.inputTime(Input::t0)));
  Value interior = loop.lessInt(number, loop.input(Input::fixed_steps));
  return loop.select(interior, loop.fromWide(t), loop.inputTime(Input::t1));
}

/// End of a limited step.
static Time limitedTime(LoopContext &loop, Time from, Value longest) {
  Value h = loop.min(loop.input(Input::dt), longest);
  return loop.land(from, h, loop.boolean(true));
}

void ConstantAttr::emitInitial(LoopContext &loop, StepPlan &plan) const {
  plan.next =
      plan.longest ? limitedTime(loop, plan.t, plan.longest) : gridTime(loop, loop.integer(0));
}

Value ConstantAttr::emitStepSize(LoopContext &loop, const StepPlan &plan) const {
  if (plan.longest)
    return loop.difference(plan.next, plan.t);
  Value number = loop.addInt(plan.accepted, loop.integer(1));
  Value interior = loop.lessInt(number, loop.input(Input::fixed_steps));
  return loop.select(interior, loop.input(Input::dt), loop.input(Input::last_dt));
}

Verdict ConstantAttr::emitControl(LoopContext &loop, const StepPlan &plan,
                                  const Attempt &attempt) const {
  Verdict verdict;
  verdict.accept = attempt.outcome;
  verdict.next = plan.longest ? limitedTime(loop, plan.next, attempt.longest)
                              : gridTime(loop, loop.addInt(plan.accepted, loop.integer(1)));
  verdict.failure =
      loop.select(attempt.outcome, loop.integer(static_cast<int64_t>(Status::running)),
                  loop.integer(static_cast<int64_t>(Status::non_finite)));
  verdict.errorFinite = loop.boolean(true);
  verdict.blame = attempt.y1;
  return verdict;
}

} // namespace deq::ir
