// Linear stability of a method: how long a step may be on a decaying mode, and when the steps of a
// solve show that this, not the error, keeps them short.
#pragma once

#include "Tableau.h"

namespace deq {

/// The x > 0 up to which |R(-x)| <= 1: a step h of y' = -lambda*y does not grow for h*lambda below
/// it. R(z) = 1 + sum_m z^m b^T A^(m-1) 1 is the stability polynomial (E. Hairer, G. Wanner,
/// Solving Ordinary Differential Equations II, IV.2).
double realStabilityBoundary(const Tableau &tableau);

/// The size of h*lambda above which a step counts as limited by stability: 0.85 of the boundary.
/// 0 for a method whose steps do not tell h*lambda: that takes two slopes at the end of the step,
/// one of them at y1.
double stabilityBound(const Tableau &tableau);

} // namespace deq
