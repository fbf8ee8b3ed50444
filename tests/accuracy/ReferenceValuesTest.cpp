// End values of compiled solves against 18 digits from quadruple precision. The tolerances are what
// a user turns; that the error follows them, and how closely, is what he pays for.
#include "Compiled.h"
#include "tests/unit/support/Problems.h"

#include <cmath>

namespace {

using namespace deq;
using namespace deq::test;

/// A problem with known end values, and the example that states it.
struct Case {
  const char *example;
  double t1;
  std::vector<Known> end;
  double growth;                    ///< largest error, in units of the tolerance
  std::vector<std::size_t> columns; ///< of the example's state in `end`'s order; empty: the same
};
void PrintTo(const Case &known, std::ostream *out) { *out << known.example; }

// The state of Problems.h is x, y, x', y' of all stars, that of the example pairs of them.
std::vector<std::size_t> pleiadesColumns() {
  std::vector<std::size_t> columns;
  for (std::size_t block : {0, 14})
    for (std::size_t coordinate : {0, 1})
      for (std::size_t star = 0; star < 7; ++star)
        columns.push_back(block + 2 * star + coordinate);
  return columns;
}

// How much a perturbation grows over the span, times what the controller lets pass: about twice
// what is measured at its worst tolerance.
const Case cases[] = {
    {"lorenz", 1, Lorenz::end(), 6, {}},
    {"lotka_volterra", 10, LotkaVolterra::end(), 4, {}},
    {"arenstorf", 10, Arenstorf::end(), 80, {}},
    {"pleiades", 3, Pleiades::end(), 250, pleiadesColumns()},
    {"hodgkin_huxley", 10, HodgkinHuxley::end(), 0.6, {}},
    {"lorenz96", 1, Lorenz96::end(), 1500, {}},
    {"brusselator", 10, BrusselatorLine::end(), 2, {}},
};

class ReferenceValues : public testing::TestWithParam<Case> {};

/// Root mean square of the errors, each in units of 1 + |value|: it follows the tolerance more
/// smoothly than a single component does.
double errorOf(const std::vector<double> &end, const Case &known) {
  double squares = 0;
  for (const Known &value : known.end) {
    const std::size_t column =
        known.columns.empty() ? value.component : known.columns[value.component];
    const double error = double((end[column] - value.value) / (1 + std::fabs(value.value)));
    squares += error * error;
  }
  return std::sqrt(squares / known.end.size());
}

TEST_P(ReferenceValues, errorsFollowTheTolerance) {
  const Case &known = GetParam();
  Overrides overrides;
  overrides.to = known.t1;
  overrides.method = "tsit5";
  overrides.save = "end";
  Compiled compiled = compileText(example(known.example), overrides);
  double previous = 1;
  for (double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
    compiled.values.pid.rtol = compiled.values.pid.atol = tolerance;
    const Solution solution = compiled.run();
    ASSERT_EQ(solution.status, Status::success);
    const double error = errorOf(endOf(solution), known);
    EXPECT_LT(error, known.growth * tolerance);
    // A diffusion equation at 1e-4 is kept from larger errors by stability, hence no 50 here.
    EXPECT_LT(error, previous / 5) << "at " << tolerance;
    previous = error;
  }
}

INSTANTIATE_TEST_SUITE_P(Problems, ReferenceValues, testing::ValuesIn(cases),
                         [](const auto &info) { return info.param.example; });

// The value at t = 10, 18 digits. Until there a perturbation grows by about e^9.
TEST(ReferenceValues, lorenzAfterTenUnits) {
  Overrides overrides;
  overrides.to = 10;
  overrides.rtol = overrides.atol = 1e-10;
  overrides.save = "end";
  const std::vector<double> end = endOf(compileText(example("lorenz"), overrides).run());
  const double exact[] = {-5.8576853824240900202, -5.8310824864261004429, 23.932132987027562647};
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(end[i], exact[i], 1e-7);
}

// One period of the Arenstorf orbit. It returns to within two thousandths of the moon's distance
// from the moon, at a speed of 2: velocities close less well than positions.
TEST(ReferenceValues, arenstorfOrbitCloses) {
  const struct {
    const char *method;
    double velocity; ///< bound of the velocities' error
  } cases[] = {{"tsit5", 1e-5}, {"dopri5", 5e-5}};
  for (const auto &[method, velocity] : cases) {
    Overrides overrides;
    overrides.rtol = overrides.atol = 1e-9;
    overrides.save = "end";
    overrides.method = method;
    const Compiled compiled = compileText(example("arenstorf"), overrides);
    const std::vector<double> end = endOf(compiled.run());
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(end[i], compiled.values.y0[i], 1e-5) << method;
      EXPECT_NEAR(end[i + 2], compiled.values.y0[i + 2], velocity) << method;
    }
  }
}

} // namespace
