// How much work one text may cause.
// Functions that call each other twice, comprehensions in comprehensions and products of matrices
// cost far more than their length shows; a text that would take minutes is an error instead.
#pragma once

#include "../Diagnostics.h"

#include <cstdint>
#include <string>

namespace deq {

/// Shared by all fields and values of a text. A step is an operation or a place looked at, some
/// tens of nanoseconds.
struct Budget {
  static constexpr std::int64_t steps = 20000000;
  std::int64_t left = steps;
  bool reported = false;

  /// False once more than all is spent.
  bool spend(std::int64_t count);
  /// Likewise, and the first time an error at `at`.
  bool spend(std::int64_t count, Position at, Diagnostics &diagnostics,
             const std::string &prefix = "");
};

} // namespace deq
