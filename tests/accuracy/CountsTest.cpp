// Step counts of compiled solves: published ones, and those of the independent reference solver
// over methods, tolerances and controller coefficients. A count differs as soon as one decision of
// the controller does, so equal counts vouch for every formula between error and next step.
#include "HandCall.h"
#include "tests/unit/support/Problems.h"
#include "tests/unit/support/ReferenceSolver.h"

namespace {

using namespace deq;
using namespace deq::test;

//===-- Published counts
//-----------------------------------------------------------------------===//

class KnownCounts : public testing::TestWithParam<Engine> {};

// Diffrax 0.7.2 takes these steps: tsit5, rtol 1e-6, atol 1e-9, I-controller.
TEST_P(KnownCounts, lotkaVolterra) {
  Compiled compiled = compileText(example("lotka_volterra"), {}, GetParam());
  compiled.values.dt = 0.01;
  const Solution given = compiled.run();
  EXPECT_EQ(given.status, Status::success);
  EXPECT_EQ(given.stats.steps, 107);
  EXPECT_EQ(given.stats.accepted, 91);
  EXPECT_EQ(given.stats.rejected, 16);
  EXPECT_EQ(given.stats.evaluations, 643);

  compiled.values.dt = 0;
  const Solution automatic = compiled.run();
  EXPECT_EQ(automatic.status, Status::success);
  EXPECT_EQ(automatic.stats.steps, 109);
  EXPECT_EQ(automatic.stats.accepted, 91);
  EXPECT_EQ(automatic.stats.rejected, 18);
  EXPECT_EQ(automatic.stats.evaluations, 656);
}

// Hairer, Norsett, Wanner I, II.4, with exponent 1/order.
TEST_P(KnownCounts, automaticFirstStep) {
  struct Row {
    const char *example;
    double rtol, atol, step;
  };
  for (const Row &row : {Row{"lotka_volterra", 1e-3, 1e-6, 0.077608474},
                         Row{"lotka_volterra", 1e-8, 1e-8, 0.0089130908},
                         Row{"lotka_volterra", 1e-6, 1e-9, 0.01949436736}}) {
    Overrides overrides;
    overrides.save = "steps 1";
    Compiled compiled = compileText(example(row.example), overrides, GetParam());
    compiled.values.pid.rtol = row.rtol;
    compiled.values.pid.atol = row.atol;
    compiled.values.pid.safety = 1;
    compiled.values.max_steps = 1;
    const Solution solution = compiled.run();
    ASSERT_EQ(solution.stats.accepted, 1) << "the first step is small enough";
    EXPECT_NEAR(solution.t.front(), row.step, 1e-8 * row.step);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, KnownCounts, testing::ValuesIn(engines),
                         [](const auto &info) { return info.param.name; });

//===-- Counts of the reference solver
//-----------------------------------------------------------------------===//

struct Problem {
  const char *name;
  std::string text;
  double t0, t1;
  std::vector<double> y0;
  std::function<void(double, const std::vector<double> &, std::vector<double> &)> field;
};

template <class P> Problem problem(const std::string &text) {
  return {P::name, text, P::t0, P::t1, P::y0(), P::template field<double>};
}

const std::vector<Problem> &problems() {
  static const std::vector<Problem> list = {
      problem<LotkaVolterra>(example("lotka_volterra")),
      problem<Lorenz>(example("lorenz")),
      problem<Brusselator>(R"(
        field brusselator(t; x, y) {
          x' = 1 + x^2*y - 4*x
          y' = 3*x - x^2*y
        }
        solve brusselator {
          span 0 to 20
          init x = 1.5, y = 3
        }
      )"),
  };
  return list;
}

struct Coefficients {
  double p, i, d;
};
// The I-controller, and the sets that the literature suggests for easy to difficult problems
// (Soederlind 2003; Hairer, Wanner II, IV.2), one with each sign of every beta.
constexpr Coefficients coefficients[] = {
    {0, 1, 0}, {0.4, 0.3, 0}, {0.2, 0.4, 0}, {0.2, 0.3, 0.1}, {0.1, 0.3, -0.05}};

std::vector<std::string> adaptiveMethods() {
  std::vector<std::string> names;
  for (const Tableau &method : tableaus())
    if (method.adaptive())
      names.push_back(method.name);
  for (const char *inner : {"rk4", "bosh3", "dopri5"})
    names.push_back(std::string("half(") + inner + ")");
  return names;
}

class CountsOf : public testing::TestWithParam<std::tuple<std::string, std::size_t>> {};

TEST_P(CountsOf, referenceSolver) {
  const Tableau method = *findMethod(std::get<0>(GetParam()))->tableau();
  const Problem &problem = problems()[std::get<1>(GetParam())];
  if (method.name == "vern8" && std::string(problem.name) == "brusselator")
    GTEST_SKIP() << "stages of its first long steps explode, which magnifies every rounding";
  Overrides overrides;
  overrides.method = method.name;
  overrides.save = "end";
  Compiled compiled = compileText(problem.text, overrides);
  Values &values = compiled.values;
  values.t0 = problem.t0;
  values.t1 = problem.t1;
  ASSERT_EQ(values.y0, problem.y0);

  // As many steps for every order, roughly: 10^-1 in the step is 10^-order in the tolerance.
  const double finest = method.order == 2 ? 5 : method.order == 3 ? 7 : method.order <= 5 ? 10 : 7;
  for (double digits : {finest - 3, finest - 2, finest - 1, finest})
    for (const Coefficients &pid : coefficients)
      for (double dt : {0.0, 0.01}) {
        // From order 6 on, the error of a short first step is rounding, which is another for other
        // orders of the field's terms; controllers with a memory carry it on.
        if (method.order > 5 && (pid.p != 0 || dt != 0))
          continue;
        ReferenceOptions o;
        o.rtol = values.pid.rtol = std::pow(10, -digits);
        o.atol = values.pid.atol = std::pow(10, -digits - 1);
        o.pcoeff = values.pid.pcoeff = pid.p;
        o.icoeff = values.pid.icoeff = pid.i;
        o.dcoeff = values.pid.dcoeff = pid.d;
        o.dt = values.dt = dt;
        const auto expected = ReferenceSolver<double>(method, problem.field)
                                  .adaptive(problem.t0, problem.t1, problem.y0, o);
        const Solution got = compiled.run();
        SCOPED_TRACE(testing::Message() << "rtol " << o.rtol << ", pid " << pid.p << " " << pid.i
                                        << " " << pid.d << ", dt " << dt);
        EXPECT_EQ(got.status, expected.status);
        EXPECT_EQ(got.stats.accepted, expected.accepted);
        EXPECT_EQ(got.stats.rejected, expected.rejected);
        EXPECT_EQ(got.stats.evaluations, expected.evaluations);
        EXPECT_EQ(got.t.back(), problem.t1);
      }
}

// Rows inside the steps: some steps have several, most have none, and one row is at the end of a
// step. Stages for dense output alone count once in each step that has rows inside.
TEST_P(CountsOf, referenceSolverWithRows) {
  const Tableau method = *findMethod(std::get<0>(GetParam()))->tableau();
  const Problem &problem = problems()[std::get<1>(GetParam())];
  Overrides overrides;
  overrides.method = method.name;
  overrides.save = "at [1]";
  Compiled compiled = compileText(problem.text, overrides);
  Values &values = compiled.values;
  ReferenceOptions o;
  o.rtol = values.pid.rtol = 1e-4;
  o.atol = values.pid.atol = 1e-5;
  o.dt = values.dt = 0.0078125;
  const double length =
      std::min(problem.t1 - problem.t0, 5.0); // before chaos tells roundings apart
  values.t1 = problem.t0 + length;
  values.save.times = {problem.t0 + values.dt};
  for (double part : {0.2, 0.2001, 0.2002, 0.5, 0.50001, 0.7, 0.9})
    values.save.times.push_back(problem.t0 + part * length);
  const auto expected = ReferenceSolver<double>(method, problem.field)
                            .adaptive(problem.t0, values.t1, problem.y0, o, values.save.times);
  for (std::int64_t rows : {0, 1}) {
    SolveHooks hooks;
    hooks.rowCapacity = rows;
    const Solution got = compiled.run(hooks);
    EXPECT_EQ(got.t, values.save.times);
    EXPECT_EQ(got.stats.steps, expected.steps());
    EXPECT_EQ(got.stats.evaluations, expected.evaluations);
    for (std::size_t row = 0; row < expected.rows.size(); ++row)
      for (std::size_t i = 0; i < problem.y0.size(); ++i)
        EXPECT_NEAR(got.y[row * problem.y0.size() + i], expected.rows[row][i],
                    o.rtol / 10 * std::max(1.0, std::fabs(expected.rows[row][i])));
  }
}

INSTANTIATE_TEST_SUITE_P(Adaptive, CountsOf,
                         testing::Combine(testing::ValuesIn(adaptiveMethods()),
                                          testing::Range<std::size_t>(0, 3)),
                         [](const auto &info) {
                           return identifier(std::get<0>(info.param)) + "_" +
                                  problems()[std::get<1>(info.param)].name;
                         });

//===-- Single decisions
//-----------------------------------------------------------------------===//

/// Sum of e_i c_i^(q - 1): the error estimate of a step h from t = 0 of y' = t^(q - 1) is h^q times
/// this.
double errorConstant(const Tableau &method, int q) {
  double sum = 0;
  for (int i = 0; i < method.stages(); ++i)
    sum += method.e[i] * std::pow(method.c[i], q - 1);
  return sum;
}

struct Decision {
  double r, factor;
  bool accept;
};

// One step of y' = t^4 with tsit5, whose error norm is set by atol; the factor is seen in where the
// next step is to end.
TEST(Factor, ofAFifthOrderMethodForKnownErrors) {
  Overrides overrides;
  overrides.save = "steps 1";
  Compiled compiled = compileText(R"(
    field power(t; y) { y' = t^4 }
    solve power {
      span 0 to 1e6
      init y = 0
      method tsit5
    }
  )",
                                  overrides);
  const double h = 0.5;
  const double error = std::fabs(errorConstant(*findTableau("tsit5"), 5)) * std::pow(h, 5);
  for (const Decision &d :
       {Decision{0.5, 1.033828519, true}, Decision{0.9, 1, true}, Decision{2, 0.783495507, false},
        Decision{100, 0.358296453, false}, Decision{1e9, 0.2, false}, Decision{1e-9, 10, true},
        Decision{1.02, 0.9 * std::pow(1.02, -0.2), false}}) {
    compiled.values.dt = h;
    compiled.values.pid.rtol = 0;
    compiled.values.pid.atol = error / d.r;
    HandCall hand(compiled);
    ASSERT_EQ(hand.call(), Outcome::budget_spent);
    EXPECT_EQ(hand.integer(slot_accepted), d.accept) << "r = " << d.r;
    EXPECT_NEAR((hand.next() - hand.t()) / h, d.factor, 1e-9) << "r = " << d.r;
  }
}

// With Heun's method and y' = t every number of this step is a power of two: r is 1 exactly, and
// the step is rejected.
TEST(Factor, anErrorOfExactlyOneIsRejected) {
  Compiled compiled = compileText(R"(
    field line(t; y) { y' = t }
    solve line {
      span 0 to 8
      init y = 0
      method heun
      dt 0.5
    }
  )");
  compiled.values.pid.rtol = 0;
  compiled.values.pid.atol = 0.125;
  compiled.values.max_steps = 1;
  EXPECT_EQ(compiled.run().stats.rejected, 1);
  compiled.values.pid.atol = std::nextafter(0.125, 1);
  EXPECT_EQ(compiled.run().stats.accepted, 1);
}

} // namespace
