// Going on from a checkpoint in C++: the bits and counts of a solve without the break, and what is
// said of checkpoints that belong elsewhere.
#include "Allocations.h"
#include "KickedPendulum.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

/// The text of the first message, which has to be at a place of this file.
template <class F> std::string errorOf(F f) {
  try {
    f();
  } catch (const deq::Error &error) {
    const deq::Diagnostic &first = error.diagnostics().front();
    EXPECT_NE(first.location.file.find("ResumeTest.cpp"), std::string::npos) << error.what();
    EXPECT_GT(first.location.line, 0);
    return first.text;
  }
  ADD_FAILURE() << "expected an Error, got none";
  return "";
}

std::vector<double> endOf(const deq::Rows &rows) {
  const auto row = rows.row(rows.t.size() - 1);
  return {row.begin(), row.end()};
}

void expectSameCounts(const deq::Statistics &a, const deq::Statistics &b) {
  EXPECT_EQ(a.accepted, b.accepted);
  EXPECT_EQ(a.rejected, b.rejected);
  EXPECT_EQ(a.evaluations, b.evaluations);
}

void append(deq::Rows &rows, const deq::Rows &more) {
  rows.t.insert(rows.t.end(), more.t.begin(), more.t.end());
  rows.y.insert(rows.y.end(), more.y.begin(), more.y.end());
}

class GoingOn : public testing::TestWithParam<deq::Options> {
protected:
  GoingOn() {
    options.resumable = true;
    options.jump_at = {-1.3, 1.3};
  }
  deq::Options options = GetParam();
};

