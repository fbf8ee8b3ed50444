// Solves backwards in time: the bits of the mirrored field forwards, the right side of every jump,
// and known values at the other end. One kernel serves both directions, so that a sign that is
// missing in it shows here only.
#include "HandCall.h"
#include "tests/unit/support/Problems.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;
using Times = std::vector<double>;

/// y' = f(t, y) in terms of the time `s`; `direction` is what the derivatives are multiplied by.
std::string pushed(const std::string &time, const std::string &direction) {
  return "field pushed(t; x, v; w = 1.3) {\n"
         "  s = " +
         time +
         "\n"
         "  x' = " +
         direction +
         "(v - 0.1*x*sin(s))\n"
         "  v' = " +
         direction +
         "((if s < 1.1 then 2 else 0) + cos(w*s) - 2*x - 0.2*v*x)\n"
         "}\n"
         "solve pushed {\n"
         "  span 0 to 2\n"
         "  init x = 1, v = 0.5\n"
         "  control pid(rtol = 1e-5, atol = 1e-5, pcoeff = 0.2, icoeff = 0.3)\n"
         "  jump_at [1.1]\n"
         "}\n";
}

Times negated(Times times) {
  for (double &t : times)
    t = -t;
  return times;
}

class Mirrored : public testing::TestWithParam<std::tuple<std::string, bool>> {
protected:
  Compiled compiled(const std::string &text, const Engine &engine, const std::string &save,
                    const std::string &method) const {
    const auto &[dtype, pid] = GetParam();
    Overrides overrides;
    overrides.dtype = dtype;
    overrides.save = save;
    overrides.method = method;
    return compileText(pid ? text : withControl(text, "constant(dt = 0.07)"), overrides, engine);
  }
};

/// From 1.75 down to -0.25; 0.3 and 1.7 have no exact value.
void turnBack(Values &v) {
  v.t0 = 1.75;
  v.t1 = -0.25;
  v.save.h = 0.3;
  v.save.n = 3;
  v.save.times = {1.75, 1.7, 1.1, 0.5, 0.3, 0, -0.25};
  v.step_at = {-0.2, 0.001, 1.3};
  v.jump_at = {1.1, 0.4};
}

void mirror(Values &v) {
  v.t0 = -v.t0;
  v.t1 = -v.t1;
  v.save.times = negated(v.save.times);
  v.step_at = negated(v.step_at);
  v.jump_at = negated(v.jump_at);
}

// y' = f(t, y) backwards and y' = -f(-t, y) forwards are the same numbers, on every path and
// however often the solve is interrupted.
TEST_P(Mirrored, aBackwardSolveHasTheBitsOfTheMirroredField) {
  for (const Method &method : generalMethods()) {
    if (std::get<1>(GetParam()) && !method.adaptive())
      continue;
    for (const char *save : {"start", "end", "every 0.3", "at [0]", "steps 3"}) {
      SCOPED_TRACE(testing::Message() << method.name << ", save " << save);
      Compiled there = compiled(pushed("-t", "-"), unroll, save, method.name);
      turnBack(there.values);
      mirror(there.values);
      Solution expected = there.run();
      ASSERT_EQ(expected.status, Status::success);
      expected.t = negated(expected.t);
      for (double &t : expected.t)
        t += 0.0; // a row at 0 is not at -0
      for (const Engine &engine : engines) {
        Compiled back = compiled(pushed("t", ""), engine, save, method.name);
        turnBack(back.values);
        EXPECT_TRUE(same(back.run(), expected)) << engine.name;
        SolveHooks hooks;
        hooks.sliceSteps = hooks.rowCapacity = 1;
        EXPECT_TRUE(same(back.run(hooks), expected)) << engine.name << ", step by step";
      }
    }
  }
}

TEST_P(Mirrored, oneProgramServesBothDirections) {
  Compiled there = compiled(pushed("t", ""), unroll, "at [0]", "tsit5"), back = there;
  turnBack(back.values);
  const Solution down = back.run();
  there.values.t0 = down.t.back();
  there.values.t1 = 1.75;
  there.values.save.times = {1.75};
  there.values.y0 = endOf(down);
  there.values.jump_at = {1.1};
  const std::vector<double> end = endOf(there.run());
  const double tolerance = std::get<1>(GetParam()) ? 1e-3 : 1e-4;
  EXPECT_NEAR(end[0], 1, tolerance);
  EXPECT_NEAR(end[1], 0.5, tolerance);
}

INSTANTIATE_TEST_SUITE_P(Types, Mirrored,
                         testing::Combine(testing::ValuesIn(dtypes), testing::Bool()),
                         [](const auto &info) {
                           return identifier(std::get<0>(info.param)) +
                                  (std::get<1>(info.param) ? "_pid" : "_constant");
                         });

//===-- Times and rows
//-----------------------------------------------------------------------===//

const char *const decay = R"(
  field decay(t; y) { y' = -y }
  solve decay {
    span 1 to 0
    init y = 1
    control pid(rtol = 1e-9, atol = 1e-12)
  }
)";

