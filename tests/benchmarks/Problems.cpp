// Texts of the benchmarks' problems, and the generators of fields of a given size.
// Parameters and initial values are those of the literature; the formulas are written as a user
// would write them.
#include "Problems.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <iostream>

namespace deq::bench {

const std::vector<BenchmarkProblem> &solveProblems() {
  static const std::vector<BenchmarkProblem> problems = {{"lorenz", "Lorenz", R"(
field lorenz(t; x, y, z; sigma = 10, rho = 28, beta = 8/3) {
  x' = sigma*(y - x)
  y' = x*(rho - z) - y
  z' = x*y - beta*z
}
solve lorenz {
  span 0 to 10
  init x = 1, y = 0, z = 0
  control pid(rtol = 1e-6, atol = 1e-6)
})"},
                                                         {"lotka_volterra", "Lotka-Volterra", R"(
field lotka_volterra(t; x, y; a = 1.5, b = 1, c = 3, d = 1) {
  x' = a*x - b*x*y
  y' = d*x*y - c*y
}
solve lotka_volterra {
  span 0 to 10
  init x = 1, y = 1
  control pid(rtol = 1e-6, atol = 1e-6)
})"},
                                                         {"fitzhugh_nagumo", "FitzHugh-Nagumo", R"(
field fitzhugh_nagumo(t; v, w; a = 0.7, b = 0.8, tau = 12.5, current = 0.5) {
  v' = v - v^3/3 - w + current
  w' = (v + a - b*w)/tau
}
solve fitzhugh_nagumo {
  span 0 to 10
  init v = 1, w = 1
  control pid(rtol = 1e-6, atol = 1e-6)
})"},
                                                         {"arenstorf", "Arenstorf", R"(
field arenstorf(t; x, y, u, v; mu = 0.012277471) {
  mp = 1 - mu
  d1 = ((x + mu)^2 + y^2)^1.5
  d2 = ((x - mp)^2 + y^2)^1.5
  x' = u
  y' = v
  u' = x + 2*v - mp*(x + mu)/d1 - mu*(x - mp)/d2
  v' = y - 2*u - mp*y/d1 - mu*y/d2
}
solve arenstorf {
  span 0 to 17.0652165601579625588917206249
  init x = 0.994, y = 0, u = 0, v = -2.00158510637908252240537862224
  control pid(rtol = 1e-6, atol = 1e-6)
})"},
                                                         {"pleiades", "Pleiades", R"(
field pleiades(t; q[7,2], v[7,2]; m[7] = [i + 1 for i in 0..7]) {
  q' = v
  v' = [sum(m[j]*(q[j] - q[i])/norm(q[j] - q[i])^3 for j in 0..7 if j != i) for i in 0..7]
}
solve pleiades {
  span 0 to 3
  init q = [[3, 3], [3, -3], [-1, 2], [-3, 0], [2, 0], [-2, -4], [2, 4]],
       v = [[0, 0], [0, 0], [0, 0], [0, -1.25], [0, 1], [1.75, 0], [-1.5, 0]]
  control pid(rtol = 1e-6, atol = 1e-6)
})"}};
  return problems;
}

namespace {

/// x' = x_n with x_k = (a x_(k-1) + x) / 2, three operations a link, each waiting for the one
/// before.
std::string chain(int operations) {
  std::string locals;
  const int links = std::max(1, operations / 3);
  for (int i = 1; i <= links; ++i)
    locals += fmt::format("  x{} = (a*{} + x)/2\n", i, i == 1 ? "x" : fmt::format("x{}", i - 1));
  return fmt::format("field f(t; x; a = 0.5) {{\n{}  x' = -x{}\n}}\nsolve f {{ span 0 to 1\n  init "
                     "x = 1\n}}\n",
                     locals, links);
}

/// Logistic growth r x (1 - x) - x/4 of many states that know nothing of each other, five
/// operations each.
std::string states(int operations) {
  return fmt::format("field f(t; x[n]; r = 1.5; static n = {}) {{\n  x' = r*x*(1 - x) - x/4\n}}\n"
                     "solve f {{ span 0 to 1\n  init x = 0.5\n}}\n",
                     std::max(1, operations / 5));
}

/// x' = A x with a full matrix, two operations an element.
std::string dense(int operations) {
  const int n = std::max(1, int(std::lround(std::sqrt(operations / 2.0))));
  return fmt::format("field f(t; x[n]; a[n,n]; static n = {}) {{\n  x' = a @ x\n}}\n"
                     "solve f {{ span 0 to 1\n  init x = 1\n"
                     "  args a = [[0.1/(1 + i + j) for j in 0..n] for i in 0..n]\n}}\n",
                     n);
}

} // namespace

const std::vector<Shape> &shapes() {
  static const std::vector<Shape> all = {
      {"chain", "one state, one long chain of operations", chain},
      {"states", "many independent states of five operations", states},
      {"dense", "a full matrix times the state", dense},
  };
  return all;
}

Artifact compileOrExit(const std::string &text, const Overrides &overrides) {
  Diagnostics diagnostics;
  auto artifact = compile({"benchmark.deq", text}, overrides, {}, diagnostics);
  if (artifact)
    return std::move(*artifact);
  for (const Diagnostic &diagnostic : diagnostics.all())
    std::cerr << to_string(diagnostic);
  std::exit(1);
}

} // namespace deq::bench
