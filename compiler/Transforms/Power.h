// Base-2 logarithm and exponential of the step-size controller, in basic operations only, so that
// the interpreter and every kind of generated code give the same bits. Written once over a number
// type and an arithmetic `m`.
#pragma once

#include <array>
#include <cstdint>

namespace deq {

namespace power {

/// Coefficients of log2((1+s)/(1-s)) = s * sum_k c_k s^(2k), c_k = 2 / ((2k+1) ln 2); |s| <= 0.1716
/// leaves < 2e-14.
inline constexpr std::array<double, 8> logSeries = [] {
  std::array<double, 8> c{};
  for (int k = 0; k < 8; ++k)
    c[k] = 2.8853900817779268147 / (2 * k + 1);
  return c;
}();

/// Coefficients of 2^f = sum_k (f ln 2)^k / k!; |f| <= 1/2 leaves < 1e-14 with 12 terms.
inline constexpr std::array<double, 12> expSeries = [] {
  std::array<double, 12> c{};
  double term = 1;
  for (int k = 0; k < 12; ++k) {
    c[k] = term;
    term = term * 0.69314718055994530942 / (k + 1);
  }
  return c;
}();

/// Polynomial of even or odd length by Estrin's scheme: pairs first, so that the chain of dependent
/// operations is short.
template <class M, class V, std::size_t n> V estrin(M &m, const std::array<double, n> &c, V x) {
  std::array<V, (n + 1) / 2> level;
  std::size_t length = 0;
  for (std::size_t i = 0; i < n; i += 2)
    level[length++] =
        i + 1 < n ? m.fma(m.constant(c[i + 1]), x, m.constant(c[i])) : m.constant(c[i]);
  for (V power = m.mul(x, x); length > 1; power = m.mul(power, power)) {
    std::size_t half = 0;
    for (std::size_t i = 0; i < length; i += 2)
      level[half++] = i + 1 < length ? m.fma(level[i + 1], power, level[i]) : level[i];
    length = half;
  }
  return level[0];
}

} // namespace power

/// log2(x) for positive normal x; for every other x a finite number below 1100. `m` supplies mul,
/// fma, add, sub, div, constant on reals; bits, real, integer, andInt, orInt, addInt, subInt,
/// shiftRight, shiftLeft, toReal on 64-bit integers.
template <class M, class V> V log2Of(M &m, V x) {
  // x = 2^e * f with f in [sqrt(1/2), sqrt(2)): the offset moves the split point to sqrt(1/2).
  constexpr std::int64_t split = 0x3fe6a09e667f3bcd, mantissa = 0x000fffffffffffff;
  auto shifted = m.subInt(m.bits(x), m.integer(split));
  auto exponent = m.shiftRight(shifted, m.integer(52));
  auto f = m.real(m.addInt(m.andInt(shifted, m.integer(mantissa)), m.integer(split)));
  V one = m.constant(1.0);
  V s = m.div(m.sub(f, one), m.add(f, one));
  V series = power::estrin(m, power::logSeries, m.mul(s, s));
  return m.fma(s, series, m.toReal(exponent));
}

/// 2^x for |x| <= 1000.
template <class M, class V> V exp2Of(M &m, V x) {
  // Adding 1.5 * 2^52 rounds to an integer and leaves it in the low bits.
  V magic = m.constant(6755399441055744.0);
  V rounded = m.add(x, magic);
  V f = m.sub(x, m.sub(rounded, magic));
  V series = power::estrin(m, power::expSeries, f);
  return m.real(m.addInt(m.bits(series), m.shiftLeft(m.bits(rounded), m.integer(52))));
}

} // namespace deq
