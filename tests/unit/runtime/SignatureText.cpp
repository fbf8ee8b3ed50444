// Records of signatures and values: exact round trips, and no garbage gets in.
// The records come back from files that anybody may edit; a wrong one must end in a message, never
// in a crash.
#include "compiler/Signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace {

using deq::decodeSignature;
using deq::decodeValues;
using deq::encode;
using deq::Signature;
using deq::Values;
using Records = std::vector<std::string>;

Signature pleiades() {
  Signature s;
  s.solve = "fast";
  s.field = "pleiades";
  s.dtype = deq::DType::f32;
  s.state = {{"q", {7, 2}}, {"v", {7, 2}}, {"x", {}}};
  s.arguments = {{{"m", {7}}, deq::ArgumentKind::memory},
                 {{"g", {}}, deq::ArgumentKind::uniform},
                 {{"k", {2, 3}}, deq::ArgumentKind::trajectory}};
  s.literals = 3;
  s.method = "dopri5";
  s.control = "constant";
  s.stages = "scan";
  s.save = deq::SaveKind::steps;
  s.clip = true;
  s.limit = true;
  s.error_order = 4;
  s.evaluations_per_step = 7;
  s.evaluations_per_row_step = 3;
  s.evaluations_at_start = 0;
  s.workspace_slots = 123;
  return s;
}

Values manyValues() {
  Values v;
  v.t0 = -0.1;
  v.t1 = 1e300;
  v.dt = 5e-324;
  v.pid = {1e-8, 0, 0.1, 0.7, -0.3, 0.95, 0.1, 5, 1e-9, 0.5, false};
  v.leafAtol = {1e-8, 0.1, 0};
  v.leafWeights = {0, 1.0 / 3, 1};
  v.max_steps = std::numeric_limits<std::int64_t>::max();
  v.step_at = {-1, 0.1};
  v.step_to = {0, 0.25, 7};
  v.jump_at = {1.0 / 3};
  v.y0 = {1,
          -0.0,
          1.0 / 3,
          std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity(),
          std::numeric_limits<double>::quiet_NaN()};
  v.arguments = {std::numeric_limits<double>::max(), std::numeric_limits<double>::min() / 3};
  v.literals = {0.1};
  return v;
}

std::string errorOf(const Records &records, bool signature) {
  std::string error;
  if (signature)
    EXPECT_FALSE(decodeSignature(records, error));
  else
    EXPECT_FALSE(decodeValues(records, error));
  return error;
}

TEST(SignatureText, recordsAreReadable) {
  const Records expected = {"solve fast",
                            "field pleiades",
                            "dtype f32",
                            "literals 3",
                            "method dopri5",
                            "control constant",
                            "norm rms",
                            "leaf_atol 0",
                            "leaf_weights 0",
                            "stages scan",
                            "save steps",
                            "clip 1",
                            "limit 1",
                            "error_order 4",
                            "evaluations_per_step 7",
                            "evaluations_per_row_step 3",
                            "evaluations_at_start 0",
                            "workspace_slots 123",
                            "state q 7 2",
                            "state v 7 2",
                            "state x",
                            "argument m memory 7",
                            "argument g uniform",
                            "argument k trajectory 2 3"};
  EXPECT_EQ(encode(pleiades()), expected);
}

