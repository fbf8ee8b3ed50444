// Leapfrog midpoint and reversible Heun as compiled: orders, counts, restarts, and stepping back.
// Bits, backward spans, clips and dense output are where the other methods have theirs.
#include "HandCall.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

const char *const text = R"(
  field driven(t; x, y) {
    x' = y + 0.3*sin(t)
    y' = -sin(x)*y^2 - x
  }
  solve driven {
    span 0 to 2
    init x = 1, y = 0.5
    control constant(dt = 0.1)
  }
)";

Compiled compiled(const std::string &source, const std::string &method,
                  const std::string &save = "end") {
  Overrides overrides;
  overrides.method = method;
  overrides.save = save;
  return compileText(source, overrides);
}

std::vector<double> exactAt(double t) {
  std::string source = text;
  const std::string constant = "constant(dt = 0.1)";
  source.replace(source.find(constant), constant.size(), "pid(rtol = 1e-14, atol = 1e-14)");
  Compiled c = compiled(source, "vern9");
  c.values.t1 = t;
  return endOf(c.run());
}

double distance(const std::vector<double> &a, const std::vector<double> &b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

class Pair : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Methods, Pair, testing::Values("leapfrog_midpoint", "reversible_heun"),
                         [](const auto &info) { return info.param; });

TEST_P(Pair, isOfSecondOrder) {
  Compiled c = compiled(text, GetParam());
  std::vector<double> errors;
  for (double h : {1.0 / 256, 1.0 / 512}) {
    c.values.dt = h;
    errors.push_back(distance(endOf(c.run()), exactAt(2)));
  }
  EXPECT_NEAR(std::log2(errors[0] / errors[1]), 2, 0.1);
}

TEST_P(Pair, rowsInsideAreOfSecondOrder) {
  std::vector<double> errors;
  for (double h : {1.0 / 64, 1.0 / 128}) {
    Compiled c = compiled(text, GetParam(), "at [1]");
    c.values.dt = h;
    c.values.save.times = {1 + h / 2};
    errors.push_back(distance(endOf(c.run()), exactAt(1 + h / 2)));
  }
  EXPECT_NEAR(std::log2(errors[0] / errors[1]), 2, 0.15);
}

TEST_P(Pair, takesOneEvaluationAStep) {
  const Solution solution = compiled(text, GetParam(), "every 0.03").run();
  EXPECT_EQ(solution.stats.evaluations, 20 + (GetParam() == "reversible_heun"));
}

TEST_P(Pair, everyDumpRuns) {
  std::string source = text;
  source.replace(source.rfind('}'), 1, "jump_at [0.55]\n save every 0.3\n stop when x + 0.5\n}");
  for (const char *stages : {"unroll", "scan"}) {
    Overrides overrides;
    overrides.method = GetParam();
    overrides.stages = stages;
    expectEveryStageRuns(loadText(source, overrides));
  }
}

// The first step is Euler's, and so is the first one after a jump: y(0) = 0, y' = 2 t.
TEST(Leapfrog, beginsAnewWithEulersMethod) {
  Compiled c = compiled("field f(t; y) { y' = 2*t }\nsolve f {\n span 0 to 1\n init y = 0\n"
                        "control constant(dt = 0.25)\n jump_at [0.5]\n}",
                        "leapfrog_midpoint", "steps 1");
  const Solution solution = c.run();
  ASSERT_EQ(solution.y.size(), 4u);
  // 0, then 2 h f(h), then Euler from 1/4: 1/4 + h f(1/2), then 1/4 + 2 h f(3/4).
  EXPECT_NEAR(solution.y[0], 0, 1e-15);
  EXPECT_NEAR(solution.y[1], 0.25, 1e-15);
  EXPECT_NEAR(solution.y[2], 0.5, 1e-15);
  EXPECT_NEAR(solution.y[3], 1, 1e-15);
}

TEST(ReversibleHeun, adaptsItsSteps) {
  std::string source = text;
  const std::string constant = "constant(dt = 0.1)";
  source.replace(source.find(constant), constant.size(), "pid(rtol = 1e-5, atol = 1e-5)");
  Compiled c = compiled(source, "reversible_heun");
  const double coarse = distance(endOf(c.run()), exactAt(2));
  const Solution first = c.run();
  EXPECT_EQ(first.stats.evaluations, first.stats.steps + 2) << "the first slope, the first step";
  c.values.pid.rtol = c.values.pid.atol = 1e-7;
  const Solution second = c.run();
  EXPECT_LT(distance(endOf(second), exactAt(2)), coarse / 10);
  EXPECT_NEAR(double(second.stats.accepted) / double(first.stats.accepted), 10, 3);
}

