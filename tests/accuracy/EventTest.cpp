// Events that stop a solve: the right time, the right one of several, and none where there is none.
// Most fields are such that every method is exact, so that times can be compared to the last
// digits.
#include "Compiled.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// A ball thrown up from the height 1, and a clock: t, h(t) and the steps are exact.
std::string thrown(const std::string &stops, const std::string &more = "dt 0.25") {
  return R"(
    field thrown(t; h, v; g = 10, top = 1.8) {
      h' = v
      v' = -g
    }
    solve thrown {
      span 0 to 4
      init h = 1, v = 4
      control constant
      )" +
         more + "\n" + stops + "\n}\n";
}

Solution solved(const std::string &text, const Engine &engine, const std::string &save = "end",
                const std::string &dtype = "f64", const std::string &method = "tsit5") {
  Overrides overrides;
  overrides.save = save;
  overrides.dtype = dtype;
  overrides.method = method;
  return compileText(text, overrides, engine).run();
}

class Events : public testing::TestWithParam<Engine> {
protected:
  Solution run(const std::string &stops, const std::string &save = "end") {
    return solved(thrown(stops), GetParam(), save);
  }
};

const double impact = (4 + std::sqrt(16 + 20.0)) / 10; // h = 0

TEST_P(Events, ANumberStopsWhereItCrossesZero) {
  const Solution s = run("stop ground when h");
  EXPECT_EQ(s.status, Status::stopped);
  EXPECT_TRUE(s.ok());
  EXPECT_EQ(s.event.index, 0);
  EXPECT_EQ(s.event.name, "ground");
  EXPECT_NEAR(s.event.t, impact, 1e-13);
  ASSERT_EQ(s.t.size(), 1u);
  EXPECT_EQ(s.t[0], s.event.t);
  EXPECT_NEAR(s.y[0], 0, 1e-13);
  EXPECT_NEAR(s.y[1], 4 - 10 * impact, 1e-13);
}

TEST_P(Events, AConditionStopsAtTheEndOfTheFirstStepInWhichItIsTrue) {
  const Solution s = run("stop when h < 0");
  EXPECT_EQ(s.status, Status::stopped);
  EXPECT_EQ(s.event.name, "stop0");
  EXPECT_EQ(s.event.t, 1.25); // steps of 0.25
}

TEST_P(Events, AConditionThatIsTrueAtTheStartStopsThere) {
  const Solution s = run("stop when h > 0.5");
  EXPECT_EQ(s.status, Status::stopped);
  EXPECT_EQ(s.stats.steps, 0);
  EXPECT_EQ(s.t, std::vector<double>{0});
  EXPECT_EQ(s.event.t, 0);
}

TEST_P(Events, ANumberThatIsZeroAtTheStartHasNotCrossedIt) {
  // h - 1 is zero at 0 and again at 0.8, with steps of 0.25.
  const Solution s = run("stop when h - 1");
  EXPECT_EQ(s.status, Status::stopped);
  EXPECT_NEAR(s.event.t, 0.8, 1e-13);
}

TEST_P(Events, ANumberThatStartsAtZeroMayComeBackInTheFirstStep) {
  const Solution s = solved(thrown("stop when h - 1", "dt 1"), GetParam());
  EXPECT_NEAR(s.event.t, 0.8, 1e-13);
  EXPECT_EQ(s.stats.steps, 1);
}

TEST_P(Events, DirectionsChooseAmongCrossings) {
  // h - 1.6 rises through zero at 0.2 and falls through it at 0.6.
  EXPECT_NEAR(run("stop when h - 1.6").event.t, 0.2, 1e-13);
  EXPECT_NEAR(run("stop when h - 1.6, direction = up").event.t, 0.2, 1e-13);
  EXPECT_NEAR(run("stop when h - 1.6, direction = down").event.t, 0.6, 1e-13);
  EXPECT_NEAR(run("stop when 1.6 - h, direction = down").event.t, 0.2, 1e-13);
  EXPECT_NEAR(run("stop when 1.6 - h, direction = up").event.t, 0.6, 1e-13);
}

TEST_P(Events, TheEarliestOfSeveralInOneStepWins) {
  // One step of 0.25 holds h = 0 at 1 and h = 0.2 at 0.9657.
  const Solution s = run("stop ground when h\nstop table when h - 0.2, direction = down");
  EXPECT_EQ(s.event.index, 1);
  EXPECT_EQ(s.event.name, "table");
  EXPECT_NEAR(s.event.t, 0.4 + std::sqrt(0.32), 1e-13);
  EXPECT_EQ(run("stop a when h\nstop b when h").event.index, 0) << "first in the text";
}

TEST_P(Events, TwoCrossingsInsideOfOneStepAreSeen) {
  // With steps of 1, h - 1.7 is below zero at 0 and 1, and above from 0.2586 to 0.5414.
  auto one = [&](const std::string &stop) {
    return solved(thrown(stop, "dt 1"), GetParam()).event.t;
  };
  const double half = std::sqrt(0.02);
  EXPECT_NEAR(one("stop when h - 1.7"), 0.4 - half, 1e-13);
  EXPECT_NEAR(one("stop when h - 1.7, direction = up"), 0.4 - half, 1e-13);
  EXPECT_NEAR(one("stop when h - 1.7, direction = down"), 0.4 + half, 1e-13);
  EXPECT_NEAR(one("stop when 1.7 - h, direction = up"), 0.4 + half, 1e-13);
}

