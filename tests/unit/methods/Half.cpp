// Step doubling against three steps of the method itself, and against the checks of tableaux.
// The doubled tableau is data that no paper prints, so it is compared with what it stands for.
#include "compiler/Methods/Half.h"
#include "compiler/Methods/Method.h"

#include "tests/unit/support/PrintTableau.h"
#include "tests/unit/support/ReferenceSolver.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

class HalfOf : public testing::TestWithParam<Tableau> {};
INSTANTIATE_TEST_SUITE_P(Methods, HalfOf, testing::ValuesIn(tableaus()),
                         [](const auto &info) { return info.param.name; });

TEST_P(HalfOf, isConsistent) { EXPECT_EQ(check(half(GetParam())), std::vector<std::string>()); }

void pendulum(double t, const std::vector<double> &y, std::vector<double> &dy) {
  dy = {y[1], -std::sin(y[0]) + 0.3 * std::cos(t)};
}

TEST_P(HalfOf, isTwoHalfStepsComparedWithOne) {
  const double t = 0.25, h = 0.5;
  const std::vector<double> y = {1, -0.5};
  using Solver = ReferenceSolver<double>;
  const Tableau doubled = half(GetParam());
  auto whole = Solver(GetParam(), pendulum).single(t, y, h, 1);
  auto first = Solver(GetParam(), pendulum).single(t, y, h / 2, 1);
  auto second = Solver(GetParam(), pendulum).single(t + h / 2, first.y1, h / 2, 1);
  auto got = Solver(doubled, pendulum).single(t, y, h, 0.5);
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(got.y1[i], second.y1[i], 1e-12);
    EXPECT_NEAR(got.error[i], second.y1[i] - whole.y1[i], 1e-12);
    EXPECT_NEAR(got.inside[i], first.y1[i], 1e-12) << "in the middle";
  }
}

TEST_P(HalfOf, evaluatesNothingTwice) {
  const Tableau doubled = half(GetParam());
  EXPECT_EQ(doubled.fsal(), GetParam().fsal());
  EXPECT_LE(Method(doubled).evaluationsPerStep, 3 * GetParam().stages() - 1);
  EXPECT_EQ(doubled.extraStages(), GetParam().fsal() ? 0 : 1);
}

TEST(Half, CountsOfKnownMethods) {
  for (auto [name, count] : {std::pair("half(euler)", 2), std::pair("half(rk4)", 11),
                             std::pair("half(bosh3)", 8), std::pair("half(tsit5)", 17)})
    EXPECT_EQ(findMethod(name)->evaluationsPerStep, count) << name;
}

TEST(Half, TheErrorFallsWithOnePowerMoreThanTheOrder) {
  EXPECT_EQ(findMethod("half(rk4)")->controlOrder(), 5);
  EXPECT_EQ(findMethod("tsit5")->controlOrder(), 5);
}

TEST(Half, IsNotTakenTwice) {
  EXPECT_FALSE(findMethod("half(half(rk4))"));
  EXPECT_FALSE(findMethod("half(rk5)"));
  EXPECT_FALSE(findMethod("half"));
}

} // namespace
