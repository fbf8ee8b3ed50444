// Values of files by name (--args): who wins, what they can be, and every error.
// Each value is told apart from the one that it replaces.
#include "FakeFiles.h"

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

const char *const text = "field f(t; x, u[n]; k = 1, a[2] = 2, b = 3; static n = 2) {\n"
                         "  x' = -k*x + b\n  u' = u*sum(a)\n}\n"
                         "solve f {\nspan 0 to 1\ninit x = 10, u = 20\nargs k = 30\n}\n";

FakeFiles files(const std::string &name, const std::string &content) {
  return {{"main.deq", text}, {name, content}};
}
Overrides with(std::vector<std::string> paths,
               std::vector<std::pair<std::string, std::string>> set = {}) {
  Overrides o;
  o.args = std::move(paths);
  o.set = std::move(set);
  return o;
}
Problem loaded(const std::string &json, const Overrides &overrides = with({"a.json"})) {
  FakeFiles fake = files("a.json", json);
  return loadMain(fake, overrides);
}
std::string errors(const std::string &name, const std::string &content) {
  FakeFiles fake = files(name, content);
  return errorsOfMain(fake, with({name}));
}

} // namespace

TEST(ArgsFile, GoesBeforeTheBlockAndTheDefaults) {
  Problem p = loaded("{\"k\": 7, \"a\": [8, 9], \"x\": 6}");
  EXPECT_EQ(p.values.y0, (Data{6, 20, 20}));
  EXPECT_EQ(p.values.arguments, (Data{7, 8, 9, 3})) << "b keeps its default";
}

TEST(ArgsFile, AnOptionGoesBeforeIt) {
  Problem p = loaded("{\"k\": 7, \"b\": 8, \"x\": 6}", with({"a.json"}, {{"k", "5"}, {"x", "4"}}));
  EXPECT_EQ(p.values.y0, (Data{4, 20, 20}));
  EXPECT_EQ(p.values.arguments, (Data{5, 2, 2, 8}));
}

TEST(ArgsFile, OfSeveralTheLastOneCounts) {
  FakeFiles fake = {{"main.deq", text}, {"a.json", "{\"k\": 7, \"b\": 8}"}, {"b.csv", "b\n9\n"}};
  EXPECT_EQ(loadMain(fake, with({"a.json", "b.csv"})).values.arguments, (Data{7, 2, 2, 9}));
  EXPECT_EQ(loadMain(fake, with({"b.csv", "a.json"})).values.arguments, (Data{7, 2, 2, 8}));
}

TEST(ArgsFile, GivesStaticsLeavesAndArrays) {
  Problem p = loaded("{\"n\": 3, \"u\": [1, 2, 3]}");
  EXPECT_EQ(p.field.state[1].shape, (Shape{3}));
  EXPECT_EQ(p.values.y0, (Data{10, 1, 2, 3}));
  p = loaded("{\"n\": 4}");
  EXPECT_EQ(p.values.y0, (Data{10, 20, 20, 20, 20}));
  p = loaded("{\"u\": 5}");
  EXPECT_EQ(p.values.y0, (Data{10, 5, 5})) << "a scalar fills";
}

TEST(ArgsFile, ShowsStaticsByItsShapes) {
  FakeFiles fake = {{"main.deq",
                     "field f(t; u[n,m]; a[m]; static n, static m) {\n  u' = u*sum(a)\n}\n"
                     "solve f {\nspan 0 to 1\n}\n"},
                    {"a.json", "{\"u\": [[1, 2, 3], [4, 5, 6]], \"a\": [7, 8, 9]}"}};
  Problem p = loadMain(fake, with({"a.json"}));
  EXPECT_EQ(p.field.state[0].shape, (Shape{2, 3}));
  EXPECT_EQ(p.values.y0, (Data{1, 2, 3, 4, 5, 6}));
}

TEST(ArgsFile, GivesWhatTheBlockLacks) {
  FakeFiles fake = {{"main.deq", "field f(t; x; k) {\n  x' = k*x\n}\nsolve f {\nspan 0 to 1\n}\n"},
                    {"a.json", "{\"x\": 1, \"k\": 2}"}};
  EXPECT_EQ(loadMain(fake, with({"a.json"})).values.y0, (Data{1}));
}

