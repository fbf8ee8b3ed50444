// Clauses of a solve block as options of a host: the bits of a text that says the same, and its
// errors at the place of the call.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

namespace {

using namespace std::chrono_literals;
using deq::Scalar;
using deq::Vars;

deq::Field spring() {
  return deq::trace("spring", {.state = {"x", "v"}, .args = {"k"}},
                    [](Scalar t, const Vars &y, const Vars &args) {
                      return deq::stack(y["v"], -args["k"] * y["x"] + sin(t));
                    });
}

std::string text(const std::string &clauses) {
  return "field spring(t; x, v; k) {\n  x' = v\n  v' = -k*x + sin(t)\n}\n"
         "solve spring {\n  span 0 to 2\n  init x = 1, v = 0\n  args k = 4\n" +
         clauses + "\n}\n";
}

const deq::Call call = {.t0 = 0, .t1 = 2, .y0 = {1, 0}, .args = {4}};

/// The text of the first message, which has to be at a place of this file.
template <class F> std::string errorOf(F f) {
  try {
    f();
  } catch (const deq::Error &error) {
    const deq::Diagnostic &first = error.diagnostics().front();
    EXPECT_NE(first.location.file.find("ClausesTest.cpp"), std::string::npos) << error.what();
    EXPECT_GT(first.location.line, 0);
    return first.text;
  }
  ADD_FAILURE() << "expected an Error, got none";
  return "";
}

/// Same rows of all plans, same counts, one program.
void expectTheText(const std::string &clauses, const deq::Options &options) {
  deq::Engine engine;
  const deq::Solution expected = engine.prepare(deq::load_string(text(clauses)))();
  const deq::Solution own = engine.prepare(spring(), options)(call);
  EXPECT_EQ(engine.stats().compiled, 1) << clauses;
  EXPECT_EQ(own.t, expected.t) << clauses;
  EXPECT_EQ(own.y, expected.y) << clauses;
  EXPECT_EQ(own.stats.steps, expected.stats.steps);
  EXPECT_EQ(own.stats.evaluations, expected.stats.evaluations);
  ASSERT_EQ(own.plans.size(), expected.plans.size());
  for (std::size_t i = 0; i < own.plans.size(); ++i) {
    EXPECT_EQ(own.plans[i].plan, expected.plans[i].plan);
    EXPECT_EQ(own.plans[i].t, expected.plans[i].t);
    EXPECT_EQ(own.plans[i].y, expected.plans[i].y);
    EXPECT_EQ(deq::columns(own.plans[i].leaves), deq::columns(expected.plans[i].leaves));
  }
}

deq::Options listed(std::vector<double> times) {
  return {.method = deq::rk4, .control = deq::step_to(std::move(times)), .save = deq::steps(1)};
}

TEST(StepTo, isThatOfTheText) {
  expectTheText("  method rk4\n  control step_to([0, 0.1, 0.5, 2])\n  save steps 1",
                listed({0, 0.1, 0.5, 2}));
}

TEST(StepTo, listsAreValues) {
  deq::Engine engine;
  EXPECT_EQ(engine.prepare(spring(), listed({0, 0.5, 2}))(call).t, (std::vector<double>{0.5, 2}));
  EXPECT_EQ(engine.prepare(spring(), listed({0, 0.1, 0.7, 0.8, 2}))(call).t,
            (std::vector<double>{0.1, 0.7, 0.8, 2}));
  const deq::Call back = {.t0 = 2, .t1 = -1, .y0 = {1, 0}, .args = {4}};
  EXPECT_EQ(engine.prepare(spring(), listed({2, 0.5, -1}))(back).t, (std::vector<double>{0.5, -1}));
  EXPECT_EQ(engine.stats().compiled, 1);
  deq::Options interrupted = listed({0, 1, 2});
  interrupted.step_at = {0.5};
  interrupted.jump_at = {1.5};
  EXPECT_EQ(engine.prepare(spring(), interrupted)(call).t, (std::vector<double>{0.5, 1, 1.5, 2}));
  EXPECT_EQ(engine.stats().compiled, 1);
}

TEST(StepTo, interpreterSteppersAndBuffersAgree) {
  const deq::Options options = listed({0, 0.3, 0.31, 2});
  deq::Engine engine;
  const auto solve = engine.prepare(spring(), options);
  const deq::Solution expected = solve(call);
  EXPECT_EQ(deq::Engine({.interpret = true}).prepare(spring(), options)(call).y, expected.y);
  std::vector<double> t(8), y(16);
  deq::Workspace workspace = solve.workspace();
  EXPECT_EQ(solve(call, {t, y}, workspace).rows, 3);
  EXPECT_EQ(std::vector<double>(y.begin(), y.begin() + 6), expected.y);
  deq::Stepper stepper = solve.stepper(call);
  for (double end : expected.t) {
    ASSERT_TRUE(stepper.step());
    EXPECT_EQ(stepper.t(), end);
  }
  EXPECT_TRUE(stepper.done());
}

TEST(StepTo, mistakesAreThoseOfTheText) {
  deq::Engine engine;
  auto prepare = [&](deq::Options options) {
    return errorOf([&] { engine.prepare(spring(), options); });
  };
  EXPECT_EQ(prepare(listed({0, 1, 0.5, 2})), "expected strictly increasing times, got 0.5 after 1");
  EXPECT_EQ(prepare(listed({2, 1, 1.5})), "expected strictly decreasing times, got 1.5 after 1");
  EXPECT_EQ(prepare(listed({0, NAN, 1})), "expected strictly increasing times, got nan after 0");
  EXPECT_EQ(prepare(listed({})), "expected times, got none");
  EXPECT_EQ(prepare({.save = deq::at({})}), "expected times, got none");
  deq::Options options = listed({0, 2});
  options.dt = 0.1;
  EXPECT_EQ(prepare(options),
            "'dt' has no meaning beside step_to, which lists the ends of all steps");
  options = listed({0, 2});
  options.dt_limit = deq::dt_limit([](Scalar t, const Vars &) { return t; });
  EXPECT_EQ(prepare(options),
            "'dt <=' has no meaning beside step_to, which lists the ends of all steps");
  deq::Control nothing;
  nothing.kind = "step_to";
  nothing.options.rtol = 1e-3;
  EXPECT_NE(prepare({.control = nothing}), "");
  // Which span it is, a call says.
  const auto solve = engine.prepare(spring(), listed({0, 1, 2}));
  auto calls = [&](auto change) {
    deq::Call changed = call;
    change(changed);
    return errorOf([&] { solve(changed); });
  };
  EXPECT_EQ(calls([](deq::Call &c) { c.t0 = 0.5; }),
            "step_to: expected 0.5 of the span as the first time, got 0");
  EXPECT_EQ(calls([](deq::Call &c) { c.t1 = 3; }),
            "step_to: expected 3 of the span as the last time, got 2");
  EXPECT_EQ(calls([](deq::Call &c) { c.dt = 0.1; }),
            "expected no dt, which has no meaning beside step_to, got one");
}

// The list of a text is held against the span of the call, too.
TEST(StepTo, ofATextAndBesideOne) {
  deq::Engine engine;
  const auto solve = engine.prepare(
      deq::load_string(text("  method rk4\n  control step_to([0, 1, 2])\n  save steps 1")));
  EXPECT_EQ(solve().t, (std::vector<double>{1, 2}));
  EXPECT_EQ(errorOf([&] { solve({.t1 = 1}); }),
            "step_to: expected 1 of the span as the last time, got 2");
  const auto own =
      engine.prepare(deq::load_string(text("  save steps 1\n  dt 0.1")), listed({0, 0.5, 1}));
  EXPECT_EQ(own({.t1 = 1}).t, (std::vector<double>{0.5, 1}));
  try { // at its place in the text
    engine.prepare(deq::load_string(text("  dt <= 0.1")), listed({0, 0.5, 1}));
    ADD_FAILURE() << "expected an Error, got none";
  } catch (const deq::Error &error) {
    EXPECT_EQ(error.diagnostics().front().id, "listed-steps");
    EXPECT_EQ(error.diagnostics().front().location.line, 9);
  }
}

TEST(Plans, areThoseOfTheText) {
  auto energy = [](Scalar, const Vars &y, const Vars &args) {
    return pow(y["v"], 2) / 2 + args["k"] * pow(y["x"], 2) / 2;
  };
  auto twice = [](const Vars &y) { return 2 * y["x"]; };
  expectTheText("  save every 0.5: x\n  save early = at [0, 0.01, 0.1]: v\n  save taken = steps 3\n"
                "  save e = start: x, v, energy = v^2/2 + k*x^2/2",
                {.save = deq::every(0.5).only({"x"}),
                 .plans = {{"early", deq::at({0, 0.01, 0.1}).only({"v"})},
                           {"taken", deq::steps(3)},
                           {"e", deq::starts().with("energy", energy)}}});
  expectTheText("  save end: x, v, twice = 2*x\n  save e = every 1: x, energy = v^2/2 + k*x^2/2",
                {.save = deq::ends().with("twice", twice),
                 .plans = {{"e", deq::every(1).only({"x"}).with("energy", energy)}}});
  expectTheText("  save last = end: v", {.plans = {{"last", deq::Save().only({"v"})}}});
}

TEST(Plans, besideThoseOfAText) {
  deq::Engine engine;
  const auto solve = engine.prepare(
      deq::load_string(text("  save every 1\n  save a = every 0.5: x\n  save b = steps 2")),
      {.plans = {{"a", deq::at({0.25}).only({"v"})}}});
  const deq::Solution s = solve();
  ASSERT_EQ(s.plans.size(), 2u);
  EXPECT_EQ(s.plans[0].plan, "a");
  EXPECT_EQ(s.plans[0].t, std::vector<double>{0.25});
  EXPECT_EQ(s.plans[1].plan, "b");
  EXPECT_EQ(s.t, (std::vector<double>{0, 1, 2}));
}

TEST(Plans, mistakesSayWhatWasExpected) {
  deq::Engine engine;
  auto prepare = [&](deq::Options options) {
    return errorOf([&] { engine.prepare(spring(), options); });
  };
  EXPECT_EQ(prepare({.plans = {{"a", deq::ends()}, {"a", deq::every(1)}}}),
            "save plan 'a' is given twice");
  EXPECT_EQ(prepare({.plans = {{"", deq::ends()}}}), "expected a name of the save plan, got none");
  EXPECT_EQ(prepare({.plans = {{"a", deq::ends().only({"w"})}}}), "'w' is no leaf of the state");
  const auto back = engine.prepare(spring(), {.plans = {{"a", deq::every(-1)}}});
  EXPECT_EQ(errorOf([&] { back(call); }), "the interval between saves is -1, expected more than 0");
  EXPECT_EQ(prepare({.save = {.kind = "often"}}),
            "expected a save plan (start, end, every, at, steps, dense), got 'often'");
  EXPECT_EQ(prepare({.save = {.kind = "every"}}),
            "expected one number for save plan 'every', got 0");
  EXPECT_EQ(
      errorOf([&] {
        engine.prepare(
            deq::load_string(text("")),
            {.plans = {{"a", deq::ends().with("x2", [](const Vars &y) { return 2 * y[0]; })}}});
      }).substr(0, 34),
      "expected a traced field for 'x2' a");
}

TEST(DtLimit, isThatOfTheText) {
  auto limit = [](Scalar t, const Vars &y, const Vars &args) {
    return 0.1 / (1 + abs(y["v"])) + 0.01 * t * args["k"];
  };
  expectTheText("  dt <= 0.1/(1 + abs(v)) + 0.01*t*k\n  save steps 1",
                {.save = deq::steps(1), .dt_limit = deq::dt_limit(limit)});
  expectTheText(
      "  method euler\n  control constant(dt = 1)\n  dt <= 0.1/(1 + abs(v)) + 0.01*t*k",
      {.method = deq::euler, .control = deq::constant_step(1), .dt_limit = deq::dt_limit(limit)});
}

// It was lost where a host prepared the text.
TEST(DtLimit, ofATextCountsForAHost) {
  deq::Engine engine;
  const auto solve = engine.prepare(deq::load_string(text("  dt <= 0.01")));
  EXPECT_GE(solve().stats.accepted, 200);
}

TEST(DtLimit, mistakesSayWhatWasExpected) {
  deq::Engine engine;
  auto prepare = [&](auto callable) {
    return errorOf(
        [&] { engine.prepare(spring(), {.dt_limit = deq::dt_limit(std::move(callable))}); });
  };
  EXPECT_EQ(prepare([](const Vars &y) { return deq::stack(y[0], y[1]); }),
            "expected a scalar, got shape [2]");
  EXPECT_EQ(prepare([](const Vars &y) { return y[0] < 1; }), "expected a number, got a condition");
  EXPECT_EQ(errorOf([&] {
              engine.prepare(deq::load_string(text("")),
                             {.dt_limit = deq::dt_limit([](const Vars &y) { return y[0]; })});
            }).substr(0, 26),
            "expected a traced field fo");
}

TEST(Budget, choosesTheFormOfTheStages) {
  deq::Engine engine;
  std::vector<deq::CompileReport> reports;
  engine.on_compile([&](const deq::CompileReport &report) { reports.push_back(report); });
  const auto wide = deq::trace("wide", {.state = {{"u", {64}}}}, [](const Vars &y) {
    return sin(y[0]) * shift(y[0], 1, 0.0) - exp(y[0]);
  });
  const deq::Solution quick =
      engine.prepare(wide, {.compile_budget = 0ms})({.t1 = 1, .y0 = {{"u", 0.5}}});
  const deq::Solution slow =
      engine.prepare(wide, {.compile_budget = 20s})({.t1 = 1, .y0 = {{"u", 0.5}}});
  engine.prepare(wide, {.compile_budget = 20000ms});
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].emission.reason,
            "soonest compiled, none within the compile budget of 0.0 ms");
  EXPECT_EQ(reports[1].emission.stages, "unroll");
  EXPECT_NE(reports[0].emission.stages, "unroll");
  EXPECT_EQ(quick.y, slow.y) << "the bits are the same";
  // Where nothing is to be chosen it does not count.
  engine.prepare(wide, {.stages = "scan", .compile_budget = 1ms});
  engine.prepare(wide, {.stages = "scan", .compile_budget = 2ms});
  EXPECT_EQ(reports.size(), 3u);
}

TEST(Budget, isATime) {
  deq::Engine engine;
  EXPECT_EQ(errorOf([&] { engine.prepare(spring(), {.compile_budget = -1ms}); }),
            "expected a compile_budget of at least 0 ms, got -1");
}

} // namespace
