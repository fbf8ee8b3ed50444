// Steps no longer than an expression of the solve allows where they begin, around any controller.
// Apart from the controllers, because how long a step may be for the method's stability (a Courant
// number) has nothing to do with how long its error lets it be.

#include "../Dialect/Deq.h"

namespace deq::ir {

namespace {

ControllerInterface controllerOf(Attribute inner) { return cast<ControllerInterface>(inner); }

/// The plan as the inner controller knows it. The first value carried is the limit at plan.t, which
/// a rejected step leaves as it is.
StepPlan innerPlan(const StepPlan &plan) {
  StepPlan inner = plan;
  inner.longest = plan.control.front();
  inner.control.erase(inner.control.begin());
  return inner;
}

SmallVector<Value> pack(Value longest, ValueRange inner) {
  SmallVector<Value> values{longest};
  llvm::append_range(values, inner);
  return values;
}

} // namespace

bool LimitAttr::needsError() const { return controllerOf(getInner()).needsError(); }
LeafInputs LimitAttr::readsPerLeaf() const { return controllerOf(getInner()).readsPerLeaf(); }
bool LimitAttr::readsLimit() const { return true; }

void LimitAttr::stateTypes(FloatType real, FloatType time, SmallVectorImpl<Type> &types) const {
  types.push_back(real);
  controllerOf(getInner()).stateTypes(real, time, types);
}

void LimitAttr::emitInitial(LoopContext &loop, StepPlan &plan) const {
  StepPlan inner = plan;
  inner.longest = loop.limit(plan.t, plan.y, true);
  controllerOf(getInner()).emitInitial(loop, inner);
  plan.next = inner.next;
  plan.control = pack(inner.longest, inner.control);
}

Value LimitAttr::emitStepSize(LoopContext &loop, const StepPlan &plan) const {
  return controllerOf(getInner()).emitStepSize(loop, innerPlan(plan));
}

Verdict LimitAttr::emitControl(LoopContext &loop, const StepPlan &plan,
                               const Attempt &attempt) const {
  StepPlan inner = innerPlan(plan);
  Time begin = attempt.resume ? Time{attempt.resume, nullptr} : plan.next;
  Attempt limited = attempt;
  limited.longest = loop.limit(begin, attempt.y1, false);
  Verdict verdict = controllerOf(getInner()).emitControl(loop, inner, limited);
  Value longest = loop.select(verdict.accept, limited.longest, inner.longest);
  verdict.control = pack(longest, verdict.control);
  return verdict;
}

} // namespace deq::ir
