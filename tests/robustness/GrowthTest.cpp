// Time and memory of a check grow no faster than the text.
// Measured by doubling it, from a thousand statements, terms, leaves or solves to half a million.
// Judged over four doublings, which are 16 times the time if it is linear and 256 times if it is
// quadratic: caches and page faults are worth a factor of three in one doubling, not in four.
#include "Child.h"
#include "HostileTexts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <vector>

namespace deq::test {
namespace {

struct Growing {
  const char *name;
  std::string (*text)(std::size_t count);
  std::size_t largest; ///< count, by the limits on words and bytes
};

void PrintTo(const Growing &kind, std::ostream *out) { *out << kind.name; }

std::string numbered(std::size_t count, const char *format) {
  return lines(count, [&](std::size_t i) { return fmt::format(fmt::runtime(format), i, i + 1); });
}

const Growing growing[] = {
    {"Statements",
     [](std::size_t n) {
       return fieldText("x", "a0 = x\n" + numbered(n, "a{1}=a{0}+x\n") + "x' = x");
     },
     512000},
    {"Terms", [](std::size_t n) { return derivativeText("x" + repeat(" + x", n)); }, 512000},
    {"Literals", [](std::size_t n) { return derivativeText("x" + repeat(" - 0.5", n)); }, 256000},
    {"Leaves",
     [](std::size_t n) {
       return fieldText("x" + numbered(n, ",x{0}"), "x' = x\n" + numbered(n, "x{0}'=x{0}\n"));
     },
     512000},
    {"Solves",
     [](std::size_t n) {
       return derivativeText("x") + numbered(n, "solve s{0} = f {{\nspan 0 to 1\ninit x = 1\n}}\n");
     },
     256000},
    {"Fields", [](std::size_t n) { return numbered(n, "field f{0}(t; x) {{ x' = x }}\n"); },
     256000},
    {"Calls",
     [](std::size_t n) { return fieldText("x", "f(y) = y*x\nx' = x" + repeat(" + f(x)", n)); },
     256000},
    {"Elements", [](std::size_t n) { return initialText("sum([1" + repeat(", 1", n) + "])"); },
     512000},
    {"Errors", [](std::size_t n) { return derivativeText("x" + repeat(" + q", n)); }, 512000},
};

class Growth : public testing::TestWithParam<Growing> {};

TEST_P(Growth, TimeAndMemoryGrowLinearly) {
  constexpr std::size_t doublings = 4;
  constexpr double timesAllowed = 64; // in between, by the same factor from both
  constexpr double smallest = 16;     // megabytes that say nothing about growth
  const double shortest = 0.004 * buildFactor();
  constexpr int tries = 10; // a busy machine only ever adds to a time
  const Growing &kind = GetParam();
  std::size_t largest = buildFactor() > 1 ? kind.largest / 8 : kind.largest;
  std::vector<Cost> costs;
  for (std::size_t count = 1000; count <= largest; count *= 2) {
    std::string text = kind.text(count);
    Cost cost = judgeInChild(text, 60 * buildFactor());
    ASSERT_EQ(cost.failure + cost.verdict.complaint, "") << count;
    double &seconds = cost.verdict.seconds;
    if (costs.size() >= doublings) {
      const Cost &before = costs[costs.size() - doublings];
      double allowed = timesAllowed * std::max(before.verdict.seconds, shortest);
      for (int i = 0; i < tries && seconds > allowed; ++i)
        seconds = std::min(seconds, judgeInChild(text, 60 * buildFactor()).verdict.seconds);
      EXPECT_LE(seconds, allowed) << count;
      EXPECT_LE(cost.megabytes, timesAllowed * std::max(before.megabytes, smallest)) << count;
    }
    std::printf("%8zu: %9zu bytes, %8.4f s, %6.0f MB\n", count, text.size(), seconds,
                cost.megabytes);
    costs.push_back(cost);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Growth, testing::ValuesIn(growing),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
} // namespace deq::test
