// The fields with fixed constants, simplified by hand: divisions turned round, factors of one
// dropped, common subexpressions shared.
#pragma once

#include "Power.h"
#include "Tsit5.h"

namespace deq::bench::DEQ_BASELINES {

/// What fields of a few numbers share.
template <class Field, std::size_t n> struct ScalarField {
  using State = std::array<double, n>;
  static void load(const double *from, State &y) { std::copy_n(from, n, y.begin()); }
  static void store(const State &y, double *to) { std::copy_n(y.begin(), n, to); }
  static double larger(double x, double y) { return std::max(std::fabs(x), std::fabs(y)); }
  static double meanSquare(const State &x) {
    double sum = 0;
    for (double value : x)
      sum += value * value;
    return sum * (1.0 / n);
  }
  static double firstStep(const State &y, const State &k, double rtol, double atol) {
    return DEQ_BASELINES::firstStep(Field::slope, y, k, rtol, atol,
                                    [](double x) { return std::pow(x, 0.2); });
  }
};

struct ExpertLorenz : ScalarField<ExpertLorenz, 3> {
  static void slope(const State &s, State &d) {
    const auto [x, y, z] = s;
    d[0] = 10 * (y - x);
    d[1] = x * (28 - z) - y;
    d[2] = x * y - 8.0 / 3 * z;
  }
};

struct ExpertLotkaVolterra : ScalarField<ExpertLotkaVolterra, 2> {
  static void slope(const State &s, State &d) {
    const auto [x, y] = s;
    d[0] = x * (1.5 - y);
    d[1] = y * (x - 3);
  }
};

struct ExpertFitzHughNagumo : ScalarField<ExpertFitzHughNagumo, 2> {
  static void slope(const State &s, State &d) {
    const auto [v, w] = s;
    d[0] = v * (1 - v * v * (1.0 / 3)) + (0.5 - w);
    d[1] = 1 / 12.5 * v + (0.7 / 12.5 - 0.8 / 12.5 * w);
  }
};

struct ExpertArenstorf : ScalarField<ExpertArenstorf, 4> {
  static void slope(const State &s, State &d) {
    constexpr double mu = 0.012277471, rest = 1 - mu;
    const auto [x, y, u, v] = s;
    const double left = x + mu, right = x - rest, y2 = y * y;
    const double r1 = left * left + y2, r2 = right * right + y2;
    const double g1 = rest / (r1 * std::sqrt(r1)), g2 = mu / (r2 * std::sqrt(r2));
    d[0] = u;
    d[1] = v;
    d[2] = x + 2 * v - g1 * left - g2 * right;
    d[3] = y - 2 * u - (g1 + g2) * y;
  }
};

} // namespace deq::bench::DEQ_BASELINES
