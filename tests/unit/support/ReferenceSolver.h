// A plain Runge-Kutta solver, written from the formulas: the independent opinion that compiled
// solves are judged by. It shares nothing with the compiler but the tableau it is handed, and
// prefers being readable to being fast.
#pragma once

#include "compiler/Methods/Tableau.h"
#include "deq/solution.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

namespace deq::test {

/// The defaults are those of the language.
struct ReferenceOptions {
  double rtol = 1e-6, atol = 1e-9;
  double pcoeff = 0, icoeff = 1, dcoeff = 0;
  double safety = 0.9, factorMin = 0.2, factorMax = 10;
  double dtMin = 0, dtMax = std::numeric_limits<double>::infinity();
  bool forceDtMin = true;
  double dt = 0; ///< first step, or the step of constant control; 0: automatic
  std::int64_t maxSteps = 1000000;
};

template <class T> struct ReferenceResult {
  Status status = Status::success;
  double t = 0;     ///< last accepted time
  std::vector<T> y; ///< state there
  double firstStep = 0;
  std::int64_t accepted = 0, rejected = 0;
  std::int64_t evaluations = 0;     ///< calls of the field, counted where they happen
  std::vector<std::vector<T>> rows; ///< at the save times that were reached

  std::int64_t steps() const { return accepted + rejected; }
};

/// Solves y' = f(t, y) with an explicit method; T is the element type. Time is carried in double
/// for float, as the compensated pairs of an f32 solve amount to.
template <class T> class ReferenceSolver {
public:
  using Vector = std::vector<T>;
  using Time = std::conditional_t<(sizeof(T) < sizeof(double)), double, T>;
  using Field = std::function<void(T t, const Vector &y, Vector &dy)>;
  using Result = ReferenceResult<T>;

  ReferenceSolver(const Tableau &method, Field field) : method(method), field(std::move(field)) {}

  /// PID control of the error norm (Hairer, Norsett, Wanner I, II.4; Soederlind 2003). `saveTimes`
  /// are increasing and in (t0, t1].
  Result adaptive(Time t0, Time t1, Vector y0, const ReferenceOptions &options,
                  const std::vector<double> &saveTimes = {}) {
    begin(t0, std::move(y0), saveTimes);
    o = options;
    const Time sliver = 100 * spacing(std::max(std::fabs(t0), std::fabs(t1)));
    Time h = firstStep();
    result.firstStep = double(h);
    Time next = t + h > t1 - sliver ? t1 : t + h;
    while (t < t1 && result.status == Status::success) {
      if (result.steps() == o.maxSteps)
        return finish(Status::max_steps_reached);
      if (!(next > t))
        return finish(errorFinite ? Status::step_underflow : Status::non_finite);
      h = next - t;
      attempt(next, T(h));
      const bool accept = control(h);
      const Time tried = next;
      if (accept)
        advance(next, T(next - t));
      else
        ++result.rejected;
      next = t + h;
      // Times have a spacing: a rejected step that rounds to the same end would be rejected for
      // ever.
      if (!accept && !atMin && next >= tried)
        next = t;
      if (next > t1 - sliver)
        next = accept ? t1 : t + (t1 - t) / 2;
    }
    return finish(result.status);
  }

  /// Step m ends at t0 + m dt, the last one at t1.
  Result constant(Time t0, Time t1, Vector y0, double dt,
                  const std::vector<double> &saveTimes = {}) {
    begin(t0, std::move(y0), saveTimes);
    const Time quotient = (t1 - t0) / dt, whole = std::round(quotient);
    const bool divides = std::fabs(quotient - whole) <= 100 * spacing(whole);
    const std::int64_t steps = std::int64_t(divides ? whole : std::floor(quotient) + 1);
    for (std::int64_t m = 1; m <= steps; ++m) {
      const bool last = m == steps;
      const Time next = last ? t1 : t0 + m * Time(dt);
      const T h = last && !divides ? T(t1 - t) : T(dt);
      attempt(next, h);
      advance(next, h);
    }
    return finish(result.status);
  }

  /// One step from (t0, y0), without an opinion on it: y1, the error estimates and dense output at
  /// theta.
  struct Step {
    Vector y1, error, coarse, inside;
  };
  Step single(Time t0, Vector y0, Time h, T theta) {
    begin(t0, std::move(y0), {});
    attempt(t0 + h, T(h));
    extend(t0 + h, T(h));
    return {y1, error, coarse, interpolate(theta, T(h))};
  }

private:
  static Time spacing(Time x) {
    const int digits = sizeof(T) < sizeof(double) ? 47 : std::numeric_limits<Time>::digits;
    return x == 0 ? 0 : std::ldexp(Time(1), std::ilogb(x) + 1 - digits);
  }

  /// Up to eight terms from left to right; beyond, eight strided partial sums, added from left to
  /// right.
  static T sum(const Vector &terms) {
    T partial[8] = {};
    for (std::size_t i = 0; i < terms.size(); ++i)
      partial[i % 8] += terms[i];
    T total = 0;
    for (T part : partial)
      total += part;
    return total;
  }

  static T rms(const Vector &x, const Vector &scale) {
    Vector squares;
    for (std::size_t i = 0; i < x.size(); ++i)
      squares.push_back((x[i] / scale[i]) * (x[i] / scale[i]));
    return std::sqrt(sum(squares) / T(x.size()));
  }

  void evaluate(T time, const Vector &at, Vector &slope) {
    slope.assign(at.size(), T(0));
    field(time, at, slope);
    ++result.evaluations;
  }

  void begin(Time t0, Vector y0, const std::vector<double> &saveTimes) {
    result = {};
    times = saveTimes;
    t = t0;
    y = std::move(y0);
    k.assign(method.p.size(), Vector());
    inverse1 = inverse2 = 1;
    atMin = false;
    errorFinite = true;
    if (method.fsal())
      evaluate(T(t), y, k[0]);
  }

  Result finish(Status status) {
    result.status = status;
    result.t = double(t);
    result.y = y;
    return result;
  }

  /// The linear combination of slopes at component i, non-zero weights only, fused from left to
  /// right.
  T combine(const std::vector<double> &weights, std::size_t i) const {
    T s = 0;
    bool first = true;
    for (std::size_t j = 0; j < weights.size(); ++j) {
      if (weights[j] == 0)
        continue;
      s = first ? T(weights[j]) * k[j][i] : std::fma(T(weights[j]), k[j][i], s);
      first = false;
    }
    return s;
  }

  /// k_i = f(t + c_i h, y + h sum_j a_ij k_j), y1 = y + h sum_j b_j k_j, error = h sum_j e_j k_j. A
  /// method whose last stage is y1 brings its first slope along.
  void attempt(Time next, T h) {
    for (int i = method.fsal() ? 1 : 0; i < method.stages(); ++i)
      stage(i, next, h);
    y1 = y;
    error.assign(y.size(), T(0));
    coarse = error;
    for (std::size_t n = 0; n < y.size(); ++n) {
      y1[n] = std::fma(h, combine(method.b, n), y[n]);
      error[n] = h * combine(method.e, n);
      coarse[n] = h * combine(method.coarse, n);
    }
  }

  void stage(std::size_t i, Time next, T h) {
    Vector z = y;
    for (std::size_t n = 0; n < y.size(); ++n)
      if (i > 0)
        z[n] = std::fma(h, combine(method.a[i], n), y[n]);
    evaluate(T(method.c[i] == 1 ? next : t + Time(method.c[i]) * Time(h)), z, k[i]);
  }

  /// The stages that only dense output needs.
  void extend(Time next, T h) {
    for (std::size_t i = method.stages(); i < method.a.size(); ++i)
      stage(i, next, h);
  }

  T polynomial(const std::vector<double> &p, T theta) const {
    T sum = 0;
    for (std::size_t m = p.size(); m-- > 0;)
      sum = (sum + T(p[m])) * theta;
    return sum;
  }

  /// y(t + theta h) = y + h sum_i (p_i(theta) + q(theta) b_i) k_i.
  Vector interpolate(T theta, T h) const {
    Vector inside = y;
    for (std::size_t n = 0; n < y.size(); ++n) {
      T s = 0;
      for (std::size_t i = 0; i < method.p.size(); ++i) {
        T weight = polynomial(method.p[i], theta);
        if (i < method.b.size())
          weight += polynomial(method.q, theta) * T(method.b[i]);
        s += weight * k[i][n];
      }
      inside[n] = y[n] + h * s;
    }
    return inside;
  }

  void advance(Time next, T h) {
    auto pending = [&] { return result.rows.size() < times.size(); };
    if (pending() && times[result.rows.size()] < next)
      extend(next, h);
    while (pending() && times[result.rows.size()] < next)
      result.rows.push_back(interpolate(T((times[result.rows.size()] - t) / (next - t)), h));
    if (pending() && times[result.rows.size()] == next)
      result.rows.push_back(y1);
    t = next;
    y = y1;
    if (method.fsal())
      k[0] = k[method.stages() - 1];
    ++result.accepted;
    const bool finite = std::all_of(y.begin(), y.end(), [](T x) { return std::isfinite(x); });
    if (!finite)
      result.status = Status::non_finite;
  }

  /// Decides on the step of length h and sets h to the next one. With r the norm of the error over
  /// atol + rtol max(|y|, |y1|): accept if r < 1; factor = safety r^-beta1 (previous r)^-beta2 (one
  /// before)^-beta3, at least 1 after an accepted step, at most `safety` after a rejected one.
  bool control(Time &h) {
    const bool nan = std::any_of(y1.begin(), y1.end(), [](T x) { return std::isnan(x); });
    Vector scale;
    for (std::size_t n = 0; n < y.size(); ++n) {
      if (std::isnan(error[n]))
        error[n] = std::numeric_limits<T>::infinity();
      const T size = std::max(std::fabs(y[n]), nan ? T(0) : std::fabs(y1[n]));
      scale.push_back(T(o.atol) + T(o.rtol) * size);
    }
    T r = rms(error, scale);
    if (!method.coarse.empty() && r > 0) {
      const T other = rms(coarse, scale);
      r *= r / std::sqrt(r * r + T(0.01) * other * other);
    }
    errorFinite = std::isfinite(r);
    const T inverse = errorFinite ? 1 / r : T(0);
    const bool accept = r < 1 || atMin;

    const double order = method.order;
    T factor = T(o.safety);
    auto multiply = [&](T base, double beta) {
      if (beta != 0)
        factor *= std::pow(base, T(beta));
    };
    multiply(inverse, (o.pcoeff + o.icoeff + o.dcoeff) / order);
    multiply(inverse1, -(o.pcoeff + 2 * o.dcoeff) / order);
    multiply(inverse2, o.dcoeff / order);
    factor = accept ? std::clamp(factor, T(1), T(o.factorMax))
                    : std::clamp(factor, T(o.factorMin), T(o.safety));
    h = std::min(h * Time(factor), Time(o.dtMax));
    if (o.dtMin > 0) {
      if (h < o.dtMin && !o.forceDtMin)
        result.status = Status::dt_min_reached;
      if (atMin && factor == 1)
        h = Time(o.dtMin);
      atMin = h <= o.dtMin;
      h = std::max(h, Time(o.dtMin));
    }
    if (accept) {
      inverse2 = inverse1;
      inverse1 = inverse == 0 || std::isinf(inverse) ? T(1) : inverse;
    }
    return accept;
  }

  /// Hairer, Norsett, Wanner I, II.4: a step for which an explicit Euler step hardly changes the
  /// slope.
  Time firstStep() {
    Time h = Time(o.dt);
    if (o.dt == 0) {
      if (!method.fsal())
        evaluate(T(t), y, k[0]);
      const Vector f0 = k[0];
      Vector scale, change = f0, f1;
      for (T x : y)
        scale.push_back(T(o.atol) + T(o.rtol) * std::fabs(x));
      const T d0 = rms(y, scale), d1 = rms(f0, scale);
      const T h0 = d0 < T(1e-5) || d1 < T(1e-5) ? T(1e-6) : T(0.01) * d0 / d1;
      Vector euler = y;
      for (std::size_t n = 0; n < y.size(); ++n)
        euler[n] = y[n] + h0 * f0[n];
      evaluate(T(t + h0), euler, f1);
      for (std::size_t n = 0; n < y.size(); ++n)
        change[n] = f1[n] - f0[n];
      const T m = std::max(d1, rms(change, scale) / h0);
      const T h1 = m <= T(1e-15) ? std::max(T(1e-6), T(1e-3) * h0)
                                 : std::pow(T(0.01) / m, T(1.0 / method.order));
      h = std::min(100 * h0, h1);
    }
    h = std::min(h, Time(o.dtMax));
    atMin = o.dtMin > 0 && h <= o.dtMin;
    return std::max(h, Time(o.dtMin));
  }

  const Tableau &method;
  Field field;
  ReferenceOptions o;
  Result result;
  std::vector<double> times;

  Time t = 0;
  Vector y, y1, error, coarse;
  std::vector<Vector> k;
  T inverse1 = 1, inverse2 = 1; ///< 1/r of the last two accepted steps
  bool atMin = false;
  bool errorFinite = true;
};

} // namespace deq::test
