// NPY files: every element type and order that is promised, and headers made to mislead.
// A hostile header must cost no memory, so shapes of 2^62 elements are among the cases.
#include "compiler/Data/Npy.h"
#include "Support.h"

#include <bit>
#include <cmath>
#include <limits>

using namespace deq;
using namespace deq::test;

namespace {

std::string doubles(const Numbers &values, bool big = false) {
  std::string bytes;
  for (double value : values)
    bytes += packed(std::bit_cast<std::uint64_t>(value), 8, big);
  return bytes;
}

std::string floats(const std::vector<float> &values, bool big) {
  std::string bytes;
  for (float value : values)
    bytes += packed(std::bit_cast<std::uint32_t>(value), 4, big);
  return bytes;
}

NumberArray array(const std::string &header, const std::string &data, int version = 1) {
  return resultOf(readNpy, npyFile(header, data, version));
}

std::string error(const std::string &header, const std::string &data = std::string(8, '\0')) {
  return errorOf(readNpy, npyFile(header, data));
}

} // namespace

TEST(Npy, ReadsEveryVersionOfTheFormat) {
  for (int version : {1, 2, 3}) {
    NumberArray result = array(npyHeader("<f8", "(3,)"), doubles({1.5, -2, 0.1}), version);
    EXPECT_EQ(result.shape, Shape{3}) << version;
    EXPECT_EQ(result.data, (Numbers{1.5, -2, 0.1})) << version;
  }
}

TEST(Npy, ReadsFloatsOfBothByteOrders) {
  Numbers values{0.1, -1e300, 5e-324, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(array(npyHeader("<f8", "(4,)"), doubles(values)).data, values);
  EXPECT_EQ(array(npyHeader(">f8", "(4,)"), doubles(values, true)).data, values);
  Numbers halves{0.5, -1.25};
  EXPECT_EQ(array(npyHeader("<f4", "(2,)"), floats({0.5f, -1.25f}, false)).data, halves);
  EXPECT_EQ(array(npyHeader(">f4", "(2,)"), floats({0.5f, -1.25f}, true)).data, halves);
  NumberArray nan = array(npyHeader("<f8", "(1,)"), doubles({NAN}));
  ASSERT_EQ(nan.data.size(), 1u);
  EXPECT_TRUE(std::isnan(nan.data[0]));
}

TEST(Npy, ReadsIntegersOfEverySize) {
  for (int size : {1, 2, 4, 8})
    for (bool big : {false, true}) {
      std::string order = big ? ">" : "<", digit = std::to_string(size);
      std::string data = packed(100, size, big) + packed(~std::uint64_t(0), size, big);
      if (size < 8) { // all bits set is 2^64 - 1, which is refused, as an unsigned of 8 bytes
        Numbers expected{100, std::ldexp(1, 8 * size) - 1};
        EXPECT_EQ(array(npyHeader(order + "u" + digit, "(2,)"), data).data, expected) << digit;
      }
      EXPECT_EQ(array(npyHeader(order + "i" + digit, "(2,)"), data).data, (Numbers{100, -1}));
    }
  EXPECT_EQ(array(npyHeader("|u1", "(2,)"), "\x07\xff").data, (Numbers{7, 255}));
  EXPECT_EQ(array(npyHeader("|i1", "(2,)"), "\x07\x80").data, (Numbers{7, -128}));
  EXPECT_EQ(array(npyHeader("|b1", "(2,)"), std::string("\1\0", 2)).data, (Numbers{1, 0}));
}

TEST(Npy, RefusesIntegersThatADoubleCannotTellApart) {
  std::uint64_t most = std::uint64_t(1) << 53;
  EXPECT_EQ(array(npyHeader("<u8", "(1,)"), packed(most, 8)).data, Numbers{std::ldexp(1, 53)});
  EXPECT_EQ(array(npyHeader("<i8", "(1,)"), packed(0 - most, 8)).data, Numbers{-std::ldexp(1, 53)});
  std::string expected = "element 1 in the file: expected an integer that a double holds exactly, "
                         "at most 2^53";
  EXPECT_EQ(error(npyHeader("<u8", "(2,)"), packed(3, 8) + packed(most + 1, 8)), expected);
  EXPECT_EQ(error(npyHeader("<i8", "(2,)"), packed(3, 8) + packed(0 - most - 1, 8)), expected);
  EXPECT_EQ(error(npyHeader("<u8", "(2,)"), packed(3, 8) + packed(~0ull, 8)), expected);
}

TEST(Npy, TurnsFortranOrderIntoRowMajor) {
  // a[i][j][k] = 100 i + 10 j + k, shape (2, 3, 2)
  Numbers columnMajor, rowMajor;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i)
        columnMajor.push_back(100 * i + 10 * j + k);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k)
        rowMajor.push_back(100 * i + 10 * j + k);
  ASSERT_NE(columnMajor, rowMajor);
  NumberArray fortran = array(npyHeader("<f8", "(2, 3, 2)", true), doubles(columnMajor));
  EXPECT_EQ(fortran.shape, (Shape{2, 3, 2}));
  EXPECT_EQ(fortran.data, rowMajor);
  EXPECT_EQ(array(npyHeader("<f8", "(2, 3, 2)"), doubles(rowMajor)).data, rowMajor);
}

