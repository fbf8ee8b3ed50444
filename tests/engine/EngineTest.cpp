// What a host program gets from an engine: the numbers of the text's solve, with its own names.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

namespace {

const deq::Names lorenzNames = {.state = {"x", "y", "z"}, .args = {"sigma", "rho", "beta"}};

deq::Field lorenz() {
  return deq::trace("lorenz", lorenzNames, [](deq::Scalar, const deq::Vars &y, const deq::Vars &p) {
    auto [x, v, z] = y.scalars<3>();
    auto [sigma, rho, beta] = p.scalars<3>();
    return deq::stack(sigma * (v - x), x * (rho - z) - v, x * v - beta * z);
  });
}

const char *lorenzText = R"(
field lorenz(t; x, y, z; sigma, rho, beta) {
  x' = sigma*(y - x)
  y' = x*(rho - z) - y
  z' = x*y - beta*z
}
solve lorenz {
  span    0 to 2
  init    x = 1, y = 0, z = 0
  args    sigma = 10, rho = 28, beta = 8/3
  control pid(rtol = 1e-8, atol = 1e-8)
  save    every 0.25
}
)";

const deq::Options likeTheText = {.control = deq::pid(1e-8, 1e-8), .save = deq::every(0.25)};
deq::Call likeTheTextCall() {
  return {.t0 = 0, .t1 = 2, .y0 = {1, 0, 0}, .args = {10, 28, 8.0 / 3}};
}

/// The text of the first message, and whether its place is in this file.
template <class F> std::string errorOf(F f) {
  try {
    f();
  } catch (const deq::Error &error) {
    const deq::Diagnostic &first = error.diagnostics().front();
    EXPECT_NE(first.location.file.find("EngineTest.cpp"), std::string::npos) << error.what();
    EXPECT_GT(first.location.line, 0);
    return first.text;
  }
  ADD_FAILURE() << "expected an Error, got none";
  return "";
}

TEST(Engine, tracedAndTextGiveTheSameBits) {
  deq::Engine engine;
  const deq::Solution text = engine.prepare(deq::load_string(lorenzText))();
  const deq::Solution traced = engine.prepare(lorenz(), likeTheText)(likeTheTextCall());
  ASSERT_TRUE(text.ok() && traced.ok());
  EXPECT_EQ(text.t, traced.t);
  EXPECT_EQ(text.y, traced.y);
  EXPECT_EQ(engine.stats().compiled, 1);
  EXPECT_EQ(engine.stats().hits, 1);
}

TEST(Engine, interpreterGivesTheBitsOfCompiledCode) {
  const deq::Call call = likeTheTextCall();
  const deq::Solution native = deq::Engine().prepare(lorenz(), likeTheText)(call);
  const deq::Solution slow = deq::Engine({.interpret = true}).prepare(lorenz(), likeTheText)(call);
  EXPECT_EQ(native.y, slow.y);
}

TEST(Engine, optionsGoBeforeTheClausesOfTheText) {
  deq::Engine engine;
  const deq::Field field = deq::load_string(lorenzText);
  const deq::Solution own = engine.prepare(field, {.save = deq::ends()})({.t1 = 1});
  EXPECT_EQ(own.t, std::vector<double>{1});
  const deq::Solution coarse = engine.prepare(field, {.control = deq::constant_step(0.01)})();
  EXPECT_EQ(coarse.stats.steps, 200);
  const deq::Solution rk4 =
      engine.prepare(field, {.method = deq::rk4, .control = deq::constant_step(0.01)})();
  EXPECT_EQ(rk4.stats.evaluations, 800);
  const deq::Solution preset = engine.prepare(field, {.preset = "scipy_rk45"})();
  EXPECT_LT(preset.stats.steps, engine.prepare(field)().stats.steps / 2);
}

TEST(Engine, valuesByName) {
  deq::Engine engine;
  auto solve = engine.prepare(deq::trace(
      "springs", {.state = {{"q", {3}}, {"v", {3}}}, .args = {{"k", {3}}, "damping"}},
      [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) -> deq::Derivatives {
        return {y["v"], -args["k"] * y["q"] - args["damping"] * y["v"] + deq::param("load", 2.0)};
      }));
  const std::vector<double> k = {1, 4, 9};
  const deq::Solution named = solve(
      {.t0 = 0, .t1 = 1, .y0 = {{"q", {1, 2, 3}}, {"v", 0}}, .args = {{"k", k}, {"damping", 0.5}}});
  const deq::Solution flat =
      solve({.t0 = 0, .t1 = 1, .y0 = {1, 2, 3, 0, 0, 0}, .args = {1, 4, 9, 0.5}});
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named.y, flat.y);
  const deq::Solution heavy = solve({.t0 = 0,
                                     .t1 = 1,
                                     .y0 = {1, 2, 3, 0, 0, 0},
                                     .args = {{"k", k}, {"damping", 0.5}, {"load", 3}}});
  EXPECT_NE(heavy.y, flat.y);
  EXPECT_EQ(engine.stats().compiled, 1);
}

