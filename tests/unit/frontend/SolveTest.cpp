// Solve blocks: defaults, values, overrides, and every error of them; and that all examples load.
// Values are compared with what the text says, signatures with what the method's tableau says.
#include "Support.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

const std::string decay = "field decay(t; x; k = 1) {\n  x' = -k*x\n}\n";

/// A solve of `decay` with a span, an initial value and more clauses, from line 4 on.
std::string solveOf(const std::string &clauses) {
  return decay + "solve decay {\n" + clauses + "\n}\n";
}
const std::string basic = "span 0 to 2\ninit x = 1\n";

struct Row {
  const char *text;
  const char *errors;
};

} // namespace

TEST(Solve, HasTheDefaultsOfTheLanguage) {
  Problem p = load(solveOf(basic));
  const Signature &s = p.signature;
  EXPECT_EQ(s.solve, "decay");
  EXPECT_EQ(s.field, "decay");
  EXPECT_EQ(s.dtype, DType::f64);
  EXPECT_EQ(s.method, "tsit5");
  EXPECT_EQ(s.control, "pid");
  EXPECT_EQ(s.norm, "rms");
  EXPECT_EQ(s.stages, "auto");
  EXPECT_EQ(s.save, SaveKind::end);
  EXPECT_EQ(s.error_order, 5);
  EXPECT_EQ(s.evaluations_per_step, 6);
  EXPECT_EQ(s.evaluations_at_start, 1);
  const Values &v = p.values;
  EXPECT_EQ(v.t0, 0);
  EXPECT_EQ(v.t1, 2);
  EXPECT_EQ(v.dt, 0);
  EXPECT_EQ(v.max_steps, 1000000);
  EXPECT_EQ(v.pid.rtol, 1e-6);
  EXPECT_EQ(v.pid.atol, 1e-9);
  EXPECT_EQ(v.y0, (Data{1}));
  EXPECT_EQ(v.arguments, (Data{1}));
}

TEST(Solve, ReadsEveryClause) {
  Problem p = load(solveOf("span -1 to 2*pi\ninit x = 3\nargs k = 8/3\nmethod rk4\n"
                           "control constant(dt = 0.5)\nmax_steps 10^4\ndtype f32\nstages scan\n"
                           "save at [0, 1 + 1]"));
  EXPECT_EQ(p.values.t0, -1);
  EXPECT_EQ(p.values.t1, 2 * 3.141592653589793);
  EXPECT_EQ(p.values.arguments, (Data{8.0 / 3}));
  EXPECT_EQ(p.signature.control, "constant");
  EXPECT_EQ(p.values.dt, 0.5);
  EXPECT_EQ(p.values.max_steps, 10000);
  EXPECT_EQ(p.signature.dtype, DType::f32);
  EXPECT_EQ(p.signature.stages, "scan");
  EXPECT_EQ(p.signature.save, SaveKind::times);
  EXPECT_EQ(p.values.save.times, (Data{0, 2}));
  EXPECT_EQ(p.signature.evaluations_per_step, 4);
  EXPECT_EQ(p.signature.evaluations_at_start, 0);
  EXPECT_EQ(p.signature.error_order, 4);
}

TEST(Solve, ReadsThePidOptions) {
  Problem p =
      load(solveOf(basic + "control pid(rtol = 1e-3, atol = 0, pcoeff = 0.4, icoeff = 0.3,\n"
                           "  dcoeff = 0.1, safety = 0.8, factor_min = 0.1, factor_max = 5,\n"
                           "  dt_min = 1e-9, dt_max = 1, force_dt_min = false, norm = rms)\n"
                           "dt 0.1"));
  const PidOptions &pid = p.values.pid;
  EXPECT_EQ(pid.rtol, 1e-3);
  EXPECT_EQ(pid.atol, 0);
  EXPECT_EQ(pid.pcoeff, 0.4);
  EXPECT_EQ(pid.icoeff, 0.3);
  EXPECT_EQ(pid.dcoeff, 0.1);
  EXPECT_EQ(pid.safety, 0.8);
  EXPECT_EQ(pid.factor_min, 0.1);
  EXPECT_EQ(pid.factor_max, 5);
  EXPECT_EQ(pid.dt_min, 1e-9);
  EXPECT_EQ(pid.dt_max, 1);
  EXPECT_FALSE(pid.force_dt_min);
  EXPECT_EQ(p.values.dt, 0.1);
}

