// Input blocks of kernels: slots by the rows of Inputs.def, the grid of constant steps, save times,
// memory arguments. Generated code reads these slots without a second look, so each layout is
// written out here once more.
#include "runtime/Inputs.h"

#include "runtime/Solve.h"
#include "tests/unit/support/ToyProgram.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace deq;
using Kind = SavePlan::Kind;
using Times = std::vector<double>;
constexpr double inf = std::numeric_limits<double>::infinity();

Signature signatureOf(DType dtype, const char *control = "pid") {
  Signature s;
  s.dtype = dtype;
  s.control = control;
  s.state = {{"y", {}}};
  return s;
}

Grid gridOf(double t0, double t1, double dt, DType dtype = DType::f64) {
  Values v;
  v.t0 = t0;
  v.t1 = t1;
  v.dt = dt;
  return makeGrid(signatureOf(dtype, "constant"), v);
}

Values spanOf(double t0, double t1, Kind kind, double h = 0, Times times = {}) {
  Values v;
  v.t0 = t0;
  v.t1 = t1;
  v.save = {kind, h, std::move(times), 1};
  return v;
}

Times timesOf(const Values &v, DType dtype = DType::f64) {
  Times times = saveTimes(signatureOf(dtype), v);
  EXPECT_EQ(times.back(), inf);
  times.pop_back();
  return times;
}

TEST(Inputs, uniformBlockFollowsTheTable) {
  Signature s = signatureOf(DType::f64);
  s.arguments = {{{"a", {}}, ArgumentKind::uniform},
                 {{"big", {3}}, ArgumentKind::memory},
                 {{"own", {}}, ArgumentKind::trajectory},
                 {{"b", {2}}, ArgumentKind::uniform}};
  s.literals = 2;
  Values v;
  v.t0 = 1;
  v.t1 = 3;
  v.pid.pcoeff = 0.3;
  v.pid.icoeff = 0.4;
  v.pid.dcoeff = 0.1;
  v.y0 = {9};
  v.arguments = {10, 20, 21, 22, 30, 40, 41};
  v.literals = {50, 51};
  const std::vector<Slot> slots = uniformInputs(s, v);
  const test::InputSlots in(false);
  ASSERT_EQ(slots.size(), static_cast<std::size_t>(in.end + 5));
  EXPECT_EQ(in.t0, 0);
  EXPECT_EQ(in.t1, 1);
  EXPECT_EQ(slots[in.t0].f64, 1);
  EXPECT_EQ(slots[in.t1].f64, 3);
  EXPECT_EQ(slots[in.inverse_order].f64, 0.2);
  EXPECT_EQ(slots[in.rtol].f64, 1e-6);
  EXPECT_DOUBLE_EQ(slots[in.gain1].f64, -0.08);
  EXPECT_DOUBLE_EQ(slots[in.gain2].f64, 0.05);
  EXPECT_DOUBLE_EQ(slots[in.gain3].f64, -0.01);
  EXPECT_NEAR(slots[in.log_safety].f64, std::log2(0.9), 1e-12);
  EXPECT_NEAR(slots[in.log_factor_min].f64, std::log2(0.2), 1e-12);
  EXPECT_NEAR(slots[in.log_factor_max].f64, std::log2(10), 1e-12);
  EXPECT_EQ(slots[in.dt_max].f64, inf);
  EXPECT_EQ(slots[in.force_dt_min].i64, 1);
  EXPECT_EQ(slots[in.max_steps].i64, 1000000);
  EXPECT_EQ(slots[in.save_start].i64, 0);
  EXPECT_EQ(slots[in.save_end].i64, 1);
  Times rest;
  for (std::size_t i = in.end; i < slots.size(); ++i)
    rest.push_back(slots[i].f64);
  EXPECT_EQ(rest, (Times{10, 40, 41, 50, 51}));

  const std::vector<Slot> own = trajectoryInputs(s, v);
  ASSERT_EQ(own.size(), 2u);
  EXPECT_EQ(own[0].f64, 9);
  EXPECT_EQ(own[1].f64, 30);

  const MemoryInputs memory = memoryInputs(s, v);
  ASSERT_EQ(memory.pointers.size(), 1u);
  EXPECT_EQ(static_cast<const double *>(memory.pointers[0])[2], 22);
}

