// Solves into memory of the host: one call of the kernel between two fixed blocks of memory.
// What a Solution offers beyond rows, plans and dense output, is left to the call that returns one.
#include "Engine.h"

#include "runtime/Session.h"

#include <fmt/format.h>
#include <limits>

namespace deq {

class Workspace::State {
public:
  explicit State(std::shared_ptr<const Ready> ready)
      : ready(std::move(ready)), values(this->ready->values) {}

  /// Solves with `values`.
  Ended solve(const Buffer &buffer, Beginning beginning, const std::stop_token &stop);
  std::shared_ptr<const Checkpoint> checkpoint() const;

  const std::shared_ptr<const Ready> ready;
  Values values;

private:
  std::int64_t run(const Buffer &buffer, const std::stop_token &stop, Ended &ended);
  void close(const Buffer &buffer, Ended &ended) const;

  Session session;
  bool solved = false;
  std::vector<float> single; ///< rows of an f32 solve
};

std::int64_t Workspace::State::run(const Buffer &buffer, const std::stop_token &stop,
                                   Ended &ended) {
  const bool f32 = isSingle(ready->signature.dtype);
  const std::size_t room = buffer.t.size() * ready->signature.width();
  if (f32 && single.size() < room)
    single.resize(room);
  Frame frame = session.frame();
  frame.out_t = buffer.t.data();
  frame.out_y = f32 ? static_cast<void *>(single.data()) : static_cast<void *>(buffer.y.data());
  frame.capacity = std::int64_t(buffer.t.size());
  frame.rows = 0;
  constexpr std::int64_t steps = 64; // between two looks at `stop`
  frame.budget = stop.stop_possible() ? steps : std::numeric_limits<std::int64_t>::max();
  // One that is not running lacks its last row alone.
  auto stopped = [&] { return stop.stop_requested() && session.status() == Status::running; };
  Outcome outcome;
  do
    outcome = ready->program->call(frame);
  while (outcome == Outcome::budget_spent && !stopped());
  ended.complete = outcome != Outcome::output_full;
  ended.status = outcome == Outcome::budget_spent ? Status::interrupted : session.status();
  if (f32)
    std::copy_n(single.begin(), frame.rows * ready->signature.width(), buffer.y.begin());
  return frame.rows;
}

/// A solve that failed has no closing row of the kernel; the state where it stands is the last row.
void Workspace::State::close(const Buffer &buffer, Ended &ended) const {
  const bool due = ended.complete && savesEnd(values.save) && !session.closed();
  const bool there = ended.rows > 0 &&
                     values.direction() * buffer.t[ended.rows - 1] >= values.direction() * ended.t;
  if (!due || there)
    return;
  ended.complete = std::size_t(ended.rows) < buffer.t.size();
  if (!ended.complete)
    return;
  buffer.t[ended.rows] = ended.t;
  session.copyState(&buffer.y[ended.rows * ready->signature.width()]);
  ++ended.rows;
}

Ended Workspace::State::solve(const Buffer &buffer, Beginning beginning,
                              const std::stop_token &stop) {
  session.assign(ready->signature, values);
  solved = true;
  if (beginning.from)
    session.goOn(*beginning.from, values);
  Ended ended;
  ended.restart_reason = std::move(beginning.restartReason);
  ended.rows = run(buffer, stop, ended);
  ended.t = session.t();
  close(buffer, ended);
  ended.stats = session.statistics(ready->signature, values);
  if (!deq::ok(ended.status))
    ended.component = session.counter(slot_component);
  return ended;
}

std::shared_ptr<const Checkpoint> Workspace::State::checkpoint() const {
  if (!solved || ready->signature.identity.empty())
    return nullptr;
  return std::make_shared<const Checkpoint>(
      session.checkpoint(ready->signature, values, session.status()));
}

std::shared_ptr<const Checkpoint> Workspace::checkpoint() const { return own->checkpoint(); }

Workspace::Workspace(std::unique_ptr<State> state) : own(std::move(state)) {}
Workspace::Workspace(Workspace &&) noexcept = default;
Workspace &Workspace::operator=(Workspace &&) noexcept = default;
Workspace::~Workspace() = default;

Workspace Prepared::workspace(Place at) const {
  const std::shared_ptr<const Ready> &ready = shared->fixed;
  if (!ready)
    throwError(
        ApiId::unknown_shape, at,
        fmt::format("expected field '{}' prepared with its shapes, to make a workspace", name()));
  const Signature &signature = ready->signature;
  if (!signature.saved.empty() || !signature.plans.empty() || !signature.observed.empty() ||
      signature.save == SaveKind::dense)
    throwError(ApiId::call_values, at,
               "expected one save plan of all leaves to solve into a buffer, got one of some "
               "leaves, several, expressions or dense output");
  return Workspace(std::make_unique<Workspace::State>(ready));
}

Ended Prepared::operator()(const Call &call, const Buffer &buffer, Workspace &workspace,
                           Place at) const {
  Workspace::State &state = workspace.state();
  if (state.ready != shared->fixed)
    throwError(ApiId::call_values, at, "expected a workspace of this solve, got one of another");
  const std::size_t width = state.ready->signature.width();
  if (buffer.t.empty() || buffer.y.size() < buffer.t.size() * width)
    throwError(ApiId::call_values, at,
               fmt::format("expected a buffer of at least one row and {} numbers for each time, "
                           "got {} times and {} numbers",
                           width, buffer.t.size(), buffer.y.size()));
  state.values = state.ready->values;
  return state.solve(buffer, applyCall(call, *state.ready, at, state.values), call.stop);
}

} // namespace deq
