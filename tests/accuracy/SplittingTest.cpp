// Splitting methods as compiled: orders, what makes them worth having (energy, reversibility), and
// the same bits whatever computes them.
#include "HandCall.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// Both halves depend on time.
const char *const driven = R"(
  field driven(t; q, v; a = 0.3, b = 0.2) {
    q' = v*(1 + b*sin(t))
    v' = a*cos(2*t) - sin(q)
  }
  solve driven {
    span 0 to 3
    init q = 1, v = 0.5
    control constant(dt = 0.1)
  }
)";

/// Velocities are declared first, so that they are what drifts, and one leaf has no partner.
const char *const kepler = R"(
  field kepler(t; v[2], clock, q[2]) {
    q' = v
    v' = -q/norm(q)^3
    clock' = 1 + t
  }
  solve kepler {
    span 0 to 3
    init q = [0.8, 0], v = [0, sqrt(1.5)], clock = 0
    control constant(dt = 0.1)
  }
)";

Compiled compiled(const std::string &text, const std::string &method,
                  const std::string &save = "end", const Engine &engine = unroll,
                  const std::string &dtype = "f64") {
  Overrides overrides;
  overrides.method = method;
  overrides.save = save;
  overrides.dtype = dtype;
  return compileText(text, overrides, engine);
}

std::string adaptive(const std::string &text) {
  std::string result = text;
  const std::string constant = "control constant(dt = 0.1)";
  return result.replace(result.find(constant), constant.size(),
                        "control pid(rtol = 1e-14, atol = 1e-14)");
}

class Split : public testing::TestWithParam<std::string> {
protected:
  const Splitting method = *findMethod(GetParam())->splitting();
};

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const Splitting &method : splittings())
    list.push_back(method.name);
  return list;
}
INSTANTIATE_TEST_SUITE_P(Methods, Split, testing::ValuesIn(names()),
                         [](const auto &info) { return info.param; });

TEST_P(Split, hasItsOrder) {
  for (const char *text : {driven, kepler}) {
    const std::vector<double> exact = endOf(compiled(adaptive(text), "vern9").run());
    Compiled c = compiled(text, method.name);
    auto error = [&](int steps) {
      c.values.dt = 3.0 / steps;
      const std::vector<double> end = endOf(c.run());
      double sum = 0;
      for (std::size_t i = 0; i < end.size(); ++i)
        sum += (end[i] - exact[i]) * (end[i] - exact[i]);
      return std::sqrt(sum);
    };
    // Few enough that rounding does not show, enough that the leading term does.
    const int few = text == driven ? 24 : 48;
    const int steps = method.order == 1   ? 1600
                      : method.order == 2 ? 400
                      : method.order < 8  ? 96
                                          : few;
    EXPECT_NEAR(std::log2(error(steps) / error(2 * steps)), method.order, 0.1) << text;
  }
}

TEST_P(Split, denseOutputHasItsOrder) {
  for (const char *text : {driven, kepler}) {
    std::vector<double> errors;
    for (double h : {0.2, 0.1}) {
      Compiled c = compiled(text, method.name, "at [0.1]");
      c.values.dt = c.values.t1 = h;
      c.values.save.times = {0.3 * h};
      Compiled exact = compiled(adaptive(text), "vern9");
      exact.values.t1 = 0.3 * h;
      const std::vector<double> row = endOf(c.run()), there = endOf(exact.run());
      double sum = 0;
      for (std::size_t i = 0; i < row.size(); ++i)
        sum += (row[i] - there[i]) * (row[i] - there[i]);
      errors.push_back(std::sqrt(sum));
    }
    EXPECT_GT(std::log2(errors[0] / errors[1]), method.interpolantOrder + 0.7) << text;
  }
}

TEST_P(Split, oneEvaluationIsAKickAndADrift) {
  Compiled c = compiled(driven, method.name);
  const Solution solution = c.run();
  EXPECT_EQ(solution.stats.steps, 30);
  EXPECT_EQ(solution.stats.evaluations, 30 * method.stages() + method.carriesKick());
  Compiled rows = compiled(driven, method.name, "at [0.25, 0.26, 0.3, 1.11]");
  EXPECT_EQ(rows.run().stats.evaluations, solution.stats.evaluations + 2 * 2);
}

TEST_P(Split, enginesAndCallsAgree) {
  for (const char *text : {driven, kepler})
    for (const char *dtype : {"f64", "f32"})
      for (const char *save : {"every 0.17", "steps 2", "dense"}) {
        std::vector<Solution> solutions;
        for (const Engine &engine : engines) {
          Compiled c = compiled(text, method.name, save, engine, dtype);
          c.values.dt = 0.3;
          solutions.push_back(c.run());
          ASSERT_EQ(solutions.back().status, Status::success);
          EXPECT_TRUE(same(solutions[0], solutions.back())) << engine.name << ' ' << dtype;
          SolveHooks hooks;
          hooks.sliceSteps = 1;
          hooks.rowCapacity = 1;
          EXPECT_TRUE(same(solutions[0], c.run(hooks))) << engine.name << ", step by step";
        }
      }
}

