// Steps that end at given times, around any controller: the inner one plans a step, this one cuts
// it short. Apart from the inner controllers, because where a step may end and how long it should
// be are different questions.

#include "../Dialect/Deq.h"
#include "deq/kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <limits>

namespace deq::ir {

namespace {

/// What a step begins or ends at: `nowhere`, or `listed` with the kind of the list's entry; `cut`
/// if the step that ended there had been meant to be longer.
enum Mark { nowhere = 0, jump = clip_jump, end = clip_end, listed = 4, cut = 8 };

/// The loop-carried values, taken apart.
struct ClipState {
  Value cursor;     ///< next entry of the list
  Value begin, end; ///< marks of the step about to be tried
  Value whole;      ///< accepted steps that were as long as the inner controller planned
  Time planned;     ///< end of the step about to be tried before it was cut short
  SmallVector<Value> inner;
};

ClipState unpack(LoopContext &loop, ValueRange values) {
  ClipState s{values[0], values[1], values[2], values[3], {values[4], nullptr}, {}};
  if (loop.pairedTime())
    s.planned.lo = values[5];
  s.inner.assign(values.begin() + (loop.pairedTime() ? 6 : 5), values.end());
  return s;
}

SmallVector<Value> pack(LoopContext &loop, const ClipState &s) {
  SmallVector<Value> values{s.cursor, s.begin, s.end, s.whole, s.planned.hi};
  if (loop.pairedTime())
    values.push_back(s.planned.lo);
  llvm::append_range(values, s.inner);
  return values;
}

/// Whether a mark has a kind.
Value is(LoopContext &loop, Value mark, Mark kind) {
  Value bit = loop.b.create<arith::AndIOp>(loop.loc, mark, loop.integer(kind));
  return loop.lessInt(loop.integer(0), bit);
}

/// Whether the step to `next` has been cut short. Within end_tolerance of its planned end it is as
/// long as it was meant to be.
Value isCut(LoopContext &loop, const ClipState &s, Time next) {
  Value rest = loop.difference(s.planned, next);
  return loop.both(is(loop, s.end, listed), loop.lessEqual(loop.input(Input::end_tolerance), rest));
}

/// The plan as the inner controller would have made it; `steps` of its own were accepted before.
StepPlan innerPlan(const StepPlan &plan, const ClipState &s, Value steps) {
  StepPlan inner = plan;
  inner.control = s.inner;
  inner.accepted = steps;
  return inner;
}

/// A column of the list's entry at the cursor.
Value entry(LoopContext &loop, Value cursor, int64_t column) {
  Value row = loop.b.create<arith::IndexCastOp>(loop.loc, loop.b.getIndexType(), cursor);
  Value index = loop.b.create<arith::ConstantIndexOp>(loop.loc, column);
  return loop.b.create<memref::LoadOp>(loop.loc, loop.clips, ValueRange{row, index});
}

/// Ends the step from `from` to `s.planned` at the next time of the list if it would come within
/// end_tolerance of it, or beyond; sets the step's mark. A step that follows a rejected one goes
/// half of the way instead, because the whole way may have been the one that was rejected.
Time clip(LoopContext &loop, ClipState &s, Time from, Value accepted) {
  Value wide = entry(loop, s.cursor, 0), kind = entry(loop, s.cursor, 1);
  Time target = loop.fromWide(wide);
  Value reached = loop.less(loop.difference(target, s.planned), loop.input(Input::end_tolerance));
  // A kind is a sum of bits.
  auto atLeast = [&](Value x, Mark bit) {
    return loop.lessEqual(loop.constant(bit, kind.getType()), x);
  };
  Value ends = atLeast(kind, end);
  Value jumps =
      atLeast(loop.select(ends, loop.sub(kind, loop.constant(end, kind.getType())), kind), jump);
  auto bit = [&](Value holds, Mark mark) {
    return loop.select(holds, loop.integer(mark), loop.integer(nowhere));
  };
  Value mark = loop.addInt(loop.addInt(loop.integer(listed), bit(ends, end)), bit(jumps, jump));
  s.end = loop.select(loop.both(reached, accepted), mark, loop.integer(nowhere));
  Time half = loop.advance(from, loop.mul(loop.constant(0.5), loop.difference(target, from)));
  return loop.select(reached, loop.select(accepted, target, half), s.planned);
}

/// Distance from t to its neighbours: t plus and minus it round to the next larger and smaller
/// number (S. M. Rump, P. Zimmermann, S. Boldo, G. Melquiond, BIT 49 (2009), algorithm 1).
Value spacing(LoopContext &loop, Value t) {
  bool single = t.getType().isF32();
  double unit = single ? 0x1p-24 : 0x1p-53;
  double smallest = single ? double(std::numeric_limits<float>::denorm_min())
                           : std::numeric_limits<double>::denorm_min();
  Value relative = loop.mul(loop.constant(unit * (1 + 2 * unit), t.getType()), loop.abs(t));
  return loop.add(relative, loop.constant(smallest, t.getType()));
}

/// The time that the field is given where a step begins whose mark is there.
Value timeAfter(LoopContext &loop, Value mark, Value begin) {
  Value afterJump = loop.add(begin, spacing(loop, begin));
  return loop.select(is(loop, mark, jump), afterJump, begin);
}

ControllerInterface controllerOf(Attribute inner) { return cast<ControllerInterface>(inner); }

} // namespace

bool ClipAttr::needsError() const { return controllerOf(getInner()).needsError(); }
LeafInputs ClipAttr::readsPerLeaf() const { return controllerOf(getInner()).readsPerLeaf(); }
bool ClipAttr::readsLimit() const { return controllerOf(getInner()).readsLimit(); }
bool ClipAttr::readsClips() const { return true; }

void ClipAttr::stateTypes(FloatType real, FloatType time, SmallVectorImpl<Type> &types) const {
  types.append(4, IntegerType::get(getContext(), 64));
  types.append(time_slots(time.isF32()), time);
  controllerOf(getInner()).stateTypes(real, time, types);
}

void ClipAttr::emitInitial(LoopContext &loop, StepPlan &plan) const {
  controllerOf(getInner()).emitInitial(loop, plan);
  ClipState s;
  s.cursor = s.begin = s.whole = loop.integer(0);
  s.planned = plan.next;
  s.inner = plan.control;
  plan.next = clip(loop, s, plan.t, loop.boolean(true));
  plan.control = pack(loop, s);
}

void ClipAttr::emitResume(LoopContext &loop, StepPlan &plan) const {
  ClipState s = unpack(loop, plan.control);
  Time stored = plan.next;
  Value storedMark = s.end;
  s.cursor = loop.integer(0);
  Time planned = clip(loop, s, plan.t, loop.boolean(true));
  // A step that was halved after a rejected one stays as short.
  Value unmarked = loop.negate(is(loop, storedMark, listed));
  Value halved = loop.both(unmarked, loop.after(planned, stored));
  s.end = loop.select(halved, loop.integer(nowhere), s.end);
  plan.next = loop.select(halved, stored, planned);
  plan.control = pack(loop, s);
}

Value ClipAttr::emitStepSize(LoopContext &loop, const StepPlan &plan) const {
  ClipState s = unpack(loop, plan.control);
  Value own = controllerOf(getInner()).emitStepSize(loop, innerPlan(plan, s, s.whole));
  // Neither a step that is cut short nor the rest of one is as long as the inner controller's.
  Value part = loop.either(is(loop, s.begin, cut), isCut(loop, s, plan.next));
  return loop.select(part, loop.difference(plan.next, plan.t), own);
}

StepEnds ClipAttr::emitEnds(LoopContext &loop, const StepPlan &plan) const {
  ClipState s = unpack(loop, plan.control);
  Value begin = timeAfter(loop, s.begin, plan.t.hi), to = plan.next.hi;
  Value beforeJump = loop.sub(to, spacing(loop, to));
  return {begin, loop.select(is(loop, s.end, jump), beforeJump, to)};
}

Verdict ClipAttr::emitControl(LoopContext &loop, const StepPlan &plan,
                              const Attempt &attempt) const {
  ClipState s = unpack(loop, plan.control);
  Value clipped = is(loop, s.end, listed);
  Value shortened = isCut(loop, s, plan.next);
  // The inner controller plans the step after this one; a shortened one is not finished yet.
  Value missing = loop.select(shortened, loop.integer(-1), loop.integer(0));
  Attempt judged = attempt;
  judged.planned = loop.difference(s.planned, plan.t);
  if (readsLimit())
    judged.resume = timeAfter(loop, s.end, plan.next.hi);
  Verdict verdict =
      controllerOf(getInner())
          .emitControl(loop, innerPlan(plan, s, loop.addInt(s.whole, missing)), judged);

  ClipState next;
  Value passed = loop.both(verdict.accept, clipped);
  next.cursor = loop.addInt(s.cursor, loop.toInt(passed));
  Value ended =
      loop.addInt(s.end, loop.select(shortened, loop.integer(cut), loop.integer(nowhere)));
  next.begin = loop.select(verdict.accept, ended, s.begin);
  Value finished = loop.both(verdict.accept, loop.negate(shortened));
  next.whole = loop.addInt(s.whole, loop.toInt(finished));
  next.planned = verdict.next;
  next.inner = verdict.control;
  Time from = loop.select(verdict.accept, plan.next, plan.t);
  verdict.next = clip(loop, next, from, verdict.accept);
  verdict.control = pack(loop, next);
  verdict.restart = is(loop, s.end, jump);
  verdict.finished = is(loop, s.end, end);
  return verdict;
}

} // namespace deq::ir
