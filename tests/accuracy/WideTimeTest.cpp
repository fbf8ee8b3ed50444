// f32 states whose time is f64: what a late time costs, against f64 and against f32 with its pairs.
// Late means 1e5, where neighbouring f32 are 1/128 apart and a field that is given the time as one
// of them hears nothing of a frequency of 1000.
#include "Compiled.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

Compiled compiled(const std::string &text, const std::string &dtype, const std::string &save = "",
                  const Engine &engine = unroll) {
  Overrides overrides;
  overrides.dtype = dtype;
  if (!save.empty())
    overrides.save = save;
  return compileText(text, overrides, engine);
}

Solution solved(const std::string &text, const std::string &dtype, const std::string &save = "",
                const Engine &engine = unroll) {
  return compiled(text, dtype, save, engine).run();
}

/// The largest distance of two solutions' rows.
double distance(const Solution &a, const Solution &b) {
  EXPECT_EQ(a.y.size(), b.y.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.y.size(), b.y.size()); ++i)
    largest = std::max(largest, std::fabs(a.y[i] - b.y[i]));
  return largest;
}

// x = sin(1000 t) - sin(1000 t0).
const char *const quick = R"(
  field quick(t; x) { x' = 1000*cos(1000*t) }
  solve quick {
    span 100000 to 100010
    init x = 0
    control pid(rtol = 1e-6, atol = 1e-6)
    save every 0.25: x, wave = sin(1000*t)
  }
)";

TEST(WideTime, aFastForceAtALateTimeIsRight) {
  const Solution s = solved(quick, wideTime), f64 = solved(quick, "f64");
  // With pairs the field is so rough that a solve finds no step for finer tolerances.
  Compiled rough = compiled(quick, "f32");
  rough.values.pid.rtol = rough.values.pid.atol = 1e-5;
  const Solution f32 = rough.run();
  ASSERT_EQ(f32.status, Status::success);
  ASSERT_EQ(s.status, Status::success);
  double error = 0, pairs = 0;
  for (std::size_t row = 0; row < s.t.size(); ++row) {
    const double exact = std::sin(1000 * s.t[row]) - std::sin(1e8);
    error = std::max(error, std::fabs(s.y[2 * row] - exact));
    pairs = std::max(pairs, std::fabs(f32.y[2 * row] - exact));
    EXPECT_EQ(s.y[2 * row + 1], double(float(std::sin(1000 * s.t[row])))) << "rounded once";
  }
  RecordProperty("error", std::to_string(error));
  EXPECT_LT(error, 1e-3);
  EXPECT_LT(distance(s, f64), 5e-4) << "apart from what the tolerance leaves";
  EXPECT_GT(pairs, 1) << "the same with time as a pair";
}

// Literals, scalar arguments and pi are as in f64 where they meet the time.
TEST(WideTime, whatMeetsTheTimeIsWideToo) {
  const Solution s = solved(R"(
    field f(t; x; f = 440.1, w[2] = [1000, 2000]) { x' = 0*x }
    solve f {
      span 100000 to 100001
      init x = 0
      save every 0.3: x, turn = sin(2*pi*f*t), sines = sin(w*t), both = sum(sin(k*t) for k in 1..4),
                      late = if t - 100000 < 0.6 then 1 else 0, kept = min(t, 7), met = t + x
    }
  )",
                            wideTime);
  const double pi = std::acos(-1.0);
  for (std::size_t row = 0; row < s.t.size(); ++row) {
    const double t = s.t[row], *const y = &s.y[8 * row];
    const double sum = std::sin(t) + std::sin(2 * t) + std::sin(3 * t);
    EXPECT_EQ(y[1], double(float(std::sin(2 * pi * 440.1 * t))));
    EXPECT_EQ(y[2], double(float(std::sin(1000 * t))));
    EXPECT_EQ(y[3], double(float(std::sin(2000 * t))));
    EXPECT_EQ(y[4], double(float(sum)));
    EXPECT_EQ(y[5], t - 100000 < 0.6);
    EXPECT_EQ(y[6], 7);
    EXPECT_EQ(y[7], double(float(t))) << "rounded where it meets the state";
  }
}

TEST(WideTime, theStateIsAsGoodAsWithPairs) {
  const std::string text = R"(
    field lorenz(t; x, y, z; sigma = 10, rho = 28, beta = 8/3) {
      x' = sigma*(y - x)
      y' = x*(rho - z) - y
      z' = x*y - beta*z
    }
    solve lorenz {
      span 100000 to 100010
      init x = 1, y = 0, z = 0
      control pid(rtol = 1e-6, atol = 1e-6)
      save every 0.5
    }
  )";
  Compiled fine = compiled(text, "f64");
  fine.values.pid.rtol = fine.values.pid.atol = 1e-11;
  // f64 means that the arguments are not rounded.
  fine.values.arguments[2] = double(float(8.0 / 3));
  const Solution exact = fine.run();
  const Solution wide = solved(text, wideTime), pairs = solved(text, "f32");
  ASSERT_EQ(wide.t, exact.t);
  const double ofWide = distance(wide, exact), ofPairs = distance(pairs, exact);
  RecordProperty("wide", std::to_string(ofWide));
  RecordProperty("pairs", std::to_string(ofPairs));
  EXPECT_LT(ofWide, 0.05);
  EXPECT_LT(ofWide, 10 * ofPairs);
}

