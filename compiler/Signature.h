// Names, shapes and default values of a solve: everything about it that is not code.
// A program's code is positional; the signature is what turns "slot 17" back into "rho", and it
// travels with every dumped stage so that each of them can be run.
#pragma once

#include "LeafInputs.h"
#include "deq/solution.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

using Shape = std::vector<std::int64_t>;

/// Precision of a solve: of its state, and of its time where that is another.
enum class DType { f64, f32, f32_time_f64 };
/// In the language (where blanks may be added) and in dumps, in the order of the enumerators.
inline constexpr std::string_view dtypeNames[] = {"f64", "f32", "f32(time=f64)"};
/// Whether the element type is f32.
constexpr bool isSingle(DType dtype) { return dtype != DType::f64; }
/// How a kernel keeps a time: as the unevaluated sum of two f32 values, or else as one f64.
constexpr bool pairsTimes(DType dtype) { return dtype == DType::f32; }
/// The precision of that name, blanks aside.
std::optional<DType> dtypeOf(std::string text);

/// How a kernel reads an argument: one value for a whole ensemble, one per trajectory, or through
/// memory (large arrays, which are never unpacked into registers).
enum class ArgumentKind { uniform, trajectory, memory };

/// How the stages of a step become code: spelled out with a copy of the field in each, spelled out
/// with calls of one copy, or as a loop around one copy. All give the same bits.
inline constexpr std::string_view emissions[] = {"unroll", "outline", "scan"};

struct Argument {
  Leaf leaf;
  ArgumentKind kind = ArgumentKind::uniform;
  /// -1: what the field sees is the argument itself. 1 or 3: it is a table of polynomials of that
  /// degree (Table.h), of shape [knots, degree + 2] and kind memory, and the field sees the scalar
  /// that it says for the time.
  int degree = -1;
};

/// Structure of the output, not its times: `end` writes no interior rows, `times` reads a list,
/// `steps` counts, `dense` does both and writes derivatives into its rows.
enum class SaveKind { end, times, steps, times_and_steps, dense };

/// A save plan beside the main one: its name, and what it saves, as in Signature::saved.
struct NamedPlan {
  std::string name;
  std::vector<std::int64_t> leaves;
};

/// Which crossings of zero an event counts: all, from below zero, from above it.
enum class Direction { any, up, down };
/// In the language and in dumps, in the order of the enumerators.
inline constexpr std::string_view directionNames[] = {"any", "up", "down"};

/// What ends a solve: a condition that is true at the end of a step, or a number that crosses zero.
struct Event {
  std::string name;
  Direction direction = Direction::any; ///< any for a condition
};

/// Names and shapes. `method`, `control`, `stages` are spelled as in the language.
struct Signature {
  std::string solve; ///< name of the solve; equals the field's for `solve FIELD {..}`
  std::string field;
  DType dtype = DType::f64;
  std::vector<Leaf> state;
  std::vector<Argument> arguments;
  std::int64_t literals = 0; ///< hidden arguments: one per literal of the field's text
  std::string method = "tsit5";
  std::string control = "pid"; ///< pid | constant
  std::string norm = "rms";
  // pid only: what the code reads per state leaf.
#define LEAF_INPUT(kind, flag, member, noun, fallback, least) bool flag = false;
#include "LeafInputs.def"
  std::string stages = "unroll"; ///< one of `emissions`; auto until the compiler has chosen
  SaveKind save = SaveKind::end; ///< what the save plans together need
  /// Expressions that plans save beside leaves of the state: every row of the kernel has their
  /// values after the state's.
  std::vector<Leaf> observed;
  /// What the main plan saves: leaves, and behind them expressions, counted on from the leaves;
  /// empty: all leaves.
  std::vector<std::int64_t> saved;
  std::vector<NamedPlan> plans; ///< further ones, whose times are in Values::plans
  std::vector<Event> events;    ///< in the order of the text
  bool clip = false;            ///< steps end at given times: step_at, jump_at, step_to, open_end
  bool limit = false;           ///< an expression of the solve limits the length of steps
  /// Digest of field, method and controller, for states that another run goes on from; empty if the
  /// solve keeps none.
  std::string identity;
  int error_order = 5;              ///< 1/error_order is the exponent of the step-size controller
  int evaluations_per_step = 6;     ///< calls of the field per attempted step
  int evaluations_per_row_step = 0; ///< more of them in a step with rows inside
  int evaluations_at_start = 1;     ///< first slope; the automatic first step is not counted in
  /// Known from stage `step` on; includes the scratch of scanned stages.
  std::int64_t workspace_slots = 0;

