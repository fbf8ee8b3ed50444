// Seven stars, one per lane of a vector: each of the 21 pairs is computed once.
// Rotating the stars by 1, 2 and 3 places meets every pair exactly once, seven at a time.
#pragma once

#include "Tsit5.h"

namespace deq::bench::DEQ_BASELINES {

struct ExpertPleiades {
  using Lanes = double __attribute__((vector_size(64)));
  using State =
      std::array<Lanes, 4>; ///< x, y and their velocities; nobody lives in the eighth lane
  static constexpr int stars = 7;
  static constexpr Lanes mass = {1, 2, 3, 4, 5, 6, 7, 0};

  /// Lane i is x of star i + r (mod 7); the eighth stays where it is.
  template <int r> static Lanes rotated(Lanes x) {
    return __builtin_shufflevector(x, x, r % 7, (r + 1) % 7, (r + 2) % 7, (r + 3) % 7, (r + 4) % 7,
                                   (r + 5) % 7, (r + 6) % 7, 7);
  }

  static Lanes root(Lanes x) {
    for (int i = 0; i < 8; ++i)
      x[i] = std::sqrt(x[i]);
    return x;
  }

  /// Adds the forces between stars i and i + r.
  template <int r> static void addPairs(const State &s, Lanes &ax, Lanes &ay) {
    const Lanes dx = rotated<r>(s[0]) - s[0], dy = rotated<r>(s[1]) - s[1];
    constexpr Lanes apart = {0, 0, 0, 0, 0, 0, 0, 1}; // the eighth lane meets itself
    const Lanes square = dx * dx + dy * dy + apart, inverse = 1 / (square * root(square));
    const Lanes fx = dx * inverse, fy = dy * inverse;
    const Lanes other = rotated<r>(mass);
    ax += other * fx - rotated<7 - r>(mass * fx);
    ay += other * fy - rotated<7 - r>(mass * fy);
  }

  static void slope(const State &s, State &d) {
    Lanes ax{}, ay{};
    addPairs<1>(s, ax, ay);
    addPairs<2>(s, ax, ay);
    addPairs<3>(s, ax, ay);
    d[0] = s[2];
    d[1] = s[3];
    d[2] = ax;
    d[3] = ay;
  }

  static void load(const double *from, State &y) {
    y = {};
    for (int i = 0; i < stars; ++i) {
      for (int axis = 0; axis < 2; ++axis) {
        y[axis][i] = from[2 * i + axis];
        y[2 + axis][i] = from[14 + 2 * i + axis];
      }
    }
  }
  static void store(const State &y, double *to) {
    for (int i = 0; i < stars; ++i) {
      for (int axis = 0; axis < 2; ++axis) {
        to[2 * i + axis] = y[axis][i];
        to[14 + 2 * i + axis] = y[2 + axis][i];
      }
    }
  }

  static Lanes larger(Lanes x, Lanes y) {
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    return x < y ? y : x;
  }
  static double meanSquare(const State &x) {
    const Lanes sum = (x[0] * x[0] + x[1] * x[1]) + (x[2] * x[2] + x[3] * x[3]);
    const double halves[] = {sum[0] + sum[4], sum[1] + sum[5], sum[2] + sum[6], sum[3] + sum[7]};
    return ((halves[0] + halves[1]) + (halves[2] + halves[3])) * (1.0 / 28);
  }

  /// In the numbers of the state as deq lays it out; once per solve.
  static double firstStep(const State &y, const State &k, double rtol, double atol) {
    std::array<double, 28> state, slopes;
    store(y, state.data());
    store(k, slopes.data());
    auto field = [](const std::array<double, 28> &from, std::array<double, 28> &to) {
      State s, d;
      load(from.data(), s);
      slope(s, d);
      store(d, to.data());
    };
    return DEQ_BASELINES::firstStep(field, state, slopes, rtol, atol,
                                    [](double x) { return std::pow(x, 0.2); });
  }
};

} // namespace deq::bench::DEQ_BASELINES
