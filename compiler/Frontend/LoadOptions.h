// The clauses of a solve that say how: method, control, steps, save plan, element type.
// Each is checked where it is written, or under the name of the option that replaced it.
#pragma once

#include "LoadMethods.h"
#include "Presets.h"
#include "ReadValues.h"

namespace deq {

/// The clauses of a solve and of its presets; an override goes before both.
/// Fills everything of the problem's `signature` and `values` but names, shapes and the values of
/// leaves, and its method. Adds the expressions that save plans ask for to `observables`.
void loadOptions(const ClauseChain &chain, const ValueScope &scope, const MethodTable &methods,
                 const Overrides &overrides, Problem &problem, Observables &observables,
                 Diagnostics &diagnostics);

} // namespace deq
