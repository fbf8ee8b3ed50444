// One absolute tolerance per state leaf: nothing but the scale of that leaf's error depends on it,
// in the error norm and in the automatic first step, on every path.
#include "Compiled.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// A slow oscillator, an array, next to a fast and large one, whose tolerances differ.
constexpr const char *text = R"(
field pair(t; q[2], u) {
  q' = concat([q[1]], [-q[0]])
  u' = 1000*cos(20*t)
}
solve pair {
  span 0 to 3
  init q = [0, 1], u = 0
  control pid(rtol = 0, atol = 1e-8)
  save steps 1
})";

Problem pairOf(const std::string &dtype, const std::string &stages, std::vector<double> leafAtol,
               const std::string &norm = "rms") {
  Overrides overrides;
  overrides.dtype = dtype;
  overrides.stages = stages;
  Problem problem = loadText(text, overrides);
  problem.signature.norm = norm;
  problem.signature.leaf_atol = true;
  problem.values.leafAtol = std::move(leafAtol);
  return problem;
}

class LeafTolerance : public testing::TestWithParam<std::tuple<const char *, const char *>> {
protected:
  std::string dtype() const { return std::get<0>(GetParam()); }
  std::string norm() const { return std::get<1>(GetParam()); }
  bool single() const { return dtype() == "f32"; }
};

// Equal tolerances per leaf, the uniform one for want of a list, and the uniform kernel.
TEST_P(LeafTolerance, equalOnesGiveTheBitsOfTheUniformOne) {
  const double atol = single() ? 1e-4 : 1e-7;
  for (const Engine &engine : engines) {
    SCOPED_TRACE(engine.name);
    Problem uniform = pairOf(dtype(), engine.stages, {}, norm());
    uniform.values.pid.atol = atol;
    const Solution fallback = compileProblem(uniform, engine.backend).run();
    uniform.signature.leaf_atol = false;
    const Solution expected = compileProblem(uniform, engine.backend).run();
    const Problem listed = pairOf(dtype(), engine.stages, {atol, atol}, norm());
    const Solution solution = compileProblem(listed, engine.backend).run();
    EXPECT_EQ(expected.status, Status::success);
    EXPECT_GT(expected.stats.rejected, 0);
    EXPECT_TRUE(same(expected, solution)) << "one per leaf";
    EXPECT_TRUE(same(expected, fallback)) << "one for all, in a kernel for one per leaf";
  }
}

TEST_P(LeafTolerance, unrollScanAndInterpreterAgree) {
  std::vector<Solution> solutions;
  for (const Engine &engine : engines)
    solutions.push_back(
        compileProblem(pairOf(dtype(), engine.stages, {1e-5, 0.5}, norm()), engine.backend).run());
  EXPECT_EQ(solutions[0].status, Status::success);
  EXPECT_TRUE(same(solutions[0], solutions[1])) << "unroll and scan";
  EXPECT_TRUE(same(solutions[0], solutions[2])) << "unroll and interpreter";
}

/// Largest errors over all rows, per leaf.
std::pair<double, double> errors(const Solution &solution) {
  double q = 0, u = 0;
  for (std::size_t i = 0; i < solution.t.size(); ++i) {
    const double t = solution.t[i];
    q = std::max({q, std::fabs(solution.y[3 * i] - std::sin(t)),
                  std::fabs(solution.y[3 * i + 1] - std::cos(t))});
    u = std::max(u, std::fabs(solution.y[3 * i + 2] - 50 * std::sin(20 * t)));
  }
  return {q, u};
}

// Each leaf follows its own tolerance, and the loose one costs no steps.
TEST_P(LeafTolerance, isObeyedLeafByLeaf) {
  const double tight = single() ? 1e-4 : 1e-8;
  Compiled c = compileProblem(pairOf(dtype(), "unroll", {}, norm()));
  auto solved = [&](double q, double u) {
    c.values.leafAtol = {q, u};
    return c.run();
  };
  const Solution both = solved(tight, tight), slow = solved(tight, 1e3), fast = solved(10, tight);
  EXPECT_LT(errors(slow).first, 20 * tight);
  EXPECT_GT(errors(slow).second, 1e3 * tight) << "a loose tolerance is made use of";
  EXPECT_LT(errors(fast).second, 200 * tight + (single() ? 1e-3 : 0));
  EXPECT_LT(4 * slow.stats.accepted, both.stats.accepted);
}

// A tolerance of nothing is the smallest normal number, as it is for the uniform one: a component
// that starts at zero gives no 0/0.
TEST_P(LeafTolerance, zeroIsFloored) {
  Compiled c = compileProblem(pairOf(dtype(), "unroll", {1e-3, 0}, norm()));
  c.values.pid.rtol = 1e-3;
  c.values.t1 = 0.01;
  EXPECT_EQ(c.run().status, Status::success);
}

TEST_P(LeafTolerance, everyStageIsAProgram) {
  for (const char *emission : {"unroll", "scan"}) {
    SCOPED_TRACE(emission);
    Problem problem = pairOf(dtype(), emission, {1e-4, 0.5}, norm());
    problem.values.t1 = 0.5;
    expectEveryStageRuns(problem);
  }
}

INSTANTIATE_TEST_SUITE_P(Norms, LeafTolerance,
                         testing::Combine(testing::Values("f64", "f32"),
                                          testing::Values("rms", "max")),
                         [](const auto &info) {
                           return std::get<0>(info.param) + std::string("_") +
                                  std::get<1>(info.param);
                         });

} // namespace
