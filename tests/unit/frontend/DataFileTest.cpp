// Data in values: arrays of .npy, .csv and .json files in init, args and --set, and where their
// paths begin. Contents are chosen so that a transposed or shifted array is another value.
#include "FakeFiles.h"

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

/// A linear system whose d is given by the values alone; its clauses begin on line 6.
std::string source(const std::string &clauses) {
  return "field lin(t; y[d]; w[d,d]; static d) {\n  y' = w @ y\n}\nsolve lin {\nspan 0 to 1\n" +
         clauses + "\n}\n";
}
FakeFiles filesOf(const std::string &clauses) {
  return {{"main.deq", source(clauses)},
          {"w.npy", npy("(2, 2)", {1, 2, 3, 4})},
          {"v.npy", npy("(3,)", {5, 6, 7})},
          {"y.json", "[10, 20]"},
          {"s.json", "2.5"},
          {"t.csv", "a,b\n1,2\n3,4\n5,6\n"},
          {"c.csv", "7\n8\n"}};
}
Problem loaded(const std::string &clauses, const Overrides &overrides = {}) {
  FakeFiles files = filesOf(clauses);
  return loadMain(files, overrides);
}
std::string errors(const std::string &clauses, const Overrides &overrides = {}) {
  FakeFiles files = filesOf(clauses);
  return errorsOfMain(files, overrides);
}

} // namespace

TEST(DataFile, GivesArraysAndTheirExtents) {
  Problem p = loaded("init y = file(\"y.json\")\nargs w = file(\"w.npy\")");
  EXPECT_EQ(p.field.state[0].shape, (Shape{2}));
  EXPECT_EQ(p.values.y0, (Data{10, 20}));
  EXPECT_EQ(p.values.arguments, (Data{1, 2, 3, 4}));
}

TEST(DataFile, OfAnArgumentAloneShowsTheStatic) {
  Problem p = loaded("init y = 1\nargs w = 0.5*file(\"w.npy\")");
  EXPECT_EQ(p.values.y0, (Data{1, 1}));
  EXPECT_EQ(p.values.arguments, (Data{0.5, 1, 1.5, 2}));
  EXPECT_EQ(loaded("init y = file(\"v.npy\")\nargs w = 0").field.state[0].shape, (Shape{3}));
}

TEST(DataFile, ReadsTablesAsRowsAndAColumnAsAVector) {
  EXPECT_EQ(loaded("init y = 1\nargs w = file(\"t.csv\")[1..3]").values.arguments,
            (Data{3, 4, 5, 6}));
  EXPECT_EQ(loaded("init y = file(\"c.csv\")\nargs w = 0").values.y0, (Data{7, 8}));
}

TEST(DataFile, IsAValueLikeAnyOther) {
  EXPECT_EQ(loaded("init y = file(\"t.csv\")[1..3, 1]\nargs w = 0").values.y0, (Data{4, 6}));
  EXPECT_EQ(loaded("init y = -file(\"y.json\") + 1\nargs w = 0").values.y0, (Data{-9, -19}));
  EXPECT_EQ(loaded("init y = file(\"w.npy\") @ file(\"y.json\")\nargs w = 0").values.y0,
            (Data{50, 110}));
  EXPECT_EQ(loaded("init y = [file(\"y.json\")[1 - i] for i in 0..2]\nargs w = 0").values.y0,
            (Data{20, 10}));
  EXPECT_EQ(loaded("init y = [sum(file(\"v.npy\")), file(\"s.json\")]\nargs w = 0").values.y0,
            (Data{18, 2.5}));
  EXPECT_EQ(loaded("init y = if file(\"y.json\") > 15 then 1 else 0\nargs w = 0").values.y0,
            (Data{0, 1}));
  EXPECT_EQ(loaded("init y = file(\"v.npy\")[0..d]\nargs w = 0, d = 2").values.y0, (Data{5, 6}));
}

TEST(DataFile, GivesNumbersOfOtherClauses) {
  Problem p = loaded("init y = 1\nargs w = 0, d = 1\nmax_steps file(\"y.json\")[1]\n"
                     "save at file(\"y.json\")/20\nstep_at file(\"y.json\")");
  EXPECT_EQ(p.values.max_steps, 20);
  EXPECT_EQ(p.values.save.times, (Data{0.5, 1}));
  EXPECT_EQ(p.values.step_at, (Data{10, 20}));
}

TEST(DataFile, IsReadOnceHoweverOftenItIsNamed) {
  FakeFiles files =
      filesOf("init y = file(\"y.json\") + file(\"y.json\")\nargs w = file(\"y.json\")[0]");
  EXPECT_EQ(loadMain(files).values.y0, (Data{20, 40}));
  EXPECT_EQ(files.reads["y.json"], 1);
}

TEST(DataFile, PathsBeginAtTheSourceButAtTheWorkingFolderInOptions) {
  const std::string text = source("init y = file(\"y.json\")\nargs w = 0");
  FakeFiles files = {{"lib/main.deq", text}, {"lib/y.json", "[1, 2]"}, {"y.json", "[3, 4]"}};
  auto y0 = [&](const Overrides &overrides) {
    Diagnostics diagnostics;
    auto problem = loadProblem("lib/main.deq", text, overrides, diagnostics, &files);
    EXPECT_EQ(fullSummary(diagnostics), "");
    return problem ? problem->values.y0 : Data{};
  };
  EXPECT_EQ(y0({}), (Data{1, 2}));
  Overrides o;
  o.set = {{"y", "file(\"y.json\")"}};
  EXPECT_EQ(y0(o), (Data{3, 4}));
}

