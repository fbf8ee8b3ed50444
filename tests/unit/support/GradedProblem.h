// Problems on which a method of order p errs by exactly c h^p, however long the steps are: orders
// of nine can be read off in double precision, where on other problems rounding is met before the
// asymptotic range.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace deq::test {

/// u_1 ... u_n with u_k' a polynomial of weight k - 1, where t has weight 1 and u_i weight i. An
/// elementary differential of order r in component k has weight k - r: those of order k are
/// constants, and higher ones vanish. So a method of order p solves the components up to p exactly,
/// and in each step errs by the same C h^(p+1) in component p + 1, on which no other depends.
struct GradedProblem {
  enum class Kind { linear, nonlinear, timeDependent } kind;
  int n; ///< p + 1 for a method of order p

  static constexpr const char *names[] = {"linear", "nonlinear", "time_dependent"};
  const char *name() const { return names[int(kind)]; }

  template <class T> std::vector<T> y0() const {
    std::vector<T> y;
    for (int k = 1; k <= n; ++k)
      y.push_back(T(k % 2 ? 1 : -1) / k);
    return y;
  }

  template <class T> void operator()(T t, const std::vector<T> &y, std::vector<T> &dy) const {
    auto u = [&](int k) { return k < 0 ? T(0) : k == 0 ? T(1) : y[k - 1]; };
    T power = 1; // t^(k - 1)
    for (int k = 1; k <= n; ++k, power *= t) {
      dy[k - 1] = u(k - 1);
      if (kind == Kind::timeDependent)
        dy[k - 1] += power / 2 + t * u(k - 2);
      for (int i = 1; kind == Kind::nonlinear && i < k - 1; ++i)
        dy[k - 1] += 3 * u(i) * u(k - 1 - i);
    }
  }

  /// The field in deq's language, with states u1, u2, ...
  std::string text() const {
    std::string states, body;
    auto u = [&](int k) { return k < 0 ? "0" : k == 0 ? "1" : "u" + std::to_string(k); };
    for (int k = 1; k <= n; ++k) {
      states += (k > 1 ? ", " : "") + u(k);
      body += "  " + u(k) + "' = " + u(k - 1);
      if (kind == Kind::timeDependent)
        body += " + t^" + std::to_string(k - 1) + "/2 + t*" + u(k - 2);
      for (int i = 1; kind == Kind::nonlinear && i < k - 1; ++i)
        body += " + 3*" + u(i) + "*" + u(k - 1 - i);
      body += "\n";
    }
    return "field graded(t; " + states + ") {\n" + body + "}\n";
  }

  /// The solution at t, component by component, as polynomials in t.
  std::vector<long double> exact(long double t) const {
    using Polynomial = std::vector<long double>;
    std::vector<Polynomial> u = {{1}};
    const std::vector<long double> start = y0<long double>();
    auto add = [](Polynomial &sum, long double factor, const Polynomial &p, const Polynomial &q) {
      sum.resize(std::max(sum.size(), p.size() + q.size() - 1), 0);
      for (std::size_t i = 0; i < p.size(); ++i)
        for (std::size_t j = 0; j < q.size(); ++j)
          sum[i + j] += factor * p[i] * q[j];
    };
    std::vector<long double> values;
    for (int k = 1; k <= n; ++k) {
      Polynomial slope = u[k - 1];
      if (kind == Kind::timeDependent) {
        slope.resize(k, 0);
        slope[k - 1] += 0.5L;
        if (k > 1)
          add(slope, 1, {0, 1}, u[k - 2]);
      }
      for (int i = 1; kind == Kind::nonlinear && i < k - 1; ++i)
        add(slope, 3, u[i], u[k - 1 - i]);
      Polynomial next = {start[k - 1]};
      for (std::size_t m = 0; m < slope.size(); ++m)
        next.push_back(slope[m] / (m + 1));
      long double value = 0;
      for (std::size_t m = next.size(); m-- > 0;)
        value = value * t + next[m];
      values.push_back(value);
      u.push_back(next);
    }
    return values;
  }
};

} // namespace deq::test
