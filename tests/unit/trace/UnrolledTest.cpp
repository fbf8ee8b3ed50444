// Loops of C++ are told of where they are unrolled, once each, and nothing else is.
#include "Support.h"

namespace deq::test {
namespace {

template <class F> std::vector<Diagnostic> warningsOf(F f) {
  const Field field = trace("f", {.state = {"x", {"y", {40}}}}, f);
  std::vector<Diagnostic> warnings;
  field.source().problem({}, warnings);
  return warnings;
}

TEST(Unrolled, aLoopIsToldOfOnce) {
  const BesideTheTests here;
  int line = 0;
  const auto warnings = warningsOf([&](const Vars &v) {
    Array sum = 0 * v["x"];
    for (int i = 0; i < 40; ++i) {
      line = __LINE__ + 1;
      const Array term = sin(v["y"][i]);
      sum += 2 * term * v["x"];
    }
    return Derivatives{sum, -v["y"]};
  });
  ASSERT_EQ(warnings.size(), 1u);
  const Diagnostic &warning = warnings.front();
  EXPECT_EQ(warning.severity, Severity::warning);
  EXPECT_EQ(warning.id, "unrolled-loop");
  EXPECT_EQ(warning.text, "40 operations of this place are compiled one by one, as of an unrolled "
                          "loop; deq::map, deq::sum or deq::fold keeps a loop");
  EXPECT_EQ(warning.location.line, line);
  EXPECT_GT(warning.location.column, 0);
  EXPECT_NE(warning.line_text.find("sin(v"), std::string::npos) << warning.line_text;
}

TEST(Unrolled, nestedLoopsAreTwo) {
  const auto warnings = warningsOf([](const Vars &v) {
    Array sum = 0 * v["x"];
    for (int i = 0; i < 20; ++i) {
      for (int j = 0; j < 30; ++j)
        sum += v["x"];
      sum = cos(sum);
    }
    return Derivatives{sum, -v["y"]};
  });
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[0].text.substr(0, 14), "600 operations");
  EXPECT_EQ(warnings[1].text.substr(0, 13), "20 operations");
}

TEST(Unrolled, fewOperationsAndKeptLoopsAreNot) {
  EXPECT_TRUE(warningsOf([](const Vars &v) {
                Array sum = pow(v["x"], 1000); // many products of one call
                for (int i = 0; i < 15; ++i)
                  sum += v["x"];
                return Derivatives{sum, map(0, 40, [&](Index i) { return -v["y"][i]; })};
              }).empty());
}

} // namespace
} // namespace deq::test
