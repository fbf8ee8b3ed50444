// The clauses of a solve that say how: method, control, steps, save plan, element type.
// Each is checked where it is written, or under the name of the option that replaced it.
#pragma once

#include "Presets.h"
#include "ReadValues.h"

namespace deq {

/// The clauses of a solve and of its presets; an override goes before both.
/// Fills everything of `signature` and `values` but names, shapes and the values of leaves.
void loadOptions(const ClauseChain &chain, const ValueScope &scope, const Overrides &overrides,
                 Signature &signature, Values &values, Diagnostics &diagnostics);

} // namespace deq
