// The clauses that decide the length of steps, beside pid's numbers: a limit, listed times,
// weights. What they do to a solve is tested with the compiled code (tests/accuracy).
#include "Support.h"

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

/// A solve whose clauses begin in line 10, column 1.
std::string with(const std::string &clauses) {
  return "field f(t; x, u[2]; c = 2; static n = 4) {\n  speed = c*norm(u)\n  wave(w) = w/speed\n"
         "  x' = -wave(x)\n  u' = -u\n}\nsolve f {\nspan 0 to 1\ninit x = 1, u = 1\n" +
         clauses + "\n}\n";
}

} // namespace

TEST(StepLimit, IsAnExpressionOfTheField) {
  const Problem p = load(with("dt <= 0.5/n/speed"));
  EXPECT_TRUE(p.signature.limit);
  EXPECT_EQ(p.field.observables[Observable::limit].size(), 1u);
  EXPECT_EQ(p.signature.literals, std::int64_t(p.values.literals.size()));
  EXPECT_EQ(p.values.literals.back(), 0.5);
  EXPECT_FALSE(load(with("dt 0.1")).signature.limit);
  EXPECT_EQ(errorsOf(with("dt <= wave(u[0]) + x' + sin(t)")), "");
}

TEST(StepLimit, StandsNextToTheFirstStep) {
  for (const char *clauses : {"dt 0.25\ndt <= x", "dt <= x\ndt 0.25"}) {
    const Problem p = load(with(clauses));
    EXPECT_TRUE(p.signature.limit);
    EXPECT_EQ(p.values.dt, 0.25);
  }
}

TEST(StepLimit, IsNamedInEveryError) {
  const std::pair<const char *, const char *> rows[] = {
      {"dt <= u", "10:7: expected a scalar, got shape [2]\n"},
      {"dt <= x > 0", "10:9: expected a number, got a condition\n"},
      {"dt <= y", "10:7: unknown name 'y'\n"},
      {"dt <= x\ndt <= c", "11:1: 'dt <=' is given twice\nnote 10:1: first given here\n"},
      {"dt < x", "10:4: expected an expression, got '<'\n"},
      {"dt <=", "11:1: expected an expression, got '}'\n"},
  };
  for (const auto &[clauses, errors] : rows)
    EXPECT_EQ(errorsOf(with(clauses)), errors) << clauses;
  EXPECT_EQ(errorsOf("preset p {\n  dt <= 1\n}\n"),
            "2:3: a preset has no 'dt <='; it belongs to a solve\n");
}

TEST(StepLimit, CountsAsAUse) {
  const std::string text = "field f(t; x; c = 2) {\n  a = c*x\n  x' = -x\n}\nsolve f {\nspan 0 to "
                           "1\ninit x = 1\ndt <= a\n}\n";
  EXPECT_EQ(warningsOf(text), "");
}

