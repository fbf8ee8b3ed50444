// Powers for step control: two that are right to the last digits, one that is as fast as can be.
// A baseline has to say which it uses: the step cannot begin before the power is known.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace deq::bench::DEQ_BASELINES {

/// Logarithm and exponential to base 2 by the C library.
struct LibraryPower {
  static double log2(double x) { return std::log2(x); }
  static double exp2(double x) { return std::exp2(x); }
};

/// The same in basic operations, relative error below 1e-15: deq's formulas, with its bits.
/// log2 by the series of (1+s)/(1-s), |s| <= 0.1716; 2^x by Taylor's series, |f| <= 1/2.
struct SeriesPower {
  static constexpr std::array<double, 10> logSeries = [] {
    std::array<double, 10> c{};
    for (int k = 0; k < 10; ++k)
      c[k] = 2.8853900817779268147 / (2 * k + 1);
    return c;
  }();
  static constexpr std::array<double, 14> expSeries = [] {
    std::array<double, 14> c{};
    double term = 1;
    for (int k = 0; k < 14; ++k) {
      c[k] = term;
      term = term * 0.69314718055994530942 / (k + 1);
    }
    return c;
  }();

  /// Estrin's scheme: pairs, then pairs of pairs.
  template <std::size_t n> static double polynomial(const std::array<double, n> &c, double x) {
    std::array<double, (n + 1) / 2> level;
    for (std::size_t i = 0; i < n; i += 2)
      level[i / 2] = i + 1 < n ? std::fma(c[i + 1], x, c[i]) : c[i];
    std::size_t length = (n + 1) / 2;
    for (double power = x * x; length > 1; power = power * power) {
      std::size_t half = 0;
      for (std::size_t i = 0; i < length; i += 2)
        level[half++] = i + 1 < length ? std::fma(level[i + 1], power, level[i]) : level[i];
      length = half;
    }
    return level[0];
  }

  static double log2(double x) {
    constexpr std::int64_t rootOfHalf = 0x3fe6a09e667f3bcd, mantissa = 0x000fffffffffffff;
    const std::int64_t shifted = std::bit_cast<std::int64_t>(x) - rootOfHalf;
    const double f = std::bit_cast<double>((shifted & mantissa) + rootOfHalf);
    const double s = (f - 1) / (f + 1);
    return std::fma(s, polynomial(logSeries, s * s), static_cast<double>(shifted >> 52));
  }

  static double exp2(double x) {
    constexpr double rounding = 6755399441055744.0; // 1.5 * 2^52 leaves an integer in the low bits
    const double rounded = x + rounding;
    const double f = x - (rounded - rounding);
    const auto bits = std::bit_cast<std::uint64_t>(polynomial(expSeries, f));
    return std::bit_cast<double>(bits + (std::bit_cast<std::uint64_t>(rounded) << 52));
  }
};

/// x^(-1/10) to 3 %, as near as a step factor needs it: exponent and mantissa of a double, read as
/// one integer, are nearly its logarithm, so a division of integers takes the root.
inline double roughTenthRootInverse(double x) {
  constexpr std::uint64_t one = 0x3ff0000000000000;
  constexpr std::uint64_t centred =
      0x0c1bda5119ce0; // 0.0473 of an exponent: halves the largest error
  const std::uint64_t tenth = std::bit_cast<std::uint64_t>(x) / 10;
  return std::bit_cast<double>(one + one / 10 - centred - tenth);
}

} // namespace deq::bench::DEQ_BASELINES
