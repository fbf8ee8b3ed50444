// Ends of the real stability intervals against published ones, and which methods can judge a step.
// The interval decides when a solve is called stiff, so it is checked against the literature.
#include "compiler/Methods/Stability.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using deq::findTableau;
using deq::realStabilityBoundary;
using deq::stabilityBound;
using deq::Tableau;

// Hairer, Wanner, Solving ODEs II, IV.2: 1 - x + x^2/2! - ... with as many terms as the order, and
// for the methods with more stages than their order a term or two beyond.
TEST(RealStabilityBoundary, isThePublishedOne) {
  EXPECT_NEAR(realStabilityBoundary(*findTableau("euler")), 2, 1e-8);
  EXPECT_NEAR(realStabilityBoundary(*findTableau("heun")), 2, 1e-8);
  EXPECT_NEAR(realStabilityBoundary(*findTableau("bosh3")), 2.5127453266, 1e-8);
  EXPECT_NEAR(realStabilityBoundary(*findTableau("rk4")), 2.7852935634, 1e-8);
  EXPECT_NEAR(realStabilityBoundary(*findTableau("dopri5")), 3.3066, 1e-4);
  EXPECT_NEAR(realStabilityBoundary(*findTableau("tsit5")), 3.5068, 1e-4);
}

/// The factor by which one step h = 1 of y' = -x*y multiplies y, stage by stage.
double factor(const Tableau &t, double x) {
  std::vector<double> slopes;
  double y = 1;
  for (int i = 0; i < t.stages(); ++i) {
    double z = 1;
    for (int j = 0; j < i; ++j)
      z += t.a[i][j] * slopes[j];
    slopes.push_back(-x * z);
    y += t.b[i] * slopes.back();
  }
  return y;
}

TEST(RealStabilityBoundary, isWhereStepsBeginToGrow) {
  for (const Tableau &method : deq::tableaus()) {
    const double end = realStabilityBoundary(method);
    EXPECT_NEAR(std::fabs(factor(method, end)), 1, 1e-7) << method.name;
    EXPECT_GT(std::fabs(factor(method, 1.01 * end)), 1) << method.name;
    for (double x = 0.01; x < 0.99 * end; x += 0.01)
      ASSERT_LT(std::fabs(factor(method, x)), 1) << method.name << " at " << x;
  }
}

TEST(StabilityBound, needsTwoSlopesAtTheEndOfTheStep) {
  for (const char *name : {"euler", "heun", "rk4", "bosh3"})
    EXPECT_EQ(stabilityBound(*findTableau(name)), 0) << name;
  for (const char *name : {"tsit5", "dopri5", "vern6"})
    EXPECT_EQ(stabilityBound(*findTableau(name)), 0.85 * realStabilityBoundary(*findTableau(name)))
        << name;
}

} // namespace
