// Rewrites the progress line.
// With the two control sequences every terminal knows: carriage return and erase to end of line.
#include "ProgressLine.h"

#include "Message.h"

#include <fmt/format.h>

#include <unistd.h>

namespace deq::cli {

ProgressLine::ProgressLine(bool enabled)
    : start(std::chrono::steady_clock::now()), active(enabled && isatty(STDERR_FILENO)) {}

ProgressLine::~ProgressLine() {
  if (shown)
    say("\r\033[K");
}

void ProgressLine::show(const Progress &progress) {
  using namespace std::chrono_literals;
  if (!active || std::chrono::steady_clock::now() - start < 1s)
    return;
  say(fmt::format("\r{:5.1f} %  t = {:.6g}  {} steps\033[K", 100 * progress.fraction, progress.t,
                  progress.steps));
  shown = true;
}

} // namespace deq::cli
