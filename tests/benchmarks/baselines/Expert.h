// One adaptive solve by tsit5 as an engineer would write it who wants this problem solved as fast
// as possible. Constants are literals, formulas are simplified by hand, products h a_ij are formed
// before they are needed so that a slope is one operation away from the next stage, and the power
// of the controller is a rough one: it is only a step size.
#pragma once

#include "Baselines.h"
#include "Power.h"
#include "Tsit5.h"

#include <utility>

namespace deq::bench::DEQ_BASELINES {

/// `Field` has a type State with begin, size and [], of elements that are numbers or vectors of
/// them, and `meanSquare` of such a state.
template <class Field> class Expert {
public:
  using State = typename Field::State;
  using Element = typename State::value_type;

  static Steps solve(const Task &task, double *y1) {
    Expert solver(task);
    const Steps steps = solver.run(task.t0, task.t1, task.maxSteps);
    Field::store(solver.y, y1);
    return steps;
  }

private:
  explicit Expert(const Task &task) : rtol(task.rtol), atol(task.atol) {
    Field::load(task.y0, y);
    Field::slope(y, k[0]);
  }

  Steps run(double t, double t1, std::int64_t maxSteps) {
    Steps steps;
    double h = std::min(Field::firstStep(y, k[0], rtol, atol), t1 - t);
    while (steps.accepted + steps.rejected < maxSteps) {
      State z;
      stage<1>(h, z);
      stage<2>(h, z);
      stage<3>(h, z);
      stage<4>(h, z);
      stage<5>(h, z);
      stage<6>(h, z);
      const double r2 = scaledError(h, z);
      const double factor = std::min(std::max(0.9 * roughTenthRootInverse(r2), 0.2), 10.0);
      if (r2 < 1) [[likely]] {
        ++steps.accepted;
        t += h;
        y = z;
        k[0] = k[stages - 1];
        h *= factor;
        const double rest = t1 - t;
        if (rest < h * (1 + 1e-12)) [[unlikely]] {
          if (rest <= 1e-14 * t1) {
            steps.success = true;
            break;
          }
          h = rest;
        }
      } else {
        ++steps.rejected;
        h *= std::min(factor, 0.9);
        if (!(t + h > t))
          break;
      }
    }
    return steps;
  }

  /// y + sum of (h a_j) k_j over the slopes known so far, the newest last.
  template <std::size_t row, std::size_t... j>
  Element point(const double (&ha)[stages], std::size_t i, std::index_sequence<j...>) const {
    Element sum = y[i];
    ((sum = sum + ha[j] * k[j][i]), ...);
    return sum;
  }

  template <std::size_t row> void stage(double h, State &z) {
    double ha[stages];
    for (std::size_t j = 0; j < row; ++j)
      ha[j] = h * a[row][j];
    for (std::size_t i = 0; i < z.size(); ++i)
      z[i] = point<row>(ha, i, std::make_index_sequence<row>());
    Field::slope(z, k[row]);
  }

  double scaledError(double h, const State &z) const {
    State ratio;
    double he[stages];
    for (std::size_t j = 0; j < stages; ++j)
      he[j] = h * e[j];
    for (std::size_t i = 0; i < z.size(); ++i) {
      Element error = he[0] * k[0][i];
      for (std::size_t j = 1; j < stages; ++j)
        error = error + he[j] * k[j][i];
      ratio[i] = error / (atol + rtol * Field::larger(y[i], z[i]));
    }
    return Field::meanSquare(ratio);
  }

  double rtol, atol;
  State y;
  std::array<State, stages> k;
};

} // namespace deq::bench::DEQ_BASELINES
