// Arrays of the sizes around which packs are cut differently: every operation on arrays, natively
// in all emissions against the interpreter, to the bit. What differs between sizes is which
// elements lie in which vector, and that no user should ever notice.
#include "Compiled.h"

namespace {

using namespace deq;
using namespace deq::test;

/// Packs have 8, 4 and 2 lanes; smaller arrays than 8 are scalars.
constexpr int sizes[] = {7, 8, 9, 15, 16, 17, 23};

/// Right-hand sides of x' and s', of arrays x, y, w of n elements, q and k of [n,2], m of [n,n],
/// and numbers p and s.
struct Row {
  const char *name, *x, *s;
};
void PrintTo(const Row &row, std::ostream *out) { *out << row.name; }

const Row rows[] = {
    {"arithmetic", "x*y + p - y/(1 + x^2)", "sum(x*w - s)"},
    {"negation", "-abs(x)*s", "sum(-x)"},
    {"selection", "if x < y then x + s else p*y", "sum(if s < p then x else y)"},
    {"extremes", "min(x, y) + max(x, p) + sign(w)", "sum(max(y, s))/4"},
    {"rounding", "floor(3*x) + ceil(y)/2", "sum(floor(w))"},
    {"library", "sin(x) + exp(-y^2)", "sum(tanh(x))"},
    {"power", "(0.5 + x^2)^0.3 + (1 + y^2)^1.5", "sum(x^3)"},
    {"broadcast", "[s for i in 0..n] + 0*x", "sum([p for i in 0..n])"},
    {"constants", "x + [0.25*i for i in 0..n]", "dot(y, [1/(1 + i) for i in 0..n])"},
    {"shifts", "shift(x, 1, p) - 2*x + shift(x, -1, s)", "sum(shift(y, 5, s))"},
    {"rolls", "roll(x, 3) - roll(y, -2)", "dot(x, roll(y, 1))"},
    {"axes", "x - concat(roll(x, 1), y)[2..n + 2]",
     "sum(roll(q, 1, axis = 1)*q) + sum(shift(q, 1, s, axis = 0)*q)"},
    {"slices", "concat(x[3..n], y[0..3])", "sum(x[1..n - 1]) + norm(y[2..7])"},
    {"elements", "x*y[3] + x[n - 1]", "x[0]*y[n - 1] + q[4,1]"},
    {"sums", "x*sum(y)", "sum(x) + dot(x, y) + norm(q)"},
    {"memory", "w*x + k[3,1]", "dot(w, x) + sum(k[2]) + sum(m[1])"},
    {"returned", "w", "k[3,0]"},
    {"matrix", "m @ x", "sum(m @ (m @ y))/n"},
    {"matrices", "x/2", "sum((m @ q)*q) + sum([x, y] @ m)/n"},
    {"narrow", "k @ [s, p]", "sum([[s, p], [p, 1], [0.5, s]] @ [x[0], y[1]])"},
    {"reversed", "[x[n - 1 - i]*w[i] for i in 0..n]", "sum(x[i]*y[n - 1 - i] for i in 0..n)"},
    {"strided", "[q[i,0]/(1 + q[i,1]^2) for i in 0..n]", "sum(norm(q[i]) for i in 0..n)"},
    {"filtered", "[x[mod(i, n)]/(2 + w[mod(3*i, n)]) for i in 0..n + 1 if i != 4]",
     "sum(x[i]/(2 + w[i]) for i in 0..n if mod(i, 3) != 1)"},
    {"pairs", "[sum(x[j]/(1 + (y[j] - y[i])^2) for j in 0..n if j != i) for i in 0..n]",
     "sum(sum(x[j]*w[i] for j in 0..n if j <= i) for i in 0..n)"},
    {"stars", "x/2",
     "sum([sum(w[j]*(q[j] - q[i])/(0.1 + norm(q[j] - q[i]))^3 for j in 0..n if j != i) for i in "
     "0..n]*q)"},
    {"indices", "[x[i]*i + (if y[i] < 0.3*i then s else p*i) for i in 0..n]",
     "sum(i*x[i]/(1 + i) for i in 2..n)"},
    {"inner", "[sum(m[i])*x[i]/2 for i in 0..n]", "sum(dot(m[i], y)/(1 + i) for i in 0..n)"},
    {"calls", "[sin(x[i])/(1 + cos(w[i])^2) for i in 0..n]", "sum(exp(-x[i]^2) for i in 0..n)"},
};

class Packs : public testing::TestWithParam<std::tuple<Row, std::string>> {};

std::string textOf(const Row &row, int n) {
  return "field f(t; x[n], s, y[n], q[n,2]; p, w[n], k[n,2], m[n,n]; static n = " +
         std::to_string(n) + ") {\n  x' = " + row.x + "\n  s' = (" + row.s + ")/8\n" + R"(
  y' = x - 0.5*y
  q' = [-w[i]*q[i] for i in 0..n]
}
solve f {
  span 0 to 0.2
  method bosh3
  init x = [sin(3*i) for i in 0..n], s = 0.3, y = [0.1*i - 0.4 for i in 0..n],
       q = [[cos(i), sin(2*i)] for i in 0..n]
  args p = 0.7, w = [cos(i^2) for i in 0..n], k = [[0.1*i, cos(i)] for i in 0..n],
       m = [[sin(i + 2*j)/3 for j in 0..n] for i in 0..n]
  save steps 2
}
)";
}