//===-- Times
//---------------------------------------------------------------------------------===//

TEST(WideTimes, areThoseOfAnF64Solve) {
  const std::string text = R"(
    field decay(t; x) { x' = -x }
    solve decay {
      span 100000 to 100002
      init x = 1
      control constant(dt = 0.1)
    }
  )";
  for (const char *save : {"steps 1", "every 0.07", "at [100000, 100000.1, 100001.7]", "dense"})
    for (const bool backwards : {false, true}) {
      std::vector<Solution> solutions;
      for (const char *dtype : {"f64", wideTime}) {
        Compiled c = compiled(text, dtype, save);
        if (backwards) {
          std::swap(c.values.t0, c.values.t1);
          std::reverse(c.values.save.times.begin(), c.values.save.times.end());
        }
        solutions.push_back(c.run());
      }
      EXPECT_EQ(solutions[0].status, Status::success);
      EXPECT_EQ(solutions[0].t, solutions[1].t) << save << (backwards ? " backwards" : "");
      EXPECT_LT(distance(solutions[0], solutions[1]), backwards ? 1e-5 : 1e-6) << save;
    }
}

// A pair keeps 48 bits of 100000 + 2^-36, which has 53.
TEST(WideTimes, givenOnesAreLandedOnExactly) {
  const double given = 100000 + 0x1p-36 + 0.5, seen = std::nextafter(given, 1e6);
  for (const Engine &engine : engines) {
    Compiled c = compiled(R"(
      field jumps(t; x; where = 0) { x' = if t - 100000 > 0.5 then 1 else 0 }
      solve jumps {
        span 100000 to 100001
        init x = 0
        control pid(rtol = 1e-5, atol = 1e-5)
        jump_at [100000.5]
      }
    )",
                          wideTime, "steps 1", engine);
    c.values.jump_at = {given};
    const Solution s = c.run();
    EXPECT_EQ(std::count(s.t.begin(), s.t.end(), given), 1) << engine.name;
    EXPECT_EQ(std::count(s.t.begin(), s.t.end(), seen), 0) << engine.name;
    // Wherever the jump is, its step before is taken without it and the one after it with it.
    EXPECT_NEAR(s.y.back(), 0.5, 1e-6) << engine.name;
  }
}

TEST(WideTimes, anEventIsWhereItIs) {
  const std::string text = R"(
    field rest(t; x) { x' = 0*x + 1 }
    solve rest {
      span 100000 to 100010
      init x = 0
      control constant(dt = 0.25)
      stop when sin(1000*(t - 100000)) + 2*(t - 100003), direction = up
    }
  )";
  const double f64 = solved(text, "f64").event.t;
  for (const Engine &engine : engines) {
    const Solution s = solved(text, wideTime, "end", engine);
    ASSERT_EQ(s.status, Status::stopped) << engine.name;
    // As a fraction of the step, which is f32.
    EXPECT_NEAR(s.event.t, f64, 0.25 * 0x1p-22) << engine.name;
  }
}

// Where the field is told of a jump by a number that is none of f32, as a literal or as an
// argument.
TEST(WideTimes, aJumpIsWhereTheFieldSaysItIs) {
  for (const char *condition : {"t < 0.7", "t < tau"})
    for (const bool backwards : {false, true}) {
      Compiled c = compiled(std::string("field kinked(t; x; tau = 0.7) { x' = if ") + condition +
                                R"( then 0*tau else 100 }
        solve kinked {
          span 0 to 1
          init x = 0
          control constant(dt = 1)
          jump_at [0.7]
        }
      )",
                            wideTime);
      if (backwards)
        std::swap(c.values.t0, c.values.t1);
      EXPECT_NEAR(c.run().y.back(), backwards ? -30 : 30, 1e-4) << condition;
    }
}

//===-- Dumps
//---------------------------------------------------------------------------------===//

TEST(WideTime, everyStageIsAProgram) {
  for (const char *stages : {"unroll", "scan"}) {
    Overrides overrides;
    overrides.stages = stages;
    overrides.dtype = wideTime;
    overrides.to = 100001;
    expectEveryStageRuns(loadText(quick, overrides));
  }
}

} // namespace
