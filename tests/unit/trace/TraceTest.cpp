// What a traced callable records is what its text would say: same structure, same hidden arguments.
#include "Support.h"

#include "compiler/Frontend/Names.h"

#include <cmath>
#include <memory>
#include <numbers>

namespace deq::test {
namespace {

const Names oneScalar = {.state = {"x"}, .args = {"a", "b"}};

TEST(Trace, lorenzHasTheStructureOfItsText) {
  const Field field = trace("lorenz", {.state = {"x", "y", "z"}, .args = {"sigma", "rho", "beta"}},
                            [](Scalar, const Vars &y, const Vars &p) {
                              auto [x, v, z] = y.scalars<3>();
                              auto [sigma, rho, beta] = p.scalars<3>();
                              return stack(sigma * (v - x), x * (rho - z) - v, x * v - beta * z);
                            });
  EXPECT_EQ(digestOf(field), digestOf(R"(field f(t; u, v, w; a, b, c) {
  w' = u*v - c*w
  u' = a*(v - u)
  d = b - w
  v' = u*d - v
})"));
}

TEST(Trace, arraysHaveTheStructureOfTheirText) {
  const std::int64_t n = 12;
  const Field field =
      trace("brusselator", {.state = {{"u", {n}}, {"v", {n}}}, .args = {"a", "b", "alpha"}},
            [](Scalar, const Vars &y, const Vars &p) -> Derivatives {
              auto [u, v] = y.arrays<2>();
              auto [a, b, alpha] = p.scalars<3>();
              // A place of a text is one number; a call of a lambda is another.
              const Scalar two = 2;
              auto lap = [&](const Array &w, const Scalar &edge) {
                const Scalar cells = constant(double(n + 1) * double(n + 1));
                return cells * (shift(w, 1, edge) - two * w + shift(w, -1, edge));
              };
              return {a + pow(u, 2) * v - (b + 1) * u + alpha * lap(u, 1),
                      b * u - pow(u, 2) * v + alpha * lap(v, 3)};
            });
  EXPECT_EQ(digestOf(field), digestOf(R"(
field brusselator(t; u[n], v[n]; a, b, alpha; static n = 12) {
  lap(w, edge) = (n + 1)^2*(shift(w, 1, edge) - 2*w + shift(w, -1, edge))
  u' = a + u^2*v - (b + 1)*u + alpha*lap(u, 1)
  v' = b*u - u^2*v + alpha*lap(v, 3)
})"));
  EXPECT_EQ(problemOf(field).values.literals.size(), 4u); // of b + 1, lap and its two edges
}

TEST(Trace, loopsStayLoops) {
  const Field field = trace(
      "pleiades", {.state = {{"q", {7, 2}}, {"v", {7, 2}}}, .args = {{"m", {7}}}},
      [](Scalar, const Vars &y, const Vars &args) -> Derivatives {
        const Array q = y["q"], m = args["m"];
        return {y["v"], map(0, 7, [&](Index i) {
                  return sum(
                      0, 7,
                      [&](Index j) { return m[j] * (q[j] - q[i]) / pow(norm(q[j] - q[i]), 3); },
                      [&](Index j) { return j != i; });
                })};
      });
  EXPECT_EQ(digestOf(field), digestOf(R"(
field pleiades(t; q[7,2], v[7,2]; m[7]) {
  q' = v
  v' = [sum(m[j]*(q[j] - q[i])/norm(q[j] - q[i])^3 for j in 0..7 if j != i) for i in 0..7]
})"));
  EXPECT_LT(problemOf(field).field.nodes.size(), 40u);
}

TEST(Trace, foldsMatchTheirTexts) {
  const Field field = trace(
      "f", {.state = {"x", {"y", {4}}}, .args = {{"c", {6}}, {"a", {4, 4}}}},
      [](Scalar, const Vars &y, const Vars &args) -> Derivatives {
        const Scalar x(y["x"]);
        const Array c = args["c"], a = args["a"];
        const Scalar horner = fold(0, 0, 6, [&](Index i, const Scalar &p) { return p * x + c[i]; });
        const Array power = fold(y["y"], 0, 3, [&](Index, const Array &v) { return matmul(a, v); });
        const Scalar some = fold(
            x, 0, 6, [&](Index i, const Scalar &p) { return p / 2 + c[i] * i; },
            [](Index i) { return i != 2; });
        return {horner + some, power};
      });
  EXPECT_EQ(digestOf(field), digestOf(R"(
field f(t; x, y[4]; c[6], a[4,4]) {
  x' = fold(p = 0, p*x + c[k] for k in 0..6) + fold(s = x, s/2 + c[i]*i for i in 0..6 if i != 2)
  y' = fold(v = y, a @ v for k in 0..3)
})"));
}

TEST(Trace, otherFunctionsOfArraysMatchTheirTexts) {
  const Field field =
      trace("f", {.state = {{"y", {4}}}, .args = {{"w", {4, 4}}, "a"}},
            [](Scalar t, const Vars &y, const Vars &args) {
              const Array u = y[0], w = args["w"];
              const Scalar s = sum(u) + dot(u, u) + w(1, 2) + u[0];
              const Array joined = concat({slice(u, 1, 4), stack(u[0])});
              const Array shifted = roll(w, 1, 1)[0];
              const Array odd = map(0, 4, [&](Index i) { return u[mod(i + 1, 4)] * (2 * i); });
              return matmul(w, u) + s * joined + select(u < args["a"] && !(u == t), shifted, -odd);
            });
  EXPECT_EQ(digestOf(field), digestOf(R"(
field f(t; y[4]; w[4,4], a) {
  s = sum(y) + dot(y, y) + w[1,2] + y[0]
  joined = concat(y[1..4], [y[0]])
  odd = [y[mod(i + 1, 4)]*(2*i) for i in 0..4]
  y' = w @ y + s*joined + (if y < a and not (y == t) then roll(w, 1, axis = 1)[0] else -odd)
})"));
}

/// The derivative of x at a point.
double derivative(const Field &field, double t, double x, std::vector<double> arguments) {
  const Problem problem = problemOf(field);
  return evaluate(problem.field, problem.field.derivatives.front(), {t, {x}, arguments}).data[0];
}

TEST(Trace, everyFunctionOfTheTableIsThere) {
  int rows = 0;
  auto expect = [&](const char *name, auto f) {
    const Field field = trace("f", oneScalar, [&](Scalar, const Vars &y, const Vars &args) {
      return f(Scalar(y[0]), Scalar(args["a"]));
    });
    const double x = 0.75, a = 0.5;
    const double got = derivative(field, 0, x, {a, 0});
    const double expected = applyBuiltin(findBuiltin(name), x, a);
    EXPECT_TRUE(got == expected || (std::isnan(got) && std::isnan(expected))) << name << got;
    ++rows;
  };
#define CALL_1(name) deq::name(x)
#define CALL_2(name) deq::name(x, a)
#define BUILTIN(name, arity, form, symbol)                                                         \
  expect(#name,                                                                                    \
         [](const Scalar &x, [[maybe_unused]] const Scalar &a) { return CALL_##arity(name); });
#include "deq/builtins.def"
  EXPECT_EQ(rows, int(builtins().size()));
}

TEST(Trace, numbersAreHiddenArgumentsPerOccurrence) {
  auto make = [](double p, double q, double r) {
    return trace("f", oneScalar, [=](Scalar, const Vars &y) {
      const Scalar x = y["x"];
      return p * x + q * (x - r) + 1.0;
    });
  };
  EXPECT_EQ(problemOf(make(2, 3, 4)).values.literals, (std::vector<double>{2, 3, 4, 1}));
  const std::string digest = digestOf(make(2, 3, 4));
  for (double special : {0.0, 1.0, 2.0, -1.0, 0.5, 3.0})
    EXPECT_EQ(digestOf(make(special, special, 1)), digest) << special;
}

TEST(Trace, integerExponentsAndConstantsAreStructure) {
  auto power = [](int n) {
    return trace("f", oneScalar, [n](const Vars &y) { return pow(y[0], n); });
  };
  EXPECT_NE(digestOf(power(2)), digestOf(power(3)));
  EXPECT_EQ(digestOf(power(-2)), digestOf("field f(t; x; a, b) {\n  x' = x^(-2)\n}\n"));
  EXPECT_TRUE(problemOf(power(3)).values.literals.empty());
  const Field turn =
      trace("f", oneScalar, [](const Vars &y) { return constant(std::numbers::pi) * y[0]; });
  EXPECT_EQ(digestOf(turn), digestOf("field f(t; x; a, b) {\n  x' = pi*x\n}\n"));
}

TEST(Trace, orderOfOperandsInTheHostDoesNotMatter) {
  // Whichever operand a compiler evaluates first: here the order is forced, both ways.
  auto make = [](bool first) {
    return trace("f", oneScalar, [first](const Vars &y) {
      Scalar left, right;
      if (first)
        left = 2.0 * y[0], right = param("p", 1) * 5.0;
      else
        right = param("p", 1) * 5.0, left = 2.0 * y[0];
      return left - right;
    });
  };
  EXPECT_EQ(digestOf(make(true)), digestOf(make(false)));
  EXPECT_EQ(problemOf(make(true)).values.literals, problemOf(make(false)).values.literals);
}

TEST(Trace, paramsAreArgumentsInTheOrderOfTheirNames) {
  const Field field = trace("f", oneScalar, [](const Vars &y) {
    const Array w = param("weights", {1, 2, 3});
    return param("g", 9.81) * y[0] + sum(w) + param("g", 9.81);
  });
  const Problem problem = problemOf(field);
  ASSERT_EQ(problem.signature.arguments.size(), 4u);
  EXPECT_EQ(problem.signature.arguments[2].leaf.name, "g");
  EXPECT_EQ(problem.signature.arguments[3].leaf.name, "weights");
  const std::vector<double> &values = problem.values.arguments;
  EXPECT_TRUE(std::isnan(values[0]) && std::isnan(values[1]));
  EXPECT_EQ(std::vector<double>(values.begin() + 2, values.end()),
            (std::vector<double>{9.81, 1, 2, 3}));
}

TEST(Trace, callableIsCalledOncePerShape) {
  int calls = 0;
  const Field field = trace("f", {.state = {{"y", {any}}}}, [&](const Vars &y) {
    ++calls;
    return -y[0];
  });
  for (std::int64_t n : {3, 4, 3, 4}) {
    FieldRequest request;
    request.shapes["y"] = {n};
    EXPECT_EQ(problemOf(field, request).signature.width(), n);
  }
  EXPECT_EQ(calls, 2);
}

TEST(Trace, manyKindsOfCallablesServe) {
  struct Decay {
    std::unique_ptr<double> rate; // cannot be copied
    Scalar operator()(Scalar, const Vars &y) const { return -*rate * y[0]; }
  };
  const std::string digest = digestOf("field f(t; x; a, b) {\n  x' = 2*x\n}\n");
  EXPECT_EQ(digestOf(trace("f", oneScalar, Decay{std::make_unique<double>(2)})), digest);
  EXPECT_EQ(digestOf(trace("f", oneScalar, [](auto, auto &y, auto &) { return 2 * y[0]; })),
            digest);
  EXPECT_EQ(
      digestOf(trace("f", oneScalar, [](const Vars &y) { return std::array{Scalar(2 * y[0])}; })),
      digest);
}

TEST(Trace, exceptionsOfTheCallablePassUnchanged) {
  bool fail = true;
  const Field field = trace("f", oneScalar, [&](const Vars &y) {
    return map(0, 3, [&](Index i) {
      if (fail)
        throw std::out_of_range("mine");
      return i * y[0];
    })[1];
  });
  EXPECT_THROW(problemOf(field), std::out_of_range);
  fail = false;
  EXPECT_EQ(problemOf(field).signature.width(), 1);
}

} // namespace
} // namespace deq::test
