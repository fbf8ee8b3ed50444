// deqc as a function: parses a command line, runs its command, returns the exit status.
// The only place of deq where exceptions are at home; none of them leaves it.
#pragma once

namespace deq::cli {

/// Runs one command line. `argv[0]` is ignored. Returns a value of ExitStatus.
int deqc(int argc, char **argv);

} // namespace deq::cli
