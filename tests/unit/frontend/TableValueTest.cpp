// Tables as values of arguments: signature, rows, jumps, choice of columns, and every error.
// What a compiled field sees of a table is tested in tests/accuracy/TableTest.cpp.
#include "FakeFiles.h"

#include "compiler/Table.h"

using namespace deq;
using namespace deq::test;

namespace {

using Data = std::vector<double>;

/// The value of `u` begins at 6:10.
std::string source(const std::string &value, const std::string &more = "") {
  return "field f(t; y; u, c = 4) {\n  y' = u + c\n}\nsolve f {\nspan 0 to 2\nargs u = " + value +
         "\ninit y = 0\n" + more + "\n}\n";
}
FakeFiles filesOf(const std::string &value, const std::string &more = "") {
  return {{"main.deq", source(value, more)},
          {"w.csv", "v,t,w\n10,0,1\n11,1,5\n13,2,6\n17,4,8\n"},
          {"two.csv", "a,b\n0,5\n3,6\n"},
          {"time.csv", "a,b,time\n5,7,0\n6,8,3\n"},
          {"both.csv", "time,t,v\n5,0,7\n6,3,8\n"},
          {"n.npy", npy("(3, 2)", {0, 1, 1, 2, 2, 4})},
          {"one.csv", "v\n0\n3\n"}};
}
Problem loaded(const std::string &value, const std::string &more = "",
               const Overrides &overrides = {}) {
  FakeFiles files = filesOf(value, more);
  return loadMain(files, overrides);
}
std::string errors(const std::string &value, const Overrides &overrides = {}) {
  FakeFiles files = filesOf(value);
  return errorsOfMain(files, overrides);
}
/// What the table must have become, behind it the value of `c`.
void expectRows(const Problem &p, const Data &times, const Data &values, int degree) {
  const Argument &u = p.signature.arguments[0];
  Data rows = tableRows(times, values, degree);
  EXPECT_EQ(u.degree, degree);
  EXPECT_EQ(u.kind, ArgumentKind::memory);
  EXPECT_EQ(u.leaf.name, "u");
  EXPECT_EQ(u.leaf.shape, (Shape{static_cast<std::int64_t>(times.size()),
                                 static_cast<std::int64_t>(degree) + 2}));
  rows.push_back(4);
  EXPECT_EQ(p.values.arguments, rows);
  EXPECT_EQ(mismatch(p.signature, p.values), "");
  EXPECT_EQ(p.signature.arguments[1].degree, -1);
}

} // namespace

TEST(TableValue, IsLinearWithJumpsUnlessSaidOtherwise) {
  Problem p = loaded("table(\"w.csv\", column = \"v\")");
  expectRows(p, {0, 1, 2, 4}, {10, 11, 13, 17}, 1);
  EXPECT_EQ(p.values.jump_at, (Data{0, 1, 2, 4}));
  EXPECT_TRUE(p.signature.clip);
  EXPECT_TRUE(p.field.arguments[0].shape.empty()) << "the field sees a scalar";
}

TEST(TableValue, ReadsItsOptions) {
  Problem p = loaded("table(\"w.csv\", column = \"w\", time = \"t\", interpolation = cubic, "
                     "jumps = false)");
  expectRows(p, {0, 1, 2, 4}, {1, 5, 6, 8}, 3);
  EXPECT_TRUE(p.values.jump_at.empty());
  EXPECT_FALSE(p.signature.clip);
  p = loaded("table(\"w.csv\", jumps = true, interpolation = linear, column = \"w\")");
  expectRows(p, {0, 1, 2, 4}, {1, 5, 6, 8}, 1);
  EXPECT_EQ(loaded("table(\"w.csv\", column = \"w\", interpolation = cubic)").values.jump_at,
            (Data{0, 1, 2, 4}));
}

