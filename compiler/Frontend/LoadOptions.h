// The clauses of a solve that say how: method, control, steps, save plan, element type.
// Each is checked where it is written, or under the name of the option that replaced it.
#pragma once

#include "ReadValues.h"

namespace deq {

/// Fills everything of `signature` and `values` but names, shapes and the values of leaves.
void loadOptions(const SolveSyntax &solve, const ValueScope &scope, const Overrides &overrides,
                 Signature &signature, Values &values, Diagnostics &diagnostics);

} // namespace deq
