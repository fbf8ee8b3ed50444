// Powers for step control: two that are right to the last digits, one that is as fast as can be.
// A baseline has to say which it uses: the step cannot begin before the power is known.
#pragma once

#include "compiler/Doubles.h"
#include "compiler/Transforms/Power.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace deq::bench::DEQ_BASELINES {

/// Logarithm and exponential to base 2 by the C library.
struct LibraryPower {
  static double log2(double x) { return std::log2(x); }
  /// factor * 2^x.
  static double exp2(double factor, double x) { return factor * std::exp2(x); }
};

/// The same by deq's series, with its bits; a type of its own, so that each compiler instantiates
/// them.
struct SeriesPower {
  struct Arithmetic : Doubles {};
  static double log2(double x) {
    Arithmetic arithmetic;
    return log2Of(arithmetic, x);
  }
  static double exp2(double factor, double x) {
    Arithmetic arithmetic;
    return exp2Of(arithmetic, factor, x);
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
