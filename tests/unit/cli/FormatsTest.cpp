// The writers of deqc's data formats, fed with solutions made by hand.
// Values that no well-behaved solve returns (NaN, infinities) are part of the contract too.
#include "tools/cli/Formats.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <unistd.h>

using namespace deq;
using namespace deq::cli;

namespace {

class Formats : public testing::Test {
protected:
  Formats() {
    char name[] = "deq-formats-XXXXXX";
    close(mkstemp(name));
    path = name;
    artifact.signature.solve = "s";
    artifact.report.ms = 12.5;
  }
  ~Formats() override { unlink(path.c_str()); }

  std::string written(void (*write)(const Result &, Output &)) {
    Output output(path);
    write(Result{artifact, solution, 0.25, plan}, output);
    EXPECT_TRUE(output.finish());
    std::ifstream stream(path);
    return (std::stringstream() << stream.rdbuf()).str();
  }

  std::string path, plan;
  Artifact artifact;
  Solution solution;
};

constexpr double inf = std::numeric_limits<double>::infinity();

TEST_F(Formats, JsonOfAFailureWithNonFiniteValuesIsExactlyTheContract) {
  solution.leaves = {{"x", {}}, {"q", {2, 1}}};
  solution.t = {0, 0.1};
  solution.y = {1, 2, 3, -std::nan(""), inf, -inf};
  solution.status = Status::non_finite;
  solution.failure = {0.1, 7, "q[0][0]"};
  solution.stats = {7, 6, 1, 43};
  std::string expected =
      R"({"solve":"s","status":"non_finite","message":")" +
      std::string(message(Status::non_finite)) +
      R"(","failure":{"t":0.10000000000000001,"step":7,"component":"q[0][0]"},)"
      R"("event":null,"t":[0,0.10000000000000001],"y":{"x":[1,"nan"],"q":[[[2],[3]],[["inf"],["-inf"]]]},)"
      R"("saved":{},"plans":{},"stats":{"steps":7,"accepted":6,"rejected":1,"evaluations":43},)"
      R"("compile":{"cache":"miss","reason":"","ms":12.5,"stages":"unroll"},)"
      R"("run_ms":0.25})"
      "\n";
  EXPECT_EQ(written(writeJson), expected);
}

TEST_F(Formats, JsonOfASolutionWithoutRowsHasEmptyArrays) {
  solution.leaves = {{"x", {}}};
  std::string text = written(writeJson);
  EXPECT_NE(text.find(R"("failure":null,"event":null,"t":[],"y":{"x":[]},)"), std::string::npos)
      << text;
}

TEST_F(Formats, NamedPlansHaveRowsOfTheirOwn) {
  solution.leaves = {{"x", {}}, {"q", {2}}};
  solution.t = {1};
  solution.y = {1, 2, 3};
  solution.plans = {{"fine", {{"q", {2}}}, {0, 1}, {4, 5, 2, 3}}, {"none", {{"x", {}}}, {}, {}}};
  const std::string json = written(writeJson);
  EXPECT_NE(json.find(R"("plans":{"fine":{"t":[0,1],"y":{"q":[[4,5],[2,3]]},"saved":{}},)"
                      R"("none":{"t":[],"y":{"x":[]},"saved":{}}},"stats")"),
            std::string::npos)
      << json;
  EXPECT_EQ(written(writeCsv), "t,x,q[0],q[1]\n1,1,2,3\n");
  plan = "fine";
  EXPECT_EQ(written(writeCsv), "t,q[0],q[1]\n0,4,5\n1,2,3\n");
}

TEST_F(Formats, ExpressionsAreSavedBesideTheState) {
  solution.leaves = {{"x", {}}, {"r", {}}, {"d", {2}}};
  solution.expressions = 2;
  solution.t = {1};
  solution.y = {1, 2, 3, 4};
  const std::string json = written(writeJson);
  EXPECT_NE(json.find(R"("y":{"x":[1]},"saved":{"r":[2],"d":[[3,4]]},"plans":{},)"),
            std::string::npos)
      << json;
  EXPECT_EQ(written(writeCsv), "t,x,r,d[0],d[1]\n1,1,2,3,4\n");
}

TEST_F(Formats, CsvWritesNonFiniteValuesAsWords) {
  solution.leaves = {{"x", {}}, {"y", {2}}};
  solution.t = {1e-300};
  solution.y = {std::nan(""), -inf, 1.0 / 3};
  EXPECT_EQ(written(writeCsv), "t,x,y[0],y[1]\n1e-300,nan,-inf,0.33333333333333331\n");
}

TEST_F(Formats, F32HasNineDigits) {
  artifact.signature.dtype = DType::f32;
  solution.leaves = {{"x", {}}};
  solution.t = {0.1f};
  solution.y = {16777215.0f / 7};
  EXPECT_EQ(written(writeCsv), "t,x\n0.100000001,2396745\n");
}

TEST_F(Formats, TimesOfF64HaveAllTheirDigitsBesideF32) {
  artifact.signature.dtype = DType::f32_time_f64;
  solution.leaves = {{"x", {}}};
  solution.t = {100000.1};
  solution.y = {0.1f};
  EXPECT_EQ(written(writeCsv), "t,x\n100000.10000000001,0.100000001\n");
  const std::string json = written(writeJson);
  EXPECT_NE(json.find("\"t\":[100000.10000000001]"), std::string::npos) << json;
}

TEST_F(Formats, TableNamesWhatItLeavesOut) {
  solution.leaves = {{"q", {9}}};
  for (int row = 0; row < 9; ++row) {
    solution.t.push_back(row);
    solution.y.insert(solution.y.end(), 9, row);
  }
  std::string text = written(writeTable);
  EXPECT_NE(text.find("and 3 more"), std::string::npos) << text;
  EXPECT_NE(text.find("2 rows more"), std::string::npos) << text;
}

TEST(OutputFile, DisappearsIfItIsNotFinished) {
  std::string name = "deq-output-" + std::to_string(getpid());
  { Output(name).write("half"); }
  EXPECT_NE(access(name.c_str(), F_OK), 0);
}

TEST(OutputFile, ReportsAFullDiskOnce) {
  Output output("/dev/full");
  for (int i = 0; i < 100000; ++i)
    output.write("0123456789");
  EXPECT_FALSE(output.finish());
  EXPECT_EQ(output.message(), "cannot write '/dev/full': No space left on device");
}

} // namespace
