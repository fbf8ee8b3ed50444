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

CompilingLine::CompilingLine(bool enabled) {
  if (!enabled || !isatty(STDERR_FILENO))
    return;
  watcher = std::thread([this] {
    std::unique_lock<std::mutex> lock(mutex);
    if (finished.wait_for(lock, std::chrono::seconds(1), [this] { return done; }))
      return;
    say("compiling...");
    finished.wait(lock, [this] { return done; });
    say("\r\033[K");
  });
}

CompilingLine::~CompilingLine() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    done = true;
  }
  finished.notify_all();
  if (watcher.joinable())
    watcher.join();
}

} // namespace deq::cli
