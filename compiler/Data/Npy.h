// NumPy's file format for arrays.
#pragma once

#include "NumberArray.h"

#include <optional>
#include <string>
#include <string_view>

namespace deq {

/// Versions 1.0 to 3.0; floats of 4 and 8 bytes, integers and booleans, in either byte order, C or
/// Fortran order. nullopt with `error` set for anything else, and for integers beyond 2^53.
/// The format is a page long (NumPy Enhancement Proposal 1) and the C++ libraries for it throw or
/// trust the header's shape, so it is read here.
std::optional<NumberArray> readNpy(std::string_view bytes, std::string &error);

} // namespace deq
