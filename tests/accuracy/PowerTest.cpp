// The power in the step factor against long double: log2 and exp2 over their whole ranges, and the
// factor they make. Step counts on every path rest on these two functions being the same everywhere
// and near enough to the truth.
#include "compiler/Transforms/Power.h"
#include "compiler/Doubles.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace {

using namespace deq;

Doubles m;

double relativeError(double got, long double exact) {
  return exact == 0 ? std::fabs(got) : double(std::fabs((got - exact) / exact));
}

/// Positive normal doubles of every exponent and mantissas of every kind.
std::vector<double> positiveNumbers() {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> mantissa(1, 2);
  std::vector<double> numbers;
  for (int exponent = -1022; exponent <= 1023; ++exponent)
    for (double f :
         {1.0, 1 + 0x1p-52, 2 - 0x1p-52, std::sqrt(2.0), std::nextafter(std::sqrt(2.0), 2),
          std::nextafter(std::sqrt(2.0), 1), mantissa(random), mantissa(random)})
      numbers.push_back(std::ldexp(f, exponent));
  return numbers;
}

// Near 1 the logarithm is small and its relative error is what counts: log2Of has no cancellation
// there, because the exponent is 0 and the polynomial is a factor of x - 1.
TEST(Power, log2IsAccurateForEveryNormalNumber) {
  double worst = 0;
  for (double x : positiveNumbers())
    worst = std::max(worst, relativeError(log2Of(m, x), std::log2(static_cast<long double>(x))));
  for (int i = -2000; i <= 2000; ++i) {
    const double x = 1 + i * 1e-4 / 7;
    worst = std::max(worst, relativeError(log2Of(m, x), std::log2(static_cast<long double>(x))));
  }
  RecordProperty("worst", std::to_string(worst));
  EXPECT_LT(worst, 1e-13);
  EXPECT_EQ(log2Of(m, 1.0), 0);
}

TEST(Power, log2OfAPowerOfTwoIsExact) {
  for (int exponent = -1022; exponent <= 1023; ++exponent)
    EXPECT_EQ(log2Of(m, std::ldexp(1.0, exponent)), exponent);
}

TEST(Power, exp2IsAccurateOverItsRange) {
  double worst = 0;
  for (int i = -1000000; i <= 1000000; i += 7) {
    const double x = i * 1e-3;
    worst =
        std::max(worst, relativeError(exp2Of(m, 1.0, x), std::exp2(static_cast<long double>(x))));
  }
  RecordProperty("worst", std::to_string(worst));
  EXPECT_LT(worst, 1e-13);
}

TEST(Power, exp2OfAnIntegerIsExact) {
  for (int n = -1000; n <= 1000; ++n)
    EXPECT_EQ(exp2Of(m, 1.0, double(n)), std::ldexp(1.0, n));
}

/// 0.9 r^-beta as the controller computes it from r^2.
double factorOf(double r2, double beta) {
  return exp2Of(m, 1.0, std::fma(-0.5 * beta, log2Of(m, r2), log2Of(m, 0.9)));
}

// An exponent of size up to 100 carries an absolute error of 100 ulp(1)/2, which is 1e-14 of the
// power: 1e-12 leaves room for every method and set of coefficients.
TEST(Power, stepFactorIsWithin1e12OverTheWholeRange) {
  double worst = 0;
  for (double beta : {1.0, 1. / 2, 1. / 3, 0.7 / 5, 1. / 5, 1. / 8, -0.3 / 5, -0.4 / 3})
    for (double x : positiveNumbers()) {
      if (x < 1e-290 || x > 1e290 || std::fabs(beta * std::log2(x) / 2) > 100)
        continue;
      const auto r2 = static_cast<long double>(x);
      const long double exact =
          static_cast<long double>(0.9) * std::pow(r2, static_cast<long double>(-beta) / 2);
      worst = std::max(worst, relativeError(factorOf(x, beta), exact));
    }
  RecordProperty("worst", std::to_string(worst));
  EXPECT_LT(worst, 1e-12);
}

TEST(Power, knownStepFactors) {
  EXPECT_NEAR(factorOf(0.5 * 0.5, 1. / 5), 1.033828519, 5e-10);
  EXPECT_NEAR(factorOf(2 * 2, 1. / 5), 0.783495507, 5e-10);
  EXPECT_NEAR(factorOf(100 * 100, 1. / 5), 0.358296453, 5e-10);
}

} // namespace
