// The methods as data: every table is consistent, and every kind of mistake in one is found.
// A tableau that checks itself is worth as much as the mistakes it notices, so each coefficient is
// spoilt in turn.
#include "compiler/Methods/Tableau.h"

#include "tests/unit/support/PrintTableau.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace {

using deq::check;
using deq::Tableau;

class EveryMethod : public testing::TestWithParam<Tableau> {};
INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod, testing::ValuesIn(deq::methods()),
                         [](const auto &info) { return info.param.name; });

Tableau mine(const char *method) {
  Tableau tableau = *deq::findMethod(method);
  tableau.name = "mine";
  return tableau;
}

std::string firstMessage(const Tableau &tableau) {
  const std::vector<std::string> messages = check(tableau);
  return messages.empty() ? "" : messages.front();
}

TEST_P(EveryMethod, isConsistent) { EXPECT_EQ(check(GetParam()), std::vector<std::string>()); }

TEST_P(EveryMethod, saysWhatItIs) {
  EXPECT_FALSE(GetParam().title.empty());
  EXPECT_FALSE(GetParam().source.empty());
  EXPECT_EQ(deq::findMethod(GetParam().name)->title, GetParam().title);
}

TEST_P(EveryMethod, noticesEverySpoiltCoefficient) {
  Tableau tableau = GetParam();
  auto spoil = [&](const std::string &where, double &coefficient) {
    for (double error : {1e-6, -1e-6}) {
      const double kept = coefficient;
      coefficient += error;
      EXPECT_FALSE(check(tableau).empty()) << where << " off by " << error;
      coefficient = kept;
    }
  };
  auto spoilAll = [&](const std::string &where, std::vector<double> &coefficients) {
    for (std::size_t i = 0; i < coefficients.size(); ++i)
      spoil(where + "[" + std::to_string(i) + "]", coefficients[i]);
  };
  for (std::size_t i = 0; i < tableau.a.size(); ++i)
    spoilAll("a[" + std::to_string(i) + "]", tableau.a[i]);
  spoilAll("b", tableau.b);
  spoilAll("c", tableau.c);
  spoilAll("e", tableau.e);
  spoilAll("coarse", tableau.coarse);
  for (std::size_t i = 0; i < tableau.p.size(); ++i)
    spoilAll("p[" + std::to_string(i) + "]", tableau.p[i]);
  spoilAll("q", tableau.q);
}

TEST_P(EveryMethod, noticesWrongOrders) {
  for (int change : {-1, 1}) {
    Tableau tableau = GetParam();
    tableau.order += change;
    EXPECT_FALSE(check(tableau).empty()) << "order " << tableau.order;
    tableau = GetParam();
    tableau.interpolantOrder += change;
    EXPECT_FALSE(check(tableau).empty()) << "interpolant order " << tableau.interpolantOrder;
    tableau = GetParam();
    tableau.errorOrder += change;
    EXPECT_FALSE(check(tableau).empty()) << "error order " << tableau.errorOrder;
    tableau = GetParam();
    tableau.coarseOrder += change;
    EXPECT_FALSE(check(tableau).empty()) << "coarse order " << tableau.coarseOrder;
  }
}

// A swap keeps every sum. With two stages either of them may be the embedded method.
TEST_P(EveryMethod, noticesSwappedErrorWeights) {
  Tableau tableau = GetParam();
  if (tableau.e.size() > 2) {
    std::swap(tableau.e.front(), tableau.e.back());
    EXPECT_FALSE(check(tableau).empty());
  }
}

TEST(Tableau, methodsHaveDistinctNames) {
  std::set<std::string> names;
  for (const Tableau &tableau : deq::methods())
    EXPECT_TRUE(names.insert(tableau.name).second) << tableau.name;
  EXPECT_EQ(names, (std::set<std::string>{"euler", "midpoint", "heun", "ralston", "bosh3", "rk4",
                                          "rkf45", "cash_karp", "tsit5", "dopri5", "dopri8",
                                          "dop853", "vern6", "vern7", "vern8", "vern9"}));
}

TEST(Tableau, unknownNamesFindNothing) { EXPECT_EQ(deq::findMethod("tsit6"), nullptr); }

