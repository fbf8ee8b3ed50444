// Steps that end at given times, and fields that jump there: exact landings, the right side of
// every jump, and no price for the shortened steps. The fields are such that one evaluation on the
// wrong side of a jump shows in the result.
#include "HandCall.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

using namespace deq;
using namespace deq::test;
using Times = std::vector<double>;

/// Slope 1 before t = 1, -1 after it: any method integrates it exactly, if it never looks across.
const char *const kink = R"(
  field kink(t; y) { y' = if t < 1 then 1 else -1 }
  solve kink {
    span 0 to 2
    init y = 0
    control pid(rtol = 1e-6, atol = 1e-9)
    jump_at [1]
  }
)";

/// A damped oscillator, pushed until t = 7.5.
const char *const switched = R"(
  field switched(t; x, v; push = 1, rest = 0) {
    x' = v
    v' = (if t < 7.5 then push else rest) - 2*x - 0.2*v
  }
  solve switched {
    span 0 to 20
    init x = 1, v = 0
    control pid(rtol = 1e-8, atol = 1e-8)
    jump_at [7.5]
  }
)";

Compiled compiled(const std::string &text, const std::string &save = "steps 1",
                  const Engine &engine = unroll, const std::string &dtype = "f64",
                  const std::string &method = "tsit5") {
  Overrides overrides;
  overrides.save = save;
  overrides.dtype = dtype;
  overrides.method = method;
  return compileText(text, overrides, engine);
}

std::string without(std::string text, const std::string &clause) {
  const std::size_t begin = text.find(clause);
  return text.erase(begin, text.find('\n', begin) - begin);
}

bool contains(const Times &times, double t) {
  return std::find(times.begin(), times.end(), t) != times.end();
}

/// The neighbour of the f32 or f64 number t, as a time of a solve.
double nextUp(double t, bool single) {
  return single ? double(std::nextafterf(float(t), 1e30F)) : std::nextafter(t, 1e300);
}

class Clips : public testing::TestWithParam<Engine> {};

//===-- Landing
//-----------------------------------------------------------------------===//

TEST_P(Clips, everyMethodAndControllerLandsOnTheTimes) {
  const Times steps = {0.1, 0.3, 1.0 / 3, 1.7}, jumps = {0.2, 0.3, 1, 1.999};
  for (const Method &method : generalMethods())
    for (const bool pid : {true, false}) {
      if (pid && !method.adaptive())
        continue;
      Compiled c = compiled(pid ? kink : withControl(kink, "constant(dt = 0.25)"), "steps 1",
                            GetParam(), "f64", method.name);
      c.values.step_at = steps;
      c.values.jump_at = jumps;
      const Solution solution = c.run();
      ASSERT_EQ(solution.status, Status::success) << method.name;
      for (const Times &list : {steps, jumps})
        for (double t : list)
          EXPECT_TRUE(contains(solution.t, t)) << method.name << (pid ? ", pid " : ", ") << t;
      EXPECT_TRUE(std::is_sorted(solution.t.begin(), solution.t.end(), std::less_equal<>()));
      EXPECT_EQ(solution.t.back(), 2);
    }
}

TEST_P(Clips, constantStepsKeepTheirGrid) {
  Compiled c = compiled(withControl(kink, "constant(dt = 0.3)"), "steps 1", GetParam());
  ASSERT_NE(3 * 0.3, 0.9);
  c.values.jump_at = {0.5, 0.9, 1.3};
  c.values.step_at = {0.6, 1.0, 1.1};
  // 0.6 is on the grid, 0.9 beside it: neither adds a step.
  const Times expected = {0.3, 0.5, 0.6, 0.9, 1.0, 1.1, 4 * 0.3, 1.3, 5 * 0.3, 6 * 0.3, 2};
  EXPECT_EQ(c.run().t, expected);
}

TEST_P(Clips, timesOutsideOfTheSpanOrAtItsEndsDoNothing) {
  for (const bool pid : {true, false}) {
    const std::string text = pid ? switched : withControl(switched, "constant(dt = 0.3)");
    for (const char *dtype : {"f64", "f32"}) {
      Compiled plain = compiled(without(text, "jump_at"), "steps 1", GetParam(), dtype);
      Compiled c = compiled(text, "steps 1", GetParam(), dtype);
      plain.values.pid.rtol = c.values.pid.rtol = plain.values.pid.atol = c.values.pid.atol = 1e-4;
      const Times outside = {-1, 0, 20, 1e300};
      c.values.jump_at = c.values.step_at = outside;
      EXPECT_TRUE(same(plain.run(), c.run())) << dtype << (pid ? ", pid" : ", constant");
    }
  }
}

