// The splitting methods, a row each, and the check of their order.
// Yoshida's weights are solutions of polynomial equations, printed to 15 digits; the check holds
// them to those equations.
#include "Splitting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace deq {

namespace {

using Row = std::vector<double>;

/// Relative to the sum of the absolute values of a condition's terms.
constexpr double tolerance = 1e-13;

/// A sum that rounding has kept from being exactly 1, the end of the step, is it.
double snapped(double sum) { return std::fabs(sum - 1) < tolerance * 100 ? 1 : sum; }

/// S(w_m h) .. S(w_1 h) S(w_0 h) S(w_1 h) .. S(w_m h) with S velocity Verlet and w_0 what is
/// missing from 1; `outer` holds w_1, .., w_m. Neighbouring half kicks are one.
Splitting symmetric(const Row &outer) {
  double middle = 1;
  for (double weight : outer)
    middle -= 2 * weight;
  Splitting s;
  s.drift.assign(outer.rbegin(), outer.rend());
  s.drift.push_back(middle);
  s.drift.insert(s.drift.end(), outer.begin(), outer.end());
  s.kick = {s.drift.front() / 2};
  for (std::size_t i = 1; i < s.drift.size(); ++i)
    s.kick.push_back((s.drift[i - 1] + s.drift[i]) / 2);
  s.kick.push_back(s.drift.back() / 2);
  return s;
}

Splitting named(Splitting s, const char *name, const char *title, const char *source, int order) {
  s.name = name;
  s.title = title;
  s.source = source;
  s.order = order;
  s.interpolantOrder = std::min(order, 3);
  return s;
}

/// Whether a sum of terms is `target` to rounding.
class Condition {
public:
  void add(double term) {
    sum += term;
    scale += std::fabs(term);
  }
  bool holds(double target) const { return std::fabs(sum - target) <= tolerance * scale; }

private:
  long double sum = 0, scale = 0;
};

bool sumsToOne(const Row &row) {
  Condition sum;
  for (double x : row)
    sum.add(x);
  return sum.holds(1);
}

/// The composition of velocity Verlet steps that reads the same from both ends.
bool isPalindrome(const Splitting &s) {
  const Splitting other = symmetric(Row(s.drift.begin() + s.drift.size() / 2 + 1, s.drift.end()));
  auto close = [](double x, double y) { return std::fabs(x - y) <= tolerance * 10; };
  return s.drift.size() % 2 == 1 &&
         std::equal(s.drift.begin(), s.drift.end(), other.drift.begin(), close) &&
         std::equal(s.kick.begin(), s.kick.end(), other.kick.begin(), close);
}

/// sum_j w_j^n (sum'_{l<=j} w_l)^p (sum'_{l<=j} w_l^3)^q = 0, where a primed sum has half of its
/// last term.
struct OrderCondition {
  int order, n, p, q;
};
constexpr OrderCondition conditions[] = {{4, 3, 0, 0}, {6, 5, 0, 0}, {6, 3, 2, 0}, {8, 7, 0, 0},
                                         {8, 5, 2, 0}, {8, 3, 4, 0}, {8, 3, 1, 1}};

bool holds(const OrderCondition &condition, const Row &weights) {
  Condition sum;
  double first = 0, third = 0;
  for (double w : weights) {
    const double cube = w * w * w;
    sum.add(std::pow(w, condition.n) * std::pow(first + w / 2, condition.p) *
            std::pow(third + cube / 2, condition.q));
    first += w;
    third += cube;
  }
  return sum.holds(0);
}

int orderOf(const Splitting &s) {
  if (!sumsToOne(s.kick) || !sumsToOne(s.drift))
    return 0;
  Condition second;
  const Row times = s.kickTimes();
  for (std::size_t i = 0; i < s.kick.size(); ++i)
    second.add(s.kick[i] * times[i]);
  if (!second.holds(0.5))
    return 1;
  int order = 2;
  for (int next : {4, 6, 8}) {
    for (const OrderCondition &condition : conditions)
      if (condition.order == next && !(isPalindrome(s) && holds(condition, s.drift)))
        return order;
    order = next;
  }
  return order;
}

} // namespace

std::vector<double> Splitting::kickTimes() const {
  Row times = {0};
  for (double d : drift)
    times.push_back(snapped(times.back() + d));
  return times;
}

std::vector<double> Splitting::driftTimes() const {
  Row times;
  double sum = 0;
  for (int i = 0; i < stages(); ++i)
    times.push_back(sum = snapped(sum + kick[i]));
  return times;
}

std::vector<std::string> check(const Splitting &s) {
  std::vector<std::string> problems;
  if (s.drift.empty() || s.kick.size() != s.drift.size() + 1)
    return {fmt::format("'{}' has {} kicks and {} drifts, expected one kick more than drifts",
                        s.name, s.kick.size(), s.drift.size())};
  auto usable = [](double x) { return std::isfinite(x) && x != 0; };
  if (!std::all_of(s.drift.begin(), s.drift.end(), usable) ||
      !std::all_of(s.kick.begin() + 1, s.kick.end(), usable) || !std::isfinite(s.kick[0]))
    return {fmt::format("'{}' has a kick or drift that is 0 or not finite", s.name)};
  for (auto [row, what] : {std::pair(&s.kick, "kicks"), std::pair(&s.drift, "drifts")})
    if (!sumsToOne(*row))
      problems.push_back(fmt::format("{} of '{}' do not sum to 1", what, s.name));
  const int order = orderOf(s);
  if (problems.empty() && order != s.order)
    problems.push_back(fmt::format("coefficients of '{}' have order {}, but order {} is stated",
                                   s.name, order, s.order));
  return problems;
}

const std::vector<Splitting> &splittings() {
  constexpr const char *yoshida =
      "H. Yoshida, Construction of higher order symplectic integrators, Phys. Lett. A 150 (1990) "
      "262-268";
  static const std::vector<Splitting> list = [&] {
    Splitting euler;
    euler.kick = {0, 1};
    euler.drift = {1};
    // Its three weights are the real solution of 2 w_1 + w_0 = 1, 2 w_1^3 + w_0^3 = 0.
    const double four = 1 / (2 - std::cbrt(2.0));
    return std::vector<Splitting>{
        named(euler, "semi_implicit_euler", "Semi-implicit Euler 1",
              "E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration (2006) I.1.2", 1),
        named(symmetric({}), "velocity_verlet", "Velocity Verlet 2",
              "W. C. Swope, H. C. Andersen, P. H. Berens, K. R. Wilson, J. Chem. Phys. 76 (1982) "
              "637-649",
              2),
        named(symmetric({four}), "yoshida4", "Yoshida 4", yoshida, 4),
        named(symmetric({-0.117767998417887e1, 0.235573213359357e0, 0.784513610477560e0}),
              "yoshida6", "Yoshida 6, solution A", yoshida, 6),
        named(symmetric({0.102799849391985e0, -0.196061023297549e1, 0.193813913762276e1,
                         -0.158240635368243e0, -0.144485223686048e1, 0.253693336566229e0,
                         0.914844246229740e0}),
              "yoshida8", "Yoshida 8, solution D", yoshida, 8)};
  }();
  return list;
}

} // namespace deq