TEST(SignatureText, signaturesRoundTrip) {
  std::string error;
  const auto back = decodeSignature(encode(pleiades()), error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(encode(*back), encode(pleiades()));
  EXPECT_EQ(back->state[0].shape, (deq::Shape{7, 2}));
  EXPECT_EQ(back->state[2].shape, deq::Shape{});
  EXPECT_EQ(back->arguments[0].kind, deq::ArgumentKind::memory);
  EXPECT_EQ(back->dtype, deq::DType::f32);
  EXPECT_EQ(back->save, deq::SaveKind::steps);
  EXPECT_TRUE(back->clip);
  EXPECT_TRUE(back->limit);
  EXPECT_EQ(back->workspace_slots, 123);
}

TEST(SignatureText, valuesRoundTripToTheBit) {
  const Values v = manyValues();
  std::string error;
  const auto back = decodeValues(encode(v), error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(encode(*back), encode(v));
  EXPECT_EQ(back->t0, v.t0);
  EXPECT_EQ(back->dt, v.dt);
  EXPECT_EQ(back->max_steps, v.max_steps);
  EXPECT_EQ(back->pid.dcoeff, v.pid.dcoeff);
  EXPECT_EQ(back->leafAtol, v.leafAtol);
  EXPECT_EQ(back->leafWeights, v.leafWeights);
  EXPECT_FALSE(back->pid.force_dt_min);
  EXPECT_EQ(back->step_at, v.step_at);
  EXPECT_EQ(back->step_to, v.step_to);
  EXPECT_EQ(back->jump_at, v.jump_at);
  EXPECT_TRUE(std::equal(v.y0.begin(), v.y0.end() - 1, back->y0.begin()));
  EXPECT_TRUE(std::signbit(back->y0[1]));
  EXPECT_TRUE(std::isnan(back->y0[5]));
  EXPECT_EQ(back->arguments, v.arguments);
  EXPECT_EQ(back->literals, v.literals);
}

TEST(SignatureText, randomNumbersRoundTripToTheBit) {
  std::mt19937_64 random(1);
  Values v;
  while (v.y0.size() < 10000) {
    const double x = std::bit_cast<double>(random());
    if (!std::isnan(x))
      v.y0.push_back(x);
  }
  std::string error;
  const auto back = decodeValues(encode(v), error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(back->y0, v.y0);
}

TEST(SignatureText, numbersAreSpelledForPeople) {
  Values v;
  v.pid.rtol = 1e-8;
  v.y0 = {1, 0.5, -std::numeric_limits<double>::infinity(), -std::nan("")};
  const Records records = encode(v);
  EXPECT_TRUE(std::count(records.begin(), records.end(), "rtol 1e-08"));
  EXPECT_TRUE(std::count(records.begin(), records.end(), "y0 1 0.5 -inf nan"));
  EXPECT_TRUE(std::count(records.begin(), records.end(), "dt_max inf"));
}

TEST(SignatureText, savePlansRoundTrip) {
  using Kind = deq::SavePlan::Kind;
  auto plan = [](const std::string &record) {
    std::string error;
    const auto v = decodeValues({record}, error);
    EXPECT_TRUE(v) << error;
    const Records records = encode(*v);
    EXPECT_TRUE(std::count(records.begin(), records.end(), record)) << record;
    return v->save;
  };
  EXPECT_EQ(plan("save start").kind, Kind::start);
  EXPECT_EQ(plan("save end").kind, Kind::end);
  EXPECT_EQ(plan("save every 0.01").h, 0.01);
  EXPECT_EQ(plan("save steps 3").n, 3);
  EXPECT_EQ(plan("save at 0 0.5 2").times, (std::vector<double>{0, 0.5, 2}));
  EXPECT_EQ(plan("save at").times, std::vector<double>());
}

TEST(SignatureText, namedPlansRoundTrip) {
  std::string error;
  deq::Signature s = pleiades();
  s.saved = {2, 0};
  s.plans = {{"fine", {}}, {"last", {1}}};
  const auto back = decodeSignature(encode(s), error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(back->saved, s.saved);
  ASSERT_EQ(back->plans.size(), 2u);
  EXPECT_EQ(back->plans[0].name, "fine");
  EXPECT_EQ(back->plans[1].leaves, s.plans[1].leaves);
  const Records records = {"save dense", "plan every 0.5", "plan at 1 0.5 -1"};
  const auto values = decodeValues(records, error);
  ASSERT_TRUE(values) << error;
  ASSERT_EQ(values->plans.size(), 2u);
  EXPECT_EQ(values->plans[1].times, (std::vector<double>{1, 0.5, -1}));
  const Records again = encode(*values);
  EXPECT_TRUE(std::equal(records.begin(), records.end(), again.end() - 3));
}

TEST(SignatureText, orderMattersOnlyAmongLeaves) {
  Records records = encode(pleiades());
  std::reverse(records.begin(), records.end());
  std::string error;
  const auto back = decodeSignature(records, error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(back->state.front().name, "x");
  EXPECT_EQ(back->method, "dopri5");
  records = encode(manyValues());
  std::reverse(records.begin(), records.end());
  const auto values = decodeValues(records, error);
  ASSERT_TRUE(values) << error;
  EXPECT_EQ(encode(*values), encode(manyValues()));
}

TEST(SignatureText, absentRecordsKeepTheirDefaults) {
  std::string error;
  const auto s = decodeSignature({"solve a", "field b", "state y"}, error);
  ASSERT_TRUE(s) << error;
  EXPECT_EQ(s->method, "tsit5");
  const auto v = decodeValues({}, error);
  ASSERT_TRUE(v) << error;
  EXPECT_EQ(v->max_steps, 1000000);
  EXPECT_EQ(errorOf({"solve a", "field b"}, true), "no record 'state'");
  EXPECT_EQ(errorOf({"field b", "state y"}, true), "no record 'solve'");
}

TEST(SignatureText, everyPrecisionComesBack) {
  for (const deq::DType dtype : {deq::DType::f64, deq::DType::f32, deq::DType::f32_time_f64}) {
    Signature s = pleiades();
    s.dtype = dtype;
    std::string error;
    const auto back = decodeSignature(encode(s), error);
    ASSERT_TRUE(back) << error;
    EXPECT_EQ(back->dtype, dtype);
  }
}

TEST(SignatureText, refusesWhatItDoesNotUnderstand) {
  const Records base = {"solve a", "field b", "state y"};
  auto signature = [&](const std::string &record) {
    Records records = base;
    records.push_back(record);
    return errorOf(records, true);
  };
  EXPECT_EQ(signature("tolerance 1"), "record 'tolerance 1': unknown word");
  EXPECT_EQ(signature("dtype f16"),
            "record 'dtype f16': expected one of f64, f32, f32(time=f64), got 'f16'");
  EXPECT_EQ(signature("dtype"), "record 'dtype': too few operands");
  EXPECT_EQ(signature("dtype f32 f64"), "record 'dtype f32 f64': unexpected 'f64'");
  EXPECT_EQ(signature("solve c"), "record 'solve c': given twice");
  EXPECT_EQ(signature("state y 2"), "'y' is declared twice");
  EXPECT_EQ(signature("argument y memory"), "'y' is declared twice");
  EXPECT_EQ(signature("argument m 7"),
            "record 'argument m 7': expected one of uniform, trajectory, memory, linear, cubic, "
            "got '7'");
  EXPECT_EQ(signature("saved 0 1"), "the save plan names a leaf that is not there");
  EXPECT_EQ(signature("plan p -1"), "the save plan 'p' names a leaf that is not there");
  EXPECT_EQ(signature("plan p x"), "record 'plan p x': expected an integer, got 'x'");
  EXPECT_EQ(errorOf({"solve a", "field b", "state y", "plan p", "plan p 0"}, true),
            "the save plan 'p' is declared twice");
  EXPECT_EQ(signature("leaf_atol 2"),
            "record 'leaf_atol 2': expected an integer from 0 to 1, got 2");
  EXPECT_EQ(errorOf({"solve a", "field b", "state y", "control constant", "leaf_atol 1"}, true),
            "tolerances and weights per leaf are for control pid, got constant");
  EXPECT_EQ(signature("literals 1.5"), "record 'literals 1.5': expected an integer, got '1.5'");
  EXPECT_EQ(signature("error_order 0"),
            "record 'error_order 0': expected an integer from 1 to 1000, got 0");
  EXPECT_EQ(signature("state z 1099511627776 2"),
            "record 'state z 1099511627776 2': the shape is too large");
  EXPECT_EQ(signature("state z 0 1099511627776 1099511627776"),
            "record 'state z 0 1099511627776 1099511627776': the shape is too large");
  for (const char *record :
       {"", " ", "state", "state ", "state  2", "state z -1", "state z 2x", "literals -1",
        "literals 99999999999999999999", "control PID", "stages", "save at", "workspace_slots nan"})
    EXPECT_NE(signature(record), "") << record;

  auto values = [](const std::string &record) { return errorOf({record}, false); };
  EXPECT_EQ(values("t0 nan").substr(0, 15), "record 't0 nan'");
  EXPECT_EQ(values("y0 1 two 3"), "record 'y0 1 two 3': expected a number, got 'two'");
  EXPECT_EQ(values("save at 0 2 1"),
            "record 'save at 0 2 1': expected increasing or decreasing times");
  EXPECT_EQ(values("save at 0 inf"), "record 'save at 0 inf': expected finite times");
  for (const char *record : {"t1 inf",
                             "t0",
                             "t0 1 2",
                             "t0 1e999",
                             "t0 0x10",
                             "t0 +1",
                             "dt -1",
                             "rtol nan",
                             "rtol -1",
                             "safety inf",
                             "force_dt_min 2",
                             "max_steps -1",
                             "max_steps 1e6",
                             "save",
                             "save never",
                             "save every",
                             "save every 0",
                             "save every -1",
                             "save every inf",
                             "save steps 0",
                             "save at 1 1",
                             "save at 1 nan",
                             "save end 1",
                             "y0 1  2",
                             "Y0 1"})
    EXPECT_NE(values(record), "") << record;
}

// Every prefix and a few thousand mutations of good records either decode to something that encodes
// again or are refused with a message that names a reason.
TEST(SignatureText, survivesGarbage) {
  std::mt19937 random(7);
  auto pick = [&](std::size_t n) { return random() % n; };
  auto mutate = [&](Records records) {
    std::string &record = records[pick(records.size())];
    switch (pick(6)) {
    case 0:
      record.resize(pick(record.size() + 1));
      break;
    case 1:
      if (!record.empty())
        record[pick(record.size())] = static_cast<char>(random());
      break;
    case 2:
      record.insert(pick(record.size() + 1), 1, " 0-9.en"[pick(7)]);
      break;
    case 3:
      records.erase(records.begin() + pick(records.size()));
      break;
    case 4:
      records.push_back(records[pick(records.size())]);
      break;
    case 5:
      std::swap(records[pick(records.size())], record);
      break;
    }
    return records;
  };
  auto stable = [](const auto &decode, const Records &records) {
    std::string error;
    if (const auto got = decode(records, error)) {
      const auto again = decode(encode(*got), error);
      ASSERT_TRUE(again) << error;
      EXPECT_EQ(encode(*again), encode(*got));
    } else {
      EXPECT_FALSE(error.empty());
    }
  };
  for (int i = 0; i < 3000; ++i) {
    stable(decodeSignature, mutate(mutate(encode(pleiades()))));
    stable(decodeValues, mutate(mutate(encode(manyValues()))));
  }
}

} // namespace