TEST(Engine, shapesFromTheFirstCall) {
  deq::Engine engine;
  int calls = 0;
  auto solve =
      engine.prepare(deq::trace("decay", {.state = {{"y", {deq::any}}}, .args = {"rate"}},
                                [&](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                                  ++calls;
                                  return -args["rate"] * y["y"];
                                }));
  EXPECT_EQ(engine.stats().compiled, 0);
  for (std::size_t n : {3, 4, 3, 4}) {
    const deq::Solution s =
        solve({.t0 = 0, .t1 = 1, .y0 = std::vector<double>(n, 1.0), .args = {1}});
    ASSERT_EQ(s.y.size(), n);
    EXPECT_NEAR(s.y[0], std::exp(-1), 1e-6);
  }
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(engine.stats().compiled, 2);
}

TEST(Engine, ownTableauIsDataThatIsChecked) {
  deq::Engine engine;
  const deq::ButcherTableau classic = {.name = "mine",
                                       .order = 4,
                                       .c = {0, 0.5, 0.5, 1},
                                       .a = {{0.5}, {0, 0.5}, {0, 0, 1}},
                                       .b = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}};
  const deq::Options own = {.method = classic, .control = deq::constant_step(0.01)};
  const deq::Options known = {.method = deq::rk4, .control = deq::constant_step(0.01)};
  const deq::Call call = likeTheTextCall();
  EXPECT_EQ(engine.prepare(lorenz(), own)(call).y, engine.prepare(lorenz(), known)(call).y);
  deq::ButcherTableau wrong = classic;
  wrong.b[0] = 0.2;
  const std::string text = errorOf(
      [&] { engine.prepare(lorenz(), {.method = wrong, .control = deq::constant_step(0.01)}); });
  EXPECT_NE(text.find("'mine'"), std::string::npos) << text;
}

TEST(Engine, mistakesInOptionsSayWhatWasExpected) {
  deq::Engine engine;
  auto prepare = [&](deq::Options options) {
    return errorOf([&] { engine.prepare(lorenz(), options); });
  };
  EXPECT_EQ(prepare({.method = "tsit"}), "unknown method 'tsit'; did you mean 'tsit5'?");
  EXPECT_EQ(prepare({.control = deq::pid(-1, 1)}), "expected rtol of at least 0, got -1");
  EXPECT_EQ(prepare({.control = deq::pid({.norm = "l2"})}), "expected 'rms' or 'max', got 'l2'");
  EXPECT_EQ(prepare({.dtype = "f16"}), "expected 'f64', 'f32' or 'f32(time = f64)', got 'f16'");
  EXPECT_EQ(prepare({.tier = "slow"}), "expected 'full' or 'quick', got 'slow'");
  EXPECT_EQ(prepare({.preset = "matlab"}).substr(0, 23), "unknown preset 'matlab'");
  EXPECT_EQ(prepare({.save = deq::every(1).only({"w"})}), "'w' is no leaf of the state");
  EXPECT_EQ(prepare({.method = deq::rk4}).substr(0, 38), "method 'rk4' has no error estimate, pi");
}

TEST(Engine, warningsAreKept) {
  deq::Engine engine;
  EXPECT_TRUE(engine.prepare(lorenz()).warnings().empty());
  const auto warnings = engine.prepare(lorenz(), {.control = deq::pid(1e-17, 1e-8)}).warnings();
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].id, "coarse-precision");
  EXPECT_EQ(warnings[0].severity, deq::Severity::warning);
}

