// Steps that end at listed times and nowhere else.
#include "Compiled.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;
using Times = std::vector<double>;

std::string growth(const std::string &times, const std::string &span,
                   const std::string &more = "") {
  return "field growth(t; y) { y' = y*cos(t) }\nsolve growth {\n span " + span +
         "\n init y = 1\n control step_to(" + times + ")\n method heun\n save steps 1\n" + more +
         "\n}\n";
}

Times listOf(const std::string &times, const std::string &span, const Engine &engine,
             const std::string &dtype = "f64", const std::string &more = "") {
  Overrides overrides;
  overrides.dtype = dtype;
  const Solution s = compileText(growth(times, span, more), overrides, engine).run();
  EXPECT_EQ(s.status, Status::success);
  EXPECT_EQ(s.stats.rejected, 0);
  return s.t;
}

class StepTo : public testing::TestWithParam<Engine> {};

TEST_P(StepTo, theStepsEndAtTheTimes) {
  EXPECT_EQ(listOf("[0, 0.1, 0.3, 1]", "0 to 1", GetParam()), (Times{0.1, 0.3, 1}));
  EXPECT_EQ(listOf("[0, 1]", "0 to 1", GetParam()), Times{1});
  EXPECT_EQ(listOf("[1, 0.3, 0.1, -1]", "1 to -1", GetParam()), (Times{0.3, 0.1, -1}));
  EXPECT_EQ(listOf("[i*i/16 for i in 0..5]", "0 to 1", GetParam()),
            (Times{1.0 / 16, 4.0 / 16, 9.0 / 16, 1}));
}

// As close as doubles are, also to the end: the tolerance of landing on t1 swallows none.
TEST_P(StepTo, noTimeIsTooCloseToAnother) {
  const double e = std::nextafter(1.0, 2.0) - 1;
  EXPECT_EQ(listOf("[0, 1, 1 + 2^-52, 2 - 2^-51, 2]", "0 to 2", GetParam()),
            (Times{1, 1 + e, 2 - 2 * e, 2}));
}

TEST_P(StepTo, inSinglePrecisionTheTimesAreThoseToo) {
  EXPECT_EQ(listOf("[0, 0.25, 0.5, 1e3]", "0 to 1e3", GetParam(), "f32"), (Times{0.25, 0.5, 1e3}));
}

TEST_P(StepTo, aJumpIsOneMore) {
  EXPECT_EQ(listOf("[0, 0.5, 1]", "0 to 1", GetParam(), "f64", "jump_at [0.5, 0.75]"),
            (Times{0.5, 0.75, 1}));
}

// By hand: Heun's method over the same steps.
TEST_P(StepTo, theStepsHaveTheirLengths) {
  const Times list = {0, 0.1, 0.3, 1};
  const Solution s = compileText(growth("[0, 0.1, 0.3, 1]", "0 to 1"), {}, GetParam()).run();
  double y = 1;
  for (std::size_t i = 1; i < list.size(); ++i) {
    const double t = list[i - 1], h = list[i] - t;
    const double k1 = y * std::cos(t), k2 = (y + h * k1) * std::cos(list[i]);
    y += h * (k1 + k2) / 2;
    EXPECT_NEAR(s.y[i - 1], y, 1e-15 * 4);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, StepTo, testing::ValuesIn(engines),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