TEST(Tableau, firstSameAsLastIsDerived) {
  for (const Tableau &tableau : deq::methods()) {
    const bool expected =
        std::set<std::string>{"bosh3", "tsit5", "dopri5", "vern6"}.count(tableau.name);
    EXPECT_EQ(tableau.fsal(), expected) << tableau.name;
  }
}

// y1 must be the last stage's argument exactly: a difference of one bit in b makes the slope
// another one.
TEST(Tableau, firstSameAsLastIsExact) {
  Tableau tableau = mine("tsit5");
  tableau.b[0] = std::nextafter(tableau.b[0], 1);
  EXPECT_FALSE(tableau.fsal());
}

TEST(Tableau, messagesNameWhatIsWrong) {
  Tableau tableau = mine("rk4");
  tableau.b[2] += 0.1;
  EXPECT_EQ(firstMessage(tableau), "weights b of 'mine' sum to 1.1, expected 1");
  EXPECT_EQ(check(tableau)[1],
            "order condition [.] of order 2 is off by 0.05 for weights b of 'mine'");

  tableau = mine("rk4");
  tableau.c[3] = 0.9;
  EXPECT_EQ(firstMessage(tableau), "row 4 of a of 'mine' sums to 1, expected c = 0.9");

  tableau = mine("heun");
  tableau.e[0] = 0.5;
  EXPECT_EQ(firstMessage(tableau), "error weights e of 'mine' sum to 1, expected 0");

  tableau = mine("heun");
  tableau.p[0][1] = -0.25;
  EXPECT_EQ(firstMessage(tableau), "row 1 of p of 'mine' sums to 0.75, expected b = 0.5");

  tableau = mine("euler");
  tableau.order = 2;
  EXPECT_EQ(firstMessage(tableau),
            "'mine' states the orders 2, 0 and 1, which 1 stages and an interpolant of degree 1 "
            "cannot have");

  tableau = mine("rk4");
  tableau.order = 3;
  EXPECT_EQ(firstMessage(tableau),
            "weights b of 'mine' satisfy the conditions of order 4, but order 3 is stated");
}

// Sums alone agree here; only the polynomials of the interpolant's conditions disagree.
TEST(Tableau, interpolantIsCheckedBetweenItsEnds) {
  Tableau tableau = mine("bosh3");
  tableau.p[1][0] += 0.1;
  tableau.p[1][1] -= 0.1;
  tableau.p[2][0] -= 0.1;
  tableau.p[2][1] += 0.1;
  EXPECT_EQ(firstMessage(tableau), "order condition [.] of order 2 is off by -0.025 in theta^1 for "
                                   "the interpolant p of 'mine'");
}

TEST(Tableau, noticesShapesThatDoNotFit) {
  const Tableau good = mine("bosh3");
  auto broken = [&](auto change) {
    Tableau tableau = good;
    change(tableau);
    return firstMessage(tableau);
  };
  EXPECT_EQ(broken([](Tableau &t) { t.c.pop_back(); }), "c of 'mine' has 3 entries, expected 4");
  EXPECT_EQ(broken([](Tableau &t) { t.a.pop_back(); }), "a of 'mine' has 3 entries, expected 4");
  EXPECT_EQ(broken([](Tableau &t) { t.a[2].push_back(0); }),
            "row 3 of a of 'mine' has 3 entries, expected 2");
  EXPECT_EQ(broken([](Tableau &t) { t.e.push_back(0); }), "e of 'mine' has 5 entries, expected 4");
  EXPECT_EQ(broken([](Tableau &t) { t.p.clear(); }), "p of 'mine' has 0 entries, expected 4");
  EXPECT_EQ(broken([](Tableau &t) { t.p[1].pop_back(); }),
            "row 2 of p of 'mine' has 2 entries, expected 3");
  EXPECT_EQ(broken([](Tableau &t) { t.b[0] = NAN; }),
            "'mine' has a coefficient that is not finite");
  EXPECT_EQ(broken([](Tableau &t) { t.e.clear(); }),
            "'mine' has 0 error weights and states 2 as their order");
  EXPECT_NE(broken([](Tableau &t) { t.order = 0; }), "");
  EXPECT_NE(firstMessage(Tableau()), "");
}

} // namespace