TEST_P(Clips, aTimeInBothListsIsAJump) {
  Compiled c = compiled(withControl(kink, "constant(dt = 0.3)"), "end", GetParam());
  c.values.step_at = {0.5, 1};
  const Solution both = c.run();
  EXPECT_NEAR(both.y.back(), 0, 1e-15);
  EXPECT_EQ(both.stats.steps, 9);
}

//===-- Sides of a jump
//-----------------------------------------------------------------------===//

TEST_P(Clips, noMethodLooksAcrossAJump) {
  for (const Method &method : generalMethods())
    for (const char *dtype : {"f64", "f32"})
      for (const bool pid : {true, false}) {
        if (pid && !method.adaptive())
          continue;
        Compiled c = compiled(pid ? kink : withControl(kink, "constant(dt = 0.3)"), "steps 1",
                              GetParam(), dtype, method.name);
        const Solution solution = c.run();
        ASSERT_EQ(solution.status, Status::success);
        const double rounding = *dtype == 'f' && dtype[1] == '3' ? 1e-6 : 1e-14;
        for (std::size_t i = 0; i < solution.t.size(); ++i)
          EXPECT_NEAR(solution.y[i], 1 - std::fabs(solution.t[i] - 1), rounding)
              << method.name << ' ' << dtype << " at " << solution.t[i];
        // In f32 the rounding of vern8's error weights, up to 23, is beyond its tolerance.
        if (rounding < 1e-10 || method.order < 8)
          EXPECT_EQ(solution.stats.rejected, 0) << method.name << ": there is no error to see";
        EXPECT_TRUE(contains(solution.t, 1));
      }
}

// What the test above can see: the same step times without the word that the field jumps there.
TEST_P(Clips, aStepTimeAloneIsNoJump) {
  Compiled c = compiled(withControl(kink, "constant(dt = 0.3)"), "end", GetParam(), "f64", "rk4");
  c.values.step_at = c.values.jump_at;
  c.values.jump_at.clear();
  EXPECT_GT(std::fabs(c.run().y.back()), 0.03);
}

TEST_P(Clips, theFieldSeesTheNeighboursOfTheJump) {
  // Slope 1 exactly at the neighbours and at the jump, 0 elsewhere: the ends of steps alone count.
  for (const double tau : {0.0, 1.0, -1.0, 7.5}) {
    const std::string text = R"(
      field pulse(t; before, at, behind; tau, down, up) {
        before' = if t == down then 1 else 0
        at' = if t == tau then 1 else 0
        behind' = if t == up then 1 else 0
      }
      solve pulse {
        span -10 to 10
        init before = 0, at = 0, behind = 0
        args tau = 0, down = 0, up = 0
        control constant(dt = 20)
        jump_at [0]
      }
    )";
    for (const char *dtype : {"f64", "f32"}) {
      const bool single = std::string(dtype) == "f32";
      Compiled c = compiled(text, "end", GetParam(), dtype, "heun");
      c.values.jump_at = {tau};
      c.values.arguments = {tau, -nextUp(-tau, single), nextUp(tau, single)};
      // Heun: half of the slope at either end of a step.
      const Solution s = c.run();
      EXPECT_EQ(s.y[0], (tau + 10) / 2) << tau << ' ' << dtype;
      EXPECT_EQ(s.y[1], 0) << tau << ' ' << dtype;
      EXPECT_EQ(s.y[2], (10 - tau) / 2) << tau << ' ' << dtype;
    }
  }
}

