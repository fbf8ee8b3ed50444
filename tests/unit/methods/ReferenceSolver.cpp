// The reference solver against published step counts, closed forms and 18-digit end values, for
// every method. What vouches for compiled solves has to be vouched for first, and by numbers that
// come from elsewhere.
#include "tests/unit/support/ReferenceSolver.h"

#include "tests/unit/support/GradedProblem.h"
#include "tests/unit/support/PrintTableau.h"
#include "tests/unit/support/Problems.h"

#include <gtest/gtest.h>

namespace {

using namespace deq;
using namespace deq::test;

template <class P, class T = double> ReferenceSolver<T> solverOf(const char *method) {
  return ReferenceSolver<T>(*findTableau(method), P::template field<T>);
}

template <class T> std::vector<T> as(const std::vector<double> &values) {
  return {values.begin(), values.end()};
}

ReferenceOptions tolerances(double rtol, double atol) {
  ReferenceOptions options;
  options.rtol = rtol;
  options.atol = atol;
  return options;
}

//===-- Step-size control
//-----------------------------------------------------------------------===//

// Diffrax 0.7.2 takes these steps: tsit5, rtol 1e-6, atol 1e-9, I-controller.
TEST(ReferenceSolver, lotkaVolterraTakesTheKnownSteps) {
  ReferenceOptions options = tolerances(1e-6, 1e-9);
  options.dt = 0.01;
  const auto given = solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options);
  EXPECT_EQ(given.status, Status::success);
  EXPECT_EQ(given.steps(), 107);
  EXPECT_EQ(given.accepted, 91);
  EXPECT_EQ(given.rejected, 16);
  EXPECT_EQ(given.evaluations, 643);

  options.dt = 0;
  const auto automatic = solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options);
  EXPECT_NEAR(automatic.firstStep, 0.01949436736, 5e-12);
  EXPECT_EQ(automatic.steps(), 109);
  EXPECT_EQ(automatic.accepted, 91);
  EXPECT_EQ(automatic.rejected, 18);
  EXPECT_EQ(automatic.evaluations, 656);
}

// Hairer, Norsett, Wanner I, II.4.
TEST(ReferenceSolver, firstStepsAreTheKnownOnes) {
  auto firstStep = [](auto solver, std::vector<double> y0, double rtol, double atol) {
    return solver.adaptive(0, 10, std::move(y0), tolerances(rtol, atol)).firstStep;
  };
  const auto decay = ReferenceSolver<double>(
      *findTableau("tsit5"), [](double, const auto &y, auto &dy) { dy[0] = -y[0]; });
  EXPECT_NEAR(firstStep(decay, {1}, 1e-3, 1e-6), 0.10001999, 5e-9);
  EXPECT_NEAR(firstStep(decay, {1}, 1e-8, 1e-8), 0.011486984, 5e-10);
  const auto prey = solverOf<LotkaVolterra>("tsit5");
  EXPECT_NEAR(firstStep(prey, {1, 1}, 1e-3, 1e-6), 0.077608474, 5e-10);
  EXPECT_NEAR(firstStep(prey, {1, 1}, 1e-8, 1e-8), 0.0089130908, 5e-11);
}

TEST(ReferenceSolver, methodsWithoutAKeptSlopeEvaluateEveryStage) {
  const auto got = solverOf<LotkaVolterra>("heun").adaptive(0, 10, {1, 1}, tolerances(1e-4, 1e-6));
  EXPECT_EQ(got.evaluations, 2 + 2 * got.steps());
}

TEST(ReferenceSolver, stepsObeyTheirBounds) {
  ReferenceOptions options = tolerances(1e-3, 1e-3);
  options.dtMax = 0.01;
  const auto fine = solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options);
  EXPECT_EQ(fine.status, Status::success);
  EXPECT_GE(fine.accepted, 1000);
  EXPECT_LE(fine.accepted, 1001);

  options = tolerances(1e-12, 1e-12);
  options.dtMin = 0.1;
  const auto coarse = solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options);
  EXPECT_EQ(coarse.status, Status::success) << "steps of dt_min are accepted unseen";
  EXPECT_LE(coarse.steps(), 101);
  options.forceDtMin = false;
  options.dt = 0.2;
  EXPECT_EQ(solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options).status,
            Status::dt_min_reached);
  options = tolerances(1e-6, 1e-9);
  options.maxSteps = 10;
  const auto cut = solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options);
  EXPECT_EQ(cut.status, Status::max_steps_reached);
  EXPECT_EQ(cut.steps(), 10);
}

