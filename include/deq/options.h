// How a field is to be solved: method, controller, save plan, element type.
// The clauses of a solve block of the language, by the same names and with the same defaults:
// docs/language.md says what each means. What is left out keeps the word of the field's own solve
// block, if it has one, and else the default.
#pragma once

#include "deq/trace.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

/// A method of deq, by its name.
struct MethodName {
  const char *name;
};
#define METHOD(name) inline constexpr MethodName name{#name};
#include "deq/methods.def"

/// A Runge-Kutta method of the host's, as data; docs/language.md, "A method of your own". Rows,
/// weights and the stated orders are checked against the order conditions.
struct ButcherTableau {
  std::string name;
  int order = 0;
  std::vector<double> c = {};
  std::vector<std::vector<double>> a = {}; ///< the first row, which is empty, is left out
  std::vector<double> b = {};
  std::vector<double> e = {}, bhat = {}; ///< at most one: error weights, or the other solution's
  int error_order = 0;                   ///< 0: order - 1
  std::vector<std::vector<double>> interpolant = {};
  int interpolant_order = 0;
};

/// A method by its name, `half(NAME)` included, or a tableau.
class MethodChoice {
public:
  MethodChoice() = default;
  MethodChoice(MethodName method) : name(method.name) {}
  MethodChoice(const char *name) : name(name) {}
  MethodChoice(std::string name) : name(std::move(name)) {}
  MethodChoice(ButcherTableau own) : name(own.name), tableau(std::move(own)) {}
  std::string name; ///< empty: not given
  std::optional<ButcherTableau> tableau;
};

/// Options of `pid`; those that are not given keep their defaults.
struct Pid {
  std::optional<double> rtol = {}, atol = {};
  std::optional<double> pcoeff = {}, icoeff = {}, dcoeff = {};
  std::optional<double> safety = {}, factor_min = {}, factor_max = {};
  std::optional<double> dt_min = {}, dt_max = {}; ///< in units of t
  std::string norm = {};                          ///< rms or max
  std::optional<int> error_order = {};
  std::optional<bool> force_dt_min = {};
  /// Absolute tolerances, and weights in the error norm, by the names of leaves.
  std::vector<std::pair<std::string, double>> leaf_atol = {}, weights = {};
};

/// A controller of the step size.
class Control {
public:
  Control() = default;
  std::string kind; ///< pid, constant or step_to; empty: not given
  Pid options;
  std::optional<double> dt;  ///< of constant
  std::vector<double> times; ///< of step_to
};
inline Control pid(Pid options = {}) {
  Control control;
  control.kind = "pid";
  control.options = std::move(options);
  return control;
}
inline Control pid(double rtol, double atol) { return pid({.rtol = rtol, .atol = atol}); }
/// Equal steps of length `dt`, in units of t.
inline Control constant_step(double dt) {
  Control control;
  control.kind = "constant";
  control.dt = dt;
  return control;
}

/// Steps that end at these times and nowhere else: both ends of the span and what is between, in
/// the direction of the solve. A call with another span is an error.
inline Control step_to(std::vector<double> times) {
  Control control;
  control.kind = "step_to";
  control.times = std::move(times);
  return control;
}

