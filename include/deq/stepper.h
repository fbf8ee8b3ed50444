// A solve step by step: the host decides when the next step is taken, and looks at the state in
// between.
// The steps are those of the compiled solve, to the last bit: a stepper calls the same code and
// keeps its workspace.
#pragma once

#include "deq/array.h"
#include "deq/solution.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

struct Checkpoint; // deq/checkpoint.h

/// Made by Prepared::stepper; outlives the engine. Allocates when it is made and never by a step.
/// The save plan of the solve writes no rows here; all else counts: events, `step_at`, `jump_at`,
/// `max_steps`. Its steps are those of the solve, in number and in bits. One that was moved from
/// can only be assigned to. Errors are deq::Error at the place of the call.
class Stepper {
public:
  /// Takes steps until one is accepted. False if none was: the solve has ended, `status` says how.
  bool step();
  /// Takes steps up to t, where the last one ends exactly: the steps of a solve with t among its
  /// `step_at`. Needs Options::resumable, unless t is the end of the span. False if the solve ended
  /// before t, by an event or a failure. Error if t is behind, beyond the end or no number.
  bool step_until(double t, Place at = Place::current());

  /// Where it stands: t0, then the end of the last accepted step.
  double t() const;
  /// The flat state at t, of f32 solves widened; valid until the next step.
  std::span<const double> y() const;
  /// One leaf of it; error if there is none of that name.
  std::span<const double> y(std::string_view leaf, Place at = Place::current()) const;
  /// Length of the last accepted step, negative backwards in time; 0 before the first one.
  double dt() const;

  /// Writes the state at a time within the last accepted step: the bits that `save at` has there.
  /// Takes that step again, so it costs as much. Error without a save plan that lists times
  /// (`at`, `every`, `dense`), which the code for it comes with, and outside of the step.
  void evaluate(double t, std::span<double> y, Place at = Place::current()) const;
  std::vector<double> evaluate(double t, Place at = Place::current()) const;

  /// `running` until the solve has ended, then how.
  Status status() const;
  bool done() const { return status() != Status::running; }
  bool ok() const { return !done() || deq::ok(status()); }
  /// The event that ended it.
  EventRecord event() const;
  /// Of a solve that failed: what a Solution says of it.
  Failure failure() const;
  Statistics stats() const;
  /// Where it stands, for Call::from; null unless the solve was prepared with Options::resumable.
  std::shared_ptr<const Checkpoint> checkpoint() const;
  /// As of a Solution.
  const std::string &restart_reason() const;
  const std::vector<Leaf> &state() const; ///< the leaves of y

  Stepper(Stepper &&) noexcept;
  Stepper &operator=(Stepper &&) noexcept;
  ~Stepper();

  class [[gnu::visibility("hidden")]] State;
  explicit Stepper(std::unique_ptr<State> state);

private:
  std::unique_ptr<State> own;
};

} // namespace deq
#pragma GCC visibility pop
