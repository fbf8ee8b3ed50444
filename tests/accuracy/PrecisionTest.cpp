// Fixed steps in double precision against the same formulas in quadruple precision: what a step
// loses to rounding, without what it loses to its order. The evaluation here shares the
// coefficients with the compiler and nothing else.
#include "Compiled.h"

#include <algorithm>
#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

#ifdef __SIZEOF_FLOAT128__

using Quad = __float128;
using State = std::array<Quad, 2>;

struct Problem {
  const char *name, *text;
  State (*field)(Quad t, const State &y);
};

/// Right-hand sides of sums and products, so that no elementary function comes in between.
const Problem problems[] = {
    {"linear", "x' = -0.5*x - 2*y\n y' = 2*x - 0.25*y",
     [](Quad, const State &y) {
       return State{-y[0] / 2 - 2 * y[1], 2 * y[0] - y[1] / 4};
     }},
    {"nonlinear", "x' = 1.5*x - x*y\n y' = x*y - 3*y",
     [](Quad, const State &y) {
       return State{Quad(1.5) * y[0] - y[0] * y[1], y[0] * y[1] - 3 * y[1]};
     }},
    {"timeDependent", "x' = t*y - 0.5*x\n y' = t^2 - x", [](Quad t, const State &y) {
       return State{t * y[1] - y[0] / 2, t * t - y[0]};
     }}};

State combine(const State &y, Quad h, const std::vector<double> &weights,
              const std::vector<State> &slopes) {
  State result = y;
  for (std::size_t j = 0; j < weights.size(); ++j)
    for (std::size_t i = 0; i < y.size(); ++i)
      result[i] += h * Quad(weights[j]) * slopes[j][i];
  return result;
}

State stepped(const Tableau &method, const Problem &problem, Quad t, Quad h, const State &y) {
  std::vector<State> slopes;
  for (int i = 0; i < method.stages(); ++i)
    slopes.push_back(problem.field(t + Quad(method.c[i]) * h, combine(y, h, method.a[i], slopes)));
  return combine(y, h, method.b, slopes);
}

/// sum |b_i|: how much larger than a step the terms are that it is the sum of. Where they cancel,
/// what a step loses to rounding is in proportion to h times that, which takes shorter steps to
/// hide.
double cancellation(const Tableau &method) {
  double sum = 0;
  for (double b : method.b)
    sum += std::fabs(b);
  return sum;
}

class Precision : public testing::TestWithParam<std::tuple<std::string, int>> {};

TEST_P(Precision, ofFixedStepsIsTwoUlpsEach) {
  const Tableau &method = *findMethod(std::get<0>(GetParam()));
  const Problem &problem = problems[std::get<1>(GetParam())];
  Overrides overrides;
  overrides.method = method.name;
  const int rate = cancellation(method) < 20 ? 64 : 512; // vern6 and vern8
  const std::string text = std::string("field f(t; x, y) {\n ") + problem.text +
                           "\n}\nsolve f {\n span 0 to 4\n init x = 1, y = 0.75\n"
                           " control constant(dt = 1/" +
                           std::to_string(rate) + ")\n save steps 1\n}\n";
  const Solution solution = compileText(text, overrides).run();
  ASSERT_EQ(solution.t.size(), std::size_t(4 * rate));
  State y{1, Quad(0.75)};
  double worst = 0;
  for (std::size_t step = 0; step < solution.t.size(); ++step) {
    y = stepped(method, problem, Quad(double(step)) / rate, Quad(1) / rate, y);
    // In the units of the state's last place: its components are mixed by every step.
    const double size = std::max(std::fabs(double(y[0])), std::fabs(double(y[1])));
    const double ulp = std::nextafter(size, 2 * size) - size;
    for (std::size_t i = 0; i < y.size(); ++i)
      worst = std::max(worst, std::fabs(double(Quad(solution.y[2 * step + i]) - y[i])) / ulp /
                                  double(step + 1));
  }
  RecordProperty("ulps_per_step", std::to_string(worst));
  EXPECT_LE(worst, 2) << "ulps per step";
}

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const Tableau &method : methods())
    list.push_back(method.name);
  return list;
}

INSTANTIATE_TEST_SUITE_P(Methods, Precision,
                         testing::Combine(testing::ValuesIn(names()), testing::Range(0, 3)),
                         [](const auto &info) {
                           return std::get<0>(info.param) + "_" +
                                  problems[std::get<1>(info.param)].name;
                         });

#endif

} // namespace
