// Random fields over the whole language, the same bits from interpreter, unrolled and scanned code.
// Nobody writes such fields, and that is the point: operations meet in combinations that no example
// has.
#include "Compiled.h"

#include <array>
#include <random>

namespace {

using namespace deq;
using namespace deq::test;

/// Writes a field with scalar states x and y, array states u[n] and v[n], and arguments p, q, w[n],
/// m[n,n], n = 9. Expressions stay finite where that is easy; where not, NaNs are compared too.
class Writer {
public:
  explicit Writer(unsigned seed) : random(seed) {}

  std::string text() {
    std::string field = "field f(t; x, u[n], y, v[n]; p, q, w[n], m[n,n]; static n = 9) {\n"
                        "  soft(s) = s/(1 + s^2)\n";
    // Locals in use so far; later expressions refer to them.
    for (int i = 0; i < 2; ++i) {
      field += "  a" + std::to_string(i) + " = " + array(3) + "\n";
      arrays.push_back("a" + std::to_string(i));
      field += "  s" + std::to_string(i) + " = " + scalar(3) + "\n";
      scalars.push_back("s" + std::to_string(i));
    }
    field += "  x' = " + calmed(scalar(3)) + "\n  u' = " + calmed(array(3)) + " - u\n";
    field += "  y' = " + scalar(3) + " - y\n  v' = soft(" + array(2) + ") - 0.5*v\n}\n";
    return field + R"(solve f {
  span 0 to 1
  init x = 0.3, u = [sin(3*i) for i in 0..n], y = -0.7, v = [0.1*i - 0.4 for i in 0..n]
  args p = 1.3, q = -0.4, w = [cos(i^2) for i in 0..n], m = [[sin(i + 2*j)/3 for j in 0..n] for i in 0..n]
}
)";
  }

