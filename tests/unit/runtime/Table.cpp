// Rows of tables: the interpolants are continuous as far as they promise, reproduce the polynomials
// that they contain, and end where the data end. And tables as arguments of a signature: their
// records, and which of them can be sampled.
#include "compiler/Table.h"
#include "compiler/Signature.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace {

using Numbers = std::vector<double>;

/// Knots at irregular distances, of which the largest is many times the smallest.
Numbers irregular(std::size_t n) {
  Numbers times;
  double t = -1.3;
  for (std::size_t i = 0; i < n; ++i, t += 0.05 + std::fabs(std::sin(2.0 * i * i)))
    times.push_back(t);
  return times;
}

Numbers at(const Numbers &times, const std::function<double(double)> &f) {
  Numbers values;
  for (double t : times)
    values.push_back(f(t));
  return values;
}

/// The rows of a table, and its polynomials at any distance from their knots.
struct Rows {
  Rows(const Numbers &times, const Numbers &values, int degree)
      : width(degree + 2), rows(deq::tableRows(times, values, degree)) {}

  std::size_t size() const { return rows.size() / width; }
  double time(std::size_t i) const { return rows[i * width]; }
  double a(std::size_t i, std::size_t power) const { return rows[i * width + 1 + power]; }
  /// The m-th derivative of polynomial i at t.
  double derivative(std::size_t i, double t, int m) const {
    const double s = t - time(i);
    double sum = 0;
    for (int power = int(width) - 2; power >= m; --power) {
      double factor = 1;
      for (int k = 0; k < m; ++k)
        factor *= power - k;
      sum = sum * s + factor * a(i, power);
    }
    return sum;
  }

  std::size_t width;
  Numbers rows;
};

double wild(double t) { return std::sin(7 * t) + (t > 0 ? 3 : -1) / (1 + t * t); }

TEST(Table, linesMeetAtTheKnots) {
  const Numbers times = irregular(12), values = at(times, wild);
  const Rows rows(times, values, 1);
  ASSERT_EQ(rows.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(rows.time(i), times[i]);
    EXPECT_EQ(rows.a(i, 0), values[i]);
    if (i > 0) {
      EXPECT_NEAR(rows.derivative(i - 1, times[i], 0), values[i], 1e-14);
    }
  }
  EXPECT_EQ(rows.a(11, 1), rows.a(10, 1)) << "the last line goes on";
}

// Two derivatives are continuous at every knot, the third where it promises to be; the last row is
// the last segment again.
TEST(Table, splinesAreSmoothAtTheKnots) {
  for (std::size_t n : {4, 5, 6, 40}) {
    const Numbers times = irregular(n), values = at(times, wild);
    const Rows rows(times, values, 3);
    ASSERT_EQ(rows.size(), n);
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_EQ(rows.a(i, 0), values[i]);
    for (std::size_t i = 1; i < n; ++i)
      for (int m = 0; m < 4; ++m) {
        const double before = rows.derivative(i - 1, times[i], m),
                     after = rows.derivative(i, times[i], m);
        const double scale = 1 + std::fabs(before) + std::fabs(after);
        const bool smooth = m < 3 || i == 1 || i + 2 >= n;
        SCOPED_TRACE(testing::Message() << n << " knots, knot " << i << ", derivative " << m);
        // Cancellation in the coefficients grows with the inverse cube of the distance, 1/0.05^3.
        if (smooth)
          EXPECT_NEAR(before, after, 1e-11 * scale);
        else
          EXPECT_GT(std::fabs(before - after), 1e-6 * scale) << "the data are not one cubic";
      }
  }
}

// A cubic is its own spline, whatever the knots; a parabola from 3 knots on, a line from 2.
TEST(Table, splinesReproduceCubics) {
  auto polynomial = [](int degree) {
    return [degree](double t) {
      double sum = 0;
      for (int power = degree; power >= 0; --power)
        sum = sum * t + (power % 2 ? -0.75 : 1.25) * (power + 1);
      return sum;
    };
  };
  for (std::size_t n : {2, 3, 4, 5, 9, 30}) {
    const auto f = polynomial(std::min<int>(n - 1, 3));
    const Numbers times = irregular(n);
    const Rows rows(times, at(times, f), 3);
    for (std::size_t i = 0; i < n; ++i)
      for (double s : {-0.4, 0.0, 0.01, 0.3}) {
        const double t = times[i] + s, expected = f(t);
        EXPECT_NEAR(rows.derivative(i, t, 0), expected, 1e-10 * (1 + std::fabs(expected)))
            << n << " knots, row " << i << ", t = " << t;
      }
  }
}

// Uniform knots with a unit value in the middle. By hand: not-a-knot makes one cubic of the
// segments from 0 to 2, of slope 0 at 2 by symmetry: -3/4 t (t - 1) (t - 8/3).
TEST(Table, unitValueByHand) {
  const Rows rows({0, 1, 2, 3, 4}, {0, 0, 1, 0, 0}, 3);
  const double slopes[] = {-2, 1.25, 0, -1.25, 2};
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(rows.a(i, 1), slopes[i], 1e-14) << "knot " << i;
}

