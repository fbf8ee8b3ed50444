// A stepper takes the steps of the solve that it belongs to: their bits, their number, their end.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

deq::Field pendulum() {
  return deq::trace("pendulum", {.state = {"angle", "speed"}, .args = {"g"}},
                    [](deq::Scalar t, const deq::Vars &y, const deq::Vars &args) {
                      return deq::stack(y[1], -args[0] * sin(y[0]) - 0.1 * y[1] + sin(3 * t));
                    });
}

deq::Call swing(double t1 = 3) { return {.t0 = 0, .t1 = t1, .y0 = {1, 0}, .args = {9.81}}; }

std::vector<double> stateOf(const deq::Stepper &stepper) {
  return {stepper.y().begin(), stepper.y().end()};
}

void append(std::vector<double> &list, std::span<const double> more) {
  list.insert(list.end(), more.begin(), more.end());
}

/// The text of the first message, which has to be at a place of this file.
template <class F> std::string errorOf(F f) {
  try {
    f();
  } catch (const deq::Error &error) {
    const deq::Diagnostic &first = error.diagnostics().front();
    EXPECT_NE(first.location.file.find("StepperTest.cpp"), std::string::npos) << error.what();
    EXPECT_GT(first.location.line, 0);
    return first.text;
  }
  ADD_FAILURE() << "expected an Error, got none";
  return "";
}

class Steps : public testing::TestWithParam<deq::Options> {};

