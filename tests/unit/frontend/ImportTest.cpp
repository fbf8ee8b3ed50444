// Imports: what an importing file sees, which file is read, and where messages point.
// Every message is compared with the name of its file, because a line alone fits two files.
#include "FakeFiles.h"

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

const std::string decay = "field decay(t; x; k = 1) {\n  x' = -k*x\n}\n";
const std::string solve = "solve decay {\n  span 0 to 1\n  init x = 3\n}\n";

} // namespace

TEST(Import, FieldsAndPresetsOfTheFileAreUsable) {
  FakeFiles files = {{"main.deq", "import \"lib.deq\"\nsolve s = decay {\nspan 0 to 1\ninit x = 3\n"
                                  "preset quick\n}\n"},
                     {"lib.deq", decay + "preset quick {\n  method bosh3\n}\n"}};
  EXPECT_EQ(checkMain(files), "");
  Problem p = loadMain(files);
  EXPECT_EQ(p.signature.solve, "s");
  EXPECT_EQ(p.signature.field, "decay");
  EXPECT_EQ(p.signature.method, "bosh3");
  EXPECT_EQ(p.values.y0, (Data{3}));
  EXPECT_EQ(p.files, (std::vector<std::string>{"main.deq", "lib.deq"}));
}

TEST(Import, MayStandBehindItsUse) {
  FakeFiles files = {{"main.deq", solve + "import \"lib.deq\"\n"}, {"lib.deq", decay}};
  EXPECT_EQ(loadMain(files).signature.field, "decay");
}

TEST(Import, SolvesOfTheFileAreNotTaken) {
  // Not even read: the second one names no field.
  FakeFiles files = {{"main.deq", "import \"lib.deq\"\n" + solve},
                     {"lib.deq", decay + "solve decay {\n  span 0 to 9\n  init x = 9\n}\n"
                                         "solve gone {\n  span 2 to 1\n}\n"}};
  EXPECT_EQ(checkMain(files), "");
  EXPECT_EQ(loadMain(files).values.t1, 1);
  files.contents["main.deq"] = "import \"lib.deq\"\n";
  EXPECT_EQ(errorsOfMain(files), "no solve in this file, expected a block 'solve FIELD {..}'\n");
}

TEST(Import, PathsAreRelativeToTheFileThatNamesThem) {
  FakeFiles files = {{"main.deq", "import \"a/a.deq\"\n" + solve},
                     {"a/a.deq", "import \"b/b.deq\"\n"},
                     {"a/b/b.deq", "import \"../../top.deq\"\n"},
                     {"top.deq", decay}};
  EXPECT_EQ(errorsOfMain(files), "");
  EXPECT_EQ(files.reads["top.deq"], 1);
}

TEST(Import, TakesEachFileOnce) {
  FakeFiles diamond = {
      {"main.deq", "import \"a.deq\"\nimport \"lib/b.deq\"\nimport \"a.deq\"\n" + solve},
      {"a.deq", "import \"lib/c.deq\"\n"},
      {"lib/b.deq", "import \"c.deq\"\nimport \"../lib/./c.deq\"\n"},
      {"lib/c.deq", decay}};
  EXPECT_EQ(checkMain(diamond), "");
  EXPECT_EQ(diamond.reads["lib/c.deq"], 1);
  EXPECT_EQ(diamond.reads["a.deq"], 1);
}

TEST(Import, KnowsAFileByItsAbsolutePath) {
  std::string absolute = std::filesystem::absolute("lib.deq").string();
  std::string folder = std::filesystem::current_path().filename().string();
  FakeFiles files = {{"main.deq", "import \"lib.deq\"\nimport \"../" + folder +
                                      "/lib.deq\"\nimport \"" + absolute + "\"\n" + solve},
                     {"lib.deq", decay}};
  EXPECT_EQ(checkMain(files), "");
  files.contents["main.deq"] = decay + solve + "import \"../" + folder + "/main.deq\"\n";
  EXPECT_EQ(checkMain(files), "main.deq:8:8: '../" + folder + "/main.deq' imports itself\n");
}