// The error of a spline falls with the fourth power of the distance, at the ends too.
TEST(Table, splinesAreOfFourthOrder) {
  auto largest = [](std::size_t n) {
    Numbers times;
    for (std::size_t i = 0; i < n; ++i)
      times.push_back(2.0 * i / (n - 1));
    const Rows rows(times, at(times, [](double t) { return std::exp(-t) * std::sin(5 * t); }), 3);
    double error = 0;
    for (std::size_t i = 0; i + 1 < n; ++i)
      for (double theta : {0.2, 0.5, 0.9}) {
        const double t = times[i] + theta * (times[i + 1] - times[i]);
        error =
            std::max(error, std::fabs(rows.derivative(i, t, 0) - std::exp(-t) * std::sin(5 * t)));
      }
    return error;
  };
  EXPECT_NEAR(std::log2(largest(41) / largest(81)), 4, 0.3);
}

// A table is spelled by its degree, and its shape has to be the degree's.
TEST(TableRecords, roundTrip) {
  deq::Signature s;
  s.solve = s.field = "f";
  s.state = {{"y", {}}};
  s.arguments.push_back({{"m", {7}}, deq::ArgumentKind::memory});
  s.arguments.push_back({{"u", {16, 5}}, deq::ArgumentKind::memory, 3});
  s.arguments.push_back({{"w", {2, 3}}, deq::ArgumentKind::memory, 1});
  const std::vector<std::string> records = deq::encode(s);
  EXPECT_EQ(records[records.size() - 2], "argument u cubic 16 5");
  EXPECT_EQ(records.back(), "argument w linear 2 3");
  std::string error;
  const auto back = deq::decodeSignature(records, error);
  ASSERT_TRUE(back) << error;
  EXPECT_EQ(deq::encode(*back), records);
  EXPECT_EQ(back->arguments[0].degree, -1);
  EXPECT_EQ(back->arguments[1].degree, 3);
  EXPECT_EQ(back->arguments[2].degree, 1);
  EXPECT_EQ(back->arguments[2].kind, deq::ArgumentKind::memory);
  auto errorOf = [&](const std::string &argument) {
    EXPECT_FALSE(deq::decodeSignature({"solve a", "field b", "state y", argument}, error));
    return error;
  };
  for (const char *shape : {"", " 1 5", " 4 3", " 5", " 4 5 1", " 0 5"})
    EXPECT_NE(errorOf(std::string("argument u cubic") + shape), "") << shape;
  EXPECT_EQ(errorOf("argument u linear 4 5"),
            "table 'u' has the shape [4, 5], expected at least two rows of 3 numbers");
}

TEST(TableRecords, mismatchNamesTheTableThatDoesNotFit) {
  deq::Signature s;
  s.state = {{"y", {}}};
  s.arguments = {{{"k", {}}, deq::ArgumentKind::uniform},
                 {{"u", {3, 3}}, deq::ArgumentKind::memory, 1}};
  deq::Values v;
  v.y0 = {1};
  v.arguments = {7, 0, 5, 1, 0.5, 5.5, 1, 1, 6, 1};
  EXPECT_EQ(deq::mismatch(s, v), "");
  auto with = [&](std::size_t position, double value) {
    deq::Values changed = v;
    changed.arguments[position] = value;
    return deq::mismatch(s, changed);
  };
  EXPECT_EQ(with(4, 0), "knots 0 and 1 of table 'u' are at 0 and 0, expected increasing times");
  EXPECT_EQ(with(4, 2), "knots 1 and 2 of table 'u' are at 2 and 1, expected increasing times");
  EXPECT_EQ(with(4, NAN), "knot 1 of table 'u' is at nan, expected a finite time");
  EXPECT_EQ(with(7, 0.75), "table 'u' covers 0 to 0.75, expected the span 0 to 1");
  EXPECT_EQ(with(1, 0.25), "table 'u' covers 0.25 to 1, expected the span 0 to 1");
  EXPECT_EQ(with(7, std::nextafter(1, 0)), "") << "another way to compute the same time";
  EXPECT_EQ(with(5, NAN), "") << "coefficients are values like any other";
  // Knots that single precision cannot tell apart.
  EXPECT_EQ(with(4, 1e-60), "");
  EXPECT_EQ(with(4, 1 - 1e-12), "");
  s.dtype = deq::DType::f32;
  EXPECT_EQ(deq::mismatch(s, v), "");
  EXPECT_EQ(with(4, 1e-60), "knots 0 and 1 of table 'u' are at 0 and 0, expected increasing times");
  EXPECT_NE(with(4, 1 - 1e-12), "");
  EXPECT_EQ(with(7, 1e60), "knot 2 of table 'u' is at 1e+60, expected a finite time");
}

} // namespace
