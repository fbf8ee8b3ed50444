// CSV files: what counts as a header, a separator, a blank line and a number, and where errors are
// said to be.
// The dialects are those of spreadsheets, NumPy and deqc itself.
#include "compiler/Data/Csv.h"
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

using Names = std::vector<std::string>;
using Columns = std::vector<Numbers>;

CsvTable table(std::string_view text) { return resultOf(readCsv, text); }
std::string error(std::string_view text) { return errorOf(readCsv, text); }

void expectTable(std::string_view text, const Names &names, const Columns &columns) {
  CsvTable result = table(text);
  EXPECT_EQ(result.names, names) << text;
  EXPECT_EQ(result.columns, columns) << text;
}

} // namespace

TEST(Csv, TakesTheFirstRowAsHeaderUnlessItIsNumbers) {
  expectTable("t,x\n0,1\n2,3\n", {"t", "x"}, {{0, 2}, {1, 3}});
  expectTable("t,1\n0,1\n", {"t", "1"}, {{0}, {1}});
  expectTable("0,1\n2,3\n", {"0", "1"}, {{0, 2}, {1, 3}});
  expectTable("5\n", {"0"}, {{5}});
  expectTable("q[0][1], y \n1,2", {"q[0][1]", "y"}, {{1}, {2}});
}

TEST(Csv, ReadsEverySeparatorAndLineEnd) {
  Names names{"a", "b"};
  Columns columns{{1, 3}, {2.5, 4}};
  for (const char *text :
       {"a,b\n1,2.5\n3,4\n", "a;b\n1;2.5\n3;4\n", "a\tb\n1\t2.5\n3\t4\n", "a,b\r\n1,2.5\r\n3,4\r\n",
        "a,b\r1,2.5\r3,4\r", "a,b\n1,2.5\n3,4",
        "\xef\xbb\xbf"
        "a,b\n1,2.5\n3,4\n",
        "\n\na,b\n\n1,2.5\n  \n3,4\n\n", "# made by hand\n\n#\na,b\n1,2.5\n# between\n3,4\n#",
        " a , b \n 1\t, +2.5\n3,4\n", "\"a\",\"b\"\n\"1\",\"2.5\"\n3,4\n"})
    expectTable(text, names, columns);
  expectTable("1;2\n", {"0", "1"}, {{1}, {2}});
  expectTable("\"a;b\",c\n1,2\n", {"a;b", "c"}, {{1}, {2}});
  expectTable("\"a,b\";c\n1;2\n", {"a,b", "c"}, {{1}, {2}});
  expectTable("\"a\"\"b\"\n1\n", {"a\"b"}, {{1}});
}

TEST(Csv, TakesACommentOnlyWhereNoCellIsOpen) {
  expectTable("\"a\n#b\",c\n1,2\n", {"a\n#b", "c"}, {{1}, {2}});
  expectTable("a,#b\n1,2\n", {"a", "#b"}, {{1}, {2}});
}

TEST(Csv, ReadsNumbersToTheLastBit) {
  CsvTable result = table("0.1,1e-320,-1.7976931348623157e308,NaN,inf,-Infinity,+3,-0\n");
  ASSERT_EQ(result.columns.size(), 8u);
  EXPECT_EQ(result.columns[0][0], 0.1);
  EXPECT_EQ(result.columns[1][0], 1e-320);
  EXPECT_EQ(result.columns[2][0], -1.7976931348623157e308);
  EXPECT_TRUE(std::isnan(result.columns[3][0]));
  EXPECT_EQ(result.columns[4][0], INFINITY);
  EXPECT_EQ(result.columns[5][0], -INFINITY);
  EXPECT_EQ(result.columns[6][0], 3);
  EXPECT_TRUE(std::signbit(result.columns[7][0]));
}

TEST(Csv, SaysLineAndColumnOfWhatIsNoNumber) {
  EXPECT_EQ(error("t,x\n0,1\n# more\n\n2,3a\n"),
            "line 5, column 2 ('x'): expected a number, got '3a'");
  EXPECT_EQ(error("t,x\n,1\n"), "line 2, column 1 ('t'): expected a number, got an empty cell");
  EXPECT_EQ(error("t,x\r\n0,\"\"\r\n"),
            "line 2, column 2 ('x'): expected a number, got an empty cell");
  EXPECT_EQ(error("1\n1e999\n"), "line 2, column 1 ('0'): number '1e999' does not fit a double");
  for (const char *cell : {"+-1", "++1", "+", "-", "0x10", "1 2", "nan(1)", "1.5.2", "1,", "one"})
    EXPECT_NE(error(std::string("x\n") + cell + "\n"), "no error") << cell;
  EXPECT_EQ(error("x\n" + std::string(100, 'y')),
            "line 2, column 1 ('x'): expected a number, got '" + std::string(40, 'y') + "...'");
  EXPECT_EQ(error("x\n\x1b[31m\xff\n"),
            "line 2, column 1 ('x'): expected a number, got '\\x1b[31m\\xff'");
}

TEST(Csv, SaysWhereARowIsRagged) {
  EXPECT_EQ(error("a,b\n1,2\n3\n"), "line 3, column 2: expected 2 cells in the row, got 1");
  EXPECT_EQ(error("a,b\n1,2,3\n"), "line 2, column 3: expected 2 cells in the row, got 3");
  EXPECT_EQ(error("1,2\n3,4,\n"), "line 2, column 3: expected 2 cells in the row, got 3");
}

TEST(Csv, RefusesHeadersThatNameNothingOrTwice) {
  EXPECT_EQ(error("a,,b\n1,2,3\n"), "line 1, column 2: expected a name, got an empty cell");
  EXPECT_EQ(error("\na,b, a\n1,2,3\n"), "line 2, column 3: 'a' is the name of column 1 already");
}

TEST(Csv, RefusesTablesWithoutRows) {
  for (const char *text : {"", "\n\n", "# nothing\n", "a,b\n", "\xef\xbb\xbf", "a"})
    EXPECT_EQ(error(text), "expected at least one row of numbers, got none") << text;
}

TEST(Csv, SaysWhereQuotesAreWrong) {
  EXPECT_EQ(error("a,b\n1,2\"\n"),
            "line 2, column 2 ('b'): expected quotes around the whole cell, and doubled within it");
  EXPECT_EQ(error("a,b\n\"1\"2,3\n"),
            "line 2, column 1 ('a'): expected quotes around the whole cell, and doubled within it");
  EXPECT_EQ(error("a,b\n1,\"2\n3,4\n"),
            "line 2, column 2 ('b'): expected a closing quote before the end of the file");
}

TEST(Csv, CountsLinesWithinQuotedCells) {
  EXPECT_EQ(error("\"a\nb\",c\n1,x\n"), "line 3, column 2 ('c'): expected a number, got 'x'");
}
