// Test problems with end values to 18 digits: fields as functions of any scalar, initial values,
// spans. The values were computed in quadruple precision, with the constants as decimals unless a
// comment says otherwise.
#pragma once

#include <cmath>
#include <vector>

namespace deq::test {

/// An end value, or some components of it.
struct Known {
  std::size_t component;
  long double value;
};

/// E. N. Lorenz, Deterministic nonperiodic flow, J. Atmos. Sci. 20 (1963).
struct Lorenz {
  static constexpr const char *name = "lorenz";
  static constexpr double t0 = 0, t1 = 1;
  static std::vector<double> y0() { return {1, 0, 0}; }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    dy[0] = 10 * (y[1] - y[0]);
    dy[1] = y[0] * (28 - y[2]) - y[1];
    dy[2] = y[0] * y[1] - T(8) / 3 * y[2];
  }
  static std::vector<Known> end() {
    return {
        {0, -9.4084505670560362054L}, {1, -9.0961990711864789683L}, {2, 28.581627624392339108L}};
  }
};

/// A. J. Lotka, Elements of Physical Biology (1925); V. Volterra, Mem. Accad. Lincei 2 (1926).
struct LotkaVolterra {
  static constexpr const char *name = "lotka_volterra";
  static constexpr double t0 = 0, t1 = 10;
  static std::vector<double> y0() { return {1, 1}; }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    dy[0] = T(1.5) * y[0] - y[0] * y[1];
    dy[1] = -3 * y[1] + y[0] * y[1];
  }
  static std::vector<Known> end() {
    return {{0, 1.0263447675750893191L}, {1, 0.90969107813604161755L}};
  }
};

/// R. F. Arenstorf, Periodic solutions of the restricted three body problem, Amer. J. Math. 85
/// (1963); Hairer, Norsett, Wanner I, II.0. To t = 10: over its period of 17.065 the orbit
/// magnifies the rounding of its constants to 4e-9.
struct Arenstorf {
  static constexpr const char *name = "arenstorf";
  static constexpr double t0 = 0, t1 = 10;
  static std::vector<double> y0() { return {0.994, 0, 0, -2.00158510637908252240537862224}; }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    const T mu = T(0.012277471L), rest = 1 - mu;
    const T square1 = (y[0] + mu) * (y[0] + mu) + y[1] * y[1];
    const T square2 = (y[0] - rest) * (y[0] - rest) + y[1] * y[1];
    const T cube1 = square1 * std::sqrt(square1), cube2 = square2 * std::sqrt(square2);
    dy[0] = y[2];
    dy[1] = y[3];
    dy[2] = y[0] + 2 * y[3] - rest * (y[0] + mu) / cube1 - mu * (y[0] - rest) / cube2;
    dy[3] = y[1] - 2 * y[2] - rest * y[1] / cube1 - mu * y[1] / cube2;
  }
  static std::vector<Known> end() {
    return {{0, -0.83980716633898647154L},
            {1, 0.44683141709847205637L},
            {2, 0.37374253561439383395L},
            {3, -0.14966964466689517725L}};
  }
};

/// Seven stars in a plane: Hairer, Norsett, Wanner I, II.10. The state is all x, all y, all
/// x', all y'.
struct Pleiades {
  static constexpr const char *name = "pleiades";
  static constexpr double t0 = 0, t1 = 3;
  static std::vector<double> y0() {
    return {3, 3, -1, -3, 2, -2,   2,    3, -3, 2, 0,     0, -4, 4,
            0, 0, 0,  0,  0, 1.75, -1.5, 0, 0,  0, -1.25, 1, 0,  0};
  }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    for (int i = 0; i < 7; ++i) {
      dy[i] = y[14 + i];
      dy[7 + i] = y[21 + i];
      T sumX = 0, sumY = 0;
      for (int j = 0; j < 7; ++j) {
        if (j == i)
          continue;
        const T right = y[j] - y[i], up = y[7 + j] - y[7 + i];
        const T square = right * right + up * up, cube = square * std::sqrt(square);
        sumX += (j + 1) * right / cube;
        sumY += (j + 1) * up / cube;
      }
      dy[14 + i] = sumX;
      dy[21 + i] = sumY;
    }
  }
  static std::vector<Known> end() {
    const long double values[] = {
        0.37061391439705129009L,  3.2372840920572330928L,   -3.2225590324183233471L,
        0.65970914557753083593L,  0.34255817071565797904L,  1.5621721014006310160L,
        -0.70030929222124953851L, -3.9434375855173920553L,  -3.2713809739725499280L,
        5.2250818434565441924L,   -2.5906124349774695108L,  1.1982136933922746375L,
        -0.24296823449358234092L, 1.0914492404289797479L,   3.4170038063143147523L,
        1.3545845016255012215L,   -2.5900655978107754196L,  2.0250537347142411065L,
        -1.1558151001604490927L,  -0.80729881702230217257L, 0.59523963542087187666L,
        -3.7412449612340084712L,  0.37734596857506290366L,  0.93868588695510788869L,
        0.36679222272005698667L,  -0.34740463538084943660L, 2.3449154481809369231L,
        -1.9470204342632919007L};
    std::vector<Known> known;
    for (long double value : values)
      known.push_back({known.size(), value});
    return known;
  }
};

