// Turns Ctrl-C into a question that a solve can ask.
// For the time of a solve only: before and after it, and at the second time, Ctrl-C ends the
// process as usual.
#pragma once

#include <csignal>

namespace deq::cli {

/// While one lives, the first SIGINT only sets a flag. A SIGINT that the parent ignores stays
/// ignored.
class InterruptGuard {
public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard &) = delete;
  InterruptGuard &operator=(const InterruptGuard &) = delete;

  static bool interrupted();

private:
  struct sigaction before;
};

} // namespace deq::cli
