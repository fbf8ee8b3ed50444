// The order of every sum in deq (docs/language.md, "Floating point"): up to 8 terms left to right;
// beyond, 8 strided partial sums, added left to right. Written once over any number type: IR values
// in unpack, reals in the reference interpreter.
#pragma once

#include <cstddef>

namespace deq {

/// Sum of n > 0 terms. `first(i)` starts a partial sum with term i, `next(sum, i)` adds term i to
/// it, `join(a, b)` adds two partial sums.
template <class Value, class First, class Next, class Join>
Value pinnedSum(std::size_t n, First first, Next next, Join join) {
  const std::size_t lanes = n <= 8 ? 1 : 8;
  auto partial = [&](std::size_t lane) {
    Value sum = first(lane);
    for (std::size_t i = lane + lanes; i < n; i += lanes)
      sum = next(sum, i);
    return sum;
  };
  Value sum = partial(0);
  for (std::size_t lane = 1; lane < lanes; ++lane)
    sum = join(sum, partial(lane));
  return sum;
}

} // namespace deq
