// Explicit Runge-Kutta methods behind the method interface: a step becomes field evaluations and
// sums of slopes. Both emissions follow one rule, so they agree to the bit: a sum starts at the
// first non-zero coefficient and goes on with one fma per non-zero coefficient, in ascending order;
// scanned sums start at -0.0, since fma(a, k, -0.0) = a*k.

#include "../Dialect/Deq.h"
#include "../Methods/Stability.h"
#include "../Target/Abi.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace deq::ir {

namespace {

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
    if (tableau.adaptive())
      for (Value sum : combine(tableau.e))
        error.push_back(loop.mul(step.getH(), sum));
    Leaves state;
    if (tableau.fsal())
      state = slope(tableau.stages() - 1);
    for (Operation *user : llvm::make_early_inc_range(step.getStages().getUsers())) {
      if (auto judgement = dyn_cast<StiffnessOp>(user))
        expandStiffness(judgement, y1);
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
  /// Sum over stages of coefficient * slope, per leaf.
  virtual Leaves combine(const Coefficients &coefficients) = 0;
  /// The same with weights that are polynomials in theta: rows of `p`.
  virtual Leaves combineAt(Value theta) = 0;
  virtual Leaves emitNext() = 0;
  virtual Leaves slope(int stage) = 0;
  /// The state at which a stage was evaluated.
  virtual Leaves pointOf(int stage) = 0;

  Leaves evaluate(Value t, ValueRange z) {
    Leaves operands{t};
    llvm::append_range(operands, z);
    llvm::append_range(operands, step.getArgs());
    SmallVector<Type> types(step.getNext().getTypes());
    return Leaves(loop.b.create<EvalOp>(loop.loc, types, step.getFieldAttr(), operands, UnitAttr())
                      .getResults());
  }

  /// y + h*sum, per leaf.
  Leaves advance(ValueRange sum) {
    Leaves result;
    for (auto [s, y0] : llvm::zip_equal(sum, y))
      result.push_back(loop.fma(step.getH(), s, y0));
    return result;
  }

  void replace(ValueRange old, ValueRange with) {
    for (auto [from, to] : llvm::zip_equal(old, with))
      from.replaceAllUsesWith(to);
  }

  void expandInterpolation(InterpolateOp op) {
    OpBuilder::InsertionGuard guard(loop.b);
    loop.b.setInsertionPoint(op);
    replace(op.getResult(), advance(combineAt(op.getTheta())));
    op.erase();
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
      Leaves sum = combine(tableau.a[i]);
      points.push_back(sum.empty() ? y : advance(sum));
      slopes.push_back(evaluate(stageTime(tableau.c[i]), points.back()));
    }
  }

