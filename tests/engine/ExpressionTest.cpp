// Events and saved expressions of a traced field: those of its twin in the language, to the bit.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <cmath>

namespace {

using deq::Scalar;
using deq::Vars;

const char *text = R"(
field fall(t; height, speed; g = 9.81, drag = 0.1) {
  height' = speed
  speed' = -g - drag*speed
}
solve fall {
  span 0 to 10
  init height = 1, speed = 3
  save every 0.125: height, speed, energy = speed^2/2 + g*height, both = [height, speed]
  stop top when speed - 2, direction = down
  stop ground when height - 0.25*t, tolerance = 1e-9
}
)";

deq::Field fall() {
  return deq::trace("fall", {.state = {"height", "speed"}, .args = {"g", "drag"}},
                    [](Scalar, const Vars &y, const Vars &args) {
                      return deq::stack(y["speed"], -args["g"] - args["drag"] * y["speed"]);
                    });
}

deq::Options withExpressions(const std::vector<deq::Stop> &stop) {
  return {.save = deq::every(0.125)
                      .with("energy",
                            [](Scalar, const Vars &y, const Vars &args) {
                              return pow(y["speed"], 2) / 2 + args["g"] * y["height"];
                            })
                      .with("both", [](const Vars &y) { return deq::stack(y[0], y[1]); }),
          .stop = stop};
}

const deq::Stop ground = deq::stop_when(
    "ground", [](Scalar t, const Vars &y) { return y["height"] - 0.25 * t; }, {.tolerance = 1e-9});
const deq::Stop top =
    deq::stop_when("top", [](const Vars &y) { return y["speed"] - 2; }, {.direction = "down"});
const deq::Call fallen = {.t0 = 0, .t1 = 10, .y0 = {1, 3}, .args = {9.81, 0.1}};

TEST(Expressions, areThoseOfTheLanguage) {
  deq::Engine engine;
  const deq::Solution expected = engine.prepare(deq::load_string(text))();
  const deq::Solution own = engine.prepare(fall(), withExpressions({top, ground}))(fallen);
  EXPECT_EQ(engine.stats().compiled, 1);
  EXPECT_EQ(own.status, deq::Status::stopped);
  EXPECT_EQ(own.event.name, "top");
  EXPECT_EQ(own.event.t, expected.event.t);
  EXPECT_EQ(own.t, expected.t);
  EXPECT_EQ(own.y, expected.y);
  EXPECT_EQ(own.expressions, 2);
  EXPECT_EQ(deq::columns(own.leaves), deq::columns(expected.leaves));
}

TEST(Expressions, otherEventsAreOtherCode) {
  deq::Engine engine;
  const auto on_ground = engine.prepare(fall(), withExpressions({ground}));
  const deq::Solution landed = on_ground(fallen);
  EXPECT_EQ(landed.event.name, "ground");
  EXPECT_NEAR(landed.y[landed.y.size() - 5], 0.25 * landed.event.t, 1e-8);
  // Numbers and names of events are none.
  deq::Stop renamed =
      deq::stop_when("renamed", [](Scalar t, const Vars &y) { return y["height"] - 0.5 * t; },
                     {.tolerance = 1e-3});
  const deq::Solution sooner = engine.prepare(fall(), withExpressions({renamed}))(fallen);
  EXPECT_LT(sooner.event.t, landed.event.t);
  EXPECT_EQ(engine.stats().compiled, 1);
  deq::Stop upwards = ground;
  upwards.options.direction = "up";
  EXPECT_FALSE(engine.prepare(fall(), withExpressions({upwards}))(fallen).event.index >= 0);
  EXPECT_EQ(engine.stats().compiled, 2);
}

TEST(Expressions, conditionsStopAfterTheStep) {
  deq::Engine engine;
  const deq::Stop below =
      deq::stop_when("below", [](const Vars &y) { return y[0] < 0.5 && y[1] < 0; });
  const deq::Solution s = engine.prepare(fall(), {.stop = {below}})(fallen);
  EXPECT_EQ(s.event.name, "below");
  EXPECT_LT(s.y[0], 0.5);
}

TEST(Expressions, paramsAreShared) {
  deq::Engine engine;
  const deq::Field field = deq::trace("f", {.state = {"x"}},
                                      [](const Vars &y) { return deq::param("rate", 2.0) * y[0]; });
  auto solve = engine.prepare(
      field,
      {.save = deq::ends()
                   .only({"x"})
                   .with("power", [](const Vars &y) { return deq::param("rate", 2.0) * y[0]; })
                   .with("other", [](const Vars &y) { return y[0] + deq::param("load", 1.0); })});
  const deq::Solution s = solve({.t0 = 0, .t1 = 1, .y0 = {1}, .args = {{"rate", 3}, {"load", 5}}});
  EXPECT_NEAR(s.y[0], std::exp(3), 1e-4);
  EXPECT_EQ(s.y[1], 3 * s.y[0]);
  EXPECT_EQ(s.y[2], 5 + s.y[0]);
  // The field by itself has none of it.
  EXPECT_EQ(engine.prepare(field)({.t0 = 0, .t1 = 1, .y0 = {1}}).y.size(), 1u);
}

