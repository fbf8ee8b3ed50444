// Files of --save-state and --resume: the state of a solve as one JSON object.
// What a person asks of it (t, y, how it ended) is there as numbers; what another run needs to the
// last bit, as 64-bit words in hexadecimal.
#pragma once

#include "Output.h"

#include "deq/checkpoint.h"

#include <optional>

namespace deq::cli {

void writeState(const Checkpoint &state, const std::string &solve, Output &output);

/// Reads `text`, the contents of a file. On failure nullopt, and `error` says why.
std::optional<Checkpoint> parseState(const std::string &text, std::string &error);

} // namespace deq::cli
