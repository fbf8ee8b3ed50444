// States of solves as files, of deqc and of hosts: one JSON object.
// What a person asks of it (t, y, how it ended) is there as numbers; what another run needs to the
// last bit, as 64-bit words in hexadecimal.
#pragma once

#include "deq/checkpoint.h"

#include <optional>

namespace deq {

std::string stateText(const Checkpoint &state);

/// Reads `text`, the contents of a file. On failure nullopt, and `error` says why.
std::optional<Checkpoint> parseState(const std::string &text, std::string &error);

} // namespace deq