TEST(DataFile, OfAnImportedPresetIsBesideThatFile) {
  FakeFiles files = {
      {"main.deq", "import \"lib/p.deq\"\n" + source("init y = 1\nargs w = 0, d = 1\npreset p")},
      {"lib/p.deq", "preset p {\n  save at file(\"times.json\")\n}\n"},
      {"lib/times.json", "[0.25, 0.5]"}};
  EXPECT_EQ(loadMain(files).values.save.times, (Data{0.25, 0.5}));
  EXPECT_EQ(checkMain(files), "");
  files.contents.erase("lib/times.json");
  EXPECT_EQ(errorsOfMain(files), "lib/p.deq:2:16: cannot read 'lib/times.json': no such file\n");
}

TEST(DataFile, ErrorsPointAtTheNameOfTheFile) {
  EXPECT_EQ(errors("init y = 2*file(\"no.npy\")\nargs w = file(\"no.csv\")"),
            "main.deq:6:17: cannot read 'no.npy': no such file\n"
            "main.deq:7:15: cannot read 'no.csv': no such file\n");
  EXPECT_EQ(errors("init y = file(\"y.txt\")\nargs w = 0"),
            "main.deq:6:15: cannot read 'y.txt': no such file\n");
  FakeFiles files = filesOf("init y = file(\"a.json\")\nargs w = file(\"b.csv\")");
  auto with = [&](const std::string &json, const std::string &csv) {
    files.contents["a.json"] = json;
    files.contents["b.csv"] = csv;
    return errorsOfMain(files);
  };
  EXPECT_EQ(with("[1, [2]]", "1,2\n3,4\n5\n"),
            "main.deq:6:15: in 'a.json': 1:5: expected a number as before it, got an array\n"
            "main.deq:7:15: in 'b.csv': line 3, column 2: expected 2 cells in the row, got 1\n");
  EXPECT_EQ(
      with("{\"a\": 1}", "a,b\n1,x\n"),
      "main.deq:6:15: in 'a.json': 1:1: expected a number or an array of numbers, got an object\n"
      "main.deq:7:15: in 'b.csv': line 2, column 2 ('b'): expected a number, got 'x'\n");
}

TEST(DataFile, KnowsItsFormatByTheName) {
  FakeFiles files = filesOf("init y = file(\"y.txt\")\nargs w = file(\"w2.npy\")");
  files.contents["y.txt"] = "[1, 2]";
  files.contents["w2.npy"] = "[[1, 2], [3, 4]]";
  EXPECT_EQ(
      errorsOfMain(files),
      "main.deq:6:15: in 'y.txt': expected a file that ends in .npy, .csv, .json, got 'y.txt'\n"
      "main.deq:7:15: in 'w2.npy': expected an npy file, its first bytes are different\n");
}

TEST(DataFile, ShapesAndNumbersAreCheckedLikeThoseOfOtherValues) {
  EXPECT_EQ(errors("init y = file(\"y.json\")\nargs w = file(\"t.csv\")"),
            "main.deq:7:10: expected the shape of 'w', [2,2], got [3,2]\n");
  EXPECT_EQ(errors("init y = file(\"y.json\")[2]\nargs w = 0, d = 1"),
            "main.deq:6:25: index 2 is out of range for an extent of 2\n");
  FakeFiles files = filesOf("init y = file(\"n.json\")\nargs w = 0");
  files.contents["n.json"] = "[1, \"nan\"]";
  EXPECT_EQ(errorsOfMain(files), "main.deq:6:10: expected finite initial values of 'y', got nan\n");
}

TEST(DataFile, TakesOneNameInQuotes) {
  EXPECT_EQ(errors("init y = file(3)\nargs w = 0, d = 1"),
            "main.deq:6:15: expected the name of a file in quotes\n");
  EXPECT_EQ(errors("init y = file(\"y.json\", \"v.npy\")\nargs w = 0, d = 1"),
            "main.deq:6:10: expected 1 argument of 'file', got 2\n");
  EXPECT_EQ(errors("init y = file(\"y.json\", axis = 0)\nargs w = 0, d = 1"),
            "main.deq:6:25: 'file' has no option 'axis'\n");
}

TEST(DataFile, IsNotForFieldsAndTheirDefaults) {
  EXPECT_EQ(
      errorsOf("field f(t; x; k = file(\"k.json\")) {\n  x' = k*x\n}\nsolve f {\nspan 0 to 1\n"
               "init x = 1\n}\n",
               Overrides{}),
      "1:19: a field reads no files; declare an argument and give it 'file(..)' in a solve\n");
}

TEST(DataFile, OfAnOptionNamesTheOption) {
  Overrides o;
  o.set = {{"y", "2*file(\"y.json\")"}, {"w", "file(\"no.npy\")"}};
  EXPECT_EQ(errors("init y = 1\nargs w = 0", o), "--set w: cannot read 'no.npy': no such file\n");
  o.set = {{"y", "2*file(\"y.json\")"}};
  EXPECT_EQ(loaded("init y = 1\nargs w = 0", o).values.y0, (Data{20, 40}));
}
