// Sizes and names that follow from a signature, and values that do not fit one.
// What `mismatch` lets pass is handed to generated code, which does not look twice.
#include "compiler/Signature.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using deq::mismatch;
using deq::Signature;
using deq::Values;

TEST(Signature, widthCountsTheScalarsOfTheState) {
  Signature s;
  s.state = {{"q", {7, 2}}, {"v", {7, 2}}, {"x", {}}};
  EXPECT_EQ(s.width(), 29);
  EXPECT_EQ(Signature().width(), 0);
  EXPECT_EQ(deq::elements({}), 1);
  EXPECT_EQ(deq::elements({3, 0}), 0);
}

TEST(Signature, columnsNameEachScalar) {
  EXPECT_EQ(deq::columns({{"x", {}}, {"q", {2, 2}}, {"u", {1}}}),
            (std::vector<std::string>{"x", "q[0][0]", "q[0][1]", "q[1][0]", "q[1][1]", "u[0]"}));
}

TEST(Signature, mismatchSaysWhatDoesNotFit) {
  Signature s;
  s.state = {{"y", {2}}};
  s.arguments = {{{"a", {}}, {}}};
  s.literals = 1;
  Values v;
  v.y0 = {1, 2};
  v.arguments = {3};
  v.literals = {4};
  EXPECT_EQ(mismatch(s, v), "");
  auto with = [&](auto change) {
    Values changed = v;
    change(changed);
    return mismatch(s, changed);
  };
  EXPECT_EQ(with([](Values &v) { v.y0 = {1}; }), "1 initial values, expected 2");
  EXPECT_EQ(with([](Values &v) { v.arguments = {}; }), "0 argument values, expected 1");
  EXPECT_EQ(with([](Values &v) { v.literals = {}; }), "0 literals, expected 1");
  EXPECT_EQ(with([](Values &v) { v.save.kind = deq::SavePlan::Kind::every; }),
            "the save plan is of another kind than the one that was compiled");
  EXPECT_EQ(with([](Values &v) { v.t1 = -1; }), "") << "backwards in time";
  EXPECT_EQ(with([](Values &v) { v.plans.emplace_back(); }),
            "1 save plans beside the main one, expected 0");
  s.plans = {{"p", {}}};
  EXPECT_EQ(with([](Values &) {}), "0 save plans beside the main one, expected 1");
  s.save = deq::SaveKind::times;
  EXPECT_EQ(with([](Values &v) {
              v.plans = {{deq::SavePlan::Kind::at, 0, {0.5, 0.25}, 1}};
            }),
            "the save time 0.25 follows 0.5, expected the order of a solve from 0 to 1");
  s.plans.clear();
  s.save = deq::SaveKind::end;
  EXPECT_EQ(with([](Values &v) { v.t1 = NAN; }).substr(0, 8), "the span");
  EXPECT_EQ(with([](Values &v) { v.jump_at = {1}; }),
            "step_at, jump_at and step_to need code that was compiled for them");
  s.clip = true;
  EXPECT_EQ(with([](Values &v) { v.step_at = v.jump_at = {1, -1, 1}; }), "");
  EXPECT_EQ(with([](Values &v) {
              v.step_at = {1, INFINITY};
            }),
            "a time of step_at is inf, expected finite times");
  EXPECT_EQ(with([](Values &v) { v.step_to = {v.t0, 0.25, v.t1}; }), "");
  EXPECT_EQ(with([](Values &v) {
              v.step_to = {v.t0, 0.25};
            }),
            "step_to: expected 1 of the span as the last time, got 0.25");
  EXPECT_EQ(with([](Values &v) { v.leafAtol = {1}; }),
            "the absolute tolerances are per leaf, expected the one for all that was compiled");
  s.leaf_atol = true;
  EXPECT_EQ(mismatch(s, v), "") << "the one for all serves";
  EXPECT_EQ(with([](Values &v) { v.leafAtol = {0}; }), "");
  EXPECT_EQ(with([](Values &v) { v.leafAtol = {1, 2}; }), "2 absolute tolerances, expected 1");
  EXPECT_EQ(with([](Values &v) { v.leafAtol = {-1}; }),
            "the absolute tolerance of 'y' is -1, expected at least 0");
  EXPECT_NE(with([](Values &v) { v.leafAtol = {NAN}; }), "");
  s.leaf_atol = false;
  EXPECT_EQ(with([](Values &v) { v.leafWeights = {1}; }),
            "the weights are per leaf, expected the one for all that was compiled");
  s.leaf_weights = true;
  EXPECT_EQ(with([](Values &v) { v.leafWeights = {0}; }), "");
  EXPECT_EQ(with([](Values &v) { v.leafWeights = {1, 2}; }), "2 weights, expected 1");
  EXPECT_EQ(with([](Values &v) { v.leafWeights = {-1}; }),
            "the weight of 'y' is -1, expected at least 0");
  s.leaf_weights = false;
  s.control = "constant";
  EXPECT_EQ(mismatch(s, v), "the constant step is 0, expected more than 0");
  s.save = deq::SaveKind::times;
  v.dt = 0.1;
  v.save.kind = deq::SavePlan::Kind::every;
  EXPECT_EQ(mismatch(s, v), "the interval between saves is 0, expected more than 0");
}

} // namespace
