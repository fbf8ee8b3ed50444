// Other libraries' solvers of the benchmark problems, where they are installed.
// They have no tsit5: they run the method of theirs that is nearest, at the same tolerances.
#pragma once

#include "baselines/Baselines.h"

namespace deq::bench {

/// Boost.odeint, runge_kutta_dopri5 with its error control; null for an unknown problem.
SolveFunction boostSolver(const char *problem);

/// GSL, rkf45 with its standard control; null for an unknown problem.
SolveFunction gslSolver(const char *problem);

} // namespace deq::bench
