// How solves end when they cannot go on: status, time, step and component of every failure, and the
// rows up to there. A solve that cannot succeed must say so, soon, and keep what it has.
#include "Compiled.h"

#include <cmath>
#include <limits>

namespace {

using namespace deq;
using namespace deq::test;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

class Outcomes : public testing::TestWithParam<Engine> {
protected:
  Compiled compiled(const std::string &text, const std::string &save = "steps 1",
                    const std::string &dtype = "f64") {
    Overrides overrides;
    overrides.save = save;
    overrides.dtype = dtype;
    Compiled result = compileText(text, overrides, GetParam());
    // No failure here takes this many steps: a solve that hangs fails instead.
    result.values.max_steps = 5000;
    return result;
  }

  /// What holds for every failure.
  static void expectFailure(const Solution &solution, Status status, const std::string &component) {
    EXPECT_EQ(solution.status, status) << name(solution.status);
    EXPECT_EQ(solution.failure.component, component);
    EXPECT_EQ(solution.failure.step, solution.stats.steps);
    EXPECT_EQ(solution.stats.steps, solution.stats.accepted + solution.stats.rejected);
  }

  /// The plan closes: the last row is where the solve stands, all others lie before it.
  static void expectClosed(const Solution &solution) {
    ASSERT_FALSE(solution.t.empty());
    EXPECT_EQ(solution.t.back(), solution.failure.t);
    for (std::size_t i = 1; i < solution.t.size(); ++i)
      EXPECT_LT(solution.t[i - 1], solution.t[i]) << "no time has two rows";
    EXPECT_EQ(solution.y.size(), solution.t.size() * solution.width());
  }
};

const char *const clock2 = R"(
  field clocks(t; slow, fast) {
    slow' = cos(t)
    fast' = 50*cos(50*t)
  }
  solve clocks {
    span 0 to 10
    init slow = 0, fast = 0
    control pid(rtol = 1e-6, atol = 1e-9)
  }
)";

//===-- max_steps
//-----------------------------------------------------------------------===//

TEST_P(Outcomes, maxStepsStopsAfterExactlyThatMany) {
  Compiled c = compiled(clock2);
  for (std::int64_t most : {1, 2, 17}) {
    c.values.max_steps = most;
    const Solution solution = c.run();
    expectFailure(solution, Status::max_steps_reached, "fast");
    EXPECT_EQ(solution.stats.steps, most);
    expectClosed(solution);
    EXPECT_LT(solution.t.back(), 10);
  }
}

TEST_P(Outcomes, maxStepsThatSufficeAreNoFailure) {
  Compiled c = compiled(clock2);
  const Solution whole = c.run();
  ASSERT_EQ(whole.status, Status::success);
  c.values.max_steps = whole.stats.steps;
  EXPECT_TRUE(same(c.run(), whole));
  c.values.max_steps = whole.stats.steps - 1;
  EXPECT_EQ(c.run().status, Status::max_steps_reached);
}

TEST_P(Outcomes, rowsUpToAFailureAreThoseOfTheWholeSolve) {
  Compiled c = compiled(clock2, "every 0.01");
  const Solution whole = c.run();
  c.values.max_steps = 25;
  const Solution part = c.run();
  ASSERT_EQ(part.status, Status::max_steps_reached);
  ASSERT_GT(part.t.size(), 3u);
  const std::size_t rows = part.t.size() - 1; // and the closing one
  for (std::size_t i = 0; i < rows; ++i)
    EXPECT_EQ(part.t[i], whole.t[i]);
  for (std::size_t i = 0; i < 2 * rows; ++i)
    EXPECT_EQ(part.y[i], whole.y[i]);
  EXPECT_GE(part.t[rows], part.t[rows - 1]);
  EXPECT_LT(part.t[rows], whole.t[rows]) << "every row before the failure is delivered";
  EXPECT_EQ(part.t[rows], part.failure.t);
}

TEST_P(Outcomes, aListOfTimesIsNotClosed) {
  Compiled c = compiled(clock2, "at [0, 0.01, 5, 10]");
  EXPECT_EQ(c.run().t, (std::vector<double>{0, 0.01, 5, 10}));
  c.values.max_steps = 20;
  const Solution solution = c.run();
  expectFailure(solution, Status::max_steps_reached, "fast");
  EXPECT_EQ(solution.t, (std::vector<double>{0, 0.01}));
  EXPECT_GT(solution.failure.t, 0.01);
}

