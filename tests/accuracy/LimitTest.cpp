// Steps no longer than an expression of the solve: checked from the rows alone, by evaluating the
// expression in the test, on every path. Loose tolerances leave the limit to decide.
#include "Compiled.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace {

using namespace deq;
using namespace deq::test;

/// A damped oscillator, at whose speed steps are limited.
std::string oscillator(const std::string &limit, const std::string &more = "") {
  return R"(
    field oscillator(t; x, v; k = 4, courant = 0.1) {
      speed = abs(v) + 0.5
      x' = v
      v' = -k*x - 0.1*v
    }
    solve oscillator {
      span 0 to 6
      init x = 1, v = 0
      control pid(rtol = 1e-2, atol = 1e-2)
      dt <= )" +
         limit + "\n" + more + "\n}\n";
}

const char *const courant = "courant/speed";
double courantAt(double, double, double v) { return 0.1 / (std::fabs(v) + 0.5); }

using Limit = std::function<double(double t, double x, double v)>;

/// Every step, also the first, is at most the limit where it begins, and steps take advantage of
/// it: the lengths of those that neither begin the solve nor end it.
void expectObeyed(const Solution &s, double t0, const std::vector<double> &y0, const Limit &limit,
                  double ulps, bool binding) {
  ASSERT_EQ(s.status, Status::success);
  double t = t0, x = y0[0], v = y0[1];
  std::size_t equal = 0;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    const double h = std::fabs(s.t[i] - t), most = limit(t, x, v);
    ASSERT_LE(h, most + ulps) << "step " << i << " from " << t;
    equal += h >= most - ulps;
    t = s.t[i], x = s.y[2 * i], v = s.y[2 * i + 1];
  }
  if (binding) {
    EXPECT_GT(equal, s.t.size() / 2);
  }
}

class Limits : public testing::TestWithParam<Engine> {
protected:
  Compiled compiled(const std::string &text, const std::string &dtype = "f64",
                    const std::string &save = "steps 1") {
    Overrides overrides;
    overrides.save = save;
    overrides.dtype = dtype;
    return compileText(text, overrides, GetParam());
  }
};

TEST_P(Limits, everyStepObeys) {
  for (const char *dtype : {"f64", "f32"})
    for (const char *control : {"", "control constant(dt = 0.15)"}) {
      SCOPED_TRACE(std::string(dtype) + " " + control);
      std::string text = oscillator(courant);
      if (*control)
        text = withControl(text, std::string(control).substr(8));
      const double ulps = std::string(dtype) == "f32" ? 1e-6 : 1e-13;
      const Solution s = compiled(text, dtype).run();
      expectObeyed(s, 0, {1, 0}, courantAt, ulps, true);
      EXPECT_EQ(s.t.back(), 6);
    }
}

TEST_P(Limits, backwardsItIsAPositiveLengthToo) {
  Compiled c = compiled(oscillator(courant));
  c.values.t0 = 6;
  c.values.t1 = 0;
  const Solution s = c.run();
  expectObeyed(s, 6, {1, 0}, courantAt, 1e-13, true);
  EXPECT_EQ(s.t.back(), 0);
}

TEST_P(Limits, theAutomaticFirstStepAndADtObey) {
  EXPECT_EQ(compiled(oscillator("1e-5 + t")).run().t.front(), 1e-5);
  EXPECT_EQ(compiled(oscillator("1e-5 + t", "dt 0.1")).run().t.front(), 1e-5);
  EXPECT_EQ(compiled(oscillator("0.2", "dt 0.125")).run().t.front(), 0.125);
}

// Rejected steps go on from where the limit was evaluated, and obey it.
TEST_P(Limits, holdsAfterRejections) {
  const char *text = R"(
    field pulse(t; x, v) {
      x' = 10*exp(-((t - 3)/0.02)*((t - 3)/0.02))
      v' = 0
    }
    solve pulse {
      span 0 to 6
      init x = 0, v = 0
      control pid(rtol = 1e-8, atol = 1e-8)
      dt <= 0.05*(1 + t)
      save steps 1
    })";
  const Solution s = compiled(text).run();
  EXPECT_GT(s.stats.rejected, 3);
  expectObeyed(
      s, 0, {0, 0}, [](double t, double, double) { return 0.05 * (1 + t); }, 1e-13, false);
}

// Without a limit that binds, the solve has the bits of one without any.
TEST_P(Limits, nanAndInfinityAreNone) {
  std::string plain = oscillator("1");
  plain.erase(plain.find("dt <= 1"), 7);
  for (const char *dtype : {"f64", "f32"}) {
    const Solution expected = compiled(plain, dtype).run();
    for (const char *limit : {"0/(t - t)", "1/(t - t)", "1000"})
      EXPECT_TRUE(same(expected, compiled(oscillator(limit), dtype).run())) << limit;
  }
}

TEST_P(Limits, constantStepsWithoutABindingLimitFollowTheirLength) {
  const Solution s = compiled(withControl(oscillator("100"), "constant(dt = 0.5)")).run();
  ASSERT_EQ(s.t.size(), 12u);
  for (std::size_t i = 0; i < s.t.size(); ++i)
    EXPECT_EQ(s.t[i], 0.5 * double(i + 1));
}

