// State and arguments as structs of the program: two masses that a spring connects.
// The number type is a parameter: deq::Scalar where the field is traced, double for values.
#include <deq/deq.h>

#include <cstdio>

template <class S> struct Mass {
  std::array<S, 2> position;
  deq::ArrayOf<S, 2> velocity; // as one array, for formulas of arrays
};
template <class S> struct Pair { Mass<S> left, right; };
template <class S> struct Spring { S stiffness, rest; };

int main() {
  using deq::Scalar;
  const deq::Field field = deq::trace<Pair, Spring>(
      "pair", [](Scalar, const Pair<Scalar> &y, const Spring<Scalar> &spring) {
        const Scalar dx = y.right.position[0] - y.left.position[0];
        const Scalar dy = y.right.position[1] - y.left.position[1];
        const Scalar pull = spring.stiffness * (1 - spring.rest / hypot(dx, dy));
        Pair<Scalar> change;
        change.left.position = {y.left.velocity[0], y.left.velocity[1]};
        change.right.position = {y.right.velocity[0], y.right.velocity[1]};
        change.left.velocity = deq::stack(pull * dx, pull * dy);
        change.right.velocity = -deq::stack(pull * dx, pull * dy);
        return change;
      });

  deq::Engine engine;
  auto solve = engine.prepare(field, {.control = deq::pid(1e-9, 1e-9)});
  for (const deq::Leaf &leaf : solve.state())
    std::printf("%s\n", leaf.name.c_str());

  const Pair<double> start = {.left = {{-1, 0}, {0, 0.5}}, .right = {{1, 0}, {0, -0.5}}};
  const Spring<double> spring = {.stiffness = 4, .rest = 1};
  const deq::Solution s = solve({.t0 = 0, .t1 = 10, .y0 = start, .args = spring});
  const auto end = deq::as<Pair<double>>(s.row(0));
  std::printf("left at (%.4f, %.4f), right at (%.4f, %.4f)\n", end.left.position[0],
              end.left.position[1], end.right.position[0], end.right.position[1]);
}
