// Text to problem: parse a .deq source, choose a solve, apply overrides, evaluate its values.
#pragma once

#include "../Data/Files.h"
#include "../Methods/Method.h"
#include "Graph.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deq {

struct HostClauses; // HostSolve.h

/// What a command line or a host program changes about a solve block. Unset members keep the
/// block's word.
struct Overrides {
  std::string solve;                                    ///< which solve; empty: the only one
  std::vector<std::pair<std::string, std::string>> set; ///< leaf, argument or static = expression
  std::vector<std::string> args; ///< JSON or CSV files of such values; `set` goes before them
  std::string preset;            ///< in place of the solve's own; empty: none
  std::optional<double> from, to, rtol, atol, dt;
  std::optional<std::int64_t> maxSteps;
  std::optional<std::string> method; ///< a name of methods(), or of the file's own, or half(..)
  std::optional<std::string> dtype;  ///< f64 | f32 | f32(time = f64)
  std::optional<std::string> stages; ///< auto, or one of `emissions`
  bool resumable = false;            ///< its end is a state that another run can go on from
  std::optional<std::string> save;   ///< text of a save plan: "every 0.1", "steps 5", "at [1, 2]"
  /// Of a host program: go before the clauses of the text. Then `solve` may name a field as well,
  /// spans and values that nobody gives are no error, and such values are NaN.
  const HostClauses *host = nullptr;
};

/// A solve ready to compile: the field's graph, the names around it and the values to run it with.
struct Problem {
  FieldGraph field;
  Method method = methods().front();
  Signature signature; ///< arguments[i].kind chosen by size: more than 16 scalars go to memory
  Values values;
  std::vector<std::string> files; ///< names of the sources that positions refer to, by number
};

/// A larger text is no model: it is refused before anything is made of it.
constexpr std::size_t maxSourceBytes = std::size_t(16) << 20;

/// Parses and elaborates `text`. On failure returns nullopt and leaves every error of the file in
/// `diagnostics`, which holds nothing before. `files` reads imports and data; null: nothing can be
/// read.
std::optional<Problem> loadProblem(const std::string &file, const std::string &text,
                                   const Overrides &overrides, Diagnostics &diagnostics,
                                   Files *files = nullptr);

/// Applies the overrides that are values (set, from, to, rtol, atol, dt, maxSteps, save times of
/// the same kind) to a solve that exists already, as when a dumped stage is run. A structural
/// override is an error that says so. `diagnostics` holds no error before.
bool applyOverrides(const Signature &signature, const Overrides &overrides, Values &values,
                    Diagnostics &diagnostics, Files *files = nullptr);

/// Parses and elaborates every field and solve of `text` without choosing one (`deqc check`).
bool checkSource(const std::string &file, const std::string &text, Diagnostics &diagnostics,
                 Files *files = nullptr);

} // namespace deq
