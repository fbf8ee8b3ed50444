// The five fields as deq evaluates them: run-time parameters, the formulas as they are written in
// the language, and fused multiply-adds where its rule puts them. What does not depend on the state
// is computed once, as a compiler may.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace deq::bench::DEQ_BASELINES {

struct Lorenz {
  static constexpr std::size_t size = 3;
  double sigma, rho, beta;
  explicit Lorenz(const double *p) : sigma(p[0]), rho(p[1]), beta(p[2]) {}
  void operator()(const std::array<double, 3> &s, std::array<double, 3> &d) const {
    const auto [x, y, z] = s;
    d[0] = sigma * (y - x);
    d[1] = std::fma(x, rho - z, -y);
    d[2] = x * y - beta * z;
  }
};

struct LotkaVolterra {
  static constexpr std::size_t size = 2;
  double a, b, c, d;
  explicit LotkaVolterra(const double *p) : a(p[0]), b(p[1]), c(p[2]), d(p[3]) {}
  void operator()(const std::array<double, 2> &s, std::array<double, 2> &slope) const {
    const auto [x, y] = s;
    slope[0] = a * x - b * x * y;
    slope[1] = d * x * y - c * y;
  }
};

struct FitzHughNagumo {
  static constexpr std::size_t size = 2;
  double a, b, tau, current;
  double three = 3; ///< literals are run-time values in deq as well
  explicit FitzHughNagumo(const double *p) : a(p[0]), b(p[1]), tau(p[2]), current(p[3]) {
    asm volatile("" : "+m"(three));
  }
  void operator()(const std::array<double, 2> &s, std::array<double, 2> &d) const {
    const auto [v, w] = s;
    d[0] = v - v * v * v / three - w + current;
    d[1] = std::fma(-b, w, v + a) / tau;
  }
};

struct Arenstorf {
  static constexpr std::size_t size = 4;
  double mu, rest;
  double two = 2;
  explicit Arenstorf(const double *p) : mu(p[0]), rest(1 - p[0]) { asm volatile("" : "+m"(two)); }
  void operator()(const std::array<double, 4> &s, std::array<double, 4> &d) const {
    const auto [x, y, u, v] = s;
    const double left = x + mu, right = x - rest;
    const double r1 = left * left + y * y, r2 = right * right + y * y;
    const double d1 = r1 * std::sqrt(r1), d2 = r2 * std::sqrt(r2);
    d[0] = u;
    d[1] = v;
    d[2] = std::fma(two, v, x) - rest * left / d1 - mu * right / d2;
    d[3] = std::fma(-two, u, y) - rest * y / d1 - mu * y / d2;
  }
};

/// State: positions (x, y) of star after star, then velocities.
struct Pleiades {
  static constexpr std::size_t size = 28;
  static constexpr std::size_t stars = 7;
  std::array<double, stars> m;
  explicit Pleiades(const double *p) { std::copy_n(p, stars, m.begin()); }
  void operator()(const std::array<double, 28> &s, std::array<double, 28> &d) const {
    for (std::size_t i = 0; i < 14; ++i)
      d[i] = s[14 + i];
#pragma GCC unroll 7
    for (std::size_t i = 0; i < stars; ++i) {
      double ax = 0, ay = 0;
      bool first = true;
#pragma GCC unroll 7
      for (std::size_t j = 0; j < stars; ++j) {
        if (i == j)
          continue;
        const double dx = s[2 * j] - s[2 * i], dy = s[2 * j + 1] - s[2 * i + 1];
        const double r = std::sqrt(std::fma(dy, dy, dx * dx)), cube = r * r * r;
        const double fx = m[j] * dx / cube, fy = m[j] * dy / cube;
        ax = first ? fx : ax + fx;
        ay = first ? fy : ay + fy;
        first = false;
      }
      d[14 + 2 * i] = ax;
      d[15 + 2 * i] = ay;
    }
  }
};

/// The same sums, one star per lane: all stars feel star j at once.
struct PleiadesLanes : Pleiades {
  using Pleiades::Pleiades;
  void operator()(const std::array<double, 28> &s, std::array<double, 28> &d) const {
    constexpr std::size_t lanes = 8; // the last one idles
    alignas(64) double x[lanes]{}, y[lanes]{}, ax[lanes], ay[lanes];
    for (std::size_t i = 0; i < 14; ++i)
      d[i] = s[14 + i];
    for (std::size_t i = 0; i < stars; ++i) {
      x[i] = s[2 * i];
      y[i] = s[2 * i + 1];
    }
    std::fill_n(ax, lanes, -0.0); // the one start that leaves the first term as it is
    std::fill_n(ay, lanes, -0.0);
#pragma GCC unroll 7
    for (std::size_t j = 0; j < stars; ++j)
      for (std::size_t i = 0; i < lanes; ++i) {
        const double dx = x[j] - x[i], dy = y[j] - y[i];
        const double r = std::sqrt(std::fma(dy, dy, dx * dx)), cube = r * r * r;
        const double sumX = ax[i] + m[j] * dx / cube, sumY = ay[i] + m[j] * dy / cube;
        ax[i] = i == j ? ax[i] : sumX;
        ay[i] = i == j ? ay[i] : sumY;
      }
    for (std::size_t i = 0; i < stars; ++i) {
      d[14 + 2 * i] = ax[i];
      d[15 + 2 * i] = ay[i];
    }
  }
};

} // namespace deq::bench::DEQ_BASELINES
