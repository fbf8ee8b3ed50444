// Which solves are limited by stability: stiff ones are, at every tolerance that a user would take
// for them, and the others never. A false alarm sends a user to a method that is slower for him.
#include "Compiled.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// The reaction alone, which is not stiff: its diffusion is in examples/brusselator.deq.
const char *const reaction = R"(
field brusselator(t; x, y) {
  x' = 1 + x^2*y - 4*x
  y' = 3*x - x^2*y
}
solve brusselator {
  span 0 to 20
  init x = 1.5, y = 3
})";

/// A fast decay towards cos(t): after the first steps nothing but stability limits them.
const char *const decay = R"(
field relaxation(t; y) { y' = -1000*(y - cos(t)) }
solve relaxation {
  span 0 to 10
  init y = 0
})";

const char *const vanDerPol = R"(
field van_der_pol(t; x, v) {
  x' = v
  v' = 1000*(1 - x^2)*v - x
}
solve van_der_pol {
  span 0 to 100
  init x = 2, v = 0
})";

double share(const Statistics &stats) {
  return stats.sampled > 0 ? double(stats.limited) / double(stats.sampled) : 0;
}

Overrides with(const char *method, const char *dtype = "f64") {
  Overrides overrides;
  overrides.method = method;
  overrides.dtype = dtype;
  overrides.save = "end";
  return overrides;
}

class Stiff : public testing::TestWithParam<const char *> {};

TEST_P(Stiff, problemsAreLimitedByStability) {
  for (const char *text : {decay, vanDerPol}) {
    Compiled compiled = compileText(text, with(GetParam()));
    for (double tolerance : {1e-3, 1e-4, 1e-6}) {
      compiled.values.pid.rtol = compiled.values.pid.atol = tolerance;
      const Statistics stats = compiled.run().stats;
      EXPECT_GT(stats.sampled, 100);
      EXPECT_GT(share(stats), 0.9) << "tolerance " << tolerance << text;
      EXPECT_TRUE(limited_by_stability(stats));
    }
  }
}

TEST_P(Stiff, problemsAreSoInF32Too) {
  Compiled compiled = compileText(decay, with(GetParam(), "f32"));
  compiled.values.pid.rtol = compiled.values.pid.atol = 1e-4;
  const Statistics stats = compiled.run().stats;
  EXPECT_GT(share(stats), 0.9);
}

// Values of the state and its unit change nothing: the estimate is a ratio.
TEST_P(Stiff, problemsAreSoInAnyUnit) {
  for (double unit : {1e-100, 1e100}) {
    Compiled compiled = compileText(R"(
field relaxation(t; y; u) { y' = -1000*(y - u*cos(t)) }
solve relaxation {
  span 0 to 10
  init y = 0
  args u = 1
})",
                                    with(GetParam()));
    compiled.values.arguments = {unit};
    compiled.values.pid.atol = 1e-6 * unit;
    EXPECT_GT(share(compiled.run().stats), 0.9) << unit;
  }
}

// The same field is not stiff for steps that follow its transient.
TEST_P(Stiff, problemsAreNotWhereTheErrorRules) {
  Compiled compiled = compileText(decay, with(GetParam()));
  compiled.values.t1 = 0.02;
  compiled.values.pid.rtol = compiled.values.pid.atol = 1e-12;
  const Statistics stats = compiled.run().stats;
  EXPECT_GT(stats.sampled, 8);
  EXPECT_EQ(stats.limited, 0);
}

INSTANTIATE_TEST_SUITE_P(Methods, Stiff, testing::Values("tsit5", "dopri5"),
                         [](const auto &info) { return std::string(info.param); });

class NotStiff : public testing::TestWithParam<std::string> {};

