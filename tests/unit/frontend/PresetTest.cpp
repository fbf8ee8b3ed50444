// Presets: which block of a chain decides a clause, how options merge, and every error.
// A replaced clause is always given a value that would show if it were taken.
#include "FakeFiles.h"

#include "compiler/Frontend/Presets.h"

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

/// A solve of a field x[2], u with a span and initial values. Presets come before it.
std::string source(const std::string &presets, const std::string &clauses) {
  return presets +
         "field f(t; x[2], u) {\n  x' = -x\n  u' = -u\n}\nsolve f {\nspan 0 to 4\n"
         "init x = 1, u = 1\n" +
         clauses + "\n}\n";
}
Problem solveWith(const std::string &presets, const std::string &clauses,
                  const Overrides &overrides = {}) {
  return load(source(presets, clauses), overrides);
}
const std::string all = "preset all {\n  method bosh3\n  control pid(rtol = 1e-3, safety = 0.8)\n"
                        "  dt 0.25\n  max_steps 77\n  dtype f32\n  stages scan\n  save every 0.5\n"
                        "  step_at [1, 2]\n  jump_at [3]\n}\n";

} // namespace

TEST(Preset, GivesEveryClauseThatASolveLeavesOut) {
  Problem p = solveWith(all, "preset all");
  EXPECT_EQ(p.signature.method, "bosh3");
  EXPECT_EQ(p.signature.error_order, 3);
  EXPECT_EQ(p.values.pid.rtol, 1e-3);
  EXPECT_EQ(p.values.pid.safety, 0.8);
  EXPECT_EQ(p.values.pid.atol, 1e-9) << "the default";
  EXPECT_EQ(p.values.dt, 0.25);
  EXPECT_EQ(p.values.max_steps, 77);
  EXPECT_EQ(p.signature.dtype, DType::f32);
  EXPECT_EQ(p.signature.stages, "scan");
  EXPECT_EQ(p.values.save.kind, SavePlan::Kind::every);
  EXPECT_EQ(p.values.save.h, 0.5);
  EXPECT_EQ(p.values.step_at, (Data{1, 2}));
  EXPECT_EQ(p.values.jump_at, (Data{3}));
  EXPECT_TRUE(p.signature.clip);
}

TEST(Preset, ClausesOfTheSolveReplaceItsOwnWhereverTheyStand) {
  for (const char *order : {"first", "last"}) {
    std::string clauses = "method dopri5\ndt 0.5\nmax_steps 5\ndtype f64\nstages unroll\n"
                          "save end\nstep_at [0.5]\njump_at [1.5, 2.5]";
    Problem p = solveWith(all, order == std::string("first") ? "preset all\n" + clauses
                                                             : clauses + "\npreset all");
    EXPECT_EQ(p.signature.method, "dopri5") << order;
    EXPECT_EQ(p.values.dt, 0.5);
    EXPECT_EQ(p.values.max_steps, 5);
    EXPECT_EQ(p.signature.dtype, DType::f64);
    EXPECT_EQ(p.signature.stages, "unroll");
    EXPECT_EQ(p.values.save.kind, SavePlan::Kind::end);
    EXPECT_EQ(p.values.step_at, (Data{0.5})) << "lists are not joined";
    EXPECT_EQ(p.values.jump_at, (Data{1.5, 2.5}));
    EXPECT_EQ(p.values.pid.rtol, 1e-3) << "not replaced";
  }
}

TEST(Preset, OptionsOfTheSameControllerMergeOneByOne) {
  Problem p = solveWith(all, "preset all\ncontrol pid(safety = 0.7, atol = 1e-4, norm = max)");
  EXPECT_EQ(p.values.pid.rtol, 1e-3);
  EXPECT_EQ(p.values.pid.safety, 0.7);
  EXPECT_EQ(p.values.pid.atol, 1e-4);
  EXPECT_EQ(p.signature.norm, "max");
  p = solveWith("preset p {\n  control pid(norm = max, error_order = 7, force_dt_min = false)\n}\n",
                "preset p\ncontrol pid(rtol = 1e-4)");
  EXPECT_EQ(p.signature.norm, "max");
  EXPECT_EQ(p.signature.error_order, 7);
  EXPECT_FALSE(p.values.pid.force_dt_min);
  EXPECT_EQ(solveWith(all, "preset all\ncontrol pid").values.pid.rtol, 1e-3);
}

