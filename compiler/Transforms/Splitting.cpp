// Splitting methods behind the method interface: kicks and drifts, spelled out or in a loop.
// Either half of the field is what is left of the whole one when nobody reads the other's results.

#include "StepExpansion.h"

namespace deq::ir {

namespace {

/// The leaves that drift and those that are kicked.
struct Halves {
  Halves(const deq::Splitting &method, size_t leaves) {
    for (size_t i = 0; i < leaves; ++i)
      (llvm::is_contained(method.positions, static_cast<int64_t>(i)) ? drifting : kicked)
          .push_back(i);
  }
  SmallVector<size_t> drifting, kicked;
};

template <typename Range> auto select(const Range &all, ArrayRef<size_t> which) {
  SmallVector<std::decay_t<decltype(all[0])>> some;
  for (size_t i : which)
    some.push_back(all[i]);
  return some;
}

class SplitExpansion : public StepExpansion {
public:
  SplitExpansion(OpBuilder &builder, StepOp step, const deq::Splitting &method)
      : StepExpansion(builder, step), method(method), halves(method, y.size()), point(y),
        slope(step.getState()) {}

  void run() {
    if (method.carriesKick())
      kick(loop.constant(method.kick[0]));
    if (step.getEmission() == "scan")
      scan();
    else
      for (int i = 0; i < method.stages(); ++i)
        move(loop.constant(method.drift[i]), timeOf(method.driftTimes()[i]),
             loop.constant(method.kick[i + 1]), timeOf(method.kickTimes()[i + 1]));
    Leaves y1 = point;
    expandRows(
        [&] {
          Leaves slopes = evaluate(step.getT(), y, true);
          slopes.append(evaluate(step.getEnd(), y1, true));
          return slopes;
        },
        [&](InterpolateOp row, ValueRange slopes) {
          return row.getDerivative() ? hermiteSlope(row.getTheta(), slopes, y1)
                                     : hermite(row.getTheta(), slopes, y1);
        });
    finish(y1, {}, method.carriesKick() ? ValueRange(slope) : ValueRange());
  }

private:
  /// A drift and the kick after it.
  void move(Value drift, Value driftTime, Value kickBy, Value kickTime) {
    push(halves.drifting, drift, select(evaluate(driftTime, point, false), halves.drifting));
    slope = select(evaluate(kickTime, point, false), halves.kicked);
    kick(kickBy);
  }

  void kick(Value by) { push(halves.kicked, by, slope); }

  void push(ArrayRef<size_t> leaves, Value by, ValueRange slopes) {
    Value length = loop.mul(by, step.getH());
    for (auto [leaf, k] : llvm::zip_equal(leaves, slopes))
      point[leaf] = loop.fma(length, k, point[leaf]);
  }

  void scan() {
    if (slope.empty()) // a method that begins with a drift: any values of the right types
      slope = select(y, halves.kicked);
    Leaves carried = point;
    carried.append(slope);
    std::vector<double> driftTimes = method.driftTimes(), kickTimes = method.kickTimes();
    Leaves last = repeat(index(0), index(method.stages()), carried, [&](Value i, ValueRange now) {
      point = Leaves(now.take_front(y.size()));
      slope = Leaves(now.drop_front(y.size()));
      move(lookup(method.drift, i), timeAt(driftTimes, i),
           lookup(ArrayRef<double>(method.kick).drop_front(), i),
           timeAt(ArrayRef<double>(kickTimes).drop_front(), i));
      Leaves next = point;
      next.append(slope);
      return next;
    });
    point = Leaves(ArrayRef<Value>(last).take_front(y.size()));
    slope = Leaves(ArrayRef<Value>(last).drop_front(y.size()));
  }

  Value timeAt(ArrayRef<double> times, Value i) {
    Value c = lookup(times, i, loop.time), one = loop.constant(1.0, loop.time);
    Value inside = timeInside(c);
    Value atEnd = loop.both(loop.lessEqual(one, c), loop.lessEqual(c, one));
    return loop.select(atEnd, step.getEnd(), inside);
  }

  /// y0 + theta^2 (3 - 2 theta) (y1 - y0) + theta h ((1 - theta)^2 f0 + theta (theta - 1) f1).
  Leaves hermite(Value theta, ValueRange slopes, ArrayRef<Value> y1) {
    Value rest = loop.sub(loop.constant(1.0), theta);
    Value rise =
        loop.mul(loop.mul(theta, theta), loop.fma(loop.constant(-2.0), theta, loop.constant(3.0)));
    Value atStart = loop.mul(rest, rest);
    Value atEnd = loop.mul(theta, loop.sub(theta, loop.constant(1.0)));
    Value length = loop.mul(theta, step.getH());
    Leaves result;
    for (size_t i = 0; i < y.size(); ++i) {
      Value line = loop.fma(rise, loop.sub(y1[i], y[i]), y[i]);
      Value bend = loop.fma(atEnd, slopes[y.size() + i], loop.mul(atStart, slopes[i]));
      result.push_back(loop.fma(length, bend, line));
    }
    return result;
  }

  /// Its derivative: 6 theta (1 - theta) (y1 - y0)/h + (1 - theta) (1 - 3 theta) f0
  /// + theta (3 theta - 2) f1.
  Leaves hermiteSlope(Value theta, ValueRange slopes, ArrayRef<Value> y1) {
    Value rest = loop.sub(loop.constant(1.0), theta);
    Value rise = loop.mul(loop.mul(loop.constant(6.0), theta), rest);
    Value atStart = loop.mul(rest, loop.fma(loop.constant(-3.0), theta, loop.constant(1.0)));
    Value atEnd = loop.mul(theta, loop.fma(loop.constant(3.0), theta, loop.constant(-2.0)));
    Leaves result;
    for (size_t i = 0; i < y.size(); ++i) {
      Value bend = loop.fma(atEnd, slopes[y.size() + i], loop.mul(atStart, slopes[i]));
      Value mean = loop.div(loop.sub(y1[i], y[i]), step.getH());
      result.push_back(loop.fma(rise, mean, bend));
    }
    return result;
  }

  const deq::Splitting &method;
  Halves halves;
  Leaves point, slope; ///< the state so far; the slope of the last kick
};

} // namespace

StringRef SplitAttr::methodName() const { return getName().strref(); }
unsigned SplitAttr::errorEstimates() const { return 0; }
bool SplitAttr::hasExtraStages() const { return true; }
bool SplitAttr::needsFirstSlope() const { return splitting().carriesKick(); }
double SplitAttr::stabilityBound() const { return 0; }

void SplitAttr::stateTypes(TypeRange y, SmallVectorImpl<Type> &types) const {
  if (needsFirstSlope())
    types.append(select(y, Halves(splitting(), y.size()).kicked));
}

void SplitAttr::emitInitialState(LoopContext &, ValueRange, ValueRange slope,
                                 SmallVectorImpl<Value> &state) const {
  if (needsFirstSlope())
    state.append(select(slope, Halves(splitting(), slope.size()).kicked));
}

LogicalResult SplitAttr::expandStep(OpBuilder &builder, Operation *op) const {
  auto step = llvm::cast<StepOp>(op);
  if (failed(verifyStageUsers(step)))
    return failure();
  builder.setInsertionPoint(step);
  deq::Splitting method = splitting();
  SplitExpansion(builder, step, method).run();
  return success();
}

} // namespace deq::ir