Compiled compiled(const std::string &text, const std::string &save,
                  const std::string &dtype = "f64", const std::string &method = "tsit5",
                  const Engine &engine = unroll) {
  Overrides overrides;
  overrides.save = save;
  overrides.dtype = dtype;
  overrides.method = method;
  return compileText(text, overrides, engine);
}

class Backwards : public testing::TestWithParam<Engine> {};

TEST_P(Backwards, rowsComeInTheOrderOfTheSolve) {
  for (const char *dtype : {"f64", "f32"}) {
    auto times = [&](const std::string &save) {
      return compiled(decay, save, dtype, "tsit5", GetParam()).run().t;
    };
    EXPECT_EQ(times("start"), (Times{1, 0}));
    EXPECT_EQ(times("end"), (Times{0}));
    EXPECT_EQ(times("every 0.25"), (Times{1, 0.75, 0.5, 0.25, 0}));
    EXPECT_EQ(times("every 0.375"), (Times{1, 0.625, 0.25, 0}));
    EXPECT_EQ(times("every 3"), (Times{1, 0}));
    EXPECT_EQ(times("at [1, 0.5, 0.125, 0]"), (Times{1, 0.5, 0.125, 0}));
    EXPECT_EQ(times("at [0.5]"), (Times{0.5}));
    const Times steps = times("steps 1");
    EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end(), std::greater<>()));
    EXPECT_LT(steps.front(), 1);
    EXPECT_EQ(steps.back(), 0);
    EXPECT_FALSE(std::signbit(steps.back()));
  }
}

// Between 1 and 0 lies a time at which the state overflows, backwards: exp(1/t).
TEST_P(Backwards, aFailureIsWhereTheSolveGotTo) {
  const char *const text = R"(
    field blow(t; y) { y' = y^2 }
    solve blow {
      span 1 to -3
      init y = -1
      control pid(rtol = 1e-6, atol = 1e-9)
    }
  )";
  Compiled c = compiled(text, "steps 1", "f64", "tsit5", GetParam());
  const Solution solution = c.run();
  EXPECT_EQ(solution.status, Status::step_underflow);
  EXPECT_NEAR(solution.failure.t, 0, 1e-5); // y = -1/t
  EXPECT_EQ(solution.failure.component, "y");
  EXPECT_EQ(solution.t.back(), solution.failure.t);

  Compiled few = compiled(decay, "every 0.01", "f64", "tsit5", GetParam());
  few.values.max_steps = 3;
  const Solution early = few.run();
  EXPECT_EQ(early.status, Status::max_steps_reached);
  EXPECT_EQ(early.t.back(), early.failure.t);
  EXPECT_GT(early.t[early.t.size() - 2], early.t.back());
}

TEST_P(Backwards, anInterruptedSolveKeepsItsRowsAndItsState) {
  Compiled c = compiled(decay, "every 0.01", "f64", "tsit5", GetParam());
  const Solution whole = c.run();
  for (std::int64_t rows : {1, 3, 1000}) {
    int calls = 0;
    double last = 2;
    SolveHooks hooks;
    hooks.sliceSteps = 1;
    hooks.rowCapacity = rows;
    hooks.interrupted = [&] { return ++calls > 5; };
    const Solution part = c.run(hooks);
    EXPECT_EQ(part.status, Status::interrupted);
    ASSERT_LT(part.t.size(), whole.t.size());
    for (double t : part.t) {
      EXPECT_LT(t, last);
      last = t;
    }
    EXPECT_TRUE(std::equal(part.y.begin(), part.y.end() - 1, whole.y.begin()));
  }
}

TEST_P(Backwards, theFieldSeesZeroNotMinusZero) {
  const char *const text = R"(
    field angle(t; y) { y' = atan2(t, -1) }
    solve angle {
      span 0 to -1
      init y = 0
      method euler
      control constant(dt = 1)
    }
  )";
  EXPECT_EQ(compiled(text, "end", "f64", "euler", GetParam()).run().y, std::vector<double>{-M_PI});
}

//===-- Jumps
//-----------------------------------------------------------------------===//

const char *const kink = R"(
  field kink(t; y) { y' = if t < 1 then 1 else -1 }
  solve kink {
    span 2 to 0
    init y = 0
    control pid(rtol = 1e-6, atol = 1e-9)
    jump_at [1]
  }
)";

TEST_P(Backwards, noMethodLooksAcrossAJump) {
  for (const Method &method : generalMethods())
    for (const char *dtype : {"f64", "f32"})
      for (const bool pid : {true, false}) {
        if (pid && !method.adaptive())
          continue;
        const Solution solution = compiled(pid ? kink : withControl(kink, "constant(dt = 0.3)"),
                                           "steps 1", dtype, method.name, GetParam())
                                      .run();
        ASSERT_EQ(solution.status, Status::success);
        const double rounding = std::string(dtype) == "f32" ? 1e-6 : 1e-14;
        for (std::size_t i = 0; i < solution.t.size(); ++i)
          EXPECT_NEAR(solution.y[i], 1 - std::fabs(solution.t[i] - 1), rounding)
              << method.name << ' ' << dtype << " at " << solution.t[i];
        // In f32 the rounding of vern8's error weights, up to 23, is beyond its tolerance.
        if (rounding < 1e-10 || method.order < 8)
          EXPECT_EQ(solution.stats.rejected, 0) << method.name << ": there is no error to see";
        EXPECT_EQ(std::count(solution.t.begin(), solution.t.end(), 1), 1);
      }
}

