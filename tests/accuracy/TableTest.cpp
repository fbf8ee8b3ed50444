// Arguments that are tables: what a field sees of them, to the bit on every path and against exact
// integrals of the interpolants. The search, the row and the time are all the generated code's own.
#include "compiler/Table.h"
#include "Compiled.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;
using Numbers = std::vector<double>;

/// Knots from -0.5 to 2 at irregular distances, and what they are given.
Numbers knots(int n) {
  Numbers times;
  for (int i = 0; i < n; ++i) {
    const double x = double(i) / (n - 1);
    times.push_back(-0.5 + 2.5 * (0.3 * x + 0.7 * x * x));
  }
  return times;
}
Numbers given(const Numbers &times) {
  Numbers values;
  for (double t : times)
    values.push_back(std::cos(3 * t) + 0.2 * t);
  return values;
}

/// Value and integral of a table by its documented formula, in double.
struct Polynomials {
  Polynomials(const Numbers &times, int degree)
      : width(degree + 2), rows(tableRows(times, given(times), degree)) {}

  /// Integral of polynomial i from its knot to t, or its value there.
  double of(std::size_t i, double t, bool integral) const {
    const double s = t - rows[i * width];
    double sum = 0;
    for (std::size_t power = width - 1; power-- > 0;)
      sum = sum * s + rows[i * width + 1 + power] / (integral ? power + 1 : 1);
    return integral ? sum * s : sum;
  }
  std::size_t rowAt(double t) const {
    std::size_t i = 0;
    while (i + 1 < rows.size() / width && rows[(i + 1) * width] <= t)
      ++i;
    return i;
  }
  double value(double t) const { return of(rowAt(t), t, false); }
  double primitive(double t) const {
    double sum = 0;
    const std::size_t last = rowAt(t);
    for (std::size_t i = 0; i < last; ++i)
      sum += of(i, rows[(i + 1) * width], true);
    return sum + of(last, t, true);
  }

  std::size_t width;
  Numbers rows;
};

/// A field whose argument `u` is a table. Its uses are named and not, alone and in a product.
constexpr const char *text = R"(
field driven(t; y, z; k, u, c) {
  y' = u
  z' = k*u*z + sin(u) - c
}
solve driven {
  span 0 to 1.5
  init y = 0.25, z = 1
  args k = -0.5, u = 0, c = 0.125
  control pid(rtol = 1e-6)
  save steps 1
})";

Problem driven(const Polynomials &table, const std::string &dtype, const std::string &stages,
               const std::string &method = "tsit5", const std::string &source = text) {
  Overrides overrides;
  overrides.dtype = dtype;
  overrides.stages = stages;
  overrides.method = method;
  Problem problem = loadText(source, overrides);
  Argument &u = problem.signature.arguments[1];
  u.degree = int(table.width) - 2;
  u.kind = ArgumentKind::memory;
  u.leaf.shape = {std::int64_t(table.rows.size() / table.width), std::int64_t(table.width)};
  Numbers &values = problem.values.arguments;
  values.erase(values.begin() + 1);
  values.insert(values.begin() + 1, table.rows.begin(), table.rows.end());
  return problem;
}

class Table : public testing::TestWithParam<std::tuple<int, std::string>> {
protected:
  int degree() const { return std::get<0>(GetParam()); }
  std::string dtype() const { return std::get<1>(GetParam()); }
  bool single() const { return dtype() != "f64"; }
};

// 17 rows need five comparisons, 16 four, 2 one: sizes on both sides of a power of two.
TEST_P(Table, unrollScanAndInterpreterAgree) {
  for (int n : {2, 3, 4, 5, 16, 17, 100}) {
    SCOPED_TRACE(testing::Message() << n << " knots");
    const Polynomials table(knots(n), degree());
    std::vector<Solution> solutions;
    for (const Engine &engine : engines) {
      Compiled c = compileProblem(driven(table, dtype(), engine.stages), engine.backend);
      c.values.pid.rtol = c.values.pid.atol = 1e-4;
      solutions.push_back(c.run());
    }
    EXPECT_EQ(solutions[0].status, Status::success);
    EXPECT_GE(solutions[0].stats.accepted, 3);
    EXPECT_TRUE(same(solutions[0], solutions[1])) << "unroll and scan";
    EXPECT_TRUE(same(solutions[0], solutions[2])) << "unroll and interpreter";
  }
}

