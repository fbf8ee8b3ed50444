// Elaboration: what a text becomes in the graph. Structure is compared, never just that something
// loaded. Literals show as #number:value, so that a merged or repeated hidden argument is visible.
#include "Support.h"

using namespace deq;
using namespace deq::test;

TEST(Powers, AreStructuralForIntegersAndHalves) {
  auto power = [](const std::string &text) { return derivative("t; x", "x' = " + text); };
  EXPECT_EQ(power("x^1"), "x");
  EXPECT_EQ(power("x^2"), "mul(x, x)");
  EXPECT_EQ(power("x^3"), "mul(mul(x, x), x)");
  EXPECT_EQ(power("x^5"), "mul(mul(mul(x, x), mul(x, x)), x)");
  EXPECT_EQ(power("x^6"), "mul(mul(mul(x, x), x), mul(mul(x, x), x))");
  EXPECT_EQ(power("x^2.0"), "mul(x, x)");
  EXPECT_EQ(power("x^0"), "1");
  EXPECT_EQ(power("x^-1"), "div(1, x)");
  EXPECT_EQ(power("x^(-2)"), "div(1, mul(x, x))");
  EXPECT_EQ(power("x^0.5"), "sqrt(x)");
  EXPECT_EQ(power("x^1.5"), "mul(x, sqrt(x))");
  EXPECT_EQ(power("x^((2.5))"), "mul(mul(x, x), sqrt(x))");
  EXPECT_EQ(power("x^-1.5"), "div(1, mul(x, sqrt(x)))");
  EXPECT_EQ(power("-x^2"), "neg(mul(x, x))");
}

TEST(Powers, AreCallsForEverythingElse) {
  auto power = [](const std::string &text) { return derivative("t; x; a", "x' = " + text); };
  EXPECT_EQ(power("x^1.25"), "pow(x, #0:1.25)");
  EXPECT_EQ(power("x^a"), "pow(x, a)");
  EXPECT_EQ(power("x^(1/2)"), "pow(x, div(#0:1, #1:2))");
  EXPECT_EQ(power("x^2^3"), "pow(x, mul(mul(#0:2, #0:2), #0:2))");
  EXPECT_EQ(power("x^1e10"), "pow(x, #0:10000000000)");
}

TEST(Powers, WithStaticExponents) {
  EXPECT_EQ(derivative("t; x; static n = 3", "x' = x^n"), "mul(mul(x, x), x)");
  EXPECT_EQ(derivative("t; x; static n = 3", "x' = x^(1 - n)"), "div(1, mul(x, x))");
  EXPECT_EQ(derivative("t; x", "x' = sum(x^i for i in 0..3)"),
            "sumOver<i0 0..3>(pow(x, toReal(i0)))");
}

TEST(Literals, AreOnePerPlaceOfTheText) {
  // Equal values at two places do not merge; one place inlined twice stays one.
  FieldGraph graph =
      graphOf("t; x, y", "  twice(w) = 2*w + 1\n  x' = twice(x) + 2\n  y' = twice(y)");
  EXPECT_EQ(graph.literals.size(), 3u);
  EXPECT_EQ(show(graph, graph.derivatives[0]), "add(add(mul(#0:2, x), #1:1), #2:2)");
  EXPECT_EQ(show(graph, graph.derivatives[1]), "add(mul(#0:2, y), #1:1)");
  EXPECT_EQ(graph.literals[2].at.line, 3);
  EXPECT_EQ(graph.literals[2].at.column, 19);
}

TEST(Literals, InComprehensionsAreOne) {
  FieldGraph graph = graphOf("t; x[3]", "x' = [2*x[i] for i in 0..3]");
  EXPECT_EQ(graph.literals.size(), 1u);
}

TEST(Literals, SignIsAnOperation) {
  EXPECT_EQ(derivative("t; x", "x' = -2*x"), "mul(neg(#0:2), x)");
}

TEST(Literals, AsArgumentsOfFunctionsAreNumbersOrIntegersByUse) {
  EXPECT_EQ(derivative("t; x[3]", "d(w, k) = shift(w, k, k)\nx' = d(x, 1)"),
            "shift<1 axis 0>(x, #0:1)");
  EXPECT_EQ(derivative("t; x[3]", "d(w, k) = roll(w, k + 1)\nx' = d(x, -2)"), "roll<-1 axis 0>(x)");
}

TEST(Indices, InArithmeticOfStaticsAreConstants) {
  auto value = [](const std::string &text) {
    return derivative("t; x; a; static n = 4, static k = 3", "x' = " + text);
  };
  EXPECT_EQ(value("(n + 1)^2*x"), "mul(25, x)");
  EXPECT_EQ(value("2*n*x"), "mul(8, x)");
  EXPECT_EQ(value("x*2*n"), "mul(mul(x, #0:2), 4)");
  EXPECT_EQ(value("n/2"), "div(4, #0:2)");
  EXPECT_EQ(value("div(n, 3) + mod(-n, 3)"), "3");
  EXPECT_EQ(value("2*3*x"), "mul(mul(#0:2, #1:3), x)");
  EXPECT_EQ(value("1 + n + x"), "add(5, x)");
  EXPECT_EQ(value("1.5*n"), "mul(#0:1.5, 4)");
  EXPECT_EQ(value("-n^k"), "neg(mul(mul(4, 4), 4))");
  EXPECT_EQ(value("if n > k then x else a"), "select(gt(4, 3), x, a)");
}

