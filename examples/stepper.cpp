// A solve that the program drives: step by step, up to times of its own choice, and in between.
// The steps are those of the compiled solve to the last bit, because they are the same code.
#include <deq/deq.h>

#include <cstdio>

int main() {
  const deq::Field pendulum =
      deq::trace("pendulum", {.state = {"angle", "speed"}, .args = {"g"}},
                 [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                   return deq::stack(y["speed"], -args["g"] * sin(y["angle"]));
                 });
  deq::Engine engine;
  auto solve = engine.prepare(pendulum, {.save = deq::dense(), .resumable = true});
  const deq::Call call = {.t0 = 0, .t1 = 10, .y0 = {1, 0}, .args = {9.81}};

  // As the controller takes them.
  deq::Stepper stepper = solve.stepper(call);
  for (int i = 0; i < 3; ++i) {
    stepper.step();
    std::printf("t = %.4f after a step of %.4f\n", stepper.t(), stepper.dt());
  }

  // Until something that only the program knows: here, the pendulum has turned around.
  while (stepper.y("speed")[0] <= 0 && stepper.step()) {
  }
  double before = stepper.t() - stepper.dt(), after = stepper.t();
  while (after - before > 1e-6) { // inside of the last step
    const double middle = (before + after) / 2;
    (stepper.evaluate(middle)[1] <= 0 ? before : after) = middle;
  }
  std::printf("turned around at t = %.4f\n", after);

  // Up to frames of a display, exactly.
  for (double frame = 2; frame <= 10; frame += 4) {
    stepper.step_until(frame);
    std::printf("frame at t = %g: angle %.3f\n", stepper.t(), stepper.y("angle")[0]);
  }
  std::printf("%s\n", deq::name(stepper.status()));

  // A whole solve has the same bits.
  stepper = solve.stepper(call);
  while (stepper.step()) {
  }
  const deq::Solution whole = solve(call);
  std::printf("same end: %s\n", stepper.y()[0] == whole.y[whole.y.size() - 2] ? "yes" : "no");
}