TEST(Engine, mistakesInCallsSayWhatWasExpected) {
  deq::Engine engine;
  auto solve = engine.prepare(lorenz());
  auto call = [&](deq::Call call) { return errorOf([&] { solve(call); }); };
  EXPECT_EQ(call({.t1 = 1, .y0 = {1, 0}, .args = {1, 2, 3}}),
            "expected 3 initial values (x, y, z), got 2");
  EXPECT_EQ(call({.t0 = 1, .y0 = {1, 0, 0}, .args = {1, 2, 3}}),
            "expected t1, the end of the span, got none");
  EXPECT_EQ(call({.t1 = 1, .args = {1, 2, 3}}), "expected initial values for 'x', got none");
  EXPECT_EQ(call({.t1 = 1, .y0 = {1, 0, 0}, .args = {{"sigma", 10}, {"beta", 1}}}),
            "expected arguments for 'rho', got none");
  EXPECT_EQ(call({.t1 = 1, .y0 = {{"X", 1}}, .args = {1, 2, 3}}).substr(0, 44),
            "expected initial values of x, y, z, got 'X';");
  EXPECT_EQ(call({.t1 = 1, .y0 = {{"x", {1, 2}}}, .args = {1, 2, 3}}),
            "expected 1 numbers for 'x', a scalar, got 2");
  EXPECT_EQ(call({.t1 = 1, .y0 = {1, NAN, 0}, .args = {1, 2, 3}}),
            "expected finite initial values, got nan for 'y'");
  EXPECT_EQ(call({.t1 = INFINITY, .y0 = {1, 1, 0}, .args = {1, 2, 3}}),
            "the span is 0 to inf, expected finite times");
  auto with = [&](auto change, deq::Options options = {}) {
    deq::Call changed = likeTheTextCall();
    change(changed);
    const auto own = engine.prepare(lorenz(), options);
    return errorOf([&] { own(changed); });
  };
  EXPECT_EQ(with([](deq::Call &c) { c.rtol = -1; }),
            "expected a finite rtol of at least 0, got -1");
  EXPECT_EQ(with([](deq::Call &c) { c.atol = NAN; }),
            "expected a finite atol of at least 0, got nan");
  const char *both = "expected rtol or atol above 0, got 0 for both";
  EXPECT_EQ(with([](deq::Call &c) { c.rtol = c.atol = 0; }), both);
  EXPECT_EQ(
      with([](deq::Call &c) { c.rtol = 0; }, {.control = deq::pid({.leaf_atol = {{"x", 0}}})}),
      both);
  EXPECT_EQ(with([](deq::Call &c) { c.rtol = 1e-3; }, {.control = deq::constant_step(0.1)}),
            "expected no rtol, since constant control has no tolerances");
  EXPECT_EQ(with([](deq::Call &c) { c.dt = 0; }), "expected a finite dt above 0, got 0");
  EXPECT_EQ(with([](deq::Call &c) { c.dt = INFINITY; }), "expected a finite dt above 0, got inf");
  EXPECT_EQ(with([](deq::Call &c) { c.max_steps = 0; }), "expected max_steps of at least 1, got 0");
}

TEST(Engine, statusNamesTheComponentOfItsOwnPreparation) {
  deq::Engine engine;
  auto blowUp = [](const char *name) {
    return deq::trace("f", {.state = {"calm", name}}, [](const deq::Vars &y) -> deq::Derivatives {
      return {0 * y[0], pow(y[1], 2)};
    });
  };
  for (const char *name : {"first", "second"}) {
    const deq::Solution s = engine.prepare(blowUp(name))({.t0 = 0, .t1 = 2, .y0 = {1, 1}});
    EXPECT_FALSE(s.ok());
    EXPECT_EQ(s.failure.component, name);
  }
  EXPECT_EQ(engine.stats().compiled, 1);
}

TEST(Engine, denseOutputOutlivesTheEngine) {
  deq::Solution s;
  {
    deq::Engine engine;
    s = engine.prepare(
        deq::trace("decay", {.state = {"y"}}, [](const deq::Vars &y) { return -1.0 * y[0]; }),
        {.control = deq::pid(1e-10, 1e-10), .save = deq::dense()})({.t0 = 0, .t1 = 1, .y0 = {1}});
  }
  EXPECT_NEAR(s.evaluate(0.5)[0], std::exp(-0.5), 1e-8);
}

TEST(Engine, loadsFilesAndSaysWhatIsWrongWithThem) {
  deq::Engine engine;
  const deq::Field field = deq::load_file(DEQ_EXAMPLES "/lorenz.deq");
  EXPECT_TRUE(engine.prepare(field)({.t1 = 1}).ok());
  EXPECT_THROW(deq::load_file("/no/such/file.deq"), deq::Error);
  try {
    engine.prepare(deq::load_string("field f(t; x) {\n  x' = y\n}\n"));
    ADD_FAILURE() << "expected an Error, got none";
  } catch (const deq::Error &error) {
    EXPECT_EQ(error.diagnostics().front().text, "unknown name 'y'");
    EXPECT_EQ(error.diagnostics().front().location.line, 2);
  }
}

TEST(Engine, fieldsOfTextsNeedNoSolveBlock) {
  deq::Engine engine;
  const deq::Field field =
      deq::load_string("field f(t; u[n]; a = 2; static n = 3) {\n  u' = a*u\n}\n");
  const deq::Solution s = engine.prepare(field)({.t0 = 0, .t1 = 1, .y0 = {1, 1, 1}});
  EXPECT_NEAR(s.y[2], std::exp(2), 1e-4);
  const deq::Solution five =
      engine.prepare(field, {.statics = {{"n", 5}}})({.t0 = 0, .t1 = 1, .y0 = {{"u", 1}}});
  EXPECT_EQ(five.y.size(), 5u);
}

} // namespace