// After the table's rows, before the arguments; above zero like the one for all, which stands in
// for a missing list.
TEST(Inputs, leafTolerancesPrecedeTheArguments) {
  Signature s = signatureOf(DType::f64);
  s.state = {{"x", {}}, {"q", {3}}, {"z", {}}};
  s.arguments = {{{"a", {}}, ArgumentKind::uniform}};
  Values v;
  v.pid.atol = 1e-4;
  v.y0 = {0, 0, 0, 0, 0};
  v.arguments = {10};
  auto tail = [&] {
    const std::vector<Slot> slots = uniformInputs(s, v);
    Times rest;
    for (std::size_t i = test::InputSlots(s.dtype == DType::f32).end; i < slots.size(); ++i)
      rest.push_back(s.dtype == DType::f32 ? slots[i].f32 : slots[i].f64);
    return rest;
  };
  EXPECT_EQ(tail(), (Times{10}));
  s.leaf_atol = true;
  EXPECT_EQ(tail(), (Times{1e-4, 1e-4, 1e-4, 10}));
  v.leafAtol = {1e-8, 0.5, 0};
  EXPECT_EQ(tail(), (Times{1e-8, 0.5, std::numeric_limits<double>::min(), 10}));
  s.dtype = DType::f32;
  EXPECT_EQ(tail(), (Times{1e-8f, 0.5, std::numeric_limits<float>::min(), 10}));
  s.leaf_weights = true;
  v.leafAtol = {1, 1, 1};
  EXPECT_EQ(tail(), (Times{1, 1, 1, 1, 1, 1, 10})) << "a weight is 1 unless it is given";
  v.leafWeights = {0, 0.5, 2};
  EXPECT_EQ(tail(), (Times{1, 1, 1, 0, 0.5, 2, 10})) << "weights follow tolerances";
  s.leaf_atol = false;
  EXPECT_EQ(tail(), (Times{0, 0.5, 2, 10}));
}

TEST(Inputs, timesOfF32MayBeF64) {
  Signature s = signatureOf(DType::f32_time_f64);
  Values v;
  v.t0 = 0.1;
  v.t1 = 1e5 + 0x1p-36;
  v.dt = 0.1;
  v.y0 = {0.1};
  const std::vector<Slot> slots = uniformInputs(s, v);
  const test::InputSlots in(false);
  EXPECT_EQ(slots[in.t0].f64, v.t0);
  EXPECT_EQ(slots[in.t1].f64, v.t1);
  EXPECT_EQ(slots[in.dt].f64, v.dt) << "constant steps are of the precision of time";
  EXPECT_EQ(slots[in.rtol].f32, 1e-6f);
  EXPECT_EQ(slots[in.end_tolerance].f32, float(100 * std::ldexp(1, 16 - 52)));
  EXPECT_EQ(trajectoryInputs(s, v)[0].f32, 0.1f);
}

TEST(Inputs, f32TimesAreCompensatedPairs) {
  Signature s = signatureOf(DType::f32);
  s.arguments = {{{"m", {2}}, ArgumentKind::memory}, {{"n", {2}}, ArgumentKind::memory}};
  Values v;
  v.t0 = 0.1;
  v.t1 = 1 / 3.0;
  v.y0 = {0.1};
  v.arguments = {0.1, 0.2, 0.3, 0.4};
  const std::vector<Slot> slots = uniformInputs(s, v);
  const test::InputSlots in(true);
  ASSERT_EQ(slots.size(), static_cast<std::size_t>(in.end));
  EXPECT_EQ(in.end, test::InputSlots(false).end + 2);
  EXPECT_EQ(slots[in.t0].f32, 0.1f);
  EXPECT_NEAR(double(slots[in.t0].f32) + double(slots[in.t0 + 1].f32), 0.1, 1e-16);
  EXPECT_NEAR(double(slots[in.t1].f32) + double(slots[in.t1 + 1].f32), 1 / 3.0, 1e-15);
  EXPECT_EQ(slots[in.rtol].f32, 1e-6f);
  EXPECT_EQ(slots[in.rtol].i64 >> 32, 0) << "the other half of an f32 slot is zero";
  EXPECT_EQ(trajectoryInputs(s, v)[0].f32, 0.1f);
  const MemoryInputs memory = memoryInputs(s, v);
  ASSERT_EQ(memory.pointers.size(), 2u);
  EXPECT_EQ(static_cast<const float *>(memory.pointers[0])[1], 0.2f);
  EXPECT_EQ(static_cast<const float *>(memory.pointers[1])[1], 0.4f);
}