TEST(Npy, ReadsAScalar) {
  for (bool fortran : {false, true}) {
    NumberArray scalar = array(npyHeader("<f8", "()", fortran), doubles({2.5}));
    EXPECT_EQ(scalar.shape, Shape{});
    EXPECT_EQ(scalar.data, Numbers{2.5});
  }
}

TEST(Npy, TakesHeadersOfOtherWriters) {
  const char *headers[] = {"{'shape':(2,1),'fortran_order':False,'descr':'<f8'}",
                           "{\"descr\" : \"<f8\", \"shape\" : ( 2 , 1 , ), 'fortran_order':False}",
                           "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1L)}\n"};
  for (const char *header : headers)
    EXPECT_EQ(array(header, doubles({1, 2})).shape, (Shape{2, 1})) << header;
}

TEST(Npy, RefusesElementsThatAreNoNumbersWeRead) {
  for (const char *descr : {"<f2", "<f16", "<c16", "<U3", "|S8", "|O", "<M8[s]", "f8", "|f8", "",
                            "<", "<f", "<f88", "=f8", "<b8"})
    EXPECT_EQ(error(npyHeader(descr, "(1,)")),
              "expected elements of type f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1 with a byte "
              "order '<' or '>', got '" +
                  std::string(descr) + "'");
  EXPECT_EQ(error("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,)}"),
            "npy header: expected one type for all elements (structured arrays are not read), got "
            "'[('x', '<f8')], 'for...'");
  EXPECT_EQ(error(npyHeader("|b1", "(2,)"), "\1\2"),
            "element 1 in the file: expected a bool of 0 or 1");
}

TEST(Npy, RefusesHugeShapesWithoutAllocating) {
  for (const char *shape :
       {"(4611686018427387904,)", "(4294967296, 4294967296)", "(4294967296, 4294967296, 2)",
        "(9223372036854775807, 9223372036854775807)", "(2, 2, 2, 2, 2, 1000000000000)"})
    EXPECT_TRUE(error(npyHeader("<f8", shape)).starts_with("expected more bytes of data for shape"))
        << shape;
  EXPECT_EQ(error(npyHeader("<f8", "(9223372036854775808,)")),
            "npy header: expected an extent that fits 64 bits, got '9223372036854775808,...'");
  std::string many = "(";
  for (int i = 0; i < 65; ++i)
    many += "1,";
  EXPECT_EQ(error(npyHeader("<f8", many + ")")),
            "npy header: expected at most 64 axes, got '1,), }   \\x0a'");
}