// h = 2 - t halves the way each time until t + h = t, or is nothing at once.
TEST_P(Limits, ofNothingEndsTheSolve) {
  for (const char *control : {"pid(rtol = 1e-2, atol = 1e-2)", "constant(dt = 0.3)"}) {
    SCOPED_TRACE(control);
    auto run = [&](const std::string &limit) {
      return compiled(withControl(oscillator(limit), control)).run();
    };
    const Solution nothing = run("2 - t");
    EXPECT_EQ(nothing.status, Status::step_underflow);
    EXPECT_NEAR(nothing.failure.t, 2, 1e-12);
    EXPECT_GT(nothing.failure.step, 3);
    const Solution tiny = run("if t > 0.5 then 1e-20 else 0.25");
    EXPECT_EQ(tiny.status, Status::step_underflow);
    EXPECT_GT(tiny.failure.t, 0.5);
    EXPECT_LE(tiny.failure.t, 0.75);
    for (const char *limit : {"0*x", "0 - 1*x", "0 - 1/(t - t)"}) {
      const Solution s = run(limit);
      EXPECT_EQ(s.status, Status::step_underflow) << limit;
      EXPECT_EQ(s.failure.t, 0) << limit;
      EXPECT_EQ(s.stats.steps, 0) << limit;
    }
    EXPECT_EQ(run("6 - t + 0.01").status, Status::success);
    EXPECT_EQ(run("if t < 6 then 0.1 else 0").status, Status::success) << "at t1 it is no matter";
  }
}

// A limit below dt_min wins; such steps count as being at dt_min.
TEST_P(Limits, goesBeforeDtMin) {
  Compiled c = compiled(oscillator("0.01"));
  c.values.pid.dt_min = 0.1;
  const Solution forced = c.run();
  expectObeyed(
      forced, 0, {1, 0}, [](double, double, double) { return 0.01; }, 1e-13, true);
  c.values.pid.force_dt_min = false;
  EXPECT_EQ(c.run().status, Status::success);
}

TEST_P(Limits, beginsAnewOnTheOtherSideOfAJump) {
  // At a jump the limit is that of the side on which the step runs, for `<=` as for `<`.
  for (const char *less : {"<", "<="})
    for (const bool back : {false, true}) {
      const std::string limit = std::string("if t ") + less + " 3 then 0.25 else 0.0625";
      Compiled c = compiled(withControl(oscillator(limit, "jump_at [3]"), "constant(dt = 1)"));
      if (back)
        std::swap(c.values.t0, c.values.t1);
      const Solution s = c.run();
      const auto at = std::find(s.t.begin(), s.t.end(), 3.0);
      ASSERT_NE(at, s.t.end());
      EXPECT_EQ(at - s.t.begin() + 1, back ? 48 : 12);
      EXPECT_EQ(s.t.size(), 60u);
    }
}

TEST_P(Limits, worksWithStepTimes) {
  Compiled c = compiled(oscillator(courant, "step_at [1, 2.5, pi]"));
  const Solution s = c.run();
  expectObeyed(s, 0, {1, 0}, courantAt, 1e-12, false);
  for (double t : {1.0, 2.5, 3.141592653589793})
    EXPECT_NE(std::find(s.t.begin(), s.t.end(), t), s.t.end());
}

TEST_P(Limits, worksWithEvents) {
  const Solution s = compiled(oscillator(courant, "stop when x")).run();
  EXPECT_EQ(s.status, Status::stopped);
  EXPECT_NEAR(s.event.t, 0.798, 0.01);
}

// Slices of one step and one row give the bits of one call; steps taken again for dense output
// those of the rows.
TEST_P(Limits, resumesAndIsTakenAgain) {
  for (const char *dtype : {"f64", "f32"}) {
    const std::string text = oscillator(courant, "jump_at [2]");
    Compiled c = compiled(text, dtype, "every 0.37");
    SolveHooks hooks;
    hooks.sliceSteps = 1;
    hooks.rowCapacity = 1;
    const Solution rows = c.run();
    EXPECT_TRUE(same(rows, c.run(hooks)));
    const Solution dense = compiled(text, dtype, "dense").run();
    ASSERT_TRUE(dense.dense);
    std::vector<double> y(rows.y.size());
    dense.dense->evaluate(rows.t, y.data());
    EXPECT_EQ(y, rows.y);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, Limits, testing::ValuesIn(engines),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(LimitsAcrossEngines, giveTheSameBits) {
  for (const std::string &dtype : dtypes)
    for (const char *control : {"pid(rtol = 1e-4, atol = 1e-4)", "constant(dt = 0.3)"}) {
      Overrides overrides;
      overrides.dtype = dtype;
      overrides.save = "steps 1";
      const std::string text =
          withControl(oscillator("courant/norm([x, v])", "jump_at [1, 2]"), control);
      const Solution first = compileText(text, overrides, engines[0]).run();
      EXPECT_EQ(first.status, Status::success);
      for (const Engine &engine : engines)
        EXPECT_TRUE(same(first, compileText(text, overrides, engine).run())) << engine.name;
    }
}

TEST(LimitsAcrossEngines, everyStageIsAProgram) {
  for (const char *stages : {"unroll", "scan"})
    for (const char *more : {"", "jump_at [1]"}) {
      Overrides overrides;
      overrides.stages = stages;
      expectEveryStageRuns(loadText(oscillator(courant, more), overrides));
    }
}

} // namespace
