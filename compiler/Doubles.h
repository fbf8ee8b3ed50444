// Plain doubles as the arithmetic that templates of formulas are written over.
// The same formula is emitted as code, interpreted, and, with this, computed by the runtime.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>

namespace deq {

/// What log2Of and exp2Of (Transforms/Power.h) ask of their arithmetic.
struct Doubles {
  double constant(double x) { return x; }
  std::int64_t integer(std::int64_t x) { return x; }
  double add(double x, double y) { return x + y; }
  double sub(double x, double y) { return x - y; }
  double mul(double x, double y) { return x * y; }
  double fma(double x, double y, double z) { return std::fma(x, y, z); }
  std::int64_t bits(double x) { return std::bit_cast<std::int64_t>(x); }
  double real(std::int64_t x) { return std::bit_cast<double>(x); }
  double toReal(std::int64_t x) { return double(x); }
  std::int64_t andInt(std::int64_t x, std::int64_t y) { return x & y; }
  std::int64_t addInt(std::int64_t x, std::int64_t y) { return wrap(x, y, std::plus<>()); }
  std::int64_t subInt(std::int64_t x, std::int64_t y) { return wrap(x, y, std::minus<>()); }
  std::int64_t shiftRight(std::int64_t x, std::int64_t y) { return x >> y; }
  std::int64_t shiftLeft(std::int64_t x, std::int64_t y) {
    return std::int64_t(std::uint64_t(x) << y);
  }

private:
  template <class Operation>
  static std::int64_t wrap(std::int64_t x, std::int64_t y, Operation operation) {
    return std::int64_t(operation(std::uint64_t(x), std::uint64_t(y)));
  }
};

} // namespace deq
