// The decisions of the language, by the values that a field or a solve comes to.
// Structure is tested in ElaborationTest.cpp and messages in FieldErrorTest.cpp; here each rule is
// read as its sentence and compared with arithmetic that is written out.
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

/// The first derivative of a field at a point, flat.
Data slope(const std::string &header, const std::string &body, const Data &y,
           const Data &arguments = {}, double t = 0) {
  FieldGraph graph = graphOf(header, body);
  return graph.derivatives.empty()
             ? Data{}
             : evaluate(graph, graph.derivatives[0], Point{t, y, arguments}).data;
}
/// An expression of x = 2, y = 3, z = 5.
double at235(const std::string &text) {
  return slope("t; x, y, z", "x' = " + text + "\ny' = y\nz' = z", {2, 3, 5}).at(0);
}
/// An expression of u = [2, 3, 5, 7] that is an array of four.
Data ofPrimes(const std::string &text) { return slope("t; u[4]", "u' = " + text, {2, 3, 5, 7}); }
std::string errorsOfBody(const std::string &header, const std::string &body) {
  return errorsOf("field f(" + header + ") {\n" + body + "\n}\n");
}

} // namespace

TEST(Decisions, PowerBindsBeforeTheSignAndToTheRight) {
  EXPECT_EQ(at235("-x^2"), -4);
  EXPECT_EQ(at235("(-x)^2"), 4);
  EXPECT_EQ(at235("x^y^x"), 512);
  EXPECT_EQ(at235("(x^y)^x"), 64);
  EXPECT_EQ(at235("x^-y"), 0.125);
  EXPECT_EQ(at235("-x^-y"), -0.125);
  EXPECT_EQ(at235("z*x^y"), 40);
  EXPECT_EQ(at235("- -x"), 2);
}

TEST(Decisions, ProductsAndSumsGoFromTheLeft) {
  EXPECT_EQ(at235("z - x - y"), 0);
  EXPECT_EQ(at235("z - (x - y)"), 6);
  EXPECT_EQ(at235("60/x/y"), 10);
  EXPECT_EQ(at235("60/x*y"), 90);
  EXPECT_EQ(at235("x + y*z"), 17);
  EXPECT_EQ(at235("-x*y + z"), -1);
  EXPECT_EQ(slope("t; u[2]; m[2,2]", "u' = 2*m @ u + u", {1, 10}, {1, 2, 3, 4}), (Data{43, 96}));
}

TEST(Decisions, ComparisonsBindBeforeNotBeforeAndBeforeOr) {
  EXPECT_EQ(at235("if x + y == z then 1 else 0"), 1);
  EXPECT_EQ(at235("if not x > y and y > z then 1 else 0"), 0) << "(not x > y) and (y > z)";
  EXPECT_EQ(at235("if x < y or x > y and y > z then 1 else 0"), 1) << "x < y or (..)";
  EXPECT_EQ(at235("if not x > y or x < y then 1 else 0"), 1);
  EXPECT_EQ(at235("if x <= 2 and y >= 3 and z != 4 then 1 else 0"), 1);
  EXPECT_EQ(at235("if x > y then 1 else x + 1"), 3) << "the sum belongs to the else";
  EXPECT_EQ(at235("(if x > y then 1 else x) + 1"), 3);
  EXPECT_EQ(at235("if x > y then 1 else if y > z then 2 else 3"), 3);
}

TEST(Decisions, ConditionalsChooseElementByElement) {
  EXPECT_EQ(ofPrimes("if u > 4 then u else -u"), (Data{-2, -3, 5, 7}));
  EXPECT_EQ(ofPrimes("if u > 4 then 1 else u"), (Data{2, 3, 1, 1})) << "a scalar side fills";
  EXPECT_EQ(ofPrimes("if u[0] > 4 then u else 2*u"), (Data{4, 6, 10, 14}));
  EXPECT_EQ(ofPrimes("if u > [1, 4, 4, 9] and not u == 5 then 1 else 0*u"), (Data{1, 0, 0, 0}));
  // Both sides are evaluated, and the other one leaves no trace.
  EXPECT_EQ(ofPrimes("if u > 4 then sqrt(u - 4) else 0"), (Data{0, 0, 1, std::sqrt(3.0)}));
}