TEST(Preset, OptionsOfAnotherControllerAreNoneOfItsOwn) {
  Problem p = solveWith("preset p {\n  control constant(dt = 0.5)\n}\n", "preset p\ncontrol pid");
  EXPECT_EQ(p.signature.control, "pid");
  EXPECT_EQ(p.values.dt, 0) << "automatic";
  p = solveWith("preset p {\n  control pid(rtol = 0.5)\n}\n", "preset p\ncontrol constant(dt = 1)");
  EXPECT_EQ(p.signature.control, "constant");
  EXPECT_EQ(p.values.dt, 1);
}

TEST(Preset, TheStepOfTheSolveReplacesItsOwnHoweverSpelled) {
  EXPECT_EQ(
      solveWith("preset p {\n  dt 0.5\n}\n", "preset p\ncontrol constant(dt = 0.1)").values.dt,
      0.1);
  EXPECT_EQ(
      solveWith("preset p {\n  control constant(dt = 0.5)\n}\n", "preset p\ndt 0.1").values.dt,
      0.1);
  EXPECT_EQ(solveWith("preset p {\n  dt 0.5\n}\n", "preset p\ncontrol constant").values.dt, 0.5);
  EXPECT_EQ(solveWith("preset p {\n  dt 0.5\n}\n", "preset p\ndt auto").values.dt, 0);
  EXPECT_EQ(errorsOf(source("preset p {\n  control constant(dt = 0.5)\n}\n", "preset p\ndt auto")),
            "2:11: constant control needs a step, expected 'constant(dt = ..)'\n");
}

TEST(Preset, ChainsGoFromTheSolveDown) {
  const std::string presets =
      "preset a {\n  preset b\n  control pid(rtol = 1e-2)\n  dt 1\n}\n"
      "preset b {\n  method bosh3\n  control pid(rtol = 1e-3, atol = 1e-3)\n"
      "  dt 2\n  preset c\n}\n"
      "preset c {\n  method heun\n  max_steps 9\n"
      "  control pid(atol = 1e-4, safety = 0.5)\n}\n";
  Problem p = solveWith(presets, "preset a\nmax_steps 8");
  EXPECT_EQ(p.signature.method, "bosh3");
  EXPECT_EQ(p.values.pid.rtol, 1e-2);
  EXPECT_EQ(p.values.pid.atol, 1e-3);
  EXPECT_EQ(p.values.pid.safety, 0.5);
  EXPECT_EQ(p.values.dt, 1);
  EXPECT_EQ(p.values.max_steps, 8);
}

TEST(Preset, AnOptionReplacesTheOneOfTheSolve) {
  Overrides o;
  o.preset = "b";
  const std::string presets = "preset a {\n  method bosh3\n  max_steps 3\n}\n"
                              "preset b {\n  dtype f32\n  max_steps 4\n  method heun\n}\n";
  Problem p = solveWith(presets, "preset a\nmethod dopri5", o);
  EXPECT_EQ(p.values.max_steps, 4);
  EXPECT_EQ(p.signature.dtype, DType::f32);
  EXPECT_EQ(p.signature.method, "dopri5") << "the solve goes before its preset";
  EXPECT_EQ(solveWith(presets, "", o).signature.method, "heun");
  o.method = "tsit5";
  o.rtol = 1e-2;
  EXPECT_EQ(solveWith(presets, "", o).signature.method, "tsit5") << "options go before all";
  o = {};
  o.preset = "scipy_rk45";
  EXPECT_EQ(solveWith(presets, "preset a", o).signature.method, "dopri5");
  o.preset = "bb";
  EXPECT_EQ(errorsOf(source(presets, "preset a"), o),
            "--preset: unknown preset 'bb'; did you mean 'b'?\n");
}

