// Base-2 logarithm and exponential of the step-size controller, in basic operations only, so that
// the interpreter and every kind of generated code give the same bits. Written once over a number
// type and an arithmetic `m`. tools/power_coefficients.py finds the coefficients.
#pragma once

#include <array>
#include <cstdint>

namespace deq {

namespace power {

/// Coefficients of log2(1 + x)/x for 1 + x in [sqrt(1/2), sqrt(2)], relative error 8e-14. A
/// division would allow fewer, and take longer than the four levels of this polynomial.
inline constexpr std::array<double, 16> logSeries = {
    1.4426950408890524,  -0.7213475204462124,  0.4808983468711015,  -0.36067375951188296,
    0.28853902330508163, -0.2404492623018822,  0.20609838960888552, -0.18033187497677122,
    0.1603232695730357,  -0.1444142050221101,  0.13089265588126772, -0.11803157989277946,
    0.11108048187908302, -0.11895057618328995, 0.1142713191955294,  -0.05607988304133263};

/// Coefficients of 2^x for |x| <= 1/2, exact at 0, relative error 4e-14.
inline constexpr std::array<double, 10> expSeries = {1.0,
                                                     0.6931471805599453,
                                                     0.2402265069581299,
                                                     0.055504108664760424,
                                                     0.009618129159402558,
                                                     0.0013333558179043112,
                                                     0.00015403455852453838,
                                                     1.525268684626772e-05,
                                                     1.3255224878668817e-06,
                                                     1.0203121063391729e-07};

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
/// fma, add, sub, constant on reals; bits, real, integer, andInt, orInt, addInt, subInt,
/// shiftRight, shiftLeft, toReal on 64-bit integers.
template <class M, class V> V log2Of(M &m, V x) {
  // x = 2^e * f with f in [sqrt(1/2), sqrt(2)): the offset moves the split point to sqrt(1/2).
  constexpr std::int64_t split = 0x3fe6a09e667f3bcd, mantissa = 0x000fffffffffffff;
  auto shifted = m.subInt(m.bits(x), m.integer(split));
  auto exponent = m.shiftRight(shifted, m.integer(52));
  auto f = m.real(m.addInt(m.andInt(shifted, m.integer(mantissa)), m.integer(split)));
  V rest = m.sub(f, m.constant(1.0));
  return m.fma(rest, power::estrin(m, power::logSeries, rest), m.toReal(exponent));
}

/// factor * 2^x for |x| <= 1000. The factor meets the power of two while the polynomial is under
/// way.
template <class M, class V> V exp2Of(M &m, V factor, V x) {
  // Adding 1.5 * 2^52 rounds to an integer and leaves it in the low bits.
  V magic = m.constant(6755399441055744.0);
  V rounded = m.add(x, magic);
  V rest = m.sub(x, m.sub(rounded, magic));
  auto exponent = m.shiftLeft(m.bits(rounded), m.integer(52));
  V scaled = m.mul(factor, m.real(m.addInt(exponent, m.bits(m.constant(1.0)))));
  return m.mul(scaled, power::estrin(m, power::expSeries, rest));
}

} // namespace deq
