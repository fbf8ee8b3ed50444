// The exit statuses of deqc.
// In one place, because scripts rely on them as a contract (docs/cli.md).
#pragma once

namespace deq::cli {

enum ExitStatus : int {
  exitSolved = 0,    ///< solved, or stopped by an event of the solve
  exitFailed = 1,    ///< the solve ended with a failing status; its data is complete up to there
  exitMisuse = 2,    ///< bad source or bad usage
  exitFileError = 3, ///< a file could not be read or written
  exitInterrupted = 130
};

} // namespace deq::cli