TEST_P(Clips, aSwitchedForceIsRightToTheTolerance) {
  // The truth: two solves of fields that do not jump.
  Overrides overrides;
  Compiled truth = compileText(without(switched, "jump_at"), overrides);
  truth.values.pid.rtol = truth.values.pid.atol = 1e-12;
  truth.values.arguments = {1, 1};
  truth.values.t1 = 7.5;
  truth.values.y0 = endOf(truth.run());
  truth.values.arguments = {0, 0};
  truth.values.t0 = 7.5;
  truth.values.t1 = 20;
  const std::vector<double> end = endOf(truth.run());

  for (const Method &method : generalMethods()) {
    if (!method.adaptive())
      continue;
    Compiled c = compiled(switched, "end", GetParam(), "f64", method.name);
    Compiled blind = compiled(without(switched, "jump_at"), "end", GetParam(), "f64", method.name);
    if (method.order < 4)
      c.values.pid.rtol = c.values.pid.atol = blind.values.pid.rtol = blind.values.pid.atol = 1e-5;
    const Solution solution = c.run(), without = blind.run();
    EXPECT_LT(solution.stats.steps, without.stats.steps) << method.name;
    EXPECT_LE(solution.stats.rejected, without.stats.rejected) << method.name;
    const double tolerance = 100 * c.values.pid.rtol; // errors of some hundred steps
    EXPECT_NEAR(solution.y[0], end[0], tolerance) << method.name;
    EXPECT_NEAR(solution.y[1], end[1], tolerance) << method.name;
  }
}

TEST_P(Clips, jumpsMayBeCloserThanAStepOrAnUlp) {
  // Between the jumps the slope is that of a spike, whose area is its width.
  const std::string text = R"(
    field spike(t; y; a, b, height) { y' = if t < a then 0 else if t < b then height else 0 }
    solve spike {
      span 0 to 2
      init y = 0
      args a = 1, b = 1.001, height = 1000
      control pid(rtol = 1e-6, atol = 1e-9)
      jump_at [1, 1.001]
    }
  )";
  for (const char *method : {"tsit5", "heun"}) {
    Compiled c = compiled(text, "steps 1", GetParam(), "f64", method);
    Solution solution = c.run();
    EXPECT_NEAR(solution.y.back(), 1, 1e-12);
    EXPECT_EQ(solution.stats.rejected, 0) << "the spike is flat between its sides";
    const double above = std::nextafter(1.0, 2.0);
    c.values.jump_at = c.values.arguments = {1, above};
    c.values.arguments.push_back(1);
    solution = c.run();
    EXPECT_EQ(solution.status, Status::success);
    EXPECT_TRUE(contains(solution.t, 1) && contains(solution.t, above));
    EXPECT_NEAR(solution.y.back(), 0, 1e-15);
  }
}

TEST_P(Clips, keptSlopesAreComputedAnewAtJumpsAndCounted) {
  for (const bool fsal : {true, false}) {
    Compiled c = compiled(kink, "end", GetParam(), "f64", fsal ? "tsit5" : "heun");
    c.values.dt = 0.1;
    c.values.jump_at = {0.5, 1, 1.5, 2, 3};
    c.values.step_at = {0.25};
    const Statistics stats = c.run().stats;
    EXPECT_EQ(stats.evaluations, fsal ? 1 + 6 * stats.steps + 3 : 2 * stats.steps);
    c.values.max_steps = 5;
    Solution short5 = c.run();
    EXPECT_EQ(short5.status, Status::max_steps_reached);
    int passed = 0;
    for (double tau : c.values.jump_at)
      passed += tau <= short5.failure.t;
    EXPECT_GT(passed, 0);
    EXPECT_EQ(short5.stats.evaluations, fsal ? 1 + 6 * 5 + passed : 2 * 5);
  }
}

//===-- Lengths of steps
//-----------------------------------------------------------------------===//

TEST_P(Clips, theStepAfterAShortenedOneIsAsLongAsPlanned) {
  const std::string text = R"(
    field line(t; y) { y' = 1 }
    solve line {
      span 0 to 2
      init y = 0
      control pid(rtol = 1e-6, atol = 1e-9, dt_max = 0.25)
      dt 0.25
      step_at [0.375, 0.37890625]
    }
  )";
  const Times expected = {0.25,       0.375,      0.37890625, 0.62890625, 0.87890625,
                          1.12890625, 1.37890625, 1.62890625, 1.87890625, 2};
  EXPECT_EQ(compiled(text, "steps 1", GetParam()).run().t, expected);
  Compiled jumps = compiled(text, "steps 1", GetParam(), "f32");
  std::swap(jumps.values.step_at, jumps.values.jump_at);
  EXPECT_EQ(jumps.run().t, expected);
}

