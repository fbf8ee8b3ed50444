// Divides what was counted by what was measured.
// The units cancel to powers of ten: operations per nanosecond are GFLOP/s.
#include "Performance.h"

namespace deq::cli {

Performance performanceOf(const Result &result) {
  Performance reached;
  const Statistics &stats = result.solution.stats;
  const auto &work = result.artifact.report.step;
  const auto steps = static_cast<double>(stats.steps - result.earlierSteps);
  if (steps > 0) {
    reached.nsPerStep = 1e6 * result.runMs / steps;
    reached.evaluationsPerStep = double(stats.evaluations) / double(stats.steps);
  }
  if (work && result.machine)
    reached.floorNs = work->chainCycles / result.machine->gigahertz;
  if (!work || !reached.nsPerStep || *reached.nsPerStep <= 0)
    return reached;
  reached.gflops = double(work->operations()) / *reached.nsPerStep;
  if (result.machine) {
    reached.peakShare = *reached.gflops / result.machine->peakGflops;
    reached.floorShare = *reached.floorNs / *reached.nsPerStep;
  }
  return reached;
}

} // namespace deq::cli