TEST_P(Packs, haveTheBitsOfTheInterpreter) {
  const auto &[row, dtype] = GetParam();
  for (const int n : sizes) {
    SCOPED_TRACE("n = " + std::to_string(n));
    Overrides overrides;
    overrides.dtype = dtype;
    const std::string text = textOf(row, n);
    const Solution expected = compileText(text, overrides, interpreter).run();
    for (const Engine &engine : {unroll, scan, outline})
      EXPECT_TRUE(same(expected, compileText(text, overrides, engine).run())) << engine.name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Packs,
                         testing::Combine(testing::ValuesIn(rows), testing::ValuesIn(dtypes)),
                         [](const auto &info) {
                           return std::get<0>(info.param).name + std::string("_") +
                                  identifier(std::get<1>(info.param));
                         });

/// An element that becomes infinite or NaN is found where it is, wherever its pack is.
TEST(Packs, failuresNameTheFirstElement) {
  for (const std::string &dtype : dtypes)
    for (const int n : sizes)
      for (const int bad : {0, n / 2, n - 2, n - 1})
        for (const char *worse : {"1e30*x^3", "sqrt(-x)"}) {
          SCOPED_TRACE(dtype + " " + std::to_string(n) + " " + std::to_string(bad) + " " + worse);
          Overrides overrides;
          overrides.dtype = dtype;
          const std::string text = "field f(t; a, x[n]; w[n]; static n = " + std::to_string(n) +
                                   ") {\n  a' = 1\n  x' = if w > 0 then " + worse +
                                   " else 1\n}\nsolve f {\n  span 0 to 3\n  init a = 0, x = 1\n"
                                   "  args w = [if i == " +
                                   std::to_string(bad) +
                                   " or i == n - 1 then 1 else 0 for i in 0..n]\n"
                                   "  control constant(dt = 1)\n}\n";
          const Solution expected = compileText(text, overrides, interpreter).run();
          EXPECT_EQ(expected.failure.component, "x[" + std::to_string(bad) + "]");
          for (const Engine &engine : {unroll, scan})
            EXPECT_TRUE(same(expected, compileText(text, overrides, engine).run()));
        }
}

/// Code grows with the packs of a state, an eighth of its numbers: thousands of them are admitted.
TEST(Packs, thousandsOfNumbersCompile) {
  const std::string text =
      "field f(t; x[n]; r = 3; static n = 2000) {\n  x' = r*x*(1 - x) - x/4\n}\n"
      "solve f {\n  span 0 to 1\n  init x = [0.1 + 0.5*i/n for i in 0..n]\n}\n";
  const Engine chosen{"auto", Backend::native, "auto"};
  EXPECT_TRUE(same(compileText(text, {}, interpreter).run(), compileText(text, {}, chosen).run()));
}

TEST(Packs, everyStageRuns) {
  for (const Row &row : rows)
    for (const char *stages : {"unroll", "scan"}) {
      SCOPED_TRACE(row.name);
      Overrides overrides;
      overrides.stages = stages;
      overrides.dtype = "f32";
      expectEveryStageRuns(loadText(textOf(row, 15), overrides));
    }
}

} // namespace