TEST(Solve, SavePlansHaveTheirKinds) {
  auto plan = [](const std::string &text) { return load(solveOf(basic + "save " + text)); };
  EXPECT_EQ(plan("start").values.save.kind, SavePlan::Kind::start);
  EXPECT_EQ(plan("start").signature.save, SaveKind::end);
  EXPECT_EQ(plan("end").values.save.kind, SavePlan::Kind::end);
  EXPECT_EQ(plan("every 0.5").values.save.h, 0.5);
  EXPECT_EQ(plan("every 0.5").signature.save, SaveKind::times);
  EXPECT_EQ(plan("steps 5").values.save.n, 5);
  EXPECT_EQ(plan("steps 5").signature.save, SaveKind::steps);
}

TEST(Solve, GivesStaticsByBlockDefaultAndShape) {
  const std::string field = "field f(t; u[n], w[n,m]; a[m], b = 2; static n, static m = n + 1) {\n"
                            "  u' = w @ a\n  w' = w\n}\n";
  Problem p =
      load(field + "solve f {\nspan 0 to 1\ninit u = [1, 2], w = 7\nargs a = [i for i in 0..m]\n}");
  EXPECT_EQ(p.field.state[0].shape, (Shape{2}));
  EXPECT_EQ(p.field.state[1].shape, (Shape{2, 3}));
  EXPECT_EQ(p.values.y0, (Data{1, 2, 7, 7, 7, 7, 7, 7}));
  EXPECT_EQ(p.values.arguments, (Data{0, 1, 2, 2}));
  p = load(field + "solve f {\nspan 0 to 1\ninit u = 0, w = 0\nargs a = 0, n = 2*2, m = 3\n}");
  EXPECT_EQ(p.field.state[1].shape, (Shape{4, 3}));
}

TEST(Solve, LargeArgumentsGoToMemory) {
  Problem p = load("field f(t; x; a[16], b[17]) {\n x' = sum(a) + sum(b)\n}\n"
                   "solve f {\nspan 0 to 1\ninit x = 0\nargs a = 1, b = 2\n}");
  EXPECT_EQ(p.signature.arguments[0].kind, ArgumentKind::uniform);
  EXPECT_EQ(p.signature.arguments[1].kind, ArgumentKind::memory);
}

TEST(Solve, CountsLiterals) {
  Problem p = load("field f(t; x) {\n x' = 2*x + 3*x^2\n}\nsolve f {\nspan 0 to 1\ninit x = 4\n}");
  EXPECT_EQ(p.signature.literals, 2);
  EXPECT_EQ(p.values.literals, (Data{2, 3}));
}

TEST(Solve, IsChosenByName) {
  const std::string text = decay + "solve a = decay {\nspan 0 to 1\ninit x = 1\n}\n"
                                   "solve b = decay {\nspan 0 to 2\ninit x = 2\n}\n";
  EXPECT_EQ(errorsOf(text, Overrides{}), "several solves, choose one of 'a', 'b' with --solve\n");
  Overrides overrides;
  overrides.solve = "b";
  EXPECT_EQ(load(text, overrides).values.y0, (Data{2}));
  EXPECT_EQ(load(text, overrides).signature.solve, "b");
  overrides.solve = "bb";
  EXPECT_EQ(errorsOf(text, overrides),
            "--solve: unknown solve 'bb', expected one of 'a', 'b'; did you mean 'b'?\n");
  EXPECT_EQ(errorsOf(decay, Overrides{}),
            "no solve in this file, expected a block 'solve FIELD {..}'\n");
}

TEST(Solve, ReportsEveryErrorOfTheBlock) {
  const Row rows[] = {
      {"init x = 1", "4:7: no span for solve 'decay', expected 'span t0 to t1'\n"},
      {"span 0 to 1", "4:7: no initial value for 'x'\nnote 1:16: declared here\n"},
      {"span -1e308 to 1e308\ninit x = 1", "5:1: expected a span of finite length\n"},
      {"span 0 to 1/0\ninit x = 1", "5:11: expected a finite number, got inf\n"},
      {"span 0 to [1]\ninit x = 1", "5:11: expected a number, got an array of shape [1]\n"},
      {"span 0 to k\ninit x = 1",
       "5:11: 'k' is an argument, only statics have a value here; write a number\n"
       "note 1:19: declared here\n"},
      {"span 0 1\ninit x = 1", "5:8: expected 'to', got '1'\n"},
      {"span 0 to 1\nspan 0 to 2\ninit x = 1",
       "6:1: 'span' is given twice\nnote 5:1: first given here\n"},
      {"span 0 to 1\ninit x = [1, 2]", "6:10: expected the shape of 'x', a scalar, got [2]\n"},
      {"span 0 to 1\ninit x = 0/0", "6:10: expected finite initial values of 'x', got nan\n"},
      {"span 0 to 1\ninit x = 1, x = 2", "6:13: 'x' is given twice\nnote 6:6: first given here\n"},
      {"span 0 to 1\ninit x = 1, xx = 2", "6:13: unknown name 'xx', expected a state leaf; did you "
                                          "mean 'x'?\n"},
      {"span 0 to 1\ninit x = 1, k = 2",
       "6:13: expected a state leaf, 'k' is an argument; its value "
       "belongs to 'args'\nnote 1:19: declared here\n"},
      {"span 0 to 1\ninit x = 1\nargs t = 2",
       "7:6: expected an argument or a static, 't' is the time\n"
       "note 1:13: declared here\n"},
      {"span 0 to 1\ninit x = file(\"x.npy\")",
       "6:15: cannot read 'x.npy': files cannot be read here\n"},
  };
  for (const Row &row : rows)
    EXPECT_EQ(errorsOf(solveOf(row.text)), row.errors) << row.text;
}

