// Reads the values of a solve: expressions of the block and texts of the command line.
// One reader for both, so that `--set x=[1, 2]` obeys every rule of `init x = [1, 2]`.
#pragma once

#include "DataFiles.h"
#include "Elaborate.h"
#include "Frontend.h"

#include <functional>

namespace deq {

/// What the names in a value can be: the statics of a field, and data files.
struct ValueScope {
  const FieldSyntax &field;
  const FieldNames &names;
  Statics statics;
  DataFiles *files = nullptr; ///< null: none can be read
  Budget *budget = nullptr;   ///< of the text; null: one for each value
};

class ValueReader {
public:
  ValueReader(const ValueScope &scope, Diagnostics &diagnostics)
      : scope(scope), diagnostics(diagnostics) {}

  /// nullopt after an error, which begins with `prefix`.
  std::optional<Tensor> tensor(const Expr &expression, const std::string &prefix = "");
  /// A finite scalar.
  std::optional<double> number(const Expr &expression, const std::string &prefix = "");
  /// An integer of at least 1.
  std::optional<std::int64_t> count(const Expr &expression, const std::string &prefix = "");
  /// A list of numbers; their order and size are the caller's to check.
  std::optional<std::vector<double>> times(const Expr &expression, const std::string &prefix = "");
  /// The plan and its numbers; its times are checked by checkTimes once the span is known.
  std::optional<SavePlan> savePlan(const SaveSyntax &save, const std::string &prefix = "");
  /// Numbers of what a plan saves, leaves first; empty: all leaves. Its expressions go to
  /// `signature.observed`, without their shapes, and to `observables`.
  std::vector<std::int64_t> savedItems(const SaveSyntax &save, const std::string &prefix,
                                       Signature &signature, Observables &observables);

private:
  const ValueScope &scope;
  Diagnostics &diagnostics;
};

/// A text of the command line; null after an error, which begins with `prefix`.
ExprPtr parseValueText(const std::string &text, const std::string &prefix,
                       Diagnostics &diagnostics);
std::optional<SaveSyntax> parseSaveText(const std::string &text, const std::string &prefix,
                                        Diagnostics &diagnostics);

/// Where a value came from, for messages.
struct Origin {
  Position at;
  std::string prefix;
};

/// A NaN without its sign, which is an accident of the processor; any other number as it is.
double withoutSign(double x);

/// The value as the flat content of a leaf; a scalar fills an array.
std::optional<std::vector<double>> fitLeaf(const Tensor &value, const Leaf &leaf,
                                           const Origin &origin, bool finite,
                                           Diagnostics &diagnostics);
/// False after an error, which `span` says where to point to.
bool checkSpan(const Values &values, const Origin &span, Diagnostics &diagnostics);
/// A plan's times in the span of `values`.
void checkPlan(const SavePlan &plan, const Values &values, const Origin &save,
               Diagnostics &diagnostics);
/// Tolerances, factors and steps of the PID controller; `origin` tells where an option was given.
using OptionOrigin = std::function<Origin(const char *option)>;
void checkPid(const PidOptions &pid, DType dtype, const OptionOrigin &origin,
              Diagnostics &diagnostics);

/// Numbers of the command line in place of those of the block, with their checks.
void applyNumbers(const Overrides &overrides, bool adaptive, Values &values,
                  Diagnostics &diagnostics);

} // namespace deq
