// The extension decides how a file is read, and the same table arrives whatever it was stored as.
#include "compiler/Data/ReadData.h"
#include "Support.h"

using namespace deq;
using namespace deq::test;

namespace {

/// Rank 2, shape [3, 2]: elements 0 to 5.
std::string npyTable(const std::string &shape = "(3, 2)") {
  return npyFile(npyHeader("|u1", shape), std::string("\0\1\2\3\4\5", 6));
}

NumberArray array(std::string_view path, std::string_view bytes) {
  std::string error;
  auto result = readArray(path, bytes, error);
  EXPECT_TRUE(result) << error;
  return result.value_or(NumberArray{});
}

std::string columnsError(std::string_view path, std::string_view bytes) {
  std::string error;
  return readColumns(path, bytes, error) ? "no error" : error;
}

} // namespace

TEST(ReadArray, GivesTheSameArrayFromEveryFormat) {
  for (const NumberArray &result :
       {array("w.npy", npyTable()), array("a.b/w.CSV", "x,y\n0,1\n2,3\n4,5\n"),
        array("w.csv", "0,1\n2,3\n4,5\n"), array("w.json", "[[0, 1], [2, 3], [4, 5]]")}) {
    EXPECT_EQ(result.shape, (Shape{3, 2}));
    EXPECT_EQ(result.data, (Numbers{0, 1, 2, 3, 4, 5}));
  }
}

TEST(ReadArray, TakesOneColumnAsAVector) {
  EXPECT_EQ(array("w.csv", "x\n1\n2\n").shape, Shape{2});
  EXPECT_EQ(array("w.csv", "x,y\n1,2\n").shape, (Shape{1, 2}));
}

TEST(ReadColumns, GivesTheSameTableFromEveryFormat) {
  std::string error;
  auto fromNpy = readColumns("w.npy", npyTable(), error);
  auto fromCsv = readColumns("w.csv", "0,1\n2,3\n4,5\n", error);
  ASSERT_TRUE(fromNpy && fromCsv) << error;
  EXPECT_EQ(fromNpy->names, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(fromNpy->columns, (std::vector<Numbers>{{0, 2, 4}, {1, 3, 5}}));
  EXPECT_EQ(fromCsv->names, fromNpy->names);
  EXPECT_EQ(fromCsv->columns, fromNpy->columns);
  auto vector = readColumns("w.npy", npyTable("(6,)"), error);
  ASSERT_TRUE(vector) << error;
  EXPECT_EQ(vector->columns, (std::vector<Numbers>{{0, 1, 2, 3, 4, 5}}));
}

TEST(ReadColumns, RefusesOtherRanks) {
  EXPECT_EQ(columnsError("w.npy", npyTable("(1, 2, 3)")),
            "expected an array of rank 1 or 2 for columns, got shape [1, 2, 3]");
  EXPECT_EQ(columnsError("w.npy", npyFile(npyHeader("|u1", "()"), "\1")),
            "expected an array of rank 1 or 2 for columns, got shape []");
}

TEST(ReadData, ListsTheExtensionsItKnows) {
  std::string error;
  for (const char *path : {"w.txt", "npy", "w", "", "w.npy.gz", ".csv", "a.csv/w"}) {
    EXPECT_FALSE(readArray(path, "1\n", error));
    EXPECT_EQ(error,
              "expected a file that ends in .npy, .csv, .json, got '" + std::string(path) + "'");
  }
  EXPECT_EQ(columnsError("w.json", "[1]"), "expected a file that ends in .csv, .npy, got 'w.json'");
}

TEST(ReadData, PassesOnWhatTheReaderSays) {
  std::string error;
  EXPECT_FALSE(readArray("w.json", "[1, [2]]", error));
  EXPECT_EQ(error, "1:5: expected a number as before it, got an array");
  EXPECT_EQ(columnsError("w.csv", "a\nb\n"), "line 2, column 1 ('a'): expected a number, got 'b'");
}