TEST(Solve, ReportsEveryErrorOfItsOptions) {
  const Row rows[] = {
      {"metod tsit5", "7:1: expected a clause of a solve, got 'metod'; did you mean 'method'?\n"},
      {"method tsit6", "7:8: unknown method 'tsit6'; did you mean 'tsit5'?\n"},
      {"method rk4", "7:8: method 'rk4' has no error estimate, pid control needs one; expected "
                     "'control constant(dt = ..)'\n"},
      {"method { order = 2 }", "7:1: method 'unnamed' has no 'c'\n"},
      {"control pdi",
       "7:9: expected 'pid', 'constant' or 'step_to', got 'pdi'; did you mean 'pid'?\n"},
      {"control pid(rtoll = 1)", "7:13: 'pid' has no option 'rtoll'; did you mean 'rtol'?\n"},
      {"control pid(rtol = 1, rtol = 1)",
       "7:23: 'rtol' is given twice\nnote 7:13: first given here\n"},
      {"control pid(rtol = -1)", "7:20: expected rtol of at least 0, got -1\n"},
      {"control pid(atol = -1)", "7:20: expected atol of at least 0, got -1\n"},
      {"control pid(rtol = 0, atol = 0)", "7:20: expected rtol or atol above 0, got 0 for both\n"},
      {"control pid(safety = 2)", "7:22: expected safety in 0 to 1, got 2\n"},
      {"control pid(factor_min = 1)", "7:26: expected factor_min between 0 and 1, got 1\n"},
      {"control pid(factor_max = 1)", "7:26: expected factor_max above 1, got 1\n"},
      {"control pid(dt_min = 2, dt_max = 1)",
       "7:22: expected dt_min of at most dt_max, got 2 and 1\n"},
      {"control pid(norm = euclid)", "7:20: expected 'rms' or 'max', got 'euclid'\n"},
      {"control pid(error_order = 0.5)", "7:27: expected an order from 1 to 1000, got 0.5\n"},
      {"control pid(norm = l2)", "7:20: expected 'rms' or 'max', got 'l2'\n"},
      {"control pid(force_dt_min = 1)", "7:28: expected 'true' or 'false'\n"},
      {"control constant", "7:9: constant control needs a step, expected 'constant(dt = ..)'\n"},
      {"control constant(h = 1)",
       "7:9: constant control needs a step, expected 'constant(dt = ..)'\n"
       "7:18: 'constant' has no option 'h'\n"},
      {"dt 1\ncontrol constant(dt = 1)", "8:18: 'dt' is given twice\nnote 7:1: first given here\n"},
      {"dt 0", "7:4: expected a step above 0, got 0\n"},
      {"max_steps 0", "7:11: expected an integer of at least 1, got 0\n"},
      {"max_steps 1.5", "7:11: expected an integer of at least 1, got 1.5\n"},
      {"dtype f16", "7:7: expected 'f64', 'f32' or 'f32(time = f64)', got 'f16'\n"},
      {"dtype f32(time = f32)",
       "7:7: expected 'f64', 'f32' or 'f32(time = f64)', got 'f32(time=f32)'\n"},
      {"dtype f64(time = f64)",
       "7:7: expected 'f64', 'f32' or 'f32(time = f64)', got 'f64(time=f64)'\n"},
      {"dtype f32(state = f64)",
       "7:7: expected 'f64', 'f32' or 'f32(time = f64)', got 'f32(state=f64)'\n"},
      {"dtype f32()", "7:11: expected 'time', got ')'\n"},
      {"dtype f32(f64)", "7:14: expected '=', got ')'\n"},
      {"dtype f32(time = 64)", "7:18: expected 'f64', got '64'\n"},
      {"dtype f32(time = f64", "8:1: expected ')', got '}'\n"},
      {"dtype f32(time = f64)\ndtype f64",
       "8:1: 'dtype' is given twice\nnote 7:7: first given here\n"},
      {"stages inline", "7:8: expected 'auto', 'unroll', 'outline' or 'scan', got 'inline'\n"},
      {"stages all", "7:8: expected 'auto', 'unroll', 'outline' or 'scan', got 'all'\n"},
      {"stop when w > 1", "7:11: unknown name 'w'\n"},
      {"stop when [x, x]", "7:11: expected a scalar, got shape [2]\n"},
      {"stop when x > 1, direction = up",
       "7:13: expected a number that crosses zero, since a direction is given, got a condition\n"},
      {"stop when x, direction = 1", "7:26: expected 'up', 'down' or 'any'\n"},
      {"stop when x, tolerance = -1", "7:26: expected tolerance of at least 0, got -1\n"},
      {"stop when x, tol = 1", "7:14: 'stop' has no option 'tol'\n"},
      {"stop a when x\nstop a when x > 1",
       "8:6: event 'a' is defined twice\nnote 7:6: first defined here\n"},
      {"stop x > 1", "7:8: expected 'when', got '>'\n"},
  };
  for (const Row &row : rows)
    EXPECT_EQ(errorsOf(solveOf(basic + row.text)), row.errors) << row.text;
}