TEST(Decisions, PowersOfLiteralsAreRepeatedMultiplication) {
  const double x = 1.1, x2 = x * x;
  auto power = [&](const std::string &text) { return slope("t; x", "x' = " + text, {x}).at(0); };
  EXPECT_EQ(power("x^3"), x2 * x);
  EXPECT_EQ(power("x^4"), x2 * x2);
  EXPECT_EQ(power("x^5"), (x2 * x2) * x);
  EXPECT_EQ(power("x^7"), ((x2 * x) * (x2 * x)) * x) << "binary, from the left";
  EXPECT_EQ(power("x^-3"), 1 / (x2 * x));
  EXPECT_EQ(power("x^0"), 1);
  EXPECT_EQ(power("x^0.5"), std::sqrt(x));
  EXPECT_EQ(power("x^1.5"), x * std::sqrt(x));
  EXPECT_EQ(power("x^-2.5"), 1 / (x2 * std::sqrt(x)));
  EXPECT_EQ(slope("t; u[2]", "u' = u^2", {3, -4}), (Data{9, 16})) << "of arrays too";
  EXPECT_EQ(slope("t; x", "x' = x^3", {-2}), (Data{-8}));
}

TEST(Decisions, DivisionIsOfRealNumbers) {
  EXPECT_EQ(slope("t; x; static n = 7", "x' = n/2", {1}), (Data{3.5}));
  EXPECT_EQ(slope("t; x; static n = 7", "x' = div(n, 2)", {1}), (Data{3}));
  EXPECT_EQ(slope("t; x; static n = 7", "x' = mod(-n, 4) + div(-n, 2)", {1}), (Data{-3}));
  EXPECT_EQ(slope("t; x[3]", "x' = [i/2 for i in 0..3]", {0, 0, 0}), (Data{0, 0.5, 1}));
}

TEST(Decisions, IndicesCountFromZeroAndRangesLeaveTheirEndOut) {
  EXPECT_EQ(ofPrimes("[u[3], u[0], u[1], u[2]]"), (Data{7, 2, 3, 5}));
  EXPECT_EQ(ofPrimes("concat(u[1..3], u[0..2])"), (Data{3, 5, 2, 3}));
  EXPECT_EQ(ofPrimes("[10*i for i in 0..4]"), (Data{0, 10, 20, 30}));
  EXPECT_EQ(ofPrimes("[u[i - 2] for i in 2..6]"), (Data{2, 3, 5, 7}));
  EXPECT_EQ(
      slope("t; u[n]; static n = 4", "u' = concat(u[1..n-1], u[n-1..n], [u[0]])", {2, 3, 5, 7}),
      (Data{3, 5, 7, 2}));
  EXPECT_EQ(errorsOfBody("t; u[4]", "u' = u*u[-1]"), "2:10: index -1 is negative\n");
  EXPECT_EQ(errorsOfBody("t; u[4]", "u' = concat(u[-1..2], u[0..1])"),
            "2:15: slice -1..2 is out of range for an extent of 4\n");
}

TEST(Decisions, SlicesOfSeveralAxes) {
  // q[i, j] = 10*i + j.
  const Data q = {0, 1, 2, 10, 11, 12, 20, 21, 22};
  auto value = [&](const std::string &text) {
    return slope("t; s, q[3,3]", "s' = " + text + "\nq' = q",
                 [&] {
                   Data y = {0};
                   y.insert(y.end(), q.begin(), q.end());
                   return y;
                 }())
        .at(0);
  };
  EXPECT_EQ(value("sum(q[1..3, 0..2])"), 10 + 11 + 20 + 21);
  EXPECT_EQ(value("sum(q[0..3, 1])"), 1 + 11 + 21);
  EXPECT_EQ(value("sum(q[1, 0..2])"), 10 + 11);
  EXPECT_EQ(value("q[1..3][1][2]"), 22);
  EXPECT_EQ(value("q[1..3, 1..3][0, 1]"), 12);
  EXPECT_EQ(value("sum(q[2])"), 63);
}

