// Measured orders of every method and of its dense output, on problems with closed solutions. A
// wrong coefficient, stage time or interpolation weight lowers an order long before it shows
// anywhere else.
#include "Compiled.h"

#include <cmath>
#include <functional>

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
    // A rigid rotation of (x, y) by r^2, r' = -r^3/2: r = 1/sqrt(1 + t), angle log(1 + t).
    {"nonlinear",
     R"(field f(t; x, y) {
          r2 = x^2 + y^2
          x' = -r2*(0.5*x + 1.5*y)
          y' = r2*(1.5*x - 0.5*y)
        })",
     "x = 1, y = 0",
     [](double t) {
       const double r = 1 / std::sqrt(1 + t), angle = 1.5 * std::log(1 + t);
       return std::vector<double>{r * std::cos(angle), r * std::sin(angle)};
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

  /// Largest distance of a row from the solution at its time.
  double errorOf(const Solution &solution) const {
    const std::int64_t width = solution.width();
    double largest = 0;
    for (std::size_t row = 0; row < solution.t.size(); ++row) {
      const std::vector<double> exact = problem.exact(solution.t[row]);
      for (std::int64_t i = 0; i < width; ++i)
        largest = std::max(largest, std::fabs(solution.y[row * width + i] - exact[i]));
    }
    return largest;
  }
};

/// Exponent of h in errors at h, h/2, h/4, ..., extrapolated to h = 0: the observed exponents
/// approach it with an error that halves as well.
double extrapolated(const std::vector<double> &errors) {
  const std::size_t n = errors.size();
  const double finer = std::log2(errors[n - 2] / errors[n - 1]);
  const double coarser = std::log2(errors[n - 3] / errors[n - 2]);
  return 2 * finer - coarser;
}

/// Steps per unit of time so that the finest errors stay far above rounding.
std::vector<int> divisions(int order) {
  const int finest = order <= 1 ? 4096 : order <= 3 ? 1024 : order == 4 ? 256 : 128;
  return {finest / 4, finest / 2, finest};
}

TEST_P(Order, ofTheMethod) {
  Compiled c = compiled("end");
  c.values.t1 = 2;
  std::vector<double> errors;
  for (int n : divisions(method.order)) {
    c.values.dt = 1.0 / n;
    const Solution solution = c.run();
    ASSERT_EQ(solution.stats.accepted, 2 * n);
    errors.push_back(errorOf(solution));
  }
  EXPECT_NEAR(extrapolated(errors), method.order, 0.1) << testing::PrintToString(errors);
}

// Between steps the error is that of the steps, order p, and the interpolant's own, order q + 1.
TEST_P(Order, ofSavedValuesBetweenSteps) {
  Compiled c = compiled("every 0.1");
  std::vector<double> errors;
  for (int n : divisions(method.order)) {
    c.values.dt = 1.0 / n;
    // Every place inside a step is hit: rows at (j + j/11)/n of each step j.
    c.values.save = {};
    c.values.save.kind = SavePlan::Kind::at;
    for (int j = 0; j < n; ++j)
      c.values.save.times.push_back((j + (1 + j % 10) / 11.0) / n);
    const Solution solution = c.run();
    ASSERT_EQ(solution.t, c.values.save.times);
    errors.push_back(errorOf(solution));
  }
  EXPECT_NEAR(extrapolated(errors), std::min(method.order, method.interpolantOrder + 1), 0.1)
      << testing::PrintToString(errors);
}

// One step, several values inside it: the interpolant alone.
TEST_P(Order, ofTheInterpolant) {
  Compiled c = compiled("at [0.1]");
  std::vector<double> errors;
  const double coarsest = method.order >= 4 ? 1. / 8 : 1. / 64;
  for (double h : {coarsest, coarsest / 2, coarsest / 4}) {
    c.values.t0 = 0;
    c.values.t1 = c.values.dt = h;
    c.values.save.times.clear();
    for (int i = 1; i < 10; ++i)
      c.values.save.times.push_back(i * h / 10);
    const Solution solution = c.run();
    ASSERT_EQ(solution.stats.accepted, 1);
    ASSERT_EQ(solution.t.size(), 9u);
    errors.push_back(errorOf(solution));
  }
  EXPECT_NEAR(extrapolated(errors), method.interpolantOrder + 1, 0.1)
      << testing::PrintToString(errors);
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