  Value stageTime(double c) {
    if (c == 0)
      return step.getT();
    return c == 1 ? step.getEnd() : loop.fma(loop.constant(c), step.getH(), step.getT());
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

  Leaves combineAt(Value theta) override {
    SmallVector<std::pair<unsigned, Value>> weights;
    for (auto [stage, row] : llvm::enumerate(tableau.p)) {
      if (llvm::all_of(row, [](double x) { return x == 0; }))
        continue;
      Value weight = loop.constant(row.back());
      for (double coefficient : llvm::reverse(ArrayRef<double>(row).drop_back()))
        weight = loop.fma(weight, theta, loop.constant(coefficient));
      weights.emplace_back(stage, loop.mul(weight, theta));
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

/// One copy of the field in a loop over the stages; slopes live in rows of a buffer in the
/// workspace.
class Scanned : public Expansion {
public:
  Scanned(OpBuilder &builder, StepOp step, const deq::Tableau &tableau)
      : Expansion(builder, step, tableau) {
    int64_t width = 0;
    for (Value leaf : y) {
      offsets.push_back(width);
      width += elementCount(leaf.getType());
    }
    buffer = scratch(width);
  }

private:
  /// Adds the slope buffer to the kernel's arguments, behind everything else in the workspace.
  Value scratch(int64_t width) {
    auto kernel = step->getParentOfType<func::FuncOp>();
    auto type = MemRefType::get({tableau.stages(), width}, loop.real);
    int64_t slot = workspaceSlots(kernel);
    unsigned position = kernel.getNumArguments();
    kernel.insertArgument(position, type,
                          loop.b.getDictionaryAttr(
                              loop.b.getNamedAttr("deq.scratch", loop.b.getI64IntegerAttr(slot))),
                          kernel.getLoc());
    return kernel.getArgument(position);
  }

  Value index(int64_t value) { return loop.b.create<arith::ConstantIndexOp>(loop.loc, value); }

  Value lookup(ArrayRef<double> table, Value at) {
    auto type = RankedTensorType::get({static_cast<int64_t>(table.size())}, loop.real);
    SmallVector<llvm::APFloat> values;
    for (double x : table)
      values.push_back(cast<FloatAttr>(loop.b.getFloatAttr(loop.real, x)).getValue());
    return loop.b.create<LookupOp>(loop.loc, loop.real, DenseElementsAttr::get(type, values), at);
  }

  Value lookup(ArrayRef<int64_t> table, Value at) {
    auto type = RankedTensorType::get({static_cast<int64_t>(table.size())}, loop.b.getIndexType());
    return loop.b.create<LookupOp>(loop.loc, loop.b.getIndexType(),
                                   DenseIntElementsAttr::get(type, table), at);
  }

  void write(Value row, ValueRange slope) {
    for (auto [leaf, offset] : llvm::zip_equal(slope, offsets))
      loop.b.create<WriteOp>(loop.loc, leaf, buffer, row, offset);
  }

  Leaves read(Value row) {
    Leaves leaves;
    for (auto [leaf, offset] : llvm::zip_equal(y, offsets))
      leaves.push_back(loop.b.create<ReadOp>(loop.loc, leaf.getType(), buffer, row, offset));
    return leaves;
  }

  /// A loop over [from, to) that carries leaves.
  Leaves repeat(Value from, Value to, ValueRange initial,
                llvm::function_ref<Leaves(Value, ValueRange)> body) {
    auto op = loop.b.create<scf::ForOp>(loop.loc, from, to, index(1), initial);
    OpBuilder::InsertionGuard guard(loop.b);
    loop.b.setInsertionPointToEnd(op.getBody());
    Leaves next = body(op.getInductionVar(), op.getRegionIterArgs());
    loop.b.create<scf::YieldOp>(loop.loc, next);
    return Leaves(op.getResults());
  }

  Leaves negativeZeros() {
    Leaves zeros;
    for (Value leaf : y)
      zeros.push_back(loop.constant(-0.0, leaf.getType()));
    return zeros;
  }

  /// Adds value * slope to the sum, for the entries [from, to) of a compressed list of
  /// coefficients.
  Leaves accumulate(Value from, Value to, ArrayRef<int64_t> columns,
                    llvm::function_ref<Value(Value)> weight) {
    return repeat(from, to, negativeZeros(), [&](Value entry, ValueRange sum) {
      Value w = weight(entry);
      Leaves slope = read(lookup(columns, entry)), next;
      for (auto [k, s] : llvm::zip_equal(slope, sum))
        next.push_back(loop.fma(w, k, s));
      return next;
    });
  }

  Leaves combine(const Coefficients &coefficients) override {
    SmallVector<double> values;
    SmallVector<int64_t> columns;
    for (auto [stage, value] : llvm::enumerate(coefficients))
      if (value != 0) {
        values.push_back(value);
        columns.push_back(stage);
      }
    return accumulate(index(0), index(values.size()), columns,
                      [&](Value entry) { return lookup(values, entry); });
  }

  Leaves combineAt(Value theta) override {
    int64_t degree = tableau.p.front().size();
    SmallVector<double> values;
    SmallVector<int64_t> columns;
    for (auto [stage, row] : llvm::enumerate(tableau.p))
      if (!llvm::all_of(row, [](double x) { return x == 0; })) {
        values.append(row.rbegin(), row.rend());
        columns.push_back(stage);
      }
    return accumulate(index(0), index(columns.size()), columns, [&](Value entry) {
      Value base = loop.b.create<arith::MulIOp>(loop.loc, entry, index(degree));
      auto coefficient = [&](int64_t m) {
        return lookup(values, loop.b.create<arith::AddIOp>(loop.loc, base, index(m)));
      };
      Value weight = coefficient(0);
      for (int64_t m = 1; m < degree; ++m)
        weight = loop.fma(weight, theta, coefficient(m));
      return loop.mul(weight, theta);
    });
  }

  void emitStages() override {
    SmallVector<double> values;
    SmallVector<int64_t> columns, starts{0};
    for (const Coefficients &row : tableau.a) {
      for (auto [stage, value] : llvm::enumerate(row))
        if (value != 0) {
          values.push_back(value);
          columns.push_back(stage);
        }
      starts.push_back(values.size());
    }
    // A method without any coefficient (Euler) still needs a table to point at.
    if (values.empty()) {
      values.push_back(0);
      columns.push_back(0);
    }
    bool fsal = tableau.fsal();
    if (fsal)
      write(index(0), step.getState());
    point = repeat(index(fsal ? 1 : 0), index(tableau.stages()), y, [&](Value stage, ValueRange) {
      Value following = loop.b.create<arith::AddIOp>(loop.loc, stage, index(1));
      Leaves sum = accumulate(lookup(starts, stage), lookup(starts, following), columns,
                              [&](Value entry) { return lookup(values, entry); });
      Leaves z = advance(sum);
      Value c = lookup(tableau.c, stage);
      Value inside = loop.fma(c, step.getH(), step.getT());
      Value atEnd = loop.lessEqual(loop.constant(1.0), c);
      write(stage, evaluate(loop.select(atEnd, step.getEnd(), inside), z));
      return z;
    });
  }

  Leaves emitNext() override { return tableau.fsal() ? point : advance(combine(tableau.b)); }
  Leaves slope(int stage) override { return read(index(stage)); }
  Leaves pointOf(int stage) override { return advance(combine(tableau.a[stage])); }

  Value buffer;
  SmallVector<int64_t> offsets;
  Leaves point;
};

} // namespace

StringRef RKAttr::methodName() const { return getName().strref(); }
bool RKAttr::hasError() const { return !getE().empty(); }
bool RKAttr::needsFirstSlope() const { return tableau().fsal(); }
double RKAttr::stabilityBound() const { return deq::stabilityBound(tableau()); }

void RKAttr::stateTypes(TypeRange y, SmallVectorImpl<Type> &types) const {
  if (needsFirstSlope())
    types.append(y.begin(), y.end());
}

void RKAttr::emitInitialState(ValueRange slope, SmallVectorImpl<Value> &state) const {
  if (needsFirstSlope())
    state.append(slope.begin(), slope.end());
}

LogicalResult RKAttr::expandStep(OpBuilder &builder, Operation *op) const {
  auto step = llvm::cast<StepOp>(op);
  for (Operation *user : step.getStages().getUsers())
    if (!llvm::isa<InterpolateOp, StiffnessOp>(user))
      return user->emitOpError(
          "cannot use interpolation data: only deq.interpolate and deq.stiffness can");
  auto kernel = step->getParentOfType<func::FuncOp>();
  if (step.getEmission() == "scan" && (!kernel || kernel.getName() != kernelSymbol))
    return step.emitOpError() << "expected scanned stages in @" << kernelSymbol
                              << ", whose workspace keeps the slopes";
  deq::Tableau t = tableau();
  builder.setInsertionPoint(step);
  if (step.getEmission() == "scan")
    return Scanned(builder, step, t).run();
  return Unrolled(builder, step, t).run();
}

} // namespace deq::ir
