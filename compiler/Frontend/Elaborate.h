// A field with known statics to its graph, and expressions of a solve block to values.
// The way into the elaborator for those who load problems.
#pragma once

#include "Elaborator.h"
#include "Evaluate.h"
#include "Resolve.h"

#include <algorithm>
#include <optional>

namespace deq {

/// Expressions of a solve that are read as if they stood in the field.
struct Observables {
  ByObservable<const Expr *> lists; ///< become FieldGraph::observables
  std::vector<ExprPtr> texts;       ///< those of them that no file holds
  bool empty() const { return observesNothing(lists); }
};

/// nullopt after an error, which is reported. `budget` is that of the text, here and below; null:
/// one for this call alone.
std::optional<FieldGraph> elaborateField(const FieldSyntax &field, const FieldNames &names,
                                         const Statics &statics, Diagnostics &diagnostics,
                                         Budget *budget = nullptr,
                                         const Observables &observables = {});

/// The value of an expression in which only statics have names. `prefix` begins every message;
/// without `files`, `file(..)` is an error.
std::optional<Tensor> evaluateValue(const Expr &expression, const Statics &statics,
                                    Diagnostics &diagnostics, const std::string &prefix = "",
                                    Budget *budget = nullptr, DataFiles *files = nullptr);

/// Likewise, an integer.
std::optional<std::int64_t> evaluateStatic(const Expr &expression, const Statics &statics,
                                           Diagnostics &diagnostics, const std::string &prefix = "",
                                           Budget *budget = nullptr);

} // namespace deq
