// The benchmark problems by the GNU Scientific Library: Fehlberg's method, which its manual calls a
// good general one.
#include "PeerFields.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>

#include <memory>

namespace deq::bench {

namespace {

template <class Field> struct Gsl {
  static int slope(double, const double y[], double dydt[], void *field) {
    std::array<double, Field::size> state, slopes;
    std::copy_n(y, state.size(), state.begin());
    (*static_cast<const Field *>(field))(state, slopes);
    std::copy(slopes.begin(), slopes.end(), dydt);
    return GSL_SUCCESS;
  }

  static Steps solve(const Task &task, double *y1) {
    Field field(task.parameters);
    gsl_odeiv2_system system = {slope, nullptr, Field::size, &field};
    constexpr double firstStep = 1e-4;
    std::unique_ptr<gsl_odeiv2_driver, decltype(&gsl_odeiv2_driver_free)> driver(
        gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rkf45, firstStep, task.atol,
                                      task.rtol),
        gsl_odeiv2_driver_free);
    std::copy_n(task.y0, Field::size, y1);
    double t = task.t0;
    Steps steps;
    steps.success = gsl_odeiv2_driver_apply(driver.get(), &t, task.t1, y1) == GSL_SUCCESS;
    steps.accepted = static_cast<std::int64_t>(driver->e->count - driver->e->failed_steps);
    steps.rejected = static_cast<std::int64_t>(driver->e->failed_steps);
    return steps;
  }
};

} // namespace

SolveFunction gslSolver(const char *problem) { return solverOf<Gsl>(problem); }

} // namespace deq::bench
