// Rules of the reference interpreter for steps of methods that are no tableau, from their formulas.
// They share nothing with the expansions in Transforms/, so that agreement means something.

#include "Machine.h"

namespace deq::ir {

namespace {

/// Whether each scalar of the state belongs to a leaf that drifts.
std::vector<bool> driftsOf(const deq::Splitting &method, TypeRange leaves) {
  std::vector<bool> drifts;
  for (auto [i, leaf] : llvm::enumerate(leaves))
    drifts.insert(drifts.end(), elementCount(leaf),
                  llvm::is_contained(method.positions, static_cast<int64_t>(i)));
  return drifts;
}

} // namespace

std::optional<bool> Machine::otherStep(StepOp op) {
  Attribute method = op.getMethod();
  if (auto splitting = dyn_cast<SplitAttr>(method))
    return splitStep(op, splitting.splitting());
  if (isa<LeapfrogAttr>(method))
    return leapfrogStep(op);
  if (isa<ReversibleHeunAttr>(method))
    return reversibleHeunStep(op);
  return std::nullopt;
}

bool Machine::splitStep(StepOp op, const deq::Splitting &method) {
  RealType t = realTypeOf(op.getH().getType());
  double h = at(op.getH()).reals[0];
  std::vector<bool> drifts = driftsOf(method, op.getY().getTypes());
  std::vector<double> point = flatten(op.getY()), kicks = flatten(op.getState()), full;
  if (method.carriesKick()) {
    full.assign(point.size(), 0);
    for (size_t i = 0, next = 0; i < point.size(); ++i)
      full[i] = drifts[i] ? 0 : kicks[next++];
  }
  auto move = [&](bool drift, double by) {
    for (size_t i = 0; i < point.size(); ++i)
      if (drifts[i] == drift)
        point[i] = t.fma(t.round(t.round(by) * h), full[i], point[i]);
  };
  if (method.carriesKick())
    move(false, method.kick[0]);
  for (int i = 0; i < method.stages(); ++i)
    for (bool drift : {true, false}) {
      full = slopeAt(op, timeIn(op, drift ? method.driftTimes()[i] : method.kickTimes()[i + 1]),
                     point);
      if (full.empty())
        return false;
      move(drift, drift ? method.drift[i] : method.kick[i + 1]);
    }
  std::vector<double> state;
  for (size_t i = 0; method.carriesKick() && i < full.size(); ++i)
    if (!drifts[i])
      state.push_back(full[i]);
  bind(op.getNext(), split(point, op.getNext().getTypes()));
  bind(op.getNextState(), split(state, op.getNextState().getTypes()));
  environment[op.getStages()] = Cell();
  environment[op.getOutcome()] = Cell{{}, {1}, nullptr};
  return true;
}

bool Machine::leapfrogStep(StepOp op) {
  RealType t = realTypeOf(op.getH().getType());
  double h = at(op.getH()).reals[0];
  std::vector<double> y = flatten(op.getY()), state = flatten(op.getState()), y1;
  std::vector<double> slope = slopeAt(op, at(op.getT()).reals[0], y);
  if (slope.empty())
    return false;
  double both = t.round(state.back() + h);
  for (size_t i = 0; i < y.size(); ++i)
    y1.push_back(t.fma(both, slope[i], state[i]));
  bind(op.getNext(), split(y1, op.getNext().getTypes()));
  y.push_back(h);
  bind(op.getNextState(), split(y, op.getNextState().getTypes()));
  environment[op.getStages()] = Cell{slope, {}, nullptr};
  environment[op.getOutcome()] = Cell{{}, {1}, nullptr};
  return true;
}

bool Machine::reversibleHeunStep(StepOp op) {
  RealType t = realTypeOf(op.getH().getType());
  double h = at(op.getH()).reals[0], half = t.round(0.5 * h);
  std::vector<double> y = flatten(op.getY()), state = flatten(op.getState()), y1, error, second;
  size_t n = y.size();
  for (size_t i = 0; i < n; ++i)
    second.push_back(t.fma(h, state[n + i], t.round(t.round(2 * y[i]) - state[i])));
  std::vector<double> slope = slopeAt(op, at(op.getEnd()).reals[0], second);
  if (slope.empty())
    return false;
  Cell stages{{state.begin() + n, state.end()}, {}, nullptr};
  for (size_t i = 0; i < n; ++i) {
    y1.push_back(t.fma(half, t.round(state[n + i] + slope[i]), y[i]));
    error.push_back(t.round(half * t.round(slope[i] - state[n + i])));
  }
  llvm::append_range(stages.reals, slope);
  llvm::append_range(second, slope);
  bind(op.getNext(), split(y1, op.getNext().getTypes()));
  bind(op.getError(), split(error, op.getError().getTypes()));
  bind(op.getNextState(), split(second, op.getNextState().getTypes()));
  environment[op.getStages()] = std::move(stages);
  environment[op.getOutcome()] = Cell{{}, {1}, nullptr};
  return true;
}

std::optional<bool> Machine::otherExtend(ExtendOp op, StepOp step) {
  if (!isa<SplitAttr>(Attribute(step.getMethod())))
    return std::nullopt;
  Cell slopes;
  slopes.reals.resize(2 * flatten(step.getY()).size());
  if (integer(op.getCondition())) {
    slopes.reals = slopeAt(step, at(step.getT()).reals[0], flatten(step.getY()));
    std::vector<double> last = slopeAt(step, at(step.getEnd()).reals[0], flatten(step.getNext()));
    if (slopes.reals.empty() || last.empty())
      return false;
    llvm::append_range(slopes.reals, last);
  }
  environment[op.getExtended()] = std::move(slopes);
  return true;
}

std::optional<bool> Machine::otherInterpolate(InterpolateOp op, StepOp step) {
  Attribute method = step.getMethod();
  if (isa<RKAttr>(method))
    return std::nullopt;
  RealType t = realTypeOf(op.getTheta().getType());
  double theta = at(op.getTheta()).reals[0], h = at(step.getH()).reals[0];
  const std::vector<double> &k = at(op.getStages()).reals;
  std::vector<double> y = flatten(step.getY()), y1 = flatten(step.getNext()), inside;
  double along = t.round(theta * h), square = t.round(theta * theta), rest = t.round(1 - theta);
  double rise = t.round(square * t.fma(-2, theta, 3));
  bool derivative = op.getDerivative();
  for (size_t i = 0, n = y.size(); i < n; ++i) {
    double change = t.round(y1[i] - y[i]);
    if (isa<LeapfrogAttr>(method)) {
      double bend = t.round(change - t.round(h * k[i]));
      if (derivative) {
        inside.push_back(t.fma(t.round(2 * theta), t.round(bend / h), k[i]));
        continue;
      }
      inside.push_back(t.fma(square, bend, t.fma(along, k[i], y[i])));
    } else if (isa<ReversibleHeunAttr>(method) && derivative) {
      inside.push_back(t.fma(theta, t.round(k[n + i] - k[i]), k[i]));
    } else if (derivative) {
      double last = t.round(theta * t.fma(3, theta, -2));
      double bend = t.fma(last, k[n + i], t.round(t.round(rest * t.fma(-3, theta, 1)) * k[i]));
      double rising = t.round(t.round(6 * theta) * rest);
      inside.push_back(t.fma(rising, t.round(change / h), bend));
    } else if (isa<ReversibleHeunAttr>(method)) {
      double mean = t.fma(t.round(0.5 * theta), t.round(k[n + i] - k[i]), k[i]);
      inside.push_back(t.fma(along, mean, y[i]));
    } else {
      double last = t.round(theta * t.round(theta - 1));
      double bend = t.fma(last, k[n + i], t.round(t.round(rest * rest) * k[i]));
      inside.push_back(t.fma(along, bend, t.fma(rise, change, y[i])));
    }
  }
  bind(op.getResult(), split(inside, op.getResult().getTypes()));
  return true;
}

} // namespace deq::ir
