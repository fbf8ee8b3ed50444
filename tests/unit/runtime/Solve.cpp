// The driver of resumable kernels against a kernel written by hand: how often it is called never
// shows in the result. Room for one row and slices of one step are the hardest schedule, so they
// are compared with the easiest one.
#include "runtime/Solve.h"

#include "tests/unit/support/ToyProgram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace {

using namespace deq;
using test::ToyProgram;
using Kind = SavePlan::Kind;

Signature toySignature(SaveKind save, DType dtype = DType::f64) {
  Signature s;
  s.state = {{"p", {}}, {"q", {1}}};
  s.dtype = dtype;
  s.control = "constant";
  s.method = "euler";
  s.save = save;
  s.evaluations_per_step = 1;
  s.evaluations_at_start = 0;
  s.workspace_slots = state_slot(dtype == DType::f32) + 2;
  return s;
}

SavePlan plan(Kind kind, double h = 0, std::vector<double> times = {}) {
  return {kind, h, std::move(times), 1};
}
SavePlan everyStep(std::int64_t n) { return {Kind::steps, 0, {}, n}; }

Values toyValues(SavePlan plan, double t1 = 1, double dt = 0.1) {
  Values v;
  v.t1 = t1;
  v.dt = dt;
  v.y0 = {1, 0};
  v.save = std::move(plan);
  return v;
}

SolveHooks schedule(std::int64_t rows, std::int64_t steps) {
  SolveHooks hooks;
  hooks.rowCapacity = rows;
  hooks.sliceSteps = steps;
  return hooks;
}

void expectSame(const Solution &a, const Solution &b) {
  EXPECT_EQ(a.t, b.t);
  EXPECT_EQ(a.y, b.y);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.stats.steps, b.stats.steps);
  EXPECT_EQ(a.stats.evaluations, b.stats.evaluations);
}

TEST(Solve, endsWithOneRow) {
  const Signature s = toySignature(SaveKind::end);
  const ToyProgram<double> program(s);
  const Solution got = solve(program, s, toyValues(plan(Kind::end)));
  EXPECT_EQ(got.status, Status::success);
  EXPECT_TRUE(got.ok());
  ASSERT_EQ(got.t, std::vector<double>{1});
  double p = 1, q = 0;
  for (int i = 0; i < 10; ++i) {
    const double next = p + 0.1 * q;
    q -= 0.1 * p;
    p = next;
  }
  EXPECT_EQ(got.y, (std::vector<double>{p, q}));
  EXPECT_EQ(got.width(), 2);
  EXPECT_EQ(got.leaves[1].name, "q");
  EXPECT_EQ(got.stats.steps, 10);
  EXPECT_EQ(got.stats.accepted, 10);
  EXPECT_EQ(got.stats.rejected, 0);
  EXPECT_EQ(got.stats.evaluations, 10);
}

TEST(Solve, noScheduleShowsInTheResult) {
  const struct {
    SaveKind kind;
    SavePlan save;
    std::size_t rows;
  } cases[] = {{SaveKind::end, plan(Kind::end), 1},
               {SaveKind::end, plan(Kind::start), 2},
               {SaveKind::times, plan(Kind::every, 0.03), 35},
               {SaveKind::times, plan(Kind::at, 0, {0, 0.11, 0.12, 0.13, 1}), 5},
               {SaveKind::times, plan(Kind::at, 0, {0.5}), 1},
               {SaveKind::steps, everyStep(1), 10},
               {SaveKind::steps, everyStep(3), 4}};
  for (const auto &[kind, save, rows] : cases) {
    const Signature s = toySignature(kind);
    const ToyProgram<double> program(s);
    SolveHooks whole;
    whole.sliceSteps = 1000;
    const Solution expected = solve(program, s, toyValues(save), whole);
    EXPECT_EQ(program.calls, 1) << "the plan tells how many rows there are";
    EXPECT_EQ(expected.t.size(), rows);
    EXPECT_EQ(expected.y.size(), 2 * rows);
    for (const auto &[capacity, steps] : {std::pair(1, 0), {1, 1}, {2, 1}, {0, 1}, {3, 4}})
      expectSame(solve(program, s, toyValues(save), schedule(capacity, steps)), expected);
  }
}

TEST(Solve, repeatsAStepThatFindsNoRoom) {
  const Signature s = toySignature(SaveKind::times);
  const ToyProgram<double> program(s);
  const Values v = toyValues(plan(Kind::every, 0.01));
  const Solution got = solve(program, s, v, schedule(1, 0));
  EXPECT_EQ(got.t.size(), 101u);
  EXPECT_GT(program.attempts, 90);
  EXPECT_EQ(got.stats.evaluations, 10) << "what the caller's buffers cost is not the solve's";
}

