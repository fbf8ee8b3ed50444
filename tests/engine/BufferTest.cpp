// Solves into memory of the host: the rows of a Solution, and not one allocation.
#include <deq/deq.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::int64_t> allocations = 0;
}

// Counts all of this program.
void *operator new(std::size_t size) {
  ++allocations;
  if (void *memory = std::malloc(size ? size : 1))
    return memory;
  throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

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
    const std::int64_t before = allocations;
    const deq::Ended ended = solve(
        {.t0 = 0, .t1 = end, .y0 = {end, 0}, .args = {9.81}, .rtol = 1e-5}, {t, y}, workspace);
    const std::int64_t made = allocations - before;
    EXPECT_TRUE(ended.ok());
    const bool first = end == 3; // and longest: it sizes the workspace
    EXPECT_TRUE(first || made == 0) << made << " up to " << end;
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
