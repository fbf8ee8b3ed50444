// What the tests of the data readers share: NPY files made by hand, and the result or error of a
// reader as text.
// Files are bytes in the tests, so that each shows what the format is and needs no NumPy.
#pragma once

#include "compiler/Data/NumberArray.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deq::test {

/// `count` bytes of `bits`, little-endian unless `big`.
inline std::string packed(std::uint64_t bits, int count, bool big = false) {
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes += static_cast<char>(bits >> (8 * (big ? count - 1 - i : i)));
  return bytes;
}

/// An NPY file of version 1.0 (2.0, 3.0) around `header` and `data`.
inline std::string npyFile(const std::string &header, const std::string &data, int version = 1) {
  return "\x93NUMPY" + packed(static_cast<std::uint64_t>(version), 2) +
         packed(header.size(), version == 1 ? 2 : 4) + header + data;
}

inline std::string npyHeader(const std::string &descr, const std::string &shape,
                             bool fortran = false) {
  return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }   \n";
}

/// The error of a reader that must refuse `bytes`; "no error" if it did not.
template <typename Result>
std::string errorOf(std::optional<Result> (*read)(std::string_view, std::string &),
                    std::string_view bytes) {
  std::string error;
  return read(bytes, error) ? "no error" : error;
}

/// The result of a reader that must take `bytes`; the error is shown if it did not.
template <typename Result>
Result resultOf(std::optional<Result> (*read)(std::string_view, std::string &),
                std::string_view bytes) {
  std::string error;
  std::optional<Result> result = read(bytes, error);
  EXPECT_TRUE(result) << error;
  return result.value_or(Result{});
}

using Shape = std::vector<std::int64_t>;
using Numbers = std::vector<double>;

} // namespace deq::test
