// Interpreter, unrolled, outlined and scanned code on the examples, to the bit: every method,
// controller, save plan and element type. The interpreter evaluates a step straight from its
// tableau and shares no lowering with native code, so that what agrees is right in both or wrong in
// the formulas.
#include "Compiled.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// What keeps the interpreter's share short: ends of spans, sizes, and a step that is too long for
/// the tolerances below.
struct Shortened {
  double end = 1, longStep = 0.5, constantStep = 0.05;
  const char *statics = "";
};

Shortened shortened(const std::string &name) {
  if (name == "arenstorf")
    return {0.05, 0.05, 0.004, ""};
  if (name == "brusselator")
    return {0.5, 0.5, 0.05, "5"};
  if (name == "forced_pendulum")
    return {6, 6, 0.3, ""};
  if (name == "hodgkin_huxley")
    return {2, 2, 0.1, ""};
  if (name == "lorenz")
    return {0.5, 0.5, 0.03, ""};
  if (name == "lorenz96")
    return {0.5, 0.5, 0.03, "10"};
  if (name == "neural_ode")
    return {4, 4, 0.3, ""};
  if (name == "pleiades")
    return {1, 1, 0.1, ""};
  if (name == "van_der_pol")
    return {2, 2, 0.1, ""};
  return {};
}

class Bits : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

SavePlan planOf(SavePlan::Kind kind, double t1) {
  SavePlan plan;
  plan.kind = kind;
  plan.h = t1 / 37;
  plan.n = 3;
  plan.times = {0, t1 / 1000, 0.4 * t1, 0.401 * t1, t1};
  return plan;
}

/// The plans that the same code serves.
std::vector<SavePlan::Kind> plansOf(SaveKind kind) {
  using Kind = SavePlan::Kind;
  if (kind == SaveKind::times)
    return {Kind::every, Kind::at};
  if (kind == SaveKind::steps)
    return {Kind::steps};
  return {Kind::start, Kind::end};
}

TEST_P(Bits, interpreterAndEveryEmissionAgree) {
  const auto &[name, dtype] = GetParam();
  const Shortened shorter = shortened(name);
  const char *const saves[] = {"every 1", "steps 1", "end"};
  int turn = 0;
  for (const Method &method : generalMethods())
    for (const bool pid : {true, false}) {
      // Methods of two points are unstable on decaying modes; on the stiff one they never end.
      const bool unstable = !method.tableau() && name == "hodgkin_huxley";
      if ((pid && !method.adaptive()) || (!method.tableau() && name == "van_der_pol"))
        continue;
      Overrides overrides;
      overrides.method = method.name;
      overrides.dtype = dtype;
      overrides.to = shorter.end;
      // Each method and controller meets one kind of plan here, each kind meets every example; all
      // combinations of plan and engine are in ResumeTest.
      overrides.save = saves[turn++ % 3];
      if (*shorter.statics)
        overrides.set.push_back({"n", shorter.statics});
      const std::string text = pid ? example(name) : withControl(example(name), "constant(dt = 1)");
      std::vector<Compiled> all;
      for (const Engine &engine : everyEngine)
        all.push_back(compileText(text, overrides, engine));
      for (SavePlan::Kind plan : plansOf(all[0].signature.save)) {
        std::vector<Solution> solutions;
        for (Compiled &compiled : all) {
          Values &values = compiled.values;
          values.dt = pid ? shorter.longStep : shorter.constantStep;
          values.pid.rtol = method.order > 3 ? 1e-5 : 1e-3;
          values.pid.atol = values.pid.rtol / 10;
          values.pid.pcoeff = 0.2;
          values.pid.icoeff = 0.3;
          values.pid.dcoeff = 0.05;
          values.save = planOf(plan, values.t1);
          solutions.push_back(compiled.run());
        }
        SCOPED_TRACE(testing::Message()
                     << method.name << (pid ? ", pid" : ", constant") << ", plan " << int(plan));
        if (!unstable) {
          EXPECT_EQ(solutions[0].status, Status::success);
        }
        // Methods of high order hardly need a step here.
        EXPECT_GE(solutions[0].stats.accepted, method.order > 5 ? 1 : 3);
        if (pid && method.order <= 5) {
          EXPECT_GT(solutions[0].stats.rejected, 0) << "the first step is too long";
        }
        for (std::size_t i = 1; i < solutions.size(); ++i)
          EXPECT_TRUE(same(solutions[0], solutions[i])) << "unroll and " << everyEngine[i].name;
      }
    }
}

// The first step of its own choice, in the examples as they are.
TEST_P(Bits, automaticFirstStep) {
  const auto &[name, dtype] = GetParam();
  Overrides overrides;
  overrides.dtype = dtype;
  overrides.save = "steps 1";
  overrides.method = "tsit5";
  std::vector<Solution> solutions;
  for (const Engine &engine : everyEngine) {
    Compiled compiled = compileText(example(name), overrides, engine);
    compiled.values.pid.rtol = compiled.values.pid.atol = 1e-4;
    compiled.values.max_steps = 3;
    solutions.push_back(compiled.run());
  }
  EXPECT_EQ(solutions[0].stats.steps, 3);
  for (std::size_t i = 1; i < solutions.size(); ++i)
    EXPECT_TRUE(same(solutions[0], solutions[i])) << "unroll and " << everyEngine[i].name;
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Bits, testing::Combine(testing::ValuesIn(examples()), testing::Values("f64", "f32")),
    [](const auto &info) { return std::get<0>(info.param) + "_" + std::get<1>(info.param); });
INSTANTIATE_TEST_SUITE_P(WideTime, Bits,
                         testing::Combine(testing::Values("forced_pendulum", "lotka_volterra"),
                                          testing::Values(wideTime)),
                         [](const auto &info) { return std::get<0>(info.param); });

} // namespace
