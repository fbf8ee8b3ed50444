// Warnings: what they say, and the sources that must have none.
#include "FakeFiles.h"

using namespace deq;
using namespace deq::test;

namespace {

std::string decayWith(const std::string &clauses) {
  return "field f(t; x) {\n  x' = -x\n}\nsolve f {\nspan 0 to 1\ninit x = 1\n" + clauses + "\n}\n";
}

} // namespace

TEST(UnusedName, IsAWarningForWhateverAFieldDefines) {
  EXPECT_EQ(warningsOf("field f(t; x; a = 1, b = 2, c[3]; static n = 2, static m = 3) {\n"
                       "  loc = 3*x\n  fun(w) = w\n  used = b\n  x' = -used*x*m\n}\n"),
            "1:15: argument 'a' is not used\n"
            "1:29: argument 'c' is not used\n"
            "1:42: static 'n' is not used\n"
            "2:3: local 'loc' is not used\n"
            "3:3: local function 'fun' is not used\n");
}

TEST(UnusedName, AnyUseCounts) {
  EXPECT_EQ(warningsOf(
                "field f(t; x[n], y[k + 1]; a = m, b; static n = 2, static m = 3, static k = 1) {\n"
                "  g(w) = w*b\n  x' = [g(x[i])*a for i in 0..n]\n  y' = y\n}\n"),
            "");
  EXPECT_EQ(warningsOf("field f(t; x[4]; static lo = 1, static hi = 4, static step = 1) {\n"
                       "  x' = roll(x, step) + sum(x[lo..hi])*x\n}\n"),
            "");
  EXPECT_EQ(warningsOf("field f(t; x; a) {\n  x' = sum(a*i for i in 0..3 if i > 0)\n}\n"), "");
}

TEST(UnusedName, TimeAndStateNeedNoUse) {
  EXPECT_EQ(warningsOf("field f(t; x) {\n  x' = 1\n}\n"), "");
}

TEST(UnusedName, NamesTheFirstOfAChainOnly) {
  EXPECT_EQ(warningsOf("field f(t; x; a) {\n  p = a\n  q = p\n  x' = x\n}\n"),
            "3:3: local 'q' is not used\n");
}

TEST(UnusedName, IsOncePerFieldHoweverManySolvesItHas) {
  const std::string solve = " = f {\nspan 0 to 1\ninit x = 1\n}\n";
  EXPECT_EQ(warningsOf("field f(t; x; a = 1) {\n  x' = x\n}\nsolve p" + solve + "solve q" + solve),
            "1:15: argument 'a' is not used\n");
}

TEST(UnusedName, IsNotSaidOfAFileWithErrors) {
  const std::string unused = "field f(t; x; rho) {\n  x' = x\n}\n";
  for (const char *rest : {"field g(t; y) {\n  y' = rh\n}\n", "field g(t; y) {\n  y' = 2y\n}\n",
                           "solve f {\nspan 0 to 1\ninit x = 1\n}\n", "preset p {\n  dt 0\n}\n"}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(checkSource("test.deq", unused + rest, diagnostics)) << rest;
    EXPECT_EQ(summary(diagnostics, Severity::warning), "") << rest;
  }
}

TEST(UnusedName, IsNotSaidOfImportedFiles) {
  FakeFiles files = {{"main.deq", "import \"f.deq\"\nfield g(t; y; b) {\n  y' = y\n}\n"},
                     {"f.deq", "field f(t; x; a) {\n  unused = 3\n  x' = x\n}\n"}};
  EXPECT_EQ(checkMain(files, Severity::warning), "main.deq:2:15: argument 'b' is not used\n");
}

TEST(UnusedName, IsSaidWhenASolveIsLoaded) {
  Diagnostics diagnostics;
  auto problem = loadProblem(
      "test.deq", "field f(t; x; a = 1) {\n  x' = x\n}\nsolve f {\nspan 0 to 1\ninit x = 1\n}\n",
      {}, diagnostics);
  EXPECT_TRUE(problem.has_value()) << "a warning is no error";
  EXPECT_EQ(summary(diagnostics, Severity::warning), "1:15: argument 'a' is not used\n");
}

TEST(CoarsePrecision, IsAWarningForTolerancesThatRoundingHides) {
  // 4 ulps: 8.9e-16 and 4.8e-7.
  EXPECT_EQ(warningsOf(decayWith("control pid(rtol = 8e-16)")),
            "7:20: rtol = 8e-16 is below what f64 resolves, about 9e-16; the steps will follow "
            "rounding errors\n");
  EXPECT_EQ(warningsOf(decayWith("control pid(rtol = 9e-16)")), "");
  EXPECT_EQ(warningsOf(decayWith("dtype f32\ncontrol pid(rtol = 4e-7)")),
            "8:20: rtol = 4e-07 is below what f32 resolves, about 5e-07; the steps will follow "
            "rounding errors; use dtype f64\n");
  EXPECT_EQ(warningsOf(decayWith("dtype f32\ncontrol pid(rtol = 5e-7)")), "");
  EXPECT_EQ(warningsOf(decayWith("control pid(rtol = 0)")), "") << "only absolute";
  EXPECT_EQ(warningsOf(decayWith("control constant(dt = 0.1)\ndtype f32")), "");
}

TEST(CoarsePrecision, NamesTheOption) {
  auto warnings = [](double rtol, const char *dtype) {
    Overrides o;
    o.rtol = rtol;
    o.dtype = dtype;
    Diagnostics diagnostics;
    EXPECT_TRUE(loadProblem("test.deq", decayWith("control pid(rtol = 1e-20)"), o, diagnostics));
    return summary(diagnostics, Severity::warning);
  };
  EXPECT_EQ(warnings(1e-8, "f32"), "--rtol: rtol = 1e-08 is below what f32 resolves, about 5e-07; "
                                   "the steps will follow rounding errors; use dtype f64\n");
  EXPECT_EQ(warnings(1e-8, "f64"), "");
}

TEST(CoarsePrecision, OfAPresetIsSaidOnce) {
  EXPECT_EQ(warningsOf("preset p {\n  control pid(rtol = 1e-16)\n}\n" + decayWith("preset p")),
            "2:22: rtol = 1e-16 is below what f64 resolves, about 9e-16; the steps will follow "
            "rounding errors\n");
}
