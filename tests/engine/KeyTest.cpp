// Every field of the key has a change that compiles anew and is told in exact words; every value
// outside of it has one that is a hit.
// A new row of Key.def without such a change fails here.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <set>

namespace {

using deq::Options;
using deq::Vars;

struct Asked {
  deq::Field field;
  Options options = {};
};

/// What an engine says of `now`, after `before` at the same place; empty: it was a hit.
std::string reasonFor(const Asked &before, const Asked &now) {
  deq::Engine engine;
  std::string reason;
  engine.on_compile([&](const deq::CompileReport &report) { reason = report.reason; });
  for (const Asked *asked : {&before, &now}) {
    reason.clear();
    engine.prepare(asked->field, asked->options);
  }
  return reason;
}

deq::Field decay(std::vector<std::int64_t> shape = {3}, std::vector<std::int64_t> rate = {}) {
  return deq::trace("decay", {.state = {{"y", std::move(shape)}}, .args = {{"rate", rate}}},
                    [](deq::Scalar, const Vars &y, const Vars &args) {
                      const deq::Array &rate = args[0];
                      return -(rate.shape().empty() ? rate : sum(rate)) * y[0];
                    });
}

deq::Field pair() {
  return deq::trace("decay", {.state = {"y", "z"}, .args = {"rate"}},
                    [](deq::Scalar, const Vars &y, const Vars &args) {
                      return deq::stack(-args[0] * y[0], y[1]);
                    });
}

deq::Field noArguments() {
  return deq::trace("decay", {.state = {{"y", {3}}}}, [](const Vars &y) { return -y[0]; });
}

deq::Field power(int exponent) {
  return deq::trace("power", {.state = {"x"}}, [=](const Vars &y) { return -pow(y[0], exponent); });
}

deq::Stop low(std::string direction) {
  return deq::stop_when("low", [](const Vars &y) { return sum(y[0]); },
                        {.direction = std::move(direction)});
}

struct Flip {
  const char *row;
  Asked before, now;
  const char *reason;
};

Flip option(const char *row, Options now, const char *reason) {
  return {row, {decay()}, {decay(), std::move(now)}, reason};
}

std::vector<Flip> flips() {
  return {
      option("dtype", {.dtype = "f32"}, "element type f64 -> f32"),
      option("dtype", {.dtype = "f32(time = f64)"}, "element type f64 -> f32(time=f64)"),
      {"state", {decay({3})}, {decay({4})}, "shape of 'y' f64[3] -> f64[4]"},
      {"state", {decay({3})}, {decay({3, 1})}, "shape of 'y' f64[3] -> f64[3,1]"},
      {"state", {decay({3})}, {pair()}, "state of 1 -> 2 leaves"},
      {"arguments", {decay()}, {decay({3}, {2})}, "shape of 'rate' f64 -> f64[2]"},
      {"arguments",
       {decay({3}, {3})},
       {decay({3}, {20})},
       "shape of 'rate' f64[3] -> f64[20] in memory"},
      {"arguments", {decay()}, {noArguments()}, "arguments of 1 -> 0 leaves"},
      {"field",
       {power(2)},
       {power(3)},
       "structure of the field of 3 operations -> of 4 operations"},
      option("method", {.method = deq::dopri5}, "method tsit5 -> dopri5"),
      option("method", {.method = "half(tsit5)"}, "method tsit5 -> half(tsit5)"),
      option("control", {.control = deq::constant_step(0.1)},
             "controller pid, norm rms -> constant"),
      option("control", {.control = deq::pid({.norm = "max"})},
             "controller pid, norm rms -> pid, norm max"),
      option("control", {.control = deq::pid({.leaf_atol = {{"y", 1e-3}}})},
             "controller pid, norm rms -> pid, norm rms, absolute tolerance per leaf"),
      option("control", {.control = deq::pid({.weights = {{"y", 2}}})},
             "controller pid, norm rms -> pid, norm rms, weight per leaf"),
      option("control", {.step_at = {0.5}},
             "controller pid, norm rms -> pid, norm rms, steps that end at given times"),
      option("control", {.control = deq::step_to({0, 1})},
             "controller pid, norm rms -> constant, steps that end at given times"),
      option("control", {.dt_limit = deq::dt_limit([](const Vars &y) { return 1 + sum(y[0]); })},
             "structure of the field of 5 operations -> of 8 operations, controller pid, norm rms "
             "-> pid, norm rms, limited by an expression"),
      option("save", {.save = deq::every(0.1)}, "save plan ends -> times"),
      option("save", {.save = deq::at({0.1})}, "save plan ends -> times"),
      option("save", {.save = deq::steps(3)}, "save plan ends -> steps"),
      option("save", {.save = deq::dense()}, "save plan ends -> dense"),
      {"events",
       {decay(), {.stop = {low("up")}}},
       {decay(), {.stop = {low("down")}}},
       "events up -> down"},
      {"events",
       {decay()},
       {decay(), {.stop = {low("up")}}},
       "structure of the field of 5 operations -> of 6 operations, events none -> up"},
      option("stages", {.stages = "scan"}, "stages auto -> scan"),
      option("stages", {.compile_budget = std::chrono::milliseconds(20)},
             "stages auto -> auto within 20 ms"),
      {"resumable",
       {decay(), {.step_at = {0.5}}},
       {decay(), {.step_at = {0.5}, .resumable = true}},
       "states to go on from not kept -> kept"},
      option("tier", {.tier = "quick"}, "tier full -> quick"),
  };
}

/// Rows that no host changes at one engine, and why.
const std::map<std::string, std::string> constants = {
    {"version", "of this library"},
    {"backend", "an engine has one for all of its life"},
    {"processor", "of this machine"},
    {"build", "of this library"},
};

TEST(Key, everyRowHasAChange) {
  std::set<std::string> covered;
  for (const Flip &flip : flips())
    covered.insert(flip.row);
  for (const auto &[row, why] : constants)
    covered.insert(row);
  const std::set<std::string> rows = {
#define KEY_FIELD(name, what, values, shown) #name,
#include "runtime/Cache/Key.def"
  };
  EXPECT_EQ(covered, rows);
}

TEST(Key, everyChangeIsTold) {
  for (const Flip &flip : flips()) {
    EXPECT_EQ(reasonFor(flip.before, flip.now), flip.reason) << flip.row;
    EXPECT_EQ(reasonFor(flip.now, flip.now), "") << flip.row;
    EXPECT_NE(reasonFor(flip.now, flip.before), "") << flip.row;
  }
}

TEST(Key, backendsNeverShare) {
  deq::Engine native, slow({.interpret = true});
  EXPECT_NE(native.prepare(decay()).key(), slow.prepare(decay()).key());
}

TEST(Key, severalChangesAreAllTold) {
  EXPECT_EQ(reasonFor({decay()}, {decay({4}), {.method = deq::bosh3, .save = deq::every(1)}}),
            "shape of 'y' f64[3] -> f64[4], method tsit5 -> bosh3, save plan ends -> times");
}

/// Solves 1000 times with what `make` gives for 0 .. 999 and expects one compile.
void expectOneCompile(const std::function<void(deq::Engine &, int)> &solve) {
  deq::Engine engine;
  for (int i = 0; i < 1000; ++i)
    solve(engine, i);
  EXPECT_EQ(engine.stats().compiled, 1);
}

/// 0, 1, 2, -1, 0.5 and equal neighbours first, then others.
double number(int i) {
  constexpr double special[] = {0, 1, 2, -1, 0.5, 0.5, 0, 0};
  return i < 8 ? special[i] : 0.001 * i - 0.3;
}

const deq::Call unit = {.t0 = 0, .t1 = 1, .y0 = {1, 1, 1}, .args = {0.5}};

TEST(Key, capturesAreNone) {
  expectOneCompile([](deq::Engine &engine, int i) {
    const double a = number(i), b = number(i / 2);
    auto solve = engine.prepare(deq::trace("f", {.state = {"x", "y"}}, [=](const Vars &y) {
      return deq::stack(a * y[1] + b, b * y[0] - a);
    }));
    if (i % 50 == 0) {
      EXPECT_TRUE(solve({.t0 = 0, .t1 = 1, .y0 = {1, 1}}).ok()) << i;
    }
  });
}

TEST(Key, valuesOfAPreparationAreNone) {
  const deq::Field field = decay();
  expectOneCompile([&](deq::Engine &engine, int i) {
    const double x = 1e-3 * (i + 1);
    engine.prepare(field, {.control = deq::pid({.rtol = 1e-4 * x,
                                                .atol = 1e-5 * x,
                                                .pcoeff = number(i),
                                                .icoeff = x,
                                                .dcoeff = 0.1 * x,
                                                .safety = 0.5 + 0.4 * x,
                                                .factor_min = 0.1 + 0.1 * x,
                                                .factor_max = 2 + x,
                                                .dt_min = 1e-9 * x,
                                                .dt_max = 1 + x,
                                                .leaf_atol = {{"y", 1e-5 * x}},
                                                .weights = {{"y", 1 + x}}}),
                           .save = i % 2 ? deq::every(0.1 + x) : deq::at({x, x + 1}),
                           .dt = 1e-3 * x,
                           .max_steps = 1000 + i,
                           .step_at = {x, 2 + x},
                           .jump_at = {0.5 * x}});
  });
}

TEST(Key, valuesOfACallAreNone) {
  deq::Engine engine;
  auto solve = engine.prepare(decay());
  for (int i = 0; i < 1000; ++i) {
    const double x = number(i);
    const double rtol = 1e-5 * (1 + i);
    EXPECT_TRUE(
        solve({.t0 = x, .t1 = 1.5, .y0 = {x, 1, x}, .args = {x}, .rtol = rtol, .atol = rtol}).ok())
        << i;
  }
  EXPECT_EQ(engine.stats().compiled, 1);
}

TEST(Key, stepsOfConstantControlAreNone) {
  const deq::Field field = decay();
  expectOneCompile([&](deq::Engine &engine, int i) {
    engine.prepare(field, {.control = deq::constant_step(1e-3 * (i + 1))});
  });
}

TEST(Key, namesAndNumbersOfEventsAreNone) {
  expectOneCompile([&](deq::Engine &engine, int i) {
    const double level = number(i);
    deq::Stop stop =
        deq::stop_when("event" + std::to_string(i),
                       [=](const Vars &y) { return sum(y[0]) - level; }, {.tolerance = 1e-9 * i});
    engine.prepare(decay(), {.save = deq::ends().with("row" + std::to_string(i),
                                                      [=](const Vars &y) { return level * y[0]; }),
                             .stop = {stop}});
  });
}

TEST(Key, textsByWhatTheyComputeAlone) {
  const char *texts[] = {
      "field f(t; x, y; a) {\n  k = 2*x\n  x' = a*y + k\n  y' = -x + 2\n}\n",
      "field g(s; u, v; b) {\n v' = -u+3 # other\n m = 0*u\n u' = b*v + m\n}\n",
      "field h(t; x, y; a = 7) {\n\n  y' = (-x) + 1e9\n  x' = a*y + -1.5*x\n}\n",
      "field f(t; x, y; a) {\n x' = a*y + 1*x\n y' = -x + 0\n}\nsolve s = f {\n span 1 to 7\n init "
      "x = 1, y = 2\n args a = 3\n control pid(rtol = 1e-3, atol = 1e-2)\n}\n"};
  deq::Engine engine;
  for (const char *text : texts)
    engine.prepare(deq::load_string(text));
  EXPECT_EQ(engine.stats().compiled, 2) << "-1.5*x is another formula than 2*x, the rest is none";
}

// One place of the host may be any number of places.
TEST(Key, placesAreNone) {
  deq::Engine engine;
  const auto first = engine.prepare(decay()).key();
  const auto second = engine.prepare(decay()).key();
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.size(), 32u);
  EXPECT_EQ(engine.stats().compiled, 1);
}

} // namespace
