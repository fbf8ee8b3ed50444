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

using Part = TableauProblem::Part;
using Messages = std::vector<TableauProblem>;

bool finite(const std::vector<double> &values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

std::vector<long double> widened(const std::vector<double> &values) {
  return {values.begin(), values.end()};
}

/// Shapes, stated orders and finiteness: everything the other checks rely on.
void checkShapes(const Tableau &t, Messages &messages) {
  const std::size_t s = t.b.size();
  auto expectSize = [&](Part part, int row, const std::string &what, std::size_t got,
                        std::size_t expected) {
    if (got != expected)
      messages.push_back(
          {part, row,
           fmt::format("{} of '{}' has {} entries, expected {}", what, t.name, got, expected)});
  };
  if (s == 0)
    messages.push_back({Part::b, 0, fmt::format("'{}' has no stages", t.name)});
  expectSize(Part::c, 0, "c", t.c.size(), std::max(s, t.a.size()));
  expectSize(Part::a, 0, "a", t.a.size(), std::max(s, t.c.size()));
  for (std::size_t i = 0; i < t.a.size(); ++i)
    expectSize(Part::a, int(i), fmt::format("row {} of a", i + 1), t.a[i].size(), i);
  if (t.adaptive())
    expectSize(Part::e, 0, "e", t.e.size(), s);
  if (!t.coarse.empty())
    expectSize(Part::coarse, 0, "coarse", t.coarse.size(), t.e.size());
  expectSize(Part::p, 0, "p", t.p.size(), std::max(s, t.a.size()));
  for (std::size_t i = 0; i < t.p.size(); ++i)
    expectSize(Part::p, int(i), fmt::format("row {} of p", i + 1), t.p[i].size(),
               std::max<std::size_t>(t.p[0].size(), 1));
  if (!t.q.empty() && !t.p.empty())
    expectSize(Part::p, 0, "q", t.q.size(), t.p[0].size());

  bool allFinite = finite(t.b) && finite(t.c) && finite(t.e) && finite(t.coarse) && finite(t.q);
  for (const auto *matrix : {&t.a, &t.p})
    for (const std::vector<double> &row : *matrix)
      allFinite = allFinite && finite(row);
  if (!allFinite)
    messages.push_back(
        {Part::whole, 0, fmt::format("'{}' has a coefficient that is not finite", t.name)});

  if (t.order < 1 || t.interpolantOrder < 1)
    messages.push_back({Part::order, 0,
                        fmt::format("the orders of '{}' and of its interpolant are {} and {}, "
                                    "expected at least 1",
                                    t.name, t.order, t.interpolantOrder)});
  // An explicit method of order p has at least p stages, an interpolant of order p at least degree
  // p. Larger claims would be checked against exponentially many trees.
  const int most = std::min<int>(static_cast<int>(std::max(s, t.a.size())), mostOrder);
  const int degree = t.p.empty() ? 0 : static_cast<int>(t.p[0].size());
  if (messages.empty() &&
      (std::max({t.order, t.errorOrder, t.coarseOrder, t.interpolantOrder}) > most ||
       t.interpolantOrder > degree))
    messages.push_back({Part::order, 0,
                        fmt::format("'{}' states the orders {}, {} and {}, which {} stages and an "
                                    "interpolant of degree {} cannot have",
                                    t.name, t.order, t.errorOrder, t.interpolantOrder, s, degree)});
  auto expectOrder = [&](Part part, const std::vector<double> &weights, int order) {
    if (weights.empty() ? order != 0 : order < 1)
      messages.push_back({part, 0,
                          fmt::format("'{}' has {} error weights and states {} as their order",
                                      t.name, weights.size(), order)});
  };
  expectOrder(Part::e, t.e, t.errorOrder);
  expectOrder(Part::coarse, t.coarse, t.coarseOrder);
}

/// sum_j a_ij = c_i: the stages see time as one more component of the state.
void checkRowSums(const Tableau &t, Messages &messages) {
  for (std::size_t i = 0; i < t.a.size(); ++i) {
    long double sum = 0, scale = 0;
    for (double aij : t.a[i]) {
      sum += aij;
      scale += std::fabs(aij);
    }
    if (std::fabs(sum - t.c[i]) > tolerance * scale)
      messages.push_back({Part::a, int(i),
                          fmt::format("row {} of a of '{}' sums to {:.15g}, expected c = {:.15g}",
                                      i + 1, t.name, static_cast<double>(sum), t.c[i])});
  }
}

/// The order conditions of a set of weights up to `order`, and that they do not all hold one order
/// further, which would mean that the order is understated.
void checkWeights(const Tableau &t, const OrderConditions &conditions, Part part,
                  const std::string &what, const std::vector<long double> &weights, int order,
                  Messages &messages) {
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
          {part, 0,
           fmt::format("weights {} of '{}' sum to {:.15g}, expected 1", what, t.name, 1 + off)});
    else
      messages.push_back({part, 0,
                          fmt::format("order condition {} of order {} is off by {:.3g} for weights "
                                      "{} of '{}'",
                                      conditions.name(k), treeOrder, off, what, t.name)});
  }
  if (nextOrderHolds)
    messages.push_back({part, 0,
                        fmt::format("weights {} of '{}' satisfy the conditions of order {}, but "
                                    "order {} is stated",
                                    what, t.name, order + 1, order)});
}

