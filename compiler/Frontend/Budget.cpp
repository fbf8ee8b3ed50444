// Spending steps.
// The error is given once, where they ran out; what follows fails in silence.
#include "Budget.h"

#include <fmt/format.h>

namespace deq {

bool Budget::spend(std::int64_t count) {
  left = count > left ? -1 : left - count;
  return left >= 0;
}

bool Budget::spend(std::int64_t count, Position at, Diagnostics &diagnostics,
                   const std::string &prefix) {
  if (spend(count))
    return true;
  if (!reported)
    diagnostics.report(Id::too_much_work, at,
                       fmt::format("{}checking this file takes more than {} steps", prefix, steps));
  reported = true;
  return false;
}

} // namespace deq