TEST(Solve, outputGrows) {
  const Signature s = toySignature(SaveKind::steps);
  const ToyProgram<double> program(s);
  const Solution got = solve(program, s, toyValues(everyStep(1), 1000));
  EXPECT_EQ(got.t.size(), 10000u);
  EXPECT_EQ(got.t.back(), 1000);
  EXPECT_TRUE(std::is_sorted(got.t.begin(), got.t.end()));
  EXPECT_LT(program.calls, 40) << "room and slices double";
}

TEST(Solve, slicesAreShort) {
  const Signature s = toySignature(SaveKind::end);
  const ToyProgram<double> program(s);
  solve(program, s, toyValues(plan(Kind::end), 100), schedule(0, 7));
  EXPECT_EQ(program.calls, 1000 / 7 + 1);
}

TEST(Solve, interruptionKeepsTheRowsAndTheState) {
  const Signature s = toySignature(SaveKind::times);
  const ToyProgram<double> program(s);
  const Values v = toyValues(plan(Kind::every, 0.25));
  const Solution whole = solve(program, s, v);
  SolveHooks hooks = schedule(0, 3);
  int polls = 0;
  hooks.interrupted = [&] { return ++polls == 2; };
  const Solution got = solve(program, s, v, hooks);
  EXPECT_EQ(got.status, Status::interrupted);
  EXPECT_FALSE(got.ok());
  ASSERT_EQ(got.t.size(), 4u);
  EXPECT_TRUE(std::equal(got.t.begin(), got.t.end() - 1, whole.t.begin()));
  EXPECT_TRUE(std::equal(got.y.begin(), got.y.end() - 2, whole.y.begin()));
  EXPECT_NEAR(got.t.back(), 0.6, 1e-15);
  EXPECT_EQ(got.y.size(), 8u);
  EXPECT_EQ(got.failure.t, got.t.back());
  EXPECT_EQ(got.failure.step, 6);
  EXPECT_EQ(got.failure.component, "");
  EXPECT_EQ(got.stats.steps, 6);
}

TEST(Solve, interruptionClosesOnlyWhatCloses) {
  const Signature s = toySignature(SaveKind::times);
  const ToyProgram<double> program(s);
  SolveHooks hooks = schedule(0, 3);
  hooks.interrupted = [] { return true; };
  const Solution got = solve(program, s, toyValues(plan(Kind::at, 0, {0.15, 0.9})), hooks);
  EXPECT_EQ(got.t, std::vector<double>{0.15});
}

TEST(Solve, interruptionInsideAStepKeepsTimesIncreasing) {
  const Signature s = toySignature(SaveKind::times);
  const ToyProgram<double> program(s);
  SolveHooks hooks = schedule(3, 0);
  hooks.interrupted = [] { return true; };
  const Solution got = solve(program, s, toyValues(plan(Kind::every, 0.01)), hooks);
  EXPECT_EQ(got.t, (std::vector<double>{0, 0.01, 0.02})) << "the step to 0.1 is not accepted yet";
  EXPECT_EQ(got.y.size(), 6u);

  const Signature bySteps = toySignature(SaveKind::steps);
  const ToyProgram<double> counting(bySteps);
  hooks = schedule(0, 2);
  hooks.interrupted = [] { return true; };
  const Solution atRow = solve(counting, bySteps, toyValues(everyStep(1)), hooks);
  EXPECT_EQ(atRow.t, (std::vector<double>{0.1, 0.2})) << "the state is a row already";
}

TEST(Solve, failuresAreLocated) {
  const Signature s = toySignature(SaveKind::end);
  ToyProgram<double> program(s);
  program.failAt = 4;
  const Solution got = solve(program, s, toyValues(plan(Kind::end)), schedule(1, 1));
  EXPECT_EQ(got.status, Status::non_finite);
  EXPECT_EQ(got.failure.step, 4);
  EXPECT_NEAR(got.failure.t, 0.4, 1e-15);
  EXPECT_EQ(got.failure.component, "q[0]");
  EXPECT_EQ(got.t.size(), 1u) << "the data is complete up to there";

  Values v = toyValues(plan(Kind::end));
  v.max_steps = 5;
  const Solution limited = solve(ToyProgram<double>(s), s, v);
  EXPECT_EQ(limited.status, Status::max_steps_reached);
  EXPECT_EQ(limited.failure.step, 5);
  EXPECT_EQ(limited.failure.component, "");
}

