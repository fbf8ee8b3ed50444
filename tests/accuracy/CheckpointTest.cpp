// Going on from a saved state: the bits of the solve without the break, for every method,
// controller and way to end; and what happens to a state that belongs to another solve.
#include "Compiled.h"

#include "deq/checkpoint.h"
#include "runtime/Resume.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

const char *const text = R"(
  field kinked(t; x, q[2]; k = 3) {
    x' = if t < 0.7 then q[0] else -k*x
    q' = [x - q[1], q[0]*t]
  }
  solve kinked {
    span 0 to 2
    init x = 1, q = [0.5, -0.25]
    control pid(rtol = 1e-6, atol = 1e-6, pcoeff = 0.2, icoeff = 0.3)
    jump_at [0.7]
    step_at [0.3]
    save every 0.125
  }
)";

struct Setting {
  std::string method = "tsit5", dtype = "f64";
  bool pid = true, backwards = false;
};

Compiled resumable(const Engine &engine, const Setting &setting, const std::string &save = "") {
  Overrides overrides;
  overrides.resumable = true;
  overrides.method = setting.method;
  overrides.dtype = setting.dtype;
  if (!save.empty())
    overrides.save = save;
  Compiled c =
      compileText(setting.pid ? text : withControl(text, "constant(dt = 0.07)"), overrides, engine);
  if (setting.backwards)
    std::swap(c.values.t0, c.values.t1);
  return c;
}

/// The rows of both, one behind the other.
Solution joined(Solution first, const Solution &second) {
  first.t.insert(first.t.end(), second.t.begin(), second.t.end());
  first.y.insert(first.y.end(), second.y.begin(), second.y.end());
  return first;
}

/// Goes on from `first` up to `t1`.
Solution continued(Compiled c, const Solution &first, double t1) {
  c.values.t1 = t1;
  EXPECT_EQ(resume(*first.checkpoint, c.signature, c.values).how, Resumption::exact);
  SolveHooks hooks;
  hooks.from = first.checkpoint.get();
  return c.run(hooks);
}

void expectSame(const Solution &parts, const Solution &whole) {
  EXPECT_EQ(parts.t, whole.t);
  EXPECT_EQ(parts.y, whole.y);
}

void expectSameCounts(const Solution &last, const Solution &whole) {
  EXPECT_EQ(last.stats.accepted, whole.stats.accepted);
  EXPECT_EQ(last.stats.rejected, whole.stats.rejected);
  EXPECT_EQ(last.stats.evaluations, whole.stats.evaluations);
}

class GoingOn : public testing::TestWithParam<std::tuple<Engine, std::string>> {};

// A solve that ends at 0.5 or at the jump and goes on to 2 is one that has that time in step_at.
TEST_P(GoingOn, takesTheStepsOfTheWhole) {
  const auto &[engine, dtype] = GetParam();
  for (const Method &method : generalMethods())
    for (const bool pid : {true, false})
      for (const bool backwards : {false, true})
        for (const double middle : {0.5, 0.7, 1.375}) {
          if (pid && !method.adaptive())
            continue;
          SCOPED_TRACE(testing::Message() << method.name << (pid ? " pid" : " constant")
                                          << (backwards ? " backwards " : " ") << middle);
          Compiled c = resumable(engine, {method.name, dtype, pid, backwards});
          Compiled whole = c, part = c;
          whole.values.step_at.push_back(middle);
          part.values.t1 = middle;
          const Solution first = part.run(), second = continued(c, first, c.values.t1);
          const Solution expected = whole.run();
          ASSERT_EQ(first.status, Status::success);
          ASSERT_EQ(second.status, Status::success);
          Solution parts = joined(first, second);
          // The closing row of the first part is no row of the whole if 0.125 does not divide it.
          const auto closing = std::find(parts.t.begin(), parts.t.end(), first.t.back());
          if (std::fmod(middle, 0.125) != 0) {
            const auto row = closing - parts.t.begin();
            parts.t.erase(closing);
            parts.y.erase(parts.y.begin() + 3 * row, parts.y.begin() + 3 * row + 3);
          }
          expectSame(parts, expected);
          expectSameCounts(second, expected);
        }
}

TEST_P(GoingOn, afterTooFewSteps) {
  const auto &[engine, dtype] = GetParam();
  for (const bool pid : {true, false})
    for (const std::string plan : {"steps 1", "steps 3", "dense"}) {
      SCOPED_TRACE(plan);
      Compiled c = resumable(engine, {"dopri5", dtype, pid}, plan);
      const Solution whole = c.run();
      for (std::int64_t steps : {1, 2, 5, 9}) {
        SCOPED_TRACE(steps);
        Compiled part = c;
        part.values.max_steps = steps;
        const Solution first = part.run();
        ASSERT_EQ(first.status, Status::max_steps_reached);
        const Solution second = continued(c, first, c.values.t1);
        expectSameCounts(second, whole);
        EXPECT_EQ(endOf(second), endOf(whole));
        if (plan == "steps 1") // no row is a closing one that the whole does not have
          expectSame(joined(first, second), whole);
        if (plan == "dense") {
          EXPECT_EQ(second.evaluate(1.9), whole.evaluate(1.9));
          EXPECT_EQ(second.derivative(1.9), whole.derivative(1.9));
          EXPECT_TRUE(std::isnan(second.evaluate(0.0).front())) << "that was before";
        }
      }
    }
}