TEST(Preset, AnUnknownOneIsAnErrorWhereItIsNamed) {
  EXPECT_EQ(errorsOf(source("", "preset jula")),
            "8:8: unknown preset 'jula'; did you mean 'julia'?\n");
  EXPECT_EQ(errorsOf(source("preset a {\n  preset qqqq\n}\n", "preset a")),
            "2:10: unknown preset 'qqqq'\n");
}

TEST(Preset, CyclesAreErrors) {
  EXPECT_EQ(errorsOf(source("preset a {\n  preset a\n}\n", "preset a")),
            "2:10: preset 'a' depends on itself\n");
  EXPECT_EQ(errorsOf(source("preset a {\n  preset b\n}\npreset b {\n  preset a\n}\n", "preset a"),
                     Overrides{}),
            "5:10: preset 'a' depends on itself\n");
}

TEST(Preset, HasNoSpanAndNoValuesOfAField) {
  EXPECT_EQ(errorsOf("preset p {\n  span 0 to 1\n  init x = 1\n  args k = 2\n  dt 1\n}\n"),
            "2:3: a preset has no 'span'; it belongs to a solve\n"
            "3:3: a preset has no 'init'; it belongs to a solve\n"
            "4:3: a preset has no 'args'; it belongs to a solve\n");
}

TEST(Preset, ReportsTheErrorsOfItsClausesOnceHoweverOftenItIsUsed) {
  const std::string preset = "preset p {\n  method tsit6\n  control pid(rtoll = 1, rtol = -1)\n"
                             "  dtype f8\n  save evry 1\n  dt 0\n  dt 1\n}\n";
  const std::string expected =
      "2:10: unknown method 'tsit6'; did you mean 'tsit5'?\n"
      "3:15: 'pid' has no option 'rtoll'; did you mean 'rtol'?\n"
      "3:33: expected rtol of at least 0, got -1\n"
      "4:9: expected 'f64', 'f32' or 'f32(time = f64)', got 'f8'\n"
      "5:8: expected a save plan (start, end, every, at, steps, dense), got "
      "'evry'; did you mean 'every'?\n"
      "7:3: 'dt' is given twice\nnote 6:3: first given here\n";
  std::string found = errorsOf(preset);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(errorsOf(source(
                preset, "preset p\n}\nsolve g = f {\nspan 0 to 1\ninit x = 1, u = 2\npreset p")),
            expected);
}

TEST(Preset, ByItselfMayLackWhatItsSolveGives) {
  EXPECT_EQ(errorsOf("preset p {\n  method rk4\n}\npreset q {\n  control constant\n}\n"), "");
  Problem p = solveWith("preset p {\n  method rk4\n}\n", "preset p\ncontrol constant(dt = 0.1)");
  EXPECT_EQ(p.signature.method, "rk4");
  EXPECT_EQ(errorsOf(source("preset p {\n  method rk4\n}\n", "preset p")),
            "2:10: method 'rk4' has no error estimate, pid control needs one; expected 'control "
            "constant(dt = ..)'\n");
  EXPECT_EQ(errorsOf("preset p {\n  method rk4\n  control pid\n}\n"),
            "2:10: method 'rk4' has no error estimate, pid control needs one; expected 'control "
            "constant(dt = ..)'\n");
  EXPECT_EQ(errorsOf(source("preset q {\n  control constant\n}\n", "preset q")),
            "2:11: constant control needs a step, expected 'constant(dt = ..)'\n");
}

TEST(Preset, IsDefinedOnceAndNamedOncePerBlock) {
  EXPECT_EQ(errorsOf("preset p {\n}\npreset p {\n}\n"),
            "3:8: preset 'p' is defined twice\nnote 1:8: first defined here\n");
  EXPECT_EQ(errorsOf(source("preset p {\n}\n", "preset p\npreset p")),
            "11:1: 'preset' is given twice\nnote 10:8: first given here\n");
}

