// Calls a compiled solve without the runtime around it, as hand-written code is called: memory
// ready, one call, one row. What deq::solve adds to it (allocation, copies of rows, statistics) is
// measured on its own.
#pragma once

#include "Contestants.h"
#include "deq/kernel.h"
#include "runtime/Inputs.h"
#include "runtime/Solve.h"

namespace deq::bench {

/// An f64 solve that saves its end and reads no arrays beyond its arguments.
class KernelRun {
public:
  explicit KernelRun(Artifact compiled)
      : artifact(std::move(compiled)), width(artifact.signature.width()),
        times(saveTimes(artifact.signature, artifact.values)),
        clips(clipTimes(artifact.signature, artifact.values)),
        uniform(uniformInputs(artifact.signature, artifact.values)),
        trajectory(trajectoryInputs(artifact.signature, artifact.values)),
        memory(memoryInputs(artifact.signature, artifact.values)),
        workspace(std::max(artifact.signature.workspace_slots, state_slot(false) + width)) {}

  void solve(Finish &finish) {
    std::fill(workspace.begin(), workspace.end(), Slot{});
    double t;
    finish.y.resize(width);
    Frame frame{};
    frame.workspace = workspace.data();
    frame.uniform = uniform.data();
    frame.trajectory = trajectory.data();
    frame.memory = memory.pointers.data();
    frame.times = times.data();
    frame.clips = &clips.front().time;
    frame.out_t = &t;
    frame.out_y = finish.y.data();
    frame.capacity = 1;
    frame.budget = artifact.values.max_steps;
    finish.steps.success = artifact.program->call(frame) == Outcome::done &&
                           workspace[slot_status].i64 == std::int64_t(Status::success);
    finish.steps.accepted = workspace[slot_accepted].i64;
    finish.steps.rejected = workspace[slot_rejected].i64;
  }

private:
  Artifact artifact;
  std::int64_t width;
  std::vector<double> times;
  std::vector<Clip> clips;
  std::vector<Slot> uniform, trajectory;
  MemoryInputs memory;
  std::vector<Slot> workspace;
};

} // namespace deq::bench
