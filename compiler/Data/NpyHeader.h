// The header of NumPy's array files: a Python dictionary literal.
// Apart from the data, because here is the only text of the format, and most of its possible
// errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

struct NpyHeader {
  std::string descr; ///< element type as NumPy writes it, "<f8"
  bool fortran = false;
  std::vector<std::int64_t> shape;
};

/// Reads {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }, keys in any order, each once.
/// Extents are at least 1, axes at most 64 (NumPy's own limit).
std::optional<NpyHeader> readNpyHeader(std::string_view text, std::string &error);

} // namespace deq
