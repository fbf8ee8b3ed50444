// Names, shapes and default values of a solve: everything about it that is not code.
// A program's code is positional; the signature is what turns "slot 17" back into "rho", and it
// travels with every dumped stage so that each of them can be run.
#pragma once

#include "deq/solution.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace deq {

using Shape = std::vector<std::int64_t>;

enum class DType { f64, f32 };

/// How a kernel reads an argument: one value for a whole ensemble, one per trajectory, or through
/// memory (large arrays, which are never unpacked into registers).
enum class ArgumentKind { uniform, trajectory, memory };

struct Argument {
  Leaf leaf;
  ArgumentKind kind = ArgumentKind::uniform;
  /// -1: what the field sees is the argument itself. 1 or 3: it is a table of polynomials of that
  /// degree (Table.h), of shape [knots, degree + 2] and kind memory, and the field sees the scalar
  /// that it says for the time.
  int degree = -1;
};

/// Structure of the output, not its times: `end` writes no interior rows, `times` reads a list,
/// `steps` counts.
enum class SaveKind { end, times, steps };

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
  bool leaf_atol = false;        ///< pid only: the code reads an absolute tolerance per state leaf
  std::string stages = "unroll"; ///< unroll | scan; auto until the compiler has chosen
  SaveKind save = SaveKind::end;
  bool clip = false;                ///< steps end at the times of Values::step_at and jump_at
  int error_order = 5;              ///< 1/error_order is the exponent of the step-size controller
  int evaluations_per_step = 6;     ///< calls of the field per attempted step
  int evaluations_per_row_step = 0; ///< more of them in a step with rows inside
  int evaluations_at_start = 1;     ///< first slope; the automatic first step is not counted in
  /// Known from stage `step` on; includes the scratch of scanned stages.
  std::int64_t workspace_slots = 0;

  std::int64_t width() const; ///< scalars of the state
};

/// When rows are written. `start`: t0 and the end. `end`: only the end. `every`: t0, t0 + h, ...
/// and the end. `at`: exactly the listed times. `steps`: every n-th accepted step and the end.
struct SavePlan {
  enum class Kind { start, end, every, at, steps } kind = Kind::end;
  double h = 0;
  std::vector<double> times;
  std::int64_t n = 1;
};

/// What of a plan is structure: the kinds of plans that the same code can serve.
SaveKind structure(SavePlan::Kind kind);

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
  double t0 = 0, t1 = 1;
  double dt = 0; ///< first step, or the step of constant control; 0: chosen automatically
  PidOptions pid;
  /// Absolute tolerances, one per state leaf, for a signature with leaf_atol. Empty: pid.atol for
  /// all.
  std::vector<double> leafAtol;
  std::int64_t max_steps = 1000000;
  SavePlan save;
  /// Times at which a step ends; at those of `jump_at` the field is discontinuous. Finite, in
  /// any order, also with repetitions, so that several sources can append theirs; those that are
  /// not between t0 and t1 do nothing. Both are empty without Signature::clip.
  std::vector<double> step_at, jump_at;
  std::vector<double> y0;        ///< flat, declaration order, row-major
  std::vector<double> arguments; ///< likewise
  std::vector<double> literals;
};

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