TEST(Import, CyclesAreErrorsWhereTheyClose) {
  FakeFiles self = {{"main.deq", decay + solve + "import \"main.deq\"\n"}};
  EXPECT_EQ(errorsOfMain(self), "main.deq:8:8: 'main.deq' imports itself\n");
  FakeFiles ring = {{"main.deq", "import \"lib/a.deq\"\n" + decay + solve},
                    {"lib/a.deq", "# a\nimport \"b.deq\"\n"},
                    {"lib/b.deq", "\n\n  import \"../main.deq\"\n"}};
  EXPECT_EQ(errorsOfMain(ring), "lib/b.deq:3:10: '../main.deq' imports itself, by way of others\n");
  FakeFiles below = {{"main.deq", "import \"a.deq\"\n" + decay + solve},
                     {"a.deq", "import \"b.deq\"\n"},
                     {"b.deq", "import \"a.deq\"\n"}};
  EXPECT_EQ(errorsOfMain(below), "b.deq:1:8: 'a.deq' imports itself, by way of others\n");
}

TEST(Import, FilesThatCannotBeReadAreErrorsWhereTheyAreNamed) {
  FakeFiles files = {{"main.deq", decay + solve + "import \"lib/a.deq\"\nimport \"gone.deq\"\n"},
                     {"lib/a.deq", "import \"b.deq\"\n"}};
  const std::string expected = "main.deq:9:8: cannot read 'gone.deq': no such file\n"
                               "lib/a.deq:1:8: cannot read 'lib/b.deq': no such file\n";
  EXPECT_EQ(errorsOfMain(files), expected);
  EXPECT_EQ(checkMain(files), expected);
}

TEST(Import, WithoutFilesSaysSo) {
  EXPECT_EQ(errorsOf("import \"a.deq\"\n" + decay),
            "1:8: cannot read 'a.deq': files cannot be read here\n");
}

TEST(Import, NeedsANameInQuotesOnALineOfItsOwn) {
  EXPECT_EQ(errorsOf("import lib\n" + decay), "1:8: expected a file name in quotes, got 'lib'\n");
  EXPECT_EQ(errorsOf("import\n" + decay), "2:1: expected a file name in quotes, got 'field'\n");
  FakeFiles files = {{"main.deq", "import \"lib.deq\" 3\n" + solve}, {"lib.deq", decay}};
  EXPECT_EQ(errorsOfMain(files), "main.deq:1:18: expected the end of the line, got '3'\n");
}

TEST(Import, ErrorsOfAFileHaveItsNameAndLine) {
  FakeFiles files = {
      {"main.deq", "import \"lib/f.deq\"\nsolve f {\n  span 0 to 1\n  init x = 1, q = 2\n}\n"},
      {"lib/f.deq", "# a line more\nfield f(t; x; rho = 1) {\n  x' = rh*x + 2x\n}\n"
                    "field g(t; y) {\n  y' = z*rho\n}\npreset p {\n  method tsit6\n}\n"}};
  // Those of the file itself come first.
  EXPECT_EQ(checkMain(files), "main.deq:4:15: unknown name 'q', expected a state leaf\n"
                              "lib/f.deq:3:15: unexpected '2x'; a product is written '2*x'\n"
                              "lib/f.deq:6:8: unknown name 'z'\n"
                              "lib/f.deq:6:10: unknown name 'rho'\n"
                              "lib/f.deq:9:10: unknown method 'tsit6'; did you mean 'tsit5'?\n");
}

TEST(Import, QuotesTheLineOfTheImportedFile) {
  FakeFiles files = {{"main.deq", "import \"f.deq\"\n# two\n# three\n"},
                     {"f.deq", "field f(t; x) {\n  x' = 1 +\n    yy\n}\n"}};
  Diagnostics diagnostics;
  checkSource("main.deq", files.contents["main.deq"], diagnostics, &files);
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(to_string(diagnostics.all()[0]),
            "f.deq:3:5: error: unknown name 'yy' [unknown-name]\n    yy\n    ^\n");
}

