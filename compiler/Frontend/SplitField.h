// Which leaves of a field are positions and which velocities.
// A splitting method needs a field whose leaves fall into two halves that drive each other.
#pragma once

#include "../Diagnostics.h"
#include "Graph.h"

#include <optional>

namespace deq {

/// Colours the leaves so that every derivative depends only on leaves of the other colour, time and
/// arguments; where leaves are connected, the first of them is a position. Returns the positions,
/// or reports the derivatives that break it for `method`. `places` are those of the derivatives.
std::optional<std::vector<std::int64_t>> positionsOf(const FieldGraph &field,
                                                     const std::vector<Position> &places,
                                                     const std::string &method,
                                                     Diagnostics &diagnostics);

} // namespace deq
