// Rules of the reference interpreter for sums and for the operations that a solve is made of. A
// step is evaluated straight from its tableau, so that the expansions in RungeKutta.cpp have
// something independent to agree with.

#include "../Methods/Stability.h"
#include "../PinnedSum.h"
#include "Machine.h"

#include "llvm/ADT/TypeSwitch.h"

#include <limits>

namespace deq::ir {

namespace {

double dot(RealType t, const std::vector<double> &x, const std::vector<double> &y) {
  if (x.empty())
    return 0;
  return pinnedSum<double>(
      x.size(), [&](size_t i) { return t.round(x[i] * y[i]); },
      [&](double sum, size_t i) { return t.fma(x[i], y[i], sum); },
      [&](double p, double q) { return t.round(p + q); });
}

double meanSquare(RealType t, const std::vector<double> &x) {
  return t.round(dot(t, x, x) * t.round(1.0 / x.size()));
}

int64_t locate(const std::vector<double> &x) {
  double best = -1;
  int64_t where = -1;
  for (auto [i, value] : llvm::enumerate(x)) {
    double size = std::isfinite(value) ? std::fabs(value) : std::numeric_limits<double>::infinity();
    if (size > best) {
      best = size;
      where = i;
    }
  }
  return where;
}

/// Weighted sum of slopes from the first non-zero weight on; empty weights give an empty sum.
std::vector<double> combine(RealType t, llvm::ArrayRef<double> weights,
                            const std::vector<std::vector<double>> &slopes,
                            llvm::function_ref<bool(size_t)> present) {
  std::vector<double> sum;
  for (size_t j = 0; j < weights.size(); ++j) {
    if (!present(j))
      continue;
    bool first = sum.empty();
    sum.resize(slopes[j].size());
    for (size_t i = 0; i < sum.size(); ++i)
      sum[i] = first ? t.round(weights[j] * slopes[j][i]) : t.fma(weights[j], slopes[j][i], sum[i]);
  }
  return sum;
}

/// The same with weights of a tableau, which are rounded to the type; a zero is no weight.
std::vector<double> sumOf(RealType t, const std::vector<double> &weights,
                          const std::vector<std::vector<double>> &slopes) {
  std::vector<double> rounded;
  for (double x : weights)
    rounded.push_back(t.round(x));
  return combine(t, rounded, slopes, [&](size_t j) { return weights[j] != 0; });
}

} // namespace

std::optional<Machine::Cells> Machine::evaluateField(Operation *op, StringRef symbol,
                                                     Cells inputs) {
  Evaluated field(op, FlatSymbolRefAttr::get(op->getContext(), symbol));
  if (!field) {
    fail(op, "unknown field");
    return std::nullopt;
  }
  // An argument of kind memory reaches the field as an array.
  for (auto [cell, type] : llvm::zip_equal(inputs, field.type().getInputs()))
    if (cell.memory) {
      bool single = realTypeOf(type).single;
      for (int64_t i = 0, n = elementCount(type); i < n; ++i)
        cell.reals.push_back(single ? static_cast<float *>(cell.memory)[i]
                                    : static_cast<double *>(cell.memory)[i]);
      cell.memory = nullptr;
    }
  Machine inner(sink);
  auto results = inner.run(field.body(), std::move(inputs));
  if (!results)
    fail(op, inner.error);
  return results;
}

std::optional<bool> Machine::solving(Operation *op) {
  using Result = std::optional<bool>;
  auto putReal = [&](double value) { return put(op, Cell{{value}, {}, nullptr}); };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<SumOp>([&](SumOp sum) {
        RealType t = realTypeOf(sum.getType());
        const std::vector<double> &x = at(sum.getValue()).reals;
        auto add = [&](double p, double q) { return t.round(p + q); };
        return putReal(x.empty() ? 0
                                 : pinnedSum<double>(
                                       x.size(), [&](size_t i) { return x[i]; },
                                       [&](double s, size_t i) { return add(s, x[i]); }, add));
      })
      .Case<DotOp>([&](DotOp product) {
        return putReal(dot(realTypeOf(product.getType()), at(product.getLhs()).reals,
                           at(product.getRhs()).reals));
      })
      .Case<MaxMagnitudeOp>([&](MaxMagnitudeOp norm) {
        double largest = 0;
        for (double x : flatten(norm.getValues()))
          if (std::fabs(x) > largest || std::isnan(x))
            largest = std::fabs(x);
        return putReal(largest);
      })
      .Case<MeanSquareOp>([&](MeanSquareOp mean) {
        return putReal(meanSquare(realTypeOf(mean.getType()), flatten(mean.getValues())));
      })
      .Case<AllFiniteOp>([&](AllFiniteOp all) {
        bool finite =
            llvm::all_of(flatten(all.getValues()), [](double x) { return std::isfinite(x); });
        return put(op, Cell{{}, {finite}, nullptr});
      })
      .Case<LocateOp>([&](LocateOp search) {
        return put(op, Cell{{}, {locate(flatten(search.getValues()))}, nullptr});
      })
      .Case<SampleOp>([&](SampleOp op) { return putReal(sample(op)); })
      .Case<EvalOp>([&](EvalOp eval) -> Result {
        auto results = evaluateField(op, eval.getField(), cells(eval.getInputs()));
        if (!results)
          return false;
        bind(op->getResults(), std::move(*results));
        return true;
      })
      .Case<StepOp>([&](StepOp stepOp) { return step(stepOp); })
      .Case<ExtendOp>([&](ExtendOp extension) { return extend(extension); })
      .Case<InterpolateOp>([&](InterpolateOp inter) { return interpolate(inter); })
      .Case<StiffnessOp>([&](StiffnessOp judgement) { return stiffness(judgement); })
      .Default([](Operation *) { return std::nullopt; });
}

double Machine::sample(SampleOp op) {
  RealType t = realTypeOf(op.getType());
  auto table = cast<RankedTensorType>(op.getTable().getType());
  int64_t width = table.getDimSize(1);
  const std::vector<double> &rows = at(op.getTable()).reals;
  double time = at(op.getTime()).reals.front();
  const double *row = rows.data();
  for (int64_t i = 1; i < table.getDimSize(0); ++i)
    if (rows[i * width] <= time)
      row = &rows[i * width];
  double s = t.round(time - row[0]), sum = row[width - 1];
  for (int64_t column = width - 2; column > 0; --column)
    sum = t.fma(sum, s, row[column]);
  return sum;
}

std::vector<Cell> split(llvm::ArrayRef<double> flat, TypeRange leaves) {
  std::vector<Cell> cells;
  for (Type leaf : leaves) {
    llvm::ArrayRef<double> values = flat.take_front(elementCount(leaf));
    cells.push_back(Cell{{values.begin(), values.end()}, {}, nullptr});
    flat = flat.drop_front(values.size());
  }
  return cells;
}

/// y + h sum_j w_j k_j per element, y where no weight is given.
static std::vector<double> advance(RealType t, double h, std::vector<double> y,
                                   const std::vector<double> &weights,
                                   const std::vector<std::vector<double>> &slopes) {
  std::vector<double> sum = sumOf(t, weights, slopes);
  for (size_t i = 0; i < sum.size(); ++i)
    y[i] = t.fma(h, sum[i], y[i]);
  return y;
}

double Machine::timeIn(StepOp op, double c) {
  RealType t = realTypeOf(op.getT().getType());
  double start = at(op.getT()).reals[0], h = at(op.getH()).reals[0];
  return c == 1 ? at(op.getEnd()).reals[0] : c == 0 ? start : t.fma(t.round(c), h, start);
}

std::vector<double> Machine::stage(StepOp op, const deq::Tableau &tableau, int i,
                                   std::vector<std::vector<double>> &slopes) {
  RealType t = realTypeOf(op.getH().getType());
  double h = at(op.getH()).reals[0];
  std::vector<double> point = advance(t, h, flatten(op.getY()), tableau.a[i], slopes);
  slopes.push_back(slopeAt(op, timeIn(op, tableau.c[i]), point));
  return slopes.back().empty() ? std::vector<double>() : point;
}

std::vector<double> Machine::slopeAt(StepOp op, double time, const std::vector<double> &point) {
  Cells inputs{Cell{{time}, {}, nullptr}};
  for (Cell &leaf : split(point, op.getY().getTypes()))
    inputs.push_back(std::move(leaf));
  for (Value argument : op.getArgs())
    inputs.push_back(at(argument));
  std::vector<double> flat;
  if (auto slope = evaluateField(op, op.getField(), std::move(inputs)))
    for (const Cell &leaf : *slope)
      llvm::append_range(flat, leaf.reals);
  return flat;
}

bool Machine::step(StepOp op) {
  if (std::optional<bool> done = otherStep(op))
    return *done;
  auto method = dyn_cast<RKAttr>(Attribute(op.getMethod()));
  if (!method)
    return fail(op, "unknown kind of method");
  deq::Tableau tableau = method.tableau();
  RealType t = realTypeOf(op.getH().getType());
  double h = at(op.getH()).reals[0];
  std::vector<double> y = flatten(op.getY()), point = y;
  std::vector<std::vector<double>> slopes;
  if (tableau.fsal())
    slopes.push_back(flatten(op.getState()));
  for (int i = tableau.fsal(); i < tableau.stages(); ++i) {
    point = stage(op, tableau, i, slopes);
    if (point.empty())
      return false;
  }
  std::vector<double> y1 = tableau.fsal() ? point : advance(t, h, y, tableau.b, slopes);
  bind(op.getNext(), split(y1, op.getNext().getTypes()));
  ValueRange errors = op.getError();
  for (const std::vector<double> *weights : {&tableau.e, &tableau.coarse}) {
    if (weights->empty())
      continue;
    std::vector<double> error = sumOf(t, *weights, slopes);
    for (double &x : error)
      x = t.round(h * x);
    bind(errors.take_front(op.getY().size()), split(error, op.getY().getTypes()));
    errors = errors.drop_front(op.getY().size());
  }
  if (tableau.fsal())
    bind(op.getNextState(), split(slopes.back(), op.getNextState().getTypes()));
  Cell stages;
  for (const auto &slope : slopes)
    llvm::append_range(stages.reals, slope);
  environment[op.getStages()] = std::move(stages);
  environment[op.getOutcome()] = Cell{{}, {1}, nullptr};
  return true;
}

bool Machine::extend(ExtendOp op) {
  StepOp step = stepOf(op.getStages());
  if (std::optional<bool> done = step ? otherExtend(op, step) : std::nullopt)
    return *done;
  auto method = step ? dyn_cast<RKAttr>(Attribute(step.getMethod())) : RKAttr();
  if (!method)
    return fail(op, "unknown kind of method");
  deq::Tableau tableau = method.tableau();
  Cell stages = at(op.getStages());
  size_t n = flatten(step.getY()).size();
  std::vector<std::vector<double>> slopes;
  for (int i = 0; i < tableau.stages(); ++i)
    slopes.emplace_back(stages.reals.begin() + i * n, stages.reals.begin() + (i + 1) * n);
  for (int i = 0; i < tableau.extraStages(); ++i) {
    if (!integer(op.getCondition()))
      slopes.push_back(slopes.front());
    else if (stage(step, tableau, tableau.stages() + i, slopes).empty())
      return false;
    llvm::append_range(stages.reals, slopes.back());
  }
  environment[op.getExtended()] = std::move(stages);
  return true;
}

bool Machine::interpolate(InterpolateOp op) {
  StepOp step = stepOf(op.getStages());
  if (std::optional<bool> done = step ? otherInterpolate(op, step) : std::nullopt)
    return *done;
  auto method = step ? dyn_cast<RKAttr>(Attribute(step.getMethod())) : RKAttr();
  if (!method)
    return fail(op, "unknown kind of method");
  deq::Tableau tableau = method.tableau();
  RealType t = realTypeOf(op.getTheta().getType());
  double theta = at(op.getTheta()).reals[0], h = at(op.getH()).reals[0];
  const std::vector<double> &flat = at(op.getStages()).reals;
  bool derivative = op.getDerivative();
  // Horner's rule for sum_m p_m theta^m, the leading theta last, or for its derivative.
  auto polynomial = [&](std::vector<double> p) {
    p = derivative ? deq::differentiated(p) : p;
    double sum = t.round(p.back());
    for (size_t m = p.size() - 1; m-- > 0;)
      sum = t.fma(sum, theta, t.round(p[m]));
    return derivative ? sum : t.round(sum * theta);
  };
  std::vector<double> y = flatten(op.getY()), next = flatten(op.getNext()), weights;
  std::vector<std::vector<double>> slopes;
  for (size_t i = 0; i < tableau.p.size(); ++i) {
    slopes.emplace_back(flat.begin() + i * y.size(), flat.begin() + (i + 1) * y.size());
    weights.push_back(polynomial(tableau.p[i]));
  }
  std::vector<double> sum = combine(t, weights, slopes, [&](size_t i) {
    return llvm::any_of(tableau.p[i], [](double x) { return x != 0; });
  });
  for (size_t i = 0; i < y.size(); ++i) {
    double start = y[i], change = t.round(next[i] - start);
    if (derivative)
      y[i] = tableau.q.empty() ? sum[i] : t.fma(polynomial(tableau.q), t.round(change / h), sum[i]);
    else
      y[i] =
          t.fma(h, sum[i], tableau.q.empty() ? start : t.fma(polynomial(tableau.q), change, start));
  }
  bind(op.getResult(), split(y, op.getResult().getTypes()));
  return true;
}

bool Machine::stiffness(StiffnessOp op) {
  auto step = op.getStages().getDefiningOp<StepOp>();
  auto method = step ? dyn_cast<RKAttr>(Attribute(step.getMethod())) : RKAttr();
  if (!method)
    return fail(op, "unknown kind of method");
  deq::Tableau tableau = method.tableau();
  RealType t = realTypeOf(step.getH().getType());
  double h = at(step.getH()).reals[0], bound = deq::stabilityBound(tableau);
  std::vector<double> y = flatten(step.getY()), y1 = flatten(step.getNext());
  const std::vector<double> &k = at(step.getStages()).reals;
  size_t n = y.size(), r = tableau.stages() - 2;
  std::vector<double> change, distance;
  for (size_t i = 0; i < n; ++i) {
    // z_r = y + h sum_j a_rj k_j, in the order in which the stage computed it.
    double sum = 0, z = y[i];
    bool first = true;
    for (size_t j = 0; j < r; ++j) {
      double a = t.round(tableau.a[r][j]);
      if (tableau.a[r][j] == 0)
        continue;
      sum = first ? t.round(a * k[j * n + i]) : t.fma(a, k[j * n + i], sum);
      first = false;
    }
    z = first ? z : t.fma(h, sum, z);
    change.push_back(t.round(h * t.round(k[(r + 1) * n + i] - k[r * n + i])));
    distance.push_back(t.round(y1[i] - z));
  }
  double apart = meanSquare(t, distance);
  bool limited = meanSquare(t, change) > t.round(t.round(bound * bound) * apart) && apart > 0;
  return put(op, Cell{{}, {limited}, nullptr});
}

} // namespace deq::ir
