// One line on a terminal that tells how far a long solve is.
// Silent for the first second, so that quick solves leave no trace.
#pragma once

#include "runtime/Solve.h"

#include <chrono>

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

} // namespace deq::cli