// Five steps forth, and five steps back from what they left behind: y, z and the slope at z.
/// Lotka-Volterra by reversible Heun with the I-controller, after the formulas of docs/methods.md
/// and with the library's power; dt is given.
std::pair<int, int> countsByHand(double rtol, double atol, double t1, double dt) {
  using Point = std::array<double, 2>;
  auto f = [](const Point &y) { return Point{1.5 * y[0] - y[0] * y[1], y[0] * y[1] - 3 * y[1]}; };
  Point y{1, 1}, z = y, slope = f(y);
  int accepted = 0, rejected = 0;
  for (double t = 0, next = dt; t < t1;) {
    const double h = next - t;
    Point z1, y1, last;
    for (int i = 0; i < 2; ++i)
      z1[i] = 2 * y[i] - z[i] + h * slope[i];
    last = f(z1);
    double sum = 0;
    for (int i = 0; i < 2; ++i) {
      y1[i] = y[i] + h / 2 * (slope[i] + last[i]);
      const double scale = atol + rtol * std::max(std::fabs(y[i]), std::fabs(y1[i]));
      sum += std::pow(h / 2 * (last[i] - slope[i]) / scale, 2);
    }
    const double r = std::sqrt(sum / 2);
    const bool accept = r < 1;
    double factor = 0.9 * std::pow(r, -1 / 2.0); // order 2
    factor = accept ? std::clamp(factor, 1.0, 10.0) : std::clamp(factor, 0.2, 0.9);
    if (accept) {
      t = next, y = y1, z = z1, slope = last;
      ++accepted;
    } else {
      ++rejected;
    }
    next = t + h * factor;
    if (t1 - next < 1e-13 * t1)
      next = accept ? t1 : t + (t1 - t) / 2;
  }
  return {accepted, rejected};
}

TEST(ReversibleHeun, takesTheStepsOfItsFormulas) {
  Overrides overrides;
  overrides.method = "reversible_heun";
  Compiled c = compileText(R"(
    field lotka_volterra(t; x, y) {
      x' = 1.5*x - x*y
      y' = x*y - 3*y
    }
    solve lotka_volterra {
      span 0 to 5
      init x = 1, y = 1
      dt 0.01
    })",
                           overrides);
  for (const double rtol : {1e-2, 1e-3, 1e-4, 1e-5}) {
    c.values.pid.rtol = rtol;
    c.values.pid.atol = rtol / 10;
    const Solution solution = c.run();
    const auto [accepted, rejected] = countsByHand(rtol, rtol / 10, 5, 0.01);
    EXPECT_EQ(solution.stats.accepted, accepted) << rtol;
    EXPECT_EQ(solution.stats.rejected, rejected) << rtol;
    EXPECT_EQ(solution.stats.evaluations, 1 + accepted + rejected) << rtol;
  }
}

TEST(ReversibleHeun, stepsBackToWhereItCameFrom) {
  Compiled there = compiled(text, "reversible_heun", "steps 1");
  there.values.dt = 0.25;
  HandCall forth(there);
  for (int i = 0; i < 5; ++i)
    forth.call();
  ASSERT_NEAR(forth.t(), 1.25, 1e-15);

  Compiled back = there;
  back.values.t0 = 1.25;
  back.values.t1 = -1;
  HandCall hand(back);
  hand.budget = 0; // the start alone
  hand.call();
  const std::size_t pair = hand.workspace.size() - 4; // z and the slope there are last
  for (std::size_t i = state_slot(false); i < hand.workspace.size(); ++i)
    if (i < state_slot(false) + 2 || i >= pair)
      hand.workspace[i] = forth.workspace[i];
  hand.budget = 1;
  for (int i = 0; i < 5; ++i)
    hand.call();
  ASSERT_NEAR(hand.t(), 0, 1e-15) << "the loop's time is -t";
  EXPECT_NEAR(hand.y(0), 1, 1e-14);
  EXPECT_NEAR(hand.y(1), 0.5, 1e-14);
}

} // namespace
