// Dense-output polynomials that follow from a tableau's weights instead of being tabulated.
// Several methods share them, and coefficients that can be derived are not stated.
#pragma once

#include "Tableau.h"

#include <map>
#include <vector>

namespace deq {

/// Cubic Hermite interpolation of (y0, k_1, y1, k_s), third order if k_s = f(t0 + h, y1):
///   b_i(theta) = theta^2 (3 - 2 theta) b_i + theta (1 - theta)^2 [i = 1] + theta^2 (theta - 1) [i
///   = s].
std::vector<std::vector<double>> cubicHermite(const std::vector<double> &b);

/// The quartic through y0, y(t0 + h/2), y1 with the slopes k_1 and k_s at the ends, where the
/// midpoint is y0 + h sum_i mid_i k_i: the cubic plus 16 theta^2 (1 - theta)^2 times its distance
/// from the midpoint (L. F. Shampine, Some practical Runge-Kutta formulas, Math. Comp. 46, 1986).
std::vector<std::vector<double>> quarticThroughMidpoint(const std::vector<double> &b,
                                                        const std::vector<double> &mid);

/// Sets p and q of a tableau whose rows `given` (by stage, from 0) are tabulated; those of the
/// other stages of b are b_i q(theta) with one polynomial q, which follows from sum_i b_i(theta) =
/// theta.
void complete(Tableau &tableau, const std::map<int, std::vector<double>> &given);

/// Nested differences: the cubic through y0, y1 with the slopes k_1 and k_(s+1) at the ends, and
///   h sum_i k_i (d_1i theta^2 (1 - theta)^2 + d_2i theta^3 (1 - theta)^2
///                + d_3i theta^3 (1 - theta)^3 + ...)
/// (E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I, II.6).
std::vector<std::vector<double>> nestedDifferences(const std::vector<double> &b,
                                                   const std::vector<std::vector<double>> &d);

} // namespace deq
