// Methods with a second point behind the method interface: leapfrog midpoint and reversible Heun.
// One evaluation a step each; their formulas are in Methods/TwoStep.h.

#include "StepExpansion.h"

namespace deq::ir {

namespace {

class LeapfrogExpansion : public StepExpansion {
public:
  using StepExpansion::StepExpansion;

  void run() {
    Value h = step.getH();
    ValueRange before = step.getState().drop_back();
    Leaves slope = evaluate(step.getT(), y, false), y1;
    Value both = loop.add(step.getState().back(), h);
    for (size_t i = 0; i < y.size(); ++i)
      y1.push_back(loop.fma(both, slope[i], before[i]));
    expandRows({}, [&](InterpolateOp row, ValueRange) {
      Value theta = row.getTheta();
      Value along = loop.mul(theta, h), square = loop.mul(theta, theta);
      Leaves result;
      for (size_t i = 0; i < y.size(); ++i) {
        Value bend = loop.sub(loop.sub(y1[i], y[i]), loop.mul(h, slope[i]));
        if (row.getDerivative()) {
          Value twice = loop.mul(loop.constant(2.0), theta);
          result.push_back(loop.fma(twice, loop.div(bend, h), slope[i]));
          continue;
        }
        result.push_back(loop.fma(square, bend, loop.fma(along, slope[i], y[i])));
      }
      return result;
    });
    Leaves state = y;
    state.push_back(h);
    finish(y1, {}, state);
  }
};

class ReversibleHeunExpansion : public StepExpansion {
public:
  using StepExpansion::StepExpansion;

  void run() {
    Value h = step.getH();
    ValueRange second = step.getState().take_front(y.size());
    ValueRange slope = step.getState().drop_front(y.size());
    Leaves state, y1, error;
    for (size_t i = 0; i < y.size(); ++i) {
      Value mirrored = loop.sub(loop.mul(loop.constant(2.0), y[i]), second[i]);
      state.push_back(loop.fma(h, slope[i], mirrored));
    }
    Leaves slope1 = evaluate(step.getEnd(), state, false);
    Value half = loop.mul(loop.constant(0.5), h);
    for (size_t i = 0; i < y.size(); ++i) {
      y1.push_back(loop.fma(half, loop.add(slope[i], slope1[i]), y[i]));
      error.push_back(loop.mul(half, loop.sub(slope1[i], slope[i])));
    }
    expandRows({}, [&](InterpolateOp row, ValueRange) {
      Value theta = row.getTheta();
      Value along = loop.mul(theta, h), middle = loop.mul(loop.constant(0.5), theta);
      Leaves result;
      for (size_t i = 0; i < y.size(); ++i) {
        Value change = loop.sub(slope1[i], slope[i]);
        if (row.getDerivative()) {
          result.push_back(loop.fma(theta, change, slope[i]));
          continue;
        }
        Value mean = loop.fma(middle, change, slope[i]);
        result.push_back(loop.fma(along, mean, y[i]));
      }
      return result;
    });
    state.append(slope1);
    finish(y1, error, state);
  }
};

template <typename Expansion> LogicalResult expand(OpBuilder &builder, Operation *op) {
  auto step = llvm::cast<StepOp>(op);
  if (failed(verifyStageUsers(step)))
    return failure();
  builder.setInsertionPoint(step);
  Expansion(builder, step).run();
  return success();
}

} // namespace

StringRef LeapfrogAttr::methodName() const { return getMnemonic(); }
unsigned LeapfrogAttr::errorEstimates() const { return 0; }
bool LeapfrogAttr::needsFirstSlope() const { return false; }
double LeapfrogAttr::stabilityBound() const { return 0; }

void LeapfrogAttr::stateTypes(TypeRange y, SmallVectorImpl<Type> &types) const {
  types.append(y.begin(), y.end());
  types.push_back(getElementTypeOrSelf(y.front()));
}

void LeapfrogAttr::emitInitialState(LoopContext &loop, ValueRange point, ValueRange,
                                    SmallVectorImpl<Value> &state) const {
  state.append(point.begin(), point.end());
  state.push_back(loop.constant(0.0));
}

LogicalResult LeapfrogAttr::expandStep(OpBuilder &builder, Operation *op) const {
  return expand<LeapfrogExpansion>(builder, op);
}

StringRef ReversibleHeunAttr::methodName() const { return getMnemonic(); }
unsigned ReversibleHeunAttr::errorEstimates() const { return 1; }
bool ReversibleHeunAttr::needsFirstSlope() const { return true; }
double ReversibleHeunAttr::stabilityBound() const { return 0; }

void ReversibleHeunAttr::stateTypes(TypeRange y, SmallVectorImpl<Type> &types) const {
  for (int i = 0; i < 2; ++i)
    types.append(y.begin(), y.end());
}

void ReversibleHeunAttr::emitInitialState(LoopContext &, ValueRange point, ValueRange slope,
                                          SmallVectorImpl<Value> &state) const {
  state.append(point.begin(), point.end());
  state.append(slope.begin(), slope.end());
}

ValueRange ReversibleHeunAttr::restartPoint(ValueRange y, ValueRange state) const {
  return state.take_front(y.size());
}

LogicalResult ReversibleHeunAttr::expandStep(OpBuilder &builder, Operation *op) const {
  return expand<ReversibleHeunExpansion>(builder, op);
}

} // namespace deq::ir
