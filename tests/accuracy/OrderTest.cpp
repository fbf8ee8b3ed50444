// Measured orders of every method and of its dense output, as compiled. A wrong coefficient, stage
// time or interpolation weight lowers an order long before it shows anywhere else.
#include "Compiled.h"
#include "tests/unit/support/GradedProblem.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

class Order : public testing::TestWithParam<std::tuple<std::string, int>> {
protected:
  const Tableau method = *findMethod(std::get<0>(GetParam()))->tableau();

  GradedProblem problem(int components) const {
    return {GradedProblem::Kind(std::get<1>(GetParam())), components};
  }

  Compiled compiled(const GradedProblem &problem, const std::string &save) const {
    Overrides overrides;
    overrides.method = method.name;
    overrides.save = save;
    std::string init;
    for (int k = 1; k <= problem.n; ++k)
      init += (k > 1 ? ", u" : "u") + std::to_string(k) + " = 0";
    return compileText(problem.text() + "solve graded {\n  span 0 to 2\n  init " + init +
                           "\n  control constant(dt = 1)\n}",
                       overrides);
  }
};

/// The exponent of h in errors at h and h/2.
void expectOrder(const std::vector<double> &errors, int order) {
  EXPECT_NEAR(std::log2(std::fabs(errors[0] / errors[1])), order, 0.1) << errors[1];
}

TEST_P(Order, ofTheMethod) {
  const GradedProblem graded = problem(method.order + 1);
  Compiled c = compiled(graded, "end");
  c.values.y0 = graded.y0<double>();
  std::vector<double> errors;
  for (int n : {1, 2}) {
    c.values.dt = 2.0 / n;
    const Solution solution = c.run();
    ASSERT_EQ(solution.stats.accepted, n);
    errors.push_back(solution.y.back() - double(graded.exact(2).back()));
  }
  expectOrder(errors, method.order);
}

// One step from a time at which nothing vanishes, and a value inside it: the interpolant alone.
TEST_P(Order, ofTheInterpolant) {
  const GradedProblem graded = problem(method.interpolantOrder + 1);
  Compiled c = compiled(graded, "at [0.5]");
  constexpr double t0 = 0.25;
  c.values.t0 = t0;
  const std::vector<long double> start = graded.exact(t0);
  c.values.y0.assign(start.begin(), start.end());
  for (double theta : {0.25, 0.75}) {
    std::vector<double> errors;
    for (double h : {2.0, 1.0}) {
      c.values.t1 = t0 + h;
      c.values.dt = h;
      c.values.save.times = {t0 + theta * h};
      const Solution solution = c.run();
      ASSERT_EQ(solution.stats.accepted, 1);
      ASSERT_EQ(solution.t.size(), 1u);
      errors.push_back(solution.y.back() - double(graded.exact(t0 + theta * h).back()));
    }
    expectOrder(errors, method.interpolantOrder + 1);
  }
}

// Components up to the interpolant's order are exact, in every step and several times a step.
TEST_P(Order, ofRowsBetweenManySteps) {
  const GradedProblem graded = problem(std::min(method.order, method.interpolantOrder));
  Compiled c = compiled(graded, "at [0.5]");
  c.values.y0 = graded.y0<double>();
  c.values.dt = 0.25;
  c.values.save.times = {0.1, 0.2, 0.25, 0.6, 0.7, 0.9, 1.99, 2};
  const Solution solution = c.run();
  ASSERT_EQ(solution.t, c.values.save.times);
  std::size_t i = 0;
  for (double t : solution.t)
    for (long double exact : graded.exact(t)) {
      // The coefficients of Verner's interpolants cancel to eleven digits.
      EXPECT_NEAR(solution.y[i], double(exact), 5e-10 * std::max(1.0L, std::fabs(exact))) << t;
      ++i;
    }
}

std::vector<std::string> methodNames() {
  std::vector<std::string> names;
  for (const Tableau &method : tableaus())
    names.push_back(method.name);
  for (const char *inner : {"euler", "heun", "bosh3", "rk4", "tsit5", "dop853"})
    names.push_back(std::string("half(") + inner + ")");
  return names;
}

INSTANTIATE_TEST_SUITE_P(Methods, Order,
                         testing::Combine(testing::ValuesIn(methodNames()), testing::Range(0, 3)),
                         [](const auto &info) {
                           return identifier(std::get<0>(info.param)) + "_" +
                                  GradedProblem::names[std::get<1>(info.param)];
                         });

} // namespace
