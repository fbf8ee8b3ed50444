// The compiler inside of a host program: prepare a field once, solve it as often as you like.
// What has been compiled is found again by its structure, never by its name, its address or its
// numbers; and when something is compiled, the engine says why.
#pragma once

#include "deq/checkpoint.h"
#include "deq/options.h"
#include "deq/records.h"
#include "deq/report.h"
#include "deq/solution.h"
#include "deq/stepper.h"
#include "deq/trace.h"

#include <array>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

class NamedNumbers;

/// Values of the leaves of a state, or of the arguments: flat in the declared order, `{1, 0, 0}`,
/// or by name, `{{"u", u0}, {"v", 3}}`, where one number fills an array. A list of up to 16 numbers
/// is kept without allocation; a vector or span is referred to, and has to outlive the call.
class Numbers {
public:
  Numbers();
  Numbers(double number);
  Numbers(std::initializer_list<double> list);
  Numbers(std::initializer_list<NamedNumbers> list);
  Numbers(std::span<const double> view);
  Numbers(const std::vector<double> &view);
  Numbers(std::vector<double> &&own);
  /// Of a struct of doubles, as of deq/records.h. Up to 16 allocate nothing.
  template <detail::Record R> Numbers(const R &record);
  Numbers(const Numbers &);
  Numbers(Numbers &&) noexcept;
  Numbers &operator=(const Numbers &);
  Numbers &operator=(Numbers &&) noexcept;
  ~Numbers();

  bool empty() const { return !given; }
  /// Of values by name: none.
  std::span<const double> flat() const;
  const std::vector<NamedNumbers> &named() const { return names; }

private:
  struct Few {
    std::array<double, 16> numbers;
    std::size_t count;
  };
  std::variant<std::span<const double>, Few, std::vector<double>> data;
  std::vector<NamedNumbers> names;
  bool given = false;
};

template <detail::Record R> Numbers::Numbers(const R &record) : given(true) {
  Few few{};
  std::vector<double> many;
  auto add = [&](double number) {
    if (few.count < few.numbers.size())
      few.numbers[few.count++] = number;
    else
      many.push_back(number);
  };
  detail::forNumbers(record, add);
  if (many.empty()) {
    data = few;
  } else {
    many.insert(many.begin(), few.numbers.begin(), few.numbers.end());
    data = std::move(many);
  }
}

/// The values of one leaf, by its name. No shape: as many numbers as the leaf has, or one for all.
class NamedNumbers {
public:
  NamedNumbers(std::string name, Numbers values, std::vector<std::int64_t> shape = {})
      : name(std::move(name)), values(std::move(values)), shape(std::move(shape)) {}
  std::string name;
  Numbers values;
  std::vector<std::int64_t> shape;
};

/// What a call of a prepared solve says. What it leaves out is what the field's text says, or an
/// error if there is no word of it.
struct Call {
  /// Goes on from the state that an earlier solve left, in place of `t0` and `y0`: the steps of one
  /// solve with the time of the break in its `step_at`, to the last bit, and the counts of the
  /// whole. Needs Options::resumable. Arguments that neither call nor text gives are those of that
  /// solve. If it was another one, or had other values, steps start anew from its state, and
  /// Solution::restart_reason says why. A state of other leaves is an error.
  std::optional<std::shared_ptr<const Checkpoint>> from = {};
  std::optional<double> t0 = {}, t1 = {}; ///< t0 is 0 if nobody says; t1 < t0: backwards in time
  Numbers y0 = {};
  Numbers args = {};
  // In place of those of the preparation.
  std::optional<double> rtol = {}, atol = {}, dt = {};
  std::optional<std::int64_t> max_steps = {};
  /// Ends the solve as soon as somebody asks for it, with Status::interrupted and the rows so far;
  /// a stepper, whose host can do that itself, does not look at it.
  std::stop_token stop = {};
};

/// Memory of the host for the rows of a solve: as many as `t` holds times.
struct Buffer {
  std::span<double> t;
  std::span<double> y; ///< row-major, each as wide as the state
};

/// How a solve into a Buffer ended.
struct Ended {
  Status status = Status::success;
  bool complete = true;  ///< false: the buffer was full; its rows are the first ones
  std::int64_t rows = 0; ///< written
  Statistics stats = {};
  double t = 0;                    ///< the last accepted time
  std::string restart_reason = {}; ///< as of a Solution
  std::int64_t component = -1; ///< flat number of the one that a failure is blamed on; -1: of none
  bool ok() const { return complete && deq::ok(status); }
};

