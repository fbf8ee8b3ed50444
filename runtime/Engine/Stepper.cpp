// Steps of a solve, one call of the kernel each.
// There is no integrator here: a kernel that is given a budget of one step returns after it, and
// one whose list of times has changed plans its next step anew.
#include "Engine.h"

#include "deq/checkpoint.h"
#include "deq/stepper.h"
#include "runtime/KernelRow.h"
#include "runtime/Session.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace deq {

namespace {

/// Values of the same steps with no row before the end, which nobody reads.
Values withoutRows(Values values) {
  values.save = {};
  values.save.kind = SavePlan::Kind::steps;
  values.save.n = std::numeric_limits<std::int64_t>::max();
  values.plans.clear();
  return values;
}

bool listsTimes(SaveKind kind) { return kind != SaveKind::end && kind != SaveKind::steps; }

} // namespace

class Stepper::State {
public:
  State(std::shared_ptr<const Ready> ready, const Values &values, Beginning beginning);

  bool step();
  bool stepUntil(double target, const Place &at);
  void evaluate(double time, std::span<double> to, const Place &at) const;
  Failure failure() const;
  EventRecord event() const;

  const std::shared_ptr<const Ready> ready;
  const Values values;
  Session session;
  std::vector<double> y;
  double begin = 0; ///< of the last accepted step
  const std::string restartReason;

private:
  /// What evaluate takes a step again from.
  struct Before {
    SlotVector slots;
    std::vector<double> y;
  };

  void attempt(std::int64_t budget);
  void planStep();

  const bool evaluates;
  Before before, candidate;
  /// Where steps end that are taken again: their own end is planned, what follows does not matter.
  /// As long as any list that a cursor in `before` may count in, and its successor.
  std::vector<Clip> nowhere;
  std::vector<double> row; ///< room for one, of either precision
};

Stepper::State::State(std::shared_ptr<const Ready> readied, const Values &given,
                      Beginning beginning)
    : ready(std::move(readied)), values(withoutRows(given)), session(ready->signature, values),
      y(std::size_t(ready->signature.width())), restartReason(std::move(beginning.restartReason)),
      evaluates(listsTimes(ready->signature.save)), row(std::size_t(ready->signature.rowWidth())) {
  if (beginning.from)
    session.goOn(*beginning.from, values);
  const std::size_t clips = session.reserveAim();
  if (evaluates) {
    nowhere.assign(clips + 1, {std::numeric_limits<double>::infinity(), 0});
    before = {session.state(), y};
    candidate = before;
  }
  planStep();
  session.copyState(y.data());
  begin = session.t();
}

void Stepper::State::attempt(std::int64_t budget) {
  Frame frame = session.frame();
  double time = 0;
  frame.out_t = &time;
  frame.out_y = row.data();
  frame.capacity = 1;
  frame.rows = 0;
  frame.budget = budget;
  ready->program->call(frame);
}

/// After this a step can be taken again whatever the list of times becomes: its end is planned.
void Stepper::State::planStep() { attempt(0); }

bool Stepper::State::step() {
  while (session.status() == Status::running) {
    const std::int64_t accepted = session.counter(slot_accepted);
    const double from = session.t();
    if (evaluates) {
      candidate.slots = session.state();
      candidate.y = y;
    }
    attempt(1);
    if (session.counter(slot_accepted) == accepted)
      continue;
    begin = from;
    session.copyState(y.data());
    std::swap(before, candidate);
    return true;
  }
  return false;
}

bool Stepper::State::stepUntil(double target, const Place &at) {
  const DType dtype = ready->signature.dtype;
  const double direction = values.direction();
  auto ahead = [&](double a, double b) {
    return keptTime(direction * a, dtype) - keptTime(direction * b, dtype);
  };
  const double now = session.t(), end = values.t1;
  if (!(ahead(target, now) >= 0 && ahead(end, target) >= 0))
    throwError(ApiId::call_values, at,
               fmt::format("expected a time from {}, where the solve stands, to {}, its end, got "
                           "{}",
                           now, end, target));
  const bool between = ahead(target, now) > 0 && ahead(end, target) > 0;
  if (between && !values.open_end)
    throwError(ApiId::call_values, at,
               "expected a solve prepared with resumable = true, to end a step inside of its span");
  if (between && session.status() == Status::running) {
    session.aim(target, dtype);
    planStep();
  }
  while (ahead(target, session.t()) > 0 && step()) {
  }
  const bool reached = ahead(target, session.t()) == 0;
  if (between && session.status() == Status::success) {
    session.aim(session.t(), dtype); // at nothing but the end
    planStep();
  }
  return reached;
}