TEST_P(NotStiff, solvesGetNoWarningAtAnyTolerance) {
  for (const char *method : {"tsit5", "dopri5"}) {
    Compiled compiled =
        compileText(GetParam() == "reaction" ? reaction : example(GetParam()), with(method));
    for (int digits = 3; digits <= 10; ++digits) {
      compiled.values.pid.rtol = compiled.values.pid.atol = std::pow(10, -digits);
      const Statistics stats = compiled.run().stats;
      EXPECT_FALSE(limited_by_stability(stats))
          << method << " at 1e-" << digits << ": " << stats.limited << " of " << stats.sampled;
      RecordProperty(method + std::string("_1e-") + std::to_string(digits),
                     std::to_string(stats.limited) + " of " + std::to_string(stats.sampled));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Reaction, NotStiff, testing::Values("reaction"));
INSTANTIATE_TEST_SUITE_P(Examples, NotStiff, testing::ValuesIn(examples()),
                         [](const auto &info) { return info.param; });

//===-- Counts
//-----------------------------------------------------------------------===//

TEST(StiffnessCounts, areTheSameOnEveryPath) {
  for (const char *method : {"tsit5", "dopri5"})
    for (const char *dtype : {"f64", "f32"}) {
      Overrides overrides = with(method, dtype);
      overrides.to = 2;
      overrides.rtol = overrides.atol = 1e-4;
      const Solution expected = compileText(decay, overrides).run();
      EXPECT_GT(expected.stats.limited, 0);
      EXPECT_LT(expected.stats.limited, expected.stats.sampled + 1);
      for (const Engine &engine : {scan, interpreter})
        EXPECT_TRUE(same(compileText(decay, overrides, engine).run(), expected))
            << method << " " << dtype << " " << engine.name;
    }
}

// Arrays and scalars side by side: the norms run over all of them.
TEST(StiffnessCounts, areTheSameForArraysOnEveryPath) {
  const char *const text = R"(
field fronts(t; s, q[12]) {
  s' = -50*(s - sum(q))
  q' = [-(20 + 40*i)*(q[i] - sin(t + i)) for i in 0..12]
}
solve fronts {
  span 0 to 5
  init s = 1, q = 1
})";
  Overrides overrides = with("tsit5");
  overrides.save = "every 0.3";
  overrides.rtol = overrides.atol = 1e-3;
  const Solution expected = compileText(text, overrides).run();
  EXPECT_GT(expected.stats.limited, 0);
  for (const Engine &engine : {scan, interpreter})
    EXPECT_TRUE(same(compileText(text, overrides, engine).run(), expected)) << engine.name;
}

TEST(StiffnessCounts, areTheSameWhenASolveIsSliced) {
  Overrides overrides = with("tsit5");
  overrides.to = 2;
  for (const char *save : {"end", "every 0.0007", "steps 1"}) {
    overrides.save = save;
    const Compiled compiled = compileText(decay, overrides);
    const Solution whole = compiled.run();
    ASSERT_GT(whole.stats.limited, 10);
    for (std::int64_t steps : {1, 3, 16})
      for (std::int64_t rows : {1, 5}) {
        SolveHooks hooks;
        hooks.sliceSteps = steps;
        hooks.rowCapacity = rows;
        EXPECT_TRUE(same(compiled.run(hooks), whole)) << save << ", " << steps << " steps";
      }
  }
}

TEST(StiffnessCounts, oneInSixteenAcceptedStepsIsSampled) {
  const Statistics stats = compileText(decay, with("tsit5")).run().stats;
  EXPECT_EQ(stats.sampled, stats.accepted / 16);
}

// Methods without two slopes at the end of a step, and steps that the caller chose.
TEST(StiffnessCounts, areEmptyWhereNothingIsJudged) {
  for (const char *method : {"heun", "bosh3"}) {
    const Statistics stats = compileText(decay, with(method)).run().stats;
    EXPECT_GT(stats.accepted, 1000);
    EXPECT_EQ(stats.sampled, 0);
    EXPECT_EQ(stats.limited, 0);
  }
  const std::string constant =
      std::string(decay).replace(std::string(decay).rfind('}'), 1, "control constant(dt = 0.003)}");
  const Statistics stats = compileText(constant, with("tsit5")).run().stats;
  EXPECT_GT(stats.accepted, 1000);
  EXPECT_EQ(stats.sampled, 0);
  EXPECT_FALSE(limited_by_stability(stats));
}

// It takes 8 samples, and more than half of them: a stiff phase of a solve is no stiff solve.
TEST(LimitedByStability, needsEightSamplesAndMoreThanHalfOfThem) {
  auto warns = [](std::int64_t limited, std::int64_t sampled) {
    Statistics stats;
    stats.sampled = sampled;
    stats.limited = limited;
    return limited_by_stability(stats);
  };
  EXPECT_FALSE(warns(0, 0));
  EXPECT_FALSE(warns(7, 7));
  EXPECT_TRUE(warns(8, 8));
  EXPECT_FALSE(warns(4, 8));
  EXPECT_TRUE(warns(5, 8));
  EXPECT_FALSE(warns(500, 1000));
  EXPECT_TRUE(warns(501, 1000));
}

} // namespace