private:
  int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); }
  std::string any(const std::vector<std::string> &list) { return list[pick(int(list.size()))]; }
  std::string number() {
    static const std::vector<std::string> list = {"0.5", "2", "1.25", "0.1", "3", "1e-3", "0.75"};
    return any(list);
  }
  std::string index() { return std::to_string(pick(9)); }
  std::string calmed(const std::string &x) {
    return pick(2) ? "tanh(" + x + ")" : "soft(" + x + ")";
  }
  std::string condition(const std::string &x, const std::string &y) {
    return x + any({" < ", " >= ", " <= ", " > "}) + y;
  }

  /// A comprehension whose index is new inside of others, as the language demands.
  template <class Write> std::string nested(Write write) {
    const std::string result = write("i" + std::to_string(++level));
    --level;
    return result;
  }

  /// An expression in which the value of the fold over `i` is one of the scalars.
  template <class Write> std::string carrying(const std::string &i, Write write) {
    scalars.push_back("c" + i);
    const std::string result = write();
    scalars.pop_back();
    return result;
  }

  std::string scalar(int depth) {
    if (depth == 0)
      return pick(4) == 0   ? number()
             : pick(3) == 0 ? any({"u", "v", "w"}) + "[" + index() + "]"
                            : any(scalars);
    auto s = [&] { return scalar(depth - 1); };
    auto a = [&] { return array(depth - 1); };
    switch (pick(19)) {
    case 0:
      return "(" + s() + " + " + s() + ")";
    case 1:
      return "(" + s() + " - " + s() + ")";
    case 2:
    case 3:
      return "(" + s() + "*" + s() + " + " + s() + ")";
    case 4:
      return "(" + s() + "*" + s() + " - " + s() + "*" + s() + ")";
    case 5:
      return s() + "/(1 + (" + s() + ")^2)";
    case 6:
      return any({"min", "max"}) + "(" + s() + ", " + s() + ")";
    case 7:
      return "(if " + condition(s(), s()) + " then " + s() + " else " + s() + ")";
    case 8:
      return "(" + s() + ")^" + any({"2", "3", "5"});
    case 9:
      return "(0.5 + (" + s() + ")^2)^" + any({"0.5", "1.5", "-1", "-0.5", "-2", "0.3"});
    case 10:
      return any({"sin", "cos", "tanh", "atan", "erf", "abs", "sign", "floor"}) + "(" + s() + ")";
    case 11:
      return any({"exp(-(", "log1p(("}) + s() + ")^2)";
    case 12:
      return any({"sum", "norm"}) + "(" + a() + ")/4";
    case 13:
      return "dot(" + a() + ", " + a() + ")/8";
    case 14:
      return nested([&](const std::string &i) {
        return "sum(w[" + i + "]*" + any({"u", "v"}) + "[n - 1 - " + i + "] + " + s() + " for " +
               i + " in 0..n if " + i + " != " + index() + ")/8";
      });
    case 16:
      return nested([&](const std::string &i) {
        return "fold(c" + i + " = " + s() + ", 0.5*c" + i + " + w[" + i + "]*" + carrying(i, s) +
               " for " + i + " in 0..n if " + i + " != " + index() + ")/4";
      });
    case 17: // long enough for a loop, reading by an index that the loop knows
      return nested([&](const std::string &i) {
        return "fold(c" + i + " = " + s() + ", 0.25*c" + i + " + " + any(arrays) + "[mod(3*" + i +
               " + 1, n)]*" + carrying(i, s) + " + m[mod(" + i + ", n), 2] for " + i +
               " in 0..150)/4";
      });
    case 15:
      return "sum(u[" + std::to_string(pick(5)) + ".." + std::to_string(5 + pick(5)) + "])/4";
    default:
      return any({"atan2", "hypot"}) + "(" + s() + ", 1 + " + s() + "^2)";
    }
  }

  std::string array(int depth) {
    if (depth == 0)
      return any(arrays);
    auto s = [&] { return scalar(depth - 1); };
    auto a = [&] { return array(depth - 1); };
    const std::string offset = std::to_string(pick(7) - 3), cut = std::to_string(1 + pick(7));
    switch (pick(14)) {
    case 0:
      return "(" + s() + "*" + a() + " + " + a() + ")";
    case 1:
      return "(" + a() + " - " + s() + "*" + s() + ")";
    case 2:
      return "(" + a() + "*" + a() + " + " + s() + ")";
    case 3:
      return "shift(" + a() + ", " + offset + ", " + s() + ")";
    case 4:
      return "roll(" + a() + ", " + offset + ")";
    case 5:
      return "concat(u[" + cut + "..n], v[0.." + cut + "])";
    case 6:
      return nested([&](const std::string &i) {
        return "[" + any({"u", "v", "w"}) + "[mod(2*" + i + " + 1, n)]*" + s() + " + " + i +
               " for " + i + " in 0..n]/4";
      });
    case 7:
      return "(m @ " + a() + ")";
    case 8:
      return "(if " + condition(a(), s()) + " then " + a() + " else " + s() + ")";
    case 9:
      return any({"tanh", "sin", "abs"}) + "(" + a() + ")";
    case 10:
      return any({"min", "max"}) + "(" + a() + ", " + s() + ")";
    case 11:
      return nested([&](const std::string &i) {
        return "fold(c" + i + " = " + a() + ", 0.5*c" + i + " + shift(" + a() + ", 1, c" + i + "[" +
               i + "]) for " + i + " in 0..n)/4";
      });
    case 12:
      return nested([&](const std::string &i) {
        return "fold(c" + i + " = " + a() + ", roll(c" + i + ", 1)*m[mod(" + i + ", n)] + c" + i +
               "[mod(" + i + ", 4)] for " + i + " in 0..60)/4";
      });
    default:
      return nested([&](const std::string &i) {
        return "[sum(m[" + i + "][j]*u[j] for j in 0..n if j != " + i + ") - " + s() + " for " + i +
               " in 0..n]/4";
      });
    }
  }

  std::mt19937 random;
  int level = 0; ///< of nested comprehensions
  std::vector<std::string> scalars = {"x", "y", "p", "q", "t"}, arrays = {"u", "v", "w"};
};

class RandomFields : public testing::TestWithParam<unsigned> {};

TEST_P(RandomFields, allEnginesGiveTheSameBits) {
  const unsigned seed = GetParam();
  const std::string text = Writer(seed).text();
  Overrides overrides;
  overrides.method = std::array{"tsit5", "heun", "dopri5", "bosh3"}[seed % 4];
  overrides.dtype = seed % 3 == 0 ? "f32" : "f64";
  overrides.save = seed % 2 ? "steps 1" : "every 0.13";
  std::vector<Solution> solutions;
  for (const Engine &engine : engines) {
    Compiled compiled = compileText(text, overrides, engine);
    compiled.values.pid.rtol = compiled.values.pid.atol = 1e-3;
    compiled.values.dt = 0.5;
    compiled.values.max_steps = 25;
    solutions.push_back(compiled.run());
  }
  EXPECT_GT(solutions[0].stats.steps, 0);
  EXPECT_TRUE(same(solutions[0], solutions[1])) << "unroll and scan of\n" << text;
  EXPECT_TRUE(same(solutions[0], solutions[2])) << "unroll and interpreter of\n" << text;
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFields, testing::Range(1u, 41u));

} // namespace
