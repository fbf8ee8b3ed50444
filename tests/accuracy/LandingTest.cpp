// Times of steps and rows: ends and save times exact, constant grids as promised, no row lost or
// doubled. Rounding in t is invisible in y and a nuisance to everyone who compares times.
#include "Compiled.h"

#include <cmath>
#include <limits>

namespace {

using namespace deq;
using namespace deq::test;

const char *const decay = R"(
  field decay(t; y) { y' = -y }
  solve decay {
    span 0 to 1
    init y = 1
    control pid(rtol = 1e-6, atol = 1e-9)
  }
)";

Compiled compiled(const std::string &save, const std::string &dtype = "f64",
                  const Engine &engine = unroll, const std::string &text = decay) {
  Overrides overrides;
  overrides.save = save;
  overrides.dtype = dtype;
  return compileText(text, overrides, engine);
}

Compiled constantSteps(const std::string &save, const std::string &dtype = "f64",
                       const Engine &engine = unroll) {
  return compiled(save, dtype, engine, withControl(decay, "constant(dt = 0.1)"));
}

/// What an f32 solve makes of a time: the sum of two floats.
double paired(double t) {
  const float high = float(t);
  return double(high) + double(float(t - high));
}

class Landing : public testing::TestWithParam<Engine> {};

TEST_P(Landing, endOfAnySpanIsExact) {
  Compiled c = compiled("end", "f64", GetParam()), single = compiled("end", "f32", GetParam());
  single.values.pid.rtol = 1e-4;
  struct Span {
    double t0, t1;
  };
  for (const Span &span : {Span{0, 0.1}, Span{0.1, 0.3}, Span{-1, 1. / 3}, Span{1e6, 1e6 + 0.7},
                           Span{0, 1e-9}, Span{-3, -2.9}, Span{1e-300, 3e-300}, Span{-1e-5, 0}}) {
    for (double dt : {0.0, 0.01, 1e3}) {
      c.values.t0 = span.t0;
      c.values.t1 = span.t1;
      c.values.dt = dt;
      const Solution solution = c.run();
      EXPECT_EQ(solution.status, Status::success) << span.t0 << " to " << span.t1;
      EXPECT_EQ(solution.t, std::vector<double>{span.t1});
      if (span.t1 < 1e-30)
        continue; // f32 has no such numbers
      single.values.t0 = span.t0;
      single.values.t1 = span.t1;
      single.values.dt = dt;
      const Solution narrow = single.run();
      EXPECT_EQ(narrow.status, Status::success) << span.t0 << " to " << span.t1;
      EXPECT_EQ(narrow.t, std::vector<double>{paired(span.t1)});
    }
  }
}

TEST_P(Landing, spanOfOneUlpIsOneStep) {
  Compiled c = compiled("end", "f64", GetParam());
  for (double t0 : {1.0, 1e5, -7.0}) {
    c.values.t0 = t0;
    c.values.t1 = std::nextafter(t0, std::numeric_limits<double>::infinity());
    const Solution solution = c.run();
    EXPECT_EQ(solution.status, Status::success);
    EXPECT_EQ(solution.stats.accepted, 1);
    EXPECT_EQ(solution.t.back(), c.values.t1);
  }
}

TEST_P(Landing, emptySpanIsTheInitialState) {
  for (const char *save : {"end", "start", "steps 1", "every 0.5", "at [0.5]"})
    for (const char *dtype : {"f64", "f32"})
      for (const bool constant : {false, true}) {
        Compiled c =
            constant ? constantSteps(save, dtype, GetParam()) : compiled(save, dtype, GetParam());
        c.values.t0 = c.values.t1 = 0.5;
        const Solution solution = c.run();
        SCOPED_TRACE(testing::Message() << save << " " << dtype << " " << constant);
        EXPECT_EQ(solution.status, Status::success);
        EXPECT_EQ(solution.stats.steps, 0);
        // The start and the end of an empty span are one row.
        EXPECT_EQ(solution.t, std::vector<double>{0.5});
        EXPECT_EQ(solution.y, std::vector<double>{1.0});
      }
}

//===-- Constant steps
//-----------------------------------------------------------------------===//

struct Division {
  double t0, t1, dt;
  std::int64_t steps;
};

TEST_P(Landing, constantStepsDivideTheSpan) {
  const Division divisions[] = {{0, 0.3, 0.1, 3},      {0, 1, 0.1, 10},   {0, 1, 0.3, 4},
                                {0, 1, 2, 1},          {0, 1, 1, 1},      {-1, 1, 0.25, 8},
                                {0, 7, 0.7, 10},       {0, 1, 1. / 3, 3}, {0.1, 0.7, 0.1, 6},
                                {0, 100, 0.01, 10000}, {0, 1, 0.6, 2},    {1e4, 1e4 + 1, 0.1, 10},
                                {0, 1, 0.09999, 11}};
  for (const char *dtype : {"f64", "f32"}) {
    Compiled c = constantSteps("steps 1", dtype, GetParam());
    for (const Division &d : divisions) {
      if (GetParam().backend == Backend::interp && d.steps > 100)
        continue;
      c.values.t0 = d.t0;
      c.values.t1 = d.t1;
      c.values.dt = d.dt;
      const Solution solution = c.run();
      SCOPED_TRACE(testing::Message() << dtype << " " << d.t0 << " to " << d.t1 << " by " << d.dt);
      EXPECT_EQ(solution.status, Status::success);
      EXPECT_EQ(solution.stats.accepted, d.steps);
      ASSERT_EQ(std::int64_t(solution.t.size()), d.steps);
      const bool single = c.signature.dtype == DType::f32;
      const double h = single ? float(d.dt) : d.dt;
      for (std::int64_t m = 1; m < d.steps; ++m) {
        const double exact = std::fma(double(m), h, single ? paired(d.t0) : d.t0);
        EXPECT_EQ(solution.t[m - 1], single ? paired(exact) : exact);
      }
      EXPECT_EQ(solution.t.back(), single ? paired(d.t1) : d.t1);
    }
  }
}

// Euler on y' = 1 adds up the steps themselves.
TEST_P(Landing, lastConstantStepIsShortened) {
  const std::string text = R"(
    field clock(t; y) { y' = 1 }
    solve clock {
      span 0 to 1
      init y = 0
      method euler
      control constant(dt = 0.3)
      save steps 1
    }
  )";
  const Solution solution = compileText(text, {}, GetParam()).run();
  ASSERT_EQ(solution.y.size(), 4u);
  EXPECT_EQ(solution.y[2], 0.3 + 0.3 + 0.3);
  EXPECT_NEAR(solution.y[3] - solution.y[2], 0.1, 1e-15);
}

//===-- Rows
//-----------------------------------------------------------------------===//

TEST_P(Landing, saveTimesAreExactAndInOrder) {
  const std::vector<double> times = {0, 1e-12, 0.1, 0.1 + 1e-16, 1. / 3, 0.5, 0.7, 1 - 1e-15, 1};
  std::vector<double> distinct = times;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const char *dtype : {"f64", "f32"}) {
    Compiled c = compiled("at [0.5]", dtype, GetParam());
    c.values.save.times = distinct;
    const Solution solution = c.run();
    EXPECT_EQ(solution.status, Status::success);
    EXPECT_EQ(solution.t, distinct) << dtype;
    EXPECT_EQ(solution.y.front(), 1) << "the row at t0 is the initial state";
    for (std::size_t i = 0; i < solution.t.size(); ++i)
      EXPECT_NEAR(solution.y[i], std::exp(-solution.t[i]), 2e-6);
  }
}

