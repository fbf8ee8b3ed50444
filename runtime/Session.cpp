// Fills the memory behind a frame, and reads the state of a solve out of it.
#include "Session.h"

#include "KernelRow.h"
#include "Resume.h"
#include "Solve.h"

#include <algorithm>
#include <bit>

namespace deq {

void Session::assign(const Signature &signature, const Values &values) {
  single = isSingle(signature.dtype);
  pairs = pairsTimes(signature.dtype);
  direction = values.direction();
  width = signature.width();
  saveTimes(signature, values, times);
  clipTimes(signature, values, clips);
  ahead.clear();
  workspace.assign(std::max(signature.workspace_slots, state_slot(pairs) + width), Slot{});
  uniformInputs(signature, values, uniform);
  trajectoryInputs(signature, values, trajectory);
  memoryInputs(signature, values, memory);
  passedJumps = 0;
}

void Session::goOn(const Checkpoint &from, const Values &values) {
  const std::size_t known = std::min(workspace.size(), from.workspace.size());
  for (std::size_t i = 0; i < known; ++i)
    workspace[i] = std::bit_cast<Slot>(from.workspace[i]);
  // A solve that is at its end already has no step left to plan.
  const Status next = endsOpen(values) ? Status::resumed : Status::success;
  workspace[slot_status].i64 = static_cast<std::int64_t>(next);
  workspace[slot_component].i64 = workspace[slot_event].i64 = -1;
  workspace[slot_cursor].i64 = workspace[slot_closed].i64 = 0;
  passedJumps = from.jumps;
}

void Session::aim(double t, DType dtype) {
  const double target = keptTime(direction * t, dtype), now = kernelTime(slot_t);
  ahead.clear();
  bool due = target > now;
  for (const Clip &clip : clips) {
    if (clip.time <= now)
      continue;
    if (due && target <= clip.time) {
      const int kind = target == clip.time ? int(clip.kind) : 0;
      ahead.push_back({target, double(kind | clip_end)});
      due = false;
      if (target == clip.time)
        continue;
    }
    ahead.push_back(clip);
  }
  if (status() == Status::fresh)
    return;
  workspace[slot_status].i64 = static_cast<std::int64_t>(Status::resumed);
  workspace[slot_closed].i64 = 0;
}

Checkpoint Session::checkpoint(const Signature &signature, const Values &values,
                               Status status) const {
  Checkpoint to;
  to.solve = signature.solve;
  to.status = status == Status::running ? Status::interrupted : status;
  to.t = t();
  to.dt = kernelTime(slot_t + time_slots(pairs)) - kernelTime(slot_t);
  to.y = y();
  to.state = signature.state;
  to.identity = signature.identity;
  to.inputs = checkpointInputs(signature, values);
  for (const Slot &slot : workspace)
    to.workspace.push_back(std::bit_cast<std::uint64_t>(slot));
  to.jumps = jumps();
  return to;
}

Frame Session::frameOf(SlotVector &slots) const {
  Frame frame{};
  frame.workspace = slots.data();
  frame.uniform = uniform.data();
  frame.trajectory = trajectory.data();
  frame.memory = memory.pointers.data();
  frame.times = times.data();
  frame.clips = ahead.empty() ? &clips.front().time : &ahead.front().time;
  return frame;
}

std::vector<double> Session::row(const Program &program, const Signature &signature) const {
  if (signature.observed.empty())
    return y();
  SlotVector stopped = workspace;
  stopped[slot_status].i64 = static_cast<std::int64_t>(Status::stopped);
  stopped[slot_accepted].i64 = 1;
  stopped[slot_cursor].i64 = stopped[slot_closed].i64 = 0;
  return kernelRow(program, frameOf(stopped), signature);
}

void Session::copyState(double *y) const {
  for (std::int64_t i = 0; i < width; ++i) {
    const Slot &slot = workspace[state_slot(pairs) + i];
    y[i] = single ? slot.f32 : slot.f64;
  }
}

std::vector<double> Session::y() const {
  std::vector<double> state(width);
  copyState(state.data());
  return state;
}

std::int64_t Session::jumps() const {
  return passedJumps + std::count_if(clips.begin(), clips.end(), [&](const Clip &clip) {
           return (int(clip.kind) & clip_jump) != 0 && clip.time <= kernelTime(slot_t);
         });
}

/// Calls of the field. The automatic first step costs two, one of which is the first slope where a
/// method keeps it; a kept slope is computed anew at each of the jumps. A step that was repeated
/// for want of room counts once: the caller's buffers are no property of the solve.
std::int64_t Session::evaluations(const Signature &signature, const Values &values,
                                  std::int64_t steps) const {
  const std::int64_t start = signature.evaluations_at_start;
  const bool automatic = signature.control == "pid" && values.dt == 0;
  const std::int64_t firstStep = automatic ? (start > 0 ? 1 : 2) : 0;
  const std::int64_t dense = counter(slot_extended) * signature.evaluations_per_row_step;
  return start + firstStep + steps * signature.evaluations_per_step + dense + jumps() * start;
}

Statistics Session::statistics(const Signature &signature, const Values &values) const {
  Statistics stats;
  stats.accepted = counter(slot_accepted);
  stats.rejected = counter(slot_rejected);
  stats.steps = stats.accepted + stats.rejected;
  stats.evaluations = evaluations(signature, values, stats.steps);
  if (const std::int64_t limited = counter(slot_limited); limited >= 0) {
    stats.sampled = stats.accepted / stability_interval;
    stats.limited = limited;
  }
  return stats;
}

} // namespace deq
