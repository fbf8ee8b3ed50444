// Folds against solutions that are known, and the same bits from every engine, whether a fold is
// spelled out or a loop.
// A loop reads arrays through memory at indices of its own, which no other code does.
#include "Compiled.h"

#include <cmath>
#include <functional>

namespace {

using namespace deq;
using namespace deq::test;

Overrides inType(const std::string &dtype) {
  Overrides overrides;
  overrides.dtype = dtype;
  return overrides;
}

class Folds : public testing::TestWithParam<Engine> {};

// x' = 5 t^4 + 4 t^3 + 3 t^2 + 2 t + 1 by Horner's rule: a method of order 5 integrates it exactly.
TEST_P(Folds, polynomialByHornersRule) {
  const std::string text = R"(field horner(t; x; c[5]) {
  x' = fold(p = 0, p*t + c[i] for i in 0..5)
}
solve horner {
  span 0 to 2
  init x = 0.25
  args c = [5, 4, 3, 2, 1]
})";
  EXPECT_NEAR(endOf(compileText(text, {}, GetParam()).run())[0], 62.25, 62.25 * 1e-14);
  EXPECT_NEAR(endOf(compileText(text, inType("f32"), GetParam()).run())[0], 62.25, 62.25 * 1e-6);
}

// x' = 1 + x (1 + x (1 + ..)) = 1/(1 - x), so x = 1 - sqrt(1 - 2t): 300 terms, in a loop.
TEST_P(Folds, geometricSeriesInALoop) {
  const Compiled compiled = compileText(R"(field series(t; x) {
  x' = fold(s = 1, 1 + x*s for k in 0..300)
}
solve series {
  span 0 to 0.3
  init x = 0
  control pid(rtol = 1e-12, atol = 1e-12)
})",
                                        {}, GetParam());
  EXPECT_NEAR(endOf(compiled.run())[0], 1 - std::sqrt(0.4), 1e-11);
}

// A capacitor that discharges through a ladder of resistors: the fold carries the resistance of
// what lies behind a rung, z = r + 1/(g + 1/z), to its fixed point for a long ladder.
TEST_P(Folds, longLadder) {
  const double r = 2, g = 0.3, z = (r + std::sqrt(r * r + 4 * r / g)) / 2;
  const Compiled compiled = compileText(R"(field ladder(t; v; r, g; static rungs = 200000) {
  v' = -v/fold(z = 1, r + 1/(g + 1/z) for k in 0..rungs)
}
solve ladder {
  span 0 to 0.01
  init v = 3
  args r = 2, g = 0.3
  control constant(dt = 0.01)
  method rk4
})",
                                        {}, GetParam());
  EXPECT_NEAR(endOf(compiled.run())[0], 3 * std::exp(-0.01 / z), 1e-12);
}

// A line of cells that are charged through each other: the current into the line is carried along
// it, cell by cell, less what a cell takes. By sums over the cells before it, that is the same.
TEST_P(Folds, currentAlongALine) {
  auto ends = [&](const std::string &current) {
    const Compiled compiled = compileText("field line(t; v[24]; g = 0.2, s = 3; static n = 24) {\n"
                                          "  v' = [g*(" +
                                              current + R"() - g*v[k] for k in 0..n]
}
solve line {
  span 0 to 2
  init v = [0.1*i for i in 0..n]
})",
                                          {}, GetParam());
    return endOf(compiled.run());
  };
  const std::vector<double> carried =
      ends("fold(i = s + sin(t), i - g*v[j] for j in 0..n if j < k)");
  const std::vector<double> summed = ends("s + sin(t) - sum(g*v[j] for j in 0..n if j < k)");
  ASSERT_EQ(carried.size(), summed.size());
  for (std::size_t i = 0; i < carried.size(); ++i)
    EXPECT_NEAR(carried[i], summed[i], 1e-12) << i;
}

INSTANTIATE_TEST_SUITE_P(Engines, Folds, testing::ValuesIn(everyEngine),
                         [](const auto &info) { return std::string(info.param.name); });

