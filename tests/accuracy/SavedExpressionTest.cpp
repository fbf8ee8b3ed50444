// Expressions that a plan saves: what they are at every kind of row, on every path, and that they
// never change the solve.
#include "Compiled.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

const char *const text = R"(
  field spring(t; q[2], v[2]; k = 2) {
    energy = dot(v, v)/2 + k*dot(q, q)/2
    scaled(w) = k*w
    q' = v
    v' = -k*q
  }
  solve spring {
    span 0 to 3
    init q = [1, 0], v = [0, 0.5]
    control pid(rtol = 1e-6, atol = 1e-6)
    stop when t - 2.5
  }
)";

/// Value of `items` and the state itself, in the rows of a plan.
Solution solved(const std::string &save, const Engine &engine, const std::string &dtype = "f64",
                const std::string &method = "tsit5") {
  Overrides overrides;
  overrides.save = save;
  overrides.dtype = dtype;
  overrides.method = method;
  return compileText(text, overrides, engine).run();
}

class SavedExpressions : public testing::TestWithParam<Engine> {};

TEST_P(SavedExpressions, AreWhatTheRowSays) {
  for (const char *plan : {"end", "start", "every 0.5", "steps 2", "at [0, 0.25, 2]", "dense"}) {
    const std::string items = ": q, v, e = energy, s = scaled(q), f = v', late = t + 1";
    const Solution s = solved(plan + items, GetParam());
    EXPECT_EQ(s.status, Status::stopped) << plan;
    EXPECT_EQ(s.expressions, 4);
    ASSERT_EQ(s.width(), 4 + 1 + 2 + 2 + 1);
    ASSERT_GT(s.t.size(), 0u) << plan;
    for (std::size_t row = 0; row < s.t.size(); ++row) {
      const double *y = s.y.data() + 10 * row;
      const double q0 = y[0], q1 = y[1], v0 = y[2], v1 = y[3];
      EXPECT_NEAR(y[4], (v0 * v0 + v1 * v1) / 2 + q0 * q0 + q1 * q1, 1e-15) << plan;
      EXPECT_EQ(y[5], 2 * q0) << plan;
      EXPECT_EQ(y[6], 2 * q1) << plan;
      EXPECT_EQ(y[7], -2 * q0) << plan;
      EXPECT_EQ(y[8], -2 * q1) << plan;
      EXPECT_EQ(y[9], s.t[row] + 1) << plan;
    }
  }
}

TEST_P(SavedExpressions, DoNotChangeTheSolve) {
  const Solution with = solved("every 0.25: q, v, e = energy", GetParam());
  const Solution without = solved("every 0.25", GetParam());
  EXPECT_EQ(with.t, without.t);
  EXPECT_EQ(with.stats.evaluations, without.stats.evaluations);
  for (std::size_t row = 0; row < with.t.size(); ++row)
    EXPECT_TRUE(std::equal(with.y.begin() + 5 * row, with.y.begin() + 5 * row + 4,
                           without.y.begin() + 4 * row));
}

TEST_P(SavedExpressions, AreInTheClosingRowOfAnInterruptedSolve) {
  Overrides overrides;
  overrides.save = "end: e = energy";
  const Compiled compiled = compileText(text, overrides, GetParam());
  SolveHooks hooks;
  hooks.sliceSteps = 3;
  hooks.interrupted = [] { return true; };
  const Solution s = compiled.run(hooks);
  EXPECT_EQ(s.status, Status::interrupted);
  ASSERT_EQ(s.y.size(), 1u);
  EXPECT_NEAR(s.y[0], 1.125, 1e-5) << "the energy of the start";
}

TEST_P(SavedExpressions, CanBeEvaluatedAnywhere) {
  const Solution dense = solved("dense: e = energy, q", GetParam());
  const Solution listed = solved("at [0, 0.3, 1.7]: e = energy, q", GetParam());
  const std::vector<double> rows = dense.evaluate({0, 0.3, 1.7});
  EXPECT_EQ(rows, listed.y);
}

INSTANTIATE_TEST_SUITE_P(Engines, SavedExpressions, testing::ValuesIn(engines),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(SavedExpressionBits, AreTheSameOnEveryPathAndInEverySlice) {
  for (const std::string &dtype : dtypes)
    for (const char *method : {"tsit5", "vern7"})
      for (const char *plan : {"end", "every 0.1", "steps 1"}) {
        Overrides overrides;
        overrides.dtype = dtype;
        overrides.method = method;
        overrides.save = std::string(plan) + ": q, e = energy";
        const Solution expected = compileText(text, overrides, unroll).run();
        for (const Engine &engine : engines) {
          const Compiled compiled = compileText(text, overrides, engine);
          EXPECT_TRUE(same(compiled.run(), expected)) << engine.name << dtype << plan;
          SolveHooks hooks;
          hooks.sliceSteps = 1;
          hooks.rowCapacity = 1;
          EXPECT_TRUE(same(compiled.run(hooks), expected)) << engine.name << dtype << plan;
        }
      }
}

TEST(SavedExpressionStages, EveryDumpRuns) {
  Overrides overrides;
  overrides.save = "every 0.5: v, e = energy";
  expectEveryStageRuns(loadText(text, overrides));
}

} // namespace
