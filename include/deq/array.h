// Values that a traced field computes with: arrays, scalars, conditions, indices of loops.
// They stand for numbers that are known when the field is solved; an operation on them records
// itself, with its place in the host's source, and checks what it is given.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

class Array;
class Condition;
class Index;

/// Where in the host's source an operation stands.
using Place = std::source_location;

namespace detail {
/// A node of the trace with that number; 0: of none.
struct Handle {
  std::uint64_t trace = 0;
  std::int32_t node = -1;
};
class Operand;
class Subscript;
/// Error if the array has another one.
void requireShape(const Array &array, const std::vector<std::int64_t> &shape, Place at);
class IndexOperand;
/// bool is no number here: `x + (a < b)` is a mistake.
template <class T>
concept Number = std::is_arithmetic_v<T> && !std::same_as<T, bool>;
} // namespace detail

/// A real array of any shape, row-major; scalars have the empty shape. Elementwise operators take
/// arrays of equal shapes, or a scalar or number for one of them. A C++ number becomes a hidden
/// argument of the compiled field, so that another value of it compiles nothing.
///
/// Everything here throws deq::Error, with the place of the operation, on shapes that do not fit
/// and on values of another trace.
class Array {
public:
  /// Stands for nothing; using it is an error.
  Array() = default;
  /// A number, as a scalar.
  template <detail::Number N>
  Array(N number, Place at = Place::current()) : Array(literal(static_cast<double>(number), at)) {}

  /// An index, as a number.
  Array(const Index &index, Place at = Place::current());

  std::vector<std::int64_t> shape() const;
  /// Extent of the first axis.
  std::int64_t size(Place at = Place::current()) const;

  /// The element, or the row, at one index of the first axis: an integer or the Index of a loop.
  Array operator[](const detail::Subscript &i) const;
  /// At indices of the leading axes.
  Array operator()(const detail::Subscript &i) const;
  Array operator()(const detail::Subscript &i, const detail::Subscript &j) const;
  Array operator()(const detail::Subscript &i, const detail::Subscript &j,
                   const detail::Subscript &k) const;

  friend Array operator+(const detail::Operand &a, const detail::Operand &b);
  friend Array operator-(const detail::Operand &a, const detail::Operand &b);
  friend Array operator*(const detail::Operand &a, const detail::Operand &b);
  friend Array operator/(const detail::Operand &a, const detail::Operand &b);
  friend Array operator-(const detail::Operand &a);
  friend Array operator+(const detail::Operand &a);
  friend Array &operator+=(Array &a, const detail::Operand &b);
  friend Array &operator-=(Array &a, const detail::Operand &b);
  friend Array &operator*=(Array &a, const detail::Operand &b);
  friend Array &operator/=(Array &a, const detail::Operand &b);
  friend Condition operator<(const detail::Operand &a, const detail::Operand &b);
  friend Condition operator<=(const detail::Operand &a, const detail::Operand &b);
  friend Condition operator>(const detail::Operand &a, const detail::Operand &b);
  friend Condition operator>=(const detail::Operand &a, const detail::Operand &b);
  friend Condition operator==(const detail::Operand &a, const detail::Operand &b);
  friend Condition operator!=(const detail::Operand &a, const detail::Operand &b);

  explicit Array(detail::Handle handle) : id(handle) {}
  detail::Handle handle() const { return id; }

private:
  static Array literal(double number, Place at);
  detail::Handle id;
};

/// An array that is known to be a scalar.
class Scalar : public Array {
public:
  Scalar() = default;
  template <detail::Number N> Scalar(N number, Place at = Place::current()) : Array(number, at) {}
  /// Error if `value` is no scalar.
  Scalar(const Array &value, Place at = Place::current());

  friend Scalar &operator+=(Scalar &a, const detail::Operand &b);
  friend Scalar &operator-=(Scalar &a, const detail::Operand &b);
  friend Scalar &operator*=(Scalar &a, const detail::Operand &b);
  friend Scalar &operator/=(Scalar &a, const detail::Operand &b);
};

/// A truth per element, of a comparison. It is not known while a field is traced, so it is for
/// `select` and for filters of loops, never for `if`.
class Condition {
public:
  Condition(detail::Handle handle, Place at) : id(handle), at(at) {}
  detail::Handle handle() const { return id; }
  Place place() const { return at; } ///< of the comparison, the first one if there are several

  /// Always an error at the comparison: use `select(condition, a, b)`.
  explicit operator bool() const;
  // At the place of the left comparison: an operator's own would make `a && b` ambiguous with bool.
  friend Condition operator&&(const Condition &a, const Condition &b);
  friend Condition operator||(const Condition &a, const Condition &b);
  friend Condition operator!(const Condition &a);

private:
  detail::Handle id;
  Place at;
};

/// The counter of a `map`, `sum` or `fold` over a range: an integer of the structure. `div` rounds
/// toward minus infinity, `mod` has the sign of the divisor. As a number it is used like any other.
class Index {
public:
  explicit Index(detail::Handle handle) : id(handle) {}
  detail::Handle handle() const { return id; }

  friend Index operator+(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Index operator-(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Index operator*(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Index div(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Index mod(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Condition operator<(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Condition operator<=(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Condition operator>(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Condition operator>=(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Condition operator==(const detail::IndexOperand &a, const detail::IndexOperand &b);
  friend Condition operator!=(const detail::IndexOperand &a, const detail::IndexOperand &b);

private:
  detail::Handle id;
};

namespace detail {

/// An operand of an operation on numbers, with its place. Only ever made by conversion.
class Operand {
public:
  Operand(const Array &array, Place at = Place::current()) : id(array.handle()), at(at) {}
  Operand(const Index &index, Place at = Place::current())
      : id(index.handle()), at(at), kind(Kind::index) {}
  template <Number N>
  Operand(N value, Place at = Place::current())
      : number(static_cast<double>(value)), at(at), kind(Kind::number) {}

  enum class Kind { array, index, number };
  Handle id;
  double number = 0;
  Place at;
  Kind kind = Kind::array;
};

/// An operand of an operation on indices.
class IndexOperand {
public:
  IndexOperand(const Index &index, Place at = Place::current()) : id(index.handle()), at(at) {}
  template <std::integral N>
  IndexOperand(N value, Place at = Place::current())
      : number(static_cast<std::int64_t>(value)), at(at) {}

  Handle id; ///< of trace 0: the number
  std::int64_t number = 0;
  Place at;
};

/// An index between brackets.
class Subscript : public IndexOperand {
public:
  using IndexOperand::IndexOperand;
  Subscript(const Index &index, Place at = Place::current()) : IndexOperand(index, at) {}
  template <std::integral N>
  Subscript(N value, Place at = Place::current()) : IndexOperand(value, at) {}
};

} // namespace detail

} // namespace deq
#pragma GCC visibility pop
