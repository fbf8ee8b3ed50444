// Solves into memory of the host: the rows of a Solution, and not one allocation.
#include "Allocations.h"

#include <deq/deq.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <memory>

namespace {

deq::Field pendulum() {
  return deq::trace("pendulum", {.state = {"angle", "speed"}, .args = {"g"}},
                    [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                      return deq::stack(y[1], -args[0] * sin(y[0]) - 0.1 * y[1]);
                    });
}

class Buffers : public testing::TestWithParam<deq::Options> {};

TEST_P(Buffers, haveTheRowsOfASolution) {
  deq::Engine engine;
  auto solve = engine.prepare(pendulum(), GetParam());
  const deq::Call call = {.t0 = 0, .t1 = 3, .y0 = {1, 0}, .args = {9.81}};
  const deq::Solution expected = solve(call);
  std::vector<double> t(expected.t.size() + 2), y(2 * t.size());
  deq::Workspace workspace = solve.workspace();
  for (int run = 0; run < 3; ++run) {
    const deq::Ended ended = solve(call, {t, y}, workspace);
    EXPECT_EQ(ended.status, expected.status);
    ASSERT_EQ(ended.rows, std::int64_t(expected.t.size()));
    EXPECT_EQ(std::vector<double>(t.begin(), t.begin() + ended.rows), expected.t);
    EXPECT_EQ(std::vector<double>(y.begin(), y.begin() + 2 * ended.rows), expected.y);
    EXPECT_EQ(ended.stats.evaluations, expected.stats.evaluations);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Plans, Buffers,
    testing::Values(deq::Options{}, deq::Options{.save = deq::every(0.1)},
                    deq::Options{.save = deq::at({0, 1.5, 2})}, deq::Options{.save = deq::steps(2)},
                    deq::Options{.save = deq::starts()},
                    deq::Options{.save = deq::every(0.1), .dtype = "f32"},
                    deq::Options{.save = deq::every(0.1), .max_steps = 5},
                    deq::Options{.control = deq::pid({.leaf_atol = {{"speed", 1e-3}}})},
                    deq::Options{.save = deq::every(0.1), .step_at = {0.55}}));

TEST(Buffers, allocateNothing) {
  deq::Engine engine;
  auto solve = engine.prepare(pendulum(), {.save = deq::every(0.1)});
  std::vector<double> t(64), y(128);
  deq::Workspace workspace = solve.workspace();
  for (double end : {3.0, 1.0, 2.0}) {
    const Allocations before = Allocations::now();
    const deq::Ended ended = solve(
        {.t0 = 0, .t1 = end, .y0 = {end, 0}, .args = {9.81}, .rtol = 1e-5}, {t, y}, workspace);
    const Allocations after = Allocations::now();
    EXPECT_TRUE(ended.ok());
    if (end == 3) // the first and longest: it sizes the workspace
      continue;
    EXPECT_EQ(after.byNew, before.byNew) << end;
    EXPECT_EQ(after.byMalloc, before.byMalloc) << end;
  }
}

// Else the tests of allocations see nothing at all.
TEST(Buffers, allocationsAreSeen) {
  const Allocations before = Allocations::now();
  const auto number = std::make_unique<std::atomic<int>>(1);
  EXPECT_EQ(Allocations::now().byNew, before.byNew + number->load());
  void *volatile memory = std::malloc(std::size_t(number->load())); // not to be optimised away
  std::free(memory);
  EXPECT_EQ(Allocations::now().byMalloc - before.byMalloc, Allocations::seesMalloc() ? 2 : 0);
}

TEST(Stepper, allocatesNothing) {
  deq::Engine engine;
  for (const deq::Save &save : {deq::ends(), deq::dense()}) {
    auto solve = engine.prepare(pendulum(), {.save = save, .step_at = {1.25}, .resumable = true});
    deq::Stepper stepper = solve.stepper({.t0 = 0, .t1 = 3, .y0 = {1, 0}, .args = {9.81}});
    const Allocations before = Allocations::now();
    for (double target : {1.0, 1.5, 2.0})
      stepper.step_until(target);
    double sum = 0;
    while (stepper.step())
      sum += stepper.y("speed")[0] + stepper.dt();
    const Allocations after = Allocations::now();
    EXPECT_TRUE(stepper.ok() && std::isfinite(sum));
    EXPECT_EQ(after.byNew, before.byNew);
    EXPECT_EQ(after.byMalloc, before.byMalloc);
  }
}

TEST(Buffers, fullOnesSaySo) {
  deq::Engine engine;
  auto solve = engine.prepare(pendulum(), {.save = deq::every(0.1)});
  std::vector<double> t(5), y(10);
  deq::Workspace workspace = solve.workspace();
  const deq::Call call = {.t0 = 0, .t1 = 3, .y0 = {1, 0}, .args = {9.81}};
  const deq::Ended ended = solve(call, {t, y}, workspace);
  EXPECT_FALSE(ended.complete);
  EXPECT_EQ(ended.rows, 5);
  EXPECT_EQ(t[4], 0.4);
}

TEST(Buffers, failuresNameTheComponent) {
  deq::Engine engine;
  auto solve = engine.prepare(deq::trace("f", {.state = {"x", "y"}}, [](const deq::Vars &y) {
    return deq::stack(0 * y[0], y[1] * y[1]);
  }));
  std::vector<double> t(2), y(4);
  deq::Workspace workspace = solve.workspace();
  const deq::Ended ended = solve({.t0 = 0, .t1 = 2, .y0 = {1, 1}}, {t, y}, workspace);
  EXPECT_FALSE(ended.ok());
  EXPECT_EQ(ended.component, 1);
  EXPECT_NEAR(ended.t, 1, 1e-3);
}

TEST(Buffers, mistakesAreErrors) {
  deq::Engine engine;
  auto solve = engine.prepare(pendulum());
  auto other = engine.prepare(pendulum());
  deq::Workspace workspace = solve.workspace(), foreign = other.workspace();
  std::vector<double> t(2), y(3);
  const deq::Call call = {.t0 = 0, .t1 = 3, .y0 = {1, 0}, .args = {9.81}};
  EXPECT_THROW(solve(call, {t, y}, workspace), deq::Error);
  y.resize(4);
  EXPECT_THROW(solve(call, {t, y}, foreign), deq::Error);
  EXPECT_TRUE(solve(call, {t, y}, workspace).ok());
  EXPECT_THROW(engine.prepare(pendulum(), {.save = deq::dense()}).workspace(), deq::Error);
  EXPECT_THROW(engine.prepare(pendulum(), {.save = deq::ends().only({"angle"})}).workspace(),
               deq::Error);
}

} // namespace
