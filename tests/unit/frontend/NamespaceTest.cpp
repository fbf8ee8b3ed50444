// Names, statics and solves by the decisions of the language: one namespace, words that stay free,
// where statics come from, and who gives a value.
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

struct NameKind {
  const char *what;
  const char *header; ///< declares `n`, if the header can
  const char *body;   ///< declares it, if the body can
};
const NameKind nameKinds[] = {
    {"the time", "n; x", ""},       {"a state leaf", "t; x, n", "n' = 1\n"},
    {"an argument", "t; x; n", ""}, {"a static", "t; x; static n = 1", ""},
    {"a local", "t; x", "n = 1\n"}, {"a local function", "t; x", "n(v) = v\n"},
};

/// `text` with `from` replaced once.
std::string replaced(std::string text, const std::string &from, const std::string &to) {
  std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

} // namespace

TEST(Namespace, EveryKindOfNameClashesWithLocalsFunctionsParametersAndIndices) {
  for (const NameKind &kind : nameKinds)
    for (const char *second : {"n = 2", "n(v) = 2*v", "g(n) = n", "b = sum(n for n in 0..2)"}) {
      std::string errors = errorsOf(std::string("field f(") + kind.header + ") {\n" + kind.body +
                                    "x' = 1\n" + second + "\n}\n");
      EXPECT_NE(errors.find(fmt::format("'n' is already the name of {}", kind.what)),
                std::string::npos)
          << kind.what << " and " << second << ": " << errors;
      EXPECT_NE(errors.find("note "), std::string::npos) << "both places are shown";
    }
}

TEST(Namespace, HeadersHaveItToo) {
  const std::pair<const char *, const char *> rows[] = {
      {"n; n", "1:12: 'n' is already the name of the time\nnote 1:9: declared here\n"},
      {"t; n, n", "1:15: 'n' is already the name of a state leaf\nnote 1:12: declared here\n"},
      {"t; n; n", "1:15: 'n' is already the name of a state leaf\nnote 1:12: declared here\n"},
      {"t; n; static n = 1",
       "1:22: 'n' is already the name of a state leaf\nnote 1:12: declared here\n"},
      {"t; x; n, static n = 1",
       "1:25: 'n' is already the name of an argument\nnote 1:15: declared here\n"},
  };
  for (const auto &[header, expected] : rows) {
    std::string leaf = std::string(header).find("x") == std::string::npos ? "n" : "x";
    std::string errors = errorsOf(std::string("field f(") + header + ") {\n" + leaf + "' = 1\n}\n");
    EXPECT_EQ(errors.find(expected), 0u) << errors;
  }
}

TEST(Namespace, BuiltinsAreInIt) {
  for (const char *name : {"pi", "sin", "max", "sum", "dot", "norm", "shift", "roll", "concat",
                           "fold", "div", "mod", "file", "table"}) {
    std::string message = fmt::format("'{}' is already the name of a builtin", name);
    for (const char *text :
         {"field f(t; x; @) {\nx' = 1\n}", "field f(@; x) {\nx' = 1\n}",
          "field f(t; x) {\nx' = 1\n@ = 2\n}", "field f(t; x) {\nx' = 1\n@(v) = v\n}",
          "field f(t; x) {\nx' = sum(1.0 for @ in 0..2)\n}",
          "field f(t; x; static @ = 1) {\nx' = 1\n}"})
      EXPECT_NE(errorsOf(replaced(text, "@", name)).find(message), std::string::npos)
          << replaced(text, "@", name);
  }
}

TEST(Namespace, ParametersAndIndicesEndWithTheirExpression) {
  EXPECT_EQ(errorsOf("field f(t; x[2]) {\n  g(w) = 2*w\n  h(w) = w + 1\n"
                     "  x' = [g(x[i]) for i in 0..2] + [h(x[i]) for i in 0..2]\n}\n"),
            "");
  EXPECT_EQ(errorsOf("field f(t; x) {\n  g(w) = 2*w\n  x' = g(x) + w\n}\n"),
            "3:15: unknown name 'w'\n");
}

TEST(Namespace, IsOnePerField) {
  EXPECT_EQ(errorsOf("field f(t; x; a) {\n  b = a\n  x' = b\n}\n"
                     "field g(a; b; x, t) {\n  f = x + t\n  b' = f + a\n}\n"),
            "");
}

