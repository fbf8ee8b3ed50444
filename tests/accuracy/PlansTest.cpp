// Several save plans in one solve: each has the rows, bit for bit, that it has alone. The kernel
// writes their rows in one sequence, so that a row that went to the wrong plan, or was written
// twice or not at all, shows here.
#include "Compiled.h"

#include <algorithm>
#include <functional>

namespace {

using namespace deq;
using namespace deq::test;
using Times = std::vector<double>;

/// A kink at 0.7, where a row and the end of a step fall together.
const char *const text = R"(
  field kinked(t; x, q[2], z; k = 3) {
    x' = if t < 0.7 then q[0] else -k*x
    q' = [x - q[1], q[0]*t]
    z' = -z
  }
  solve kinked {
    span 0 to 1.5
    init x = 1, q = [0.5, -0.25], z = 2
    control pid(rtol = 1e-5, atol = 1e-5)
    jump_at [0.7]
  }
)";

SavePlan planOf(SavePlan::Kind kind) {
  SavePlan plan;
  plan.kind = kind;
  plan.h = 0.35; // 0.7 is the time of the jump
  plan.n = 3;
  plan.times = {0, 0.35, 0.7, 1.1, 1.5};
  return plan;
}
SavePlan everyStep(std::int64_t n) {
  SavePlan plan = planOf(SavePlan::Kind::steps);
  plan.n = n;
  return plan;
}

SavePlan reversed(SavePlan plan) {
  std::reverse(plan.times.begin(), plan.times.end());
  return plan;
}

testing::AssertionResult sameRows(const Rows &a, const Rows &b) {
  auto failure = [&](const char *what) {
    return testing::AssertionFailure()
           << what << " of plan '" << a.plan << "', " << a.t.size() << " and " << b.t.size();
  };
  if (a.t != b.t)
    return failure("times");
  if (!std::equal(a.y.begin(), a.y.end(), b.y.begin(), b.y.end(), sameBits))
    return failure("values");
  return testing::AssertionSuccess();
}

enum Setting { adaptive, adaptiveBackwards, constantBackwards };

class Plans : public testing::TestWithParam<std::tuple<Engine, std::string, Setting>> {
protected:
  void compare(const std::vector<SavePlan> &plans, Status expected,
               const std::function<Solution(Compiled &)> &run);

  /// A solve whose main plan is the first of `plans`; the others are called "1", "2", ..
  Compiled compiled(const std::vector<SavePlan> &plans) const {
    const auto &[engine, dtype, setting] = GetParam();
    const bool pid = setting != constantBackwards, back = setting != adaptive;
    Overrides overrides;
    overrides.dtype = dtype;
    overrides.stages = engine.stages;
    Problem problem = loadText(pid ? text : withControl(text, "constant(dt = 0.13)"), overrides);
    problem.values.save = back ? reversed(plans[0]) : plans[0];
    for (std::size_t i = 1; i < plans.size(); ++i) {
      problem.values.plans.push_back(back ? reversed(plans[i]) : plans[i]);
      problem.signature.plans.push_back({std::to_string(i), {}});
    }
    problem.signature.save = structure(problem.values);
    if (back)
      std::swap(problem.values.t0, problem.values.t1);
    return compileProblem(problem, engine.backend);
  }
};

using Kind = SavePlan::Kind;
const std::vector<SavePlan> combinations[] = {
    {planOf(Kind::end), planOf(Kind::start), planOf(Kind::every), planOf(Kind::at), everyStep(1),
     everyStep(2)},
    {planOf(Kind::at), planOf(Kind::every)},
    {planOf(Kind::at), everyStep(2), everyStep(3)},
    {everyStep(4), everyStep(6)},
    {planOf(Kind::every), planOf(Kind::end)},
    {planOf(Kind::end), planOf(Kind::end)},
};

/// Compares each plan of a solve with itself alone, in solves that `run` makes.
void Plans::compare(const std::vector<SavePlan> &plans, Status expected,
                    const std::function<Solution(Compiled &)> &run) {
  Compiled together = compiled(plans);
  const Solution all = run(together);
  ASSERT_EQ(all.status, expected);
  ASSERT_EQ(all.plans.size(), plans.size() - 1);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    Compiled single = compiled({plans[i]});
    const Solution alone = run(single);
    EXPECT_TRUE(sameRows(i == 0 ? all : all.plans[i - 1], alone)) << i;
    EXPECT_EQ(all.stats.steps, alone.stats.steps);
  }
}

TEST_P(Plans, haveTheRowsTheyHaveAlone) {
  for (const auto &plans : combinations)
    compare(plans, Status::success, [](Compiled &c) {
      const Solution whole = c.run();
      SolveHooks hooks;
      hooks.sliceSteps = hooks.rowCapacity = 1;
      const Solution sliced = c.run(hooks);
      EXPECT_TRUE(same(whole, sliced));
      for (std::size_t i = 0; i < whole.plans.size(); ++i)
        EXPECT_TRUE(sameRows(whole.plans[i], sliced.plans[i])) << i;
      return whole;
    });
}

TEST_P(Plans, areCompleteUpToAFailure) {
  // One of these solves ends at the time of the jump, which is also a row.
  for (std::int64_t steps : {2, 3, 4, 6})
    compare(combinations[steps % 2 == 0 ? 0 : 4], Status::max_steps_reached, [&](Compiled &c) {
      c.values.max_steps = steps;
      return c.run();
    });
}