TEST(StepTo, IsConstantControlOverTheSpanWithListedEnds) {
  const Problem p = load(with("control step_to([0, 0.25, 1])"));
  EXPECT_EQ(p.signature.control, "constant");
  EXPECT_TRUE(p.signature.clip);
  EXPECT_GE(p.values.step(), 1);
  EXPECT_EQ(p.values.step_to, (Data{0, 0.25, 1}));
  const Values both = load(with("control step_to([i/n for i in 0..n+1])\nstep_at [0.1]")).values;
  EXPECT_EQ(both.step_to, (Data{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(both.step_at, Data{0.1});
}

TEST(StepTo, CanComeFromAPreset) {
  const std::string preset = "preset p {\n  control step_to([0, 0.5, 1])\n}\n";
  EXPECT_EQ(load(preset + with("preset p")).values.step_to, (Data{0, 0.5, 1}));
  EXPECT_EQ(load(preset + with("preset p\ncontrol step_to([0, 1])")).values.step_to, (Data{0, 1}));
  EXPECT_EQ(load(preset + with("preset p\ncontrol pid()")).signature.control, "pid");
}

TEST(StepTo, ReportsEveryError) {
  const std::pair<const char *, const char *> rows[] = {
      {"control step_to", "10:9: step_to needs its times, expected 'step_to([..])'\n"},
      {"control step_to()", "10:17: expected an expression, got ')'\n"},
      {"control step_to(0.5)", "10:17: expected a list of times, got a scalar\n"},
      {"control step_to([0.5, 1])", "10:17: expected 0 of the span as the first time, got 0.5\n"},
      {"control step_to([0, 0.5])", "10:17: expected 1 of the span as the last time, got 0.5\n"},
      {"control step_to([0, 0.5, 0.5, 1])",
       "10:17: expected strictly increasing times, got 0.5 after 0.5\n"},
      {"control step_to([0, 0/0, 1])",
       "10:17: expected strictly increasing times, got nan after 0\n"},
      {"control step_to([0, 1])\ndt 0.1",
       "11:1: 'dt' has no meaning beside step_to, which lists the ends of all steps\n"},
      {"control step_to([0, 1])\ndt <= x",
       "11:1: 'dt <=' has no meaning beside step_to, which lists the ends of all steps\n"},
  };
  for (const auto &[clauses, errors] : rows)
    EXPECT_EQ(errorsOf(with(clauses)), errors) << clauses;
}

TEST(StepTo, IsHeldAgainstTheSpanOfTheCommandLine) {
  Overrides back;
  back.from = 1;
  back.to = 0;
  EXPECT_EQ(load(with("control step_to([1, 0.5, 0])"), back).values.step_to, (Data{1, 0.5, 0}));
  Overrides step;
  step.dt = 0.1;
  Diagnostics diagnostics;
  EXPECT_FALSE(loadProblem("f.deq", with("control step_to([0, 1])"), step, diagnostics));
  EXPECT_EQ(summary(diagnostics),
            "--dt: has no meaning beside step_to, which lists the ends of all steps\n");
}

TEST(Weights, AreOnePerLeaf) {
  const Problem p = load(with("control pid(weights = {u: 0.5})"));
  EXPECT_TRUE(p.signature.leaf_weights);
  EXPECT_EQ(p.values.leafWeights, (Data{1, 0.5}));
  EXPECT_FALSE(p.signature.leaf_atol);
  EXPECT_TRUE(load(with("")).values.leafWeights.empty());
  const Problem both = load(with("control pid(weights = {x: 0}, atol = {x: 1e-3})"));
  EXPECT_EQ(both.values.leafWeights, (Data{0, 1}));
  EXPECT_EQ(both.values.leafAtol, (Data{1e-3, 1e-9}));
}

TEST(Weights, ReportEveryError) {
  const std::pair<const char *, const char *> rows[] = {
      {"weights = {x: -1}", "10:27: expected weights of at least 0, got -1\n"},
      {"weights = {x: 1/0}", "10:27: expected a finite number, got inf\n"},
      {"weights = {y: 1}", "10:24: 'y' is no leaf of the state\n"},
      {"weights = {x: 1, x: 1}", "10:30: 'x' is given twice\nnote 10:24: first given here\n"},
      {"weights = {x: 0, u: 0}", "10:23: expected a weight above 0, got 0 for every leaf; no error "
                                 "would be left to control\n"},
      {"weights = 1", "10:23: expected weights of leaves, as in 'weights = {x: 1, v: 0.1}'\n"},
      {"weight = {x: 1}", "10:13: 'pid' has no option 'weight'; did you mean 'weights'?\n"},
  };
  for (const auto &[options, errors] : rows)
    EXPECT_EQ(errorsOf(with("control pid(" + std::string(options) + ")")), errors) << options;
  Overrides single;
  single.dtype = "f32";
  for (const char *number : {"1e-60", "1e60"}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(loadProblem("f.deq",
                             with("control pid(weights = {x: " + std::string(number) + ", u: 0})"),
                             single, diagnostics));
  }
}