TEST(Words, OfSolveAndMethodBlocksAreFreeElsewhere) {
  for (const char *word :
       {"field",  "solve", "preset",  "import", "method",   "span", "to",      "init",
        "args",   "dt",    "auto",    "save",   "every",    "at",   "steps",   "start",
        "end",    "dense", "control", "pid",    "constant", "rtol", "atol",    "max_steps",
        "dtype",  "f32",   "stages",  "scan",   "step_at",  "stop", "jump_at", "when",
        "unroll", "true",  "false",   "norms",  "linear",   "time", "column",  "tsit5"}) {
    std::string text = "field @(t; x; a = 1, static s = 2) {\n  x' = a*x*s\n}\n";
    EXPECT_EQ(errorsOf(replaced(text, "@", word)), "") << word << " as a field";
    EXPECT_EQ(errorsOf(fmt::format("field f(t; {0}) {{\n  b = 2*{0}\n  {0}' = b\n}}\n"
                                   "solve {0} = f {{\n  span 0 to 1\n  init {0} = 1\n}}\n",
                                   word)),
              "")
        << word << " as a leaf and a solve";
    EXPECT_EQ(errorsOf(fmt::format("field f(t; x; {0}) {{\n  x' = {0}*x\n}}\n"
                                   "solve f {{\n  args {0} = 2\n  span 0 to 1\n  init x = 1\n}}\n",
                                   word)),
              "")
        << word << " as an argument";
    EXPECT_EQ(errorsOf(fmt::format("field f(t; x) {{\n  {0}(v) = 2*v\n  x' = {0}(x)\n}}\n", word)),
              "")
        << word << " as a function";
  }
}

TEST(Words, OfTheLanguageAreReserved) {
  for (const char *word : {"if", "then", "else", "for", "in", "not", "and", "or"})
    EXPECT_NE(errorsOf(fmt::format("field f(t; {0}) {{\n}}\n", word))
                  .find(fmt::format("got the reserved word '{}'", word)),
              std::string::npos)
        << word;
}

TEST(Statics, ComeFromTheShapeOfAnyValue) {
  const std::string field = "field f(t; u[n], w[m,n]; a[k]; static n, static m, static k) {\n"
                            "  u' = u*sum(a)\n  w' = w\n}\nsolve f {\nspan 0 to 1\n";
  Problem p = load(field + "init u = [1, 2, 3], w = [[1, 2, 3], [4, 5, 6]]\nargs a = [7]\n}");
  EXPECT_EQ(p.field.state[1].shape, (Shape{2, 3}));
  EXPECT_EQ(p.field.arguments[0].shape, (Shape{1}));
  p = load(field + "init u = 0, w = [[1, 2]]\nargs a = [i for i in 0..4]\n}");
  EXPECT_EQ(p.field.state[0].shape, (Shape{2})) << "w shows n too";
  EXPECT_EQ(p.values.arguments, (Data{0, 1, 2, 3}));
}

TEST(Statics, InferredOnesServeOtherValues) {
  Problem p = load("field f(t; u[n], v[m]; static n, static m = 2*n) {\n  u' = u\n  v' = v\n}\n"
                   "solve f {\nspan 0 to n\ninit u = [1, 2], v = [n*i for i in 0..m]\n}");
  EXPECT_EQ(p.values.y0, (Data{1, 2, 0, 2, 4, 6}));
  EXPECT_EQ(p.values.t1, 2);
}

TEST(Statics, ShapesThatDisagreeAreErrors) {
  EXPECT_EQ(errorsOf("field f(t; u[n], v[n]; static n) {\n  u' = u\n  v' = v\n}\n"
                     "solve f {\nspan 0 to 1\ninit u = [1, 2], v = [1, 2, 3]\n}\n"),
            "7:22: expected the shape of 'v', [2], got [3]\n");
  EXPECT_EQ(errorsOf("field f(t; u[n]; static n = 3) {\n  u' = u\n}\n"
                     "solve f {\nspan 0 to 1\ninit u = [1, 2]\n}\n"),
            "6:10: expected the shape of 'u', [3], got [2]\n")
      << "a default goes before the shape of a value";
}

