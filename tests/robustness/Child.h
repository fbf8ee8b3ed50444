// Runs the front end on one text in a process of its own.
// Only so can a test survive an endless loop, an exhausted stack or all memory gone, and measure
// what was used.
#pragma once

#include "Judge.h"

#include <string>

namespace deq::test {

struct Cost {
  std::string failure; ///< how the process ended, empty if it ended well
  Verdict verdict;
  double megabytes = 0; ///< growth of the resident memory, at its highest
};

/// Judges `text`, also its import if `import`. The process ends after `seconds` of processor time.
Cost judgeInChild(const std::string &text, double seconds, bool import = false);

} // namespace deq::test