TEST(Grid, spansThatDivideGetNoSliver) {
  const Grid tenth = gridOf(0, 1, 0.1);
  EXPECT_EQ(tenth.steps, 10);
  EXPECT_EQ(tenth.lastStep, 0.1);
  EXPECT_EQ(gridOf(0, 0.3, 0.1).steps, 3) << "0.3 / 0.1 rounds to less than 3";
  EXPECT_EQ(gridOf(0, 0.6, 0.2).steps, 3) << "0.6 / 0.2 rounds to less than 3";
  EXPECT_EQ(gridOf(1, 1.7, 0.1).steps, 7);
  EXPECT_EQ(gridOf(0, 40, 0.001).steps, 40000);
  EXPECT_EQ(gridOf(0, 1, 1).steps, 1);
}

TEST(Grid, otherSpansShortenTheLastStep) {
  const Grid grid = gridOf(0, 1, 0.3);
  EXPECT_EQ(grid.steps, 4);
  EXPECT_NEAR(grid.lastStep, 0.1, 1e-15);
  const Grid one = gridOf(2, 3, 5);
  EXPECT_EQ(one.steps, 1);
  EXPECT_EQ(one.lastStep, 1);
  const Grid almost = gridOf(0, 1, 0.1 * (1 - 1e-12));
  EXPECT_EQ(almost.steps, 11);
  EXPECT_GT(almost.lastStep, 0);
}

TEST(Grid, emptySpansAndNoStepGiveNoSteps) {
  EXPECT_EQ(gridOf(1, 1, 0.1).steps, 0);
  EXPECT_EQ(gridOf(0, 1, 0).steps, 0);
  EXPECT_GT(gridOf(0, 1e300, 1e-300).steps, std::int64_t(1) << 60);
}

// The kernel adds 0.1f; what that differs from 0.1 is made up at the end.
TEST(Grid, f32StepsEndAtT1) {
  const Grid grid = gridOf(0, 1, 0.1, DType::f32);
  EXPECT_EQ(grid.steps, 10);
  EXPECT_DOUBLE_EQ(grid.lastStep, 1 - 9 * double(0.1f));
  const Grid fine = gridOf(0, 1000, 1e-5, DType::f32);
  EXPECT_GT(fine.lastStep, 0);
  EXPECT_LE(fine.lastStep, double(1e-5f));
  EXPECT_NEAR((fine.steps - 1) * double(1e-5f) + fine.lastStep, 1000, 1e-9);
}

TEST(Grid, endToleranceIsAHundredUlps) {
  EXPECT_EQ(gridOf(0, 1, 0).endTolerance, 100 * std::ldexp(1, -52));
  EXPECT_EQ(gridOf(-5, 1, 0).endTolerance, 100 * std::ldexp(4, -52));
  EXPECT_EQ(gridOf(0, 1, 0, DType::f32).endTolerance, 100 * std::ldexp(1, -46));
  EXPECT_EQ(gridOf(0, 0, 0).endTolerance, 0);
}

TEST(Grid, savePlansChooseTheirEnds) {
  auto ends = [](const Values &v) {
    const Grid grid = makeGrid(signatureOf(DType::f64), v);
    return std::pair(grid.saveStart, grid.saveEnd);
  };
  EXPECT_EQ(ends(spanOf(0, 1, Kind::start)), std::pair(true, true));
  EXPECT_EQ(ends(spanOf(0, 1, Kind::end)), std::pair(false, true));
  EXPECT_EQ(ends(spanOf(0, 1, Kind::every, 0.1)), std::pair(true, true));
  EXPECT_EQ(ends(spanOf(0, 1, Kind::steps)), std::pair(false, true));
  EXPECT_EQ(ends(spanOf(0, 1, Kind::at, 0, {0.5})), std::pair(false, false));
  EXPECT_EQ(ends(spanOf(0, 1, Kind::at, 0, {0, 0.5})), std::pair(true, false));
  EXPECT_EQ(ends(spanOf(0, 1, Kind::at, 0, {0.5, 1})), std::pair(false, false));
  EXPECT_EQ(ends(spanOf(1, 1, Kind::at, 0, {1})), std::pair(true, false));
}

TEST(SaveTimes, everyIsStrictlyInside) {
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::every, 0.25)), (Times{0.25, 0.5, 0.75}));
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::every, 2)), Times());
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::every, 1)), Times());
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::every, 0.4)), (Times{0.4, 0.8}));
  EXPECT_EQ(timesOf(spanOf(1, 1, Kind::every, 0.4)), Times());
}

