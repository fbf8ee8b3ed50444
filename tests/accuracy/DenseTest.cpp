// Dense output against rows: whatever time a solution is asked for, the answer is the row, bit for
// bit, that `save at` writes there. That holds in both directions, beside jumps, and up to where a
// solve failed.
#include "Compiled.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

using namespace deq;
using namespace deq::test;
using Times = std::vector<double>;

const char *const text = R"(
  field kinked(t; x, q[2]; k = 3) {
    x' = if t < 0.7 then q[0] else -k*x
    q' = [x - q[1], q[0]*t]
  }
  solve kinked {
    span 0 to 1.5
    init x = 1, q = [0.5, -0.25]
    control pid(rtol = 1e-5, atol = 1e-5)
    jump_at [0.7]
  }
)";

struct Setting {
  std::string dtype = "f64";
  bool pid = true, backwards = false;
  std::string method = "tsit5";
};

Compiled compiled(const std::string &save, const Engine &engine, const Setting &setting) {
  Overrides overrides;
  overrides.save = save;
  overrides.dtype = setting.dtype;
  overrides.method = setting.method;
  Compiled c =
      compileText(setting.pid ? text : withControl(text, "constant(dt = 0.13)"), overrides, engine);
  if (setting.backwards)
    std::swap(c.values.t0, c.values.t1);
  return c;
}

