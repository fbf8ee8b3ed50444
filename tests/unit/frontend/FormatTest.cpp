// The canonical layout: each of its rules, and that it is one layout for all ways to write a text.
#include "Support.h"

#include "compiler/Frontend/Format.h"

#include <filesystem>
#include <fstream>
#include <random>

namespace deq::test {
namespace {

std::string formatted(const std::string &text) {
  Diagnostics diagnostics;
  auto result = formatSource("test.deq", text, diagnostics);
  EXPECT_EQ(summary(diagnostics), "") << text;
  return result.value_or("");
}

/// The body of a field, formatted.
std::string body(const std::string &text) {
  const std::string head = "field f(t; x) {\n";
  std::string result = formatted(head + text + "\n}\n");
  EXPECT_TRUE(result.starts_with(head) && result.ends_with("}\n")) << result;
  return result.substr(head.size(), result.size() - head.size() - 2);
}

std::string block(const std::string &text) {
  const std::string head = "solve f {\n";
  std::string result = formatted(head + text + "\n}\n");
  EXPECT_TRUE(result.starts_with(head) && result.ends_with("}\n")) << result;
  return result.substr(head.size(), result.size() - head.size() - 2);
}

TEST(Format, SumsAreWideProductsAndPowersTight) {
  EXPECT_EQ(body("x'=a*x+b /c-d ^2"), "  x' = a*x + b/c - d^2\n");
  EXPECT_EQ(body("x' = w@y"), "  x' = w @ y\n");
  EXPECT_EQ(body("x' = -x*-y^-2 + (- a)"), "  x' = -x*-y^-2 + (-a)\n");
  EXPECT_EQ(body("x' = if x<1 and not (y>=2)then-x else y"),
            "  x' = if x < 1 and not (y >= 2) then -x else y\n");
}

TEST(Format, CallsAndIndicesAreTight) {
  EXPECT_EQ(body("x' = max ( x ,1 )*u [ i+1 ,2 ]"), "  x' = max(x, 1)*u[i + 1,2]\n");
  EXPECT_EQ(body("x' = roll(u,1,axis=0)"), "  x' = roll(u, 1, axis = 0)\n");
  EXPECT_EQ(body("f( a,b )=a*x'"), "  f(a, b) = a*x'\n");
}

TEST(Format, RangesAreTight) {
  EXPECT_EQ(body("x' = u[1 .. n - 1]"), "  x' = u[1..n-1]\n");
  EXPECT_EQ(body("x' = [u[i-1]-2 for i in 0 .. n-1 if i!=j+1]"),
            "  x' = [u[i - 1] - 2 for i in 0..n-1 if i != j + 1]\n");
  EXPECT_EQ(body("x'=fold( p=- x,p*x+c[i]for i in 0 .. n if i!=1)"),
            "  x' = fold(p = -x, p*x + c[i] for i in 0..n if i != 1)\n");
}

TEST(Format, ValuesOfClausesStandInOneColumn) {
  EXPECT_EQ(
      block("span 0 to 1\ninit x=1\ncontrol pid(rtol=1e-3,atol={x:1e-6 , y:-1})\nsave start"),
      "  span    0 to 1\n  init    x = 1\n  control pid(rtol = 1e-3, atol = {x: 1e-6, y: -1})\n"
      "  save    start\n");
}

TEST(Format, LinesStayWhereTheyAreBroken) {
  EXPECT_EQ(body("x' = a +\nb*(c +\nd\n)"), "  x' = a +\n    b*(c +\n    d\n  )\n");
  EXPECT_EQ(block("init x = 1,\ny = 2\nmax_steps 5"),
            "  init      x = 1,\n            y = 2\n  max_steps 5\n");
  EXPECT_EQ(body("x' = if a > 1\nthen 2\nelse 3"), "  x' = if a > 1\n    then 2\n    else 3\n");
}

TEST(Format, BlocksOpenAndCloseOnLinesOfTheirOwn) {
  EXPECT_EQ(formatted("field f(t; x) { x' = x }  # decay\nsolve f{span 0 to 1}"),
            "field f(t; x) {\n  x' = x\n}  # decay\n\nsolve f {\n  span 0 to 1\n}\n");
}

TEST(Format, ATableauInsideOfASolveIsABlockOfItsOwn) {
  const std::string text =
      "  span   0 to 1\n  method {\n    order = 1\n    c = [0]\n    b = [1]\n  }\n"
      "  save   end\n";
  EXPECT_EQ(block(text), text);
  EXPECT_EQ(block("span 0 to 1\nmethod { order = 1\nc=[0]\n b = [1] }\nsave end"), text);
}

TEST(Format, MethodsInBracketsAreTight) {
  EXPECT_EQ(block("method half( rk4 )"), "  method half(rk4)\n");
}

TEST(Format, BlankLinesAreOneAtMost) {
  EXPECT_EQ(
      formatted("\n\n# About.\n\n\nfield f(t; x) {\n\n\n  y = x\n\n\n\n  x' = y\n\n}\n\n\n\n"),
      "# About.\n\nfield f(t; x) {\n  y = x\n\n  x' = y\n}\n");
}

TEST(Format, CommentsStayAndTrailingOnesAlign) {
  EXPECT_EQ(formatted("field f(t; x) {# head\n# alone   \ny = x # short\nx' = y*y# long\n\n"
                      "# before the end\n}# end\n#last"),
            "field f(t; x) {  # head\n  # alone\n  y = x     # short\n  x' = y*y  # long\n\n"
            "  # before the end\n}  # end\n\n#last\n");
}

TEST(Format, StringsAndFilesKeepTheirText) {
  EXPECT_EQ(formatted("import \"a  b.deq\""), "import \"a  b.deq\"\n");
  EXPECT_EQ(block("args w=file(\"w #1.npy\")"), "  args w = file(\"w #1.npy\")\n");
}

TEST(Format, WordsOfClausesAreNoNames) {
  EXPECT_EQ(block("save at[1,2] :x\nsave at=at[1,2]:x , y\nsave end=end"),
            "  save at [1, 2]: x\n  save at = at [1, 2]: x, y\n  save end = end\n");
  EXPECT_EQ(block("save at[1,2]\ndt -1\njump_at [ 0 ]\nspan -1 to -0.5"),
            "  save    at [1, 2]\n  dt      -1\n  jump_at [0]\n  span    -1 to -0.5\n");
  EXPECT_EQ(block("stop when x<-1"), "  stop when x < -1\n");
}

TEST(Format, ATextWithErrorsIsRefused) {
  Diagnostics diagnostics;
  EXPECT_FALSE(formatSource("test.deq", "field f(t; x) {\n  x' = 2x\n}\n", diagnostics));
  EXPECT_EQ(summary(diagnostics), "2:8: unexpected '2x'; a product is written '2*x'\n");
}

std::string read(const std::filesystem::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Other blanks, blank lines and line ends around the same tokens and comments.
std::string mangled(const std::string &text, std::mt19937 &random) {
  Diagnostics none;
  auto pick = [&](int n) { return static_cast<int>(random() % n); };
  std::vector<Token> tokens = tokenize(text, none);
  std::vector<std::size_t> lineStarts = {0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      lineStarts.push_back(i + 1);
  std::string result;
  std::size_t done = 0;
  for (const Token &token : tokens) {
    if (token.kind == TokenKind::end)
      break;
    std::size_t start = lineStarts[token.at.line - 1] + token.at.column - 1;
    result += text.substr(done, start - done); // with the comments between
    done = start;
    if (!token.is("'")) // x ' is no derivative
      result += std::string(pick(3), pick(4) ? ' ' : '\t');
  }
  result += text.substr(done);
  std::string lines;
  for (char c : result) {
    if (c == '\n' && pick(4) == 0)
      lines += "  \t";
    if (c == '\n' && pick(3) == 0)
      lines += '\r';
    lines += c;
    bool blank = lines.size() > 1 && c == '\n' && lines[lines.size() - 2] == '\n';
    if (blank)
      lines += std::string(pick(3), '\n');
  }
  return lines;
}

TEST(Format, AnyBlanksGiveTheOneLayoutOfAnExample) {
  std::mt19937 random(7);
  int files = 0;
  for (const auto &entry : std::filesystem::directory_iterator(DEQ_EXAMPLES)) {
    if (entry.path().extension() != ".deq")
      continue;
    ++files;
    const std::string text = read(entry.path());
    EXPECT_EQ(formatted(text), text) << entry.path();
    for (int i = 0; i < 50; ++i)
      EXPECT_EQ(formatted(mangled(text, random)), text) << entry.path();
  }
  EXPECT_GE(files, 10);
}

} // namespace
} // namespace deq::test