// y' = y^2 has its pole at t = 1, which no step may jump over; sqrt(1 - t) is no number beyond t
// = 1.
TEST(ReferenceSolver, singularitiesEndInAStatus) {
  const auto options = tolerances(1e-6, 1e-9);
  ReferenceSolver<double> pole(*findTableau("tsit5"),
                               [](double, const auto &y, auto &dy) { dy[0] = y[0] * y[0]; });
  const auto atPole = pole.adaptive(0, 2, {1}, options);
  EXPECT_EQ(atPole.status, Status::step_underflow);
  EXPECT_NEAR(atPole.t, 1, 1e-5);
  EXPECT_LT(atPole.steps(), 1000);
  ReferenceSolver<double> root(*findTableau("tsit5"),
                               [](double t, const auto &, auto &dy) { dy[0] = std::sqrt(1 - t); });
  const auto atRoot = root.adaptive(0, 2, {1}, options);
  EXPECT_EQ(atRoot.status, Status::non_finite);
  EXPECT_NEAR(atRoot.t, 1, 1e-9);
  EXPECT_LT(atRoot.steps(), 200);
}

TEST(ReferenceSolver, constantStepsLandOnTheEnd) {
  const auto solve = [](double t1, double dt) {
    return solverOf<LotkaVolterra>("rk4").constant(0, t1, {1, 1}, dt);
  };
  EXPECT_EQ(solve(0.3, 0.1).accepted, 3);
  EXPECT_EQ(solve(1, 0.3).accepted, 4);
  EXPECT_EQ(solve(1, 0.3).t, 1);
  EXPECT_EQ(solve(1, 0.3).evaluations, 16);
  EXPECT_EQ(solverOf<LotkaVolterra>("tsit5").constant(0, 1, {1, 1}, 0.1).evaluations, 61);
}

TEST(ReferenceSolver, rowsLieOnTheSolution) {
  std::vector<double> times;
  for (int i = 1; i <= 100; ++i)
    times.push_back(i / 10.0);
  const auto options = tolerances(1e-10, 1e-12);
  const auto got = solverOf<LotkaVolterra>("tsit5").adaptive(0, 10, {1, 1}, options, times);
  ASSERT_EQ(got.rows.size(), times.size());
  for (std::size_t i : {4u, 49u, 98u}) {
    const auto there =
        solverOf<LotkaVolterra>("tsit5").adaptive(0, times[i], {1, 1}, tolerances(1e-12, 1e-14));
    EXPECT_NEAR(got.rows[i][0], there.y[0], 1e-8) << times[i];
    EXPECT_NEAR(got.rows[i][1], there.y[1], 1e-8) << times[i];
  }
  EXPECT_NEAR(got.rows.back()[0], got.y[0], 1e-14);
}

//===-- Orders
//----------------------------------------------------------------------------------===//

class MeasuredOrder : public testing::TestWithParam<Tableau> {};
INSTANTIATE_TEST_SUITE_P(Methods, MeasuredOrder, testing::ValuesIn(tableaus()),
                         [](const auto &info) { return info.param.name; });

// The error after a span falls by 2^order when the step is halved.
TEST_P(MeasuredOrder, ofTheSolution) {
  const Tableau &method = GetParam();
  const GradedProblem graded{GradedProblem::Kind::nonlinear, method.order + 1};
  ReferenceSolver<long double> solver(method, graded);
  auto error = [&](int steps) {
    const auto got = solver.constant(0, 2, graded.y0<long double>(), 2.0 / steps);
    EXPECT_EQ(got.accepted, steps);
    return std::fabs(got.y.back() - graded.exact(2).back());
  };
  EXPECT_NEAR(std::log2(error(1) / error(2)), method.order, 0.05);
}