// Where a failure meets a row, the row is the closing one.
TEST_P(Outcomes, failuresRepeatNoRow) {
  const std::string text = R"(
    field line(t; y) { y' = 1 }
    solve line {
      span 0 to 1
      init y = 0
      method euler
      control constant(dt = 0.125)
    }
  )";
  using Times = std::vector<double>;
  struct Row {
    const char *save;
    std::int64_t steps;
    Times times;
  };
  for (const Row &row :
       {Row{"steps 2", 4, Times{0.25, 0.5}}, Row{"steps 2", 5, Times{0.25, 0.5, 0.625}},
        Row{"every 0.25", 4, Times{0, 0.25, 0.5}}, Row{"every 0.25", 3, Times{0, 0.25, 0.375}},
        Row{"every 0.4", 3, Times{0, 0.375}}, Row{"start", 3, Times{0, 0.375}},
        Row{"end", 3, Times{0.375}}, Row{"at [0.25, 1]", 3, Times{0.25}},
        Row{"at [0, 0.375]", 3, Times{0, 0.375}}, Row{"steps 4", 3, Times{0.375}}}) {
    Compiled c = compiled(text, row.save);
    c.values.max_steps = row.steps;
    const Solution solution = c.run();
    EXPECT_EQ(solution.status, Status::max_steps_reached);
    EXPECT_EQ(solution.t, row.times) << row.save << ", " << row.steps << " steps";
    EXPECT_EQ(solution.y, row.times) << "y = t";
  }
}

//===-- dt_min
//-----------------------------------------------------------------------===//

TEST_P(Outcomes, dtMinEndsTheSolveUnlessForced) {
  Compiled c = compiled(clock2);
  c.values.pid.dt_min = 0.02;
  c.values.pid.force_dt_min = false;
  c.values.dt = 0.1;
  const Solution solution = c.run();
  expectFailure(solution, Status::dt_min_reached, "fast");
  expectClosed(solution);
  EXPECT_GE(solution.stats.rejected, 1);

  c.values.pid.force_dt_min = true;
  const Solution forced = c.run();
  EXPECT_EQ(forced.status, Status::success);
  EXPECT_EQ(forced.t.back(), 10);
  EXPECT_LE(forced.stats.accepted, 501) << "no step but the last is below dt_min";
  EXPECT_GE(forced.stats.accepted, 450);
}

// A first step that is asked for below dt_min is dt_min, and is accepted unseen.
TEST_P(Outcomes, firstStepKeepsItsBounds) {
  Compiled c = compiled(clock2);
  c.values.pid.dt_min = 0.02;
  c.values.dt = 1e-6;
  EXPECT_EQ(c.run().t.front(), 0.02);
  c.values.pid.dt_min = 0;
  c.values.pid.dt_max = 1e-4;
  c.values.dt = 1;
  EXPECT_EQ(c.run().t.front(), 1e-4);
}

//===-- Underflow
//-----------------------------------------------------------------------===//

// y' = y^2 has its pole at t = 1, which no step may jump over.
TEST_P(Outcomes, poleEndsInUnderflowBeforeIt) {
  Compiled c = compiled(R"(
    field pole(t; calm, wild) {
      calm' = 0*calm
      wild' = wild^2
    }
    solve pole {
      span 0 to 2
      init calm = 1, wild = 1
      control pid(rtol = 1e-8, atol = 1e-8)
    }
  )");
  const Solution solution = c.run();
  expectFailure(solution, Status::step_underflow, "wild");
  expectClosed(solution);
  EXPECT_NEAR(solution.failure.t, 1, 1e-6);
  EXPECT_LT(solution.stats.steps, 2000);
  EXPECT_GT(endOf(solution)[1], 1e6);
  for (double y : solution.y)
    EXPECT_TRUE(std::isfinite(y));
}