/// What a prepared solve computes with, for one call after the other.
class Workspace {
public:
  class [[gnu::visibility("hidden")]] State;
  explicit Workspace(std::unique_ptr<State> state);
  Workspace(Workspace &&) noexcept;
  Workspace &operator=(Workspace &&) noexcept;
  ~Workspace();
  /// Where the last solve in it stands, for Call::from; null before, and unless it was prepared
  /// with Options::resumable. Rows beyond its `t`, of a step that a full buffer cut short, come
  /// again.
  std::shared_ptr<const Checkpoint> checkpoint() const;
  State &state() const { return *own; }

private:
  std::unique_ptr<State> own;
};

/// A compiled solve with the names and options of its preparation. Cheap to copy; many threads may
/// call one at once.
class Prepared {
public:
  /// The numerical outcome is the solution's status. Throws deq::Error, at the place of the call,
  /// if its values do not fit.
  Solution operator()(const Call &call = {}, Place at = Place::current()) const;

  /// The same into memory of the host. Allocates nothing once the workspace has served a call of
  /// that size, if values are flat and no steps are asked to end at given times.
  Ended operator()(const Call &call, const Buffer &buffer, Workspace &workspace,
                   Place at = Place::current()) const;
  /// Error while shapes are open, and if not all rows are of all leaves (`only`, several plans,
  /// saved expressions, `dense`).
  Workspace workspace(Place at = Place::current()) const;

  /// The same solve, step by step. Values are checked as by a call.
  Stepper stepper(const Call &call = {}, Place at = Place::current()) const;

  const std::string &name() const; ///< of the field
  /// The leaves of the state and the arguments; none while shapes are open.
  std::vector<Leaf> state() const;
  std::vector<Leaf> arguments() const;
  /// What is no error and yet no good idea: a tolerance below what the element type resolves, names
  /// of a text that nothing uses. None while shapes are open.
  std::vector<Diagnostic> warnings() const;
  /// Digest of what the code depends on; empty while shapes are open.
  std::string key() const;

  class [[gnu::visibility("hidden")]] State;
  explicit Prepared(std::shared_ptr<const State> state) : shared(std::move(state)) {}

private:
  std::shared_ptr<const State> shared;
};

struct EngineStats {
  std::int64_t prepared = 0; ///< solves that were asked for
  std::int64_t compiled = 0;
  std::int64_t loaded = 0;  ///< found on disk
  std::int64_t hits = 0;    ///< found in memory, or compiled by another thread at that moment
  std::int64_t evicted = 0; ///< dropped for want of room; prepared solves keep theirs
  std::size_t entries = 0;  ///< in memory now
};

struct EngineSettings {
  std::size_t capacity = 256; ///< programs kept in memory, at least 1; the least recently used go
  bool interpret = false; ///< run everything in the reference interpreter: slow, obviously right
  /// Folder of the programs that processes share, absolute; empty: none. Not given: DEQ_CACHE_DIR,
  /// else `deq` in XDG_CACHE_HOME or in .cache of the home folder. docs/cache.md has its rules.
  std::optional<std::string> cache_dir = {};
  /// All files of the folder together. Not given: DEQ_CACHE_BYTES, else 256 MiB.
  std::optional<std::int64_t> cache_bytes = {};
};

/// Owns the compiler and what it has compiled. Safe to share among threads; cheap to copy, copies
/// are the same engine. The environment variable DEQ_LOG=compile prints each compile's line to
/// standard error, DEQ_LOG=json its object.
class Engine {
public:
  explicit Engine(EngineSettings settings = {});

  /// Compiles what a solve of `field` needs, or finds it compiled. With shapes that only the values
  /// of a call decide, that happens in the first call of each shape.
  /// Throws deq::Error with every mistake in `options` or the field, and what the field's callable
  /// throws.
  Prepared prepare(const Field &field, Options options = {}, Place at = Place::current());

  /// Called after each compile, by the thread that compiled. One function at a time.
  void on_compile(std::function<void(const CompileReport &)> function);
  EngineStats stats() const;
  /// Forgets all that was compiled; prepared solves keep theirs.
  void clear();

  class [[gnu::visibility("hidden")]] State;

private:
  std::shared_ptr<State> shared;
};

/// The field of a text, in the language of deq. `solve` names one of its solves, whose clauses and
/// values then count where the host gives none, or one of its fields; empty: the only one.
Field load_string(std::string text, std::string solve = {}, Place at = Place::current());
/// The same of a file. Reads it at once; imports and data files when a solve is prepared.
Field load_file(const std::string &path, std::string solve = {}, Place at = Place::current());

} // namespace deq
#pragma GCC visibility pop
