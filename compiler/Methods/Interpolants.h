// Dense-output polynomials that follow from a tableau's weights instead of being tabulated.
// Several methods share them, and coefficients that can be derived are not stated.
#pragma once

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

} // namespace deq