// The error of a slope that is never continuous cannot be made small: the step shrinks until t + h
// is t.
TEST_P(Outcomes, unreachableToleranceEndsInUnderflow) {
  Compiled c = compiled(R"(
    field jump(t; y; size) { y' = if t < 0.3 then 0 else size }
    solve jump {
      span 0 to 1
      init y = 0
      args size = 1e20
      control pid(rtol = 1e-12, atol = 1e-12)
    }
  )");
  const Solution solution = c.run();
  expectFailure(solution, Status::step_underflow, "y");
  expectClosed(solution);
  EXPECT_NEAR(solution.failure.t, 0.3, 1e-12);
}

//===-- Not finite
//-----------------------------------------------------------------------===//

struct Broken {
  const char *name;
  const char *derivative; ///< of bad, which is 1 - t
  double near;            ///< where it ends
};

// Each slope is finite until bad passes zero (at t = 1), and NaN or infinite from there on.
const Broken brokenSlopes[] = {
    {"sqrt", "sqrt(bad)", 1},
    {"log", "log(bad)", 1},
    {"division", "1/(if bad > 0 then 1 else 0)", 1},
    {"infinity", "(if bad > 0 then 0 else 1)*1e308*100", 1},
    {"power", "bad^1.5", 1},
    {"always", "log(-1)", 0},
};

TEST_P(Outcomes, slopesThatAreNoNumbersEndTheSolve) {
  for (const Broken &broken : brokenSlopes)
    for (const char *dtype : {"f64", "f32"}) {
      if (std::string(dtype) == "f32" && std::string(broken.name) == "infinity")
        continue; // 1e308 is infinite there, and 0 times it no number
      SCOPED_TRACE(testing::Message() << broken.name << " " << dtype);
      Compiled c = compiled(
          std::string("field f(t; fine, bad, total) {\n fine' = -fine\n bad' = -1\n total' = ") +
              broken.derivative +
              "\n}\nsolve f {\n span 0 to 3\n init fine = 1, bad = 1, total = 0\n"
              " control pid(rtol = 1e-5, atol = 1e-6)\n}",
          "steps 1", dtype);
      const Solution solution = c.run();
      expectFailure(solution, Status::non_finite, "total");
      expectClosed(solution);
      EXPECT_NEAR(solution.failure.t, broken.near, 2e-5);
      // At t = 0 every positive step counts: from 1e-6 down to 5e-324 by fifths.
      EXPECT_LE(solution.stats.steps, 456);
      for (double y : solution.y)
        EXPECT_TRUE(std::isfinite(y)) << "no rejected value is delivered";
    }
}

// Constant steps accept what comes: the row of the step that is not finite shows where.
TEST_P(Outcomes, constantStepsEndAtTheFirstStateThatIsNotFinite) {
  Compiled c = compiled(R"(
    field f(t; fine, bad) {
      fine' = -fine
      bad' = 1/(if t < 0.45 then 1 else 0)
    }
    solve f {
      span 0 to 1
      init fine = 1, bad = 0
      method euler
      control constant(dt = 0.125)
    }
  )");
  const Solution solution = c.run();
  expectFailure(solution, Status::non_finite, "bad");
  expectClosed(solution);
  EXPECT_EQ(solution.stats.steps, 5);
  EXPECT_EQ(solution.failure.t, 0.625);
  const std::vector<double> end = endOf(solution);
  EXPECT_NEAR(end[0], std::pow(0.875, 5), 1e-15);
  EXPECT_EQ(end[1], infinity);
  EXPECT_TRUE(std::isfinite(solution.y[solution.y.size() - 3])) << "the rows before it are sound";
}

TEST_P(Outcomes, constantStepsBlowUp) {
  Compiled c = compiled(R"(
    field pole(t; y) { y' = y^2 }
    solve pole {
      span 0 to 100
      init y = 1
      method rk4
      control constant(dt = 0.1)
    }
  )");
  const Solution solution = c.run();
  expectFailure(solution, Status::non_finite, "y");
  expectClosed(solution);
  EXPECT_LT(solution.failure.t, 3);
}

TEST_P(Outcomes, initialValuesThatAreNotFiniteTakeNoStep) {
  for (const double value : {nan, infinity, -infinity})
    for (const char *dtype : {"f64", "f32"})
      for (const char *save : {"start", "end", "at [0, 1]"}) {
        Compiled c = compiled(clock2, save, dtype);
        c.values.y0 = {0, value};
        const Solution solution = c.run();
        SCOPED_TRACE(testing::Message() << value << " " << dtype << " " << save);
        expectFailure(solution, Status::non_finite, "fast");
        EXPECT_EQ(solution.stats.steps, 0);
        EXPECT_EQ(solution.failure.t, 0);
        EXPECT_EQ(solution.t, std::vector<double>{0});
        EXPECT_TRUE(sameBits(solution.y[1], value));
      }
}

TEST_P(Outcomes, argumentsThatAreNoNumbersEndTheSolve) {
  Compiled c = compiled(R"(
    field f(t; x, y; rate) {
      x' = -x
      y' = rate*y
    }
    solve f {
      span 0 to 1
      init x = 1, y = 1
      args rate = 1
    }
  )");
  for (const double rate : {nan, infinity, -infinity})
    for (const double dt : {0.0, 0.1}) {
      c.values.arguments = {rate};
      c.values.dt = dt;
      const Solution solution = c.run();
      SCOPED_TRACE(testing::Message() << rate << " " << dt);
      expectFailure(solution, Status::non_finite, "y");
      EXPECT_EQ(solution.failure.t, 0);
      EXPECT_LT(solution.stats.steps, 1000);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, Outcomes, testing::ValuesIn(engines),
                         [](const auto &info) { return info.param.name; });

} // namespace
