// The events of a solve: what ends it before the end of its span.
// Their conditions are read as if they stood in the field, so they see its names and its locals.
#pragma once

#include "ReadValues.h"

namespace deq {

/// Names, directions and tolerances of the `stop` clauses, and their conditions for elaborateField.
/// Every error is reported; a clause in error is left out.
void loadEvents(const SolveSyntax &solve, const ValueScope &scope, Signature &signature,
                Values &values, Observables &observables, Diagnostics &diagnostics);

/// A condition has no direction: an error for each that is given one. `graph` has what the events
/// watch.
void checkDirections(const Signature &signature, const Observables &observables,
                     const FieldGraph &graph, Diagnostics &diagnostics);

} // namespace deq
