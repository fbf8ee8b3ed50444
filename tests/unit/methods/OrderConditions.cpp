// Rooted trees, their densities and elementary weights against the tables of Hairer, Norsett,
// Wanner I, II.2. The order conditions vouch for every tableau, so they are checked against numbers
// that others published.
#include "compiler/Methods/OrderConditions.h"

#include "compiler/Methods/Tableau.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace {

using deq::OrderConditions;

TEST(RootedTrees, thereAreAsManyAsKnown) {
  std::map<int, int> count;
  for (const deq::RootedTree &tree : deq::rootedTrees(10))
    ++count[tree.order];
  // OEIS A000081.
  EXPECT_EQ(count, (std::map<int, int>{{1, 1},
                                       {2, 1},
                                       {3, 2},
                                       {4, 4},
                                       {5, 9},
                                       {6, 20},
                                       {7, 48},
                                       {8, 115},
                                       {9, 286},
                                       {10, 719}}));
}

TEST(RootedTrees, childrenComeBeforeTheirParentAndAddUp) {
  const std::vector<deq::RootedTree> trees = deq::rootedTrees(7);
  for (std::size_t i = 0; i < trees.size(); ++i) {
    int vertices = 1;
    for (int child : trees[i].children) {
      ASSERT_LT(child, static_cast<int>(i));
      vertices += trees[child].order;
    }
    EXPECT_EQ(vertices, trees[i].order);
  }
}

TEST(OrderConditions, densitiesUpToOrderFive) {
  const OrderConditions conditions({{}}, 5);
  std::map<std::string, long double> got;
  for (int i = 0; i < static_cast<int>(conditions.trees().size()); ++i)
    got[conditions.name(i)] = conditions.density(i);
  EXPECT_EQ(got, (std::map<std::string, long double>{{".", 1},
                                                     {"[.]", 2},
                                                     {"[.,.]", 3},
                                                     {"[[.]]", 6},
                                                     {"[.,.,.]", 4},
                                                     {"[.,[.]]", 8},
                                                     {"[[.,.]]", 12},
                                                     {"[[[.]]]", 24},
                                                     {"[.,.,.,.]", 5},
                                                     {"[.,.,[.]]", 10},
                                                     {"[.,[.,.]]", 15},
                                                     {"[.,[[.]]]", 30},
                                                     {"[[.],[.]]", 20},
                                                     {"[[.,.,.]]", 20},
                                                     {"[[.,[.]]]", 40},
                                                     {"[[[.,.]]]", 60},
                                                     {"[[[[.]]]]", 120}}));
}

// Phi_i([.]) = c_i, Phi_i([.,.]) = c_i^2, Phi_i([[.]]) = sum_j a_ij c_j.
TEST(OrderConditions, stageWeightsOfTheSmallestTrees) {
  const OrderConditions conditions(deq::findMethod("rk4")->a, 3);
  using Weights = std::vector<long double>;
  EXPECT_EQ(conditions.stageWeights(0), (Weights{1, 1, 1, 1}));
  EXPECT_EQ(conditions.stageWeights(1), (Weights{0, 0.5L, 0.5L, 1}));
  std::map<std::string, Weights> third;
  for (int i : {2, 3})
    third[conditions.name(i)] = conditions.stageWeights(i);
  EXPECT_EQ(third["[.,.]"], (Weights{0, 0.25L, 0.25L, 1}));
  EXPECT_EQ(third["[[.]]"], (Weights{0, 0, 0.25L, 0.5L}));
}

// The order of b is where the first condition fails, and for tsit5 rounding is all that is left
// before.
TEST(OrderConditions, residualsVanishUpToTheOrderOnly) {
  for (const deq::Tableau &tableau : deq::methods()) {
    const OrderConditions conditions(tableau.a, tableau.order + 1);
    const std::vector<long double> b(tableau.b.begin(), tableau.b.end());
    long double above = 0;
    for (int i = 0; i < static_cast<int>(conditions.trees().size()); ++i) {
      const auto r = conditions.residual(i, b, 1 / conditions.density(i));
      if (conditions.trees()[i].order > tableau.order)
        above = std::max(above, std::fabs(r.value));
      else
        EXPECT_LE(std::fabs(r.value), 4e-16L * r.scale) << tableau.name << conditions.name(i);
    }
    EXPECT_GT(above, 1e-7L) << tableau.name;
  }
}

// The form that dense output is used in: sum_i b_i(theta) Phi_i = theta^|tree| / gamma, evaluated
// inside the step.
TEST(OrderConditions, interpolantsHoldInsideTheStep) {
  for (const deq::Tableau &tableau : deq::methods()) {
    const OrderConditions conditions(tableau.a, tableau.interpolantOrder);
    for (long double theta : {0.1L, 0.25L, 0.5L, 0.9L, 1.0L}) {
      // The coefficients of polynomials reach a million; rounding is relative to their sizes.
      std::vector<long double> b(tableau.p.size(), 0), sizes = b;
      for (std::size_t i = 0; i < b.size(); ++i) {
        const std::vector<long double> weights = tableau.denseWeights(int(i));
        for (std::size_t m = weights.size(); m-- > 0;) {
          b[i] = (b[i] + weights[m]) * theta;
          sizes[i] = (sizes[i] + std::fabs(weights[m])) * theta;
        }
      }
      for (int i = 0; i < static_cast<int>(conditions.trees().size()); ++i) {
        const long double power = std::pow(theta, conditions.trees()[i].order);
        const auto r = conditions.residual(i, b, power / conditions.density(i));
        EXPECT_LE(std::fabs(r.value), 4e-16L * conditions.residual(i, sizes, 0).scale)
            << tableau.name << conditions.name(i) << theta;
      }
    }
  }
}

} // namespace
