// Errors of a host program, at a place of its source.
// Those that a text can have as well come from the compiler with its identifiers; the others are
// rows of ApiErrors.def.
#pragma once

#include "compiler/Diagnostics.h"

#include <source_location>
#include <string>

namespace deq {

enum class ApiId {
#define API_ERROR(id, summary) id,
#include "runtime/Trace/ApiErrors.def"
};

Location locationOf(const std::source_location &place);

/// With the line of its place, if the host's source is there to be read; notes likewise.
Diagnostic quoted(Diagnostic diagnostic);
/// One message of a host's place.
Diagnostic hostDiagnostic(ApiId id, Severity severity, Location place, std::string text);

/// Throws deq::Error with one message.
[[noreturn]] void throwError(ApiId id, const std::source_location &place, std::string text);
[[noreturn]] void throwError(ApiId id, Location place, std::string text);
/// Throws what was reported.
[[noreturn]] void throwErrors(const Diagnostics &diagnostics);

} // namespace deq