  std::int64_t width() const; ///< scalars of the state
  /// Scalars of a row of the kernel: state, expressions and, for `dense`, the state's derivative.
  std::int64_t rowWidth() const;
  LeafInputs leafInputs() const; ///< those whose flags are set
};

/// When rows are written. `start`: t0 and the end. `end`: only the end. `every`: t0, t0 + h, ...
/// and the end. `at`: exactly the listed times, in
/// the direction of the solve. `steps`: every n-th accepted step and the end. `dense`: t0 and every
/// accepted step, and what it takes to evaluate the solution inside of them.
struct SavePlan {
  enum class Kind { start, end, every, at, steps, dense } kind = Kind::end;
  double h = 0;
  std::vector<double> times;
  std::int64_t n = 1;
};

/// Options of the PID controller (reference: numerics in docs/methods.md). Times are in the units
/// of t.
struct PidOptions {
  double rtol = 1e-6, atol = 1e-9;
  double pcoeff = 0, icoeff = 1, dcoeff = 0;
  double safety = 0.9, factor_min = 0.2, factor_max = 10;
  double dt_min = 0; ///< 0: none
  double dt_max = std::numeric_limits<double>::infinity();
  bool force_dt_min = true;
};

/// Values: never part of the code, all of them arguments of the compiled kernel.
struct Values {
  double t0 = 0, t1 = 1; ///< t1 < t0: backwards in time
  double dt = 0;         ///< first step, or the step of constant control; 0: chosen automatically
  PidOptions pid;
  // One number per state leaf, for a signature with that flag. Empty: the fallback for all.
#define LEAF_INPUT(kind, flag, member, noun, fallback, least) std::vector<double> member;
#include "LeafInputs.def"
  std::int64_t max_steps = 1000000;
  SavePlan save;               ///< the main plan
  std::vector<SavePlan> plans; ///< one per Signature::plans
  /// Times at which a step ends; at those of `jump_at` the field is discontinuous. Finite, in
  /// any order, also with repetitions, so that several sources can append theirs; those that are
  /// not between t0 and t1 do nothing. Both are empty without Signature::clip.
  std::vector<double> step_at, jump_at;
  /// The ends of all steps, those of the span among them, in the direction of the solve: constant
  /// control that has these times for a length. Empty: `dt` is the length.
  std::vector<double> step_to;
  /// Per event, how far from the crossing its time may be; 0: as close as the time resolves.
  std::vector<double> event_tolerance;
  std::vector<double> y0;        ///< flat, declaration order, row-major
  std::vector<double> arguments; ///< likewise
  std::vector<double> literals;

  /// Where a solve goes on that an earlier one began at t0; NaN: this one begins.
  double resumed_at = std::numeric_limits<double>::quiet_NaN();
  /// The end of the span is one of the times at which steps end, so that the step beyond it is
  /// planned as if the solve went on. Needs Signature::clip.
  bool open_end = false;

  /// The length that constant control divides the span by. With `step_to` it is one that ends no
  /// step inside of the span.
  double step() const;
  bool goesOn() const { return resumed_at == resumed_at; }
  /// Where the solve begins or goes on.
  double begin() const { return goesOn() ? resumed_at : t0; }
  /// 1, or -1 backwards in time. Times multiplied by it increase in the course of a solve.
  double direction() const { return t1 < t0 ? -1 : 1; }
};

/// Why the times of `step_to` are not the ends of steps from t0 to t1; empty if they are.
/// `span`: whether that is known. Else they are in either order.
std::string stepTimesMismatch(const Values &values, bool span = true);

/// log2 of a limit of the step factor, the same on every machine and at most 100 in size: beyond
/// 2^100 there is no step that another differs from.
double boundedLog2(double factor);

/// What of the plans is structure: the kinds of plans that the same code can serve.
SaveKind structure(const Values &values);
/// The leaves of the state with these numbers; no number: all of them.
std::vector<Leaf> selected(const Signature &signature, const std::vector<std::int64_t> &leaves);

/// Why no solve has `signature`: names that clash, a table of another shape than its degree says,
/// tolerances without a controller that reads them. Empty if one can.
std::string contradiction(const Signature &signature);

/// Why `values` cannot be run with `signature`: counts, save plan, constant step, span, knots
/// of tables. Empty if they can.
std::string mismatch(const Signature &signature, const Values &values);

/// Text forms, one record per string ("state q 7 2", "rtol 1e-08"); numbers round-trip exactly.
std::vector<std::string> encode(const Signature &signature);
std::vector<std::string> encode(const Values &values);
/// nullopt with `error` set if a record is not understood.
std::optional<Signature> decodeSignature(const std::vector<std::string> &records,
                                         std::string &error);
std::optional<Values> decodeValues(const std::vector<std::string> &records, std::string &error);

} // namespace deq
