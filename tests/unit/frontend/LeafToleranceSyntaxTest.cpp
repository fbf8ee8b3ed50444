// Absolute tolerances per leaf: values in the order of the leaves, and every error.
// What they do to a solve is tested with the compiled code (tests/accuracy/LeafToleranceTest.cpp).
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

/// A solve whose control clause is line 7, from column 1.
std::string source(const std::string &options) {
  return "field f(t; x, u[2], q; k = 1) {\n  x' = -k*x\n  u' = -u\n  q' = -q\n}\nsolve f {\n"
         "control pid(" +
         options + ")\nspan 0 to 1\ninit x = 1, u = 2, q = 3\n}\n";
}
Overrides with(std::optional<double> rtol, std::optional<double> atol) {
  Overrides o;
  o.rtol = rtol;
  o.atol = atol;
  return o;
}

} // namespace

TEST(LeafTolerance, HasOneNumberPerLeafInTheOrderOfTheState) {
  Problem p = load(source("atol = {q: 3e-3, x: 1e-8, u: 2*1e-3}"));
  EXPECT_TRUE(p.signature.leaf_atol);
  EXPECT_EQ(p.values.leafAtol, (Data{1e-8, 2e-3, 3e-3}));
}

TEST(LeafTolerance, LeavesOutKeepTheCommonOne) {
  EXPECT_EQ(load(source("atol = {u: 1e-3}")).values.leafAtol, (Data{1e-9, 1e-3, 1e-9}));
  EXPECT_EQ(load(source("atol = {u: 0}")).values.leafAtol, (Data{1e-9, 0, 1e-9}));
}

TEST(LeafTolerance, OneNumberForAllIsNotPerLeaf) {
  Problem p = load(source("atol = 1e-3"));
  EXPECT_FALSE(p.signature.leaf_atol);
  EXPECT_TRUE(p.values.leafAtol.empty());
}

TEST(LeafTolerance, MayGoOverLines) {
  EXPECT_EQ(load(source("atol = {x: 1e-8,\n  u: 1e-3},\n  rtol = 1e-4")).values.pid.rtol, 1e-4);
  EXPECT_EQ(load(source("atol = {\n  x: 1e-8,\n  u: 1e-3\n}")).values.leafAtol,
            (Data{1e-8, 1e-3, 1e-9}));
}

TEST(LeafTolerance, TheOptionReplacesAllOfThem) {
  Problem p = load(source("atol = {x: 1e-8}"), with({}, 1e-4));
  EXPECT_FALSE(p.signature.leaf_atol);
  EXPECT_EQ(p.values.pid.atol, 1e-4);
  EXPECT_TRUE(p.values.leafAtol.empty());
  EXPECT_EQ(load(source("atol = {x: 1e-8}"), with(1e-3, {})).values.leafAtol,
            (Data{1e-8, 1e-9, 1e-9}));
}

TEST(LeafTolerance, OfACompiledSolveIsReplacedToo) {
  Problem p = load(source("atol = {x: 1e-8}"));
  Diagnostics diagnostics;
  Values values = p.values;
  EXPECT_TRUE(applyOverrides(p.signature, with({}, 1e-4), values, diagnostics));
  EXPECT_EQ(values.pid.atol, 1e-4);
  EXPECT_TRUE(values.leafAtol.empty());
  EXPECT_EQ(mismatch(p.signature, values), "");
}

TEST(LeafTolerance, ReportsEveryError) {
  const std::pair<const char *, const char *> rows[] = {
      {"atol = {z: 1, xx: 1}", "7:21: 'z' is no leaf of the state\n"
                               "7:27: 'xx' is no leaf of the state; did you mean 'x'?\n"},
      {"atol = {k: 1}", "7:21: 'k' is no leaf of the state\n"},
      {"atol = {t: 1}", "7:21: 't' is no leaf of the state\n"},
      {"atol = {x: 1, u: 2, x: 3}", "7:33: 'x' is given twice\nnote 7:21: first given here\n"},
      {"atol = {x: -1}", "7:24: expected atol of at least 0, got -1\n"},
      {"atol = {x: 1/0}", "7:24: expected a finite number, got inf\n"},
      {"atol = {u: [1, 2]}", "7:24: expected a number, got an array of shape [2]\n"},
      {"atol = {x: k}", "7:24: 'k' is an argument, only statics have a value here; write a "
                        "number\nnote 1:24: declared here\n"},
      {"atol = {}", "7:21: expected the name of a leaf, got '}'\n"},
      {"atol = {x}", "7:22: expected ':', got '}'\n"},
      {"atol = {x = 1}", "7:23: expected ':', got '='\n"},
      {"atol = {1: 1}", "7:21: expected the name of a leaf, got '1'\n"},
      {"atol = {x: 1 u: 2}", "7:26: expected '}', got 'u'\n"},
      {"rtol = {x: 1}",
       "7:20: expected a number, got values per leaf; only 'atol' and 'weights' take those\n"},
      {"atol = 1, atol = {x: 1}", "7:23: 'atol' is given twice\nnote 7:13: first given here\n"},
      {"rtol = 0, atol = {x: 0, u: 1}",
       "7:30: expected rtol or atol above 0, got 0 for both of 'x'\n"},
  };
  for (const auto &[options, errors] : rows)
    EXPECT_EQ(errorsOf(source(options)), errors) << options;
}

TEST(LeafTolerance, BelongsToNoOtherPlace) {
  EXPECT_EQ(errorsOf("field f(t; x) {\n  x' = x\n}\nsolve f {\nspan 0 to 1\ninit x = 1\n"
                     "control constant(dt = {x: 1})\n}\n"),
            "7:23: expected a number, got values per leaf; only 'atol' and 'weights' take those\n");
}

TEST(LeafTolerance, ZeroForALeafNeedsARelativeOne) {
  EXPECT_EQ(errorsOf(source("rtol = 0, atol = {x: 0, u: 1, q: 1}"), with(1e-3, {})), "");
  EXPECT_EQ(errorsOf(source("atol = {x: 0}"), with(0, {})),
            "7:20: expected rtol or atol above 0, got 0 for both of 'x'\n");
}
