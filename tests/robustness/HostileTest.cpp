// Every hostile text ends in time, in little memory, and with a message that says where.
// Each runs in a process of its own, so that one that breaks the compiler breaks one test.
#include "Child.h"
#include "HostileTexts.h"

#include "compiler/Compile.h"

#include <gtest/gtest.h>

#include <ostream>

namespace deq::test {

void PrintTo(const Hostile &hostile, std::ostream *out) { *out << hostile.name; }

namespace {

constexpr double secondsAllowed = 1;
constexpr double megabytesAllowed = 1024;

class HostileText : public testing::TestWithParam<Hostile> {};

TEST_P(HostileText, EndsInTimeInMemoryAndWithAPlace) {
  std::string text = GetParam().text();
  // Two readings, so twice the time; and some more before the process is ended by force. A busy
  // machine may be slow once, a slow reading is slow every time.
  double allowed = 2 * secondsAllowed * buildFactor();
  Cost cost = judgeInChild(text, 5 * allowed);
  for (int i = 0; i < 2 && cost.failure.empty() && cost.verdict.seconds > allowed; ++i)
    cost = judgeInChild(text, 5 * allowed);
  ASSERT_EQ(cost.failure, "");
  EXPECT_EQ(cost.verdict.complaint, "");
  std::string message = GetParam().message;
  EXPECT_EQ(cost.verdict.checked, message.empty()) << cost.verdict.text;
  EXPECT_NE(cost.verdict.text.find(message), std::string::npos) << cost.verdict.text;
  EXPECT_LT(cost.verdict.seconds, allowed);
  EXPECT_LT(cost.megabytes, megabytesAllowed * buildFactor());
  std::printf("%.3f s, %.0f MB: %s\n", cost.verdict.seconds, cost.megabytes,
              cost.verdict.text.substr(0, 100).c_str());
}

/// A field that checks in no time can still be too large to compile.
TEST(HostileCompile, ATermCountsHoweverLittleItComputes) {
  for (const char *value : {"sum(x for i in 0..1000000)", "[x for i in 0..1000000][0]",
                            "sum(sum([x, x, x, x] for i in 0..250000))"}) {
    std::string text = derivativeText(value) + "solve f {\n  span 0 to 1\n  init x = 1\n}\n";
    Diagnostics diagnostics;
    EXPECT_FALSE(emit({"t.deq", text}, {}, "field", {}, diagnostics)) << value;
    EXPECT_EQ(complaintAbout(diagnostics, false, text), "");
    ASSERT_FALSE(diagnostics.all().empty());
    EXPECT_EQ(diagnostics.all()[0].text.find("the field is too large to compile"), 0u) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(All, HostileText, testing::ValuesIn(hostileTexts()),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
} // namespace deq::test
