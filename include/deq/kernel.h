// The binary interface between a compiled solve and whoever calls it.
// Everything a solve remembers between calls lives in a workspace of the caller, so that any call
// can be the last one for now: output that grows, interruption, progress and step-by-step
// integration are all the same call again.
#pragma once

#include <cstddef>
#include <cstdint>

#pragma GCC visibility push(default)
namespace deq {

/// One 8-byte cell of a workspace or an input block. An f32 value occupies the first four bytes.
union Slot {
  double f64;
  float f32;
  std::int64_t i64;
};
static_assert(sizeof(Slot) == 8, "slots are addressed by generated code");

/// Why a call of a kernel returned.
enum class Outcome : std::int32_t {
  done = 0,        ///< the solve ended; the workspace's status says how
  output_full = 1, ///< rows == capacity; give room and call again
  budget_spent = 2 ///< `budget` steps were attempted; call again to go on
};

/// The argument of one call. Pointers are read during the call only. Generated code addresses the
/// members by offset.
///
/// Lifetime of a solve: zero the workspace (status 0 is "fresh"), call with capacity >= 1, and call
/// again with the same inputs until the outcome is `done`. A step that finds no room for its rows
/// is repeated by the next call, with the same bits, so how often the caller interrupts never
/// changes a result.
///
/// A kernel's time always increases: it is t, or -t in a solve backwards in time, by the control
/// input `direction`. Inputs, `times`, `clips` and the workspace are in that time, rows in t.
struct Frame {
  Slot *workspace;     ///< state of the solve: see StateSlot; Signature says how many slots;
                       ///< fastest from the beginning of a cache line on
  const Slot *uniform; ///< inputs shared by an ensemble: control values, small arguments, literals
  const Slot *trajectory;    ///< inputs of this trajectory: initial values
  const void *const *memory; ///< one pointer per large argument, row-major in the element type
  const double *times;       ///< save times after t0, strictly increasing, closed by +infinity
  double *out_t;             ///< time of each row
  void *out_y;               ///< rows of the flat state in the element type
  std::int64_t capacity;     ///< rows that fit
  std::int64_t rows;         ///< in: first free row; out: rows filled
  std::int64_t budget;       ///< most steps this call may attempt; at least 1
  /// Times after t0 at which a step has to end, as pairs (time, kind), strictly increasing, closed
  /// by a time of +infinity. A kind is a sum of ClipKind. Only kernels that clip their steps read
  /// it.
  const double *clips;
};
static_assert(offsetof(Frame, workspace) == 0 && offsetof(Frame, budget) == 72 &&
                  offsetof(Frame, clips) == 80,
              "see LowerToLLVM");

/// What else happens at a time at which a step has to end.
enum ClipKind : int {
  clip_jump = 1, ///< the field is discontinuous there
  clip_end = 2   ///< the solve succeeds there; the step beyond it is planned as if it went on
};

/// First slots of every workspace. `t` and `t_next` take two slots of f32 each (value,
/// compensation) where times are pairs, in f32 solves; else one of f64: in f64 solves, and in f32
/// solves with `time = f64`. The flat state follows them at `state_slot`.
enum StateSlot : int {
  slot_status = 0,
  slot_component = 1, ///< flat index of the component that a failure is blamed on, -1 if none
  slot_accepted = 2,
  slot_rejected = 3,
  slot_cursor = 4,   ///< next entry of `times`
  slot_closed = 5,   ///< 1 once the closing row is written
  slot_limited = 6,  ///< judged steps that stability limits, -1 if none is judged
  slot_extended = 7, ///< steps with a row inside, if the method has stages for dense output alone
  slot_event = 8,    ///< number of the event that ended the solve, -1 if none did
  slot_t = 9
};
/// One in this many accepted steps is judged for stability: rare enough to cost nothing.
constexpr int stability_interval = 16;
constexpr int time_slots(bool pairs) { return pairs ? 2 : 1; }
constexpr int state_slot(bool pairs) { return slot_t + 2 * time_slots(pairs); }

/// A compiled solve. Reentrant: all state is in the frame.
using KernelFunction = std::int32_t (*)(Frame *);

} // namespace deq
#pragma GCC visibility pop