// Rows of `steps 1` are the ends of all steps of a solve.
TEST_P(Steps, areThoseOfTheSolve) {
  for (double t1 : {3.0, -2.0})
    for (bool interpret : {false, true}) {
      deq::Engine engine({.interpret = interpret});
      auto solve = engine.prepare(pendulum(), GetParam());
      deq::Options all = GetParam();
      all.save = deq::steps(1);
      const deq::Solution expected = engine.prepare(pendulum(), all)(swing(t1));
      const deq::Solution own = solve(swing(t1));
      deq::Stepper stepper = solve.stepper(swing(t1));
      EXPECT_EQ(stepper.t(), 0);
      EXPECT_EQ(stateOf(stepper), (std::vector<double>{1, 0}));
      EXPECT_EQ(stepper.dt(), 0);
      std::vector<double> t, y;
      while (stepper.step()) {
        const double before = t.empty() ? 0 : t.back();
        t.push_back(stepper.t());
        append(y, stepper.y());
        EXPECT_EQ(stepper.dt(), stepper.t() - before);
      }
      EXPECT_EQ(t, expected.t);
      EXPECT_EQ(y, expected.y);
      EXPECT_TRUE(stepper.done() && !stepper.step());
      EXPECT_EQ(stepper.status(), own.status);
      EXPECT_EQ(stepper.stats().steps, own.stats.steps);
      EXPECT_EQ(stepper.stats().evaluations, expected.stats.evaluations);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Options, Steps,
    testing::Values(deq::Options{}, deq::Options{.save = deq::every(0.1)},
                    deq::Options{.save = deq::dense()}, deq::Options{.save = deq::steps(3)},
                    deq::Options{.method = deq::vern7, .save = deq::at({0.5})},
                    deq::Options{.dtype = "f32"}, deq::Options{.resumable = true},
                    deq::Options{.max_steps = 5}, deq::Options{.step_at = {-1, 0.55, 2}},
                    deq::Options{.control = deq::constant_step(0.07), .dtype = "f32"},
                    deq::Options{.method = deq::rk4, .control = deq::constant_step(0.07)}));

class Landings : public testing::TestWithParam<deq::Options> {};

// Where steps were asked to end makes the same steps as a list that says so from the beginning.
TEST_P(Landings, areThoseOfStepAt) {
  for (double t1 : {3.0, -3.0}) {
    const double sign = t1 < 0 ? -1 : 1;
    deq::Engine engine;
    deq::Options options = GetParam();
    options.resumable = true;
    auto solve = engine.prepare(pendulum(), options);
    deq::Stepper stepper = solve.stepper(swing(t1));
    std::vector<double> t, y;
    for (double target : {0.3, 0.31, 1.5, 2.75, 3.0}) {
      EXPECT_TRUE(stepper.step_until(sign * target));
      EXPECT_FLOAT_EQ(stepper.t(), sign * target);
      EXPECT_EQ(stepper.done(), target == 3);
      if (target == 1.5) { // steps in between
        EXPECT_TRUE(stepper.step());
        EXPECT_TRUE(stepper.step_until(stepper.t()));
      }
      if (target == 3 || target == 0.31) {
        t.push_back(stepper.t());
        append(y, stepper.y());
      }
    }
    options.step_at = {0.3 * sign, 0.31 * sign, 1.5 * sign, 2.75 * sign};
    for (double known : GetParam().step_at)
      options.step_at.push_back(known);
    std::sort(options.step_at.begin(), options.step_at.end());
    options.step_at.erase(std::unique(options.step_at.begin(), options.step_at.end()),
                          options.step_at.end());
    options.save = deq::steps(1);
    const deq::Solution whole = engine.prepare(pendulum(), options)(swing(t1));
    EXPECT_EQ(stepper.stats().steps, whole.stats.steps);
    EXPECT_EQ(stepper.stats().evaluations, whole.stats.evaluations);
    EXPECT_EQ(std::vector<double>(y.end() - 2, y.end()),
              std::vector<double>(whole.y.end() - 2, whole.y.end()));
    const auto row = std::find(whole.t.begin(), whole.t.end(), t[0]);
    ASSERT_NE(row, whole.t.end());
    EXPECT_EQ(y[0], whole.y[2 * (row - whole.t.begin())]);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Options, Landings,
    testing::Values(deq::Options{}, deq::Options{.method = deq::bosh3},
                    deq::Options{.method = deq::vern7}, deq::Options{.dtype = "f32"},
                    deq::Options{.step_at = {-1.5, 0.1, 0.2, 0.31, 2.9}},
                    deq::Options{.step_at = {0.25}, .jump_at = {-2, 0.31, 1}},
                    deq::Options{.control = deq::pid({.pcoeff = 0.2, .icoeff = 0.4})},
                    deq::Options{.method = deq::rk4, .control = deq::constant_step(0.07)}));

TEST(Stepper, evaluatesItsLastStep) {
  for (const char *dtype : {"f64", "f32"})
    for (deq::MethodName method : {deq::tsit5, deq::vern7}) {
      deq::Engine engine;
      const std::vector<double> times = {0.1, 0.5, 0.75, 1.25, 2.5};
      auto solve = engine.prepare(pendulum(), {.method = method,
                                               .save = deq::at(times),
                                               .dtype = dtype,
                                               .step_at = {0.2, 0.6, 0.65, 0.7, 0.9},
                                               .resumable = true});
      const deq::Solution rows = solve(swing());
      deq::Stepper stepper = solve.stepper(swing());
      std::vector<double> y;
      for (double t : times) {
        while (stepper.t() < t)
          stepper.step();
        append(y, stepper.evaluate(t));
        EXPECT_EQ(stepper.evaluate(stepper.t()), stateOf(stepper));
      }
      EXPECT_EQ(y, rows.y) << dtype;
      // The step before a landing is asked after the list of times has changed.
      stepper.step_until(2.875);
      const double inside = stepper.t() - 0.5 * stepper.dt();
      EXPECT_NEAR(stepper.evaluate(inside)[0], stepper.y()[0], std::fabs(stepper.dt()) * 5);
      const std::vector<double> first = stepper.evaluate(inside);
      EXPECT_EQ(stepper.evaluate(inside), first);
    }
}

TEST(Stepper, stopsAtEvents) {
  deq::Engine engine;
  auto solve = engine.prepare(deq::load_string(R"(
field fall(t; height, speed; g = 9.81) {
  height' = speed
  speed' = -g
}
solve fall {
  span 0 to 10
  init height = 1, speed = 0
  stop ground when height
}
)"),
                              {.resumable = true});
  const deq::Solution whole = solve();
  deq::Stepper stepper = solve.stepper();
  EXPECT_TRUE(stepper.ok());
  EXPECT_FALSE(stepper.step_until(5));
  EXPECT_EQ(stepper.status(), deq::Status::stopped);
  EXPECT_TRUE(stepper.done() && stepper.ok());
  EXPECT_EQ(stepper.event().name, "ground");
  EXPECT_EQ(stepper.t(), whole.event.t);
  EXPECT_EQ(stateOf(stepper), whole.y);
  EXPECT_FALSE(stepper.step());
}

TEST(Stepper, failsLikeTheSolve) {
  deq::Engine engine;
  auto solve = engine.prepare(deq::trace("f", {.state = {"calm", "wild"}}, [](const deq::Vars &y) {
    return deq::stack(0 * y[0], y[1] * y[1]);
  }));
  const deq::Call call = {.t0 = 0, .t1 = 2, .y0 = {1, 1}};
  const deq::Solution whole = solve(call);
  deq::Stepper stepper = solve.stepper(call);
  while (stepper.step())
    EXPECT_FALSE(stepper.done());
  EXPECT_EQ(stepper.status(), whole.status);
  EXPECT_FALSE(stepper.ok());
  EXPECT_EQ(stepper.failure().component, "wild");
  EXPECT_EQ(stepper.failure().t, whole.failure.t);
  EXPECT_EQ(stepper.failure().step, whole.failure.step);
}

TEST(Stepper, knowsItsLeaves) {
  deq::Engine engine;
  deq::Stepper stepper = [&] { // outlives what made it, and moves
    auto solve = deq::Engine().prepare(deq::trace("springs", {.state = {{"q", {deq::any}}, "w"}},
                                                  [](const deq::Vars &y) -> deq::Derivatives {
                                                    return {-y["q"], y["w"]};
                                                  }));
    deq::Stepper first =
        solve.stepper({.t0 = 0, .t1 = 1, .y0 = {{"q", std::vector<double>{1, 2, 3}}, {"w", 4}}});
    return first;
  }();
  EXPECT_EQ(stepper.y("w")[0], 4);
  EXPECT_EQ(stepper.y("q")[2], 3);
  EXPECT_EQ(stepper.y("q").size(), 3u);
  EXPECT_EQ(errorOf([&] { stepper.y("v"); }), "expected one of the leaves q, w, got 'v'");
  while (stepper.step()) {
  }
  EXPECT_NEAR(stepper.y("w")[0], 4 * std::exp(1), 1e-4);
}

TEST(Stepper, mistakesSayWhatWasExpected) {
  deq::Engine engine;
  auto plain = engine.prepare(pendulum());
  EXPECT_EQ(errorOf([&] { plain.stepper({.t1 = 1, .args = {1}}); }),
            "expected initial values for 'angle', got none");
  deq::Stepper stepper = plain.stepper(swing());
  EXPECT_EQ(errorOf([&] { stepper.step_until(1); }),
            "expected a solve prepared with resumable = true, to end a step inside of its span");
  EXPECT_EQ(errorOf([&] { stepper.evaluate(0); }),
            "expected a solve prepared with a save plan that lists times (at, every or dense), to "
            "evaluate a step inside");
  auto solve = engine.prepare(pendulum(), {.save = deq::every(1), .resumable = true});
  stepper = solve.stepper(swing());
  for (auto [t, got] : {std::pair(-0.5, "-0.5"), {3.5, "3.5"}, {double(NAN), "nan"}})
    EXPECT_EQ(errorOf([&] { stepper.step_until(t); }),
              std::string("expected a time from 0, where the solve stands, to 3, its end, got ") +
                  got);
  stepper.step_until(2);
  EXPECT_EQ(errorOf([&] { stepper.step_until(1); }),
            "expected a time from 2, where the solve stands, to 3, its end, got 1");
  EXPECT_EQ(errorOf([&] { stepper.evaluate(2.5); }).substr(0, 38),
            "expected a time in the last step, from");
  std::vector<double> y(3);
  EXPECT_EQ(errorOf([&] { stepper.evaluate(2, y); }), "expected room for 2 numbers, got 3");
  EXPECT_EQ(stepper.t(), 2); // none of them changed anything
  EXPECT_TRUE(stepper.step_until(3) && stepper.done());
  EXPECT_TRUE(stepper.step_until(3)) << "it is there";
}

} // namespace