// The upper neighbour of the jump ends a step, the lower one begins the next.
TEST_P(Backwards, theFieldSeesTheNeighboursOfTheJumpInTheirOrder) {
  const char *const text = R"(
    field pulse(t; below, at, above; tau = 3, down, up) {
      below' = if t == down then 1 else 0
      at' = if t == tau then 1 else 0
      above' = if t == up then 1 else 0
    }
    solve pulse {
      span 10 to -10
      init below = 0, at = 0, above = 0
      args down = 0, up = 0
      control constant(dt = 20)
      jump_at [3]
    }
  )";
  for (const bool single : {false, true}) {
    Compiled c = compiled(text, "end", single ? "f32" : "f64", "heun", GetParam());
    const double down = single ? std::nextafterf(3, 0) : std::nextafter(3.0, 0);
    const double up = single ? std::nextafterf(3, 9) : std::nextafter(3.0, 9);
    c.values.arguments = {3, down, up};
    const Solution s = c.run(); // half of the slope at either end of a step
    EXPECT_EQ(s.y, (std::vector<double>{-13 / 2.0, 0, -7 / 2.0}));
  }
}

/// A damped oscillator, pushed until t = 7.5.
const char *const switched = R"(
  field switched(t; x, v; push = 1, rest = 0) {
    x' = v
    v' = (if t < 7.5 then push else rest) - 2*x - 0.2*v
  }
  solve switched {
    span 20 to 0
    init x = 0, v = 0
    control pid(rtol = 1e-8, atol = 1e-8)
    jump_at [7.5]
  }
)";

TEST_P(Backwards, aSwitchedForceIsRightToTheTolerance) {
  // The truth: two solves of fields that do not jump.
  Compiled truth = compiled(switched, "end");
  truth.values.jump_at.clear();
  truth.values.pid.rtol = truth.values.pid.atol = 1e-12;
  truth.values.y0 = {1, 0};
  truth.values.arguments = {1, 1};
  truth.values.t0 = 0;
  truth.values.t1 = 7.5;
  truth.values.y0 = endOf(truth.run());
  truth.values.arguments = {0, 0};
  truth.values.t0 = 7.5;
  truth.values.t1 = 20;
  const std::vector<double> late = endOf(truth.run());

  for (const char *method : {"tsit5", "dopri5"}) {
    Compiled c = compiled(switched, "end", "f64", method, GetParam());
    c.values.y0 = late;
    const Solution solution = c.run();
    c.values.jump_at.clear();
    const Solution blind = c.run();
    EXPECT_LT(solution.stats.steps, blind.stats.steps) << method;
    EXPECT_LT(solution.stats.rejected, blind.stats.rejected) << method;
    // Errors of some hundred steps, which a damped oscillator amplifies by e^2 backwards.
    EXPECT_NEAR(solution.y[0], 1, 1e-5) << method;
    EXPECT_NEAR(solution.y[1], 0, 1e-5) << method;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, Backwards, testing::ValuesIn(engines),
                         [](const auto &info) { return std::string(info.param.name); });

//===-- Known values
//-----------------------------------------------------------------------===//

TEST(BackwardValues, lotkaVolterraFindsItsStart) {
  Compiled c = compiled(example("lotka_volterra"), "end");
  c.values.t0 = LotkaVolterra::t1;
  c.values.t1 = 0;
  for (const Known &known : LotkaVolterra::end())
    c.values.y0[known.component] = double(known.value);
  for (double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
    c.values.pid.rtol = c.values.pid.atol = tolerance;
    const std::vector<double> start = endOf(c.run());
    EXPECT_NEAR(start[0], 1, 100 * tolerance);
    EXPECT_NEAR(start[1], 1, 100 * tolerance);
  }
}

TEST(BackwardValues, lorenzReturns) {
  // Volumes shrink by exp(-13.7 t): what is lost forwards is not found again, so the way is short.
  Compiled c = compiled(example("lorenz"), "end");
  const std::vector<double> start = c.values.y0;
  c.values.pid.rtol = c.values.pid.atol = 1e-12;
  c.values.t1 = 0.25;
  const std::vector<double> end = endOf(c.run());
  std::swap(c.values.t0, c.values.t1);
  c.values.y0 = end;
  const std::vector<double> returned = endOf(c.run());
  for (std::size_t i = 0; i < start.size(); ++i)
    EXPECT_NEAR(returned[i], start[i], 1e-9);
}

} // namespace
