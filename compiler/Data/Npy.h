// NumPy's array files.
// Our own reader, since the format is a page long and libraries trust its header: Debian's
// (xtensor's xnpy.hpp) throws, refuses keys in another order, and allocates what a shape asks for
// before it looks at how much data there is.
#pragma once

#include "NumberArray.h"

#include <optional>
#include <string>
#include <string_view>

namespace deq {

/// Reads format versions 1.0, 2.0 and 3.0 (numpy.lib.format): f4, f8, signed and unsigned integers
/// of 1 to 8 bytes and bool, of either byte order, in C or Fortran order. Integers beyond 2^53 are
/// errors, for a double cannot tell them apart; so is every byte too few or too many. Memory is
/// bounded by 8 times the length of the file.
std::optional<NumberArray> readNpy(std::string_view bytes, std::string &error);

} // namespace deq