TEST(Statics, AreExpressionsOfIntegers) {
  Problem p =
      load("field f(t; u[2*n + 1], v[div(m, 2)]; static n = 2, static m = n^2 + 3) {\n"
           "  u' = u*n\n  v' = v\n}\nsolve f {\nspan 0 to 1\ninit u = 0, v = 0\nargs n = 1 + 2\n}");
  EXPECT_EQ(p.field.state[0].shape, (Shape{7}));
  EXPECT_EQ(p.field.state[1].shape, (Shape{6}));
  EXPECT_EQ(errorsOf("field f(t; u[n/2]; static n = 4) {\n  u' = u\n}\n"),
            "1:15: expected an integer, got a quotient of numbers; write div(a, b)\n");
  EXPECT_EQ(errorsOf("field f(t; u[n]; static n = m, static m = n) {\n  u' = u\n}\n"
                     "solve f {\nspan 0 to 1\ninit u = 1\n}\n")
                .find("1:25: static 'n' depends on a static without a value"),
            0u);
}

TEST(Values, OfAnOptionGoBeforeTheBlockBeforeTheDefault) {
  const std::string text =
      "field f(t; x[n]; a = 1, b = 1, c = 1; static n = 1) {\n  x' = a*b*c*x\n}\n"
      "solve f {\nspan 0 to 1\ninit x = 5\nargs b = 2, c = 2, n = 2\n}\n";
  Overrides o;
  o.set = {{"c", "3"}, {"n", "3"}};
  EXPECT_EQ(load(text).values.arguments, (Data{1, 2, 2}));
  EXPECT_EQ(load(text).values.y0, (Data{5, 5}));
  EXPECT_EQ(load(text, o).values.arguments, (Data{1, 2, 3}));
  EXPECT_EQ(load(text, o).values.y0, (Data{5, 5, 5}));
}

TEST(Solves, OfSeveralFieldsAreChosenByName) {
  const std::string text =
      "field a(t; x; k = 1) {\n  x' = -k*x\n}\nfield b(s; y[2]) {\n  y' = y\n}\n"
      "solve a {\nspan 0 to 1\ninit x = 1\n}\n"
      "solve b {\nspan 0 to 2\ninit y = 2\n}\n"
      "solve fast = a {\nspan 0 to 3\ninit x = 3\nargs k = 9\n}\n";
  EXPECT_EQ(errorsOf(text), "");
  Overrides o;
  auto chosen = [&](const char *name) {
    o.solve = name;
    return load(text, o);
  };
  EXPECT_EQ(chosen("a").values.y0, (Data{1}));
  EXPECT_EQ(chosen("b").values.y0, (Data{2, 2}));
  EXPECT_EQ(chosen("b").field.name, "b");
  EXPECT_EQ(chosen("fast").field.name, "a");
  EXPECT_EQ(chosen("fast").values.arguments, (Data{9}));
  EXPECT_EQ(errorsOf(text, Overrides{}),
            "several solves, choose one of 'a', 'b', 'fast' with --solve\n");
  EXPECT_EQ(errorsOf(text + "field a(t; z) {\n  z' = z\n}\n"),
            "20:7: field 'a' is defined twice\nnote 1:7: first defined here\n");
}

TEST(Functions, AreThoseOfTheDesign) {
  const double x = 0.375, y = -0.75;
  const std::pair<const char *, double> rows[] = {
      {"abs(y)", 0.75},
      {"sign(y)", -1},
      {"floor(y)", -1},
      {"ceil(x)", 1},
      {"sqrt(x)", std::sqrt(x)},
      {"exp(x)", std::exp(x)},
      {"log(x)", std::log(x)},
      {"sin(x)", std::sin(x)},
      {"cos(x)", std::cos(x)},
      {"tan(x)", std::tan(x)},
      {"asin(x)", std::asin(x)},
      {"acos(x)", std::acos(x)},
      {"atan(x)", std::atan(x)},
      {"sinh(x)", std::sinh(x)},
      {"cosh(x)", std::cosh(x)},
      {"tanh(x)", std::tanh(x)},
      {"erf(x)", std::erf(x)},
      {"min(x, y)", y},
      {"max(x, y)", x},
      {"atan2(x, y)", std::atan2(x, y)},
      {"pow(x, y)", std::pow(x, y)},
      {"hypot(x, y)", std::hypot(x, y)},
      {"pi", 3.141592653589793},
  };
  for (const auto &[text, expected] : rows) {
    FieldGraph graph = graphOf("t; x, y", std::string("x' = ") + text + "\ny' = y");
    ASSERT_EQ(graph.derivatives.size(), 2u) << text;
    double value = evaluate(graph, graph.derivatives[0], Point{0, {x, y}, {}}).data[0];
    EXPECT_NEAR(value, expected, 2e-15) << text;
  }
}
