// Step doubling: a method whose error estimate is the difference of one step and two half steps.
// It gives every tableau an estimate, those without an embedded method too, and is a tableau again.
#pragma once

#include "Tableau.h"

#include <optional>
#include <string>

namespace deq {

/// `half(NAME)`: a step of h as two steps of h/2, with which the solution goes on, without
/// extrapolation; e = b - b_full compares them with one step of h. Stages that only an embedded
/// method of `inner` needs are left out. The dense output is the quintic with the values and slopes
/// at both ends and in the middle (E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary
/// Differential Equations I, II.4 and II.6).
Tableau half(const Tableau &inner);

/// NAME of a `half(NAME)`; none if the text is no such thing.
std::optional<std::string> insideHalf(const std::string &text);

} // namespace deq
