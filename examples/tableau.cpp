// A Runge-Kutta method of the program's own, as data: deq checks its order before it compiles it.
// The method is Heun's third-order one (K. Heun, Z. Math. Phys. 45, 1900); then a digit is wrong.
#include <deq/deq.h>

#include <cstdio>

int main() {
  deq::ButcherTableau heun3 = {.name = "heun3",
                               .order = 3,
                               .c = {0, 1.0 / 3, 2.0 / 3},
                               .a = {{1.0 / 3}, {0, 2.0 / 3}},
                               .b = {1.0 / 4, 0, 3.0 / 4}};
  const deq::Field circle = deq::trace("circle", {.state = {"x", "y"}}, [](const deq::Vars &y) {
    return deq::stack(y["y"], -y["x"]);
  });
  deq::Engine engine;
  for (double dt : {0.1, 0.05, 0.025}) {
    auto solve = engine.prepare(circle, {.method = heun3, .control = deq::constant_step(dt)});
    const deq::Solution s = solve({.t0 = 0, .t1 = 1, .y0 = {0, 1}});
    std::printf("dt = %5.3f: sin(1) with an error of %.1e\n", dt, s.y[0] - 0.8414709848078965);
  }
  heun3.b = {1.0 / 4, 0.5, 1.0 / 4};
  try {
    engine.prepare(circle, {.method = heun3, .control = deq::constant_step(0.1)});
  } catch (const deq::Error &error) {
    std::printf("%s\n", error.diagnostics().front().text.c_str());
  }
}
