// The arithmetic of fields against C++ written by hand, to the bit: where products are fused, in
// which order sums are taken, what powers expand to, what min, max and sign do with NaN and zeros.
// These rules are promises to users (docs/language.md), and every backend shares
// them.
#include "Compiled.h"

#include <cmath>
#include <functional>
#include <limits>
#include <random>

namespace {

using namespace deq;
using namespace deq::test;

/// Arguments of every expression below. w and z are long enough to live in memory.
template <class T> struct Inputs {
  T a, b, c, d;
  T u[3], v[3], w[20], z[20], m[2][10];
};
constexpr int inputCount = 4 + 2 * 3 + 2 * 20 + 2 * 10;

/// An expression of the language and what it means, for both element types.
struct Row {
  template <class Function>
  Row(const char *text, Function function) : text(text), f64(function), f32(function) {}
  const char *text;
  std::function<double(const Inputs<double> &)> f64;
  std::function<float(const Inputs<float> &)> f32;
};

#define MEANS(expression)                                                                          \
  [](const auto &in) {                                                                             \
    using T = std::decay_t<decltype(in.a)>;                                                        \
    [[maybe_unused]] const auto &[a, b, c, d, u, v, w, z, m] = in;                                 \
    return T(expression);                                                                          \
  }

//===-- Fused multiply-adds
//-----------------------------------------------------------------------===//

// Named locals: p = a*b, q = c*d, e = a*b + u, f1 = u*v + a, g = u*v + a*b, h = u + p, k = v - a*u.
const Row fusion[] = {
    {"a*b + c", MEANS(std::fma(a, b, c))},
    {"c + a*b", MEANS(std::fma(a, b, c))},
    {"a*b - c", MEANS(std::fma(a, b, -c))},
    {"c - a*b", MEANS(std::fma(-a, b, c))},
    {"(a*b) + ((c))", MEANS(std::fma(a, b, c))},
    {"-a*b + c", MEANS(std::fma(-a, b, c))},
    {"-(a*b) + c", MEANS(-(a *b) + c)},
    {"a*b + c*d", MEANS(a *b + c * d)},
    {"a*b - c*d", MEANS(a *b - c * d)},
    {"a*b + c*d + a*d", MEANS(std::fma(a, d, a *b + c * d))},
    {"a*b + c + d", MEANS(std::fma(a, b, c) + d)},
    {"d + c + a*b", MEANS(std::fma(a, b, d + c))},
    {"a*b*c + d", MEANS(std::fma(a *b, c, d))},
    {"a*(b*c) + d", MEANS(std::fma(a, b *c, d))},
    {"a/b + c", MEANS(a / b + c)},
    {"a*b/c + d", MEANS(a *b / c + d)},
    {"a/b*c + d", MEANS(std::fma(a / b, c, d))},
    {"0.1*a + 3", MEANS(std::fma(T(0.1), a, T(3)))},
    {"a*b + 0", MEANS(std::fma(a, b, T(0)))},
    {"p + c", MEANS(std::fma(a, b, c))},
    {"d - p", MEANS(std::fma(-a, b, d))},
    {"p + q", MEANS(a *b + c * d)},
    {"p + p", MEANS(a *b + a * b)},
    {"p*q + p", MEANS((a * b) * (c * d) + a * b)},
    {"product(a, b) + c", MEANS(std::fma(a, b, c))},
    {"(if a < b then a*b else c) + d", MEANS((a < b ? a * b : c) + d)},
    {"e[1]", MEANS(std::fma(a, b, u[1]))},
    {"f1[2]", MEANS(std::fma(u[2], v[2], a))},
    {"g[0]", MEANS(u[0] * v[0] + a * b)},
    {"h[1]", MEANS(std::fma(a, b, u[1]))},
    {"k[2]", MEANS(std::fma(-a, u[2], v[2]))},
    {"u[0]*v[0] + u[1]", MEANS(std::fma(u[0], v[0], u[1]))},
};

//===-- Powers and division
//-----------------------------------------------------------------------===//

template <class T> T square(T x) { return x * x; }

const Row powers[] = {
    {"a^0", MEANS(T(1) + 0 * T(0))},
    {"a^1", MEANS(a)},
    {"a^2", MEANS(a *a)},
    {"-a^2", MEANS(-(a *a))},
    {"(-a)^3", MEANS((-a) * (-a) * (-a))},
    {"a^3", MEANS(a *a *a)},
    {"a^4", MEANS(square(a *a))},
    {"a^5", MEANS(square(a *a) * a)},
    {"a^6", MEANS(square(a *a *a))},
    {"a^7", MEANS(square(a *a *a) * a)},
    {"a^10", MEANS(square(square(a *a) * a))},
    {"a^-1", MEANS(1 / a)},
    {"a^-2", MEANS(1 / (a * a))},
    {"a^(-3)", MEANS(1 / (a * a * a))},
    {"a^0.5", MEANS(std::sqrt(a))},
    {"a^1.5", MEANS(a *std::sqrt(a))},
    {"a^2.5", MEANS((a * a) * std::sqrt(a))},
    {"a^-0.5", MEANS(1 / std::sqrt(a))},
    {"a^-1.5", MEANS(1 / (a * std::sqrt(a)))},
    {"a^2 + c", MEANS(std::fma(a, a, c))},
    {"c - a^3", MEANS(std::fma(-(a *a), a, c))},
    {"a^1.5 + c", MEANS(std::fma(a, std::sqrt(a), c))},
    {"a^-2 + c", MEANS(1 / (a * a) + c)},
    {"a^1 + c*d", MEANS(std::fma(c, d, a))},
    {"a^2*b + c", MEANS(std::fma(a *a, b, c))},
    {"a^b", MEANS(std::pow(a, b))},
    {"a^0.3", MEANS(std::pow(a, T(0.3)))},
    {"a^(1/3)", MEANS(std::pow(a, T(1) / T(3)))},
    {"a^2^3", MEANS(std::pow(a, T(8)))},
    {"pow(a, 2)", MEANS(std::pow(a, T(2)))},
    {"a/b/c", MEANS(a / b / c)},
    {"a/(b/c)", MEANS(a / (b / c))},
    {"1/a", MEANS(1 / a)},
    {"1/3", MEANS(T(1) / T(3))},
    {"div(n, 3)*a", MEANS(6 * a)},
};

//===-- Sums
//-----------------------------------------------------------------------===//

/// Up to 8 terms left to right; beyond, 8 strided partial sums, added left to right. Written twice,
/// because a dot product begins with a rounded product and goes on fused.
template <class T> T sumOf(const std::vector<T> &x) {
  T partial[8] = {};
  const std::size_t lanes = x.size() > 8 ? 8 : 1;
  for (std::size_t i = 0; i < x.size(); ++i)
    partial[i % lanes] = i < lanes ? x[i] : partial[i % lanes] + x[i];
  T total = partial[0];
  for (std::size_t lane = 1; lane < lanes; ++lane)
    total = total + partial[lane];
  return total;
}

template <class T> T dotOf(const std::vector<T> &x, const std::vector<T> &y) {
  T partial[8] = {};
  const std::size_t lanes = x.size() > 8 ? 8 : 1;
  for (std::size_t i = 0; i < x.size(); ++i)
    partial[i % lanes] = i < lanes ? x[i] * y[i] : std::fma(x[i], y[i], partial[i % lanes]);
  T total = partial[0];
  for (std::size_t lane = 1; lane < lanes; ++lane)
    total = total + partial[lane];
  return total;
}

/// Elements [from, to) of an array, every `step`-th.
template <class T> std::vector<T> part(const T *x, int from, int to, int step = 1) {
  std::vector<T> list;
  for (int i = from; i < to; i += step)
    list.push_back(x[i]);
  return list;
}

template <class T> std::vector<T> products(const T *x, const T *y, int from, int to, int without) {
  std::vector<T> list;
  for (int i = from; i < to; ++i)
    if (i != without)
      list.push_back(x[i] * y[i]);
  return list;
}

// Named locals: s = m @ w[0..10], r = m @ [[z[2*i], z[2*i + 1]] for i in 0..10].
const Row sums[] = {
    {"sum(u)", MEANS(u[0] + u[1] + u[2])},
    {"sum(w[0..8])", MEANS(((((((w[0] + w[1]) + w[2]) + w[3]) + w[4]) + w[5]) + w[6]) + w[7])},
    {"sum(w[0..9])",
     MEANS((((((((w[0] + w[8]) + w[1]) + w[2]) + w[3]) + w[4]) + w[5]) + w[6]) + w[7])},
    {"sum(w)", MEANS(sumOf(part(w, 0, 20)))},
    {"sum(w[3..20])", MEANS(sumOf(part(w, 3, 20)))},
    {"sum(m)", MEANS(sumOf(part(&m[0][0], 0, 20)))},
    {"sum([a, b, c, d])", MEANS(a + b + c + d)},
    {"sum(w[i] for i in 0..20)", MEANS(sumOf(part(w, 0, 20)))},
    {"sum(w[i]*z[i] for i in 0..20)", MEANS(sumOf(products(w, z, 0, 20, -1)))},
    {"sum(w[i]*z[i] for i in 0..20 if i != 3)", MEANS(sumOf(products(w, z, 0, 20, 3)))},
    {"sum(w[i]*z[i] for i in 0..9 if i != 3)", MEANS(sumOf(products(w, z, 0, 9, 3)))},
    {"sum(w*z)", MEANS(sumOf(products(w, z, 0, 20, -1)))},
    {"sum(u) + a*b", MEANS(std::fma(a, b, u[0] + u[1] + u[2]))},
    {"dot(u, v)", MEANS(std::fma(u[2], v[2], std::fma(u[1], v[1], u[0] * v[0])))},
    {"dot(u, v) + a", MEANS(std::fma(u[2], v[2], std::fma(u[1], v[1], u[0] * v[0])) + a)},
    {"dot(w, z)", MEANS(dotOf(part(w, 0, 20), part(z, 0, 20)))},
    {"dot(w[0..8], z[4..12])", MEANS(dotOf(part(w, 0, 8), part(z, 4, 12)))},
    {"dot(w[0..9], z[4..13])", MEANS(dotOf(part(w, 0, 9), part(z, 4, 13)))},
    {"norm(u)", MEANS(std::sqrt(std::fma(u[2], u[2], std::fma(u[1], u[1], u[0] * u[0]))))},
    {"norm(w)", MEANS(std::sqrt(dotOf(part(w, 0, 20), part(w, 0, 20))))},
    {"norm(m)", MEANS(std::sqrt(dotOf(part(&m[0][0], 0, 20), part(&m[0][0], 0, 20))))},
    {"s[0]", MEANS(dotOf(part(m[0], 0, 10), part(w, 0, 10)))},
    {"s[1]", MEANS(dotOf(part(m[1], 0, 10), part(w, 0, 10)))},
    {"r[0][1]", MEANS(dotOf(part(m[0], 0, 10), part(z, 1, 20, 2)))},
    {"r[1][0]", MEANS(dotOf(part(m[1], 0, 10), part(z, 0, 20, 2)))},
};

//===-- Functions
//-----------------------------------------------------------------------===//

template <class T> T least(T x, T y) {
  return std::isnan(x) || std::isnan(y) ? x + y : y < x ? y : x;
}
template <class T> T most(T x, T y) {
  return std::isnan(x) || std::isnan(y) ? x + y : y > x ? y : x;
}
template <class T> T signOf(T x) { return x > 0 ? T(1) : x < 0 ? T(-1) : x; }

const Row functions[] = {
    // + 0*0 turns either zero into +0: which of two zeros min and max return is left open.
    {"min(a, b) + 0", MEANS(least(a, b) + T(0))},
    {"max(a, b) + 0", MEANS(most(a, b) + T(0))},
    {"sign(a)", MEANS(signOf(a))},
    {"abs(a)", MEANS(std::fabs(a))},
    {"floor(a)", MEANS(std::floor(a))},
    {"ceil(a)", MEANS(std::ceil(a))},
    {"sqrt(a)", MEANS(std::sqrt(a))},
    {"exp(a)", MEANS(std::exp(a))},
    {"log(a)", MEANS(std::log(a))},
    {"log1p(a)", MEANS(std::log1p(a))},
    {"expm1(a)", MEANS(std::expm1(a))},
    {"sin(a)", MEANS(std::sin(a))},
    {"cos(a)", MEANS(std::cos(a))},
    {"tanh(a)", MEANS(std::tanh(a))},
    {"erf(a)", MEANS(std::erf(a))},
    {"atan(a)", MEANS(std::atan(a))},
    {"atan2(a, b)", MEANS(std::atan2(a, b))},
    {"atan2(b, a)", MEANS(std::atan2(b, a))},
    {"pow(a, b)", MEANS(std::pow(a, b))},
    {"hypot(a, b)", MEANS(std::sqrt(std::fma(a, a, b *b)))},
    {"pi*a", MEANS(T(3.141592653589793238) * a)},
    {"if a < b then a else b", MEANS(a < b ? a : b)},
    {"if a >= b then a else b", MEANS(a >= b ? a : b)},
    {"if a == b then c else d", MEANS(a == b ? c : d)},
    {"if a != b then c else d", MEANS(a != b ? c : d)},
    {"if not a <= b then c else d", MEANS(!(a <= b) ? c : d)},
    {"if a < b and c < d or a > c then a else d", MEANS((a < b && c < d) || a > c ? a : d)},
};

//===-- Running them
//-----------------------------------------------------------------------===//

/// Euler's method with h = 1 from -0.0 returns the slopes themselves, signs of zeros included.
template <class Rows>
Compiled compileRows(const Rows &rows, const Engine &engine, const std::string &dtype) {
  std::string state, slopes, init;
  int i = 0;
  for (const Row &row : rows) {
    const std::string name = "y" + std::to_string(i++);
    state += (i > 1 ? ", " : "") + name;
    init += (i > 1 ? ", " : "") + name + " = 0";
    slopes += "  " + name + "' = " + row.text + "\n";
  }
  const std::string text =
      "field f(t; " + state +
      "; a, b, c, d, u[3], v[3], w[20], z[20], m[2,10]; static n = 20) {\n"
      "  product(x, y) = x*y\n"
      "  p = a*b\n  q = c*d\n  e = a*b + u\n  f1 = u*v + a\n  g = u*v + a*b\n"
      "  h = u + p\n  k = v - a*u\n  s = m @ w[0..10]\n"
      "  r = m @ [[z[2*i], z[2*i + 1]] for i in 0..10]\n" +
      slopes + "}\nsolve f {\n  span 0 to 1\n  init " + init +
      "\n  args a = 0, b = 0, c = 0, d = 0, u = 0, v = 0, w = 0, z = 0, m = 0\n"
      "  method euler\n  control constant(dt = 1)\n  save end\n}\n";
  Overrides overrides;
  overrides.dtype = dtype;
  Compiled compiled = compileText(text, overrides, engine);
  compiled.values.y0.assign(compiled.values.y0.size(), -0.0);
  return compiled;
}

template <class T> Inputs<T> inputsOf(const std::vector<double> &values) {
  Inputs<T> in;
  static_assert(sizeof in == inputCount * sizeof(T));
  T *next = &in.a;
  for (double value : values)
    *next++ = T(value);
  return in;
}

/// Random numbers of either sign and many sizes; then all pairs of special ones for a and b.
std::vector<std::vector<double>> samples() {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> mantissa(-2, 2);
  std::vector<std::vector<double>> list;
  for (int n = 0; n < 150; ++n) {
    std::uniform_int_distribution<int> exponent(-n / 30, n / 30);
    std::vector<double> values(inputCount);
    for (double &value : values)
      value = std::ldexp(mantissa(random), exponent(random));
    list.push_back(values);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  const double special[] = {std::nan(""), infinity, -infinity, 0.0,   -0.0,  1,
                            -1,           0.5,      -2.5,      1e300, 1e-40, 1 + 0x1p-23};
  for (double a : special)
    for (double b : special) {
      list.push_back(list[list.size() % 150]);
      list.back()[0] = a;
      list.back()[1] = b;
    }
  return list;
}

class Arithmetic : public testing::TestWithParam<std::tuple<std::size_t, std::string>> {
protected:
  template <class Rows> void check(const Rows &rows) {
    const auto &[engine, dtype] = GetParam();
    Compiled compiled = compileRows(rows, engines[engine], dtype);
    for (const std::vector<double> &values : samples()) {
      compiled.values.arguments = values;
      const std::vector<double> got = endOf(compiled.run());
      const Inputs<double> in64 = inputsOf<double>(values);
      const Inputs<float> in32 = inputsOf<float>(values);
      std::size_t i = 0;
      for (const Row &row : rows) {
        const double expected = dtype == "f32" ? double(row.f32(in32)) : row.f64(in64);
        ASSERT_TRUE(sameBits(got[i], expected))
            << row.text << " is " << std::hexfloat << got[i] << ", expected " << expected
            << " for a = " << values[0] << ", b = " << values[1] << ", c = " << values[2]
            << ", d = " << values[3];
        ++i;
      }
    }
  }
};

TEST_P(Arithmetic, productsAreFusedByTheRule) { check(fusion); }
TEST_P(Arithmetic, powersAreStructural) { check(powers); }
TEST_P(Arithmetic, sumsKeepTheirOrder) { check(sums); }
TEST_P(Arithmetic, functionsHandleSpecialNumbers) { check(functions); }

INSTANTIATE_TEST_SUITE_P(Engines, Arithmetic,
                         testing::Combine(testing::Range<std::size_t>(0, 3),
                                          testing::Values("f64", "f32")),
                         [](const auto &info) {
                           return std::string(engines[std::get<0>(info.param)].name) + "_" +
                                  std::get<1>(info.param);
                         });

} // namespace