/// Folds of every kind: what is carried, what is read and where, how long they are.
const char *const forms[] = {
    // scalars and arrays, spelled out
    "fold(s = x, 0.5*s + y[j] for j in 0..5 if j != 2)*y",
    "fold(u = y, 0.5*roll(u, 1) + 0.1*u[j] for j in 0..4)",
    "[fold(s = y[k], s/2 + y[j] for j in 0..9 if j != k) for k in 0..20]",
    "[sum(fold(s = x, s*y[k] + y[j] for i in 0..3) for j in 0..9) for k in 0..20]/50",
    "fold(u = y, u/2 for k in 3..3)",
    // loops: arguments, state and locals at their index, mirrored, divided, cyclic, with gaps
    "fold(s = x, 0.9*s + a[j]*x for j in 0..200)*y",
    "fold(s = x, 0.9*s + a[199 - j]*y[div(j, 10)] + 0.01*j for j in 0..200)*y/10",
    "fold(s = x, 0.5*s + w[j - 1]*m[mod(j, 7), 2] for j in 0..21 if j > 0 and mod(j, 3) != 1)*y",
    "fold(s = x, if j < 100 then s/2 + y[mod(j, 20)] else max(s, a[j]) for j in 0..200)*y/5",
    "fold(u = y, 0.9*u + 0.1*u[mod(j, 20)]*y for j in 0..100)",
    "fold(u = y, 0.5*u + m[mod(j, 7)]*w[mod(3*j, 20)] for j in 0..50)",
    "fold(u = [y, w], 0.4*u + 0.5*[u[mod(j, 2)], u[1 - mod(j, 2)]] for j in 0..50)[1]",
    "fold(u = m, 0.5*u + 0.1*u[mod(j, 7)][3] for j in 0..9)[2]",
    // loops in loops, loops in comprehensions, comprehensions and functions in loops
    "fold(s = x, s/2 + fold(r = s, r/3 + y[div(i + j, 4)] for j in 0..40) for i in 0..40)*y",
    "[fold(s = y[k], s/2 + a[j + k]*y[k] for j in 0..180) for k in 0..20]",
    "fold(u = y, [0.3*u[k] + 0.1*y[mod(k + j, 20)] for k in 0..20] for j in 0..100)",
    "fold(s = x, s/2 + sum(m[mod(j, 7), k]*y[k] for k in 0..20)/20 for j in 0..100)*y",
    "fold(s = x, s/2 + sum(m[mod(j, 7), k - 1]*y[k] for k in 0..20 if k > 0)/20 for j in 0..100)*y",
    "fold(s = x, blend(s, j*0.01) + dot(u3, y[0..3]) for j in 0..150)*y/10",
    "fold(s = x, 0.5*s + shift(y, 1, s)[mod(j, 20)] for j in 0..150)*y/4",
    "fold(s = x, s/2 + sum((y - y[k])[mod(j, 20)] for k in 0..4)/9 for j in 0..100)*y",
};

class FoldForms : public testing::TestWithParam<int> {};

std::string textOf(int form) {
  return std::string(R"(field f(t; x, y[20]; a[200], m[7,20]; static n = 20) {
  blend(z, k) = z*0.7 + sin(t + k)*0.2
  w = cos(y)
  u3 = [x, t, 0.5]
  x' = cos(t) - x
  y' = 0.3*)") +
         forms[form] +
         R"( - y + w/10
}
solve f {
  span 0 to 1
  init x = 0.4, y = [sin(k + 0.5) for k in 0..n]
  args a = [cos(3*k)/2 for k in 0..200], m = [[sin(i + 2*j)/3 for j in 0..n] for i in 0..7]
})";
}

TEST_P(FoldForms, haveTheBitsOfTheInterpreter) {
  const std::string text = textOf(GetParam());
  for (const std::string &dtype : dtypes) {
    const Solution expected = compileText(text, inType(dtype), interpreter).run();
    ASSERT_EQ(expected.status, Status::success) << dtype;
    for (const Engine &engine : {unroll, outline, scan})
      EXPECT_TRUE(same(expected, compileText(text, inType(dtype), engine).run()))
          << engine.name << ' ' << dtype << ' ' << forms[GetParam()];
  }
}

TEST_P(FoldForms, runFromEveryStage) { expectEveryStageRuns(loadText(textOf(GetParam()))); }

INSTANTIATE_TEST_SUITE_P(All, FoldForms, testing::Range(0, int(std::size(forms))));

} // namespace