TEST(Indices, OfComprehensionsBecomeReals) {
  EXPECT_EQ(derivative("t; x[2]", "x' = [i*x[1 - i] + 2 for i in 0..2]"),
            "generate<i0 0..2>(add(mul(toReal(i0), extract(x, isub(1, i0))), #0:2))");
  EXPECT_EQ(derivative("t; x", "x' = sum((i + 1)*2/(i + 2) for i in 0..2)"),
            "sumOver<i0 0..2>(div(toReal(imul(iadd(i0, 1), 2)), toReal(iadd(i0, 2))))");
}

TEST(Indices, CanBeNamed) {
  EXPECT_EQ(derivative("t; x[4]; static n = 4", "m = n - 1\nk = 2\nx' = x + x[m] + k*x[k]"),
            "add(add(x, broadcast(extract(x, 3))), broadcast(mul(#0:2, extract(x, 2))))");
}

TEST(Comprehensions, NestWithFiltersAndDepths) {
  FieldGraph graph = graphOf(
      "t; q[3,2]; m[3]", "q' = [sum(m[j]*(q[j] - q[i]) for j in 0..3 if j != i) for i in 0..3]");
  EXPECT_EQ(show(graph, graph.derivatives[0]),
            "generate<i0 0..3>(sumOver<i1 0..3 if ne(i1, i0)>(mul(broadcast(extract(m, i1)), "
            "sub(extract(q, i1), extract(q, i0)))))");
  ASSERT_EQ(graph.regions.size(), 2u);
  EXPECT_EQ(graph.regions[0].depth, 1);
  EXPECT_EQ(graph.regions[1].depth, 2);
  const Node &outer = graph.nodes[graph.derivatives[0]];
  EXPECT_EQ(outer.depth, 0);
  EXPECT_EQ(outer.shape, (Shape{3, 2}));
  const Node &inner = graph.nodes[graph.regions[0].result];
  EXPECT_EQ(inner.depth, 1);
  EXPECT_EQ(inner.shape, (Shape{2}));
  EXPECT_EQ(graph.nodes[graph.regions[1].result].depth, 2);
  EXPECT_EQ(graph.nodes[graph.regions[1].filter].depth, 2);
  EXPECT_EQ(graph.nodes[graph.regions[1].filter].kind, Kind::boolean);
}

TEST(Comprehensions, DependOnlyOnWhatTheyUse) {
  FieldGraph graph = graphOf("t; x[2]", "x' = [sum(x[j] for j in 0..2) for i in 0..2]");
  EXPECT_EQ(graph.nodes[graph.regions[0].result].depth, 0);
  EXPECT_EQ(graph.nodes[graph.regions[1].result].depth, 2);
}

TEST(Comprehensions, FilteredCountIsTheExtent) {
  FieldGraph graph = graphOf("t; x[3]", "x' = [sum([x[j] for j in 0..3 if j != i]) for i in 0..3]");
  EXPECT_EQ(graph.nodes[graph.nodes[graph.regions[0].result].operands[0]].shape, (Shape{2}));
}

TEST(Comprehensions, FiltersBoundTheIndicesThatAreReached) {
  EXPECT_EQ(derivative("t; x[4]", "x' = sum(x[i - 1] for i in 0..5 if i > 0)*x"),
            "mul(broadcast(sumOver<i0 0..5 if gt(i0, 0)>(extract(x, isub(i0, 1)))), x)");
  EXPECT_EQ(derivative("t; x[4]", "x' = [x[mod(i + 1, 4)] for i in 0..4]"),
            "generate<i0 0..4>(extract(x, imod(iadd(i0, 1), 4)))");
}

TEST(Folds, CarryAValue) {
  FieldGraph graph = graphOf("t; x; c[4]", "x' = fold(p = 0, p*x + c[i] for i in 0..4 if i != 2)");
  EXPECT_EQ(show(graph, graph.derivatives[0]),
            "fold<i0 0..4 if ne(i0, 2)>(#0:0, add(mul(v0, x), extract(c, i0)))");
  EXPECT_EQ(graph.nodes[graph.derivatives[0]].depth, 0);
  EXPECT_EQ(graph.nodes[graph.regions[0].result].depth, 1);
}

