// Lexer and parser: tokens with their places, precedence, where statements end, recovery and
// limits. Trees are compared as bracketed text, so that a wrong precedence shows as a wrong
// bracket.
#include "Support.h"

using namespace deq;
using namespace deq::test;

namespace {

std::string tree(const Expr &e) {
  std::vector<std::string> parts;
  for (const ExprPtr &part : e.parts)
    parts.push_back(tree(*part));
  switch (e.form) {
  case Form::number:
    return fmt::format("{}", e.number);
  case Form::name:
    return e.name;
  case Form::derivative:
    return e.name + "'";
  case Form::string:
    return "\"" + e.name + "\"";
  case Form::negate:
    return "(-" + parts[0] + ")";
  case Form::negation:
    return "(not " + parts[0] + ")";
  case Form::power:
    return "(" + parts[0] + "^" + parts[1] + ")";
  case Form::conditional:
    return fmt::format("(if {} {} {})", parts[0], parts[1], parts[2]);
  case Form::call:
    return fmt::format("{}({})", e.name, fmt::join(parts, " "));
  case Form::list:
    return fmt::format("[{}]", fmt::join(parts, " "));
  case Form::comprehension:
  case Form::sum:
    return fmt::format("{}<{} {}>", e.form == Form::sum ? "sum" : "all", e.name,
                       fmt::join(parts, " "));
  case Form::fold:
    return fmt::format("fold<{} {} {}>", e.labels[0].text, e.name, fmt::join(parts, " "));
  case Form::subscript: {
    std::string result = parts[0] + "[";
    for (const Subscript &entry : e.subscripts)
      result +=
          (entry.stop ? tree(*entry.index) + ".." + tree(*entry.stop) : tree(*entry.index)) + " ";
    result.back() = ']';
    return result;
  }
  default: {
    std::string result = "(" + parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i)
      result += e.links[i - 1].text + parts[i];
    return result + ")";
  }
  }
}

std::string parse(const std::string &text) {
  Diagnostics diagnostics;
  ExprPtr e = Parser(text, diagnostics).parseOnlyExpression();
  return e ? tree(*e) : "error: " + summary(diagnostics);
}

std::string nested(int levels, const std::string &open, const std::string &core,
                   const std::string &close) {
  std::string result;
  for (int i = 0; i < levels; ++i)
    result += open;
  result += core;
  for (int i = 0; i < levels; ++i)
    result += close;
  return result;
}

} // namespace

TEST(Lexer, PlacesTokensAndMarksLines) {
  Diagnostics diagnostics;
  auto tokens = tokenize("ab 1.5e-3 # c\n  ..<=", diagnostics);
  ASSERT_EQ(tokens.size(), 5u);
  EXPECT_EQ(tokens[0].text, "ab");
  EXPECT_TRUE(tokens[0].newline);
  EXPECT_EQ(tokens[1].number, 1.5e-3);
  EXPECT_FALSE(tokens[1].integer);
  EXPECT_FALSE(tokens[1].newline);
  EXPECT_EQ(tokens[2].text, "..");
  EXPECT_EQ(tokens[2].at.line, 2);
  EXPECT_EQ(tokens[2].at.column, 3);
  EXPECT_TRUE(tokens[2].newline);
  EXPECT_EQ(tokens[3].text, "<=");
  EXPECT_EQ(tokens[4].kind, TokenKind::end);
}

TEST(Lexer, RangeOfIntegersIsNoDecimalPoint) {
  Diagnostics diagnostics;
  auto tokens = tokenize("0..7", diagnostics);
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_TRUE(tokens[0].integer);
  EXPECT_EQ(tokens[1].text, "..");
  EXPECT_EQ(tokens[2].number, 7);
}

