// Interpolants as rows of coefficients: see the header for the formulas.
// Everything is computed once per solve, in double, whatever the element type of the solve.
#include "Table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace deq {

namespace {

using Numbers = std::vector<double>;

/// Solves a tridiagonal system in place of `right`: elimination without pivoting (L. H. Thomas),
/// which the systems of splines do not need. Row i is lower[i], diagonal[i], upper[i].
void solveTridiagonal(const Numbers &lower, Numbers diagonal, const Numbers &upper,
                      Numbers &right) {
  const std::size_t n = right.size();
  for (std::size_t i = 1; i < n; ++i) {
    const double factor = lower[i] / diagonal[i - 1];
    diagonal[i] -= factor * upper[i - 1];
    right[i] -= factor * right[i - 1];
  }
  right[n - 1] /= diagonal[n - 1];
  for (std::size_t i = n - 1; i-- > 0;)
    right[i] = (right[i] - upper[i] * right[i + 1]) / diagonal[i];
}

/// Slopes of the cubic spline at n > 2 knots. `h` and `d` are the lengths and the slopes of the
/// chords of the n - 1 segments.
Numbers splineSlopes(const Numbers &h, const Numbers &d) {
  const std::size_t n = h.size() + 1, last = n - 2;
  if (n == 3) {
    const double curvature = (d[1] - d[0]) / (h[0] + h[1]);
    return {d[0] - curvature * h[0], d[0] + curvature * h[0], d[1] + curvature * h[1]};
  }
  // The second derivative is continuous at inner knots; at the outer ones not-a-knot, with the
  // slope two knots away eliminated, which keeps the matrix tridiagonal.
  Numbers lower(n), diagonal(n), upper(n), slopes(n);
  const double first = h[0] + h[1], final = h[last] + h[last - 1];
  diagonal[0] = h[1];
  upper[0] = first;
  slopes[0] = ((h[0] + 2 * first) * h[1] * d[0] + h[0] * h[0] * d[1]) / first;
  for (std::size_t i = 1; i < n - 1; ++i) {
    lower[i] = h[i];
    diagonal[i] = 2 * (h[i - 1] + h[i]);
    upper[i] = h[i - 1];
    slopes[i] = 3 * (h[i] * d[i - 1] + h[i - 1] * d[i]);
  }
  lower[n - 1] = final;
  diagonal[n - 1] = h[last - 1];
  slopes[n - 1] =
      (h[last] * h[last] * d[last - 1] + (h[last] + 2 * final) * h[last - 1] * d[last]) / final;
  solveTridiagonal(lower, std::move(diagonal), upper, slopes);
  return slopes;
}

} // namespace

std::vector<double> tableRows(const std::vector<double> &times, const std::vector<double> &values,
                              int degree) {
  const std::size_t knots = std::min(times.size(), values.size());
  Numbers h, d, rows;
  for (std::size_t i = 0; i + 1 < knots; ++i) {
    h.push_back(times[i + 1] - times[i]);
    d.push_back((values[i + 1] - values[i]) / h[i]);
  }
  const Numbers slopes = degree == 3 && knots > 2 ? splineSlopes(h, d) : Numbers();
  Numbers a(degree + 1); // of the segment from knot i, then of the last one about its end
  for (std::size_t i = 0; i < knots; ++i) {
    if (i < h.size() && slopes.empty()) {
      a[1] = d[i];
    } else if (i < h.size()) {
      const double excess = (slopes[i] + slopes[i + 1] - 2 * d[i]) / h[i];
      a[1] = slopes[i];
      a[2] = (d[i] - slopes[i]) / h[i] - excess;
      a[3] = excess / h[i];
    } else if (!slopes.empty()) {
      a[1] = slopes[i];
      a[2] += 3 * a[3] * h[i - 1];
    }
    a[0] = values[i];
    rows.push_back(times[i]);
    rows.insert(rows.end(), a.begin(), a.end());
  }
  return rows;
}

} // namespace deq