/// When rows are written, and of which leaves.
class Save {
public:
  /// start, end, every, at, steps, dense. Empty: not given, or `end` if anything else is.
  std::string kind;
  std::vector<double> values;
  std::vector<std::string> leaves; ///< none: all
  std::vector<Expression> expressions = {};
  /// The same plan for some leaves of the state alone.
  Save only(std::vector<std::string> names) const {
    Save save = *this;
    save.leaves = std::move(names);
    return save;
  }
  /// The same plan with a number or array more in its rows, behind the leaves: what `callable`,
  /// of the form of a field's, makes of time, state and arguments. For traced fields.
  template <class F>
  requires detail::FieldCallable<F> Save with(std::string name, F callable,
                                              Place at = Place::current())
  const {
    Save save = *this;
    save.expressions.push_back(expression(std::move(name), std::move(callable), at));
    return save;
  }
};
/// Rows at t0, t0 + h, .. and at the end.
inline Save every(double h) { return {"every", {h}, {}}; }
/// Rows at exactly these times, in the order of the solve.
inline Save at(std::vector<double> times) { return {"at", std::move(times), {}}; }
/// A row after every n-th accepted step and at the end.
inline Save steps(std::int64_t n) { return {"steps", {static_cast<double>(n)}, {}}; }
/// One row, at the end; the default.
inline Save ends() { return {"end", {}, {}}; }
/// A row at t0 and one at the end.
inline Save starts() { return {"start", {}, {}}; }
/// A row per step, and Solution::evaluate in between.
inline Save dense() { return {"dense", {}, {}}; }

/// What of a crossing an event counts, and how close it is located.
struct StopOptions {
  std::string direction = {}; ///< up, down or any: through zero
  double tolerance = 0;       ///< in units of t; 0: as close as the time resolves
};
/// An event that ends a solve.
struct Stop {
  Expression what;
  StopOptions options;
};
/// Ends a solve where a number crosses zero, located within the step, or after the step at whose
/// end a condition is true. `callable`, of the form of a field's, returns a scalar or a Condition.
/// For traced fields; docs/methods.md, "Events".
template <class F>
requires detail::FieldCallable<F> Stop stop_when(std::string name, F callable,
                                                 StopOptions options = {},
                                                 Place at = Place::current()) {
  return {expression(std::move(name), std::move(callable), at), std::move(options)};
}

/// The length that no step of a solve exceeds: what `callable`, of the form of a field's, makes of
/// time, state and arguments where the step begins, a scalar in units of t. For traced fields;
/// docs/language.md, "Steps of a given length".
template <class F>
requires detail::FieldCallable<F> Expression dt_limit(F callable, Place at = Place::current()) {
  return expression("dt", std::move(callable), at);
}

/// How a field is solved. Structure but for the numbers of `control`, `save`, `plans`, `dt`,
/// `max_steps`, `step_at` and `jump_at`: another value of those compiles nothing.
struct Options {
  MethodChoice method = {}; ///< tsit5
  Control control = {};     ///< pid(1e-6, 1e-9)
  Save save = {};           ///< ends()
  /// Plans beside `save`, by their names: Solution::plans has their rows.
  std::vector<std::pair<std::string, Save>> plans = {};
  std::string preset = {}; ///< what other solvers do: odeint, scipy_rk45, diffrax, ..
  std::string dtype = {};  ///< f64, f32, f32(time = f64)
  std::string stages = {}; ///< auto, unroll, outline, scan
  std::string tier = {};   ///< full: the fastest code, quick: the soonest; same bits
  /// What a compile may be predicted to take where stages are auto; 50 ms if not given. The same
  /// code within another budget is compiled anew, since the budget may choose another form.
  std::optional<std::chrono::duration<double, std::milli>> compile_budget = {};
  std::optional<double> dt = {};                  ///< first step; chosen if not given
  std::optional<Expression> dt_limit = {};        ///< deq::dt_limit(..); none if not given
  std::optional<std::int64_t> max_steps = {};     ///< 1,000,000
  std::vector<double> step_at = {}, jump_at = {}; ///< times at which steps end, the field jumps
  std::vector<Stop> stop = {};                    ///< events that end the solve before t1
  /// Solves keep a state to go on from (Solution::checkpoint), and steppers can step_until a time.
  bool resumable = false;
  /// Shapes of leaves and arguments that were declared with `any`, if calls should not tell.
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes = {};
  /// Statics of a text's field.
  std::vector<std::pair<std::string, std::int64_t>> statics = {};
  /// More compiles than that at one place of the host are an error; 0: as many as it takes.
  std::int64_t max_compiles = 0;
};

} // namespace deq
#pragma GCC visibility pop