TEST(Expressions, ofNoPlanAreThoseOfTheEnd) {
  deq::Engine engine;
  auto twice = [](const Vars &y) { return 2 * y["height"]; };
  const deq::Save one = deq::Save().with("twice", twice).only({"height"});
  const deq::Solution s = engine.prepare(fall(), {.save = one})(fallen);
  EXPECT_EQ(deq::columns(s.leaves), (std::vector<std::string>{"height", "twice"}));
  ASSERT_EQ(s.y.size(), 2u);
  EXPECT_EQ(s.y[1], 2 * s.y[0]);
}

TEST(Expressions, openShapesAndSteppers) {
  deq::Engine engine;
  auto solve = engine.prepare(
      deq::trace("f", {.state = {{"u", {deq::any}}}}, [](const Vars &y) { return -y[0]; }),
      {.stop = {deq::stop_when("low", [](const Vars &y) { return deq::sum(y[0]) - 1; })}});
  for (double n : {2, 3}) {
    const std::vector<double> u(std::size_t(n), 1.0);
    EXPECT_NEAR(solve({.t0 = 0, .t1 = 9, .y0 = u}).event.t, std::log(n), 1e-5);
    deq::Stepper stepper = solve.stepper({.t0 = 0, .t1 = 9, .y0 = u});
    while (stepper.step()) {
    }
    EXPECT_EQ(stepper.event().name, "low");
  }
}

/// The identifier and text of the first message, which has to be at a place of this file.
template <class F> std::string errorOf(F f) {
  try {
    f();
  } catch (const deq::Error &error) {
    const deq::Diagnostic &first = error.diagnostics().front();
    EXPECT_NE(first.location.file.find("ExpressionTest.cpp"), std::string::npos) << error.what();
    EXPECT_GT(first.location.line, 0);
    return first.id + ": " + first.text;
  }
  ADD_FAILURE() << "expected an Error, got none";
  return "";
}

TEST(Expressions, mistakesSayWhatWasExpected) {
  deq::Engine engine;
  auto prepare = [&](deq::Options options) {
    return errorOf([&] { engine.prepare(fall(), options); });
  };
  auto speed = [](const Vars &y) { return y["speed"]; };
  auto slow = [](const Vars &y) { return y["speed"] < 1; };
  auto all = [](const Vars &y) { return deq::stack(y[0], y[1]); };
  EXPECT_EQ(prepare({.stop = {deq::stop_when("s", speed), deq::stop_when("s", slow)}}),
            "defined-twice: event 's' is defined twice");
  EXPECT_EQ(prepare({.stop = {deq::stop_when("s", speed, {.direction = "left"})}}),
            "expected-word: expected 'up', 'down' or 'any'");
  EXPECT_EQ(prepare({.stop = {deq::stop_when("s", speed, {.tolerance = -1})}}),
            "option-range: expected tolerance of at least 0, got -1");
  EXPECT_EQ(prepare({.stop = {deq::stop_when("s", slow, {.direction = "up"})}}),
            "expected-number: expected a number that crosses zero, since a direction is given, got "
            "a condition");
  EXPECT_EQ(prepare({.stop = {deq::stop_when("s", all)}}),
            "expected-scalar: expected a scalar, got shape [2]");
  EXPECT_EQ(prepare({.save = deq::ends().with("s", slow)}),
            "expected-number: expected a number to save, got a condition");
  EXPECT_EQ(prepare({.save = deq::ends().with("speed", speed)}),
            "name-clash: 'speed' is already the name of a state leaf");
  EXPECT_EQ(prepare({.save = deq::ends().with("s", speed).with("s", speed)}),
            "given-twice: 's' is given twice");
  EXPECT_EQ(prepare({.stop = {deq::stop_when("s", [](const Vars &y) { return y["q"]; })}}),
            "leaf-key: expected one of the state, height, speed, got 'q'");
  EXPECT_EQ(errorOf([&] {
              engine.prepare(deq::load_string(text), {.stop = {deq::stop_when("s", speed)}});
            }),
            "text-expression: expected a traced field for 's' as a callable, got a text; its solve "
            "block can have 'stop when' and saved expressions");
  EXPECT_EQ(errorOf([&] { engine.prepare(fall(), withExpressions({})).workspace(); }).substr(0, 12),
            "call-values:");
}

} // namespace