void Stepper::State::evaluate(double time, std::span<double> to, const Place &at) const {
  if (!evaluates)
    throwError(ApiId::call_values, at,
               "expected a solve prepared with a save plan that lists times (at, every or dense), "
               "to evaluate a step inside");
  if (to.size() != y.size())
    throwError(ApiId::call_values, at,
               fmt::format("expected room for {} numbers, got {}", y.size(), to.size()));
  const double direction = values.direction(), kernelTime = direction * time + 0.0;
  const double now = session.t();
  if (!(kernelTime >= direction * begin && kernelTime <= direction * now))
    throwError(
        ApiId::call_values, at,
        fmt::format("expected a time in the last step, from {} to {}, got {}", begin, now, time));
  if (time == now || time == begin) {
    std::copy(time == now ? y.begin() : before.y.begin(), time == now ? y.end() : before.y.end(),
              to.begin());
    return;
  }
  SlotVector none;
  Frame frame = session.frameOf(none);
  frame.clips = &nowhere.front().time;
  const std::vector<double> rows =
      rowsInside(*ready->program, frame, before.slots, {&kernelTime, 1},
                 ready->signature.rowWidth(), isSingle(ready->signature.dtype));
  std::copy_n(rows.begin(), std::min(rows.size(), y.size()), to.begin());
}

EventRecord Stepper::State::event() const {
  const std::int64_t event = session.counter(slot_event);
  if (session.status() != Status::stopped || event < 0)
    return {};
  return {event, ready->signature.events[std::size_t(event)].name, session.t()};
}

Failure Stepper::State::failure() const {
  Failure failure;
  failure.t = session.t();
  failure.step = session.counter(slot_accepted) + session.counter(slot_rejected);
  const std::int64_t component = session.counter(slot_component);
  if (session.status() > Status::stopped && component >= 0)
    failure.component = columns(ready->signature.state)[std::size_t(component)];
  return failure;
}

Stepper::Stepper(std::unique_ptr<State> state) : own(std::move(state)) {}
Stepper::Stepper(Stepper &&) noexcept = default;
Stepper &Stepper::operator=(Stepper &&) noexcept = default;
Stepper::~Stepper() = default;

bool Stepper::step() { return own->step(); }
bool Stepper::step_until(double t, Place at) { return own->stepUntil(t, at); }
double Stepper::t() const { return own->session.t(); }
std::span<const double> Stepper::y() const { return own->y; }

std::span<const double> Stepper::y(std::string_view leaf, Place at) const {
  std::size_t first = 0;
  for (const Leaf &known : state()) {
    const auto count = std::size_t(elements(known.shape));
    if (known.name == leaf)
      return y().subspan(first, count);
    first += count;
  }
  std::vector<std::string> names;
  for (const Leaf &known : state())
    names.push_back(known.name);
  throwError(ApiId::leaf_key, at,
             fmt::format("expected one of the leaves {}, got '{}'", fmt::join(names, ", "), leaf));
}

double Stepper::dt() const { return own->session.t() - own->begin; }

void Stepper::evaluate(double t, std::span<double> y, Place at) const { own->evaluate(t, y, at); }

std::vector<double> Stepper::evaluate(double t, Place at) const {
  std::vector<double> y(own->y.size());
  own->evaluate(t, y, at);
  return y;
}

Status Stepper::status() const { return own->session.status(); }
EventRecord Stepper::event() const { return own->event(); }
Failure Stepper::failure() const { return own->failure(); }
Statistics Stepper::stats() const {
  return own->session.statistics(own->ready->signature, own->values);
}
const std::string &Stepper::restart_reason() const { return own->restartReason; }

std::shared_ptr<const Checkpoint> Stepper::checkpoint() const {
  const Signature &signature = own->ready->signature;
  if (signature.identity.empty())
    return nullptr;
  return std::make_shared<const Checkpoint>(
      own->session.checkpoint(signature, own->values, status()));
}

const std::vector<Leaf> &Stepper::state() const { return own->ready->signature.state; }

Stepper Prepared::stepper(const Call &call, Place at) const {
  const std::shared_ptr<const Ready> ready = shared->ready(call);
  Values values = ready->values;
  Beginning beginning = applyCall(call, *ready, at, values);
  return Stepper(std::make_unique<Stepper::State>(ready, values, std::move(beginning)));
}

} // namespace deq
