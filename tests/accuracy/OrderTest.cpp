// Measured orders of every method and of its dense output, on problems with closed solutions. A
// wrong coefficient, stage time or interpolation weight lowers an order long before it shows
// anywhere else.
#include "Compiled.h"

#include <cmath>
#include <functional>
#include <numeric>

namespace {

using namespace deq;
using namespace deq::test;

struct Problem {
  const char *name;
  const char *field; ///< of y, with y(0) = init
  const char *init;
  std::function<std::vector<double>(double)> exact;
};

const Problem problems[] = {
    // A damped oscillation: all trees but the tall ones vanish.
    {"linear",
     R"(field f(t; x, y) {
          x' = -0.3*x + 2*y
          y' = -2*x - 0.3*y
        })",
     "x = 1, y = 0.5",
     [](double t) {
       const double size = std::exp(-0.3 * t), c = std::cos(2 * t), s = std::sin(2 * t);
       return std::vector<double>{size * (c + 0.5 * s), size * (0.5 * c - s)};
     }},
    // The same oscillation (u, v) seen as x = u + v^2, y = v.
    {"nonlinear",
     R"(field f(t; x, y) {
          u = x - y^2
          y' = -2*u - 0.3*y
          x' = -0.3*u + 2*y + 2*y*y'
        })",
     "x = 1.25, y = 0.5",
     [](double t) {
       const double size = std::exp(-0.3 * t), c = std::cos(2 * t), s = std::sin(2 * t);
       const double v = size * (0.5 * c - s);
       return std::vector<double>{size * (c + 0.5 * s) + v * v, v};
     }},
    {"time_dependent", "field f(t; x) { x' = x*cos(2*t) + 0*t }", "x = 1",
     [](double t) { return std::vector<double>{std::exp(std::sin(2 * t) / 2)}; }},
};

class Order : public testing::TestWithParam<std::tuple<std::string, std::size_t>> {
protected:
  const Tableau &method = *findMethod(std::get<0>(GetParam()));
  const Problem &problem = problems[std::get<1>(GetParam())];

  Compiled compiled(const std::string &save) {
    Overrides overrides;
    overrides.method = method.name;
    overrides.save = save;
    return compileText(problem.field + std::string("\nsolve f {\n  span 0 to 1\n  init ") +
                           problem.init + "\n  control constant(dt = 1)\n}",
                       overrides);
  }

  /// Distances of all rows and components from the solution.
  std::vector<double> errorsOf(const Solution &solution) const {
    std::vector<double> errors;
    for (std::size_t row = 0; row < solution.t.size(); ++row)
      for (double exact : problem.exact(solution.t[row]))
        errors.push_back(solution.y[errors.size()] - exact);
    return errors;
  }
};

double sizeOf(const std::vector<double> &errors) {
  return std::sqrt(std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0));
}

/// Exponent of h in errors c h^p + d h^(p+1) + e h^(p+2) + .. at h, h/2, h/4 and h/8, in h^p alone:
/// d and e are eliminated as Richardson does. Good methods have a small c, and where it rules
/// without that help, rounding is near. Errors of another order than p keep theirs.
double orderOf(std::vector<std::vector<double>> errors, int p) {
  for (int power : {p + 1, p + 2}) {
    for (std::size_t n = 0; n + 1 < errors.size(); ++n)
      for (std::size_t i = 0; i < errors[n].size(); ++i)
        errors[n][i] = std::ldexp(errors[n + 1][i], power) - errors[n][i];
    errors.pop_back();
  }
  return std::log2(sizeOf(errors[0]) / sizeOf(errors[1]));
}

/// Steps per unit of time: so many that the series converges, so few that rounding does not show.
std::vector<int> divisions(int order) {
  const int coarsest = order <= 2 ? 64 : order == 3 ? 32 : order == 4 ? 16 : 8;
  return {coarsest, 2 * coarsest, 4 * coarsest, 8 * coarsest};
}

TEST_P(Order, ofTheMethod) {
  Compiled c = compiled("every 0.25");
  c.values.t1 = 2;
  std::vector<std::vector<double>> errors;
  for (int n : divisions(method.order)) {
    c.values.dt = 1.0 / n;
    const Solution solution = c.run();
    ASSERT_EQ(solution.stats.accepted, 2 * n);
    ASSERT_EQ(solution.t.size(), 9u);
    errors.push_back(errorsOf(solution));
  }
  EXPECT_NEAR(orderOf(errors, method.order), method.order, 0.1);
}

// Between steps the error is that of the steps, order p, and the interpolant's own, order q + 1.
// Rows at fixed parts of the steps that start at fixed times: their errors are powers of h.
TEST_P(Order, ofSavedValuesBetweenSteps) {
  const int order = std::min(method.order, method.interpolantOrder + 1);
  Compiled c = compiled("at [0.1]");
  std::vector<std::vector<double>> errors;
  for (int n : divisions(method.order)) {
    c.values.dt = 1.0 / n;
    c.values.save.times.clear();
    for (int quarter = 0; quarter < 4; ++quarter)
      for (double theta : {0.2, 0.4, 0.6, 0.8})
        c.values.save.times.push_back(quarter / 4.0 + theta / n);
    const Solution solution = c.run();
    ASSERT_EQ(solution.t, c.values.save.times);
    errors.push_back(errorsOf(solution));
  }
  EXPECT_NEAR(orderOf(errors, order), order, 0.1);
}

// One step, from a time without symmetry, and several values inside it: the interpolant alone.
TEST_P(Order, ofTheInterpolant) {
  Compiled c = compiled("at [0.5]");
  c.values.t0 = 0.3;
  c.values.y0 = problem.exact(0.3);
  std::vector<std::vector<double>> errors;
  for (int n : {16, 32, 64, 128}) {
    const double h = 1.0 / n;
    c.values.t1 = 0.3 + h;
    c.values.dt = h;
    c.values.save.times.clear();
    for (int i = 1; i < 10; ++i)
      c.values.save.times.push_back(0.3 + i * h / 10);
    const Solution solution = c.run();
    ASSERT_EQ(solution.stats.accepted, 1);
    ASSERT_EQ(solution.t.size(), 9u);
    errors.push_back(errorsOf(solution));
  }
  const int order = method.interpolantOrder + 1;
  EXPECT_NEAR(orderOf(errors, order), order, 0.1);
}

std::vector<std::string> methodNames() {
  std::vector<std::string> names;
  for (const Tableau &method : methods())
    names.push_back(method.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Methods, Order,
                         testing::Combine(testing::ValuesIn(methodNames()),
                                          testing::Range<std::size_t>(0, 3)),
                         [](const auto &info) {
                           return std::get<0>(info.param) + "_" +
                                  problems[std::get<1>(info.param)].name;
                         });

} // namespace