TEST(Decisions, ShiftAndRollMoveAlongAnAxis) {
  // Against their definition: element i is a[i - k], or the fill, or cyclic.
  const int rows = 3, columns = 4;
  Data a;
  for (int i = 0; i < rows * columns; ++i)
    a.push_back(i + 1);
  for (int axis : {0, 1})
    for (int k : {-5, -3, -1, 0, 1, 2, 4, 7}) {
      Data shifted, rolled;
      int extent = axis == 0 ? rows : columns;
      for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) {
          int from = (axis == 0 ? i : j) - k, wrapped = (from % extent + extent) % extent;
          auto element = [&](int p) { return axis == 0 ? a[p * columns + j] : a[i * columns + p]; };
          shifted.push_back(from >= 0 && from < extent ? element(from) : -9);
          rolled.push_back(element(wrapped));
        }
      for (const char *form : {"{}(q, {}{}, axis = {})", "{}(q, {}{}, {})"}) {
        auto call = [&](const char *name, const char *fill) {
          return slope("t; q[3,4]", "q' = " + fmt::format(fmt::runtime(form), name, k, fill, axis),
                       a);
        };
        EXPECT_EQ(call("shift", ", -9"), shifted) << k << " along " << axis;
        EXPECT_EQ(call("roll", ""), rolled) << k << " along " << axis;
      }
    }
  EXPECT_EQ(slope("t; q[2,2]", "q' = shift(q, 1, q[1, 1])", {1, 2, 3, 4}), (Data{4, 4, 1, 2}))
      << "the axis is 0 unless given, the fill any scalar";
}

TEST(Decisions, ComprehensionsFilterAndNest) {
  EXPECT_EQ(slope("t; u[2]", "u' = [10*i + u[mod(i, 2)] for i in 0..7 if mod(i, 2) == 1 and i > 1]",
                  {1, 2}),
            (Data{32, 52}));
  EXPECT_EQ(ofPrimes("[sum(u[j] for j in 0..4 if j != i and not j == 0) for i in 0..4]"),
            (Data{15, 12, 10, 8}));
  EXPECT_EQ(slope("t; q[2,3]", "q' = [[100*i + 10*j + q[i, j] for j in 0..3] for i in 0..2]",
                  {1, 2, 3, 4, 5, 6}),
            (Data{1, 12, 23, 104, 115, 126}));
  EXPECT_EQ(
      slope("t; x", "x' = sum(sum(sum(1.0*i*j*k for k in 1..3) for j in 1..4) for i in 1..5)", {0}),
      (Data{10 * 6 * 3}));
  EXPECT_EQ(slope("t; q[2,2]", "q' = sum(q*i for i in 0..4)", {1, 2, 3, 4}), (Data{6, 12, 18, 24}))
      << "terms can be arrays";
  EXPECT_EQ(slope("t; x[3]; static n = 3, static odd = 1",
                  "x' = [sum(x[j] for j in 0..n if mod(j, 2) == odd or j == i) for i in 0..n]",
                  {1, 10, 100}),
            (Data{11, 10, 110}));
}

TEST(Decisions, MatricesAndVectors) {
  const Data m = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(slope("t; u[2]; m[2,3], v[3]", "u' = m @ v", {0, 0}, {1, 2, 3, 4, 5, 6, 1, 10, 100}),
            (Data{321, 654}));
  EXPECT_EQ(slope("t; q[2,2]; m[2,3], w[3,2]", "q' = m @ w", {0, 0, 0, 0},
                  {1, 2, 3, 4, 5, 6, 1, 0, 0, 1, 1, 1}),
            (Data{4, 5, 10, 11}));
  EXPECT_EQ(slope("t; x; m[2,2]", "x' = norm(m)", {0}, {1, 1, 3, 5}), (Data{6})) << "Frobenius";
  EXPECT_EQ(slope("t; x; m[2,2]", "x' = dot(m[0], m[1])", {0}, {1, 2, 3, 5}), (Data{13}));
  EXPECT_EQ(slope("t; x; a[1,1], b[1]", "x' = (a @ b)[0]", {0}, {3, 4}), (Data{12}));
}

