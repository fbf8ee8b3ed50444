// One line on a terminal that tells how far a long solve is.
// Silent for the first second, so that quick solves leave no trace.
#pragma once

#include "runtime/Solve.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace deq::cli {

class ProgressLine {
public:
  /// Shows anything only if `enabled` and standard error is a terminal.
  explicit ProgressLine(bool enabled);
  /// Clears the line.
  ~ProgressLine();
  ProgressLine(const ProgressLine &) = delete;
  ProgressLine &operator=(const ProgressLine &) = delete;

  void show(const Progress &progress);

private:
  std::chrono::steady_clock::time_point start;
  bool active;
  bool shown = false;
};

/// Says that the compiler is at work once that has taken a second; silent otherwise.
class CompilingLine {
public:
  explicit CompilingLine(bool enabled);
  /// Clears the line.
  ~CompilingLine();
  CompilingLine(const CompilingLine &) = delete;
  CompilingLine &operator=(const CompilingLine &) = delete;

private:
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  std::thread watcher;
};

} // namespace deq::cli
