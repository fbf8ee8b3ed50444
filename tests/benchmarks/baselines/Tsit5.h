// The coefficients of tsit5 and the start of a solve, shared by all hand-written solvers.
// Ch. Tsitouras, Runge-Kutta pairs of order 5(4), Comput. Math. Appl. 62 (2011) 770-775.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace deq::bench::DEQ_BASELINES {

constexpr int stages = 7; ///< the last one is at the end of the step and first of the next

constexpr double a[stages][stages - 1] = {
    {},
    {0.161},
    {-0.0084806554923569885444, 0.33548065549235698854},
    {2.8971530571054934321, -6.3594484899750748431, 4.3622954328695814110},
    {5.3258648284392566044, -11.748883564062827877, 7.4955393428898362083,
     -0.092495066361755249257},
    {5.8614554429464200287, -12.920969317847109292, 8.1593678985761586432, -0.071584973281400997225,
     -0.028269050394068382909},
    {0.096460766818065229518, 0.01, 0.47988965041449957475, 1.3790085741037418932,
     -3.2900695154360806799, 2.3247105240997739824}};

/// Weights of the error estimate, b - bhat.
constexpr double e[stages] = {-0.0017800110522257714434,
                              -0.00081643445965674690322,
                              0.0078808780102619960103,
                              -0.14471100717326290754,
                              0.58235716545255522502,
                              -0.45808210592918694666,
                              1.0 / 66};

/// The mean of squares, in the order of sums that deq pins: left to right up to 8 terms, else 8
/// strided partial sums.
template <std::size_t n> inline double meanSquare(const std::array<double, n> &x) {
  constexpr std::size_t lanes = n <= 8 ? 1 : 8;
  std::array<double, lanes> partial;
  for (std::size_t i = 0; i < lanes; ++i)
    partial[i] = x[i] * x[i];
  for (std::size_t i = lanes; i < n; ++i)
    partial[i % lanes] = std::fma(x[i], x[i], partial[i % lanes]);
  double sum = partial[0];
  for (std::size_t i = 1; i < lanes; ++i)
    sum = sum + partial[i];
  return sum * (1.0 / n);
}

/// The first step (E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I,
/// II.4, exponent 1/5); `k` is the slope at y. `power(x)` is x^(1/5).
template <class Field, class State, class Power>
inline double firstStep(const Field &field, const State &y, const State &k, double rtol,
                        double atol, Power power) {
  State scale, states, slopes, probe, second, change;
  for (std::size_t i = 0; i < y.size(); ++i) {
    scale[i] = std::fma(rtol, std::fabs(y[i]), atol);
    states[i] = y[i] / scale[i];
    slopes[i] = k[i] / scale[i];
  }
  const double d0 = std::sqrt(meanSquare(states)), d1 = std::sqrt(meanSquare(slopes));
  const double h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1;
  for (std::size_t i = 0; i < y.size(); ++i)
    probe[i] = std::fma(h0, k[i], y[i]);
  field(probe, second);
  for (std::size_t i = 0; i < y.size(); ++i)
    change[i] = (second[i] - k[i]) / scale[i];
  const double m = std::max(d1, std::sqrt(meanSquare(change)) / h0);
  const double h1 = m <= 1e-15 ? std::max(1e-6, 1e-3 * h0) : power(0.01 / m);
  return std::min(100 * h0, h1);
}

} // namespace deq::bench::DEQ_BASELINES