TEST(Decisions, OnlyScalarsBroadcast) {
  EXPECT_EQ(slope("t; q[2,2]; c", "q' = c*q + 1 - q/2", {2, 4, 6, 8}, {3}), (Data{6, 11, 16, 21}));
  EXPECT_EQ(errorsOfBody("t; q[2,2]; r[2]", "q' = q + r"),
            "2:8: expected equal shapes, got [2,2] and [2]\n");
  EXPECT_EQ(errorsOfBody("t; q[2]; r[1]", "q' = max(q, r)").find("2:"), 0u);
  EXPECT_EQ(errorsOfBody("t; x, y[1]", "x' = y\ny' = y"),
            "2:1: expected the shape of 'x', a scalar, got [1]\n");
  EXPECT_EQ(errorsOfBody("t; x, y[1]", "x' = x\ny' = x"),
            "3:1: expected the shape of 'y', [1], got a scalar\n");
}

TEST(Decisions, LocalFunctionsAreLexicalAndFitAnyShape) {
  EXPECT_EQ(slope("t; u[2]; a",
                  "u' = g(u) + g(3)\ng(w) = scale*h(w, 1)\nh(v, p) = v + p*a\nscale = 2*a", {1, 2},
                  {10}),
            (Data{20 * 11 + 20 * 13, 20 * 12 + 20 * 13}));
  EXPECT_EQ(slope("t; u[4]",
                  "lap(w, edge) = shift(w, 1, edge) - 2*w + shift(w, -1, edge)\n"
                  "u' = lap(u, 1)",
                  {2, 3, 5, 7}),
            (Data{0, 1, 0, -8}));
  EXPECT_EQ(slope("t; u[3]", "pick(w, k) = w[k]\nu' = [pick(u, 2 - i) for i in 0..3]", {1, 2, 3}),
            (Data{3, 2, 1}));
}

TEST(Decisions, ADerivativeIsAValueOnTheRight) {
  EXPECT_EQ(slope("t; w[2], x[2]", "w' = 2*x' + x\nx' = 3*x", {0, 0, 1, 5}), (Data{7, 35}));
  EXPECT_EQ(slope("t; w, x", "w' = twice\ntwice = 2*x'\nx' = t", {0, 0}, {}, 4), (Data{8}));
}

TEST(Decisions, NewlinesEndStatementsExceptInBracketsAndAfterOperators) {
  EXPECT_EQ(
      slope("t; x, y", "x' = x +\n  y *\n\n  # a comment\n  y\ny' = [1,\n 2\n,\n3][2]", {2, 3}),
      (Data{11}));
  EXPECT_EQ(slope("t; x, y", "x' =\n  (x\n  - y)\ny' = max(x,\n  y)", {2, 3}), (Data{-1}));
  EXPECT_EQ(errorsOfBody("t; x", "x' = x\n  - 2"), "3:3: expected a statement, got '-'\n");
  EXPECT_NE(errorsOfBody("t; x", "x' = [1, 2]\n[0]").find("3:1: expected a statement, got '['"),
            std::string::npos);
  EXPECT_EQ(errorsOfBody("t; x", "x' = x a = 3").find("2:8: expected an operator or the end"), 0u);
  Problem p = load("field f(t;\n  x, y;\n  k = 1) {\n  x' = k*x\n  y' = y\n}\nsolve f {\n"
                   "span 0 to\n  2\ninit x = 1,\n  y =\n  2\nsave at [0,\n  1]\n}\n");
  EXPECT_EQ(p.values.t1, 2);
  EXPECT_EQ(p.values.y0, (Data{1, 2}));
}