TEST(Solve, ReadsThePrecisionOfTime) {
  for (const char *text : {"dtype f32(time = f64)", "dtype f32 ( time=f64 )"}) {
    EXPECT_EQ(load(solveOf(basic + text)).signature.dtype, DType::f32_time_f64) << text;
    Overrides overrides;
    overrides.dtype = "f32";
    EXPECT_EQ(load(solveOf(basic + text), overrides).signature.dtype, DType::f32) << text;
  }
  Overrides overrides;
  overrides.dtype = "f32(time = f64)";
  EXPECT_EQ(load(solveOf(basic), overrides).signature.dtype, DType::f32_time_f64);
  overrides.dtype = "f32(time = f32)";
  EXPECT_EQ(errorsOf(solveOf(basic), overrides),
            "--dtype: expected 'f64', 'f32' or 'f32(time = f64)', got 'f32(time = f32)'\n");
}

TEST(Solve, ReadsTheTimesAtWhichStepsEnd) {
  const Problem none = load(solveOf(basic));
  EXPECT_FALSE(none.signature.clip);
  // Times outside of the span are no error: a list may serve many spans.
  const Problem p = load(solveOf(basic + "step_at [i/2 for i in 0..3]\njump_at [-1, 1.5, 100]"));
  EXPECT_TRUE(p.signature.clip);
  EXPECT_EQ(p.values.step_at, (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(p.values.jump_at, (std::vector<double>{-1, 1.5, 100}));
}

TEST(Solve, ReportsEveryErrorOfItsTimesAtWhichStepsEnd) {
  const Row rows[] = {
      {"step_at 1", "7:9: expected a list of times, got a scalar\n"},
      {"jump_at [[1, 2]]", "7:9: expected a list of times, got [1,2]\n"},
      {"jump_at [0, 1, 1]", "7:9: expected strictly increasing times, got 1 after 1\n"},
      {"step_at [1, 0.5, 0.7]", "7:9: expected strictly decreasing times, got 0.7 after 0.5\n"},
      {"step_at [1, 0/0]", "7:9: expected finite times, got nan\n"},
      {"jump_at [1/0]", "7:9: expected finite times, got inf\n"},
      {"jump_at [x]",
       "7:10: 'x' is a state leaf, only statics have a value here; write a number\nnote 1:16: "
       "declared here\n"},
      {"step_at [1]\nstep_at [2]", "8:1: 'step_at' is given twice\nnote 7:1: first given here\n"},
      {"jump_at [1]\njump_at [2]", "8:1: 'jump_at' is given twice\nnote 7:1: first given here\n"},
      {"step_at when [1]", "7:9: unknown name 'when'\n"},
  };
  for (const Row &row : rows)
    EXPECT_EQ(errorsOf(solveOf(basic + row.text)), row.errors) << row.text;
}

TEST(Solve, ReportsEveryErrorOfItsSavePlan) {
  const Row rows[] = {
      {"save evry 1",
       "7:6: expected a save plan (start, end, every, at, steps, dense), got 'evry'; did "
       "you mean 'every'?\n"},
      {"save every 0", "7:12: expected a positive time between rows, got 0\n"},
      {"save every 1e-12", "7:12: expected at most 100000000 rows, got a row every 1e-12\n"},
      {"save every 1/0", "7:12: expected a finite number, got inf\n"},
      {"save at 1", "7:9: expected a list of times, got a scalar\n"},
      {"save at [0, 1, 1]", "7:9: expected strictly increasing save times, got 1 after 1\n"},
      {"save at [0, 3]", "7:9: expected save times inside the span, got 3 outside of 0 to 2\n"},
      {"save steps 0", "7:12: expected an integer of at least 1, got 0\n"},
      {"save every 1: x, r = w^2", "7:22: unknown name 'w'\n"},
      {"save end: x = x^2", "7:11: 'x' is already the name of a state leaf\n"},
      {"save end: r = x, r = 2*x", "7:18: 'r' is given twice\nnote 7:11: first given here\n"},
      {"save end: r = x > 1", "7:17: expected a number, got a condition\n"},
      {"save end: y", "7:11: 'y' is no leaf of the state\n"},
      {"save end: x, x", "7:14: 'x' is given twice\nnote 7:11: first given here\n"},
      {"save end:", "8:1: expected a leaf or 'name = expression', got '}'\n"},
      {"save a = at [3]", "7:13: expected save times inside the span, got 3 outside of 0 to 2\n"},
      {"save a = every 0\nsave b = steps 0", "7:16: expected a positive time between rows, got "
                                             "0\n8:16: expected an integer of at least 1, "
                                             "got 0\n"},
      {"save a = end\nsave a = start",
       "8:6: save plan 'a' is given twice\nnote 7:6: first given here\n"},
      {"save a = sometimes",
       "7:10: expected a save plan (start, end, every, at, steps, dense), got 'sometimes'\n"},
      {"save end\nsave start", "8:1: 'save' is given twice\nnote 7:1: first given here\n"},
  };
  for (const Row &row : rows)
    EXPECT_EQ(errorsOf(solveOf(basic + row.text)), row.errors) << row.text;
}

TEST(Solve, ReportsUnknownFieldsAndStatics) {
  EXPECT_EQ(errorsOf(decay + "solve a = decy {\n}\n"),
            "4:11: unknown field 'decy'; did you mean 'decay'?\n");
  EXPECT_EQ(errorsOf(decay + "solve decay {\n" + basic + "}\nsolve decay {\n" + basic + "}\n"),
            "8:7: solve 'decay' is defined twice\nnote 4:7: first defined here\n");
  EXPECT_EQ(
      errorsOf("field f(t; x; a; static n) {\n x' = x^n\n}\nsolve f {\nspan 0 to 1\ninit x = 1\n"
               "args a = 1\n}"),
      "4:7: no value for static 'n', expected one in 'args' or an initial value that shows its "
      "extent\nnote 1:25: declared here\n");
  EXPECT_EQ(errorsOf("field f(t; x; a) {\n x' = x\n}\nsolve f {\nspan 0 to 1\ninit x = 1\n}"),
            "4:7: no value for argument 'a'\nnote 1:15: declared here\n");
}

TEST(Solve, ErrorsOfAllSectionsComeInTheOrderOfTheText) {
  EXPECT_EQ(errorsOf("field f(t; x; rho) {\n  x' = rh*x\n  a = 2x\n}\nsolve f {\n  span 0 to 1\n  "
                     "init x = 1, z = 2\n"
                     "  method tsit6\n}\n"),
            "2:8: unknown name 'rh'; did you mean 'rho'?\n"
            "3:7: unexpected '2x'; a product is written '2*x'\n"
            "7:15: unknown name 'z', expected a state leaf\n"
            "8:10: unknown method 'tsit6'; did you mean 'tsit5'?\n");
}

TEST(Examples, AllLoad) {
  namespace fs = std::filesystem;
  fs::path folder = DEQ_EXAMPLES;
  int count = 0;
  for (const auto &entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".deq")
      continue;
    ++count;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    Problem p = load(text.str());
    EXPECT_EQ(p.signature.solve, entry.path().stem().string());
    Point point{p.values.t0, p.values.y0, p.values.arguments};
    for (NodeId derivative : p.field.derivatives)
      for (double slope : evaluate(p.field, derivative, point).data)
        EXPECT_TRUE(std::isfinite(slope)) << entry.path();
  }
  EXPECT_GE(count, 10);
}
