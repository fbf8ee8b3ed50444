// Drives a resumable kernel: slices of steps, rows appended as they come, interruption and progress
// in between. The slicing never shows in the result, because a kernel repeats a step that found no
// room with the same bits.
#include "runtime/Solve.h"

#include "DenseSteps.h"
#include "Inputs.h"
#include "KernelRow.h"
#include "Resume.h"
#include "SavedRows.h"
#include "Session.h"

#include <algorithm>
#include <bit>
#include <chrono>

namespace deq {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The rows of one call, on their way to the solution.
class Output {
public:
  Output(const Signature &signature, std::int64_t rows)
      : width(signature.rowWidth()), f32(isSingle(signature.dtype)) {
    resize(rows);
  }

  /// A buffer of some megabytes makes the calls rare enough; more memory would buy nothing.
  static std::int64_t mostRows(std::int64_t width) {
    return std::max<std::int64_t>(1, (std::int64_t(1) << 19) / (width + 1));
  }
  void grow() { resize(std::max(capacity(), std::min(2 * capacity(), mostRows(width)))); }

  void attach(Frame &frame) {
    frame.out_t = t.data();
    frame.out_y = f32 ? static_cast<void *>(y32.data()) : static_cast<void *>(y64.data());
    frame.capacity = capacity();
    frame.rows = 0;
  }

  void moveRows(const Frame &frame, bool closing, SavedRows &rows) const {
    const std::span<const double> times(t.data(), frame.rows);
    if (f32)
      rows.append(times, y32.data(), closing);
    else
      rows.append(times, y64.data(), closing);
  }

private:
  std::int64_t capacity() const { return std::int64_t(t.size()); }
  void resize(std::int64_t rows) {
    t.resize(rows);
    if (f32)
      y32.resize(rows * width);
    else
      y64.resize(rows * width);
  }

  std::int64_t width;
  bool f32;
  std::vector<double> t, y64;
  std::vector<float> y32;
};

/// Steps per call, so that a call takes between 10 and 40 ms: short for a person, long for a
/// function call. The first call is one step, because nobody knows how long a step takes.
class Slice {
public:
  explicit Slice(std::int64_t fixed) : adaptive(fixed <= 0), count(adaptive ? 1 : fixed) {}
  std::int64_t steps() const { return count; }
  void took(double milliseconds) {
    if (!adaptive)
      return;
    if (milliseconds < 1)
      count *= 16;
    else if (milliseconds < 10)
      count *= 2;
    else if (milliseconds > 40)
      count = std::max<std::int64_t>(1, static_cast<std::int64_t>(count * 25 / milliseconds));
  }

private:
  bool adaptive;
  std::int64_t count;
};

std::int64_t firstCapacity(const Session &session, const Signature &signature,
                           const SolveHooks &hooks) {
  if (hooks.rowCapacity > 0)
    return hooks.rowCapacity;
  constexpr std::int64_t guess = 64; // for a number of steps that nobody knows yet
  const bool counts = signature.save != SaveKind::end && signature.save != SaveKind::times;
  const std::int64_t rows = session.plannedRows() + (counts ? guess : 0);
  return std::min(rows, Output::mostRows(signature.rowWidth()));
}

/// Null unless a plan is dense.
std::shared_ptr<DenseSteps> denseSteps(const Program &program, const Signature &signature,
                                       const Values &values, const Session &session) {
  auto shared = program.weak_from_this().lock();
  if (signature.save != SaveKind::dense || !shared)
    return nullptr;
  std::vector<double> start;
  if (values.goesOn())
    start = session.row(program, signature);
  return std::make_shared<DenseSteps>(shared, signature, values, std::move(start));
}

void summarise(const Session &session, const Signature &signature, const Values &values,
               Solution &solution) {
  solution.stats = session.statistics(signature, values);
  if (const std::int64_t event = session.counter(slot_event);
      solution.status == Status::stopped && event >= 0 &&
      event < std::int64_t(signature.events.size()))
    solution.event = {event, signature.events[event].name, session.t()};
  if (solution.ok())
    return;
  solution.failure.t = session.t();
  solution.failure.step = solution.stats.steps;
  const std::int64_t component = session.counter(slot_component);
  const bool known = solution.status != Status::interrupted && component >= 0;
  if (known && component < signature.width())
    solution.failure.component = columns(signature.state)[component];
}

/// Tells the progress hook, at most every tenth of a second.
class Reporter {
public:
  Reporter(const SolveHooks &hooks, const Values &values) : hooks(hooks), values(values) {}
  void report(const Session &session) {
    if (!hooks.progress || millisecondsSince(last) < 100)
      return;
    last = Clock::now();
    Progress progress;
    progress.t = session.t();
    progress.fraction = std::clamp((progress.t - values.t0) / (values.t1 - values.t0), 0.0, 1.0);
    progress.steps = session.counter(slot_accepted) + session.counter(slot_rejected);
    hooks.progress(progress);
  }

private:
  const SolveHooks &hooks;
  const Values &values;
  Clock::time_point last = Clock::now();
};

} // namespace

Solution solve(const Program &program, const Signature &signature, const Values &values,
               const SolveHooks &hooks) {
  Session session(signature, values);
  if (hooks.from)
    session.goOn(*hooks.from, values);
  Output output(signature, firstCapacity(session, signature, hooks));
  const std::shared_ptr<DenseSteps> dense = denseSteps(program, signature, values, session);
  Slice slice(dense ? 1 : hooks.sliceSteps); // each step is recorded
  Reporter reporter(hooks, values);
  SavedRows rows(signature, values, session.counter(slot_accepted));
  Solution solution;
  SlotVector before; // the state that a step begins from

  for (Frame frame = session.frame();;) {
    output.attach(frame);
    frame.budget = slice.steps();
    const Clock::time_point start = Clock::now();
    const bool closed = session.closed();
    const std::int64_t accepted = session.counter(slot_accepted);
    if (dense)
      before = session.state();
    const Outcome outcome = program.call(frame);
    if (dense && session.counter(slot_accepted) > accepted)
      dense->record(before, session.state());
    output.moveRows(frame, session.closed() && !closed, rows);
    solution.status = session.status();
    if (outcome == Outcome::done)
      break;
    if (outcome == Outcome::budget_spent)
      slice.took(millisecondsSince(start));
    else if (hooks.rowCapacity <= 0)
      output.grow();
    const bool running = solution.status == Status::running; // else only its last row is missing
    if (running && hooks.interrupted && hooks.interrupted()) {
      solution.status = Status::interrupted;
      break;
    }
    reporter.report(session);
  }
  solution.dense = dense;
  // Rows of an interrupted step that is still to be repeated may lie beyond this state already;
  // then they are the end of what is known.
  rows.close(session.t(), session.row(program, signature));
  rows.moveTo(solution);
  summarise(session, signature, values, solution);
  if (!signature.identity.empty())
    solution.checkpoint =
        std::make_shared<const Checkpoint>(session.checkpoint(signature, values, solution.status));
  return solution;
}

} // namespace deq
