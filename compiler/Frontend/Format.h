// The canonical layout of .deq files: what `deqc format` prints.
// Like gofmt it has no options; lines stay where the author broke them.
#pragma once

#include "../Diagnostics.h"

#include <optional>
#include <string>

namespace deq {

/// `text` in canonical layout (docs/cli.md): the same tokens and comments, other blanks. nullopt if
/// it has errors of syntax, which are reported; formatting what came out changes nothing.
std::optional<std::string> formatSource(const std::string &file, const std::string &text,
                                        Diagnostics &diagnostics);

} // namespace deq