TEST(Folds, NestInEachOtherAndInFunctions) {
  EXPECT_EQ(derivative("t; y[2]; a[2,2]", "y' = fold(v = y, a @ v for k in 0..3)"),
            "fold<i0 0..3>(y, matmul(a, v0))");
  FieldGraph graph = graphOf(
      "t; x", "g(z) = fold(r = z, r + x for i in 0..2)\nx' = fold(s = x, g(s) + k for k in 0..3)");
  EXPECT_EQ(show(graph, graph.derivatives[0]),
            "fold<i0 0..3>(x, add(fold<i1 0..2>(v0, add(v1, x)), toReal(i0)))");
  EXPECT_EQ(graph.regions[1].depth, 2);
  EXPECT_EQ(derivative("t; x[3]",
                       "x' = [sum(fold(s = x[i], s*x[j] for j in 0..2) for k in 0..2) for i in "
                       "0..3]"),
            "generate<i0 0..3>(sumOver<i1 0..2>(fold<i2 0..2>(extract(x, i0), mul(v2, extract(x, "
            "i2)))))");
}

TEST(Arrays, BroadcastOnlyScalars) {
  EXPECT_EQ(derivative("t; x[2]; a, b[2]", "x' = a*x + b"), "add(mul(broadcast(a), x), b)");
  EXPECT_EQ(derivative("t; x[2]; a", "x' = if x > a then x else 0"),
            "select(gt(x, broadcast(a)), x, broadcast(#0:0))");
  EXPECT_EQ(derivative("t; x[2]; a", "x' = if a > 0 then x else -x"),
            "select(broadcast(gt(a, #0:0)), x, neg(x))");
}

TEST(Arrays, SubscriptsExtractAndSlice) {
  auto value = [](const std::string &text) {
    return derivative("t; x; q[4,3,2]", "x' = sum(" + text + ")");
  };
  EXPECT_EQ(value("q[1]"), "sum(extract(q, 1))");
  EXPECT_EQ(value("q[1][2]"), "sum(extract(q, 1, 2))");
  EXPECT_EQ(value("q[1..3]"), "sum(slice<1 3 0 3 0 2>(q))");
  EXPECT_EQ(value("q[1..3, 0..2]"), "sum(slice<1 3 0 2 0 2>(q))");
  EXPECT_EQ(value("q[3, 1..2]"), "sum(slice<1 2 0 2>(extract(q, 3)))");
  EXPECT_EQ(value("q[1..3, 2]"), "sum(generate<i0 1..3>(extract(extract(q, i0), 2)))");
  EXPECT_EQ(value("q[1..3][0]"), "sum(extract(slice<1 3 0 3 0 2>(q), 0))");
}

TEST(Arrays, Functions) {
  auto value = [](const std::string &text) {
    return derivative("t; x; u[3], w[3,2], m[2,3]", "x' = sum(" + text + ")");
  };
  EXPECT_EQ(value("m @ u"), "sum(matmul(m, u))");
  EXPECT_EQ(value("w @ m"), "sum(matmul(w, m))");
  EXPECT_EQ(value("[dot(u, u), norm(w)]"), "sum(stack(dot(u, u), norm(w)))");
  EXPECT_EQ(value("shift(w, 1, 0, 1)"), "sum(shift<1 axis 1>(w, #0:0))");
  EXPECT_EQ(value("roll(w, -1, axis = 1)"), "sum(roll<-1 axis 1>(w))");
  EXPECT_EQ(value("concat(u, [1], u)"), "sum(concat<0>(u, stack(#0:1), u))");
  EXPECT_EQ(value("concat(w, w, axis = 1)"), "sum(concat<1>(w, w))");
  EXPECT_EQ(value("max(u, 0)"), "sum(max(u, broadcast(#0:0)))");
}

TEST(Names, LocalsInAnyOrderAndDerivativesOnTheRight) {
  FieldGraph graph = graphOf("t; x, y; a", "  y' = x' + b\n  x' = b*t\n  b = c + a\n  c = pi*x");
  EXPECT_EQ(show(graph, graph.derivatives[0]), "mul(add(mul(3.141592653589793, x), a), t)");
  EXPECT_EQ(graph.nodes[graph.derivatives[1]].operands[0], graph.derivatives[0]);
}

TEST(Names, FunctionsAreLexicalAndShapePolymorphic) {
  EXPECT_EQ(derivative("t; x[2], y; a",
                       "  g(w) = k(w) + b\n  k(w) = a*w\n  b = y\n  x' = g(x)\n  y' = g(y)"),
            "add(mul(broadcast(a), x), broadcast(y))");
}

TEST(Names, LongChainsOfLocalsNeedNoStack) {
  std::string body = "  x' = a20000\n";
  for (int i = 20000; i > 0; --i)
    body += fmt::format("  a{} = a{} + x\n", i, i - 1);
  body += "  a0 = x\n";
  FieldGraph graph = graphOf("t; x", body);
  EXPECT_EQ(graph.nodes.size(), 20002u);
}

TEST(Names, ExplodingFunctionsAreStopped) {
  std::string body = "  f0(w) = w*w + w\n";
  for (int i = 1; i < 60; ++i)
    body += fmt::format("  f{}(w) = f{}(w) + f{}(w)\n", i, i - 1, i - 1);
  std::string errors = errorsOf("field f(t; x) {\n" + body + "  x' = f59(x)\n}\n");
  EXPECT_EQ(errors.substr(0, errors.find('\n')),
            "1:7: expected at most 1000000 operations, functions inlined");
}