// The end of an f32 solve is known to 48 bits; times of a list are returned as they were given, the
// last ones with the last step's value.
TEST_P(Landing, listedTimesKeepTheirBitsInSinglePrecision) {
  Compiled c = compiled("at [0.5]", "f32", GetParam()), end = compiled("end", "f32", GetParam());
  for (double t1 : {10.1, 1. / 3, 0.7}) {
    c.values.pid.rtol = end.values.pid.rtol = 1e-3;
    c.values.t1 = end.values.t1 = t1;
    ASSERT_NE(paired(t1), t1);
    c.values.save.times = {t1 / 7, std::nextafter(t1, 0), t1};
    for (double dt : {0.0, t1 / 16}) {
      c.values.dt = end.values.dt = dt;
      const Solution solution = c.run();
      EXPECT_EQ(solution.t, c.values.save.times);
      EXPECT_EQ(solution.y.at(1), end.run().y[0]);
      EXPECT_EQ(solution.y.at(2), end.run().y[0]);
    }
  }
}

TEST_P(Landing, saveListsContainTheEndsOnlyIfTheySaySo) {
  Compiled c = compiled("at [0.5]", "f64", GetParam());
  using Times = std::vector<double>;
  for (const Times &times : {Times{0.5}, Times{0, 0.5}, Times{0.5, 1}, Times{0, 0.5, 1}, Times{0},
                             Times{1}, Times{0, 1}, Times{}}) {
    c.values.save.times = times;
    const Solution solution = c.run();
    EXPECT_EQ(solution.t, times);
    EXPECT_EQ(solution.y.size(), times.size());
    EXPECT_EQ(solution.stats.accepted, c.run().stats.accepted);
  }
}

