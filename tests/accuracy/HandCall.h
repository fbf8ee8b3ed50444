// Calls of a kernel one step and one row at a time, with the workspace in view. What a driver hides
// is what the tests of the protocol and of single decisions look at.
#pragma once

#include "Compiled.h"
#include "runtime/Inputs.h"

namespace deq::test {

/// A frame with room for one row and a budget of one step, and what it points at.
struct HandCall {
  explicit HandCall(const Compiled &c)
      : c(c), f32(isSingle(c.signature.dtype)), pairs(pairsTimes(c.signature.dtype)),
        workspace(c.signature.workspace_slots, Slot{}),
        uniform(uniformInputs(c.signature, c.values)),
        trajectory(trajectoryInputs(c.signature, c.values)),
        times(saveTimes(c.signature, c.values)), clips(clipTimes(c.signature, c.values)),
        row32(c.signature.width()), row64(c.signature.width()) {}

  Outcome call() {
    Frame frame{};
    frame.workspace = workspace.data();
    frame.uniform = uniform.data();
    frame.trajectory = trajectory.data();
    frame.times = times.data();
    frame.clips = &clips.front().time;
    frame.out_t = &time;
    frame.out_y = f32 ? static_cast<void *>(row32.data()) : static_cast<void *>(row64.data());
    frame.capacity = 1;
    frame.budget = budget;
    const Outcome outcome = c.program->call(frame);
    rows = frame.rows;
    if (rows == 1) {
      solution.t.push_back(time);
      for (std::size_t i = 0; i < row64.size(); ++i)
        solution.y.push_back(f32 ? row32[i] : row64[i]);
    }
    return outcome;
  }

  Status status() const { return static_cast<Status>(workspace[slot_status].i64); }
  std::int64_t integer(StateSlot slot) const { return workspace[slot].i64; }
  double timeAt(int slot) const {
    return pairs ? double(workspace[slot].f32) + workspace[slot + 1].f32 : workspace[slot].f64;
  }
  double t() const { return timeAt(slot_t); }
  double next() const { return timeAt(slot_t + time_slots(pairs)); }
  double y(int i) const {
    const Slot &slot = workspace[state_slot(pairs) + i];
    return f32 ? slot.f32 : slot.f64;
  }

  const Compiled &c;
  bool f32, pairs;
  std::vector<Slot> workspace, uniform, trajectory;
  std::vector<double> times;
  std::vector<Clip> clips;
  std::vector<float> row32;
  std::vector<double> row64;
  double time = 0;
  std::int64_t rows = 0, budget = 1;
  Solution solution;
};

} // namespace deq::test