TEST(Lexer, ReportsBytesThatBeginNothing) {
  Diagnostics diagnostics;
  tokenize(std::string_view("a\0\0b $ \xff # \0\n\xc2\xb5", 15), diagnostics);
  EXPECT_EQ(summary(diagnostics), "1:2: unexpected character '\\x00'\n"
                                  "1:6: unexpected character '$'\n"
                                  "1:8: unexpected character '\\xff'\n"
                                  "1:12: unexpected character '\\x00'\n"
                                  "2:1: unexpected character '\xc2\xb5'\n");
}

TEST(Lexer, SkipsByteOrderMarkAndCarriageReturns) {
  Diagnostics diagnostics;
  auto tokens = tokenize("\xef\xbb\xbf"
                         "a\r\nb",
                         diagnostics);
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[0].at.column, 1);
  EXPECT_EQ(tokens[1].at.line, 2);
  EXPECT_FALSE(diagnostics.failed());
}

TEST(Parser, Precedence) {
  EXPECT_EQ(parse("-x^2"), "(-(x^2))");
  EXPECT_EQ(parse("x^2^3"), "(x^(2^3))");
  EXPECT_EQ(parse("x^-2*y"), "((x^(-2))*y)");
  EXPECT_EQ(parse("-a*b"), "((-a)*b)");
  EXPECT_EQ(parse("a - b - c + d"), "(a-b-c+d)");
  EXPECT_EQ(parse("a*b/c@d + e"), "((a*b/c@d)+e)");
  EXPECT_EQ(parse("a + b < c*d"), "((a+b)<(c*d))");
  EXPECT_EQ(parse("not a < b and c > d or e == f"), "(((not (a<b))and(c>d))or(e==f))");
  EXPECT_EQ(parse("if a < b then c else if d != e then f else g + 1"),
            "(if (a<b) c (if (d!=e) f (g+1)))");
  EXPECT_EQ(parse("(a + b)*c"), "((a+b)*c)");
  EXPECT_EQ(parse("-(-2)"), "(-(-2))");
}

TEST(Parser, ArraysAndCalls) {
  EXPECT_EQ(parse("[1, [2, 3]]"), "[1 [2 3]]");
  EXPECT_EQ(parse("q[i][j + 1]"), "q[i (j+1)]");
  EXPECT_EQ(parse("u[1..n - 1][0]"), "u[1..(n-1)][0]");
  EXPECT_EQ(parse("q[0, 1..3]"), "q[0 1..3]");
  EXPECT_EQ(parse("[i^2 for i in 0..n if i != 3 and i < 5]"), "all<i (i^2) 0 n ((i!=3)and(i<5))>");
  EXPECT_EQ(parse("[sum(a[i, j] for j in 0..i + 1) for i in 0..2]"),
            "all<i sum<j a[i j] 0 (i+1)> 0 2>");
  EXPECT_EQ(parse("fold(p = 0, p*x + c[i] for i in 0..n if i > 1)"),
            "fold<p i ((p*x)+c[i]) 0 n 0 (i>1)>");
  EXPECT_EQ(parse("fold(v = sum(q = 1), v for i in 0..2)"), "fold<v i v 0 2 sum(1)>");
  EXPECT_EQ(parse("sum(a) + shift(w, -1, 0, axis = 1)"), "(sum(a)+shift(w (-1) 0 1))");
  EXPECT_EQ(parse("file(\"w.npy\")"), "file(\"w.npy\")");
  EXPECT_EQ(parse("x' + f(x')"), "(x'+f(x'))");
}

TEST(Parser, NewlinesEndStatementsOnlyWhereTheyCan) {
  FieldGraph graph = graphOf("t; x; a", "  b = a +\n    x*\n    2\n  c = (a\n    - x)\n"
                                        "  x' =\n    if x > 0\n    then b\n    else c");
  EXPECT_EQ(show(graph, graph.derivatives[0]),
            "select(gt(x, #1:0), add(a, mul(x, #0:2)), sub(a, x))");
}

