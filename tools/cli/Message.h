// What deqc says to a person, on standard error.
// Kept apart from the data, which goes to an Output; a broken standard error never changes an exit
// status.
#pragma once

#include "compiler/Diagnostics.h"

#include <string>
#include <string_view>

namespace deq::cli {

/// Writes `text` to standard error as it is.
void say(std::string_view text);
/// Writes `deqc: error: TEXT` and a newline.
void sayError(std::string_view text);
/// The same of what works nevertheless; nothing if `quiet`.
void sayWarning(std::string_view text, bool quiet);
/// Prints located messages; those that are not errors only if `everything`.
void report(const Diagnostics &diagnostics, bool everything);

} // namespace deq::cli
