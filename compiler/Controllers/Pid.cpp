// PID step-size control and the automatic first step, formula by formula. Powers are products of
// logarithms: with l = log2(r^2), r = 1/eps, the factor is 2^(log2(safety) + g1 l + g2 l1 + g3 l2)
// with g = -beta/2, one logarithm and one exponential a step, and its limits are limits of the
// exponent.

#include "../Dialect/Deq.h"
#include "deq/solution.h"

#include <limits>

namespace deq::ir {

namespace {

/// The controller's loop-carried values, by position.
enum Memory { logOfLast, logOfSecondLast, atMinimum };

/// dt_min and dt_max, each no more than the solve allows there.
struct Bounds {
  Value least, most;
};

/// `longest` is null if the solve allows all; so does a NaN.
Bounds bounds(LoopContext &loop, Value longest) {
  Value least = loop.input(Input::dt_min), most = loop.input(Input::dt_max);
  if (!longest)
    return {least, most};
  return {loop.min(least, longest), loop.min(most, longest)};
}

/// atol + rtol |y| of a state leaf.
Value scale(LoopContext &loop, size_t leaf, Value magnitude) {
  Value atol = loop.perLeaf(LeafInput::atol, leaf);
  return loop.fma(loop.input(Input::rtol), magnitude, atol ? atol : loop.input(Input::atol));
}

/// A leaf in units of its scale, times its weight; one that weighs nothing is 0 even if it is NaN.
Value scaled(LoopContext &loop, size_t leaf, Value x, Value scale) {
  Value ratio = loop.div(x, scale), weight = loop.perLeaf(LeafInput::weight, leaf);
  if (!weight)
    return ratio;
  Value zero = loop.constant(0.0, ratio.getType());
  return loop.select(loop.less(loop.constant(0.0), weight), loop.mul(weight, ratio), zero);
}

/// Square of the norm of scaled leaves; NaN or infinite if an element is.
Value squaredNorm(LoopContext &loop, StringRef norm, ValueRange leaves) {
  if (norm == "rms")
    return loop.meanSquare(leaves);
  Value largest = loop.maxMagnitude(leaves);
  return loop.mul(largest, largest);
}

/// Square of the norm of an error estimate, with a second, coarser one
///   r = r_e^2 / sqrt(r_e^2 + 0.01 r_coarse^2):
/// of a higher order than either (E. Hairer, S. P. Norsett, G. Wanner, Solving ODEs I, II.10).
Value squaredError(LoopContext &loop, Value error, Value coarse) {
  Value share = loop.div(error, loop.fma(loop.constant(0.01), coarse, error));
  return loop.select(loop.less(loop.constant(0.0), error), loop.mul(error, share), error);
}

/// Step size for the first step (Hairer, Norsett, Wanner, Solving ODEs I, II.4, with exponent
/// 1/order).
Value firstStep(LoopContext &loop, StringRef norm, const StepPlan &plan) {
  SmallVector<Value> slope =
      plan.slope.empty() ? loop.evaluate(plan.t, plan.y) : SmallVector<Value>(plan.slope);
  SmallVector<Value> scales, states, slopes;
  for (auto [y, f] : llvm::zip_equal(plan.y, slope)) {
    scales.push_back(scale(loop, scales.size(), loop.abs(y)));
    states.push_back(scaled(loop, states.size(), y, scales.back()));
    slopes.push_back(scaled(loop, slopes.size(), f, scales.back()));
  }
  Value d0 = loop.sqrt(squaredNorm(loop, norm, states)),
        d1 = loop.sqrt(squaredNorm(loop, norm, slopes));
  Value tiny = loop.either(loop.less(d0, loop.constant(1e-5)), loop.less(d1, loop.constant(1e-5)));
  Value h0 =
      loop.select(tiny, loop.constant(1e-6), loop.div(loop.mul(loop.constant(0.01), d0), d1));

  SmallVector<Value> probe, changes;
  Value step = loop.realStep(h0);
  for (auto [y, f] : llvm::zip_equal(plan.y, slope))
    probe.push_back(loop.fma(step, f, y));
  SmallVector<Value> second = loop.evaluate(loop.advance(plan.t, h0), probe);
  for (auto [g, f, s] : llvm::zip_equal(second, slope, scales))
    changes.push_back(scaled(loop, changes.size(), loop.sub(g, f), s));
  Value d2 = loop.div(loop.sqrt(squaredNorm(loop, norm, changes)), h0);

  Value m = loop.maxKeepingFirst(d1, d2);
  Value flat = loop.lessEqual(m, loop.constant(1e-15));
  Value flatStep = loop.maxKeepingFirst(loop.constant(1e-6), loop.mul(loop.constant(1e-3), h0));
  Value log = loop.log2(loop.div(loop.constant(0.01), m));
  Value power = loop.mul(loop.input(Input::inverse_order), log);
  Value h1 = loop.select(flat, flatStep, loop.exp2(loop.constant(1.0), power));
  Value h = loop.min(loop.mul(loop.constant(100.0), h0), h1);
  // A scale of zero (no atol, a state that starts at zero) leaves no information: start small.
  return loop.select(loop.greater(h, loop.constant(0.0)), h, loop.constant(1e-6));
}

} // namespace

bool PidAttr::needsError() const { return true; }
LeafInputs PidAttr::readsPerLeaf() const { return getPerLeaf(); }

void PidAttr::stateTypes(FloatType real, FloatType, SmallVectorImpl<Type> &types) const {
  types.append({real, real, IntegerType::get(getContext(), 64)});
}

void PidAttr::emitInitial(LoopContext &loop, StepPlan &plan) const {
  Value given = loop.greater(loop.input(Input::dt), loop.constant(0.0));
  Value h = loop.branch(
      given, [&] { return SmallVector<Value>{loop.input(Input::dt)}; },
      [&] { return SmallVector<Value>{firstStep(loop, getNorm(), plan)}; })[0];
  auto [minimum, maximum] = bounds(loop, plan.longest);
  Value zero = loop.constant(0.0);
  Value minimal = loop.both(loop.lessEqual(h, minimum), loop.less(zero, minimum));
  h = loop.min(loop.maxKeepingFirst(h, minimum), maximum);
  plan.next = loop.land(plan.t, h, loop.boolean(true));
  plan.control = {zero, zero, loop.toInt(minimal)};
}

Value PidAttr::emitStepSize(LoopContext &loop, const StepPlan &plan) const {
  return loop.difference(plan.next, plan.t);
}

Verdict PidAttr::emitControl(LoopContext &loop, const StepPlan &plan,
                             const Attempt &attempt) const {
  Verdict verdict;
  SmallVector<Value> scales, coarse;
  for (auto [y0, y1, error] : llvm::zip_equal(plan.y, attempt.y1, attempt.error)) {
    Value magnitude = loop.maxKeepingFirst(loop.abs(y0), loop.abs(y1));
    scales.push_back(scale(loop, scales.size(), magnitude));
    verdict.blame.push_back(scaled(loop, verdict.blame.size(), error, scales.back()));
  }
  for (auto [error, size] : llvm::zip(attempt.coarse, scales))
    coarse.push_back(scaled(loop, coarse.size(), error, size));
  // r2 = r^2, the square of the scaled error; 1/eps = r. NaN counts as infinite.
  Value infinity = loop.constant(std::numeric_limits<double>::infinity());
  Value one = loop.constant(1.0), zero = loop.constant(0.0);
  Value r2 = squaredNorm(loop, getNorm(), verdict.blame);
  if (!coarse.empty())
    r2 = squaredError(loop, r2, squaredNorm(loop, getNorm(), coarse));
  verdict.errorFinite = loop.both(attempt.outcome, loop.less(r2, infinity));
  // At dt_min a step is accepted whatever its error, if that was asked for.
  Value forced = loop.equalInt(loop.input(Input::force_dt_min), loop.integer(1));
  Value wasAtMinimum = loop.both(loop.equalInt(plan.control[atMinimum], loop.integer(1)), forced);
  Value judged = loop.both(verdict.errorFinite, loop.either(loop.less(r2, one), wasAtMinimum));
  verdict.accept = judged;

  // log2 of the factor. What does not depend on this step's error comes first: the chain of
  // dependent operations from the error to the next step is most of what a step waits for.
  Value last = plan.control[logOfLast], secondLast = plan.control[logOfSecondLast];
  Value safety = loop.input(Input::log_safety), least = loop.input(Input::log_factor_min);
  Value history = loop.fma(loop.input(Input::gain3), secondLast,
                           loop.fma(loop.input(Input::gain2), last, safety));
  // An accepted step never shrinks, a rejected one always does.
  Value low = loop.select(judged, zero, least);
  Value high = loop.select(verdict.errorFinite, safety, least);
  high = loop.select(judged, loop.input(Input::log_factor_max), high);
  Value log = loop.log2(r2); // of whatever bits an error that is no positive number has
  Value exponent = loop.fma(loop.input(Input::gain1), log, history);
  exponent = loop.min(loop.maxKeepingFirst(exponent, low), high);

  Value longest = plan.longest ? loop.select(judged, attempt.longest, plan.longest) : Value();
  auto [minimum, maximum] = bounds(loop, longest);
  Value h = loop.exp2(attempt.h, exponent);
  // A step that was shortened to end at a given time says nothing against the one that was planned.
  if (attempt.planned)
    h = loop.select(judged, loop.maxKeepingFirst(h, attempt.planned), h);
  h = loop.min(h, maximum);
  Value belowMinimum = loop.less(h, minimum);
  Value stuck = loop.both(belowMinimum, loop.negate(forced));
  if (attempt.planned)
    stuck = loop.both(stuck, loop.negate(judged)); // what is short may be the way to a given time
  auto status = [&](Status value) { return loop.integer(static_cast<int64_t>(value)); };
  verdict.failure = loop.select(stuck, status(Status::dt_min_reached), status(Status::running));
  Value unchanged = loop.both(loop.lessEqual(zero, exponent), loop.lessEqual(exponent, zero));
  h = loop.select(loop.both(wasAtMinimum, unchanged), minimum, h);
  Value nowAtMinimum = loop.toInt(loop.both(loop.lessEqual(h, minimum), loop.less(zero, minimum)));
  h = loop.maxKeepingFirst(h, minimum);

  // An error of zero or infinity carries no history: it counts as 1 there.
  Value hasHistory = loop.both(verdict.errorFinite, loop.less(zero, r2));
  Value remembered = loop.select(hasHistory, log, zero);
  verdict.control = {loop.select(judged, remembered, last), loop.select(judged, last, secondLast),
                     nowAtMinimum};
  verdict.next = loop.land(loop.select(judged, plan.next, plan.t), h, judged);
  return verdict;
}

} // namespace deq::ir