TEST(Import, NotesOfShapesPointIntoTheFileOfTheField) {
  FakeFiles files = {{"main.deq", "import \"lib/f.deq\"\nsolve f {\n  span 0 to 1\n"
                                  "  init u = [1, 2], v = [1, 2, 3]\n}\n"},
                     {"lib/f.deq", "# a line more\nfield f(t; u[n], v[m]; static n, static m) {\n"
                                   "  u' = u + v\n  v' = v\n}\n"}};
  EXPECT_EQ(errorsOfMain(files), "lib/f.deq:3:10: expected equal shapes, got [2] and [3]\n"
                                 "note lib/f.deq:2:12: shape [2] comes from here\n"
                                 "note lib/f.deq:2:18: shape [3] comes from here\n");
}

TEST(Import, ValuesOfTheSolveAreJudgedWhereTheyStand) {
  FakeFiles files = {{"main.deq", "import \"f.deq\"\nsolve f {\n  span 0 to 1\n  init u = [1, 2]\n"
                                  "  args x = 1\n}\n"},
                     {"f.deq", "\nfield f(t; u[3], x; a) {\n  u' = a*u\n  x' = x\n}\n"}};
  EXPECT_EQ(errorsOfMain(files),
            "main.deq:2:7: no initial value for 'x'\nnote f.deq:2:18: declared here\n"
            "main.deq:2:7: no value for argument 'a'\nnote f.deq:2:21: declared here\n"
            "main.deq:4:12: expected the shape of 'u', [3], got [2]\n"
            "main.deq:5:8: expected an argument or a static, 'x' is a state leaf; its value "
            "belongs to 'init'\nnote f.deq:2:18: declared here\n");
}

TEST(Import, NamesOfTwoFilesClashAndShowBoth) {
  FakeFiles files = {{"main.deq", "import \"a.deq\"\nimport \"b.deq\"\n" + decay + solve},
                     {"a.deq", "\n" + decay + "preset p {\n  dtype f32\n}\n"},
                     {"b.deq", "\n\npreset p {\n  dtype f64\n}\n"}};
  EXPECT_EQ(checkMain(files), "a.deq:2:7: field 'decay' is defined twice\n"
                              "note main.deq:3:7: first defined here\n"
                              "b.deq:3:8: preset 'p' is defined twice\n"
                              "note a.deq:5:8: first defined here\n");
}

TEST(Import, ASolveMayHaveTheNameOfASolveOfTheFile) {
  FakeFiles files = {{"main.deq", "import \"a.deq\"\n" + solve}, {"a.deq", decay + solve}};
  EXPECT_EQ(checkMain(files), "");
}

TEST(Import, SuggestsNamesOfTheFile) {
  FakeFiles files = {{"main.deq", "import \"a.deq\"\nsolve decy {\nspan 0 to 1\n}\n"},
                     {"a.deq", decay}};
  EXPECT_EQ(errorsOfMain(files), "main.deq:2:7: unknown field 'decy'; did you mean 'decay'?\n");
}

TEST(Import, GoesOnAfterABrokenFile) {
  FakeFiles files = {{"main.deq", "import \"a.deq\"\nimport \"b.deq\"\n" + solve},
                     {"a.deq", "field g(t; y) {\n  y' = 2y\n"},
                     {"b.deq", decay}};
  EXPECT_EQ(errorsOfMain(files), "a.deq:2:8: unexpected '2y'; a product is written '2*y'\n"
                                 "a.deq:3:1: expected '}', got the end of the text\n");
}

TEST(Import, BoundsDepthAndNumber) {
  FakeFiles deep = {{"main.deq", "import \"0.deq\"\n" + decay + solve}};
  for (int i = 0; i < 60; ++i)
    deep.contents[fmt::format("{}.deq", i)] = fmt::format("import \"{}.deq\"\n", i + 1);
  EXPECT_EQ(errorsOfMain(deep),
            "49.deq:1:8: expected at most 1000 imported files, 50 levels deep\n");
}
