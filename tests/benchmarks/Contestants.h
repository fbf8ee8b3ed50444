// Everything that can solve a benchmark problem here: deq in each emission, the hand-written
// solvers of each compiler, other libraries. One list, so that every program measures the same
// things under the same names.
#pragma once

#include "Problems.h"
#include "baselines/Baselines.h"

namespace deq::bench {

/// What a solve left: the state at the end, and how many steps it took.
struct Finish {
  Steps steps;
  std::vector<double> y;
};

struct Contestant {
  std::string name;     ///< "deq unroll", "same-work", "boost", ..
  std::string compiler; ///< of hand-written code: gcc or clang; else empty
  std::function<void(Finish &)> solve;
  bool sameBits = false; ///< promises the state that deq computes, to the last bit
};

/// Empty solvers are left out: what the build did not find.
std::vector<Contestant> contestants(const BenchmarkProblem &problem);

/// The state at the end as a method of order 9 has it at a tolerance of 1e-13.
std::vector<double> reference(const BenchmarkProblem &problem);

/// The largest difference, relative to the largest component.
double relativeError(const std::vector<double> &y, const std::vector<double> &reference);

/// Processor time of the calling thread in seconds: a machine is rarely alone.
double threadSeconds();

} // namespace deq::bench
