// Writes messages and located diagnostics to standard error.
// Unformatted stdio, since fmt::print throws when the stream is closed.
#include "Message.h"

#include <fmt/format.h>

#include <cstdio>

namespace deq::cli {

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void sayError(std::string_view text) { say(fmt::format("deqc: error: {}\n", text)); }

void sayWarning(std::string_view text, bool quiet) {
  if (!quiet)
    say(fmt::format("deqc: warning: {}\n", text));
}

void report(const Diagnostics &diagnostics, bool everything) {
  for (const Diagnostic &diagnostic : diagnostics.all())
    if (everything || diagnostic.severity == Severity::error)
      say(to_string(diagnostic));
}

} // namespace deq::cli