// A time of the break that every plan has a row at anyway.
TEST_P(GoingOn, takesTheStepsOfTheWhole) {
  for (double sign : {1.0, -1.0})
    for (bool interpret : {false, true}) {
      deq::Engine engine({.interpret = interpret});
      const auto solve = engine.prepare(kicked(), options);
      deq::Solution first = solve(whole(sign * 1.0));
      ASSERT_TRUE(first.checkpoint);
      const deq::Solution second = solve(rest(first.checkpoint, sign * 1.5));
      const deq::Solution third = solve(rest(second.checkpoint, sign * 2.5));
      EXPECT_EQ(second.restart_reason, "");
      deq::Options together = options;
      together.step_at = {sign * 1.0, sign * 1.5};
      const deq::Solution expected = engine.prepare(kicked(), together)(whole(sign * 2.5));
      append(first, second);
      append(first, third);
      EXPECT_EQ(first.t, expected.t);
      EXPECT_EQ(first.y, expected.y);
      expectSameCounts(third.stats, expected.stats);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Options, GoingOn,
    testing::Values(
        deq::Options{.save = deq::every(0.25)}, deq::Options{.save = deq::every(0.5).only({"w"})},
        deq::Options{.save = deq::dense()},
        deq::Options{.method = deq::vern7, .save = deq::every(0.25)},
        deq::Options{.save = deq::every(0.25), .dtype = "f32"},
        deq::Options{.save = deq::every(0.25), .dtype = "f32(time = f64)"},
        deq::Options{.control = deq::pid({.pcoeff = 0.2, .icoeff = 0.4}), .save = deq::steps(1)},
        deq::Options{
            .method = deq::rk4, .control = deq::constant_step(0.03125), .save = deq::steps(1)}));

TEST(Resume, afterTooFewStepsLeavesNoTrace) {
  for (const char *dtype : {"f64", "f32"})
    for (const deq::Control &control : {deq::pid(), deq::constant_step(0.07)}) {
      deq::Engine engine;
      const auto solve = engine.prepare(kicked(), {.control = control,
                                                   .save = deq::steps(1),
                                                   .dtype = dtype,
                                                   .jump_at = {1.3},
                                                   .resumable = true});
      const deq::Solution expected = solve(whole(2));
      deq::Call few = whole(2);
      few.max_steps = 4;
      deq::Solution parts = solve(few);
      EXPECT_EQ(parts.status, deq::Status::max_steps_reached);
      const deq::Solution second = solve(rest(parts.checkpoint, 2));
      append(parts, second);
      EXPECT_EQ(parts.t, expected.t);
      EXPECT_EQ(parts.y, expected.y);
      expectSameCounts(second.stats, expected.stats);
    }
}

TEST(Resume, listedStepsMayBecomeMore) {
  deq::Engine engine;
  auto prepare = [&](std::vector<double> times) {
    return engine.prepare(kicked(), {.method = deq::rk4,
                                     .control = deq::step_to(std::move(times)),
                                     .save = deq::steps(1),
                                     .resumable = true});
  };
  const deq::Solution expected = prepare({0, 0.1, 0.5, 0.9, 1.1, 3})(whole(3));
  deq::Solution parts = prepare({0, 0.1, 0.5})(whole(0.5));
  const deq::Solution second = prepare({0, 0.1, 0.5, 0.9, 1.1, 3})(rest(parts.checkpoint, 3));
  EXPECT_EQ(second.restart_reason, "");
  append(parts, second);
  EXPECT_EQ(parts.t, expected.t);
  EXPECT_EQ(parts.y, expected.y);
  expectSameCounts(second.stats, expected.stats);
  // Anew, from a list that does not begin there.
  deq::Call other = rest(parts.checkpoint, 3);
  other.args = {5};
  EXPECT_NE(prepare({0, 1, 2, 3})(other).restart_reason, "");
  EXPECT_EQ(engine.stats().compiled, 1);
}

TEST(Resume, beyondAnEventStartsAnew) {
  deq::Engine engine;
  const auto solve = engine.prepare(
      kicked(), {.stop = {deq::stop_when("down", [](const deq::Vars &y) { return y[0] - 0.5; },
                                         {.direction = "down"})},
                 .resumable = true});
  const deq::Solution first = solve(whole(1));
  ASSERT_EQ(first.status, deq::Status::stopped);
  const deq::Solution second = solve(rest(first.checkpoint, 1));
  EXPECT_EQ(second.restart_reason, "an event stopped it inside of a step");
  EXPECT_EQ(second.status, deq::Status::success) << "the crossing is behind";
}

TEST(Resume, otherValuesStartAnewAndSaySo) {
  deq::Engine engine;
  const auto solve = engine.prepare(kicked(), {.save = deq::starts(), .resumable = true});
  const auto from = solve(whole(1)).checkpoint;
  deq::Call call = rest(from, 2);
  call.args = {{"g", 9.81}}; // the same, said again
  EXPECT_EQ(solve(call).restart_reason, "");
  call.args = {{"p", 2}};
  const deq::Solution heavier = solve(call);
  EXPECT_EQ(
      heavier.restart_reason,
      "arguments, constants, the start or direction of the span or the constant step have changed");
  EXPECT_EQ(heavier.t, (std::vector<double>{1, 2}));
  EXPECT_EQ(std::vector<double>(heavier.y.begin(), heavier.y.begin() + 3), from->y);
  const auto other =
      engine.prepare(kicked(), {.method = deq::dopri5, .save = deq::ends(), .resumable = true});
  EXPECT_EQ(errorOf([&] { other(rest(from, 2)); }), "expected arguments for 'g', got none");
  call.args = {9.81};
  EXPECT_EQ(other(call).restart_reason, "it was left by another field, method or controller");
  const deq::Solution back = solve(rest(from, -1)); // began forwards
  EXPECT_NE(back.restart_reason, "");
  deq::Call mirrored = {.t0 = 1, .t1 = -1, .y0 = from->y, .args = {9.81}, .dt = from->dt};
  EXPECT_EQ(endOf(back), endOf(solve(mirrored)));
  // Tolerances and plans are free.
  const auto tight = engine.prepare(
      kicked(),
      {.control = deq::pid(1e-10, 1e-10), .save = deq::at({0.5, 1.5}), .resumable = true});
  const deq::Solution rows = tight(rest(from, 2));
  EXPECT_EQ(rows.restart_reason, "");
  EXPECT_EQ(rows.t, std::vector<double>{1.5});
}

// What a text says goes before what the checkpoint knows, as for deqc.
TEST(Resume, fieldsOfTextsAndOpenShapes) {
  const std::string text = "field f(t; x; k = 3) {\n  x' = -k*x\n}\n"
                           "solve f {\n  span 0 to 2\n  init x = 1\n}\n";
  deq::Engine engine;
  const auto solve = engine.prepare(deq::load_string(text), {.resumable = true});
  const deq::Solution first = solve({.t0 = -1, .t1 = 1});
  const deq::Solution second = solve({.from = first.checkpoint});
  EXPECT_EQ(second.t, std::vector<double>{2});
  EXPECT_EQ(second.restart_reason, "") << "the checkpoint says that it began at -1";
  const deq::Solution slow = solve({.t1 = 1, .args = {2}});
  EXPECT_NE(solve({.from = slow.checkpoint}).restart_reason, "") << "the text says 3";

  const auto any = engine.prepare(deq::trace("decay", {.state = {{"y", {deq::any}}}},
                                             [](const deq::Vars &y) { return -y["y"]; }),
                                  {.resumable = true});
  const deq::Solution three = any({.t1 = 1, .y0 = std::vector<double>{1, 2, 3}});
  const deq::Solution rest = any({.from = three.checkpoint, .t1 = 2});
  EXPECT_EQ(rest.restart_reason, "");
  EXPECT_NEAR(rest.y[2], 3 * std::exp(-2), 1e-6);
}

TEST(Resume, denseOutputIsOfTheNewPart) {
  deq::Engine engine;
  const auto solve = engine.prepare(kicked(), {.save = deq::dense(), .resumable = true});
  const deq::Solution first = solve(whole(1)), second = solve(rest(first.checkpoint, 2));
  const deq::Solution expected =
      engine.prepare(kicked(), {.save = deq::dense(), .step_at = {1}})(whole(2));
  EXPECT_EQ(second.evaluate(1.7), expected.evaluate(1.7));
  EXPECT_EQ(second.derivative(1.7), expected.derivative(1.7));
  EXPECT_TRUE(std::isnan(second.evaluate(0.5).front()));
}

TEST(Resume, steppersGoOnToo) {
  for (const deq::Save &save : {deq::ends(), deq::dense()}) {
    deq::Engine engine;
    const auto solve =
        engine.prepare(kicked(), {.save = save, .jump_at = {1.3}, .resumable = true});
    deq::Stepper straight = solve.stepper(whole(2)), first = solve.stepper(whole(2));
    for (int i = 0; i < 7; ++i) {
      straight.step();
      first.step();
    }
    deq::Stepper second = solve.stepper(rest(first.checkpoint(), 2));
    EXPECT_EQ(second.t(), first.t());
    EXPECT_EQ(second.status(), deq::Status::running);
    EXPECT_EQ(second.restart_reason(), "");
    while (straight.step()) {
      ASSERT_TRUE(second.step());
      EXPECT_EQ(second.t(), straight.t());
      EXPECT_EQ(second.dt(), straight.dt());
      EXPECT_TRUE(std::equal(second.y().begin(), second.y().end(), straight.y().begin()));
      if (save.kind == "dense") {
        const double inside = second.t() - 0.25 * second.dt();
        EXPECT_EQ(second.evaluate(inside), straight.evaluate(inside));
      }
    }
    EXPECT_TRUE(second.done());
    expectSameCounts(second.stats(), straight.stats());
    // A solve and a stepper take over from each other.
    const deq::Solution ended = solve(rest(first.checkpoint(), 2));
    EXPECT_EQ(endOf(ended), std::vector<double>(straight.y().begin(), straight.y().end()));
    deq::Stepper there = solve.stepper(rest(ended.checkpoint, 2));
    EXPECT_TRUE(there.done() && there.ok());
    EXPECT_EQ(there.t(), 2);
  }
  deq::Engine engine;
  EXPECT_EQ(engine.prepare(kicked()).stepper(whole(1)).checkpoint(), nullptr);
}

// A list of the times at which steps end is all that a call allocates, here and there.
TEST(Resume, buffersGoOnWithoutFurtherAllocations) {
  deq::Engine engine;
  const auto solve = engine.prepare(kicked(), {.save = deq::every(0.25), .resumable = true});
  std::vector<double> t(16), y(48);
  deq::Workspace workspace = solve.workspace();
  EXPECT_EQ(workspace.checkpoint(), nullptr);
  solve(whole(1), {t, y}, workspace);
  const deq::Call again = whole(1);
  const Allocations fresh = Allocations::now();
  solve(again, {t, y}, workspace);
  const int allowed = int(Allocations::now().byNew - fresh.byNew);
  const auto from = workspace.checkpoint();
  const deq::Solution expected = solve(rest(from, 2));
  for (int run = 0; run < 2; ++run) {
    const deq::Call call = rest(from, 2);
    const Allocations before = Allocations::now();
    const deq::Ended ended = solve(call, {t, y}, workspace);
    const Allocations after = Allocations::now();
    ASSERT_EQ(ended.rows, 4);
    EXPECT_EQ(ended.restart_reason, "");
    EXPECT_EQ(std::vector<double>(t.begin(), t.begin() + 4), expected.t);
    EXPECT_EQ(std::vector<double>(y.begin(), y.begin() + 12), expected.y);
    expectSameCounts(ended.stats, expected.stats);
    if (run == 0) // it sizes the workspace
      continue;
    EXPECT_LE(int(after.byNew - before.byNew), allowed);
  }
  deq::Call call = rest(from, 2);
  call.args = {9};
  EXPECT_NE(solve(call, {t, y}, workspace).restart_reason, "");
}

TEST(Interruption, leavesWhereItStands) {
  deq::Engine engine;
  for (const bool buffered : {false, true}) {
    std::stop_source source;
    const auto solve = engine.prepare(kicked(), {.save = deq::starts(), .resumable = true});
    deq::Call call = whole(1e4);
    call.stop = source.get_token();
    source.request_stop();
    std::vector<double> t(4), y(12);
    deq::Workspace workspace = solve.workspace();
    std::shared_ptr<const deq::Checkpoint> from;
    if (buffered) {
      const deq::Ended ended = solve(call, {t, y}, workspace);
      EXPECT_EQ(ended.status, deq::Status::interrupted);
      EXPECT_TRUE(ended.complete && ended.rows == 2 && ended.t > 0 && ended.t < 1e4);
      EXPECT_EQ(t[1], ended.t);
      from = workspace.checkpoint();
    } else {
      const deq::Solution s = solve(call);
      EXPECT_EQ(s.status, deq::Status::interrupted);
      EXPECT_EQ(s.t.size(), 2u);
      from = s.checkpoint;
    }
    EXPECT_EQ(from->status, deq::Status::interrupted);
    const double end = std::ceil(from->t) + 1;
    const deq::Solution parts = solve(rest(from, end)), expected = solve(whole(end));
    EXPECT_EQ(endOf(parts), endOf(expected));
    expectSameCounts(parts.stats, expected.stats);
    deq::Call quiet = whole(1); // a token that nobody uses
    quiet.stop = std::stop_source().get_token();
    EXPECT_TRUE(solve(quiet).ok());
    EXPECT_TRUE(solve(quiet, {t, y}, workspace).ok());
  }
}

TEST(Resume, mistakesSayWhatWasExpected) {
  deq::Engine engine;
  const auto solve = engine.prepare(kicked(), {.resumable = true});
  const deq::Solution first = solve(whole(1));
  const auto plain = engine.prepare(kicked());
  auto with = [&](auto change) {
    deq::Call call = rest(first.checkpoint, 2);
    change(call);
    return errorOf([&] { solve(call); });
  };
  EXPECT_EQ(with([](deq::Call &call) { call.t0 = 1; }),
            "expected no t0 next to from; the checkpoint has it");
  EXPECT_EQ(with([](deq::Call &call) {
              call.y0 = {1, 2, 3};
            }),
            "expected no y0 next to from; the checkpoint has it");
  EXPECT_EQ(with([](deq::Call &call) { call.t1.reset(); }),
            "expected t1, the end of the span, got none");
  EXPECT_EQ(with([](deq::Call &call) { call.t1 = 0.5; }),
            "the solve to go on with is at t = 1, beyond the end of the span at 0.5");
  EXPECT_EQ(with([&](deq::Call &call) { call.from = plain(whole(1)).checkpoint; }),
            "expected a checkpoint to go on from, got none; solves that are prepared with "
            "resumable = true leave one");
  EXPECT_EQ(errorOf([&] { plain(rest(first.checkpoint, 2)); }),
            "expected a solve prepared with resumable = true, to go on from a checkpoint");
  EXPECT_EQ(errorOf([&] { plain.stepper(rest(first.checkpoint, 2)); }),
            "expected a solve prepared with resumable = true, to go on from a checkpoint");
  const auto other =
      engine.prepare(deq::trace("f", {.state = {"x"}}, [](const deq::Vars &y) { return -y[0]; }),
                     {.resumable = true});
  EXPECT_EQ(errorOf([&] { other(rest(first.checkpoint, 2)); }),
            "expected a checkpoint of the state x, got one of angle, w[2]");
}

// A host may fill in a checkpoint itself: then nothing of it is believed but its state.
TEST(Resume, checkpointsMadeByHandAreHeldAgainstTheSolve) {
  deq::Engine engine;
  const auto solve = engine.prepare(kicked(), {.resumable = true});
  auto own = std::make_shared<deq::Checkpoint>();
  own->state = solve.state();
  own->y = {1, 0, 0.5};
  own->t = 0.5;
  deq::Call call = {.from = own, .t1 = 1, .args = {9.81}};
  EXPECT_NE(solve(call).restart_reason, "");
  own->y.pop_back();
  EXPECT_NE(errorOf([&] { solve(call); }), "");
  auto cut = std::make_shared<deq::Checkpoint>(*solve(whole(1)).checkpoint);
  cut->workspace.resize(3);
  EXPECT_NE(solve(rest(cut, 2)).restart_reason, "");
}

} // namespace
