// The SIGINT handler.
// It stores to a lock-free atomic, which is all that a handler may do.
#include "Interrupt.h"

#include <atomic>

namespace deq::cli {

static std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

InterruptGuard::InterruptGuard() {
  flag = false;
  struct sigaction action = {};
  action.sa_handler = [](int) { flag = true; };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, nullptr, &before);
  if (before.sa_handler != SIG_IGN)
    sigaction(SIGINT, &action, nullptr);
}

InterruptGuard::~InterruptGuard() { sigaction(SIGINT, &before, nullptr); }

bool InterruptGuard::interrupted() { return flag; }

} // namespace deq::cli
