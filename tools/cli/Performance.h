// What a run reached, per step and against what the processor can do.
// Ratios of the numbers that a result holds, in one place, because a person and a program read them
// in two forms.
#pragma once

#include "Result.h"

namespace deq::cli {

/// Nothing where it is not known: without steps, of a step that was not counted, on a processor
/// that was not measured.
struct Performance {
  std::optional<double> nsPerStep; ///< of all of the run: first step and rows included
  std::optional<double> evaluationsPerStep;
  std::optional<double> gflops;    ///< a rejected step taken for as much work as an accepted one
  std::optional<double> peakShare; ///< of the processor's fused multiply-adds
  std::optional<double> floorNs;   ///< the step's chain of dependent operations at the clock
  std::optional<double> floorShare;
};

Performance performanceOf(const Result &result);

} // namespace deq::cli