TEST_P(GoingOn, toWhereItStands) {
  const auto &[engine, dtype] = GetParam();
  Compiled c = resumable(engine, {"tsit5", dtype});
  const Solution whole = c.run(), again = continued(c, whole, c.values.t1);
  EXPECT_EQ(again.status, Status::success);
  EXPECT_EQ(endOf(again), endOf(whole));
  EXPECT_EQ(again.t, std::vector<double>{2});
  expectSameCounts(again, whole);
  c.values.t1 = 1.5;
  resume(*whole.checkpoint, c.signature, c.values);
  EXPECT_NE(mismatch(c.signature, c.values), "") << "beyond the end";
}

TEST_P(GoingOn, withOtherEmissions) {
  const auto &[engine, dtype] = GetParam();
  Compiled c = resumable(engine, {"vern7", dtype});
  const Solution whole = c.run();
  c.values.t1 = 0.5;
  const Solution first = c.run();
  Compiled whole2 = resumable(engine, {"vern7", dtype});
  whole2.values.step_at.push_back(0.5);
  const Solution expected = whole2.run();
  for (const Engine &other : engines) {
    const Solution second = continued(resumable(other, {"vern7", dtype}), first, 2);
    EXPECT_EQ(endOf(second), endOf(expected)) << other.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, GoingOn,
                         testing::Combine(testing::ValuesIn(engines), testing::ValuesIn(dtypes)),
                         [](const auto &info) {
                           return std::string(std::get<0>(info.param).name) + "_" +
                                  identifier(std::get<1>(info.param));
                         });

TEST(Checkpoint, costsNoBitOfTheSolve) {
  Overrides overrides;
  const Solution plain = compileText(text, overrides).run();
  EXPECT_EQ(plain.checkpoint, nullptr);
  EXPECT_TRUE(same(resumable(engines[0], {}).run(), plain));
  for (const char *dt : {"0.07", "0.1"}) { // one that divides the span and one that does not
    const std::string constant = withControl(text, "constant(dt = " + std::string(dt) + ")");
    Overrides keeping = overrides;
    keeping.resumable = true;
    EXPECT_TRUE(same(compileText(constant, keeping).run(), compileText(constant).run())) << dt;
  }
}

TEST(Checkpoint, ofAnotherSolveStartsAnew) {
  Compiled c = resumable(engines[0], {});
  Compiled half = c;
  half.values.t1 = 1;
  const Solution first = half.run();
  auto expectAnew = [&](Compiled other, const char *why) {
    const ResumePlan plan = resume(*first.checkpoint, other.signature, other.values);
    EXPECT_EQ(plan.how, Resumption::anew) << why;
    EXPECT_NE(plan.reason, "") << why;
    EXPECT_EQ(other.values.t0, 1);
    EXPECT_EQ(other.values.y0, first.checkpoint->y);
    const Solution second = other.run();
    EXPECT_EQ(second.status, Status::success) << why;
    EXPECT_EQ(second.t.back(), 2) << why;
  };
  Compiled other = c;
  other.values.arguments[0] = 2.5;
  expectAnew(other, "argument");
  other = c;
  other.values.literals[0] = 0.75;
  expectAnew(other, "literal");
  expectAnew(resumable(engines[0], {"dopri5"}), "method");
  expectAnew(resumable(engines[0], {"tsit5", "f64", false}), "controller");
  expectAnew(resumable(engines[0], {"tsit5", "f32"}), "element type");
  Overrides overrides;
  overrides.resumable = true;
  std::string edited = text;
  edited.replace(edited.find("x - q[1]"), 8, "x + q[1]");
  expectAnew(compileText(edited, overrides), "field");
  // Names of leaves say which number is which.
  edited = text;
  for (std::size_t at; (at = edited.find("q")) != std::string::npos;)
    edited[at] = 'p';
  Compiled renamed = compileText(edited, overrides);
  EXPECT_EQ(resume(*first.checkpoint, renamed.signature, renamed.values).how,
            Resumption::impossible);
}

TEST(Checkpoint, takesNewTolerancesAndPlans) {
  Compiled c = resumable(engines[0], {});
  Compiled half = c;
  half.values.t1 = 1;
  const Solution first = half.run();
  Compiled tight = resumable(engines[0], {}, "at [0.5, 1.5]");
  tight.values.pid.rtol = tight.values.pid.atol = 1e-10;
  const Solution second = continued(tight, first, 2);
  EXPECT_EQ(second.t, std::vector<double>{1.5});
  EXPECT_GT(second.stats.accepted, c.run().stats.accepted);
}

TEST(Checkpoint, ofAnEventGoesOnBeyondIt) {
  Overrides overrides;
  overrides.resumable = true;
  const Compiled c = compileText(R"(
    field fall(t; h, v) {
      h' = v
      v' = -9.81
    }
    solve fall {
      span 0 to 3
      init h = 1, v = 0
      stop when h - 0.5, direction = down
    })",
                                 overrides);
  const Solution first = c.run();
  ASSERT_EQ(first.status, Status::stopped);
  Compiled rest = c;
  EXPECT_EQ(resume(*first.checkpoint, rest.signature, rest.values).how, Resumption::anew);
  const Solution second = rest.run();
  EXPECT_EQ(second.status, Status::success) << "the crossing is behind";
  EXPECT_NEAR(endOf(second)[0], 1 - 0.5 * 9.81 * 9, 1e-6);
}

} // namespace
