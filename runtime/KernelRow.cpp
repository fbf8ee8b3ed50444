// A call with room for one row.
// It attempts no step unless the frame has a budget.
#include "KernelRow.h"
#include "SlotVector.h"

#include <algorithm>
#include <limits>

namespace deq {

std::vector<double> kernelRow(const Program &program, Frame frame, const Signature &signature) {
  const bool f32 = isSingle(signature.dtype);
  const auto width = static_cast<std::size_t>(signature.rowWidth());
  double time = 0;
  std::vector<double> row(width);
  std::vector<float> single(f32 ? width : 0);
  frame.out_t = &time;
  frame.out_y = f32 ? static_cast<void *>(single.data()) : static_cast<void *>(row.data());
  frame.capacity = 1;
  program.call(frame);
  std::copy(single.begin(), single.end(), row.begin());
  return row;
}

std::vector<double> rowsInside(const Program &program, Frame frame, std::span<const Slot> slots,
                               std::span<const double> times, std::int64_t width, bool f32) {
  SlotVector workspace(slots.begin(), slots.end());
  workspace[slot_cursor].i64 = 0;
  std::vector<double> targets(times.begin(), times.end()), rowTimes(times.size());
  targets.push_back(std::numeric_limits<double>::infinity());
  std::vector<double> rows(times.size() * std::size_t(width));
  std::vector<float> single(f32 ? rows.size() : 0);
  frame.workspace = workspace.data();
  frame.times = targets.data();
  frame.out_t = rowTimes.data();
  frame.out_y = f32 ? static_cast<void *>(single.data()) : static_cast<void *>(rows.data());
  frame.capacity = std::int64_t(times.size());
  frame.rows = 0;
  frame.budget = 1;
  program.call(frame);
  std::copy(single.begin(), single.end(), rows.begin());
  rows.resize(std::size_t(frame.rows * width));
  return rows;
}

} // namespace deq