// In a single step the solution errs by h^(order + 1), dense output by h^(its order + 1), and the
// error estimate is h^(order of the embedded method + 1).
TEST_P(MeasuredOrder, ofASingleStepAndItsInterior) {
  using Real = long double;
  const Tableau &method = GetParam();
  auto exponent = [&](int order, auto of) {
    const GradedProblem graded{GradedProblem::Kind::nonlinear, order + 1};
    ReferenceSolver<Real> solver(method, graded);
    constexpr Real t0 = 0.75L, theta = 0.6L;
    auto error = [&](Real h) {
      return std::fabs(
          of(graded, t0 + h, t0 + theta * h, solver.single(t0, graded.exact(t0), h, theta)));
    };
    return std::log2(error(2) / error(1));
  };
  using Step = ReferenceSolver<Real>::Step;
  auto end = [](const GradedProblem &p, Real t1, Real, const Step &step) {
    return step.y1.back() - p.exact(t1).back();
  };
  auto inside = [](const GradedProblem &p, Real, Real t, const Step &step) {
    return step.inside.back() - p.exact(t).back();
  };
  auto estimate = [](const GradedProblem &, Real, Real, const Step &s) { return s.error.back(); };
  auto coarse = [](const GradedProblem &, Real, Real, const Step &s) { return s.coarse.back(); };
  EXPECT_NEAR(exponent(method.order, end), method.order + 1, 0.05);
  EXPECT_NEAR(exponent(method.interpolantOrder, inside), method.interpolantOrder + 1, 0.05);
  if (method.adaptive()) {
    EXPECT_NEAR(exponent(method.errorOrder, estimate), method.errorOrder + 1, 0.05);
  }
  if (!method.coarse.empty()) {
    EXPECT_NEAR(exponent(method.coarseOrder, coarse), method.coarseOrder + 1, 0.05);
  }
}

//===-- End values
//------------------------------------------------------------------------------===//

/// Largest error of the known components, relative where they exceed 1.
template <class P, class T> double endError(const char *method, double tolerance) {
  const auto got = solverOf<P, T>(method).adaptive(P::t0, P::t1, as<T>(P::y0()),
                                                   tolerances(tolerance, tolerance));
  EXPECT_EQ(got.status, Status::success) << P::name;
  EXPECT_EQ(got.t, P::t1) << P::name;
  long double largest = 0;
  for (const Known &known : P::end())
    largest = std::max(largest, std::fabs(got.y[known.component] - known.value) /
                                    std::max(1.0L, std::fabs(known.value)));
  return double(largest);
}

template <class P> class EndValue : public testing::Test {};
using Problems = testing::Types<Lorenz, LotkaVolterra, Arenstorf, Pleiades, Brusselator,
                                BrusselatorLine, Lorenz96, HodgkinHuxley>;
struct ProblemName {
  template <class P> static std::string GetName(int) { return P::name; }
};
TYPED_TEST_SUITE(EndValue, Problems, ProblemName);

// The problems magnify the error of a step; the close encounters of the stars and the forty sites
// of Lorenz most.
TYPED_TEST(EndValue, isReachedInProportionToTheTolerance) {
  for (const char *method : {"tsit5", "dopri5"})
    for (double tolerance : {1e-8, 1e-10})
      EXPECT_LT((endError<TypeParam, double>(method, tolerance)), 2000 * tolerance) << method;
  EXPECT_LT((endError<TypeParam, double>("tsit5", 1e-12)), 1e-9);
}

TEST(EndValueF32, isReachedInSinglePrecision) {
  EXPECT_LT((endError<Lorenz, float>("tsit5", 1e-5)), 1e-3);
  EXPECT_LT((endError<LotkaVolterra, float>("tsit5", 1e-5)), 1e-3);
  EXPECT_LT((endError<Brusselator, float>("bosh3", 1e-4)), 1e-2);
}

} // namespace
