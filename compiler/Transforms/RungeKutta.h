// How an explicit Runge-Kutta step is written out, as far as it does not depend on where slopes are
// kept. The two emissions (RungeKutta.cpp: values, ScanStages.cpp: a buffer) follow one rule, so
// they agree to the bit: a sum starts at the first non-zero coefficient and goes on with one fma
// per non-zero coefficient, in ascending order; scanned sums start at -0.0, since fma(a, k, -0.0) =
// a*k.
#pragma once

#include "../Dialect/Deq.h"
#include "../Methods/Stability.h"

namespace deq::ir {

using Leaves = SmallVector<Value>;
using Coefficients = std::vector<double>;

/// What both emissions share: the step's operands, evaluation of the field, and the end of the
/// expansion.
class Expansion {
public:
  Expansion(OpBuilder &builder, StepOp step, const deq::Tableau &tableau)
      : loop(builder, step.getLoc(), cast<FloatType>(step.getT().getType())), step(step),
        tableau(tableau), y(step.getY()) {}
  virtual ~Expansion() = default;

  LogicalResult run() {
    emitStages();
    Leaves y1 = emitNext(), error;
    for (const Coefficients *weights : {&tableau.e, &tableau.coarse})
      if (!weights->empty())
        for (Value sum : combine(*weights))
          error.push_back(loop.mul(step.getH(), sum));
    Leaves state;
    if (tableau.fsal())
      state = slope(tableau.stages() - 1);
    for (Operation *user : llvm::make_early_inc_range(step.getStages().getUsers())) {
      if (auto judgement = dyn_cast<StiffnessOp>(user))
        expandStiffness(judgement, y1);
      else if (auto extension = dyn_cast<ExtendOp>(user))
        expandExtension(extension);
      else
        expandInterpolation(cast<InterpolateOp>(user));
    }
    replace(step.getNext(), y1);
    replace(step.getError(), error);
    replace(step.getNextState(), state);
    step.getOutcome().replaceAllUsesWith(loop.boolean(true));
    step.erase();
    return success();
  }

protected:
  virtual void emitStages() = 0;
  /// The stages of dense output, if the condition holds.
  virtual void emitExtraStages(Value condition) = 0;
  /// Sum over stages of coefficient * slope, per leaf.
  virtual Leaves combine(const Coefficients &coefficients) = 0;
  /// The same with weights that are polynomials in theta: rows of `p`, or their derivatives.
  virtual Leaves combineAt(Value theta, bool derivative) = 0;
  virtual Leaves emitNext() = 0;
  virtual Leaves slope(int stage) = 0;
  /// The state at which a stage was evaluated.
  virtual Leaves pointOf(int stage) = 0;

  /// The slope of a stage. Those of extra stages are cold: most steps do without.
  Leaves evaluate(Value t, ValueRange z, bool cold) {
    Leaves operands{t};
    llvm::append_range(operands, z);
    llvm::append_range(operands, step.getArgs());
    SmallVector<Type> types(step.getNext().getTypes());
    return Leaves(loop.b
                      .create<EvalOp>(loop.loc, types, step.getFieldAttr(), operands,
                                      cold ? loop.b.getUnitAttr() : UnitAttr())
                      .getResults());
  }

  /// y + h*sum, per leaf.
  Leaves advance(ValueRange sum) { return advance(sum, y); }
  Leaves advance(ValueRange sum, ValueRange start) {
    Leaves result;
    for (auto [s, y0] : llvm::zip_equal(sum, start))
      result.push_back(loop.fma(step.getH(), s, y0));
    return result;
  }

  void replace(ValueRange old, ValueRange with) {
    for (auto [from, to] : llvm::zip_equal(old, with))
      from.replaceAllUsesWith(to);
  }

  void expandExtension(ExtendOp op) {
    OpBuilder::InsertionGuard guard(loop.b);
    loop.b.setInsertionPoint(op);
    emitExtraStages(op.getCondition());
    for (Operation *user : llvm::make_early_inc_range(op.getExtended().getUsers()))
      expandInterpolation(cast<InterpolateOp>(user));
    op.erase();
  }

  void expandInterpolation(InterpolateOp op) {
    OpBuilder::InsertionGuard guard(loop.b);
    loop.b.setInsertionPoint(op);
    bool derivative = op.getDerivative();
    Leaves sum = combineAt(op.getTheta(), derivative), start = y;
    if (!tableau.q.empty()) {
      Value q = polynomial(tableau.q, op.getTheta(), derivative);
      for (auto [s, y0, y1] : llvm::zip_equal(derivative ? sum : start, y, op.getNext())) {
        Value change = loop.sub(y1, y0);
        s = loop.fma(q, derivative ? loop.div(change, op.getH()) : change, s);
      }
    }
    replace(op.getResult(), derivative ? sum : advance(sum, start));
    op.erase();
  }

  /// sum_m p_m theta^m for m = 1, 2, ..., or its derivative, by Horner's rule.
  Value polynomial(const Coefficients &p, Value theta, bool derivative) {
    Coefficients terms = derivative ? deq::differentiated(p) : p;
    Value sum = loop.constant(terms.back());
    for (double term : llvm::reverse(ArrayRef<double>(terms).drop_back()))
      sum = loop.fma(sum, theta, loop.constant(term));
    return derivative ? sum : loop.mul(sum, theta);
  }

  /// L. F. Shampine, Stiffness and nonstiff differential equation solvers II, ACM TOMS 3 (1977);
  /// Hairer, Wanner, Solving ODEs II, IV.2. The common factor of the two means cancels; h goes into
  /// the difference first, which keeps the squares of large slopes in range.
  void expandStiffness(StiffnessOp op, ValueRange y1) {
    OpBuilder::InsertionGuard guard(loop.b);
    loop.b.setInsertionPoint(op);
    int last = tableau.stages() - 1;
    Leaves slopes = slope(last), others = slope(last - 1), point = pointOf(last - 1);
    Leaves changes, distances;
    for (auto [k, other] : llvm::zip_equal(slopes, others))
      changes.push_back(loop.mul(step.getH(), loop.sub(k, other)));
    for (auto [end, z] : llvm::zip_equal(y1, point))
      distances.push_back(loop.sub(end, z));
    double bound = stabilityBound(tableau);
    Value apart = loop.meanSquare(distances);
    Value limit = loop.mul(loop.constant(bound * bound), apart);
    Value above = loop.greater(loop.meanSquare(changes), limit);
    Value moved = loop.greater(apart, loop.constant(0.0));
    op.getLimited().replaceAllUsesWith(loop.both(above, moved));
    op.erase();
  }

  LoopContext loop;
  StepOp step;
  const deq::Tableau &tableau;
  Leaves y;
};

/// Expands a step whose stages are a loop.
LogicalResult scanStages(OpBuilder &builder, StepOp step, const deq::Tableau &tableau);

} // namespace deq::ir
