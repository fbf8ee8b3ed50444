// A kernel written by hand: Euler's method with constant steps on y' = (y1, -y0), linear
// interpolation between steps. It keeps the protocol of deq/kernel.h, repeated steps included, so
// that the driver is tested without a compiler.
#pragma once

#include "compiler/Compile.h"

#include <type_traits>

namespace deq::test {

/// Position of each row of Inputs.def in the uniform block.
struct InputSlots {
  explicit InputSlots(bool f32) {
    int next = 0;
    const int time = time_slots(f32), length = 1, real = 1, integer = 1;
#define INPUT(name, type, value)                                                                   \
  name = next;                                                                                     \
  next += type;
#include "compiler/Inputs.def"
    end = next;
  }
#define INPUT(name, type, value) int name = 0;
#include "compiler/Inputs.def"
  int end = 0; ///< arguments and literals follow
};

template <class Real> class ToyProgram : public Program {
public:
  static constexpr bool f32 = std::is_same_v<Real, float>;

  explicit ToyProgram(const Signature &signature) : kind(signature.save) {}

  /// Fails before this step, blaming the second component.
  std::int64_t failAt = -1;
  mutable std::int64_t calls = 0;
  mutable std::int64_t attempts = 0; ///< steps computed, repeated ones included

  Outcome call(Frame &frame) const override {
    ++calls;
    Cursor c{frame, in};
    if (c.status() == Status::fresh && !start(c))
      return Outcome::output_full;
    for (std::int64_t spent = 0; c.status() == Status::running; ++spent) {
      if (c.integer(slot_accepted) == c.input(in.fixed_steps).i64)
        return finish(c, Status::success);
      if (c.integer(slot_accepted) == failAt) {
        c.integer(slot_component) = 1;
        return finish(c, Status::non_finite);
      }
      if (c.integer(slot_accepted) == c.input(in.max_steps).i64)
        return finish(c, Status::max_steps_reached);
      if (spent == frame.budget)
        return Outcome::budget_spent;
      if (!step(c))
        return Outcome::output_full;
    }
    return Outcome::done;
  }

private:
  static Real get(const Slot &slot) {
    if constexpr (f32)
      return slot.f32;
    else
      return slot.f64;
  }
  static void set(Slot &slot, Real x) {
    if constexpr (f32)
      slot.f32 = x;
    else
      slot.f64 = x;
  }

  struct Cursor {
    Frame &frame;
    const InputSlots &in;

    Status status() const { return static_cast<Status>(frame.workspace[slot_status].i64); }
    std::int64_t &integer(StateSlot slot) { return frame.workspace[slot].i64; }
    const Slot &input(int slot) const { return frame.uniform[slot]; }
    double time(const Slot *slot) const {
      return f32 ? double(get(slot[0])) + double(get(slot[f32])) : get(slot[0]);
    }
    double t() const { return time(frame.workspace + slot_t); }
    void setT(double t) {
      set(frame.workspace[slot_t], Real(t));
      if (f32)
        set(frame.workspace[slot_t + 1], Real(t - Real(t)));
    }
    Slot &y(int i) { return frame.workspace[state_slot(f32) + i]; }

    bool row(double t, Real y0, Real y1) {
      if (frame.rows == frame.capacity)
        return false;
      frame.out_t[frame.rows] = t;
      Real *out = static_cast<Real *>(frame.out_y) + 2 * frame.rows++;
      out[0] = y0;
      out[1] = y1;
      return true;
    }
  };

  bool start(Cursor &c) const {
    const double t0 = c.time(c.frame.uniform + in.t0);
    const Real y0 = get(c.frame.trajectory[0]), y1 = get(c.frame.trajectory[1]);
    if (c.input(in.save_start).i64 && !c.row(t0, y0, y1))
      return false;
    c.setT(t0);
    set(c.y(0), y0);
    set(c.y(1), y1);
    c.integer(slot_component) = -1;
    c.integer(slot_limited) = -1;
    c.integer(slot_status) = static_cast<std::int64_t>(Status::running);
    return true;
  }

  /// Commits the step only after its rows found room.
  bool step(Cursor &c) const {
    ++attempts;
    const std::int64_t m = c.integer(slot_accepted);
    const bool last = m + 1 == c.input(in.fixed_steps).i64;
    const Real h = get(c.input(last ? in.last_dt : in.dt));
    const double t = c.t(), next = last ? c.time(c.frame.uniform + in.t1) : t + double(h);
    const Real y0 = get(c.y(0)), y1 = get(c.y(1));
    const Real z0 = y0 + h * y1, z1 = y1 - h * y0;
    for (std::int64_t &cursor = c.integer(slot_cursor); c.frame.times[cursor] <= next; ++cursor) {
      const Real theta = Real((c.frame.times[cursor] - t) / (next - t));
      if (!c.row(c.frame.times[cursor], y0 + theta * (z0 - y0), y1 + theta * (z1 - y1)))
        return false;
    }
    const bool due = kind == SaveKind::steps && (m + 1) % c.input(in.save_every).i64 == 0;
    if (due && !last && !c.row(next, z0, z1))
      return false;
    c.setT(next);
    set(c.y(0), z0);
    set(c.y(1), z1);
    ++c.integer(slot_accepted);
    return true;
  }

  Outcome finish(Cursor &c, Status status) const {
    if (c.input(in.save_end).i64 && !c.integer(slot_closed)) {
      if (!c.row(c.t(), get(c.y(0)), get(c.y(1))))
        return Outcome::output_full;
      c.integer(slot_closed) = 1;
    }
    c.integer(slot_status) = static_cast<std::int64_t>(status);
    return Outcome::done;
  }

  InputSlots in{f32};
  SaveKind kind;
};

} // namespace deq::test
