// What a solve returns: times, values, how it ended and what it cost.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

/// How a solve stands or ended. `fresh`, `running` and `resumed` are states of a resumable solve,
/// never of a returned Solution. The order is part of the kernel's binary interface.
enum class Status : std::int64_t {
  fresh = 0,
  running = 1,
  success = 2,
  stopped = 3, ///< an event of the solve ended it
  max_steps_reached = 4,
  dt_min_reached = 5,
  step_underflow = 6, ///< t + h == t
  non_finite = 7, ///< underflow whose last error was not finite, or an accepted state that is not
  interrupted = 8,
  /// A state to go on from: `running`, but the times of Frame::clips ahead may have changed, and
  /// those of all lists are counted anew. Only for kernels that clip their steps.
  resumed = 9
};

/// The status as in JSON: "success", "max_steps_reached", ...
const char *name(Status status);
/// One sentence for a person; empty for success.
const char *message(Status status);
inline bool ok(Status status) { return status == Status::success || status == Status::stopped; }

/// One leaf of the state tree: scalars have an empty shape, arrays are row-major.
struct Leaf {
  std::string name;
  std::vector<std::int64_t> shape;
};
/// Number of scalars in a leaf.
std::int64_t elements(const std::vector<std::int64_t> &shape);
/// Names of the flat state's columns, `x` or `q[0][1]`.
std::vector<std::string> columns(const std::vector<Leaf> &leaves);

/// Where a solve failed: the last accepted time, the number of attempted steps, the component with
/// the largest scaled error (or the first one that is not finite); empty if none is to blame.
struct Failure {
  double t = 0;
  std::int64_t step = 0;
  std::string component;
};

/// The event that ended a solve of status `stopped`, located to its tolerance: the last row is
/// there.
struct EventRecord {
  std::int64_t index = -1; ///< among the events of the solve, in their order; -1: none
  std::string name;
  double t = 0;
};

struct Statistics {
  std::int64_t steps = 0; ///< attempted: accepted + rejected
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t evaluations = 0; ///< calls of the field, those of the initial step included
  /// Accepted steps that were judged for stability, and those of them that it limits: h*|lambda| is
  /// close to the end of the method's stability interval (docs/methods.md). 0 of 0 for methods
  /// whose steps do not tell, and for constant steps.
  std::int64_t sampled = 0;
  std::int64_t limited = 0;
};
/// Whether stability, not the error, keeps most steps of a solve short: at least 8 were judged, and
/// more than half of them are limited. An implicit method would take far fewer.
bool limited_by_stability(const Statistics &stats);

/// What a save plan brought.
struct Rows {
  std::string plan; ///< its name; empty for the main plan of a solve
  /// Leaves of the state that it saves, in the order that it names them, then its expressions.
  std::vector<Leaf> leaves;
  std::vector<double> t;        ///< one per row
  std::vector<double> y;        ///< rows x scalars of the leaves, row-major; f32 is widened exactly
  std::int64_t expressions = 0; ///< how many of `leaves`, the last ones, are expressions

  std::int64_t width() const; ///< scalars of a row
  /// The numbers of one row; none if there is no such row.
  std::span<const double> row(std::size_t i) const;
};

/// The inside of the steps of a solve, which outlives the program that made it. Many threads may
/// ask at once.
class DenseOutput {
public:
  virtual ~DenseOutput() = default;
  /// Writes one row per time, of the leaves of the main plan: the bits that `save at` has there,
  /// NaN outside of what the solve passed. A time costs a search and one step of the method; times
  /// that follow each other in the direction of the solve share the steps that they fall into.
  virtual void evaluate(std::span<const double> t, double *y) const = 0;
  /// The same for dy/dt of the interpolant, whose order is one less than that of its values; NaN
  /// for expressions, and everywhere if the solve took no step.
  virtual void derivative(std::span<const double> t, double *dy) const = 0;
};

struct Checkpoint; // deq/checkpoint.h

/// The rows of the main plan, and everything else that is known at the end of a solve.
struct Solution : Rows {
  std::vector<Rows> plans; ///< those of the named plans
  Status status = Status::success;
  EventRecord event;
  Failure failure; ///< meaningful if !deq::ok(status)
  Statistics stats;

  std::shared_ptr<const DenseOutput> dense; ///< null unless a plan is `dense`
  /// Where another run can go on; null unless the solve was compiled for it.
  std::shared_ptr<const Checkpoint> checkpoint;
  /// Of a call that goes on from a checkpoint: why its steps started anew instead, since "it", the
  /// state, was left by another solve, say. Empty if they are those without the break.
  std::string restart_reason;

  bool ok() const { return deq::ok(status); }
  /// The state at any time that a solve with a plan `dense` passed; NaN at others, and without one.
  std::vector<double> evaluate(double t) const;
  /// Rows x width() for many times.
  std::vector<double> evaluate(const std::vector<double> &t) const;
  /// dy/dt, by the derivative of the dense output: an approximation of f(t, y) that costs no
  /// evaluation beyond those of `evaluate`.
  std::vector<double> derivative(double t) const;
  std::vector<double> derivative(const std::vector<double> &t) const;
};

} // namespace deq
#pragma GCC visibility pop
