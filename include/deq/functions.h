// Functions of traced values: the elementwise ones of the language, and those of arrays.
// The elementwise ones are the rows of builtins.def, as they are for the language.
#pragma once

#include "deq/array.h"

#pragma GCC visibility push(default)
namespace deq {

namespace detail {
template <class T>
concept Traced = std::derived_from<T, Array>;
template <class T>
concept Numeric = Traced<T> || std::same_as<T, Index> || Number<T>;
/// Scalar if all are, else Array.
template <class... T>
using Result = std::conditional_t<(!std::same_as<T, Array> && ...), Scalar, Array>;

Array call(int row, const Operand &a, Place at);
Array call(int row, const Operand &a, const Operand &b, Place at);
Array power(const Operand &base, std::int64_t exponent, Place at);
Array select(const Condition &condition, const Operand &a, const Operand &b, Place at);

enum class Builtin : int {
#define BUILTIN(name, arity, form, symbol) name##_,
#include "deq/builtins.def"
};

/// An integer exponent belongs to the structure.
template <Builtin row, class A, class B> Array call(const A &a, const B &b, Place at) {
  if constexpr (row == Builtin::pow_ && std::integral<B>)
    return power(detail::Operand(a, at), static_cast<std::int64_t>(b), at);
  else
    return call(int(row), detail::Operand(a, at), detail::Operand(b, at), at);
}

/// A loop that is being traced; the destructor gives it up if nothing closed it.
class Loop {
public:
  Loop(std::int64_t lower, std::int64_t upper, Place at);
  ~Loop();
  Loop(const Loop &) = delete;
  Loop &operator=(const Loop &) = delete;
  Index index() const;
  void filter(const Condition &condition);
  Array map(const Array &element);
  Array sum(const Array &term);
  /// The value that the index before has left, the initial one for the first.
  Array carried(const Array &initial);
  /// Once `carried` has been asked for.
  Array fold(const Array &next);

private:
  Array close(bool sum, const Array &value);
  std::int64_t region = -1;
  Handle initial;
  bool open = false;
  Place at;
};
/// What a fold of that initial value hands on.
template <class T> using Carried = std::conditional_t<std::same_as<T, Array>, Array, Scalar>;
template <Numeric T> Carried<T> firstOf(const T &initial, Place at) {
  if constexpr (Traced<T>)
    return initial;
  else
    return Scalar(Array(initial, at), at);
}
} // namespace detail

#define DEQ_FUNCTION_1(name)                                                                       \
  template <detail::Traced A> detail::Result<A> name(const A &a, Place at = Place::current()) {    \
    return detail::Result<A>(                                                                      \
        detail::call(int(detail::Builtin::name##_), detail::Operand(a, at), at));                  \
  }
#define DEQ_FUNCTION_2(name)                                                                       \
  template <detail::Numeric A, detail::Numeric B>                                                  \
  requires(detail::Traced<A> || detail::Traced<B>) detail::Result<A, B> name(                      \
      const A &a, const B &b, Place at = Place::current()) {                                       \
    return detail::Result<A, B>(detail::call<detail::Builtin::name##_>(a, b, at));                 \
  }
/// docs/language.md says what each computes. `pow` with an integer exponent is multiplied out, by
/// left-to-right binary powering, and 1/(x^|n|) for negative n: it belongs to the structure of the
/// field. With any other it is the function of that name.
#define BUILTIN(name, arity, form, symbol) DEQ_FUNCTION_##arity(name)
#include "deq/builtins.def"
#undef DEQ_FUNCTION_1
#undef DEQ_FUNCTION_2

/// Elementwise `condition ? a : b`; both are computed.
template <detail::Numeric A, detail::Numeric B>
Array select(const Condition &condition, const A &a, const B &b, Place at = Place::current()) {
  return detail::select(condition, detail::Operand(a, at), detail::Operand(b, at), at);
}

/// A number that belongs to the structure of the field and not to its hidden arguments, such as pi
/// or the number of cells: another value is another field.
Scalar constant(double value, Place at = Place::current());
/// A named number of the host: an argument of the field whose value is `value` where a solve does
/// not give another. `name` is new, or stands for the same numbers as before.
Scalar param(std::string_view name, double value, Place at = Place::current());
/// Likewise an array, row-major. No shape: as long as `values`.
Array param(std::string_view name, const std::vector<double> &values,
            std::vector<std::int64_t> shape = {}, Place at = Place::current());

/// Sum of all elements.
Scalar sum(const Array &array, Place at = Place::current());
/// The 2-norm, of matrices Frobenius'.
Scalar norm(const Array &array, Place at = Place::current());
/// Of two vectors of equal length.
Scalar dot(const Array &a, const Array &b, Place at = Place::current());
/// A matrix times a vector or a matrix.
Array matmul(const Array &a, const Array &b, Place at = Place::current());
/// result[i] = array[i - k] along an axis, `fill` where there is none.
Array shift(const Array &array, std::int64_t k, const Scalar &fill, std::int64_t axis = 0,
            Place at = Place::current());
/// result[i] = array[i - k] along an axis, cyclic.
Array roll(const Array &array, std::int64_t k, std::int64_t axis = 0, Place at = Place::current());
/// array[start], .., array[stop - 1] along an axis.
Array slice(const Array &array, std::int64_t start, std::int64_t stop, std::int64_t axis = 0,
            Place at = Place::current());
/// One behind the other along an axis.
Array concat(const std::vector<Array> &arrays, std::int64_t axis = 0, Place at = Place::current());
/// Values of equal shapes along a new first axis.
Array stack(const std::vector<Array> &rows, Place at = Place::current());
template <class... A>
requires(sizeof...(A) > 0 && (std::convertible_to<const A &, Array> && ...)) Array
    stack(const A &...rows) {
  // The place of the whole is that of its first row's node: a pack leaves no room for a default.
  return stack(std::vector<Array>{Array(rows)...}, Place());
}

/// [f(lower), .., f(upper - 1)], a loop of the compiled field however long it is. `f` takes an
/// Index and is called once.
template <class F>
Array map(std::int64_t lower, std::int64_t upper, F &&f, Place at = Place::current()) {
  detail::Loop loop(lower, upper, at);
  return loop.map(f(loop.index()));
}
/// Likewise the elements whose index `filter` is true of: a comparison of indices. Inside of
/// another loop it leaves as many for each of that one's indices.
template <class F, class Filter>
requires std::invocable<Filter, Index> Array map(std::int64_t lower, std::int64_t upper, F &&f,
                                                 Filter &&filter, Place at = Place::current()) {
  detail::Loop loop(lower, upper, at);
  loop.filter(filter(loop.index()));
  return loop.map(f(loop.index()));
}
/// f(lower) + .. + f(upper - 1), of scalars or of arrays.
template <class F>
Array sum(std::int64_t lower, std::int64_t upper, F &&f, Place at = Place::current()) {
  detail::Loop loop(lower, upper, at);
  return loop.sum(f(loop.index()));
}
template <class F, class Filter>
requires std::invocable<Filter, Index> Array sum(std::int64_t lower, std::int64_t upper, F &&f,
                                                 Filter &&filter, Place at = Place::current()) {
  detail::Loop loop(lower, upper, at);
  loop.filter(filter(loop.index()));
  return loop.sum(f(loop.index()));
}

/// A recurrence: f(upper - 1, .. f(lower + 1, f(lower, initial))), a loop of the compiled field
/// however long it is; `initial` itself if the range is empty. `f` takes an Index and what the one
/// before has given, a Scalar if `initial` is a Scalar, number or Index, else an Array; it gives a
/// value of the shape of `initial`, and is called once.
template <detail::Numeric T, class F>
requires std::invocable<F, Index, detail::Carried<T>> detail::Carried<T>
fold(const T &initial, std::int64_t lower, std::int64_t upper, F &&f, Place at = Place::current()) {
  const detail::Carried<T> start = detail::firstOf(initial, at);
  detail::Loop loop(lower, upper, at);
  return detail::Carried<T>(loop.fold(f(loop.index(), detail::Carried<T>(loop.carried(start)))));
}
/// Likewise over the indices that `filter` is true of: a comparison of indices.
template <detail::Numeric T, class F, class Filter>
requires std::invocable<F, Index, detail::Carried<T>> && std::invocable<Filter, Index>
    detail::Carried<T> fold(const T &initial, std::int64_t lower, std::int64_t upper, F &&f,
                            Filter &&filter, Place at = Place::current()) {
  const detail::Carried<T> start = detail::firstOf(initial, at);
  detail::Loop loop(lower, upper, at);
  loop.filter(filter(loop.index()));
  return detail::Carried<T>(loop.fold(f(loop.index(), detail::Carried<T>(loop.carried(start)))));
}

} // namespace deq
#pragma GCC visibility pop
