// Hand-written solvers of the benchmark problems, as a table of functions: what deq is measured
// against. The file behind it is compiled once per compiler found, each into its own namespace, so
// that the best of them counts.
#pragma once

#include <cstdint>
#include <vector>

namespace deq::bench {

/// What a solve is told at run time. `parameters` are the field's arguments in deq's order.
struct Task {
  const double *parameters;
  const double *y0;
  double t0, t1;
  double rtol, atol;
  std::int64_t maxSteps;
};

struct Steps {
  std::int64_t accepted = 0, rejected = 0;
  bool success = false;
};

/// Solves `task` and leaves the state at the end in `y1`.
using SolveFunction = Steps (*)(const Task &task, double *y1);

/// A solver of one problem, by the names of both.
struct Baseline {
  const char *problem;
  const char *kind; ///< same-work, same-work-libm, same-work-lanes, expert
  SolveFunction solve;
};

/// The tables of the compilers that the build found.
namespace gcc {
std::vector<Baseline> baselines();
}
namespace clang {
std::vector<Baseline> baselines();
}

} // namespace deq::bench