TEST(TableValue, TakesTheTimeByNameAndElseTheFirstColumn) {
  expectRows(loaded("table(\"two.csv\")"), {0, 3}, {5, 6}, 1);
  expectRows(loaded("table(\"two.csv\", column = \"b\")"), {0, 3}, {5, 6}, 1);
  expectRows(loaded("table(\"time.csv\", column = \"b\")"), {0, 3}, {7, 8}, 1);
  expectRows(loaded("table(\"both.csv\", column = \"v\")"), {0, 3}, {7, 8}, 1);
  expectRows(loaded("table(\"w.csv\", time = \"w\", column = \"v\")", "",
                    [] {
                      Overrides o;
                      o.from = 2;
                      o.to = 3;
                      return o;
                    }()),
             {1, 5, 6, 8}, {10, 11, 13, 17}, 1);
}

TEST(TableValue, TakesTheOtherOfTwoColumns) {
  Overrides o;
  o.from = 5;
  o.to = 6;
  expectRows(loaded("table(\"two.csv\", time = \"b\")", "", o), {5, 6}, {0, 3}, 1);
}

TEST(TableValue, ReadsNumberedColumnsOfAnArray) {
  expectRows(loaded("table(\"n.npy\")"), {0, 1, 2}, {1, 2, 4}, 1);
  expectRows(loaded("table(\"n.npy\", time = \"0\", column = \"1\")"), {0, 1, 2}, {1, 2, 4}, 1);
}

TEST(TableValue, JumpsJoinThoseOfTheSolveAndOfOtherTables) {
  Problem p =
      loaded("table(\"w.csv\", column = \"v\"), c = table(\"two.csv\")", "jump_at [1, 1.5, 9]");
  EXPECT_EQ(p.values.jump_at, (Data{0, 1, 1.5, 2, 3, 4, 9}));
  EXPECT_EQ(p.signature.arguments[1].degree, 1);
  p = loaded("table(\"w.csv\", column = \"v\", jumps = false)", "jump_at [1.5]");
  EXPECT_EQ(p.values.jump_at, (Data{1.5}));
  p = loaded("table(\"w.csv\", column = \"v\")", "step_at [1]");
  EXPECT_EQ(p.values.step_at, (Data{1}));
}

TEST(TableValue, CanBeGivenByAnOptionAndReplacedByOne) {
  Overrides o;
  o.set = {{"u", "table(\"w.csv\", column = \"v\")"}};
  expectRows(loaded("1", "", o), {0, 1, 2, 4}, {10, 11, 13, 17}, 1);
  o.set = {{"u", "3"}};
  Problem p = loaded("table(\"w.csv\", column = \"v\")", "", o);
  EXPECT_EQ(p.values.arguments, (Data{3, 4}));
  EXPECT_EQ(p.signature.arguments[0].degree, -1);
  EXPECT_TRUE(p.values.jump_at.empty());
  o.set = {{"u", "table(\"no.csv\")"}};
  EXPECT_EQ(errors("1", o), "--set u: cannot read 'no.csv': no such file\n");
}

TEST(TableValue, CoversTheSpan) {
  Overrides o;
  o.to = 4;
  expectRows(loaded("table(\"w.csv\", column = \"v\")", "", o), {0, 1, 2, 4}, {10, 11, 13, 17}, 1);
  o.to = 4.5;
  EXPECT_EQ(errors("table(\"w.csv\", column = \"v\")", o),
            "main.deq:6:10: expected a table over the span, 0 to 4.5, got times from 0 to 4\n");
  o = {};
  o.from = -1;
  EXPECT_EQ(errors("table(\"w.csv\", column = \"v\")", o),
            "main.deq:6:10: expected a table over the span, -1 to 2, got times from 0 to 4\n");
  o.set = {{"u", "table(\"two.csv\")"}};
  EXPECT_EQ(errors("1", o),
            "--set u: expected a table over the span, -1 to 2, got times from 0 to 3\n");
}

