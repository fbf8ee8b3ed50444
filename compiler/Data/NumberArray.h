// An array of numbers with its shape: what data files hold.
#pragma once

#include <cstdint>
#include <vector>

namespace deq {

/// Row-major; an empty shape is one scalar.
struct NumberArray {
  std::vector<std::int64_t> shape;
  std::vector<double> data;
};

} // namespace deq
