// Hands each row of a kernel to the plans that asked for it.
// Rows are told apart by their place in the sequence and by their times, which are those of the
// lists to the bit.
#include "SavedRows.h"

#include "Inputs.h"

#include <algorithm>
#include <utility>

namespace deq {

std::vector<Range> columnsOf(const Signature &signature, const std::vector<std::int64_t> &leaves) {
  std::vector<Range> all, chosen;
  std::int64_t offset = 0;
  for (const Leaf &leaf : signature.state) {
    const std::int64_t end = offset + elements(leaf.shape);
    all.push_back({std::exchange(offset, end), end});
  }
  const std::int64_t state = offset;
  for (const Leaf &leaf : signature.observed) {
    const std::int64_t end = offset + elements(leaf.shape);
    all.push_back({std::exchange(offset, end), end});
  }
  for (std::int64_t leaf : leaves)
    chosen.push_back(all[leaf]);
  return leaves.empty() ? std::vector<Range>{{0, state}} : chosen;
}

std::vector<Range> derivativesOf(const Signature &signature,
                                 const std::vector<std::int64_t> &leaves) {
  std::vector<Range> ranges = columnsOf(signature, leaves);
  const std::int64_t state = signature.width(), behind = signature.rowWidth() - state;
  for (Range &range : ranges)
    range = {range.begin + behind, range.end + behind};
  return ranges;
}

SavedRows::SavedRows(const Signature &signature, const Values &values, std::int64_t accepted)
    : times(saveTimes(signature, values)), width(signature.rowWidth()),
      direction(values.direction()), dtype(signature.dtype) {
  const Grid grid = makeGrid(signature, values);
  interval = grid.saveEvery;
  counted = accepted / interval;
  startDue = grid.saveStart;
  add(values.save, signature.saved, "", signature, values);
  for (std::size_t i = 0; i < signature.plans.size(); ++i)
    add(values.plans[i], signature.plans[i].leaves, signature.plans[i].name, signature, values);
  alone = plans.size() == 1 && plans[0].whole && width == signature.width();
}

void SavedRows::add(const SavePlan &plan, const std::vector<std::int64_t> &leaves,
                    const std::string &name, const Signature &signature, const Values &values) {
  Plan &added = plans.emplace_back();
  added.rows.plan = name;
  added.rows.leaves = selected(signature, leaves);
  added.rows.expressions = std::count_if(leaves.begin(), leaves.end(), [&](std::int64_t i) {
    return i >= std::int64_t(signature.state.size());
  });
  added.times = planTimes(plan, signature, values);
  added.steps = stepsPerRow(plan);
  added.start = savesStart(plan, values);
  added.end = savesEnd(plan);
  added.whole = leaves.empty();
  added.columns = columnsOf(signature, leaves);
}

SavedRows::Event SavedRows::eventAt(double t, bool closing) {
  if (closing)
    return Event::end;
  if (std::exchange(startDue, false))
    return Event::start;
  if (times[next] == direction * t) {
    ++next;
    return Event::time;
  }
  ++counted;
  return Event::step;
}

bool SavedRows::wants(Plan &plan, Event event, double t) {
  switch (event) {
  case Event::start:
    return plan.start;
  case Event::time:
    if (plan.next == plan.times.size() || plan.times[plan.next] != direction * t)
      return false;
    ++plan.next;
    return true;
  case Event::step:
    return plan.steps > 0 && counted * interval % plan.steps == 0;
  case Event::end:
    return plan.closed = plan.end;
  }
  return false;
}

template <class Real> void SavedRows::take(Plan &plan, double t, const Real *state) const {
  plan.rows.t.push_back(t);
  for (const Range &range : plan.columns)
    plan.rows.y.insert(plan.rows.y.end(), state + range.begin, state + range.end);
}

template <class Real>
void SavedRows::append(std::span<const double> t, const Real *states, bool closing) {
  if (alone) { // the usual case, at the speed of memory
    Rows &rows = plans[0].rows;
    plans[0].closed |= closing;
    rows.t.insert(rows.t.end(), t.begin(), t.end());
    rows.y.insert(rows.y.end(), states, states + t.size() * width);
    return;
  }
  for (std::size_t i = 0; i < t.size(); ++i, states += width) {
    const Event event = eventAt(t[i], closing && i + 1 == t.size());
    for (Plan &plan : plans)
      if (wants(plan, event, t[i]))
        take(plan, t[i], states);
  }
}

template void SavedRows::append(std::span<const double>, const double *, bool);
template void SavedRows::append(std::span<const double>, const float *, bool);

void SavedRows::close(double t, const std::vector<double> &state) {
  const double end = keptTime(direction * t, dtype);
  for (Plan &plan : plans) {
    const bool beyond =
        !plan.rows.t.empty() && keptTime(direction * plan.rows.t.back(), dtype) >= end;
    if (plan.end && !plan.closed && !beyond)
      take(plan, t, state.data());
  }
}

void SavedRows::moveTo(Solution &solution) {
  static_cast<Rows &>(solution) = std::move(plans[0].rows);
  for (std::size_t i = 1; i < plans.size(); ++i)
    solution.plans.push_back(std::move(plans[i].rows));
}

} // namespace deq
