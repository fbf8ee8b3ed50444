// A ball that is thrown: the solve ends where it hits the ground, and its rows have its energy.
// Event and expression are traced like the field, and are compiled with it.
#include <deq/deq.h>

#include <cstdio>

int main() {
  const deq::Field ball =
      deq::trace("ball", {.state = {"height", "speed"}, .args = {"g", "drag"}},
                 [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                   return deq::stack(y["speed"], -args["g"] - args["drag"] * y["speed"]);
                 });
  auto energy = [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
    return pow(y["speed"], 2) / 2 + args["g"] * y["height"];
  };
  auto height = [](const deq::Vars &y) { return y["height"]; };

  deq::Engine engine;
  auto solve =
      engine.prepare(ball, {.save = deq::every(0.25).with("energy", energy),
                            .stop = {deq::stop_when("ground", height, {.direction = "down"})}});
  const deq::Solution s = solve({.t0 = 0, .t1 = 10, .y0 = {0, 6}, .args = {9.81, 0.1}});
  for (std::size_t row = 0; row < s.t.size(); ++row)
    std::printf("t = %.3f: speed %6.3f, energy %6.3f\n", s.t[row], s.y[3 * row + 1],
                s.y[3 * row + 2]);
  std::printf("%s by '%s' at t = %.6f\n", deq::name(s.status), s.event.name.c_str(), s.event.t);
}
