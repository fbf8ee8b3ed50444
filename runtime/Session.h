// The memory behind a kernel's frame: its inputs and the workspace that holds the state of a solve.
// Kept apart from what drives it, because one memory can serve many solves.
#pragma once

#include "Inputs.h"
#include "SlotVector.h"
#include "compiler/Compile.h"
#include "deq/checkpoint.h"

namespace deq {

/// The memory behind a frame.
class Session {
public:
  Session() = default;
  Session(const Signature &signature, const Values &values) { assign(signature, values); }
  /// A fresh solve, in the memory of the last one.
  void assign(const Signature &signature, const Values &values);

  /// Takes up the state of an earlier solve. Its scratch, last in the workspace, may be of another
  /// size.
  void goOn(const Checkpoint &from, const Values &values);
  /// The state for another solve to go on from; `status` is how this one ended.
  Checkpoint checkpoint(const Signature &signature, const Values &values, Status status) const;

  /// Goes on from where it stands, to end at `t` with success if that is ahead: for kernels that
  /// clip their steps. The next call plans the step anew.
  void aim(double t, DType dtype);
  /// Room for what `aim` adds, so that it allocates nothing. The length of its longest list.
  std::size_t reserveAim() {
    ahead.reserve(clips.size() + 1);
    return clips.size() + 1;
  }

  Frame frame() { return frameOf(workspace); }
  Frame frameOf(SlotVector &slots) const;

  /// The last accepted time.
  double t() const { return direction * kernelTime(slot_t) + 0.0; }
  /// The row that the kernel would write where the solve stands. It is asked for it, because
  /// expressions are its business: as if an event had just stopped the solve.
  std::vector<double> row(const Program &program, const Signature &signature) const;
  std::vector<double> y() const;
  /// Writes the state, as wide as it is.
  void copyState(double *y) const;
  Status status() const { return static_cast<Status>(workspace[slot_status].i64); }
  std::int64_t counter(StateSlot slot) const { return workspace[slot].i64; }
  /// Jumps of the field that the solve has passed: it lands on each of them.
  std::int64_t jumps() const;
  /// What the solve has cost so far.
  Statistics statistics(const Signature &signature, const Values &values) const;
  const SlotVector &state() const { return workspace; }
  bool closed() const { return counter(slot_closed) == 1; }
  /// Rows that the save plan amounts to, where it tells (not for every n-th step).
  std::int64_t plannedRows() const { return std::int64_t(times.size()) + 1; }

private:
  std::int64_t evaluations(const Signature &signature, const Values &values,
                           std::int64_t steps) const;
  double kernelTime(int slot) const {
    if (!pairs)
      return workspace[slot].f64;
    return double(workspace[slot].f32) + double(workspace[slot + 1].f32);
  }

  bool single = false, pairs = false; ///< the state is f32; times are pairs of them
  double direction = 1;
  std::int64_t width = 0;
  std::vector<double> times;
  std::vector<Clip> clips, ahead; ///< all of the solve; those that `aim` left to pass, if any
  SlotVector workspace;
  std::vector<Slot> uniform, trajectory;
  MemoryInputs memory;
  std::int64_t passedJumps = 0; ///< by the solve that this one goes on with
};

} // namespace deq