TEST_P(Events, AGrazingNumberStopsOnlyIfItTouchesZero) {
  // The top is at 1.8, in the middle of a step that begins and ends below it.
  auto one = [&](const char *top) {
    return solved(thrown("stop when h - top\n args top = " + std::string(top), "dt 1"), GetParam());
  };
  EXPECT_EQ(one("1.7999999").status, Status::stopped);
  EXPECT_NEAR(one("1.7999999").event.t, 0.4, 2e-4);
  EXPECT_EQ(one("1.8000001").status, Status::success);
}

TEST_P(Events, NothingStopsASolveWithoutAnEvent) {
  const Solution s = run("stop when h - 5\nstop when h > 7");
  EXPECT_EQ(s.status, Status::success);
  EXPECT_EQ(s.event.index, -1);
  EXPECT_EQ(s.t, std::vector<double>{4});
}

TEST_P(Events, ATestThatIsNeverANumberStopsNothing) {
  EXPECT_EQ(run("stop when sqrt(h - 100)").status, Status::success);
}

TEST_P(Events, ToleranceLeavesTheTimeBeyondTheCrossing) {
  const double t = run("stop when h, tolerance = 0.01").event.t;
  EXPECT_GT(t, impact);
  EXPECT_LT(t, impact + 0.01);
  EXPECT_GT(t, impact + 1e-6) << "halved further than asked";
}

TEST_P(Events, RowsEndAtTheEvent) {
  const Solution every = run("stop when h", "every 0.3");
  EXPECT_EQ(every.t, (std::vector<double>{0, 0.3, 0.6, 0.89999999999999991, every.event.t}));
  const Solution steps = run("stop when h - 0.2, direction = down", "steps 2");
  EXPECT_EQ(steps.t, (std::vector<double>{0.5, steps.event.t}))
      << "not also at the end of its step";
  const Solution at = run("stop when h < 0", "at [0.5, 1.25, 2]");
  EXPECT_EQ(at.t, (std::vector<double>{0.5, 1.25})) << "a row at the event is not written twice";
}

TEST_P(Events, StopASolveThatRunsBackwardsInTime) {
  // From the top at 0 back to where it was thrown: h = 1.8 - 5 t^2.
  const char *text = R"(
    field thrown(t; h, v; g = 10) {
      h' = v
      v' = -g
    }
    solve thrown {
      span 0 to -4
      init h = 1.8, v = 0
      control constant(dt = 0.25)
      stop when h - 1
      stop when t < -2
    }
  )";
  const Solution s = solved(text, GetParam(), "every 0.25");
  EXPECT_EQ(s.event.index, 0);
  EXPECT_NEAR(s.event.t, -0.4, 1e-13);
  EXPECT_EQ(s.t, (std::vector<double>{0, -0.25, s.event.t}));
  EXPECT_NEAR(s.y.back(), 4, 1e-13);
}

TEST_P(Events, SeeLocalsArgumentsAndDerivatives) {
  const char *text = R"(
    field decay(t; x; rate = 2) {
      loss = rate*x
      x' = -loss
    }
    solve decay {
      span 0 to 10
      init x = 1
      control pid(rtol = 1e-10, atol = 1e-12)
      stop when loss - 0.5
      stop when x' + 0.25 > 0
    }
  )";
  const Solution s = solved(text, GetParam());
  EXPECT_EQ(s.event.index, 0);
  EXPECT_NEAR(s.event.t, std::log(4.0) / 2, 1e-8);
}

INSTANTIATE_TEST_SUITE_P(Engines, Events, testing::ValuesIn(engines),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(EventBits, AreTheSameOnEveryPathAndInEverySlice) {
  for (const std::string &dtype : dtypes)
    for (const char *save : {"end", "every 0.1", "steps 1", "at [0.25, 0.5]"}) {
      Overrides overrides;
      overrides.dtype = dtype;
      overrides.save = save;
      const std::string text = thrown("stop when h - 1.7, direction = down\nstop when h < -1");
      const Solution expected = compileText(text, overrides, unroll).run();
      EXPECT_EQ(expected.status, Status::stopped);
      for (const Engine &engine : engines) {
        const Compiled compiled = compileText(text, overrides, engine);
        EXPECT_TRUE(same(compiled.run(), expected)) << engine.name << dtype << save;
        SolveHooks hooks;
        hooks.sliceSteps = 1;
        hooks.rowCapacity = 1;
        EXPECT_TRUE(same(compiled.run(hooks), expected)) << engine.name << dtype << save;
      }
    }
}

TEST(EventOrder, MethodsLocateByTheirInterpolants) {
  // x = cos t crosses zero at pi/2. Halving the tolerance's steps moves the error down.
  const char *text = R"(
    field circle(t; x, y) {
      x' = -y
      y' = x
    }
    solve circle {
      span 0 to 10
      init x = 1, y = 0
      control constant(dt = 0.1)
      stop when x
    }
  )";
  const double half = std::acos(0.0);
  for (const Method &method : generalMethods()) {
    const Solution s = solved(text, unroll, "end", "f64", method.name);
    EXPECT_EQ(s.status, Status::stopped) << method.name;
    EXPECT_NEAR(s.event.t, half, std::max(3 * std::pow(0.1, method.order), 1e-12)) << method.name;
  }
}

TEST(EventStages, EveryDumpRuns) {
  expectEveryStageRuns(loadText(thrown("stop when h - 1.7, direction = down\nstop when h < -1")));
}

} // namespace