TEST_P(Landing, everyIncludesBothEndsAndNoSliver) {
  struct Plan {
    double t0, t1, h;
    std::size_t rows;
  };
  Compiled c = compiled("every 0.1", "f64", GetParam());
  for (const Plan &plan :
       {Plan{0, 1, 0.1, 11}, Plan{0, 1, 0.3, 5}, Plan{0, 1, 2, 2}, Plan{0, 1, 1, 2},
        Plan{0, 0.3, 0.1, 4}, Plan{0, 1, 1. / 3, 4}, Plan{0.1, 0.9, 0.1, 9}, Plan{0, 7, 0.7, 11}}) {
    c.values.t0 = plan.t0;
    c.values.t1 = plan.t1;
    c.values.save.h = plan.h;
    const Solution solution = c.run();
    ASSERT_EQ(solution.t.size(), plan.rows) << plan.t0 << " to " << plan.t1 << " by " << plan.h;
    EXPECT_EQ(solution.t.front(), plan.t0);
    EXPECT_EQ(solution.t.back(), plan.t1);
    for (std::size_t i = 1; i + 1 < plan.rows; ++i)
      EXPECT_EQ(solution.t[i], std::fma(double(i), plan.h, plan.t0));
  }
}

// A save time that is a step's end takes the step's value itself, not the interpolant's.
TEST_P(Landing, rowsAtStepEndsAreTheStepsValues) {
  Compiled steps = constantSteps("steps 1", "f64", GetParam());
  Compiled listed = constantSteps("at [0.5]", "f64", GetParam());
  const Solution all = steps.run();
  listed.values.save.times = all.t;
  const Solution rows = listed.run();
  EXPECT_EQ(rows.t, all.t);
  EXPECT_EQ(rows.y, all.y);
}

TEST_P(Landing, everyNthStepAndTheEnd) {
  for (std::int64_t n : {1, 2, 3, 7, 10, 100}) {
    Compiled c = constantSteps("steps " + std::to_string(n), "f64", GetParam());
    const Solution solution = c.run();
    std::vector<double> times;
    for (std::int64_t m = n; m < 10; m += n)
      times.push_back(m * 0.1);
    times.push_back(1);
    EXPECT_EQ(solution.t, times) << "every " << n << " of ten steps";
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, Landing, testing::ValuesIn(engines),
                         [](const auto &info) { return info.param.name; });

//===-- Time in f32
//-----------------------------------------------------------------------===//

// Each addition to a compensated pair rounds its low part: at most 2^-49 of t, 2^-48 to be safe.
// An uncompensated float would stand still at t = 2^15 for steps of 2^-10.
TEST(SinglePrecisionTime, aMillionAdaptiveStepsStayOnTime) {
  Overrides overrides;
  overrides.save = "steps 1000";
  overrides.dtype = "f32";
  Compiled c = compileText(R"(
    field rest(t; y) { y' = 0*y }
    solve rest {
      span 0 to 1000
      init y = 1
      control pid(rtol = 1e-3, atol = 1e-3, dt_max = 0.001)
    }
  )",
                           overrides);
  c.values.dt = 0.001;
  c.values.max_steps = 2000000;
  const Solution solution = c.run();
  ASSERT_EQ(solution.status, Status::success);
  EXPECT_EQ(solution.stats.rejected, 0);
  const double h = float(0.001);
  EXPECT_EQ(solution.stats.accepted, std::int64_t(std::ceil(1000 / h)));
  for (std::size_t row = 0; row + 1 < solution.t.size(); ++row) {
    const double steps = 1000.0 * (row + 1);
    ASSERT_NEAR(solution.t[row], steps * h, steps * 0x1p-48 * steps * h);
  }
  EXPECT_EQ(solution.t.back(), 1000);
}

TEST(SinglePrecisionTime, aMillionConstantStepsAreOnTheGrid) {
  Compiled c = constantSteps("steps 1000", "f32");
  c.values.t1 = 1e5;
  c.values.max_steps = 2000000;
  const Solution solution = c.run();
  ASSERT_EQ(solution.status, Status::success);
  EXPECT_EQ(solution.stats.accepted, 1000000);
  ASSERT_EQ(solution.t.size(), 1000u);
  for (std::size_t row = 0; row + 1 < solution.t.size(); ++row)
    ASSERT_EQ(solution.t[row], paired(1000.0 * (row + 1) * double(float(0.1))));
  EXPECT_EQ(solution.t.back(), 1e5);
}

} // namespace