TEST(Preset, MayHaveTheNameOfAFieldASolveOrABuiltinOne) {
  Problem p =
      solveWith("preset f {\n  max_steps 5\n}\npreset julia {\n  max_steps 6\n}\n", "preset f");
  EXPECT_EQ(p.values.max_steps, 5);
  p = solveWith("preset julia {\n  max_steps 6\n}\n", "preset julia");
  EXPECT_EQ(p.values.max_steps, 6);
  EXPECT_EQ(p.values.pid.pcoeff, 0) << "that of the file goes before the one of the language";
}

TEST(Preset, TimesOfItsSavePlanAreJudgedByTheSpanOfTheSolve) {
  EXPECT_EQ(errorsOf(source("preset p {\n  save at [0, 9]\n}\n", "")), "");
  EXPECT_EQ(errorsOf(source("preset p {\n  save at [0, 9]\n}\n", "preset p")),
            "2:11: expected save times inside the span, got 9 outside of 0 to 4\n");
}

TEST(Preset, TolerancesPerLeafMergeByTheirOption) {
  const std::string leaves = "preset p {\n  control pid(atol = {x: 1e-3, u: 1e-2})\n}\n";
  EXPECT_EQ(solveWith(leaves, "preset p").values.leafAtol, (Data{1e-3, 1e-2}));
  Problem p = solveWith(leaves, "preset p\ncontrol pid(rtol = 1e-4)");
  EXPECT_EQ(p.values.leafAtol, (Data{1e-3, 1e-2}));
  EXPECT_EQ(p.values.pid.rtol, 1e-4);
  p = solveWith(leaves, "preset p\ncontrol pid(atol = {u: 1e-5})");
  EXPECT_EQ(p.values.leafAtol, (Data{1e-9, 1e-5})) << "the option is replaced as a whole";
  p = solveWith(leaves, "preset p\ncontrol pid(atol = 1e-4)");
  EXPECT_FALSE(p.signature.leaf_atol);
  EXPECT_EQ(p.values.pid.atol, 1e-4);
  p = solveWith("preset p {\n  control pid(atol = 1e-2)\n}\n",
                "preset p\ncontrol pid(atol = {u: 1})");
  EXPECT_EQ(p.values.leafAtol, (Data{1e-2, 1})) << "others keep the common tolerance";
}

TEST(BuiltinPresets, AllLoadAndSayWhatTheyAreNamedAfter) {
  ASSERT_GE(builtinPresets().size(), 6u);
  for (const BuiltinPreset &preset : builtinPresets()) {
    Problem p = solveWith("", "preset " + preset.name);
    EXPECT_EQ(p.signature.control, "pid") << preset.name;
    EXPECT_NE(preset.clauses.find("method " + p.signature.method), std::string::npos);
    Overrides o;
    o.preset = preset.name;
    EXPECT_EQ(solveWith("", "", o).signature.method, p.signature.method);
    EXPECT_FALSE(preset.summary.empty());
  }
  Problem p = solveWith("", "preset matlab_ode45");
  EXPECT_EQ(p.signature.method, "dopri5");
  EXPECT_EQ(p.signature.norm, "max");
  EXPECT_EQ(p.values.pid.safety, 0.8);
  EXPECT_EQ(p.values.pid.factor_max, 5);
  // beta1 = 7/50 = (p + i)/5 and beta2 = 2/25 = p/5 for a method of order 5.
  p = solveWith("", "preset julia");
  EXPECT_DOUBLE_EQ((p.values.pid.pcoeff + p.values.pid.icoeff) / p.signature.error_order, 7.0 / 50);
  EXPECT_DOUBLE_EQ(p.values.pid.pcoeff / p.signature.error_order, 2.0 / 25);
  // beta = 0.04, and the exponent of the error is 1/5 - 0.75 beta.
  p = solveWith("", "preset hairer_dopri5");
  EXPECT_DOUBLE_EQ(p.values.pid.pcoeff / p.signature.error_order, 0.04);
  EXPECT_DOUBLE_EQ((p.values.pid.pcoeff + p.values.pid.icoeff) / p.signature.error_order,
                   0.2 - 0.75 * 0.04);
}