TEST(ArgsFile, OfCommaSeparatedValuesHasAColumnPerName) {
  FakeFiles fake = files("a.csv", "k,x\n7,6\n");
  Problem p = loadMain(fake, with({"a.csv"}));
  EXPECT_EQ(p.values.y0, (Data{6, 20, 20}));
  EXPECT_EQ(p.values.arguments[0], 7);
  fake = files("a.csv", "u,a\n1,3\n2,4\n");
  p = loadMain(fake, with({"a.csv"}));
  EXPECT_EQ(p.values.y0, (Data{10, 1, 2}));
  EXPECT_EQ(p.values.arguments, (Data{30, 3, 4, 3}));
}

TEST(ArgsFile, TakesNumbersThatJsonCannotWriteForArguments) {
  EXPECT_EQ(loaded("{\"b\": \"-inf\"}").values.arguments[3], -INFINITY);
  EXPECT_EQ(errors("a.json", "{\"x\": \"nan\"}"),
            "--args a.json: expected finite initial values of 'x', got nan\n");
}

TEST(ArgsFile, ReportsEveryNameThatItCannotGive) {
  EXPECT_EQ(errors("a.json", "{\"kk\": 1, \"t\": 2, \"q\": 3}"),
            "--args a.json: unknown name 'kk'; did you mean 'k'?\n"
            "--args a.json: expected a state leaf, an argument or a static, 't' is the time\n"
            "--args a.json: unknown name 'q'\n");
}

TEST(ArgsFile, ReportsValuesThatDoNotFit) {
  EXPECT_EQ(errors("a.json", "{\"u\": [1, 2, 3]}"),
            "--args a.json: expected the shape of 'u', [2], got [3]\n");
  EXPECT_EQ(errors("a.json", "{\"n\": 2.5}"), "--args a.json: 'n': expected an integer, got 2.5\n");
  EXPECT_EQ(errors("a.json", "{\"n\": [2]}"),
            "--args a.json: 'n': expected an integer, got an array of shape [1]\n");
  EXPECT_EQ(errors("a.json", "{\"n\": 0}"),
            "main.deq:1:17: expected an extent of at least 1, got 0\n");
}

TEST(ArgsFile, ReportsDamageWithItsPlace) {
  // What each reader says is tested with it.
  for (const char *content : {"[1]", "3", "{\"k\": \"x\"}", "{\"k\": null}", "{\"k\": {\"a\": 1}}",
                              "{\"k\": []}", "{\"k\": 1, \"k\": 2}", "{\"k\":\n 1,", ""}) {
    std::string found = errors("a.json", content);
    EXPECT_EQ(found.find("--args a.json: in 'a.json': "), 0u) << found;
    EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << found;
  }
  EXPECT_EQ(errors("a.csv", "k,x\n1\n"),
            "--args a.csv: in 'a.csv': line 2, column 2: expected 2 cells in the row, got 1\n");
  EXPECT_EQ(errors("a.txt", "k,x\n1,2\n"),
            "--args a.txt: in 'a.txt': expected a file that ends in .csv, .npy, got 'a.txt'\n");
}

TEST(ArgsFile, ThatCannotBeReadIsNamed) {
  FakeFiles fake = {{"main.deq", text}};
  EXPECT_EQ(errorsOfMain(fake, with({"no.json"})),
            "--args no.json: cannot read 'no.json': no such file\n");
}

TEST(ArgsFile, SetsValuesOfACompiledSolve) {
  FakeFiles fake = files("a.json", "{\"k\": 7, \"u\": [8, 9]}");
  Problem p = loadMain(fake);
  Diagnostics diagnostics;
  Values values = p.values;
  EXPECT_TRUE(
      applyOverrides(p.signature, with({"a.json"}, {{"k", "5"}}), values, diagnostics, &fake));
  EXPECT_EQ(values.y0, (Data{10, 8, 9}));
  EXPECT_EQ(values.arguments, (Data{5, 2, 2, 3}));
  fake.contents["a.json"] = "{\"n\": 3, \"u\": [1, 2, 3]}";
  EXPECT_FALSE(applyOverrides(p.signature, with({"a.json"}), values, diagnostics, &fake));
  EXPECT_EQ(summary(diagnostics), "--args a.json: unknown name 'n'\n"
                                  "--args a.json: expected the shape of 'u', [2], got [3]\n");
}
