// A solve in parts: one process ends and keeps a file, another one goes on from it.
// The steps, rows and counts are those of a solve that was never interrupted.
#include <deq/deq.h>

#include <cstdio>

deq::Prepared prepare(deq::Engine &engine, const deq::Options &options) {
  const deq::Field pendulum =
      deq::trace("pendulum", {.state = {"angle", "speed"}, .args = {"g"}},
                 [](deq::Scalar, const deq::Vars &y, const deq::Vars &args) {
                   return deq::stack(y["speed"], -args["g"] * sin(y["angle"]));
                 });
  return engine.prepare(pendulum, options);
}

int main() {
  const char *file = "pendulum.checkpoint";
  const deq::Options options = {.save = deq::every(2), .resumable = true};
  {
    deq::Engine engine;
    auto solve = prepare(engine, options);
    const deq::Solution first = solve({.t1 = 4, .y0 = {1, 0}, .args = {9.81}});
    deq::save_checkpoint(first.checkpoint, file);
    std::printf("%zu rows up to t = %g\n", first.t.size(), first.t.back());
  }

  deq::Engine engine; // of another process, maybe on another day
  auto solve = prepare(engine, options);
  const deq::Solution rest = solve({.from = deq::load_checkpoint(file), .t1 = 8});
  for (std::size_t row = 0; row < rest.t.size(); ++row)
    std::printf("t = %g: angle %.3f\n", rest.t[row], rest.row(row)[0]);

  deq::Options whole = options;
  whole.step_at = {4}; // where the break was
  const deq::Solution once = prepare(engine, whole)({.t1 = 8, .y0 = {1, 0}, .args = {9.81}});
  std::printf("same end: %s, same steps: %s\n", rest.y.back() == once.y.back() ? "yes" : "no",
              rest.stats.steps == once.stats.steps ? "yes" : "no");

  // Other values are another solve: it starts anew where the first one stood, and says so.
  const deq::Solution moon = solve({.from = deq::load_checkpoint(file), .t1 = 8, .args = {1.62}});
  std::printf("%s\n", moon.restart_reason.c_str());
  std::remove(file);
}
