// Derived properties of a tableau, and the check of its coefficients against each other and the
// stated orders. One wrong digit in a table costs a method its order without any visible failure;
// here it is an error message.
#include "Tableau.h"

#include "OrderConditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace deq {

namespace {

/// Relative to the sum of the absolute values of a condition's terms.
constexpr long double tolerance = 1e-13L;

/// Far beyond any known explicit method that a double can hold.
constexpr int mostOrder = 14;

using Messages = std::vector<std::string>;

bool finite(const std::vector<double> &values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

std::vector<long double> widened(const std::vector<double> &values) {
  return {values.begin(), values.end()};
}

/// Shapes, stated orders and finiteness: everything the other checks rely on.
void checkShapes(const Tableau &t, Messages &messages) {
  const std::size_t s = t.b.size();
  auto expectSize = [&](const std::string &what, std::size_t got, std::size_t expected) {
    if (got != expected)
      messages.push_back(
          fmt::format("{} of '{}' has {} entries, expected {}", what, t.name, got, expected));
  };
  if (s == 0)
    messages.push_back(fmt::format("'{}' has no stages", t.name));
  expectSize("c", t.c.size(), s);
  expectSize("a", t.a.size(), s);
  for (std::size_t i = 0; i < t.a.size(); ++i)
    expectSize(fmt::format("row {} of a", i + 1), t.a[i].size(), i);
  if (t.adaptive())
    expectSize("e", t.e.size(), s);
  expectSize("p", t.p.size(), s);
  for (std::size_t i = 0; i < t.p.size(); ++i)
    expectSize(fmt::format("row {} of p", i + 1), t.p[i].size(),
               std::max<std::size_t>(t.p[0].size(), 1));

  bool allFinite = finite(t.b) && finite(t.c) && finite(t.e);
  for (const auto *matrix : {&t.a, &t.p})
    for (const std::vector<double> &row : *matrix)
      allFinite = allFinite && finite(row);
  if (!allFinite)
    messages.push_back(fmt::format("'{}' has a coefficient that is not finite", t.name));

  if (t.order < 1 || t.interpolantOrder < 1)
    messages.push_back(fmt::format("the orders of '{}' and of its interpolant are {} and {}, "
                                   "expected at least 1",
                                   t.name, t.order, t.interpolantOrder));
  // An explicit method of order p has at least p stages, an interpolant of order p at least degree
  // p. Larger claims would be checked against exponentially many trees.
  const int most = std::min<int>(static_cast<int>(s), mostOrder);
  const int degree = t.p.empty() ? 0 : static_cast<int>(t.p[0].size());
  if (std::max({t.order, t.errorOrder, t.interpolantOrder}) > most || t.interpolantOrder > degree)
    messages.push_back(fmt::format("'{}' states the orders {}, {} and {}, which {} stages and an "
                                   "interpolant of degree {} cannot have",
                                   t.name, t.order, t.errorOrder, t.interpolantOrder, s, degree));
  if (t.adaptive() ? t.errorOrder < 1 : t.errorOrder != 0)
    messages.push_back(fmt::format("'{}' has {} error weights and states {} as their order", t.name,
                                   t.e.size(), t.errorOrder));
}

/// sum_j a_ij = c_i: the stages see time as one more component of the state.
void checkRowSums(const Tableau &t, Messages &messages) {
  for (int i = 0; i < t.stages(); ++i) {
    long double sum = 0, scale = 0;
    for (double aij : t.a[i]) {
      sum += aij;
      scale += std::fabs(aij);
    }
    if (std::fabs(sum - t.c[i]) > tolerance * scale)
      messages.push_back(fmt::format("row {} of a of '{}' sums to {:.15g}, expected c = {:.15g}",
                                     i + 1, t.name, static_cast<double>(sum), t.c[i]));
  }
}

/// The order conditions of a set of weights up to `order`, and that they do not all hold one order
/// further, which would mean that the order is understated.
void checkWeights(const Tableau &t, const OrderConditions &conditions, const std::string &what,
                  const std::vector<long double> &weights, int order, Messages &messages) {
  bool nextOrderHolds = true;
  for (int k = 0; k < static_cast<int>(conditions.trees().size()); ++k) {
    const int treeOrder = conditions.trees()[k].order;
    if (treeOrder > order + 1)
      break;
    const auto r = conditions.residual(k, weights, 1 / conditions.density(k));
    if (std::fabs(r.value) <= tolerance * r.scale)
      continue;
    const double off = static_cast<double>(r.value);
    if (treeOrder > order)
      nextOrderHolds = false;
    else if (treeOrder == 1)
      messages.push_back(
          fmt::format("weights {} of '{}' sum to {:.15g}, expected 1", what, t.name, 1 + off));
    else
      messages.push_back(fmt::format("order condition {} of order {} is off by {:.3g} for weights "
                                     "{} of '{}'",
                                     conditions.name(k), treeOrder, off, what, t.name));
  }
  if (nextOrderHolds)
    messages.push_back(fmt::format("weights {} of '{}' satisfy the conditions of order {}, but "
                                   "order {} is stated",
                                   what, t.name, order + 1, order));
}

/// The difference of two consistent sets of weights sums to zero.
void checkErrorSum(const Tableau &t, Messages &messages) {
  long double sum = 0, scale = 0;
  for (double ei : t.e) {
    sum += ei;
    scale += std::fabs(ei);
  }
  if (std::fabs(sum) > tolerance * scale)
    messages.push_back(fmt::format("error weights e of '{}' sum to {:.3g}, expected 0", t.name,
                                   static_cast<double>(sum)));
}

/// The interpolant ends at y1: sum_m p_im = b_i.
void checkInterpolantEnd(const Tableau &t, Messages &messages) {
  for (int i = 0; i < t.stages(); ++i) {
    long double sum = 0, scale = std::fabs(t.b[i]);
    for (double pim : t.p[i]) {
      sum += pim;
      scale += std::fabs(pim);
    }
    if (std::fabs(sum - t.b[i]) > tolerance * scale)
      messages.push_back(fmt::format("row {} of p of '{}' sums to {:.15g}, expected b = {:.15g}",
                                     i + 1, t.name, static_cast<double>(sum), t.b[i]));
  }
}

/// sum_i b_i(theta) Phi_i(tree) = theta^|tree| / gamma(tree) as an identity of polynomials, one
/// power at a time: true for every theta if and only if each coefficient agrees.
void checkInterpolant(const Tableau &t, const OrderConditions &conditions, Messages &messages) {
  const int degree = static_cast<int>(t.p[0].size());
  bool nextOrderHolds = true;
  for (int k = 0; k < static_cast<int>(conditions.trees().size()); ++k) {
    const int treeOrder = conditions.trees()[k].order;
    if (treeOrder > t.interpolantOrder + 1)
      break;
    for (int m = 1; m <= std::max(degree, treeOrder); ++m) {
      std::vector<long double> weights(t.stages(), 0);
      for (int i = 0; m <= degree && i < t.stages(); ++i)
        weights[i] = t.p[i][m - 1];
      const auto r =
          conditions.residual(k, weights, m == treeOrder ? 1 / conditions.density(k) : 0);
      if (std::fabs(r.value) <= tolerance * r.scale)
        continue;
      if (treeOrder > t.interpolantOrder)
        nextOrderHolds = false;
      else
        messages.push_back(fmt::format(
            "order condition {} of order {} is off by {:.3g} in theta^{} for the interpolant p of "
            "'{}'",
            conditions.name(k), treeOrder, static_cast<double>(r.value), m, t.name));
    }
  }
  if (nextOrderHolds)
    messages.push_back(
        fmt::format("interpolant p of '{}' satisfies the conditions of order {}, but "
                    "order {} is stated",
                    t.name, t.interpolantOrder + 1, t.interpolantOrder));
}

} // namespace

bool Tableau::fsal() const {
  return stages() > 1 && c.back() == 1 && b.back() == 0 &&
         std::equal(a.back().begin(), a.back().end(), b.begin(), b.end() - 1);
}

std::vector<std::string> check(const Tableau &tableau) {
  Messages messages;
  checkShapes(tableau, messages);
  if (!messages.empty())
    return messages;

  const int highest = std::max({tableau.order, tableau.errorOrder, tableau.interpolantOrder});
  const OrderConditions conditions(tableau.a, highest + 1);
  checkRowSums(tableau, messages);
  const std::vector<long double> b = widened(tableau.b);
  checkWeights(tableau, conditions, "b", b, tableau.order, messages);
  if (tableau.adaptive()) {
    checkErrorSum(tableau, messages);
    std::vector<long double> embedded = b;
    for (int i = 0; i < tableau.stages(); ++i)
      embedded[i] -= tableau.e[i];
    checkWeights(tableau, conditions, "b - e", embedded, tableau.errorOrder, messages);
  }
  checkInterpolantEnd(tableau, messages);
  checkInterpolant(tableau, conditions, messages);
  return messages;
}

const Tableau *findMethod(const std::string &name) {
  for (const Tableau &tableau : methods())
    if (tableau.name == name)
      return &tableau;
  return nullptr;
}

} // namespace deq
