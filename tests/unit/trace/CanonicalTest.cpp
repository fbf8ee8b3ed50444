// The canonical form sees what a field computes and how, and nothing else.
#include "Support.h"

namespace deq::test {
namespace {

std::string lines(const std::string &body) { return "field f(t; x, y; a, b) {\n" + body + "}\n"; }

TEST(Canonical, namesFormattingAndOrderOfLinesDoNotMatter) {
  const std::string digest = digestOf(lines("x' = a*(y - x) + 2\ny' = x*y - b\n"));
  EXPECT_EQ(digestOf(lines("y' = x*y-b\n# a comment\nx' = a*(y - x) + 2\n")), digest);
  EXPECT_EQ(digestOf(lines("d = y - x\nx' = a*d + 3\ny' = x*y - b\n")), digest);
  EXPECT_EQ(digestOf("field g(s; u, v; p, q) {\n  u' = p*(v - u) + 2\n  v' = u*v - q\n}\n"),
            digest);
}

TEST(Canonical, whatIsWrittenTwiceIsOnce) {
  EXPECT_EQ(digestOf(lines("x' = (a + b)*(a + b)\ny' = y\n")),
            digestOf(lines("s = a + b\nx' = s*s\ny' = y\n")));
  // Two literals are two arguments, however equal they look.
  EXPECT_NE(digestOf(lines("x' = (a + 2)*(a + 2)\ny' = y\n")),
            digestOf(lines("s = a + 2\nx' = s*s\ny' = y\n")));
}

TEST(Canonical, structureMatters) {
  const std::string digest = digestOf(lines("x' = a + b\ny' = x^2\n"));
  for (const char *other :
       {"x' = b + a\ny' = x^2\n", "x' = a - b\ny' = x^2\n", "x' = a + b\ny' = x^3\n",
        "x' = x^2\ny' = a + b\n", "x' = a + b\ny' = y^2\n", "x' = a + t\ny' = x^2\n"})
    EXPECT_NE(digestOf(lines(other)), digest) << other;
  EXPECT_NE(digestOf("field f(t; x, y; a, b, c) {\n  x' = a + b\n  y' = x^2\n}\n"), digest);
}

TEST(Canonical, foldsAreTheirBodies) {
  auto digest = [](const std::string &value) {
    return digestOf(lines("x' = " + value + "\ny' = y\n"));
  };
  const std::string known = digest("fold(p = 0, p*a + b for i in 0..4)");
  EXPECT_EQ(digest("fold(next = 3, next*a + b for k in 0..4)"), known);
  for (const char *other :
       {"fold(p = 0, p*b + a for i in 0..4)", "fold(p = 0, p*a + b for i in 0..5)",
        "fold(p = 0, p*a + b for i in 1..4)", "fold(p = 0, p*a + b for i in 0..4 if i > 0)",
        "fold(p = a, p*a + b for i in 0..4)", "fold(p = 0, p*a + i for i in 0..4)",
        "fold(p = 0, a*p + b for i in 0..4)", "sum(a + b for i in 0..4)"})
    EXPECT_NE(digest(other), known) << other;
  // Which of two nested folds a value is of.
  EXPECT_NE(digest("fold(p = x, fold(q = y, q*p for j in 0..2) for i in 0..3)"),
            digest("fold(p = x, fold(q = y, q*q for j in 0..2) for i in 0..3)"));
}

TEST(Canonical, literalsAreNumberedByTheWalk) {
  const Problem problem = problemOfText(lines("y' = 5*y + 6\nx' = 7 - x\n"));
  const CanonicalGraph form = canonical(problem.field);
  std::vector<double> values;
  for (std::int64_t number : form.literals)
    values.push_back(problem.values.literals[number]);
  EXPECT_EQ(values, (std::vector<double>{7, 5, 6}));
  EXPECT_EQ(form.graph.literals[1].value, 5);
}

TEST(Canonical, canonicalFormsStayAsTheyAre) {
  const Problem problem =
      problemOfText("field f(t; q[3,2]; m[3]) {\n  q' = [sum(m[j]*(q[j] - q[i])^2 for j in 0..3 if "
                    "j != i) for i in 0..3]\n}\n");
  const CanonicalGraph once = canonical(problem.field), twice = canonical(once.graph);
  EXPECT_EQ(once.digest, twice.digest);
  ASSERT_EQ(once.graph.nodes.size(), twice.graph.nodes.size());
  for (std::size_t i = 0; i < once.graph.nodes.size(); ++i)
    EXPECT_EQ(once.graph.nodes[i].operands, twice.graph.nodes[i].operands);
  const Point point{0, {1, 2, 3, 4, 5, 7}, {1, 2, 3}};
  EXPECT_EQ(evaluate(problem.field, problem.field.derivatives[0], point).data,
            evaluate(once.graph, once.graph.derivatives[0], point).data);
}

} // namespace
} // namespace deq::test
