// Values: the summation rule, fused multiply-adds, builtins, arrays and comprehensions, against
// hand-written sums. Where a rule fixes rounding, the expected value is computed in the order that
// the rule names, and compared exactly.
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

Tensor value(const std::string &text, const Statics &statics = {}) {
  Diagnostics diagnostics;
  ExprPtr e = Parser(text, diagnostics).parseOnlyExpression();
  auto result = e ? evaluateValue(*e, statics, diagnostics) : std::nullopt;
  EXPECT_EQ(summary(diagnostics), "") << text;
  return result.value_or(Tensor{{}, {NAN}});
}

double scalar(const std::string &text, const Statics &statics = {}) {
  Tensor result = value(text, statics);
  EXPECT_TRUE(result.shape.empty()) << text;
  return result.data[0];
}

using Data = std::vector<double>;

} // namespace

TEST(Evaluate, FusesExactlyOneProduct) {
  // 0.1*10 rounds to 1, so only a fused operation sees the rest.
  double rest = std::fma(0.1, 10.0, -1.0);
  ASSERT_NE(rest, 0);
  EXPECT_EQ(scalar("0.1*10 - 1"), rest);
  EXPECT_EQ(scalar("1 - 0.1*10"), -rest);
  EXPECT_EQ(scalar("-1 + 0.1*10"), rest);
  EXPECT_EQ(scalar("0.1*10 - 1*1"), 0);
  EXPECT_EQ(scalar("(0.1*10)/1 - 1"), 0);
  EXPECT_EQ(value("[0.1, 0.2]*10 - 1").data[0], rest);
  EXPECT_EQ(value("[-1, -2] + 0.1*10").data[0], rest);
}

TEST(Evaluate, SumsByEightStrides) {
  Data terms;
  for (int i = 0; i < 20; ++i)
    terms.push_back(std::sin(i + 0.5) / (i + 1));
  double partial[8];
  for (int i = 0; i < 20; ++i)
    partial[i % 8] = i < 8 ? terms[i] : partial[i % 8] + terms[i];
  double expected = partial[0];
  for (int i = 1; i < 8; ++i)
    expected += partial[i];
  EXPECT_EQ(sumTerms(terms), expected);
  double plain = 0;
  for (double term : terms)
    plain += term;
  EXPECT_NE(expected, plain) << "the terms do not tell the two rules apart";
  EXPECT_EQ(scalar("sum([sin(i + 0.5)/(i + 1) for i in 0..20])"), expected);
  EXPECT_EQ(scalar("sum(sin(i + 0.5)/(i + 1) for i in 0..20)"), expected);
}

TEST(Evaluate, SumOfNothingIsZero) {
  EXPECT_EQ(scalar("sum(i + 1.0 for i in 0..3 if i > 5)"), 0);
  EXPECT_EQ(scalar("sum(1.0*i for i in 3..3)"), 0);
}

TEST(Evaluate, FoldsCarryTheirValue) {
  EXPECT_EQ(scalar("fold(p = 0, p*3 + [4, 5, 6][i] for i in 0..3)"), (4 * 3 + 5) * 3 + 6);
  EXPECT_EQ(scalar("fold(p = 1, p + [4, 5][i - 1] for i in 0..3 if i > 0)"), 10);
  EXPECT_EQ(scalar("fold(p = 7, p*2 for i in 3..3)"), 7);
  EXPECT_EQ(scalar("fold(p = 7, p*2 for i in 0..3 if i > 5)"), 7);
  EXPECT_EQ(value("fold(v = [1, 2], [[0, 1], [1, 1]] @ v for k in 0..5)").data, (Data{13, 21}));
  EXPECT_EQ(scalar("fold(s = 0, s + fold(r = s, r + i*j for j in 0..3) for i in 0..4)"), 33);
  EXPECT_EQ(value("[fold(s = i*1.0, 2*s for j in 0..3) for i in 0..3]").data, (Data{0, 8, 16}));
}

TEST(Evaluate, ProductsAccumulateFused) {
  Data a = {0.1, 0.3, 0.7}, b = {10, 1.1, -1.9};
  double expected = std::fma(0.7, -1.9, std::fma(0.3, 1.1, 0.1 * 10));
  EXPECT_EQ(dotTerms(a.data(), 1, b.data(), 1, 3), expected);
  EXPECT_EQ(scalar("dot([0.1, 0.3, 0.7], [10, 1.1, -1.9])"), expected);
  EXPECT_EQ(value("[[0.1, 0.3, 0.7], [1, 2, 3]] @ [10, 1.1, -1.9]").data[0], expected);
  EXPECT_EQ(scalar("norm([0.1, 0.3])"), std::sqrt(std::fma(0.3, 0.3, 0.1 * 0.1)));

  Data x(19);
  for (int i = 0; i < 19; ++i)
    x[i] = std::sin(i + 1) * 3.7;
  double partial[8];
  for (int i = 0; i < 19; ++i)
    partial[i % 8] = i < 8 ? x[i] * x[i] : std::fma(x[i], x[i], partial[i % 8]);
  double sum = partial[0];
  for (int i = 1; i < 8; ++i)
    sum += partial[i];
  EXPECT_EQ(dotTerms(x.data(), 1, x.data(), 1, 19), sum);
}