/// The difference of two consistent sets of weights sums to zero, and b minus it has its order.
void checkError(const Tableau &t, const OrderConditions &conditions, Part part,
                const std::string &what, const std::vector<double> &weights, int order,
                Messages &messages) {
  if (weights.empty())
    return;
  long double sum = 0, scale = 0;
  std::vector<long double> embedded = widened(t.b);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    scale += std::fabs(weights[i]);
    embedded[i] -= weights[i];
  }
  if (std::fabs(sum) > tolerance * scale)
    messages.push_back({part, 0,
                        fmt::format("error weights {} of '{}' sum to {:.3g}, expected 0", what,
                                    t.name, static_cast<double>(sum))});
  checkWeights(t, conditions, part, "b - " + what, embedded, order, messages);
}

/// The interpolant ends at y1: sum_m p_im + b_i q_m = b_i, and 0 for an extra stage.
void checkInterpolantEnd(const Tableau &t, Messages &messages) {
  for (std::size_t i = 0; i < t.p.size(); ++i) {
    const double weight = i < t.b.size() ? t.b[i] : 0;
    long double sum = 0, scale = std::fabs(weight);
    for (long double pim : t.denseWeights(int(i))) {
      sum += pim;
      scale += std::fabs(pim);
    }
    if (std::fabs(sum - weight) > tolerance * scale)
      messages.push_back({Part::p, int(i),
                          fmt::format("row {} of p of '{}' sums to {:.15g}, expected b = {:.15g}",
                                      i + 1, t.name, static_cast<double>(sum), weight)});
  }
}

/// sum_i b_i(theta) Phi_i(tree) = theta^|tree| / gamma(tree) as an identity of polynomials, one
/// power at a time: true for every theta if and only if each coefficient agrees.
void checkInterpolant(const Tableau &t, const OrderConditions &conditions, Messages &messages) {
  const int degree = static_cast<int>(t.p[0].size());
  std::vector<std::vector<long double>> rows;
  for (int i = 0; i < static_cast<int>(t.p.size()); ++i)
    rows.push_back(t.denseWeights(i));
  bool nextOrderHolds = true;
  for (int k = 0; k < static_cast<int>(conditions.trees().size()); ++k) {
    const int treeOrder = conditions.trees()[k].order;
    if (treeOrder > t.interpolantOrder + 1)
      break;
    for (int m = 1; m <= std::max(degree, treeOrder); ++m) {
      std::vector<long double> weights;
      for (const std::vector<long double> &row : rows)
        weights.push_back(m <= degree ? row[m - 1] : 0);
      const auto r =
          conditions.residual(k, weights, m == treeOrder ? 1 / conditions.density(k) : 0);
      if (std::fabs(r.value) <= tolerance * r.scale)
        continue;
      if (treeOrder > t.interpolantOrder)
        nextOrderHolds = false;
      else
        messages.push_back(
            {Part::p, 0,
             fmt::format("order condition {} of order {} is off by {:.3g} in theta^{} for the "
                         "interpolant p of "
                         "'{}'",
                         conditions.name(k), treeOrder, static_cast<double>(r.value), m, t.name)});
    }
  }
  if (nextOrderHolds)
    messages.push_back(
        {Part::p, 0,
         fmt::format("interpolant p of '{}' satisfies the conditions of order {}, but "
                     "order {} is stated",
                     t.name, t.interpolantOrder + 1, t.interpolantOrder)});
}

} // namespace

bool Tableau::fsal() const {
  const int last = stages() - 1;
  return last > 0 && c[last] == 1 && b[last] == 0 &&
         std::equal(a[last].begin(), a[last].end(), b.begin(), b.end() - 1);
}

std::vector<long double> Tableau::denseWeights(int stage) const {
  std::vector<long double> weights = widened(p[stage]);
  for (std::size_t m = 0; m < q.size() && stage < stages(); ++m)
    weights[m] += static_cast<long double>(b[stage]) * q[m];
  return weights;
}

std::vector<double> differentiated(const std::vector<double> &p) {
  std::vector<double> derivative;
  for (std::size_t m = 0; m < p.size(); ++m)
    derivative.push_back(double(m + 1) * p[m]);
  return derivative;
}

std::vector<std::string> check(const Tableau &tableau) {
  std::vector<std::string> texts;
  for (TableauProblem &problem : problemsOf(tableau))
    texts.push_back(std::move(problem.text));
  return texts;
}

std::vector<TableauProblem> problemsOf(const Tableau &tableau) {
  Messages messages;
  checkShapes(tableau, messages);
  if (!messages.empty())
    return messages;

  // A coefficient that is wrong here is wrong in some hundred conditions too.
  checkRowSums(tableau, messages);
  if (!messages.empty())
    return messages;

  const int highest =
      std::max({tableau.order, tableau.errorOrder, tableau.coarseOrder, tableau.interpolantOrder});
  const OrderConditions conditions(tableau.a, highest + 1);
  const std::vector<long double> b = widened(tableau.b);
  checkWeights(tableau, conditions, Part::b, "b", b, tableau.order, messages);
  checkError(tableau, conditions, Part::e, "e", tableau.e, tableau.errorOrder, messages);
  checkError(tableau, conditions, Part::coarse, "coarse", tableau.coarse, tableau.coarseOrder,
             messages);
  checkInterpolantEnd(tableau, messages);
  if (messages.empty())
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