/// Times at the ends of the span, of steps, beside them and between.
Times timesToAsk(const Solution &dense) {
  Times times = dense.t;
  for (std::size_t i = 1; i < dense.t.size(); ++i) {
    const double from = dense.t[i - 1], to = dense.t[i];
    for (double t : {std::nextafter(from, to), from + 0.3 * (to - from), std::nextafter(to, from)})
      times.push_back(t);
  }
  const double direction = dense.t.front() < dense.t.back() ? 1 : -1;
  std::sort(times.begin(), times.end(),
            [&](double a, double b) { return direction * a < direction * b; });
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

class Dense : public testing::TestWithParam<std::tuple<Engine, std::string>> {};

TEST_P(Dense, hasTheBitsOfARowAtThatTime) {
  const auto &[engine, dtype] = GetParam();
  for (const Method &method : generalMethods())
    for (const bool pid : {true, false})
      for (const bool backwards : {false, true}) {
        if (pid && !method.adaptive())
          continue;
        const Setting setting{dtype, pid, backwards, method.name};
        const Solution dense = compiled("dense", engine, setting).run();
        ASSERT_EQ(dense.status, Status::success);
        Compiled listed = compiled("at [0.7]", engine, setting);
        listed.values.save.times = timesToAsk(dense);
        const Solution rows = listed.run();
        SCOPED_TRACE(testing::Message() << method.name << (pid ? " pid" : " constant")
                                        << (backwards ? " backwards" : ""));
        ASSERT_EQ(rows.t, listed.values.save.times);
        EXPECT_EQ(dense.evaluate(rows.t), rows.y) << "all at once";
        Times shuffled, expected;
        for (std::size_t i = 0; i < rows.t.size(); ++i) {
          const std::size_t row = i * 7919 % rows.t.size();
          shuffled.push_back(rows.t[row]);
          expected.insert(expected.end(), rows.y.begin() + 3 * row, rows.y.begin() + 3 * row + 3);
          EXPECT_EQ(dense.evaluate(rows.t[row]), Times(expected.end() - 3, expected.end()))
              << rows.t[row];
        }
        EXPECT_EQ(dense.evaluate(shuffled), expected) << "in any order";
      }
}

/// What `kinked` says for a state.
Times slope(double t, const Times &y) {
  return {t < 0.7 ? y[1] : -3 * y[0], y[0] - y[2], y[1] * t};
}

// The interpolants agree with the field as well as their order says, and with what the unrolled
// code makes of them to the bit.
TEST_P(Dense, hasTheDerivativeOfTheInterpolant) {
  const auto &[engine, dtype] = GetParam();
  for (const Method &method : generalMethods())
    for (const bool backwards : {false, true}) {
      SCOPED_TRACE(testing::Message() << method.name << (backwards ? " backwards" : ""));
      const Setting setting{dtype, false, backwards, method.name};
      const Solution dense = compiled("dense", engine, setting).run();
      const Solution unrolled = compiled("dense", engines[0], setting).run();
      for (double t : {0.0, 0.05, 0.3, 0.69, 0.72, 1.1, 1.45, 1.5}) {
        const Times dy = dense.derivative(t), f = slope(t, dense.evaluate(t));
        EXPECT_EQ(dy, unrolled.derivative(t)) << t;
        if (dtype != "f64")
          continue;
        for (std::size_t i = 0; i < 3 && method.interpolantOrder >= 4; ++i)
          EXPECT_NEAR(dy[i], f[i], 0.01 * std::max(1.0, std::fabs(f[i]))) << t;
        // Against the difference of values, which is exact to e^2 y'''.
        const double e = 1e-4, from = std::max(t - e, 0.0), to = std::min(t + e, 1.5);
        const bool between = to - from > e && std::fabs(t - 0.7) > 0.05;
        const Times before = dense.evaluate(from), after = dense.evaluate(to);
        for (std::size_t i = 0; between && i < 3 && from < t && t < to; ++i)
          EXPECT_NEAR(dy[i], (after[i] - before[i]) / (to - from),
                      1e-6 * std::max(1.0, std::fabs(dy[i])))
              << t;
      }
    }
}

TEST_P(Dense, rowsAreTheStartAndEveryStep) {
  const auto &[engine, dtype] = GetParam();
  const Setting setting{dtype};
  const Solution dense = compiled("dense", engine, setting).run();
  const Solution steps = compiled("steps 1", engine, setting).run();
  ASSERT_EQ(dense.t.size(), steps.t.size() + 1);
  EXPECT_EQ(dense.t.front(), 0);
  EXPECT_TRUE(std::equal(steps.t.begin(), steps.t.end(), dense.t.begin() + 1));
  EXPECT_TRUE(std::equal(steps.y.begin(), steps.y.end(), dense.y.begin() + 3));
  EXPECT_EQ(dense.stats.steps, steps.stats.steps);
  EXPECT_EQ(dense.stats.evaluations, steps.stats.evaluations);
  for (std::int64_t rows : {1, 2}) {
    SolveHooks hooks;
    hooks.rowCapacity = rows;
    EXPECT_TRUE(same(compiled("dense", engine, setting).run(hooks), dense)) << rows;
  }
}

bool isUnknown(const std::vector<double> &state) {
  return std::all_of(state.begin(), state.end(), [](double x) { return std::isnan(x); });
}

TEST_P(Dense, isUnknownWhereTheSolveWasNot) {
  const auto &[engine, dtype] = GetParam();
  const double inf = std::numeric_limits<double>::infinity();
  for (const bool backwards : {false, true}) {
    const Solution dense = compiled("dense", engine, {dtype, true, backwards}).run();
    for (double t : {-1e-3, 1.501, -inf, inf, std::nan("")}) {
      EXPECT_TRUE(isUnknown(dense.evaluate(t))) << t;
      EXPECT_TRUE(isUnknown(dense.derivative(t))) << t;
    }
    EXPECT_EQ(dense.evaluate(Times{}), Times{});
    EXPECT_FALSE(isUnknown(dense.evaluate(0)));
    EXPECT_FALSE(isUnknown(dense.evaluate(1.5)));
  }
  EXPECT_TRUE(isUnknown(compiled("end", engine, {dtype}).run().evaluate(0.5))) << "not dense";
}

TEST_P(Dense, goesAsFarAsAFailedSolve) {
  const auto &[engine, dtype] = GetParam();
  Compiled c = compiled("dense", engine, {dtype});
  const Solution whole = c.run();
  c.values.max_steps = 5;
  const Solution part = c.run();
  ASSERT_EQ(part.status, Status::max_steps_reached);
  const double last = part.t.back();
  EXPECT_EQ(part.evaluate(last), endOf(part));
  EXPECT_EQ(part.evaluate(0.6 * last), whole.evaluate(0.6 * last));
  EXPECT_TRUE(isUnknown(part.evaluate(1.01 * last)));
}

TEST_P(Dense, ofAnEmptySpanIsItsState) {
  const auto &[engine, dtype] = GetParam();
  Compiled c = compiled("dense", engine, {dtype});
  c.values.t1 = c.values.t0 = 0.25;
  const Solution solution = c.run();
  EXPECT_EQ(solution.t, Times{0.25});
  EXPECT_EQ(solution.evaluate(0.25), c.values.y0);
  EXPECT_TRUE(isUnknown(solution.evaluate(0.26)));
}

INSTANTIATE_TEST_SUITE_P(Engines, Dense,
                         testing::Combine(testing::ValuesIn(engines), testing::ValuesIn(dtypes)),
                         [](const auto &info) {
                           return std::string(std::get<0>(info.param).name) + "_" +
                                  identifier(std::get<1>(info.param));
                         });

TEST(DensePlan, standsBesideOthersAndChoosesLeaves) {
  std::string several = text;
  several.insert(several.find("span"), "save every 0.5: q\n save inside = dense: x\n");
  const Solution solution = compileText(several).run();
  Overrides overrides;
  overrides.save = "at [0, 0.123, 1.5]";
  const Solution rows = compileText(text, overrides).run();
  EXPECT_EQ(solution.t, (Times{0, 0.5, 1, 1.5}));
  const Times q = solution.evaluate(rows.t);
  ASSERT_EQ(q.size(), 6u) << "the leaves of the main plan";
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(q[2 * row], rows.y[3 * row + 1]);
    EXPECT_EQ(q[2 * row + 1], rows.y[3 * row + 2]);
    const Times dq = solution.derivative(rows.t[row]);
    ASSERT_EQ(dq.size(), 2u);
    EXPECT_NEAR(dq[0], rows.y[3 * row] - rows.y[3 * row + 2], 1e-3);
  }
  ASSERT_EQ(solution.plans.size(), 1u);
  EXPECT_EQ(solution.plans[0].width(), 1);
}

TEST(DensePlan, outlivesItsProgram) {
  Solution solution;
  Times expected;
  {
    Overrides overrides;
    overrides.save = "dense";
    const Compiled c = compileText(text, overrides);
    solution = c.run();
    expected = solution.evaluate(0.4);
  }
  EXPECT_EQ(solution.evaluate(0.4), expected);
}

} // namespace
