// From a C++ callable to a field: the callable is called once with values that record what is done
// to them.
// Names, shapes and their order are declared, so that they depend on no compiler; the numbers that
// a lambda captures become hidden arguments.
#pragma once

#include "deq/functions.h"

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <tuple>

#pragma GCC visibility push(default)
namespace deq {

/// An extent that the first values decide, those of `prepare` or of the first call.
inline constexpr std::int64_t any = -1;

/// A leaf of the state, or an argument: its name, and its shape if it is no scalar.
struct Declared {
  Declared(const char *name) : name(name) {}
  Declared(std::string name, std::vector<std::int64_t> shape = {})
      : name(std::move(name)), shape(std::move(shape)) {}
  std::string name;
  std::vector<std::int64_t> shape = {};
};

/// The names of a field, in the order in which values are given.
struct Names {
  std::vector<Declared> state = {};
  std::vector<Declared> args = {};
};

namespace detail {
/// A name or number of a leaf, with its place.
struct LeafKey {
  LeafKey(const char *name, Place at = Place::current()) : name(name), at(at) {}
  LeafKey(std::string_view name, Place at = Place::current()) : name(name), at(at) {}
  LeafKey(const std::string &name, Place at = Place::current()) : name(name), at(at) {}
  template <std::integral N>
  LeafKey(N number, Place at = Place::current())
      : number(static_cast<std::int64_t>(number)), at(at) {}
  std::string_view name;
  std::int64_t number = -1;
  Place at;
};
} // namespace detail

/// The leaves of the state, or the arguments, as a traced callable gets them.
class Vars {
public:
  /// `what` is "the state" or "the arguments", for messages.
  Vars(const std::vector<Declared> &names, std::vector<Array> values, std::string what)
      : names(&names), values(std::move(values)), what(std::move(what)) {}

  std::size_t size() const { return values.size(); }
  /// By name or number; error if there is none.
  const Array &operator[](const detail::LeafKey &key) const;

  /// All of them, N scalars: `auto [x, y, z] = vars.scalars<3>();`
  template <std::size_t N> std::array<Scalar, N> scalars(Place at = Place::current()) const {
    requireCount(N, at);
    return generate<N>([&](std::size_t i) { return Scalar(values[i], at); });
  }
  /// All of them, N arrays of any shape.
  template <std::size_t N> std::array<Array, N> arrays(Place at = Place::current()) const {
    requireCount(N, at);
    return generate<N>([&](std::size_t i) { return values[i]; });
  }

private:
  void requireCount(std::size_t count, Place at) const;
  template <std::size_t N, class F> static auto generate(F f) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<decltype(f(0)), N>{f(I)...};
    }
    (std::make_index_sequence<N>());
  }

  const std::vector<Declared> *names;
  std::vector<Array> values;
  std::string what;
};

/// What a traced callable returns: one derivative per leaf of the state, in their order. One array
/// whose rows are the derivatives of scalar leaves serves as well: `stack(dx, dy, dz)`.
class Derivatives {
public:
  Derivatives(const Array &array) : values{array}, single(true) {}
  Derivatives(std::initializer_list<Array> arrays) : values(arrays) {}
  Derivatives(std::vector<Array> arrays) : values(std::move(arrays)) {}
  template <std::derived_from<Array> A, std::size_t N>
  Derivatives(const std::array<A, N> &arrays) : values(arrays.begin(), arrays.end()) {}
  template <std::convertible_to<Array>... A>
  Derivatives(const std::tuple<A...> &arrays)
      : values(std::apply([](const A &...a) { return std::vector<Array>{Array(a)...}; }, arrays)) {}

  std::vector<Array> values;
  bool single = false;
};

/// dy/dt = f(t, y, args), of a traced callable or of a text. Cheap to copy; safe to share among
/// threads, unless its callable is not.
class Field {
public:
  class [[gnu::visibility("hidden")]] Source; ///< where its graph comes from
  explicit Field(std::shared_ptr<const Source> source) : from(std::move(source)) {}
  const Source &source() const { return *from; }
  const std::string &name() const;

private:
  std::shared_ptr<const Source> from;
};

namespace detail {
using Callable = std::function<Derivatives(const Scalar &, const Vars &, const Vars &)>;
Field makeField(std::string name, Names names, Callable callable, Place at);

/// Callables that ignore the arguments, or the time as well, need not name them.
template <class Result, class F>
Result invoke(F &f, const Scalar &t, const Vars &y, const Vars &args) {
  if constexpr (std::invocable<F &, const Scalar &, const Vars &, const Vars &>)
    return std::invoke(f, t, y, args);
  else if constexpr (std::invocable<F &, const Scalar &, const Vars &>)
    return std::invoke(f, t, y);
  else
    return std::invoke(f, y);
}
template <class F>
concept FieldCallable = std::invocable<F &, const Scalar &, const Vars &, const Vars &> ||
    std::invocable<F &, const Scalar &, const Vars &> || std::invocable<F &, const Vars &>;
} // namespace detail

/// A field from `callable`, which takes (t, y, args), (t, y) or (y) as (Scalar, const Vars &, const
/// Vars &) and returns what Derivatives are made of. It is called once per shape of the declared
/// leaves, when a solve is first prepared with it, and never by a solve; anew for each preparation
/// that has expressions of its own.
///
/// What it captures counts at that time. Numbers become hidden arguments, so another field of the
/// same structure compiles nothing; `if`, `for` and integer exponents are structure. Exceptions
/// that it throws come out of `prepare`.
template <class F>
requires detail::FieldCallable<F> Field trace(std::string name, Names names, F callable,
                                              Place at = Place::current()) {
  // Shared, so that a callable that cannot be copied serves too.
  auto shared = std::make_shared<F>(std::move(callable));
  return detail::makeField(
      std::move(name), std::move(names),
      [shared](const Scalar &t, const Vars &y, const Vars &args) {
        return detail::invoke<Derivatives>(*shared, t, y, args);
      },
      at);
}

/// What a callable beside the field's returns: an array of any shape, or a condition.
class Observed {
public:
  Observed(const Array &array) : id(array.handle()) {}
  Observed(const Condition &condition) : id(condition.handle()) {}
  detail::Handle handle() const { return id; }

private:
  detail::Handle id;
};

/// A named function of what a field is one of: `stop` watches it, or a save plan has it in its
/// rows. It sees the field's time, leaves and arguments, and is traced with the field.
struct Expression {
  std::string name;
  std::function<Observed(const Scalar &, const Vars &, const Vars &)> callable;
  Place at;
};
/// `callable` takes what that of a field takes, and returns an Array or a Condition.
template <class F>
requires detail::FieldCallable<F> Expression expression(std::string name, F callable,
                                                        Place at = Place::current()) {
  auto shared = std::make_shared<F>(std::move(callable));
  return {std::move(name),
          [shared](const Scalar &t, const Vars &y, const Vars &args) {
            return detail::invoke<Observed>(*shared, t, y, args);
          },
          at};
}

} // namespace deq
#pragma GCC visibility pop
