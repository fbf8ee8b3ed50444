// Functions of time that are known at knots: what a sampled argument becomes before it is a value.
// Piecewise polynomials are rows of numbers, so an argument that is a table travels, is stored and
// is changed like any other array.
#pragma once

#include <vector>

namespace deq {

/// Rows of the interpolant of `values` at `times`, flat and row-major: (t_i, a_0, .., a_degree) for
/// each knot, with
///
///     value(t) = a_0 + s (a_1 + s (a_2 + s a_3)),   s = t - t_i,   i = the last row with t_i <= t.
///
/// There is a row per knot: the last one holds the last segment's polynomial once more, about the
/// last knot, so that the value there is exact. Before the first knot and beyond the last one the
/// outermost polynomials continue.
///
/// `degree` 1: straight lines. 3: the cubic spline whose second derivative is continuous, with de
/// Boor's not-a-knot condition (the third derivative is continuous at the second knot and at the
/// last but one) at both ends; 2 knots give the line and 3 the parabola. Its slopes solve a
/// tridiagonal system, in double. C. de Boor, A Practical Guide to Splines (1978), chapter IV.
///
/// Expects times that are finite and increase, and as many values.
std::vector<double> tableRows(const std::vector<double> &times, const std::vector<double> &values,
                              int degree);

} // namespace deq
