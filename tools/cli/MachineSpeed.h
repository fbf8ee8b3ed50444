// How fast the processor is that this runs on, measured.
// What a solve reaches means little without what could be reached, and no table of processors knows
// the clock of this minute.
#pragma once

#include <optional>

namespace deq::cli {

struct MachineSpeed {
  /// Clock, if a fused multiply-add takes 4 cycles, as it does on x86 cores since Skylake and Zen 3
  /// and on most of Arm's.
  double gigahertz = 0;
  double peakGflops = 0; ///< of independent fused multiply-adds on one core, in vectors, 2 each
};

/// Takes some milliseconds; nullopt where the processor has no fused multiply-add or deq has no
/// loop for it. `single`: the peak of f32.
std::optional<MachineSpeed> measureMachine(bool single);

} // namespace deq::cli
