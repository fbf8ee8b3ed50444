// Numbers read from a file, with their shape.
// One type for every format, so that whoever wants an array need not know what it was stored as.
#pragma once

#include <cstdint>
#include <vector>

namespace deq {

/// Row-major; shape {} is a scalar. Every extent is at least 1: no leaf of the language is empty,
/// and the readers refuse a file without numbers where they can say so best.
struct NumberArray {
  std::vector<std::int64_t> shape;
  std::vector<double> data;
};

} // namespace deq
