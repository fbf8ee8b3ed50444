// Numbers as the data formats promise them.
// 17 significant digits bring every f64 back, 9 every f32.
#pragma once

#include "compiler/Signature.h"

#include <string_view>

namespace deq::cli {

class NumberText {
public:
  explicit NumberText(DType type) : digits(isSingle(type) ? 9 : 17) {}
  /// For the times of a solve: of a pair, those of its first value.
  static NumberText ofTimes(DType type) {
    return NumberText(pairsTimes(type) ? DType::f32 : DType::f64);
  }
  /// Valid until the next call. Non-finite values are nan, inf and -inf.
  std::string_view operator()(double value);

private:
  int digits;
  char text[32];
};

} // namespace deq::cli
