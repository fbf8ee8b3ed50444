// Structs as state and arguments: their members are leaves, and the field is the one without them.
#include <deq/deq.h>

#include <gtest/gtest.h>

namespace {

using deq::ArrayOf;
using deq::Scalar;
using deq::Vars;

template <class S> struct Body { S x, velocity; };
template <class S> struct Spring { S k, damping; };

template <class S> struct Planet {
  std::array<S, 2> position;
  ArrayOf<S, 2> v;
};
template <class S> struct Sky {
  std::array<Planet<S>, 2> planets;
  ArrayOf<S, 2, 3> field_2;
  S energy;
  Body<S> sonde;
};

template <class S> struct Sixteen { S a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p; };
template <class S> struct One { S alone; };

std::string names(const std::vector<deq::Leaf> &leaves) {
  std::string text;
  for (const deq::Leaf &leaf : leaves) {
    text += (text.empty() ? "" : " ") + leaf.name;
    for (std::int64_t extent : leaf.shape)
      text += ":" + std::to_string(extent);
  }
  return text;
}

deq::Field spring() {
  return deq::trace<Body, Spring>(
      "spring", [](Scalar, const Body<Scalar> &y, const Spring<Scalar> &args) -> Body<Scalar> {
        return {.x = y.velocity, .velocity = -args.k * y.x - args.damping * y.velocity};
      });
}

TEST(Records, areTheFieldOfTheirMembers) {
  deq::Engine engine;
  auto own = engine.prepare(spring(), {.save = deq::every(0.5)});
  auto flat =
      engine.prepare(deq::trace("other", {.state = {"x", "velocity"}, .args = {"k", "damping"}},
                                [](Scalar, const Vars &y, const Vars &args) {
                                  return deq::stack(y[1], -args[0] * y[0] - args[1] * y[1]);
                                }),
                     {.save = deq::every(0.5)});
  EXPECT_EQ(engine.stats().compiled, 1);
  EXPECT_EQ(names(own.state()), "x velocity");
  EXPECT_EQ(names(own.arguments()), "k damping");
  const deq::Solution s = own({.t0 = 0,
                               .t1 = 2,
                               .y0 = Body<double>{.x = 1, .velocity = -2},
                               .args = Spring<double>{.k = 9, .damping = 0.5}});
  EXPECT_EQ(s.y, flat({.t0 = 0, .t1 = 2, .y0 = {1, -2}, .args = {9, 0.5}}).y);
  const auto start = deq::as<Body<double>>(s.row(0)), end = deq::as<Body<double>>(s.row(4));
  EXPECT_EQ(start.x, 1);
  EXPECT_EQ(start.velocity, -2);
  EXPECT_EQ(end.velocity, s.y.back());
  EXPECT_TRUE(s.row(5).empty());
}

TEST(Records, nestAndHaveArrays) {
  deq::Engine engine;
  auto solve = engine.prepare(deq::trace<Sky>("sky", [](Scalar t, const Sky<Scalar> &y) {
    Sky<Scalar> dy;
    for (std::size_t i = 0; i < 2; ++i) {
      dy.planets[i].position = {y.planets[i].v[0], 2 * y.planets[i].v[1]};
      dy.planets[i].v = -y.planets[1 - i].v;
    }
    dy.field_2 = -y.field_2 + t;
    dy.energy = y.planets[0].position[1] * y.energy;
    dy.sonde = {.x = y.sonde.velocity, .velocity = -y.sonde.x};
    return dy;
  }));
  EXPECT_EQ(names(solve.state()),
            "planets_0_position:2 planets_0_v:2 planets_1_position:2 planets_1_v:2 "
            "field_2:2:3 energy sonde_x sonde_velocity");
  Sky<double> sky{};
  sky.planets[1].v = {1, 2};
  sky.field_2 = {0, 1, 2, 3, 4, 5};
  sky.energy = 7;
  sky.sonde.velocity = 3;
  const std::vector<double> flat = deq::flat(sky);
  EXPECT_EQ(flat, (std::vector<double>{0, 0, 0, 0, 0, 0, 1, 2, 0, 1, 2, 3, 4, 5, 7, 0, 3}));
  EXPECT_EQ(deq::flat(deq::as<Sky<double>>(flat)), flat);
  const deq::Solution a = solve({.t0 = 0, .t1 = 1, .y0 = sky}); // more than 16 numbers
  const deq::Solution b = solve({.t0 = 0, .t1 = 1, .y0 = flat});
  EXPECT_EQ(a.y, b.y);
  deq::Stepper stepper = solve.stepper({.t0 = 0, .t1 = 1, .y0 = sky});
  while (stepper.step()) {
  }
  EXPECT_EQ(deq::as<Sky<double>>(stepper.y()).energy, a.y[14]);
}

TEST(Records, haveOneToSixteenMembers) {
  deq::Engine engine;
  auto many = engine.prepare(deq::trace<Sixteen>("f", [](const Sixteen<Scalar> &y) { return y; }));
  EXPECT_EQ(names(many.state()), "a b c d e f g h i j k l m n o p");
  Sixteen<double> numbers{};
  numbers.p = 1;
  EXPECT_GT(many({.t0 = 0, .t1 = 1, .y0 = numbers}).y[15], 2.7);
  auto one =
      engine.prepare(deq::trace<One>("f", [](const One<Scalar> &y) { return One{-y.alone}; }));
  EXPECT_EQ(names(one.state()), "alone");
  EXPECT_LT(one({.t0 = 0, .t1 = 1, .y0 = One<double>{1}}).y[0], 0.4);
}

TEST(Records, giveNumbersWithoutAllocation) {
  static_assert(deq::detail::memberCount<Sky<double>>() == 4);
  static_assert(!deq::detail::Record<std::array<double, 3>>);
  static_assert(!deq::detail::Record<std::vector<double>> && !deq::detail::Record<double>);
  const deq::Numbers numbers = Body<double>{1, 2};
  EXPECT_EQ(numbers.flat().size(), 2u);
  EXPECT_EQ(deq::as<Body<double>>(std::vector<double>{5}).velocity, 0);
}

TEST(Records, shapesAreChecked) {
  deq::Engine engine;
  int line = 0;
  const deq::Field field = deq::trace<Planet>("f", [&](const Planet<Scalar> &y) {
    Planet<Scalar> dy = y;
    line = __LINE__ + 1;
    dy.v = deq::sum(y.v);
    return dy;
  });
  try {
    engine.prepare(field);
    ADD_FAILURE() << "expected an Error, got none";
  } catch (const deq::Error &error) {
    EXPECT_EQ(error.diagnostics().front().text, "expected shape [2], got a scalar");
    EXPECT_EQ(error.diagnostics().front().location.line, line);
  }
}

} // namespace