TEST(TableValue, ReportsErrorsOfItsOptions) {
  const std::pair<const char *, const char *> rows[] = {
      {"table(\"w.csv\")", "6:10: expected 'column = ..', since 'w.csv' has 3 columns; it has 'v', "
                           "'t', 'w'\n"},
      {"table(\"w.csv\", column = \"x\")",
       "6:34: 'w.csv' has no column 'x'; it has 'v', 't', 'w'\n"},
      {"table(\"w.csv\", column = \"v\", time = \"s\")",
       "6:46: 'w.csv' has no column 's'; it has 'v', 't', 'w'\n"},
      {"table(\"w.csv\", column = v)", "6:34: expected the name of a column in quotes\n"},
      {"table(\"w.csv\", column = \"v\", interpolation = quintic)",
       "6:55: expected 'linear' or 'cubic'\n"},
      {"table(\"w.csv\", column = \"v\", jumps = 1)", "6:47: expected 'true' or 'false'\n"},
      {"table(\"w.csv\", column = \"v\", column = \"w\")", "6:39: 'column' is given twice\n"},
      {"table(\"w.csv\", colum = \"v\")",
       "6:25: 'table' has no option 'colum'; did you mean 'column'?\n"},
      {"table(\"w.csv\", \"v\")", "6:25: expected 1 argument of 'table', got more\n"},
      {"table(w)", "6:10: expected the name of a file in quotes, as in table(\"wind.csv\", ..)\n"},
      {"table(column = \"v\")",
       "6:10: expected the name of a file in quotes, as in table(\"wind.csv\", ..)\n"},
      {"table(\"one.csv\")",
       "6:10: expected 'column = ..', since 'one.csv' has 1 columns; it has 'v'\n"},
      {"table(\"no.csv\")", "6:16: cannot read 'no.csv': no such file\n"},
  };
  for (const auto &[value, expected] : rows)
    EXPECT_EQ(errors(value), std::string("main.deq:") + expected) << value;
}

TEST(TableValue, ReportsErrorsOfItsRows) {
  FakeFiles files = filesOf("table(\"x.csv\")");
  auto with = [&](const std::string &content) {
    files.contents["x.csv"] = content;
    return errorsOfMain(files);
  };
  EXPECT_EQ(with("t,v\n0,1\n"), "main.deq:6:16: expected at least 2 rows in 'x.csv', got 1\n");
  EXPECT_EQ(with("t,v\n0,1\n2,1\n1,3\n"),
            "main.deq:6:16: expected increasing times in 'x.csv', got 1 after 2 in row 3\n");
  EXPECT_EQ(with("t,v\n0,1\n0,2\n3,3\n"),
            "main.deq:6:16: expected increasing times in 'x.csv', got 0 after 0 in row 2\n");
  EXPECT_EQ(with("t,v\n0,1\n1,nan\n3,3\n"),
            "main.deq:6:16: expected finite numbers in 'x.csv', got 1 and nan in row 2\n");
  EXPECT_EQ(with("t,v\n0,1\n1,b\n"),
            "main.deq:6:16: in 'x.csv': line 3, column 2 ('v'): expected a number, got 'b'\n");
  EXPECT_EQ(with(""),
            "main.deq:6:16: in 'x.csv': expected at least one row of numbers, got none\n");
}

TEST(TableValue, IsTheWholeValueOfAScalarArgument) {
  const std::string whole =
      "a table is the whole value of an argument, expected 'args name = table(..)'\n";
  EXPECT_EQ(errors("2*table(\"two.csv\")"), "main.deq:6:12: " + whole);
  EXPECT_EQ(errors("1\nmax_steps table(\"two.csv\")"), "main.deq:7:11: " + whole);
  EXPECT_EQ(errorsOf("field f(t; y; u = table(\"a.csv\")) {\n  y' = u\n}\n"), "1:19: " + whole);
  EXPECT_EQ(errorsOf("field f(t; y) {\n  y' = table(\"a.csv\")\n}\n"), "2:8: " + whole);
  Overrides o;
  o.set = {{"y", "table(\"two.csv\")"}};
  EXPECT_EQ(errors("1", o), "--set y: " + whole);
  EXPECT_EQ(errorsOf("field f(t; y; u[2]) {\n  y' = u[0]\n}\nsolve f {\nspan 0 to 1\ninit y = 0\n"
                     "args u = table(\"a.csv\")\n}\n"),
            "7:10: expected a scalar argument for a table, 'u' has shape [2]\n");
}