TEST_P(Clips, aRejectedStepIsTriedAsShortAsTheControllerSays) {
  Compiled c = compiled(switched, "steps 1", GetParam());
  c.values.dt = 20;
  c.values.jump_at = {7.5};
  HandCall hand(c);
  double tried = 7.5;
  int rejected = 0;
  while (hand.call() == Outcome::budget_spent && hand.integer(slot_accepted) == 0) {
    ++rejected;
    EXPECT_LT(hand.next(), tried);
    tried = hand.next();
  }
  EXPECT_GT(rejected, 2);
  EXPECT_EQ(hand.time, tried);
}

// A step that no controller asked for cannot be below dt_min.
TEST_P(Clips, shortenedStepsMayBeBelowTheMinimum) {
  for (const bool forced : {true, false}) {
    Compiled c = compiled(switched, "steps 1", GetParam());
    c.values.pid.dt_min = 0.01;
    c.values.pid.force_dt_min = forced;
    c.values.step_at = {0.003, 0.004, 7.499, 7.501, 19.9999};
    const Solution solution = c.run();
    EXPECT_EQ(solution.status, Status::success);
    for (double t : c.values.step_at)
      EXPECT_TRUE(contains(solution.t, t)) << t;
  }
}

// Forced steps of the minimal length are longer than the way to the next time: it is split, so that
// no attempt is repeated.
TEST_P(Clips, aRejectedStepBelowTheMinimumEnds) {
  Compiled c = compiled(switched, "steps 1", GetParam());
  c.values.pid.dt_min = 4;
  c.values.pid.rtol = c.values.pid.atol = 1e-9;
  c.values.jump_at = {3, 7.5};
  const Solution solution = c.run();
  EXPECT_EQ(solution.status, Status::success);
  EXPECT_TRUE(contains(solution.t, 3) && contains(solution.t, 7.5));
}

//===-- Rows, engines, calls
//-----------------------------------------------------------------------===//

TEST_P(Clips, aRowAtAJumpIsTheOneStateThere) {
  Compiled rows = compiled(switched, "at [7, 7.5, 8]", GetParam()),
           steps = compiled(switched, "steps 1", GetParam());
  const Solution at = rows.run(), all = steps.run();
  const std::size_t i = std::find(all.t.begin(), all.t.end(), 7.5) - all.t.begin();
  ASSERT_LT(i, all.t.size());
  EXPECT_EQ(at.t, (Times{7, 7.5, 8}));
  EXPECT_EQ(at.y[2], all.y[2 * i]);
  EXPECT_EQ(at.y[3], all.y[2 * i + 1]);
}

INSTANTIATE_TEST_SUITE_P(Engines, Clips, testing::ValuesIn(engines),
                         [](const auto &info) { return std::string(info.param.name); });

class ClipBits : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(ClipBits, enginesAndCallsAgree) {
  const auto &[dtype, pid] = GetParam();
  for (const Method &method : generalMethods()) {
    if (pid && !method.adaptive())
      continue;
    for (const char *save : {"every 0.5", "steps 1"}) {
      std::vector<Solution> solutions;
      for (const Engine &engine : engines) {
        Compiled c = compiled(pid ? switched : withControl(switched, "constant(dt = 0.3)"), save,
                              engine, dtype, method.name);
        c.values.pid.rtol = c.values.pid.atol = method.order > 3 ? 1e-5 : 1e-3;
        c.values.pid.pcoeff = 0.2;
        c.values.pid.icoeff = 0.3;
        c.values.t1 = 10;
        c.values.step_at = {0.001, 0.5, 0.9, 4.1, 7.4999};
        c.values.jump_at = {1, 1.0000001, 7.5, 9};
        solutions.push_back(c.run());
        ASSERT_EQ(solutions.back().status, Status::success);
        SCOPED_TRACE(testing::Message() << method.name << ", save " << save << ", " << engine.name);
        EXPECT_TRUE(same(solutions[0], solutions.back()));
        for (std::int64_t rows : {0, 1}) {
          SolveHooks hooks;
          hooks.sliceSteps = 1;
          hooks.rowCapacity = rows;
          EXPECT_TRUE(same(solutions[0], c.run(hooks))) << rows << " rows";
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, ClipBits,
                         testing::Combine(testing::ValuesIn(dtypes), testing::Bool()),
                         [](const auto &info) {
                           return identifier(std::get<0>(info.param)) +
                                  (std::get<1>(info.param) ? "_pid" : "_constant");
                         });

} // namespace
