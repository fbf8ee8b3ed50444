// Splitting methods as data: consistent as they are, and every spoilt coefficient is noticed.
// Yoshida's weights are decimals of 15 digits, which only their order conditions vouch for.
#include "compiler/Methods/Splitting.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

namespace deq {
static void PrintTo(const Splitting &splitting, std::ostream *out) { *out << splitting.name; }
} // namespace deq

namespace {

using namespace deq;

class EverySplitting : public testing::TestWithParam<Splitting> {};
INSTANTIATE_TEST_SUITE_P(Methods, EverySplitting, testing::ValuesIn(splittings()),
                         [](const auto &info) { return info.param.name; });

TEST_P(EverySplitting, isConsistent) { EXPECT_EQ(check(GetParam()), std::vector<std::string>()); }

TEST_P(EverySplitting, noticesEverySpoiltCoefficient) {
  Splitting splitting = GetParam();
  for (std::vector<double> *row : {&splitting.kick, &splitting.drift})
    for (double &coefficient : *row) {
      const double kept = coefficient;
      for (double error : {1e-9, -1e-9}) {
        coefficient += error;
        EXPECT_FALSE(check(splitting).empty()) << kept << " off by " << error;
        coefficient = kept;
      }
    }
}

// Two errors that cancel in every sum of kicks and drifts.
TEST_P(EverySplitting, noticesSpoiltWeights) {
  Splitting splitting = GetParam();
  if (splitting.order < 4)
    return;
  splitting.drift.front() += 1e-9;
  splitting.drift.back() -= 1e-9;
  EXPECT_FALSE(check(splitting).empty());
}

TEST_P(EverySplitting, noticesWrongOrders) {
  for (int change : {-1, 1}) {
    Splitting splitting = GetParam();
    splitting.order += change;
    EXPECT_FALSE(check(splitting).empty()) << splitting.order;
  }
}

TEST_P(EverySplitting, endsAtTheEnd) {
  EXPECT_EQ(GetParam().kickTimes().front(), 0);
  EXPECT_EQ(GetParam().kickTimes().back(), 1);
  EXPECT_EQ(GetParam().kickTimes().size(), GetParam().kick.size());
  EXPECT_EQ(GetParam().driftTimes().size(), GetParam().drift.size());
}

TEST(Splitting, numberOfKicks) {
  std::vector<int> stages;
  for (const Splitting &splitting : splittings())
    stages.push_back(splitting.stages());
  EXPECT_EQ(stages, (std::vector<int>{1, 1, 3, 7, 15}));
}

} // namespace
