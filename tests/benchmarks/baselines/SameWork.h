// One adaptive solve by tsit5 that does what deq's generated code does, operation by operation.
// Fields, tolerances and control parameters are run-time values, sums and fused operations are in
// deq's order, and so the result has deq's bits: the two differ in who wrote the machine code, and
// in nothing else.
#pragma once

#include "Baselines.h"
#include "Power.h"
#include "Tsit5.h"

#include <limits>

namespace deq::bench::DEQ_BASELINES {

/// PID control: the logarithm of the step factor is a sum of logarithms of mean squares of scaled
/// errors, of this step and the two before.
struct Control {
  double rtol, atol, gain1, gain2, gain3, logSafety, logFactorMin, logFactorMax, dtMin, dtMax;
};

/// Hidden from the optimiser, which would otherwise fold what a user may change at run time.
template <class Power> inline Control control(const Task &task) {
  Control c{task.rtol,
            task.atol,
            -0.5 / 5,
            0,
            0,
            Power::log2(0.9),
            Power::log2(0.2),
            Power::log2(10),
            0,
            std::numeric_limits<double>::infinity()};
  asm volatile("" : : "r"(&c) : "memory");
  return c;
}

template <class Field, class Power> class SameWork {
public:
  static constexpr std::size_t n = Field::size;
  using State = std::array<double, n>;

  static Steps solve(const Task &task, double *y1) {
    SameWork solver(task);
    const Steps steps = solver.run();
    std::copy(solver.y.begin(), solver.y.end(), y1);
    return steps;
  }

private:
  explicit SameWork(const Task &task)
      : task(task), field(task.parameters), settings(control<Power>(task)),
        endTolerance(100 * (std::nextafter(task.t1, HUGE_VAL) - task.t1)) {
    std::copy_n(task.y0, n, y.begin());
  }

  Steps run() {
    Steps steps;
    double t = task.t0, last = 0, secondLast = 0;
    field(y, k[0]);
    auto power = [](double x) { return Power::exp2(1, 1.0 / 5 * Power::log2(x)); };
    double next = land(t, firstStep(field, y, k[0], settings.rtol, settings.atol, power), true);
    while (next > t && steps.accepted + steps.rejected < task.maxSteps) {
      const double h = next - t;
      State z;
      attempt(h, z);
      const double r2 = scaledError(h, z);
      const double log = Power::log2(r2);
      const double history =
          std::fma(settings.gain3, secondLast, std::fma(settings.gain2, last, settings.logSafety));
      const double exponent = std::fma(settings.gain1, log, history);
      if (r2 < 1) [[likely]] {
        ++steps.accepted;
        t = next;
        y = z;
        k[0] = k[stages - 1];
        secondLast = last;
        last = r2 > 0 ? log : 0;
        if (t >= task.t1) {
          steps.success = true;
          return steps;
        }
        next = land(t, scale(h, exponent, 0, settings.logFactorMax), true);
      } else {
        ++steps.rejected;
        const bool finite = r2 < std::numeric_limits<double>::infinity();
        const double high = finite ? settings.logSafety : settings.logFactorMin;
        next = land(t, scale(h, exponent, settings.logFactorMin, high), false);
      }
    }
    return steps;
  }

  static double scale(double h, double exponent, double low, double high) {
    return Power::exp2(h, std::min(std::max(low, exponent), high));
  }

  /// Where a step of length h ends, within its limits; 100 ulp short of the end is the end.
  double land(double t, double h, bool accepted) const {
    h = std::max(std::min(h, settings.dtMax), settings.dtMin);
    const double end = t + h;
    if (task.t1 - end < endTolerance) [[unlikely]]
      return accepted ? task.t1 : t + 0.5 * (task.t1 - t);
    return end;
  }

  template <std::size_t stage> void evaluateStage(double h, State &z) {
    for (std::size_t i = 0; i < n; ++i) {
      double sum = a[stage][0] * k[0][i];
      for (std::size_t j = 1; j < stage; ++j)
        sum = std::fma(a[stage][j], k[j][i], sum);
      z[i] = std::fma(h, sum, y[i]);
    }
    field(z, k[stage]);
  }

  /// All slopes of a step of length h, and the state at its end.
  void attempt(double h, State &z) {
    evaluateStage<1>(h, z);
    evaluateStage<2>(h, z);
    evaluateStage<3>(h, z);
    evaluateStage<4>(h, z);
    evaluateStage<5>(h, z);
    evaluateStage<6>(h, z);
  }

  double scaledError(double h, const State &z) const {
    State ratio;
    for (std::size_t i = 0; i < n; ++i) {
      double sum = e[0] * k[0][i];
      for (std::size_t j = 1; j < stages; ++j)
        sum = std::fma(e[j], k[j][i], sum);
      const double magnitude = std::max(std::fabs(y[i]), std::fabs(z[i]));
      ratio[i] = h * sum / std::fma(settings.rtol, magnitude, settings.atol);
    }
    return meanSquare(ratio);
  }

  Task task;
  Field field;
  Control settings;
  double endTolerance;
  State y;
  std::array<State, stages> k;
};

} // namespace deq::bench::DEQ_BASELINES
