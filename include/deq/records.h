// States and arguments as the host's own structs: `template <class S> struct Body { S x, v; };`,
// whose members are the leaves, by their names.
// The number type is the parameter: deq::Scalar where a field is traced, double where values go in
// and out.
#pragma once

#include "deq/trace.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

namespace detail {

/// An array of known shape.
template <std::int64_t... extents> class Shaped : public Array {
public:
  Shaped() = default;
  /// Error if `value` has another shape.
  Shaped(const Array &value, Place at = Place::current()) : Array(value) {
    requireShape(value, {extents...}, at);
  }
};

template <class T> struct IsStdArray : std::false_type {};
template <class T, std::size_t n> struct IsStdArray<std::array<T, n>> : std::true_type {};
template <class T> struct ShapeOf : std::false_type {};
template <std::int64_t... extents> struct ShapeOf<Shaped<extents...>> : std::true_type {
  static std::vector<std::int64_t> shape() { return {extents...}; }
};

template <class T>
concept Record = std::is_class_v<T> && std::is_aggregate_v<T> && !IsStdArray<T>::value;

// --- Members of an aggregate: how many, references to them, their names.

struct Anything {
  template <class T> operator T() const noexcept;
};
template <class T, std::size_t... I> constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), Anything())...}; };
}
constexpr std::size_t mostMembers = 16;
/// As many as initialise it. One more than `mostMembers` is looked for, to tell that there are.
template <class T, std::size_t n = mostMembers + 1> constexpr std::size_t memberCount() {
  if constexpr (n == 0 || takes<T>(std::make_index_sequence<n>()))
    return n;
  else
    return memberCount<T, n - 1>();
}

template <class T> constexpr auto membersOf(T &record) {
  constexpr std::size_t n = memberCount<std::remove_const_t<T>>();
  static_assert(n >= 1 && n <= mostMembers,
                "expected a struct of 1 to 16 members; nest the others");
#define DEQ_MEMBERS(count, ...)                                                                    \
  if constexpr (n == count) {                                                                      \
    auto &[__VA_ARGS__] = record;                                                                  \
    return std::tie(__VA_ARGS__);                                                                  \
  }
  DEQ_MEMBERS(1, a)
  DEQ_MEMBERS(2, a, b)
  DEQ_MEMBERS(3, a, b, c)
  DEQ_MEMBERS(4, a, b, c, d)
  DEQ_MEMBERS(5, a, b, c, d, e)
  DEQ_MEMBERS(6, a, b, c, d, e, f)
  DEQ_MEMBERS(7, a, b, c, d, e, f, g)
  DEQ_MEMBERS(8, a, b, c, d, e, f, g, h)
  DEQ_MEMBERS(9, a, b, c, d, e, f, g, h, i)
  DEQ_MEMBERS(10, a, b, c, d, e, f, g, h, i, j)
  DEQ_MEMBERS(11, a, b, c, d, e, f, g, h, i, j, k)
  DEQ_MEMBERS(12, a, b, c, d, e, f, g, h, i, j, k, l)
  DEQ_MEMBERS(13, a, b, c, d, e, f, g, h, i, j, k, l, m)
  DEQ_MEMBERS(14, a, b, c, d, e, f, g, h, i, j, k, l, m, o)
  DEQ_MEMBERS(15, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p)
  DEQ_MEMBERS(16, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q)
#undef DEQ_MEMBERS
}

/// Ends with the address as the compiler spells it: `..::velocity)}]`, `&nowhere.value.velocity}]`.
template <auto address> constexpr const char *spelled() { return __PRETTY_FUNCTION__; }
constexpr std::string_view lastName(std::string_view text) {
  auto isName = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::size_t end = text.size(), begin;
  while (end > 0 && !isName(text[end - 1]))
    --end;
  for (begin = end; begin > 0 && isName(text[begin - 1]);)
    --begin;
  return text.substr(begin, end - begin);
}

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
/// Never defined: a place whose members have addresses.
template <class T> struct Nowhere { T value; };
template <class T> extern const Nowhere<T> nowhere;
template <class T> struct Address { T pointer; };
template <class T> Address(T) -> Address<T>;
template <class T, std::size_t i> std::string memberName() {
  return std::string(lastName(spelled<Address{&std::get<i>(membersOf(nowhere<T>.value))}>()));
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// f(name, member) for each.
template <Record R, class F> void forMembers(R &record, F f) {
  auto members = membersOf(record);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(memberName<std::remove_const_t<R>, I>(), std::get<I>(members)), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(members)>>());
}

// --- Leaves of a record, in the order of its members; those of nested ones are `outer_inner`.

template <class T> void declareLeaves(std::string name, std::vector<Declared> &leaves) {
  if constexpr (std::same_as<T, Scalar>) {
    leaves.emplace_back(std::move(name));
  } else if constexpr (ShapeOf<T>::value) {
    leaves.emplace_back(std::move(name), ShapeOf<T>::shape());
  } else if constexpr (IsStdArray<T>::value) {
    using Element = typename T::value_type;
    if constexpr (std::same_as<Element, Scalar>)
      leaves.emplace_back(std::move(name), std::vector<std::int64_t>{std::tuple_size_v<T>});
    else
      for (std::size_t i = 0; i < std::tuple_size_v<T>; ++i)
        declareLeaves<Element>(name + "_" + std::to_string(i), leaves);
  } else {
    static_assert(Record<T>,
                  "expected members of S, ArrayOf<S, ..>, std::array or structs of them");
    T record;
    forMembers(record, [&]<class Member>(const std::string &member, Member &) {
      declareLeaves<Member>(name.empty() ? member : name + "_" + member, leaves);
    });
  }
}