TEST_P(Plans, areCompleteUpToAnInterruption) {
  for (int allowed : {0, 3})
    compare(combinations[0], Status::interrupted, [&](Compiled &c) {
      int calls = 0;
      SolveHooks hooks;
      hooks.sliceSteps = 1;
      hooks.interrupted = [&] { return ++calls > allowed; };
      return c.run(hooks);
    });
}

TEST_P(Plans, ofAnEmptySpanHaveItsOneRow) {
  Compiled c = compiled(combinations[0]);
  c.values.t0 = c.values.t1 = 0.375;
  for (SavePlan &plan : c.values.plans)
    if (plan.kind == Kind::at)
      plan.times = {0.375};
  const Solution solution = c.run();
  EXPECT_EQ(solution.t, Times{0.375});
  for (const Rows &rows : solution.plans) {
    EXPECT_EQ(rows.t, Times{0.375}) << rows.plan;
    EXPECT_EQ(rows.y, c.values.y0) << rows.plan;
  }
}

std::string nameOf(const testing::TestParamInfo<Plans::ParamType> &info) {
  const char *const settings[] = {"", "_backwards", "_constant_backwards"};
  const auto &[engine, dtype, setting] = info.param;
  return engine.name + ("_" + identifier(dtype)) + settings[setting];
}

INSTANTIATE_TEST_SUITE_P(Engines, Plans,
                         testing::Combine(testing::ValuesIn(engines), testing::ValuesIn(dtypes),
                                          testing::Values(adaptive, adaptiveBackwards,
                                                          constantBackwards)),
                         nameOf);

//===-- Leaves
//-----------------------------------------------------------------------===//

TEST(SavedLeaves, areThoseThatThePlanNames) {
  const std::string plans = "save every 0.5: q, x\n save last = end: z\n save all = end\n";
  std::string chosen = text;
  chosen.insert(chosen.find("span"), plans);
  const Solution some = compileText(chosen).run();
  Overrides overrides;
  overrides.save = "every 0.5";
  const Solution whole = compileText(text, overrides).run();
  EXPECT_EQ(columns(some.leaves), (std::vector<std::string>{"q[0]", "q[1]", "x"}));
  ASSERT_EQ(some.width(), 3);
  ASSERT_EQ(some.t, whole.t);
  for (std::size_t row = 0; row < some.t.size(); ++row)
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQ(some.y[3 * row + i], whole.y[4 * row + (i + 1) % 3]);
  ASSERT_EQ(some.plans.size(), 2u);
  EXPECT_EQ(some.plans[0].plan, "last");
  EXPECT_EQ(some.plans[0].y, std::vector<double>{whole.y.back()});
  EXPECT_EQ(some.plans[1].y, endOf(whole));
}

TEST(SavedLeaves, areOfNoEffectOnTheCode) {
  std::string chosen = text;
  chosen.insert(chosen.find("span"), "save end: x\n");
  Diagnostics diagnostics;
  const auto some = emit({"a.deq", chosen}, {}, "asm", {}, diagnostics);
  const auto all = emit({"a.deq", text}, {}, "asm", {}, diagnostics);
  ASSERT_TRUE(some && all);
  const std::size_t begin = all->bytes.find("deq_solve:");
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = all->bytes.find(".Lfunc_end", begin);
  EXPECT_NE(some->bytes.find(all->bytes.substr(begin, end - begin)), std::string::npos);
}

TEST(SavedPlans, travelWithEveryStage) {
  std::string several = text;
  several.insert(several.find("span"), "save every 0.35: z\n save fine = at [0.1, 0.7]: x, q\n"
                                       "save coarse = steps 2\n");
  expectEveryStageRuns(loadText(several));
  const Problem problem = loadText(several);
  Diagnostics diagnostics;
  const auto dump = emit(problem, "unpacked", {}, diagnostics);
  ASSERT_TRUE(dump);
  const auto again = compile({"dump.mlir", dump->bytes}, {}, {}, diagnostics);
  ASSERT_TRUE(again);
  const Solution expected = compileProblem(problem).run();
  const Solution read = Compiled{again->signature, again->values, again->program}.run();
  ASSERT_EQ(read.plans.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.plans[i].plan, expected.plans[i].plan);
    EXPECT_TRUE(sameRows(read.plans[i], expected.plans[i]));
  }
}

// The kink of the field at 0.7 is the end of a step, a listed time, and a multiple of `every`.
TEST(SavedPlans, haveOneRowAtAJump) {
  for (const bool backwards : {false, true}) {
    std::string several = text;
    several.insert(several.find("span"),
                   "save steps 1\n save at = at [0.7]\n save every = every 0.1\n");
    Compiled c = compileText(several);
    c.values.t1 = 1.4;
    c.values.plans[1].h = 0.35;
    if (backwards)
      std::swap(c.values.t0, c.values.t1);
    const Solution solution = c.run();
    const std::ptrdiff_t step =
        std::find(solution.t.begin(), solution.t.end(), 0.7) - solution.t.begin();
    ASSERT_LT(step, std::ptrdiff_t(solution.t.size()));
    const std::vector<double> state(solution.y.begin() + 4 * step,
                                    solution.y.begin() + 4 * step + 4);
    EXPECT_EQ(std::count(solution.t.begin(), solution.t.end(), 0.7), 1);
    EXPECT_EQ(solution.plans[0].t, Times{0.7});
    EXPECT_EQ(solution.plans[0].y, state) << "the state is the same from both sides";
    ASSERT_EQ(solution.plans[1].t.size(), 5u);
    EXPECT_EQ(solution.plans[1].t[2], 0.7);
    EXPECT_TRUE(std::equal(state.begin(), state.end(), solution.plans[1].y.begin() + 8));
  }
}

} // namespace
