// The Lorenz system in a C++ program: traced once, compiled once, solved as often as you like.
// Prints what was compiled and why, how the solve ended, and that a second solve compiled nothing.
#include <deq/deq.h>

#include <cstdio>

int main() {
  auto lorenz =
      deq::trace("lorenz", {.state = {"x", "y", "z"}, .args = {"sigma", "rho", "beta"}},
                 [](deq::Scalar, const deq::Vars &y, const deq::Vars &p) {
                   auto [x, v, z] = y.scalars<3>();
                   auto [sigma, rho, beta] = p.scalars<3>();
                   return deq::stack(sigma * (v - x), x * (rho - z) - v, x * v - beta * z);
                 }); // called once per shape, not per run

  deq::Engine engine; // threads, caches; safe to share
  engine.on_compile([](const deq::CompileReport &report) { std::puts(report.line().c_str()); });
  auto solve = engine.prepare(
      lorenz, {.method = deq::tsit5, .control = deq::pid(1e-8, 1e-8), .save = deq::every(0.01)});
  deq::Solution s = solve({.t0 = 0, .t1 = 40, .y0 = {1, 0, 0}, .args = {10, 28, 8.0 / 3}});
  if (!s.ok())
    std::puts(deq::message(s.status));
  std::printf("%zu rows, %lld steps\n", s.t.size(), static_cast<long long>(s.stats.steps));

  // Another tolerance, another span: values, which compile nothing.
  auto rough = engine.prepare(lorenz, {.control = deq::pid(1e-4, 1e-4), .save = deq::every(0.1)});
  s = rough({.t0 = 0, .t1 = 1, .y0 = {1, 0, 0}, .args = {10, 28, 8.0 / 3}});
  std::printf("x(1) = %.3f after %lld compile\n", s.y[s.y.size() - 3],
              static_cast<long long>(engine.stats().compiled));
}
