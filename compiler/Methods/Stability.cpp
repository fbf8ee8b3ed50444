// The stability polynomial of a tableau and its first crossing of 1.
// Derived from the coefficients, so that a method states no number that it could get wrong.
#include "Stability.h"

#include <cmath>

namespace deq {

namespace {

/// b^T A^(m-1) 1 for m = 1 ... s: the coefficients of R beyond the constant 1.
std::vector<double> stabilityCoefficients(const Tableau &t) {
  std::vector<double> coefficients, power(t.stages(), 1.0);
  for (int m = 1; m <= t.stages(); ++m) {
    double sum = 0;
    for (int i = 0; i < t.stages(); ++i)
      sum += t.b[i] * power[i];
    coefficients.push_back(sum);
    // Downwards, since row i needs the old values of the rows before it.
    for (int i = t.stages() - 1; i >= 0; --i) {
      double next = 0;
      for (int j = 0; j < i; ++j)
        next += t.a[i][j] * power[j];
      power[i] = next;
    }
  }
  return coefficients;
}

} // namespace

double realStabilityBoundary(const Tableau &tableau) {
  const std::vector<double> coefficients = stabilityCoefficients(tableau);
  auto grows = [&](double x) {
    double sum = 0;
    for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c)
      sum = -x * (sum + *c);
    // Rounding must not end an interval where a polynomial only touches 1.
    return std::fabs(1 + sum) > 1 + 1e-9;
  };
  // No polynomial of degree s with R'(0) = 1 stays bounded by 1 beyond 2 s^2 (Markov's inequality).
  const double most = 2.0 * tableau.stages() * tableau.stages(), stride = 1.0 / 64;
  double inside = 0, outside = stride;
  while (outside < most && !grows(outside)) {
    inside = outside;
    outside += stride;
  }
  for (int i = 0; i < 60; ++i) {
    const double middle = (inside + outside) / 2;
    (grows(middle) ? outside : inside) = middle;
  }
  return inside;
}

double stabilityBound(const Tableau &tableau) {
  if (!tableau.fsal() || tableau.c[tableau.stages() - 2] != 1)
    return 0;
  return 0.85 * realStabilityBoundary(tableau);
}

} // namespace deq