TEST(SaveTimes, everyIsMultipliedNotAdded) {
  const Times times = timesOf(spanOf(0, 40, Kind::every, 0.01));
  ASSERT_EQ(times.size(), 3999u) << "4000 * 0.01 is the end, not a row before it";
  for (std::size_t i = 0; i < times.size(); ++i)
    EXPECT_EQ(times[i], std::fma(double(i + 1), 0.01, 0.0));
  EXPECT_EQ(timesOf(spanOf(0, 0.3, Kind::every, 0.1)).size(), 2u) << "3 * 0.1 is above 0.3";
  EXPECT_EQ(timesOf(spanOf(0, 0.7, Kind::every, 0.1)).size(), 6u);
}

TEST(SaveTimes, intervalsBelowTheSpacingOfTimesRepeatNothing) {
  const Times times = timesOf(spanOf(1e16, 1e16 + 20000, Kind::every, 0.5));
  for (std::size_t i = 1; i < times.size(); ++i)
    ASSERT_LT(times[i - 1], times[i]);
}

TEST(SaveTimes, listsKeepWhatIsInside) {
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::at, 0, {-1, 0, 0.25, 0.5, 1, 2})), (Times{0.25, 0.5, 1}));
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::end)), Times());
  EXPECT_EQ(timesOf(spanOf(0, 1, Kind::steps)), Times());
}

TEST(SaveTimes, ofSeveralPlansAreOneList) {
  Values v = spanOf(0, 1, Kind::every, 0.25);
  v.plans = {{Kind::at, 0, {0, 0.1, 0.5, 1}, 1}, {Kind::steps, 0, {}, 6}, {Kind::steps, 0, {}, 4}};
  EXPECT_EQ(timesOf(v), (Times{0.1, 0.25, 0.5, 0.75, 1}));
  const Grid grid = makeGrid(signatureOf(DType::f64), v);
  EXPECT_TRUE(grid.saveStart && grid.saveEnd);
  EXPECT_EQ(grid.saveEvery, 2);
  v.save = {Kind::at, 0, {0.5}, 1};
  v.plans = {{Kind::at, 0, {0.75}, 1}};
  EXPECT_FALSE(makeGrid(signatureOf(DType::f64), v).saveStart);
  EXPECT_FALSE(makeGrid(signatureOf(DType::f64), v).saveEnd);
}

TEST(SaveTimes, backwardsAreInTheKernelsTime) {
  EXPECT_EQ(timesOf(spanOf(1, -1, Kind::every, 0.75)), (Times{-0.25, 0.5}));
  EXPECT_EQ(timesOf(spanOf(1, 0, Kind::at, 0, {2, 1, 0.5, 0, -1})), (Times{-0.5, 0}));
  const Grid grid = gridOf(0, -1, 0.3);
  EXPECT_EQ(grid.direction, -1);
  EXPECT_EQ(grid.t0, 0);
  EXPECT_FALSE(std::signbit(grid.t0));
  EXPECT_EQ(grid.t1, 1);
  EXPECT_EQ(grid.steps, 4);
}

TEST(Inputs, clipTimesAreMergedInsideOfTheSpan) {
  Values v;
  v.t0 = -1;
  v.t1 = 2;
  v.step_at = {-2, -1, -0.0, 0.5, 1, 2};
  v.jump_at = {1, 3, 0.1, -1.5, 1.5, 2, 0.1}; // as of several sources
  auto pairs = [&](DType dtype) {
    std::vector<std::pair<double, double>> list;
    for (const Clip &clip : clipTimes(signatureOf(dtype), v))
      list.emplace_back(clip.time, clip.kind);
    return list;
  };
  const std::vector<std::pair<double, double>> expected = {{0, 0}, {0.1, 1}, {0.5, 0},
                                                           {1, 1}, {1.5, 1}, {inf, 0}};
  EXPECT_EQ(pairs(DType::f64), expected);
  EXPECT_FALSE(std::signbit(pairs(DType::f64)[0].first));
  std::swap(v.t0, v.t1);
  const std::vector<std::pair<double, double>> backwards = {{-1.5, 1}, {-1, 1}, {-0.5, 0},
                                                            {-0.1, 1}, {0, 0},  {inf, 0}};
  EXPECT_EQ(pairs(DType::f64), backwards);
  EXPECT_FALSE(std::signbit(pairs(DType::f64)[4].first));
  std::swap(v.t0, v.t1);
  // A pair of floats keeps 48 bits: what it cannot tell apart is one time.
  v.step_at = {0.1, std::nextafter(0.1, 1)};
  v.jump_at = {};
  EXPECT_EQ(pairs(DType::f64).size(), 3U);
  const auto single = pairs(DType::f32);
  ASSERT_EQ(single.size(), 2U);
  EXPECT_EQ(single[0].first, double(0.1F) + double(float(0.1 - 0.1F)));
}

} // namespace
