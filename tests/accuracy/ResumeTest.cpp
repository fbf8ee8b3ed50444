// Solves that are interrupted after every step or for want of room, against uninterrupted ones, to
// the bit; and the frame protocol call by call. Everything that calls a kernel (growing output,
// interruption, progress) rests on resuming being invisible.
#include "HandCall.h"

namespace {

using namespace deq;
using namespace deq::test;

const char *const plans[] = {
    "start",    "end",     "every 0.03", "every 10", "at [0, 0.1, 0.1000001, 1.7, 2]",
    "at [0.7]", "steps 1", "steps 4"};

class Resume : public testing::TestWithParam<std::tuple<std::size_t, std::string, bool>> {
protected:
  Compiled compiled(const std::string &save, const std::string &method) const {
    const auto &[engine, dtype, constant] = GetParam();
    Overrides overrides;
    overrides.save = save;
    overrides.dtype = dtype;
    overrides.to = 2;
    overrides.method = method;
    std::string text = example("lotka_volterra");
    if (constant)
      text = withControl(text, "constant(dt = 0.03)");
    Compiled result = compileText(text, overrides, engines[engine]);
    result.values.pid.rtol = 1e-5;
    result.values.pid.pcoeff = 0.2;
    result.values.pid.icoeff = 0.3;
    result.values.pid.dcoeff = 0.1;
    if (!constant)
      result.values.dt = 1; // too much: the first steps are rejected
    return result;
  }
};

/// A plan of the same structure, so that the code of another one fits.
bool fits(const Compiled &compiled, const Values &values) {
  return mismatch(compiled.signature, values).empty();
}

TEST_P(Resume, slicesAndSmallBuffersAreInvisible) {
  // One method keeps its last slope as state, one has none, and one keeps a second point beside it.
  for (const char *method : {"tsit5", "heun", "reversible_heun"}) {
    std::vector<Compiled> kinds;
    for (const char *save : {"end", "at [0]", "steps 1"})
      kinds.push_back(compiled(save, method));
    for (const char *save : plans) {
      Overrides overrides;
      overrides.save = save;
      Diagnostics diagnostics;
      const auto problem = loadProblem("plan", example("lotka_volterra"), overrides, diagnostics);
      ASSERT_TRUE(problem);
      Compiled *c = nullptr;
      for (Compiled &kind : kinds) {
        Values values = kind.values;
        values.save = problem->values.save;
        if (fits(kind, values)) {
          kind.values = values;
          c = &kind;
        }
      }
      ASSERT_NE(c, nullptr);
      const Solution whole = c->run();
      ASSERT_EQ(whole.status, Status::success);
      if (c->signature.control == "pid") {
        ASSERT_GT(whole.stats.rejected, 0);
      }
      for (std::int64_t steps : {0, 1, 3})
        for (std::int64_t rows : {0, 1, 2}) {
          SolveHooks hooks;
          hooks.sliceSteps = steps;
          hooks.rowCapacity = rows;
          EXPECT_TRUE(same(c->run(hooks), whole))
              << method << ", save " << save << ", " << steps << " steps and " << rows << " rows";
        }
    }
  }
}

TEST_P(Resume, failuresAreTheSameToo) {
  Compiled c = compiled("steps 1", "tsit5");
  c.values.max_steps = 11;
  const Solution whole = c.run();
  ASSERT_EQ(whole.status, Status::max_steps_reached);
  SolveHooks hooks;
  hooks.sliceSteps = hooks.rowCapacity = 1;
  EXPECT_TRUE(same(c.run(hooks), whole));
}

INSTANTIATE_TEST_SUITE_P(Engines, Resume,
                         testing::Combine(testing::Range<std::size_t>(0, 3),
                                          testing::ValuesIn(dtypes), testing::Bool()),
                         [](const auto &info) {
                           return std::string(engines[std::get<0>(info.param)].name) + "_" +
                                  identifier(std::get<1>(info.param)) +
                                  (std::get<2>(info.param) ? "_constant" : "_pid");
                         });

//===-- By hand
//-----------------------------------------------------------------------===//

class ByHand : public Resume {};

TEST_P(ByHand, everyCallMovesTheWorkspaceByOneStep) {
  Compiled c = compiled("steps 1", "tsit5");
  const Solution whole = c.run();
  HandCall hand(c);
  ASSERT_GE(c.signature.workspace_slots, state_slot(hand.pairs) + 2);
  std::int64_t accepted = 0, rejected = 0;
  double t = 0, tried = 0;
  for (int calls = 0; hand.status() == Status::fresh || hand.status() == Status::running; ++calls) {
    ASSERT_LT(calls, 1000) << "it never ends";
    const Outcome outcome = hand.call();
    const std::int64_t steps = hand.integer(slot_accepted) + hand.integer(slot_rejected);
    ASSERT_EQ(steps, accepted + rejected + 1) << "one step per call";
    if (hand.integer(slot_accepted) > accepted) {
      if (calls > 0) {
        EXPECT_EQ(hand.t(), tried) << "the step ends where the call before said";
      }
      EXPECT_GT(hand.t(), t);
      EXPECT_EQ(hand.rows, 1);
      EXPECT_EQ(hand.time, hand.t());
      EXPECT_EQ(hand.solution.y[hand.solution.y.size() - 2], hand.y(0));
      EXPECT_EQ(hand.solution.y[hand.solution.y.size() - 1], hand.y(1));
    } else {
      EXPECT_EQ(hand.t(), t);
      EXPECT_EQ(hand.rows, 0);
      if (calls > 0) {
        EXPECT_LT(hand.next(), tried) << "a rejected step is tried shorter";
      }
    }
    EXPECT_EQ(hand.integer(slot_component), -1);
    accepted = hand.integer(slot_accepted);
    rejected = hand.integer(slot_rejected);
    t = hand.t();
    tried = hand.next();
    EXPECT_EQ(outcome, hand.status() == Status::running ? Outcome::budget_spent : Outcome::done);
    EXPECT_EQ(hand.integer(slot_closed), outcome == Outcome::done);
  }
  EXPECT_EQ(hand.status(), Status::success);
  EXPECT_EQ(hand.t(), 2);
  EXPECT_EQ(accepted, whole.stats.accepted);
  EXPECT_EQ(rejected, whole.stats.rejected);
  EXPECT_EQ(hand.solution.t, whole.t);
  EXPECT_EQ(hand.solution.y, whole.y);
}

// Several rows fall into one step: it is repeated until all are out, and counts once.
TEST_P(ByHand, aStepWithoutRoomIsRepeatedFromTheSameState) {
  Compiled c = compiled("at [0]", "tsit5");
  c.values.save.kind = SavePlan::Kind::every;
  c.values.save.h = 0.002;
  const Solution whole = c.run();
  HandCall hand(c);
  std::int64_t repeated = 0, calls = 0;
  for (Outcome outcome = Outcome::output_full; outcome != Outcome::done; ++calls) {
    ASSERT_LT(calls, 5000) << "it never ends";
    const std::vector<Slot> before = hand.workspace;
    const bool first = hand.status() == Status::fresh;
    outcome = hand.call();
    ASSERT_LE(hand.rows, 1);
    if (outcome != Outcome::output_full || first || hand.status() != Status::running)
      continue;
    ++repeated;
    ASSERT_EQ(hand.rows, 1) << "a call without progress would repeat for ever";
    for (std::size_t i = 0; i < std::size_t(state_slot(hand.pairs) + 2); ++i)
      ASSERT_EQ(hand.workspace[i].i64, before[i].i64 + (i == slot_cursor)) << "slot " << i;
  }
  EXPECT_GT(repeated, 100);
  EXPECT_EQ(hand.status(), Status::success);
  EXPECT_EQ(hand.integer(slot_cursor) + 1, std::int64_t(hand.times.size()));
  EXPECT_EQ(hand.integer(slot_accepted), whole.stats.accepted);
  EXPECT_EQ(hand.integer(slot_rejected), whole.stats.rejected);
  EXPECT_EQ(hand.solution.t, whole.t);
  EXPECT_EQ(hand.solution.y, whole.y);
}

TEST_P(ByHand, anEndedSolveStaysEnded) {
  Compiled c = compiled("end", "tsit5");
  HandCall hand(c);
  while (hand.call() != Outcome::done)
    ;
  ASSERT_EQ(hand.rows, 1);
  const std::vector<Slot> before = hand.workspace;
  EXPECT_EQ(hand.call(), Outcome::done);
  EXPECT_EQ(hand.rows, 0);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(hand.workspace[i].i64, before[i].i64);
}

INSTANTIATE_TEST_SUITE_P(Engines, ByHand,
                         testing::Combine(testing::Range<std::size_t>(0, 3),
                                          testing::ValuesIn(dtypes), testing::Bool()),
                         [](const auto &info) {
                           return std::string(engines[std::get<0>(info.param)].name) + "_" +
                                  identifier(std::get<1>(info.param)) +
                                  (std::get<2>(info.param) ? "_constant" : "_pid");
                         });

} // namespace