TEST(Npy, RefusesDataOfAnotherLength) {
  std::string header = npyHeader("<f8", "(2, 1)");
  EXPECT_EQ(error(header, std::string(17, '\0')),
            "expected 16 bytes of data for shape [2, 1] of <f8, got 17");
  EXPECT_EQ(error(header, std::string(24, '\0')),
            "expected 16 bytes of data for shape [2, 1] of <f8, got 24");
  EXPECT_EQ(error(header, std::string(15, '\0')),
            "expected more bytes of data for shape [2, 1] of <f8, got 15");
  EXPECT_EQ(error(npyHeader("<f8", "()"), ""),
            "expected more bytes of data for shape [] of <f8, got 0");
}

TEST(Npy, RefusesEveryTruncation) {
  std::string whole = npyFile(npyHeader("<f8", "(2,)"), doubles({1, 2}));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(errorOf(readNpy, whole.substr(0, length)), "no error") << length;
  EXPECT_EQ(errorOf(readNpy, whole), "no error");
}

TEST(Npy, RefusesOtherFilesAndVersions) {
  EXPECT_EQ(errorOf(readNpy, "t,x\n0,1\n"), "expected an npy file, its first bytes are different");
  EXPECT_EQ(errorOf(readNpy, npyFile("{}", "", 4)),
            "expected npy version 1.0, 2.0 or 3.0, got 4.0");
  EXPECT_EQ(errorOf(readNpy, "\x93NUMPY\1\1"), "expected npy version 1.0, 2.0 or 3.0, got 1.1");
  EXPECT_EQ(errorOf(readNpy, "\x93NUMPY\1"),
            "expected npy version 1.0, 2.0 or 3.0, got the end of the file");
  std::string lying = std::string("\x93NUMPY\2\0", 8) + "\xff\xff\xff\xff{}";
  EXPECT_EQ(errorOf(readNpy, lying), "npy header: expected all of it, got the end of the file");
}

TEST(Npy, RefusesHeadersThatAreNotTheDictionary) {
  struct Case {
    const char *header, *expected;
  } cases[] = {
      {"", "expected '{', got its end"},
      {"[1]", "expected '{', got '[1]'"},
      {"{'descr' '<f8'}", "expected ':', got ''<f8'}'"},
      {"{'descr': 8}", "expected a string, got '8}'"},
      {"{'descr': '<f8}", "expected a string, got ''<f8}'"},
      {"{'descr': '<f8' 'shape': ()}", "expected ',' or '}', got ''shape': ()}'"},
      {"{'descr': '<f8', 'descr': '<f8'}", "'descr' is given twice"},
      {"{'order': 'C'}", "expected descr, fortran_order or shape, got 'order'"},
      {"{'fortran_order': 0}", "expected True or False, got '0}'"},
      {"{'shape': 3}", "expected '(', got '3}'"},
      {"{'shape': (3)}", "expected ',', got ')}'"},
      {"{'shape': (3 4)}", "expected ',', got '4)}'"},
      {"{'shape': (,)}", "expected an extent that fits 64 bits, got ',)}'"},
      {"{'shape': (-1,)}", "expected an extent that fits 64 bits, got '-1,)}'"},
      {"{'shape': (2, 0)}",
       "expected an extent of at least 1 (an array without numbers is not read), got '0)}'"},
      {"{'shape': (1, 2", "expected ',', got its end"},
      {"{'descr': '<f8', 'shape': ()}", "expected a value for 'fortran_order', got none"},
      {"{'fortran_order': True, 'shape': ()}", "expected a value for 'descr', got none"},
      {"{'descr': '<f8', 'fortran_order': True}", "expected a value for 'shape', got none"},
      {"{} x", "expected its end, got 'x'"},
      {"\x01", "expected '{', got '\\x01'"},
  };
  for (const Case &c : cases)
    EXPECT_EQ(error(c.header), std::string("npy header: ") + c.expected) << c.header;
}