TEST_P(Split, backwardsIsTheMirroredField) {
  Compiled c =
      compiled("field f(t; q, v) {\n q' = v*(2 + t)\n v' = -q + t\n}\n"
               "solve f {\n span 1 to 0\n init q = 1, v = 0\n control constant(dt = 0.1)\n}",
               method.name);
  Compiled mirrored =
      compiled("field f(t; q, v) {\n q' = -(v*(2 - t))\n v' = -(-q - t)\n}\n"
               "solve f {\n span -1 to 0\n init q = 1, v = 0\n control constant(dt = 0.1)\n}",
               method.name);
  const std::vector<double> end = endOf(c.run()), there = endOf(mirrored.run());
  for (int i : {0, 1})
    EXPECT_NEAR(end[i], there[i], 1e-14);
}

TEST_P(Split, jumpsAndEventsAndDumps) {
  const std::string text = R"(
    field kicked(t; q, v) {
      q' = v
      v' = if t < 1 then 1 else -1
    }
    solve kicked {
      span 0 to 3
      init q = 0, v = 0
      control constant(dt = 0.25)
      jump_at [1]
      save every 0.4
      stop when v, direction = down
    }
  )";
  Overrides overrides;
  overrides.method = method.name;
  const Solution solution = compileText(text, overrides).run();
  EXPECT_EQ(solution.status, Status::stopped);
  // A slope from before the jump would shift it, and so do weights that reach beyond the step.
  EXPECT_NEAR(solution.event.t, 2, method.order <= 2 ? 1e-9 : 0.3);
  for (const Engine &engine : engines)
    EXPECT_TRUE(same(solution, compileText(text, overrides, engine).run())) << engine.name;
  for (const char *stages : {"unroll", "scan"}) {
    overrides.stages = stages;
    expectEveryStageRuns(loadText(text, overrides));
  }
}

/// q^2/2 + .. of a pendulum, at its start and its largest distance from there afterwards.
double energyError(const std::string &method, double until) {
  Compiled c = compiled(R"(
    field pendulum(t; q, v) {
      q' = v
      v' = -sin(q)
    }
    solve pendulum {
      span 0 to 100
      init q = 1.5, v = 0
      control constant(dt = 0.3)
    }
  )",
                        method, "steps 1");
  c.values.t1 = until;
  const Solution solution = c.run();
  double worst = 0;
  for (std::size_t i = 0; i < solution.y.size(); i += 2)
    worst = std::max(worst, std::fabs(solution.y[i + 1] * solution.y[i + 1] / 2 -
                                      std::cos(solution.y[i]) + std::cos(1.5)));
  return worst;
}

TEST_P(Split, energyDoesNotDrift) {
  EXPECT_LT(energyError(method.name, 30000), 1.05 * energyError(method.name, 300) + 1e-11);
  EXPECT_GT(energyError("rk4", 30000), 20 * energyError("rk4", 300)) << "other methods drift";
}

TEST_P(Split, palindromesRunBackTheirSteps) {
  if (method.order == 1)
    return;
  Compiled c = compiled(kepler, method.name);
  c.values.dt = 0.1;
  const std::vector<double> start = c.values.y0;
  c.values.y0 = endOf(c.run());
  std::swap(c.values.t0, c.values.t1);
  const std::vector<double> back = endOf(c.run());
  for (std::size_t i = 0; i < start.size(); ++i)
    EXPECT_NEAR(back[i], start[i], 1e-12);
}

TEST(SplitFields, halvesFollowWhatDerivativesDependOn) {
  auto positions = [](const std::string &field, const std::string &init) {
    return loadText(field + " solve f {\n span 0 to 1\n init " + init +
                    "\n control constant(dt = 1)\n"
                    " method velocity_verlet\n}")
        .method.splitting()
        ->positions;
  };
  using Leaves = std::vector<std::int64_t>;
  EXPECT_EQ(positions("field f(t; q, v) {\n q' = v\n v' = -q\n}\n", "q = 0, v = 0"), (Leaves{0}));
  EXPECT_EQ(positions("field f(t; a, b, x, y) {\n a' = x\n b' = y\n x' = a\n y' = b\n}\n",
                      "a = 0, b = 0, x = 0, y = 0"),
            (Leaves{0, 1}));
  EXPECT_EQ(positions("field f(t; a, b) {\n a' = t\n b' = 1\n}\n", "a = 0, b = 0"), (Leaves{0, 1}));
  EXPECT_EQ(positions("field f(t; v[3], q[3]) {\n q' = [2*v[i] for i in 0..3]\n"
                      " v' = [sum(q[j] for j in 0..3 if j != i) for i in 0..3]\n}\n",
                      "v = 0, q = 0"),
            (Leaves{0}));
}

} // namespace
