// The benchmark problems by Boost.odeint: Dormand and Prince's method with its own error control
// and std::array as state.
#include "PeerFields.h"

#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

namespace deq::bench {

namespace {

template <class Field> struct Boost {
  using State = std::array<double, Field::size>;

  static Steps solve(const Task &task, double *y1) {
    namespace odeint = boost::numeric::odeint;
    const Field field(task.parameters);
    std::int64_t evaluations = 0;
    auto system = [&](const State &y, State &slope, double) {
      ++evaluations;
      field(y, slope);
    };
    State y;
    std::copy_n(task.y0, y.size(), y.begin());
    auto stepper = odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(task.atol, task.rtol);
    Steps steps;
    constexpr double firstStep = 1e-4;
    steps.accepted = static_cast<std::int64_t>(
        odeint::integrate_adaptive(stepper, system, y, task.t0, task.t1, firstStep));
    steps.rejected = (evaluations - 1) / 6 - steps.accepted; // six a step, and the first slope
    steps.success = true;
    std::copy(y.begin(), y.end(), y1);
    return steps;
  }
};

} // namespace

SolveFunction boostSolver(const char *problem) { return solverOf<Boost>(problem); }

} // namespace deq::bench