// Every row of y' = u is the integral up to there, with steps that end at the knots and a method
// that is exact for the polynomials in between.
TEST_P(Table, stepsFromKnotToKnotIntegrateExactly) {
  Numbers times;
  for (int i = 0; i <= 24; ++i)
    times.push_back(i * 0.0625); // exact in both element types
  const Polynomials table(times, degree());
  const Problem problem = driven(table, dtype(), "unroll", degree() == 1 ? "heun" : "rk4",
                                 withControl(text, "constant(dt = 0.0625)"));
  const Compiled c = compileProblem(problem);
  const Solution solution = c.run();
  ASSERT_EQ(solution.stats.accepted, 24);
  const double tolerance = single() ? 2e-6 : 2e-15;
  for (std::size_t i = 0; i < solution.t.size(); ++i)
    EXPECT_NEAR(solution.y[2 * i], 0.25 + table.primitive(solution.t[i]), tolerance)
        << "t = " << solution.t[i];
}

// Backwards the same pieces are run through from their other ends.
TEST_P(Table, stepsFromKnotToKnotIntegrateBackwardsToo) {
  Numbers times;
  for (int i = 0; i <= 24; ++i)
    times.push_back(i * 0.0625);
  const Polynomials table(times, degree());
  Problem problem = driven(table, dtype(), "unroll");
  problem.signature.clip = true;
  problem.values.jump_at = times;
  std::swap(problem.values.t0, problem.values.t1);
  const Solution solution = compileProblem(problem).run();
  ASSERT_EQ(solution.status, Status::success);
  const double tolerance = single() ? 2e-6 : 1e-14;
  for (std::size_t i = 0; i < solution.t.size(); ++i)
    EXPECT_NEAR(solution.y[2 * i], 0.25 + table.primitive(solution.t[i]) - table.primitive(1.5),
                tolerance)
        << "t = " << solution.t[i];
}

// The error estimate sees a kink through the stages only, so steps are kept short and the tolerance
// of the test is a multiple of the solve's.
TEST_P(Table, adaptiveStepsIntegrateToTheirTolerance) {
  const Polynomials table(knots(40), degree());
  Compiled c = compileProblem(driven(table, dtype(), "scan"));
  c.values.pid.rtol = c.values.pid.atol = single() ? 1e-6 : 1e-12;
  c.values.pid.dt_max = 0.01;
  const Solution solution = c.run();
  ASSERT_EQ(solution.status, Status::success);
  EXPECT_NEAR(endOf(solution)[0], 0.25 + table.primitive(1.5) - table.primitive(0),
              single() ? 5e-5 : 1e-9);
}

/// One tiny Euler step from t0: (y1 - y0)/h is the value that the field saw there.
double seen(Compiled &c, double t0) {
  const double h = 0x1p-20;
  c.values.t0 = t0;
  c.values.t1 = t0 + h;
  c.values.dt = h;
  c.values.y0 = {0, 0};
  // Without the check of the span: outside of the knots is where it is to be seen.
  return endOf(solve(*c.program, c.signature, c.values, {}))[0] / h;
}

// At a knot the value is the given one to the bit, at the last knot too; before the first and
// beyond the last one the outermost polynomials continue.
TEST_P(Table, valuesAtBetweenAndBeyondKnots) {
  Numbers times;
  for (int i = 0; i < 11; ++i)
    times.push_back(-1 + 0.25 * i);
  const Polynomials table(times, degree());
  const Problem problem =
      driven(table, dtype(), "unroll", "euler", withControl(text, "constant(dt = 1)"));
  Compiled c = compileProblem(problem);
  for (double t : {-2.0, -1.125, -1.0, -0.9375, -0.75, -0.5, 0.0, 0.125, 1.25, 1.375, 1.5, 1.75})
    if (single())
      EXPECT_NEAR(seen(c, t), table.value(t), 1e-4 * std::max(1.0, std::fabs(table.value(t)))) << t;
    else
      EXPECT_NEAR(seen(c, t), table.value(t), 1e-14 * std::max(1.0, std::fabs(table.value(t))))
          << t;
  const Numbers exact = given(times);
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_EQ(seen(c, times[i]), single() ? double(float(exact[i])) : exact[i]) << times[i];
}

// Every stage that is printed reads back with its table and runs to the same bits.
TEST_P(Table, everyStageIsAProgram) {
  const Polynomials table(knots(9), degree());
  for (const char *emission : {"unroll", "scan"}) {
    SCOPED_TRACE(emission);
    expectEveryStageRuns(driven(table, dtype(), emission));
  }
}

// Three uses share one sample.
TEST_P(Table, isSampledOncePerEvaluation) {
  const Polynomials table(knots(9), degree());
  Diagnostics diagnostics;
  const auto dump = emit(driven(table, dtype(), "unroll"), "field", {}, diagnostics);
  ASSERT_TRUE(dump);
  const std::size_t first = dump->bytes.find("deq.sample");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(dump->bytes.find("deq.sample", first + 1), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Degrees, Table,
                         testing::Combine(testing::Values(1, 3), testing::ValuesIn(dtypes)),
                         [](const auto &info) {
                           return (std::get<0>(info.param) == 1 ? "linear_" : "cubic_") +
                                  identifier(std::get<1>(info.param));
                         });

} // namespace