TEST(Solve, f32RowsAreWidenedExactly) {
  const Signature s = toySignature(SaveKind::times, DType::f32);
  const ToyProgram<float> program(s);
  Values v = toyValues(plan(Kind::every, 0.03));
  v.y0 = {0.1, 0.7};
  const Solution expected = solve(program, s, v);
  EXPECT_EQ(expected.status, Status::success);
  EXPECT_EQ(expected.t.size(), 35u);
  EXPECT_EQ(expected.t.back(), 1);
  EXPECT_EQ(expected.y[0], double(0.1f));
  for (double y : expected.y)
    EXPECT_EQ(y, double(float(y)));
  expectSame(solve(program, s, v, schedule(1, 1)), expected);

  SolveHooks hooks = schedule(0, 3);
  hooks.interrupted = [] { return true; };
  const Solution cut = solve(program, s, v, hooks);
  EXPECT_NEAR(cut.t.back(), 3 * double(0.1f), 1e-14) << "time is the sum of the pair";
  EXPECT_EQ(cut.y.back(), double(float(cut.y.back())));
}

TEST(Solve, countsTheEvaluationsOfTheFirstStep) {
  Signature s = toySignature(SaveKind::end);
  const ToyProgram<double> program(s);
  auto evaluations = [&](const char *control, int atStart, double dt) {
    s.control = control;
    s.evaluations_at_start = atStart;
    s.evaluations_per_step = 6;
    // The toy always steps by dt; an automatic step is only accounted for.
    return solve(program, s, toyValues(plan(Kind::end), 1, dt)).stats.evaluations;
  };
  EXPECT_EQ(evaluations("pid", 1, 0.1), 61);
  EXPECT_EQ(evaluations("pid", 0, 0.1), 60);
  EXPECT_EQ(evaluations("constant", 1, 0.1), 61);
  EXPECT_EQ(evaluations("pid", 1, 0), 2) << "the first slope serves the automatic step too";
  EXPECT_EQ(evaluations("pid", 0, 0), 2);
}

TEST(Solve, anEmptySpanTakesNoStep) {
  const Signature s = toySignature(SaveKind::end);
  const Solution got = solve(ToyProgram<double>(s), s, toyValues(plan(Kind::end), 0));
  EXPECT_EQ(got.status, Status::success);
  EXPECT_EQ(got.t, std::vector<double>{0});
  EXPECT_EQ(got.stats.steps, 0);
  EXPECT_EQ(got.stats.evaluations, 0) << "Euler's method keeps no slope";
}

/// A kernel that is quick for few steps and slow for many.
struct SlowProgram : ToyProgram<double> {
  using ToyProgram::ToyProgram;
  static constexpr std::int64_t many = 100;
  mutable std::vector<std::int64_t> budgets;
  Outcome call(Frame &frame) const override {
    budgets.push_back(frame.budget);
    if (frame.budget > many)
      std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return ToyProgram::call(frame);
  }
};

TEST(Solve, slicesGrowFromOneStepAndShrinkWhenSlow) {
  const Signature s = toySignature(SaveKind::end);
  const SlowProgram program(s);
  SolveHooks hooks;
  std::vector<double> fractions;
  hooks.progress = [&](const Progress &p) {
    fractions.push_back(p.fraction);
    EXPECT_NEAR(p.t, p.fraction * 48, 1e-9);
    EXPECT_NEAR(double(p.steps), p.t / 0.1, 1e-6);
  };
  solve(program, s, toyValues(plan(Kind::end), 48), hooks);
  const std::vector<std::int64_t> &budgets = program.budgets;
  ASSERT_GE(budgets.size(), 3u);
  EXPECT_EQ(budgets[0], 1);
  EXPECT_GT(*std::max_element(budgets.begin(), budgets.end()), SlowProgram::many);
  for (std::size_t i = 0; i + 1 < budgets.size(); ++i) {
    if (budgets[i] > SlowProgram::many)
      EXPECT_LT(budgets[i + 1], budgets[i]);
  }
  EXPECT_LT(fractions.size(), budgets.size()) << "at most every tenth of a second";
}

TEST(Solution, statusesHaveNamesAndSentences) {
  EXPECT_STREQ(name(Status::success), "success");
  EXPECT_STREQ(name(Status::max_steps_reached), "max_steps_reached");
  EXPECT_STREQ(message(Status::success), "");
  for (int i = 0; i <= static_cast<int>(Status::interrupted); ++i) {
    const Status status = static_cast<Status>(i);
    EXPECT_STRNE(name(status), "unknown");
    EXPECT_EQ(std::string(message(status)).empty(), status == Status::success);
  }
  EXPECT_TRUE(ok(Status::stopped));
  EXPECT_FALSE(ok(Status::non_finite));
}

} // namespace
