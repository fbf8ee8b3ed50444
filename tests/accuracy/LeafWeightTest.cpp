// Weights of the leaves in the error norm: against the formula, against other ways to say the same,
// and that a leaf of weight 0 has no say but is still watched for numbers.
#include "Compiled.h"
#include "HandCall.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// A slow oscillator next to a fast one that does not feed back.
std::string pairOf(const std::string &options) {
  return R"(
    field pair(t; q[2], u) {
      q' = concat([q[1]], [-q[0]])
      u' = 40*cos(20*t)
    }
    solve pair {
      span 0 to 3
      init q = [0, 1], u = 0
      control pid(rtol = 0, atol = 1e-5)" +
         options + R"()
      save steps 1
    })";
}

Compiled compiled(const std::string &options, const std::string &dtype = "f64",
                  const Engine &engine = unroll) {
  Overrides overrides;
  overrides.dtype = dtype;
  return compileText(pairOf(options), overrides, engine);
}

class LeafWeights : public testing::TestWithParam<std::tuple<const char *, const char *>> {
protected:
  std::string dtype() const { return std::get<0>(GetParam()); }
  std::string norm() const { return std::string(", norm = ") + std::get<1>(GetParam()); }
};

TEST_P(LeafWeights, ofOneGiveTheBitsOfNone) {
  for (const Engine &engine : engines) {
    const Solution none = compiled(norm(), dtype(), engine).run();
    EXPECT_EQ(none.status, Status::success);
    EXPECT_TRUE(same(none, compiled(norm() + ", weights = {q: 1}", dtype(), engine).run()));
  }
}

// With rtol = 0 an error times w is an error over atol/w; powers of two, so that no bit is lost.
TEST_P(LeafWeights, areReciprocalTolerances) {
  Overrides overrides;
  overrides.dtype = dtype();
  Problem tolerant = loadText(pairOf(norm()), overrides);
  tolerant.signature.leaf_atol = true;
  tolerant.values.leafAtol = {1e-5 / 2, 1e-5 * 8};
  EXPECT_TRUE(same(compiled(norm() + ", weights = {u: 0.125, q: 2}", dtype()).run(),
                   compileProblem(tolerant).run()));
}

TEST_P(LeafWeights, unrollScanAndInterpreterAgree) {
  const std::string options = norm() + ", weights = {q: 0.3, u: 0.01}";
  const Solution first = compiled(options, dtype(), engines[0]).run();
  EXPECT_EQ(first.status, Status::success);
  for (const Engine &engine : engines)
    EXPECT_TRUE(same(first, compiled(options, dtype(), engine).run())) << engine.name;
}

TEST_P(LeafWeights, everyStageIsAProgram) {
  for (const char *stages : {"unroll", "scan"}) {
    Overrides overrides;
    overrides.dtype = dtype();
    overrides.stages = stages;
    Problem problem = loadText(pairOf(norm() + ", weights = {u: 0}"), overrides);
    problem.signature.leaf_atol = true;
    problem.values.leafAtol = {1e-4, 1e-5};
    problem.values.t1 = 0.5;
    expectEveryStageRuns(problem);
  }
}

// A leaf of weight 0 leaves the steps to the other: those of a solve in which it stands still,
// whose error, state and slope are then 0 too.
TEST_P(LeafWeights, zeroLeavesALeafOut) {
  const std::string options = norm() + ", weights = {u: 0}";
  const Solution left = compiled(options, dtype()).run();
  std::string still = pairOf(norm());
  still.replace(still.find("40*cos(20*t)"), 12, "0*u");
  Overrides overrides;
  overrides.dtype = dtype();
  const Solution expected = compileText(still, overrides).run();
  EXPECT_EQ(left.t, expected.t);
  EXPECT_EQ(left.stats.rejected, expected.stats.rejected);
  EXPECT_LT(4 * left.stats.steps, compiled(norm(), dtype()).run().stats.steps);
}

INSTANTIATE_TEST_SUITE_P(Norms, LeafWeights,
                         testing::Combine(testing::Values("f64", "f32"),
                                          testing::Values("rms", "max")),
                         [](const auto &info) {
                           return std::get<0>(info.param) + std::string("_") +
                                  std::get<1>(info.param);
                         });

/// r of Heun's first step for x' = x, u' = t u from (1, 1), whose error is h (k2 - k1)/2.
double errorOfHeun(double h, double wx, double wu, double atol) {
  const double ex = h * ((1 + h) - 1) / 2, eu = h * (h * 1.0 - 0) / 2;
  return std::sqrt((std::pow(wx * ex / atol, 2) + std::pow(wu * eu / atol, 2)) / 2);
}

// The length of the second step is safety * h * r^(-1/2), with the mean over all scalars.
TEST(LeafWeight, isInTheFormulaOfTheNextStep) {
  for (auto [wx, wu] : {std::pair(1.0, 1.0), {0.5, 1.0}, {0.0, 0.7}, {1.0, 0.0}, {3.0, 0.25}}) {
    Compiled c = compileText(R"(
      field two(t; x, u) {
        x' = x
        u' = t*u
      }
      solve two {
        span 0 to 3
        init x = 1, u = 1
        method heun
        control pid(rtol = 0, atol = 1e-3, weights = {x: 1})
        dt 0.01
      })");
    c.values.leafWeights = {wx, wu};
    HandCall call(c);
    call.call();
    const double r = errorOfHeun(0.01, wx, wu, 1e-3);
    ASSERT_LT(r, 1);
    const double factor = std::min(std::max(0.9 / std::sqrt(r), 1.0), 10.0);
    EXPECT_NEAR(call.next() - call.t(), 0.01 * factor, 1e-10) << wx << " " << wu;
  }
}

TEST(LeafWeight, ofZeroDoesNotHideWhatIsNoNumber) {
  for (const char *bad : {"1/(t - t)", "0/(t - t)", "if t > 0.5 then 1/(t - t) else 0"}) {
    std::string text = pairOf(", weights = {u: 0}");
    text.replace(text.find("40*cos(20*t)"), 12, bad);
    for (const Engine &engine : engines) {
      const Solution s = compileText(text, {}, engine).run();
      EXPECT_EQ(s.status, Status::non_finite) << bad;
      EXPECT_EQ(s.failure.component, "u") << bad;
    }
  }
}

} // namespace
