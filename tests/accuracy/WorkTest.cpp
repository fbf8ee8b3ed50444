// The counters of the compile report against counts by hand: operations of a step, the chain of
// those that wait for one another, machine code. Numbers that nobody checks would be believed all
// the same.
#include "Compiled.h"

#include <numeric>

namespace {

using namespace deq;
using namespace deq::test;

struct Counted {
  Signature signature;
  CompileReport report;
};

Counted counted(const std::string &file, const std::string &text, const Overrides &overrides = {},
                Backend backend = Backend::native) {
  Diagnostics diagnostics;
  CompileOptions options;
  options.backend = backend;
  options.countWork = true;
  auto artifact = compile(Source{file, text}, overrides, options, diagnostics);
  if (!artifact)
    throw std::runtime_error("does not compile: " + text);
  return {artifact->signature, artifact->report};
}

/// A solve of this field with constant steps.
std::string constantSteps(const std::string &leaves, const std::string &body,
                          const std::string &init) {
  return "field f(t; " + leaves + ") {\n" + body + "\n}\nsolve f {\n  span 0 to 1\n  init " + init +
         "\n  method euler\n  control constant(dt = 0.01)\n}\n";
}

StepWork workOf(const std::string &text, const std::string &method = "",
                const std::string &stages = "", const std::string &dtype = "") {
  Overrides overrides;
  if (!method.empty())
    overrides.method = method;
  if (!stages.empty())
    overrides.stages = stages;
  if (!dtype.empty())
    overrides.dtype = dtype;
  return counted("f.deq", text, overrides).report.step.value();
}

const std::string lorenz = "  x' = 10*(y - x)\n  y' = x*(28 - z) - y\n  z' = x*y - 3*z";

TEST(Work, LorenzByRk4IsTheCountOfItsFormulas) {
  const StepWork work = workOf(constantSteps("x, y, z", lorenz, "x = 1, y = 0, z = 0"), "rk4");
  // Of the field, 4 times: 3 differences, 10*, x*y and 3*z, and x*(28 - z) - y in one.
  const int additions = 4 * 3, products = 4 * 3, fused = 4;
  // Stages 2 and 3: a*k and y + h*(..); stage 4, where a = 1, only the latter.
  const int stageProducts = 2 * 3, stageFused = 3 * 3;
  // y + h*(b1*k1 + .. + b4*k4).
  const int sumProducts = 3, sumFused = 3 * 3 + 3;
  // direction*h and t0 + n*dt; whether x, y and z are finite: x*0 + y*0 + z*0.
  const int otherProducts = 1 + 1, otherFused = 1 + 2;
  EXPECT_EQ(work.additions, additions);
  EXPECT_EQ(work.multiplications, products + stageProducts + sumProducts + otherProducts);
  EXPECT_EQ(work.fusedMultiplyAdds, fused + stageFused + sumFused + otherFused);
  EXPECT_EQ(work.divisions + work.squareRoots + work.calls, 0);
  EXPECT_EQ(work.operations(), work.additions + work.multiplications + 2 * work.fusedMultiplyAdds);
  // Three evaluations behind (a*k, y + h*s): 8 cycles each; a = 1 saves 4; b4*k4 and h*s at last.
  EXPECT_EQ(work.chainCycles, 4 * 8 + 2 * 8 + 4 + 8);
}

TEST(Work, ScannedAndOutlinedStagesHaveTheChainOfUnrolledOnes) {
  for (const std::string name : {"lorenz", "pleiades", "lotka_volterra"}) {
    const StepWork unrolled = workOf(example(name), "tsit5", "unroll");
    const StepWork outlined = workOf(example(name), "tsit5", "outline");
    const StepWork scanned = workOf(example(name), "tsit5", "scan");
    EXPECT_EQ(scanned.chainCycles, unrolled.chainCycles) << name;
    EXPECT_EQ(outlined.chainCycles, unrolled.chainCycles) << name;
    EXPECT_EQ(outlined.fusedMultiplyAdds, unrolled.fusedMultiplyAdds) << name;
    EXPECT_EQ(outlined.multiplications, unrolled.multiplications) << name;
    EXPECT_EQ(scanned.divisions, unrolled.divisions) << name;
    EXPECT_EQ(scanned.additions, unrolled.additions) << name;
    // A scanned sum begins by adding its first product to zero.
    EXPECT_EQ(scanned.multiplications + scanned.fusedMultiplyAdds,
              unrolled.multiplications + unrolled.fusedMultiplyAdds)
        << name;
  }
}

TEST(Work, LoopsOfFoldsCountAsOftenAsTheyRun) {
  auto horner = [](const std::string &terms) {
    return workOf(
        constantSteps("x", "  x' = fold(p = 0, p*x + i for i in 0.." + terms + ")", "x = 0"));
  };
  const StepWork spelledOut = horner("100"), loop = horner("1100");
  EXPECT_EQ(loop.fusedMultiplyAdds - spelledOut.fusedMultiplyAdds, 1000);
  EXPECT_EQ(loop.chainCycles - spelledOut.chainCycles, 4 * 1000);
}

TEST(Work, EveryMethodEvaluatesTheFieldAsOftenAsItSays) {
  const std::string constant = constantSteps("y", "  y' = exp(-y)", "y = 1");
  std::string controlled = constant;
  controlled.replace(controlled.find("constant(dt = 0.01)"), 19, "pid()");
  for (const Method &method : generalMethods())
    for (const char *stages : {"unroll", "scan"}) {
      Overrides overrides;
      overrides.method = method.name;
      overrides.stages = stages;
      // Without control, stages that only the error needs are not computed.
      const Counted solve = counted("f.deq", method.adaptive() ? controlled : constant, overrides);
      EXPECT_EQ(solve.report.step.value().calls, solve.signature.evaluations_per_step)
          << method.name << " " << stages;
    }
}

TEST(Work, AChainIsAsLongAsItIsDeep) {
  // Euler: y + h*k, in 4 cycles, behind the field.
  auto cycles = [](const std::string &expression, const std::string &dtype = "f64") {
    return workOf(constantSteps("y", "  y' = " + expression, "y = 0.1"), "", "", dtype).chainCycles;
  };
  EXPECT_EQ(cycles("-y"), 4);
  std::string nested = "y";
  for (int depth = 1; depth <= 20; ++depth) {
    nested = "(" + nested + "*0.5 + 0.25)"; // one fused operation
    EXPECT_EQ(cycles(nested), 4 * depth + 4);
  }
  EXPECT_EQ(cycles("1/(1 + y)"), 4 + 13 + 4);
  EXPECT_EQ(cycles("sqrt(1 + y)"), 4 + 18 + 4);
  EXPECT_EQ(cycles("1/(1 + y)", "f32"), 4 + 11 + 4);
  EXPECT_EQ(cycles("sqrt(1 + y)", "f32"), 4 + 12 + 4);
  // What does not depend on the state waits for nobody.
  EXPECT_EQ(cycles("y + sqrt(sqrt(sqrt(2)))"), 4 + 4);
}

TEST(Work, TheLongestOfIndependentChainsCounts) {
  const std::string body = "  x' = -x\n  y' = ((y*0.5 + 1)*0.5 + 1)*0.5 + 1";
  EXPECT_EQ(workOf(constantSteps("x, y", body, "x = 1, y = 1")).chainCycles, 3 * 4 + 4);
}

TEST(Work, OperationsOnArraysCountPerElement) {
  const std::string array =
      constantSteps("y[6]", "  y' = [y[i]*y[i] - 0.5 for i in 0..6]", "y = 0.1");
  const StepWork one = workOf(constantSteps("y", "  y' = y*y - 0.5", "y = 0.1"));
  const StepWork six = workOf(array);
  // Per component: the field, y + h*k, a term of the test for finite numbers.
  EXPECT_EQ(six.fusedMultiplyAdds - one.fusedMultiplyAdds, 5 * 3);
  EXPECT_EQ(six.chainCycles, one.chainCycles);
  EXPECT_EQ(six.additions, one.additions);
}

TEST(Work, FunctionsAreCallsAndNoOperations) {
  const std::string text = constantSteps("y", "  y' = exp(-y) + floor(y)", "y = 0.1");
  const StepWork work = workOf(text, "rk4");
  EXPECT_EQ(work.calls, 4);
  EXPECT_EQ(work.additions, 4);
}

TEST(Work, OfTheControllerIsCountedToo) {
  Overrides overrides;
  overrides.method = "bosh3";
  const StepWork work = counted("f.deq", example("lotka_volterra"), overrides).report.step.value();
  // Two components over their tolerances; the power of the error needs none (Power.h).
  EXPECT_EQ(work.divisions, 2);
  EXPECT_EQ(work.squareRoots, 0);
  // The next step waits for the error: longer than stages alone.
  EXPECT_GT(work.chainCycles, 100);
}

TEST(Work, ADumpHasTheWorkOfItsSource) {
  const std::string text = example("lorenz");
  const StepWork direct = workOf(text);
  for (const char *stage : {"loop", "fused", "unpacked"}) {
    Diagnostics diagnostics;
    auto dump = emit(Source{"f.deq", text}, {}, stage, {}, diagnostics);
    ASSERT_TRUE(dump);
    const StepWork read = counted("f.mlir", dump->bytes).report.step.value();
    EXPECT_EQ(read.operations(), direct.operations()) << stage;
    EXPECT_EQ(read.chainCycles, direct.chainCycles) << stage;
  }
}

TEST(Work, IsUnknownWhereNoStageHasIt) {
  const std::string text = example("lorenz");
  EXPECT_FALSE(counted("f.deq", text, {}, Backend::interp).report.step);
  Diagnostics diagnostics;
  auto dump = emit(Source{"f.deq", text}, {}, "llvm", {}, diagnostics);
  ASSERT_TRUE(dump);
  EXPECT_FALSE(counted("f.ll", dump->bytes).report.step);
  EXPECT_FALSE(compile(Source{"f.deq", text}, {}, {}, diagnostics)->report.step);
}

TEST(Work, HostileLoopsOfDumpsEnd) {
  Diagnostics diagnostics;
  auto dump = emit(Source{"f.deq", constantSteps("y", "  y' = -y", "y = 1")}, {}, "unpacked", {},
                   diagnostics);
  ASSERT_TRUE(dump);
  std::string text = dump->bytes;
  const std::string kernel = "} do {";
  const auto at = text.find('\n', text.find("^bb0", text.find(kernel)));
  ASSERT_NE(at, std::string::npos);
  text.insert(at, "\n %first = arith.constant 0 : index\n %last = arith.constant "
                  "9223372036854775807 : index\n %by = arith.constant 1 : index\n scf.for %i = "
                  "%first to %last step %by {\n }");
  EXPECT_FALSE(counted("f.mlir", text).report.step);
}

//===-- Machine code
//---------------------------------------------------------------------------===//

const FunctionCode &kernelOf(const CompileReport &report) {
  for (const FunctionCode &function : report.functions)
    if (function.name == "deq_solve")
      return function;
  throw std::runtime_error("no kernel");
}

TEST(Code, SmallStepsKeepEverythingInRegistersAndLargeOnesDoNot) {
  const FunctionCode small =
      kernelOf(counted("f.deq", constantSteps("y", "  y' = -y", "y = 1")).report);
  EXPECT_GT(small.instructions, 10);
  EXPECT_GT(small.vectorRegisters, 1);
  EXPECT_LE(small.vectorRegisters, 32);
  EXPECT_GT(small.generalRegisters, 1);
  EXPECT_LE(small.generalRegisters, 31);

  Overrides unrolled;
  unrolled.method = "vern7";
  unrolled.stages = "unroll";
  const FunctionCode large = kernelOf(counted("f.deq", example("lorenz"), unrolled).report);
  EXPECT_GT(large.instructions, small.instructions);
  EXPECT_GT(large.vectorRegisters, small.vectorRegisters);
  EXPECT_GT(large.spills, small.spills);
  EXPECT_GT(large.reloads, large.spills);            // what is stored is read at least once
  EXPECT_GE(large.stackBytes, 8 * large.spills / 2); // a slot can hold several values in turn
}

TEST(Code, EveryFunctionIsCounted) {
  Overrides outlined;
  outlined.stages = "outline";
  const CompileReport report = counted("f.deq", example("lorenz"), outlined).report;
  std::vector<std::string> names;
  for (const FunctionCode &function : report.functions)
    names.push_back(function.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"deq_field", "deq_solve", "deq_start"}));
  EXPECT_TRUE(counted("f.deq", example("lorenz"), {}, Backend::interp).report.functions.empty());
}

TEST(Phases, HandTheirOperationsOn) {
  const CompileReport report = counted("f.deq", example("lorenz")).report;
  std::int64_t last = 0, instructions = 0;
  for (const Phase &phase : report.phases) {
    EXPECT_EQ(phase.operationsBefore, last) << phase.name;
    last = phase.operations;
    const bool isText = phase.name == "parse" || phase.name == "context";
    EXPECT_EQ(phase.operations > 0, !isText) << phase.name;
  }
  for (const FunctionCode &function : report.functions)
    instructions += function.instructions;
  EXPECT_EQ(last, instructions);
}

} // namespace