/// Sets a record of traced values to the leaves from `next` on.
template <class T> void readLeaves(T &to, const Vars &vars, std::size_t &next, const Place &at) {
  if constexpr (std::same_as<T, Scalar>) {
    to = Scalar(vars[{next++, at}], at);
  } else if constexpr (ShapeOf<T>::value) {
    to = T(vars[{next++, at}], at);
  } else if constexpr (IsStdArray<T>::value) {
    if constexpr (std::same_as<typename T::value_type, Scalar>) {
      const Array &leaf = vars[{next++, at}];
      for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = Scalar(leaf[Subscript(i, at)], at);
    } else {
      for (auto &element : to)
        readLeaves(element, vars, next, at);
    }
  } else {
    forMembers(to, [&](const std::string &, auto &member) { readLeaves(member, vars, next, at); });
  }
}

template <class T> void writeLeaves(const T &from, std::vector<Array> &leaves, const Place &at) {
  if constexpr (std::derived_from<T, Array>) {
    leaves.push_back(from);
  } else if constexpr (IsStdArray<T>::value) {
    using Element = typename T::value_type;
    if constexpr (std::same_as<Element, Scalar> || std::same_as<Element, Array>)
      leaves.push_back(stack(std::vector<Array>(from.begin(), from.end()), at));
    else
      for (const auto &element : from)
        writeLeaves(element, leaves, at);
  } else {
    forMembers(from, [&](const std::string &, auto &member) { writeLeaves(member, leaves, at); });
  }
}

/// f(number) for all numbers of a record of doubles, in the order of the flat state.
template <class T, class F> void forNumbers(T &record, F &f) {
  if constexpr (std::is_floating_point_v<std::remove_const_t<T>>) {
    f(record);
  } else if constexpr (IsStdArray<std::remove_const_t<T>>::value) {
    for (auto &element : record)
      forNumbers(element, f);
  } else {
    static_assert(Record<std::remove_const_t<T>>, "expected a struct of numbers");
    std::apply([&](auto &...members) { (forNumbers(members, f), ...); }, membersOf(record));
  }
}

template <class T> std::vector<Declared> leavesOf() {
  std::vector<Declared> leaves;
  declareLeaves<T>("", leaves);
  return leaves;
}

template <class T> T readRecord(const Vars &vars, const Place &at) {
  T record;
  std::size_t next = 0;
  readLeaves(record, vars, next, at);
  return record;
}

/// The members in their order; `Body{-y.x, y.v}` without an argument is one of Arrays.
template <class State, class Result>
Derivatives writeRecord(const Result &result, const Place &at) {
  std::vector<Array> leaves;
  if constexpr (std::convertible_to<Result, State>) {
    writeLeaves(State(result), leaves, at);
  } else {
    static_assert(Record<Result>, "expected a callable that returns the struct of its state");
    writeLeaves(result, leaves, at);
  }
  return leaves;
}

} // namespace detail

/// A member that is an array, of one leaf: traced an Array of that shape; for doubles a std::array
/// of as many, row-major.
template <class S, std::int64_t... extents>
using ArrayOf = std::conditional_t<std::same_as<S, Scalar>, detail::Shaped<extents...>,
                                   std::array<S, std::size_t((extents * ... * 1))>>;

/// A field whose state is a struct: `deq::trace<Body>("f", [](const Body<Scalar> &y) { .. })`. The
/// callable takes (t, y) or (y) and returns a Body<Scalar> of derivatives. Members are S,
/// ArrayOf<S,
/// ..>, std::array<S, n> (a leaf of n numbers, each a Scalar), structs, or std::array of structs;
/// leaves are called `position`, `earth_position`, `planets_0_position`.
template <template <class> class State, class F>
Field trace(std::string name, F callable, Place at = Place::current()) {
  using Y = State<Scalar>;
  auto shared = std::make_shared<F>(std::move(callable));
  return detail::makeField(
      std::move(name), {.state = detail::leavesOf<Y>()},
      [shared, at](const Scalar &t, const Vars &y, const Vars &) {
        if constexpr (std::invocable<F &, const Scalar &, const Y &>)
          return detail::writeRecord<Y>(std::invoke(*shared, t, detail::readRecord<Y>(y, at)), at);
        else
          return detail::writeRecord<Y>(std::invoke(*shared, detail::readRecord<Y>(y, at)), at);
      },
      at);
}
/// Likewise with arguments in a struct: the callable takes (t, y, args).
template <template <class> class State, template <class> class Args, class F>
Field trace(std::string name, F callable, Place at = Place::current()) {
  using Y = State<Scalar>;
  auto shared = std::make_shared<F>(std::move(callable));
  return detail::makeField(
      std::move(name), {.state = detail::leavesOf<Y>(), .args = detail::leavesOf<Args<Scalar>>()},
      [shared, at](const Scalar &t, const Vars &y, const Vars &args) {
        return detail::writeRecord<Y>(std::invoke(*shared, t, detail::readRecord<Y>(y, at),
                                                  detail::readRecord<Args<Scalar>>(args, at)),
                                      at);
      },
      at);
}

/// The numbers of a struct of doubles, flat.
template <detail::Record R> std::vector<double> flat(const R &record) {
  std::vector<double> numbers;
  auto add = [&](double number) { numbers.push_back(number); };
  detail::forNumbers(record, add);
  return numbers;
}
/// A struct of doubles from the first of `numbers`, such as a row of a Solution or the state of a
/// Stepper; zeros where there are not enough.
template <detail::Record R> R as(std::span<const double> numbers) {
  R record{};
  std::size_t next = 0;
  auto set = [&](auto &number) { number = next < numbers.size() ? numbers[next++] : 0; };
  detail::forNumbers(record, set);
  return record;
}

} // namespace deq
#pragma GCC visibility pop