TEST(Parser, WordsOfSolvesAreNotReserved) {
  EXPECT_EQ(derivative("span; init, save; to, dt, method, field, solve, auto",
                       "init' = to*dt\nsave' = method + field*solve - auto"),
            "mul(to, dt)");
}

TEST(Parser, LimitsNesting) {
  EXPECT_EQ(parse(nested(190, "(", "x", ")")), "x");
  const char *message = "expected at most 200 levels of nesting\n";
  for (const std::string &text :
       {nested(100000, "(", "x", ")"), nested(100000, "-", "x", ""), nested(100000, "[", "x", "]"),
        nested(100000, "not ", "x", ""), nested(100000, "x^", "x", ""),
        nested(100000, "sin(", "x", ")"), nested(100000, "if ", "x", ""),
        nested(100000, "", "x", "[0..1]")})
    EXPECT_NE(parse(text).find(message), std::string::npos) << text.substr(0, 20);
}

TEST(Parser, LongChainsAreNoNesting) {
  std::string sum = "x";
  for (int i = 0; i < 50000; ++i)
    sum += i % 2 ? " - x*x" : " + x";
  FieldGraph graph = graphOf("t; x", "  x' = " + sum);
  ASSERT_EQ(graph.derivatives.size(), 1u);
  EXPECT_EQ(graph.nodes.size(), 2u + 50000u + 25000u);
}

TEST(Parser, GoesOnAfterEachStatementInError) {
  EXPECT_EQ(errorsOf("field f(t; x, y) {\n  x' = 2x\n  a = (1 +\n  y' = a + b\n}\n"
                     "field g(t; z) {\n  z' = z**2\n}\n"),
            "2:8: unexpected '2x'; a product is written '2*x'\n"
            "4:6: expected ')', got '='\n"
            "4:12: unknown name 'b'\n"
            "7:9: unexpected '**'; a power is written '^'\n");
}

TEST(Parser, FindsTheNextFieldAfterAMissingBrace) {
  EXPECT_EQ(errorsOf("field f(t; x) {\n  x' = 1\nfield g(t; z) {\n  z' = a\n}\n"),
            "3:1: expected '}', got 'field'\n4:8: unknown name 'a'\n");
}

TEST(Parser, BoundsTheNumberOfErrors) {
  std::string text = "field f(t; x) {\n";
  for (int i = 0; i < 5000; ++i)
    text += "  a" + std::to_string(i) + " = 2x\n";
  Diagnostics diagnostics;
  checkSource("test.deq", text, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), 201u);
  EXPECT_EQ(diagnostics.all().back().text, "too many errors; the rest are not shown");
}

TEST(Diagnostics, PrintWithLineCaretAndNotes) {
  Diagnostics diagnostics;
  diagnostics.setSource("lorenz.deq", "field f(t; x) {\n\tx' = \xc2\xb5 + rh\n}");
  Diagnostic &error = diagnostics.report(Id::unknown_name, {2, 12}, "unknown name 'rh'");
  diagnostics.note(error, {1, 12}, "declared here");
  EXPECT_EQ(to_string(diagnostics.all()[0]),
            "lorenz.deq:2:12: error: unknown name 'rh' [unknown-name]\n"
            "\tx' = \xc2\xb5 + rh\n"
            "\t         ^\n"
            "lorenz.deq:1:12: note: declared here\n"
            "field f(t; x) {\n"
            "           ^\n");
  diagnostics.report(Id::unknown_option, {}, "--set x: what");
  EXPECT_EQ(to_string(diagnostics.all()[1]), "lorenz.deq: error: --set x: what [unknown-option]\n");
  EXPECT_EQ(to_string(Diagnostic{Severity::warning, "", {}, "w", "", {}}), "warning: w\n");
  EXPECT_STREQ(Error(diagnostics.all()).what(),
               (to_string(diagnostics.all()[0]) + to_string(diagnostics.all()[1])).c_str());
}
