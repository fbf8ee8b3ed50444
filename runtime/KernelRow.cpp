// A call with room for one row.
// It attempts no step unless the frame has a budget.
#include "KernelRow.h"

#include <algorithm>

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

} // namespace deq
