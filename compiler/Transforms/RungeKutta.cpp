// Explicit Runge-Kutta methods behind the method interface: a step becomes field evaluations and
// sums of slopes. Here every stage is spelled out; ScanStages.cpp loops over them.

#include "RungeKutta.h"

#include "../Target/Abi.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace deq::ir {

namespace {

/// Every stage spelled out; slopes are values.
class Unrolled : public Expansion {
  using Expansion::Expansion;

  void emitStages() override {
    for (int i = 0; i < tableau.stages(); ++i) {
      if (i == 0 && tableau.fsal()) {
        slopes.emplace_back(step.getState());
        points.push_back(y);
        continue;
      }
      points.push_back(stagePoint(i));
      slopes.push_back(evaluate(timeOf(tableau.c[i]), points.back(), false));
    }
  }

  void emitExtraStages(Value condition) override {
    slopes.resize(tableau.stages());
    Leaves flat = loop.branch(
        condition,
        [&] {
          Leaves extra;
          for (int i = tableau.stages(); i < tableau.stages() + tableau.extraStages(); ++i) {
            slopes.push_back(evaluate(timeOf(tableau.c[i]), stagePoint(i), true));
            extra.append(slopes.back());
          }
          slopes.resize(tableau.stages());
          return extra;
        },
        [&] {
          Leaves any;
          for (int i = 0; i < tableau.extraStages(); ++i)
            any.append(slopes.front());
          return any;
        });
    for (ArrayRef<Value> rest = flat; !rest.empty(); rest = rest.drop_front(y.size()))
      slopes.emplace_back(rest.take_front(y.size()));
  }

  Leaves stagePoint(int stage) {
    Leaves sum = combine(tableau.a[stage]);
    return sum.empty() ? y : advance(sum);
  }

  /// Weights times slopes; weights that are null are left out. Empty if all are.
  Leaves weigh(ArrayRef<std::pair<unsigned, Value>> weights) {
    Leaves sum;
    for (auto [stage, weight] : weights)
      for (auto [leaf, slope] : llvm::enumerate(slopes[stage])) {
        if (sum.size() <= leaf)
          sum.push_back(loop.mul(weight, slope));
        else
          sum[leaf] = loop.fma(weight, slope, sum[leaf]);
      }
    return sum;
  }

  Leaves combine(const Coefficients &coefficients) override {
    SmallVector<std::pair<unsigned, Value>> weights;
    for (auto [stage, value] : llvm::enumerate(coefficients))
      if (value != 0)
        weights.emplace_back(stage, loop.constant(value));
    return weigh(weights);
  }

  Leaves combineAt(Value theta, bool derivative) override {
    SmallVector<std::pair<unsigned, Value>> weights;
    for (auto [stage, row] : llvm::enumerate(tableau.p)) {
      if (llvm::all_of(row, [](double x) { return x == 0; }))
        continue;
      weights.emplace_back(stage, polynomial(row, theta, derivative));
    }
    return weigh(weights);
  }

  Leaves emitNext() override {
    return tableau.fsal() ? points.back() : advance(combine(tableau.b));
  }
  Leaves slope(int stage) override { return slopes[stage]; }
  Leaves pointOf(int stage) override { return points[stage]; }

  std::vector<Leaves> slopes;
  std::vector<Leaves> points; ///< where the stages were evaluated
};

} // namespace

StringRef RKAttr::methodName() const { return getName().strref(); }
unsigned RKAttr::errorEstimates() const { return getE().empty() ? 0 : getCoarse().empty() ? 1 : 2; }
int64_t RKAttr::sumTerms() const {
  deq::Tableau t = tableau();
  auto count = [](const Coefficients &row) { return row.size() - llvm::count(row, 0.0); };
  int64_t terms = t.fsal() ? 0 : count(t.b);
  for (const Coefficients &row : ArrayRef<Coefficients>(t.a).take_front(t.stages()))
    terms += count(row);
  return terms + count(t.e) + count(t.coarse);
}
bool RKAttr::hasExtraStages() const { return getC().size() > getB().size(); }
bool RKAttr::needsFirstSlope() const { return tableau().fsal(); }
double RKAttr::stabilityBound() const { return deq::stabilityBound(tableau()); }

void RKAttr::stateTypes(TypeRange y, SmallVectorImpl<Type> &types) const {
  if (needsFirstSlope())
    types.append(y.begin(), y.end());
}

void RKAttr::emitInitialState(LoopContext &, ValueRange, ValueRange slope,
                              SmallVectorImpl<Value> &state) const {
  if (needsFirstSlope())
    state.append(slope.begin(), slope.end());
}

LogicalResult RKAttr::expandStep(OpBuilder &builder, Operation *op) const {
  auto step = llvm::cast<StepOp>(op);
  if (failed(verifyStageUsers(step)))
    return failure();
  auto kernel = step->getParentOfType<func::FuncOp>();
  if (step.getEmission() == "scan" && (!kernel || kernel.getName() != kernelSymbol))
    return step.emitOpError() << "expected scanned stages in @" << kernelSymbol
                              << ", whose workspace keeps the slopes";
  deq::Tableau t = tableau();
  builder.setInsertionPoint(step);
  if (step.getEmission() == "scan")
    return scanStages(builder, step, t);
  return Unrolled(builder, step, t).run();
}

} // namespace deq::ir
