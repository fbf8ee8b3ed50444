// Runs a compiled solve to its end: owns the workspace, grows the output, reports progress.
// A kernel only ever runs for a slice of steps; what happens between the slices is decided here.
#pragma once

#include "compiler/Compile.h"
#include "deq/checkpoint.h"
#include "deq/solution.h"

#include <functional>

namespace deq {

struct Progress {
  double t = 0;        ///< last accepted time
  double fraction = 0; ///< of the span, 0..1
  std::int64_t steps = 0;
};

struct SolveHooks {
  /// Polled between slices of steps; true ends the solve with Status::interrupted, the rows written
  /// so far and, if the save plan closes, the current state.
  std::function<bool()> interrupted;
  /// Called between slices, at most about every 0.1 s.
  std::function<void(const Progress &)> progress;
  /// Steps per call of the kernel; 0: chosen so that a slice takes 10 to 40 ms.
  std::int64_t sliceSteps = 0;
  /// The state that `values.resumed_at` goes on from (runtime/Resume.h); null otherwise.
  const Checkpoint *from = nullptr;
  /// Rows of output per call of the kernel; 0: what the plan needs, or a growing guess.
  std::int64_t rowCapacity = 0;
};

/// Solves with `values`, for which `mismatch` finds nothing. The numerical outcome is in the
/// solution's status; nothing is thrown. Dense output needs a program that a shared_ptr owns.
Solution solve(const Program &program, const Signature &signature, const Values &values,
               const SolveHooks &hooks = {});

/// The uniform block of a kernel: control inputs (Inputs.def), then arguments of kind uniform, then
/// literals.
std::vector<Slot> uniformInputs(const Signature &signature, const Values &values);

} // namespace deq
