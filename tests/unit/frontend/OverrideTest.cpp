// Overrides of the command line: over a file, and over a solve that is compiled already.
// Every message must name the option, because its text has no place in a file.
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

std::string solveOf(const std::string &clauses) {
  return "field decay(t; x; k = 1) {\n  x' = -k*x\n}\nsolve decay {\n" + clauses + "\n}\n";
}
const std::string basic = "span 0 to 2\ninit x = 1\n";

} // namespace

TEST(Override, ValuesReplaceThoseOfTheBlock) {
  Overrides o;
  o.set = {{"x", "2 + 1"}, {"k", "1"}, {"k", "pi"}};
  o.from = 0.5;
  o.to = 4;
  o.rtol = 1e-3;
  o.atol = 1e-4;
  o.dt = 0.25;
  o.maxSteps = 7;
  o.method = "dopri5";
  o.dtype = "f32";
  o.stages = "unroll";
  o.save = "at [1, 2]";
  Problem p = load(solveOf(basic), o);
  EXPECT_EQ(p.values.y0, (Data{3}));
  EXPECT_EQ(p.values.arguments, (Data{3.141592653589793}));
  EXPECT_EQ(p.values.t0, 0.5);
  EXPECT_EQ(p.values.t1, 4);
  EXPECT_EQ(p.values.pid.rtol, 1e-3);
  EXPECT_EQ(p.values.pid.atol, 1e-4);
  EXPECT_EQ(p.values.dt, 0.25);
  EXPECT_EQ(p.values.max_steps, 7);
  EXPECT_EQ(p.signature.method, "dopri5");
  EXPECT_EQ(p.signature.dtype, DType::f32);
  EXPECT_EQ(p.signature.stages, "unroll");
  EXPECT_EQ(p.values.save.times, (Data{1, 2}));
}

TEST(Override, CanGiveWhatTheBlockLacks) {
  Overrides o;
  o.set = {{"x", "5"}};
  o.from = 0;
  o.to = 1;
  EXPECT_EQ(load(solveOf(""), o).values.y0, (Data{5}));
}

TEST(Override, StaticsChangeShapes) {
  Overrides o;
  o.set = {{"n", "3"}, {"u", "[i*n for i in 0..n]"}};
  Problem p = load("field f(t; u[n]; static n = 20) {\n u' = u*(n + 1)\n}\n"
                   "solve f {\nspan 0 to 1\ninit u = 0\nargs n = 5\n}",
                   o);
  EXPECT_EQ(p.values.y0, (Data{0, 3, 6}));
}

TEST(Override, ErrorsNameTheOption) {
  auto errors = [](auto change) {
    Overrides o;
    change(o);
    return errorsOf(solveOf(basic), o);
  };
  auto set = [&](const char *name, const char *text) {
    return errors([&](Overrides &o) { o.set = {{name, text}}; });
  };
  EXPECT_EQ(set("kk", "1"), "--set kk: unknown name 'kk'; did you mean 'k'?\n");
  EXPECT_EQ(set("t", "1"),
            "--set t: expected a state leaf, an argument or a static, 't' is the time\n");
  EXPECT_EQ(set("k", "2 +"), "--set k: expected an expression, got the end of the text\n");
  EXPECT_EQ(set("k", "2x"), "--set k: unexpected '2x'; a product is written '2*x'\n");
  EXPECT_EQ(set("k", "1 2"), "--set k: expected the end of the text, got '2'\n");
  EXPECT_EQ(set("k", "q"), "--set k: unknown name 'q'\n");
  EXPECT_EQ(set("x", "[1]"), "--set x: expected the shape of 'x', a scalar, got [1]\n");
  EXPECT_EQ(set("x", "[1, 2][2]"), "--set x: index 2 is out of range for an extent of 2\n");
  EXPECT_EQ(errors([](Overrides &o) {
              o.to = -1;
              o.save = "at [-0.5, 0]";
            }),
            "--save: expected strictly decreasing save times, got 0 after -0.5\n");
  EXPECT_EQ(errors([](Overrides &o) { o.from = NAN; }),
            "--from: expected a finite number, got nan\n");
  EXPECT_EQ(errors([](Overrides &o) { o.rtol = -1; }),
            "--rtol: expected rtol of at least 0, got -1\n");
  EXPECT_EQ(errors([](Overrides &o) { o.dt = 0; }), "--dt: expected a step above 0, got 0\n");
  EXPECT_EQ(errors([](Overrides &o) { o.maxSteps = 0; }),
            "--max-steps: expected an integer of at least 1, got 0\n");
  EXPECT_EQ(errors([](Overrides &o) { o.method = "rk5"; }),
            "--method: unknown method 'rk5'; did you mean 'rk4'?\n");
  EXPECT_EQ(
      errors([](Overrides &o) { o.method = "rk4"; }),
      "--method: method 'rk4' has no error estimate, pid control needs one; expected 'control "
      "constant(dt = ..)'\n");
  EXPECT_EQ(errors([](Overrides &o) { o.dtype = "f8"; }),
            "--dtype: expected 'f64', 'f32' or 'f32(time = f64)', got 'f8'\n");
  EXPECT_EQ(errors([](Overrides &o) { o.stages = "inline"; }),
            "--stages: expected 'auto', 'unroll', 'outline' or 'scan', got 'inline'\n");
  EXPECT_EQ(errors([](Overrides &o) { o.save = "every"; }),
            "--save: expected an expression, got the end of the text\n");
  EXPECT_EQ(errors([](Overrides &o) { o.save = "at [5]"; }),
            "--save: expected save times inside the span, got 5 outside of 0 to 2\n");
}

TEST(Override, OfACompiledSolveChangesValuesOnly) {
  Problem p = load("field f(t; q[2], x; k, m[2]) {\n q' = m*k\n x' = x\n}\nsolve f {\nspan 0 to 1\n"
                   "init q = 1, x = 2\nargs k = 3, m = 4\nsave every 0.5\n}");
  Diagnostics diagnostics;
  Values values = p.values;
  Overrides o;
  o.set = {{"x", "9"}, {"m", "[5, 6]"}};
  o.to = 3;
  o.save = "at [1, 3]";
  o.method = "tsit5";
  EXPECT_TRUE(applyOverrides(p.signature, o, values, diagnostics)) << summary(diagnostics);
  EXPECT_EQ(values.y0, (Data{1, 1, 9}));
  EXPECT_EQ(values.arguments, (Data{3, 5, 6}));
  EXPECT_EQ(values.t1, 3);
  EXPECT_EQ(values.save.times, (Data{1, 3}));

  values = p.values;
  o = {};
  o.set = {{"x", "7"}, {"mm", "1"}};
  o.method = "bosh3";
  o.save = "steps 3";
  EXPECT_FALSE(applyOverrides(p.signature, o, values, diagnostics));
  EXPECT_EQ(summary(diagnostics),
            "--method: expected 'tsit5', got 'bosh3'; it is part of the compiled code\n"
            "--set mm: unknown name 'mm'; did you mean 'm'?\n"
            "--save: expected a plan of the same kind; the kind is part of the compiled code\n");
  EXPECT_EQ(values.y0, p.values.y0) << "a refused change must change nothing";
}