TEST(Evaluate, MatrixProducts) {
  Tensor c = value("[[1, 2], [3, 4], [5, 6]] @ [[1, 0, 2], [0, 1, 3]]");
  EXPECT_EQ(c.shape, (Shape{3, 3}));
  EXPECT_EQ(c.data, (Data{1, 2, 8, 3, 4, 18, 5, 6, 28}));
}

TEST(Evaluate, MovesElements) {
  EXPECT_EQ(value("shift([1, 2, 3], 1, 9)").data, (Data{9, 1, 2}));
  EXPECT_EQ(value("shift([1, 2, 3], -1, 9)").data, (Data{2, 3, 9}));
  EXPECT_EQ(value("shift([1, 2, 3], 7, 9)").data, (Data{9, 9, 9}));
  EXPECT_EQ(value("roll([1, 2, 3], 1)").data, (Data{3, 1, 2}));
  EXPECT_EQ(value("roll([1, 2, 3], -4)").data, (Data{2, 3, 1}));
  EXPECT_EQ(value("shift([[1, 2], [3, 4]], 1, 0, axis = 1)").data, (Data{0, 1, 0, 3}));
  EXPECT_EQ(value("roll([[1, 2], [3, 4]], 1)").data, (Data{3, 4, 1, 2}));
  EXPECT_EQ(value("concat([[1], [2]], [[3, 4], [5, 6]], axis = 1)").data, (Data{1, 3, 4, 2, 5, 6}));
  EXPECT_EQ(value("concat([1], [2, 3], [4])").data, (Data{1, 2, 3, 4}));
  EXPECT_EQ(value("[10, 11, 12, 13][1..3]").data, (Data{11, 12}));
  EXPECT_EQ(value("[[1, 2, 3], [4, 5, 6]][0..2, 1]").data, (Data{2, 5}));
  EXPECT_EQ(value("[[1, 2, 3], [4, 5, 6]][1, 0..2]").data, (Data{4, 5}));
}

TEST(Evaluate, Comprehensions) {
  EXPECT_EQ(value("[[10*i + j + 0.5 for j in 0..3 if j != i] for i in 0..2]").data,
            (Data{1.5, 2.5, 10.5, 12.5}));
  EXPECT_EQ(value("[if i == 0 then 8.01 else 8 for i in 0..3]").data, (Data{8.01, 8, 8}));
  EXPECT_EQ(value("[i/n for i in 0..n]", {{"n", 4}}).data, (Data{0, 0.25, 0.5, 0.75}));
  // The inner sum does not depend on i, the factor not on j.
  EXPECT_EQ(
      value("[sum(i*[1, 2, 3][j] for j in 0..3) + sum(j*1.0 for j in 0..3) for i in 0..2]").data,
      (Data{3, 9}));
}

TEST(Evaluate, IntegersFloorAndFollowTheDivisor) {
  EXPECT_EQ(value("[div(i, 2) for i in 0..4]").data, (Data{0, 0, 1, 1}));
  EXPECT_EQ(value("[div(i - 3, 2) for i in 0..4]").data, (Data{-2, -1, -1, 0}));
  EXPECT_EQ(value("[mod(i - 3, 2) for i in 0..4]").data, (Data{1, 0, 1, 0}));
  EXPECT_EQ(value("[mod(i, i - 4) for i in 0..4]").data, (Data{0, -2, 0, 0}));
}

TEST(Evaluate, Builtins) {
  EXPECT_EQ(scalar("8/3"), 8.0 / 3.0);
  EXPECT_EQ(scalar("2*pi"), 2 * 3.141592653589793);
  EXPECT_EQ(scalar("atan2(1, -2) + hypot(3, 4)"), std::atan2(1, -2) + 5);
  EXPECT_EQ(scalar("erf(0.5)"), std::erf(0.5));
  EXPECT_EQ(scalar("floor(-1.5) + ceil(-1.5)*10"), -12);
  EXPECT_EQ(scalar("min(1, 2) - max(1, 2)*10"), -19);
  EXPECT_EQ(scalar("sign(-3) + sign(0) + 10*sign(2)"), 9);
  EXPECT_TRUE(std::isnan(scalar("min(1, log(-1))")));
  EXPECT_TRUE(std::isnan(scalar("max(log(-1), 1)")));
  EXPECT_TRUE(std::isnan(scalar("sign(log(-1))")));
  EXPECT_TRUE(std::signbit(scalar("min(0, -0)"))); // of equal operands the second
  EXPECT_FALSE(std::signbit(scalar("min(-0, 0)")));
  EXPECT_TRUE(std::signbit(scalar("sign(-0)")));
  EXPECT_EQ(scalar("2^10 + 4^0.5 + 2^-1"), 1026.5);
  EXPECT_EQ(scalar("if not (1 > 2) and (1 >= 1 or 1 < 0) then 3 else 4"), 3);
}

TEST(Evaluate, FieldAtAPoint) {
  FieldGraph graph = graphOf("s; x[2], y; a[2], b", "  x' = a*x + s\n  y' = dot(x, a) - b*y");
  Point point{0.5, {2, 3, 7}, {10, 20, 4}};
  EXPECT_EQ(evaluate(graph, graph.derivatives[0], point).data, (Data{20.5, 60.5}));
  EXPECT_EQ(evaluate(graph, graph.derivatives[1], point).data, (Data{52}));
}
