// The choice of `stages auto`: what it takes with which budget, and what it says of it. Times are
// predictions here, so nothing depends on the machine.
#include "Compiled.h"

#include <gtest/gtest.h>

namespace {

using namespace deq;
using namespace deq::test;

/// x' = x_n with x_k = (a x_(k-1) + x)/2: three operations a link.
std::string chain(int links) {
  std::string text = "field f(t; x; a = 0.5) {\n  x1 = x\n";
  for (int i = 2; i <= links; ++i)
    text += "  x" + std::to_string(i) + " = (a*x" + std::to_string(i - 1) + " + x)/2\n";
  return text + "  x' = -x" + std::to_string(links) +
         "\n}\nsolve f {\n  span 0 to 1\n  init x = 1\n}\n";
}

EmissionChoice chosen(const std::string &text, double budget, const char *stages = "auto") {
  CompileOptions options;
  options.budget = budget;
  options.backend = Backend::interp;
  Overrides overrides;
  overrides.stages = stages;
  Diagnostics diagnostics;
  auto artifact = compile({"f.deq", text}, overrides, options, diagnostics);
  if (!artifact) {
    ADD_FAILURE() << to_string(diagnostics.all().front());
    return {};
  }
  EXPECT_EQ(artifact->signature.stages, artifact->report.emission.stages);
  return artifact->report.emission;
}

double predicted(const EmissionChoice &choice, const std::string &stages) {
  for (const Prediction &prediction : choice.predictions)
    if (prediction.stages == stages)
      return prediction.ms;
  ADD_FAILURE() << "no prediction for " << stages;
  return 0;
}

TEST(Emission, SmallFieldsAreUnrolled) {
  const EmissionChoice choice = chosen(chain(3), 50);
  EXPECT_EQ(choice.stages, "unroll");
  EXPECT_EQ(choice.reason, "fastest code within the compile budget of 50 ms");
  EXPECT_EQ(choice.predictions.size(), std::size(emissions));
}

TEST(Emission, LargeFieldsAreNot) {
  const EmissionChoice choice = chosen(chain(400), 50);
  EXPECT_NE(choice.stages, "unroll");
  EXPECT_GT(predicted(choice, "unroll"), 50);
  EXPECT_LE(predicted(choice, choice.stages), 50);
}

TEST(Emission, LongFoldsCostNoMoreThanTheirBodies) {
  auto fold = [](const std::string &visits) {
    return predicted(chosen("field f(t; x) {\n  x' = fold(p = 1, p*x - 1/p for i in 0.." + visits +
                                ")\n}\nsolve f {\n  span 0 to 1\n  init x = 1\n}\n",
                            50),
                     "unroll");
  };
  EXPECT_EQ(fold("200"), fold("1000000"));
  EXPECT_GT(fold("60"), fold("200"));
}

TEST(Emission, ALargerBudgetBuysFasterCode) {
  const std::string text = chain(150);
  const double unrolled = predicted(chosen(text, 50), "unroll");
  EXPECT_EQ(chosen(text, unrolled).stages, "unroll");
  EXPECT_EQ(chosen(text, 0.99 * unrolled).stages, "outline");
}

TEST(Emission, WithoutTimeTheSoonestIsTaken) {
  const EmissionChoice choice = chosen(chain(100), 0);
  EXPECT_EQ(choice.reason, "soonest compiled, none within the compile budget of 0.0 ms");
  for (const std::string_view stages : emissions)
    EXPECT_LE(predicted(choice, choice.stages), predicted(choice, std::string(stages)));
}

TEST(Emission, WhatIsAskedForIsTakenWhateverItCosts) {
  for (const std::string_view stages : emissions) {
    const EmissionChoice choice = chosen(chain(400), 1, std::string(stages).c_str());
    EXPECT_EQ(choice.stages, stages);
    EXPECT_EQ(choice.reason, "as asked for");
  }
}

// Tenfold work takes about ten times as long to compile as long as no copy of it is made.
TEST(Emission, PredictionsGrowLikeTheField) {
  const EmissionChoice small = chosen(chain(300), 50), large = chosen(chain(3000), 50);
  for (const char *stages : {"outline", "scan"})
    EXPECT_LT(predicted(large, stages), 10 * predicted(small, stages));
  EXPECT_GT(predicted(large, "unroll"), 10 * predicted(small, "outline"));
}

TEST(Emission, TheQuickTierHasTheSameBits) {
  for (const char *name : {"lorenz", "pleiades", "brusselator"})
    for (const std::string_view stages : emissions)
      for (const char *dtype : {"f64", "f32"}) {
        Overrides overrides;
        overrides.stages = stages;
        overrides.dtype = dtype;
        std::vector<Solution> solutions;
        for (const Tier tier : {Tier::full, Tier::quick}) {
          CompileOptions options;
          options.tier = tier;
          Diagnostics diagnostics;
          auto artifact = compile({"f.deq", example(name)}, overrides, options, diagnostics);
          ASSERT_TRUE(artifact) << to_string(diagnostics.all().front());
          solutions.push_back(solve(*artifact->program, artifact->signature, artifact->values));
        }
        EXPECT_TRUE(same(solutions[0], solutions[1])) << name << " " << stages << " " << dtype;
      }
}

} // namespace
