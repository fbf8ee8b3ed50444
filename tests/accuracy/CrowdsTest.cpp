// States of far more numbers than there are registers: what loops carry is on the stack there
// (Target/Crowds), and no bit of any row may tell.
#include "Compiled.h"

#include <fmt/format.h>

namespace {

using namespace deq;
using namespace deq::test;

/// Neighbours in a ring, so that every vector needs parts of others; 130 vectors of 8 and a rest.
const std::string ring = R"(
field ring(t; u[n], s; c = 0.3; static n = 1045) {
  u' = c*(roll(u, 1) - u)*roll(u, -1) - u*s/(1 + u^2) + sin(t)
  s' = sum(u)/n - s
}
solve ring {
  span 0 to 1.5
  init u = [1 + 0.5*sin(6.283185307179586*i/n) for i in 0..n], s = 0.1
  save every 0.25
)";

class Crowds : public testing::TestWithParam<std::tuple<Engine, std::string>> {};

TEST_P(Crowds, HaveTheBitsOfTheInterpreter) {
  const auto &[engine, dtype] = GetParam();
  for (const char *clauses : {"", "method bosh3\n control constant(dt = 0.02)\n",
                              "stop when s - 0.5\n span 1.5 to 0\n step_at [0.7]\n"}) {
    std::string text = ring + "  dtype " + dtype + "\n";
    if (std::string(clauses).find("span") != std::string::npos)
      text.erase(text.find("  span"), text.find("  init") - text.find("  span"));
    text += clauses + std::string("}\n");
    const Compiled native = compileText(text, {}, engine);
    const Compiled interpreted = compileText(text, {}, interpreter);
    const Solution solution = native.run();
    EXPECT_GT(solution.stats.accepted, 5);
    EXPECT_TRUE(same(solution, interpreted.run())) << clauses;
  }
}

TEST(CrowdsOnTheStack, AreNotSpilled) {
  Diagnostics diagnostics;
  Overrides overrides;
  overrides.stages = "unroll";
  auto dump = emit(Source{"ring.deq", ring + "}\n"}, overrides, "llvm", {}, diagnostics);
  ASSERT_TRUE(dump);
  const std::string &text = dump->bytes;
  auto kernel = text.find("i32 @deq_solve");
  ASSERT_NE(kernel, std::string::npos);
  EXPECT_NE(text.find("alloca <8 x double>", kernel), std::string::npos);
  EXPECT_EQ(text.find("phi <8 x double>", kernel), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, Crowds,
                         testing::Combine(testing::Values(unroll, outline, scan),
                                          testing::ValuesIn(dtypes)),
                         [](const auto &info) {
                           return std::string(std::get<0>(info.param).name) + "_" +
                                  identifier(std::get<1>(info.param));
                         });

} // namespace