/// The Brusselator without diffusion: Hairer, Norsett, Wanner I, I.16.
struct Brusselator {
  static constexpr const char *name = "brusselator";
  static constexpr double t0 = 0, t1 = 20;
  static std::vector<double> y0() { return {1.5, 3}; }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    dy[0] = 1 + y[0] * y[0] * y[1] - 4 * y[0];
    dy[1] = 3 * y[0] - y[0] * y[0] * y[1];
  }
  static std::vector<Known> end() {
    return {{0, 0.49863707126834784865L}, {1, 4.5967803494520111832L}};
  }
};

/// The Brusselator on a line of 20 cells, alpha = 1/50, u = 1 and v = 3 at the ends: Hairer, Wanner
/// II, IV.1. The state is all of u, then all of v.
struct BrusselatorLine {
  static constexpr const char *name = "brusselator_line";
  static constexpr int cells = 20;
  static constexpr double t0 = 0, t1 = 10;
  static std::vector<double> y0() {
    std::vector<double> y(2 * cells, 3);
    for (int i = 0; i < cells; ++i)
      y[i] = 1 + std::sin(2 * M_PI * (i + 1) / (cells + 1));
    return y;
  }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    const T alpha = T((cells + 1) * (cells + 1)) / 50;
    for (int i = 0; i < cells; ++i) {
      const T u = y[i], v = y[cells + i];
      const bool first = i == 0, last = i + 1 == cells;
      const T uSides = (first ? T(1) : y[i - 1]) + (last ? T(1) : y[i + 1]);
      const T vSides = (first ? T(3) : y[cells + i - 1]) + (last ? T(3) : y[cells + i + 1]);
      dy[i] = 1 + u * u * v - 4 * u + alpha * (uSides - 2 * u);
      dy[cells + i] = 3 * u - u * u * v + alpha * (vSides - 2 * v);
    }
  }
  static std::vector<Known> end() {
    return {{0, 0.87765300972831223819L},  {9, 0.43066067577471029853L},
            {19, 0.87829432160429276578L}, {20, 3.1547039090604368982L},
            {29, 3.6890130424377685671L},  {39, 3.1578531172421247043L}};
  }
};

/// E. N. Lorenz, Predictability: a problem partly solved (1996), with forty sites and F = 8.
struct Lorenz96 {
  static constexpr const char *name = "lorenz96";
  static constexpr int sites = 40;
  static constexpr double t0 = 0, t1 = 1;
  static std::vector<double> y0() {
    std::vector<double> y(sites, 8);
    y[0] = 8.01;
    return y;
  }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    auto at = [&](int i) { return y[(i + sites) % sites]; };
    for (int i = 0; i < sites; ++i)
      dy[i] = (at(i + 1) - at(i - 2)) * at(i - 1) - at(i) + 8;
  }
  static std::vector<Known> end() {
    return {{0, 8.96471665819356152L},
            {1, 8.50642590567802884L},
            {2, 6.91748765788835328L},
            {3, 6.07808114474781243L},
            {39, 8.33037125860741575L}};
  }
};

/// A. L. Hodgkin, A. F. Huxley, A quantitative description of membrane current, J. Physiol. 117
/// (1952), in modern units; the state is V, m, h, n.
struct HodgkinHuxley {
  static constexpr const char *name = "hodgkin_huxley";
  static constexpr double t0 = 0, t1 = 10;
  static std::vector<double> y0() { return {-65, 0.0529, 0.5961, 0.3177}; }
  template <class T> static void field(T, const std::vector<T> &y, std::vector<T> &dy) {
    using std::exp;
    const T v = y[0], m = y[1], h = y[2], n = y[3];
    const T alphaM = T(0.1L) * (v + 40) / (1 - exp(-(v + 40) / 10));
    const T alphaH = T(0.07L) * exp(-(v + 65) / 20);
    const T alphaN = T(0.01L) * (v + 55) / (1 - exp(-(v + 55) / 10));
    const T betaM = 4 * exp(-(v + 65) / 18);
    const T betaH = 1 / (1 + exp(-(v + 35) / 10));
    const T betaN = T(0.125L) * exp(-(v + 65) / 80);
    dy[0] = 10 - 120 * m * m * m * h * (v - 50) - 36 * n * n * n * n * (v + 77) -
            T(0.3L) * (v + T(54.387L));
    dy[1] = alphaM * (1 - m) - betaM * m;
    dy[2] = alphaH * (1 - h) - betaH * h;
    dy[3] = alphaN * (1 - n) - betaN * n;
  }
  static std::vector<Known> end() {
    return {{0, -66.687221336878181439L},
            {1, 0.041073361472569598823L},
            {2, 0.43589462812670522641L},
            {3, 0.42408426360434073214L}};
  }
};

} // namespace deq::test
