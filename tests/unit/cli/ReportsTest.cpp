// Ratios and JSON of reports, from results made by hand.
// What is missing (steps, counts, a known processor) must not become a number.
#include "tools/cli/Performance.h"
#include "tools/cli/ReportJson.h"

#include <gtest/gtest.h>

using namespace deq;
using namespace deq::cli;

namespace {

class Reports : public testing::Test {
protected:
  Reports() {
    solution.stats.steps = 100;
    solution.stats.evaluations = 602;
  }
  Result result(std::int64_t earlierSteps = 0) const {
    Result made{artifact, solution, 0.02, "", earlierSteps};
    made.machine = machine;
    return made;
  }

  Artifact artifact;
  Solution solution;
  std::optional<MachineSpeed> machine = MachineSpeed{4, 50};
};

TEST_F(Reports, RatiosOfARun) {
  artifact.report.step = StepWork{.additions = 10,
                                  .multiplications = 20,
                                  .fusedMultiplyAdds = 30,
                                  .divisions = 6,
                                  .squareRoots = 4,
                                  .calls = 5,
                                  .chainCycles = 80};
  EXPECT_EQ(artifact.report.step->operations(), 100);
  const Performance reached = performanceOf(result());
  EXPECT_DOUBLE_EQ(reached.nsPerStep.value(), 200); // 0.02 ms in 100 steps
  EXPECT_DOUBLE_EQ(reached.evaluationsPerStep.value(), 6.02);
  EXPECT_DOUBLE_EQ(reached.gflops.value(), 0.5);
  EXPECT_DOUBLE_EQ(reached.peakShare.value(), 0.01);
  EXPECT_DOUBLE_EQ(reached.floorNs.value(), 20); // 80 cycles at 4 GHz
  EXPECT_DOUBLE_EQ(reached.floorShare.value(), 0.1);
  // 20 steps of a resumed run; its evaluations are those of the whole.
  const Performance resumed = performanceOf(result(80));
  EXPECT_DOUBLE_EQ(resumed.nsPerStep.value(), 1000);
  EXPECT_DOUBLE_EQ(resumed.evaluationsPerStep.value(), 6.02);
}

TEST_F(Reports, WhatIsNotKnownIsNoNumber) {
  EXPECT_FALSE(performanceOf(result()).gflops);
  EXPECT_FALSE(performanceOf(result()).floorNs);
  artifact.report.step = StepWork{.additions = 10};
  machine.reset();
  const Performance reached = performanceOf(result());
  EXPECT_TRUE(reached.gflops);
  EXPECT_FALSE(reached.peakShare);
  EXPECT_FALSE(reached.floorShare);
  solution.stats.steps = 0;
  EXPECT_FALSE(performanceOf(result()).nsPerStep);
  EXPECT_FALSE(performanceOf(result()).gflops);
}

TEST_F(Reports, JsonOfACompileIsExactlyTheContract) {
  CompileReport report;
  report.ms = 12.5;
  report.codeBytes = 4096;
  report.phases = {{"loop", 0.25, 6, 300}};
  report.emission = {"scan", "as asked for", {{"unroll", 80, {}}, {"scan", 12.5, {}}}};
  report.functions = {{"deq_solve", 794, 32, 15, 49, 64, 504}};
  EXPECT_EQ(reportLine(compileReportJson(report)),
            R"({"report":{"compile":{"cache":"miss","reason":"","ms":12.5,"code_bytes":4096,)"
            R"("emission":{"stages":"scan",)"
            R"("reason":"as asked for","predicted_ms":{"unroll":80,"scan":12.5}},)"
            R"("phases":[{"name":"loop","ms":0.25,)"
            R"("operations_before":6,"operations":300}],"functions":[{"name":"deq_solve",)"
            R"("instructions":794,"vector_registers":32,"general_registers":15,"spills":49,)"
            R"("reloads":64,"stack_bytes":504}]}}})"
            "\n");
}

TEST_F(Reports, JsonOfARunHasNullForWhatIsNotKnown) {
  machine.reset();
  artifact.signature.solve = "s";
  const std::string json = runReportJson(result(), false);
  EXPECT_TRUE(json.starts_with(
      R"({"run":{"solve":"s","ms":0.02,"ns_per_step":200,"evaluations_per_step":6.02,)"
      R"("work":null,"machine":null,"gflops":null,"peak_share":null,"floor_ns":null,)"
      R"("floor_share":null,"settings":{"state":)"))
      << json;
}

TEST(Machine, SpeedIsThatOfAProcessor) {
  const std::optional<MachineSpeed> speed = measureMachine(false);
  if (!speed)
    GTEST_SKIP() << "no fused multiply-add that deq knows here";
  // Wide bounds: the machine may be busy with something else.
  EXPECT_GT(speed->gigahertz, 0.05);
  EXPECT_LT(speed->gigahertz, 10);
  EXPECT_GT(speed->peakGflops, 0.1);
  EXPECT_LT(speed->peakGflops, 1000);
}

} // namespace
