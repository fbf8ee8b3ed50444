// Takes steps of a solve again, with other times to write rows at.
// The kernel is told to save nothing at the ends, so that what it writes are the rows asked for.
#include "DenseSteps.h"

#include "KernelRow.h"

#include "runtime/Solve.h"

#include <algorithm>
#include <limits>

namespace deq {

namespace {

/// A list of no times.
constexpr double none = std::numeric_limits<double>::infinity();

/// The values of a solve with no row of its own.
Values withoutRows(Values values) {
  values.save = {};
  values.save.kind = SavePlan::Kind::at;
  values.plans.clear();
  return values;
}

} // namespace

DenseSteps::DenseSteps(std::shared_ptr<const Program> program, const Signature &signature,
                       const Values &values, std::vector<double> start)
    : program(std::move(program)), f32(isSingle(signature.dtype)),
      pairs(pairsTimes(signature.dtype)), direction(values.direction()),
      begin(direction * values.begin() + 0.0), width(signature.rowWidth()),
      columns(columnsOf(signature, signature.saved)),
      derivatives(derivativesOf(signature, signature.saved)), clips(clipTimes(signature, values)),
      uniform(uniformInputs(signature, withoutRows(values))),
      trajectory(trajectoryInputs(signature, values)), memory(memoryInputs(signature, values)),
      slots(std::size_t(signature.workspace_slots)), initial(std::move(start)) {
  if (values.goesOn()) {
    initial.resize(std::size_t(width), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  Values starting = withoutRows(values);
  starting.save.kind = SavePlan::Kind::start;
  const std::vector<Slot> inputs = uniformInputs(signature, starting);
  SlotVector workspace(slots);
  Frame first = frame();
  first.workspace = workspace.data();
  first.uniform = inputs.data();
  initial = kernelRow(*this->program, first, signature);
}

Frame DenseSteps::frame() const {
  Frame frame{};
  frame.uniform = uniform.data();
  frame.trajectory = trajectory.data();
  frame.memory = memory.pointers.data();
  frame.times = &none;
  frame.clips = &clips.front().time;
  return frame;
}

void DenseSteps::record(const SlotVector &before, const SlotVector &after) {
  states.insert(states.end(), before.begin(), before.begin() + std::ptrdiff_t(slots));
  ends.push_back({after[slot_t], after[slot_t + 1]});
}

/// By the comparison of the kernel, so that a time belongs to the step in which it would be saved.
bool DenseSteps::reaches(const Time &time, double target) const {
  if (!pairs)
    return target <= time[0].f64;
  const float high = static_cast<float>(target);
  const float low = static_cast<float>(target - double(high));
  return (time[0].f32 - high) + (time[1].f32 - low) >= 0;
}

void DenseSteps::select(const double *row, const std::vector<Range> &columns, double *&y) const {
  for (const Range &range : columns)
    if (range.end <= width)
      y = std::copy(row + range.begin, row + range.end, y);
    else
      y = std::fill_n(y, range.end - range.begin, std::numeric_limits<double>::quiet_NaN());
}

void DenseSteps::stepRows(std::size_t step, std::span<const double> times,
                          const std::vector<Range> &columns, double *y) const {
  const std::span<const Slot> state(states.data() + step * slots, slots);
  const std::vector<double> rows = rowsInside(*program, frame(), state, times, width, f32);
  for (const double *row = rows.data(); row != rows.data() + rows.size(); row += width)
    select(row, columns, y);
}

std::size_t DenseSteps::stepAt(double time) const {
  const auto end = std::partition_point(ends.begin(), ends.end(),
                                        [&](const Time &end) { return !reaches(end, time); });
  return std::size_t(end - ends.begin());
}

void DenseSteps::evaluate(std::span<const double> t, double *y) const { rowsAt(t, columns, y); }

void DenseSteps::derivative(std::span<const double> t, double *dy) const {
  rowsAt(t, derivatives, dy);
}

void DenseSteps::rowsAt(std::span<const double> t, const std::vector<Range> &columns,
                        double *y) const {
  std::int64_t scalars = 0;
  for (const Range &range : columns)
    scalars += range.end - range.begin;
  auto kernelTime = [&](std::size_t i) { return direction * t[i] + 0.0; };
  for (std::size_t i = 0; i < t.size();) {
    const double time = kernelTime(i);
    // The first row has no derivative, but the first step knows one.
    const bool after = time > begin || (time == begin && &columns == &derivatives);
    const std::size_t step = after ? stepAt(time) : ends.size();
    std::vector<double> inside; // with the times that follow in the same step
    while (step < ends.size() && i + inside.size() < t.size()) {
      const double next = kernelTime(i + inside.size());
      if (!reaches(ends[step], next) || (!inside.empty() && !(next > inside.back())))
        break;
      inside.push_back(next);
    }
    double *row = y;
    if (!inside.empty())
      stepRows(step, inside, columns, row);
    else if (time == begin)
      select(initial.data(), columns, row);
    else
      std::fill(y, y + scalars, std::numeric_limits<double>::quiet_NaN());
    const std::size_t rows = std::max<std::size_t>(inside.size(), 1);
    i += rows;
    y += std::int64_t(rows) * scalars;
  }
}

} // namespace deq
