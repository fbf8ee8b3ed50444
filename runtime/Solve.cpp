// Drives a resumable kernel: slices of steps, rows appended as they come, interruption and progress
// in between. The slicing never shows in the result, because a kernel repeats a step that found no
// room with the same bits.
#include "runtime/Solve.h"

#include "DenseSteps.h"
#include "Inputs.h"
#include "KernelRow.h"
#include "Resume.h"
#include "SavedRows.h"

#include <algorithm>
#include <bit>
#include <chrono>

namespace deq {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The memory behind a frame.
class Session {
public:
  Session(const Signature &signature, const Values &values)
      : single(isSingle(signature.dtype)), pairs(pairsTimes(signature.dtype)),
        direction(values.direction()), width(signature.width()),
        times(saveTimes(signature, values)), clips(clipTimes(signature, values)),
        workspace(std::max(signature.workspace_slots, state_slot(pairs) + signature.width()),
                  Slot{}),
        uniform(uniformInputs(signature, values)), trajectory(trajectoryInputs(signature, values)),
        memory(memoryInputs(signature, values)) {}

  /// Takes up the state of an earlier solve. Its scratch, last in the workspace, may be of another
  /// size.
  void goOn(const Checkpoint &from, const Values &values) {
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
  /// The state for another solve to go on from; `status` is how this one ended.
  Checkpoint checkpoint(const Signature &signature, const Values &values, Status status) const {
    Checkpoint to;
    to.status = status;
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

  Frame frame() { return frameOf(workspace); }
  Frame frameOf(std::vector<Slot> &slots) const {
    Frame frame{};
    frame.workspace = slots.data();
    frame.uniform = uniform.data();
    frame.trajectory = trajectory.data();
    frame.memory = memory.pointers.data();
    frame.times = times.data();
    frame.clips = &clips.front().time;
    return frame;
  }

  /// The last accepted time.
  double t() const { return direction * kernelTime(slot_t) + 0.0; }
  /// The row that the kernel would write where the solve stands. It is asked for it, because
  /// expressions are its business: as if an event had just stopped the solve.
  std::vector<double> row(const Program &program, const Signature &signature) const {
    if (signature.observed.empty())
      return y();
    std::vector<Slot> stopped = workspace;
    stopped[slot_status].i64 = static_cast<std::int64_t>(Status::stopped);
    stopped[slot_accepted].i64 = 1;
    stopped[slot_cursor].i64 = stopped[slot_closed].i64 = 0;
    return kernelRow(program, frameOf(stopped), signature);
  }
  std::vector<double> y() const {
    std::vector<double> state(width);
    for (std::size_t i = 0; i < state.size(); ++i) {
      const Slot &slot = workspace[state_slot(pairs) + i];
      state[i] = single ? slot.f32 : slot.f64;
    }
    return state;
  }
  Status status() const { return static_cast<Status>(workspace[slot_status].i64); }
  std::int64_t counter(StateSlot slot) const { return workspace[slot].i64; }
  /// Jumps of the field that the solve has passed: it lands on each of them.
  std::int64_t jumps() const {
    return passedJumps + std::count_if(clips.begin(), clips.end(), [&](const Clip &clip) {
             return (int(clip.kind) & clip_jump) != 0 && clip.time <= kernelTime(slot_t);
           });
  }
  const std::vector<Slot> &state() const { return workspace; }
  bool closed() const { return counter(slot_closed) == 1; }
  /// Rows that the save plan amounts to, where it tells (not for every n-th step).
  std::int64_t plannedRows() const { return std::int64_t(times.size()) + 1; }

private:
  double kernelTime(int slot) const {
    if (!pairs)
      return workspace[slot].f64;
    return double(workspace[slot].f32) + double(workspace[slot + 1].f32);
  }

  bool single, pairs; ///< the state is f32; times are pairs of them
  double direction;
  std::int64_t width;
  std::vector<double> times;
  std::vector<Clip> clips;
  std::vector<Slot> workspace, uniform, trajectory;
  MemoryInputs memory;
  std::int64_t passedJumps = 0; ///< by the solve that this one goes on with
};

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

/// Calls of the field. The automatic first step costs two, one of which is the first slope where a
/// method keeps it; a kept slope is computed anew at each of the jumps. A step that was repeated
/// for want of room counts once: the caller's buffers are no property of the solve.
std::int64_t evaluations(const Signature &signature, const Values &values, const Session &session,
                         std::int64_t steps) {
  const std::int64_t start = signature.evaluations_at_start;
  const bool automatic = signature.control == "pid" && values.dt == 0;
  const std::int64_t firstStep = automatic ? (start > 0 ? 1 : 2) : 0;
  const std::int64_t dense = session.counter(slot_extended) * signature.evaluations_per_row_step;
  return start + firstStep + steps * signature.evaluations_per_step + dense +
         session.jumps() * start;
}

void summarise(const Session &session, const Signature &signature, const Values &values,
               Solution &solution) {
  solution.stats.accepted = session.counter(slot_accepted);
  solution.stats.rejected = session.counter(slot_rejected);
  solution.stats.steps = solution.stats.accepted + solution.stats.rejected;
  solution.stats.evaluations = evaluations(signature, values, session, solution.stats.steps);
  if (const std::int64_t limited = session.counter(slot_limited); limited >= 0) {
    solution.stats.sampled = solution.stats.accepted / stability_interval;
    solution.stats.limited = limited;
  }
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
  std::vector<Slot> before; // the state that a step begins from

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
