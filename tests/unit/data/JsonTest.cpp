// JSON files: numbers to the last bit, shapes, and the place of every error.
// Depth, exponents and zero bytes are tested apart: there a parser meets what it was not made for.
#include "compiler/Data/Json.h"
#include "Support.h"

#include <cmath>

using namespace deq;
using namespace deq::test;

namespace {

std::string error(std::string_view text) { return errorOf(readJsonValues, text); }
std::string arrayError(std::string_view text) { return errorOf(readJsonArray, text); }

void expectArray(std::string_view text, const Shape &shape, const Numbers &data) {
  NumberArray result = resultOf(readJsonArray, text);
  EXPECT_EQ(result.shape, shape) << text;
  EXPECT_EQ(result.data, data) << text;
}

} // namespace

TEST(JsonValues, KeepsTheOrderOfTheFile) {
  NamedArrays values =
      resultOf(readJsonValues, "\xef\xbb\xbf{\"rho\": 28, \"w\": [[1, 2, 3],\n[4, 5, 6]], "
                               "\"a\\u0062\": [0.5]}");
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].first, "rho");
  EXPECT_EQ(values[0].second.shape, Shape{});
  EXPECT_EQ(values[0].second.data, Numbers{28});
  EXPECT_EQ(values[1].first, "w");
  EXPECT_EQ(values[1].second.shape, (Shape{2, 3}));
  EXPECT_EQ(values[1].second.data, (Numbers{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(values[2].first, "ab");
  EXPECT_EQ(values[2].second.shape, Shape{1});
  EXPECT_TRUE(resultOf(readJsonValues, " { } ").empty());
}

TEST(JsonArray, ReadsShapes) {
  expectArray("2.5", {}, {2.5});
  expectArray("[1, 2]", {2}, {1, 2});
  expectArray("[[[1],[2]],[[3],[4]],[[5],[6]]]", {3, 2, 1}, {1, 2, 3, 4, 5, 6});
  expectArray("[[[[[[[[7]]]]]]]]", {1, 1, 1, 1, 1, 1, 1, 1}, {7});
}

TEST(JsonArray, ReadsNumbersToTheLastBit) {
  expectArray("[0.1, 1e-320, 1.7976931348623157e308, 9007199254740993, -12345678901234567890, "
              "0.3000000000000000444089209850062616169452667236328125, 1E+2, 4.35]",
              {8},
              {0.1, 1e-320, 1.7976931348623157e308, 9007199254740992.0, -12345678901234567890.0,
               0.3000000000000000444089209850062616169452667236328125, 100, 4.35});
  NumberArray zero = resultOf(readJsonArray, "-0");
  EXPECT_TRUE(std::signbit(zero.data.at(0)));
}

TEST(JsonArray, ReadsTheStringsThatDeqPrints) {
  NumberArray result = resultOf(readJsonArray, "[\"nan\", \"inf\", \"-inf\"]");
  ASSERT_EQ(result.data.size(), 3u);
  EXPECT_TRUE(std::isnan(result.data[0]));
  EXPECT_EQ(result.data[1], INFINITY);
  EXPECT_EQ(result.data[2], -INFINITY);
  for (const char *word : {"NaN", "infinity", "+inf", "1", ""})
    EXPECT_EQ(arrayError('"' + std::string(word) + '"'),
              "1:1: expected a number or an array of numbers, got the string '" +
                  std::string(word) + "'");
}

TEST(JsonValues, SaysWhereAValueIsOfAnotherKind) {
  EXPECT_EQ(error("{\"a\": 1,\n  \"b\": true}"),
            "2:8: expected a number or an array of numbers, got true");
  EXPECT_EQ(error("{\"a\": null}"), "1:7: expected a number or an array of numbers, got null");
  EXPECT_EQ(error("{\"a\": [1, \n{}]}"),
            "2:1: expected a number or an array of numbers, got an object");
  EXPECT_EQ(error("{\"a\": \"one\"}"),
            "1:7: expected a number or an array of numbers, got the string 'one'");
  EXPECT_EQ(error("[1]"), "1:1: expected an object, got an array");
  EXPECT_EQ(error(" 1"), "1:2: expected an object, got a number");
  EXPECT_EQ(error("\"nan\""), "1:1: expected an object, got the string 'nan'");
  EXPECT_EQ(arrayError("{\"a\": 1}"),
            "1:1: expected a number or an array of numbers, got an object");
}

TEST(JsonArray, SaysWhereItIsRagged) {
  EXPECT_EQ(arrayError("[[1, 2],\n [3]]"),
            "2:4: expected an array of 2 elements as before it, got 1");
  EXPECT_EQ(arrayError("[[1], [2, 3]]"),
            "1:11: expected an array of 1 elements as before it, got more");
  EXPECT_EQ(arrayError("[[[1], [2]], [[3], [4], [5]]]"),
            "1:25: expected an array of 2 elements as before it, got more");
  EXPECT_EQ(arrayError("[1, [2]]"), "1:5: expected a number as before it, got an array");
  EXPECT_EQ(arrayError("[[1], 2]"), "1:7: expected an array as before it, got a number");
  EXPECT_EQ(arrayError("[[1], []]"), "1:8: expected at least one number in an array, got none");
  EXPECT_EQ(arrayError("[]"), "1:2: expected at least one number in an array, got none");
}

TEST(JsonValues, ForgetsTheShapeOfTheMemberBefore) {
  NamedArrays values = resultOf(readJsonValues, "{\"a\": [[1, 2]], \"b\": [3, 4, 5], \"c\": 6}");
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].second.shape, (Shape{1, 2}));
  EXPECT_EQ(values[1].second.shape, Shape{3});
  EXPECT_EQ(values[2].second.shape, Shape{});
}

TEST(JsonValues, RefusesKeysGivenTwice) {
  EXPECT_EQ(error("{\"a\": 1,\n\"b\": 2, \"\\u0061\": 3}"), "2:9: 'a' is given twice");
}

TEST(JsonArray, LimitsDepth) {
  EXPECT_EQ(arrayError("[[[[[[[[[7]]]]]]]]]"),
            "1:9: expected arrays nested at most 8 deep, got one more");
  EXPECT_EQ(arrayError(std::string(1 << 20, '[')),
            "1:9: expected arrays nested at most 8 deep, got one more");
  std::string objects;
  for (int i = 0; i < 100000; ++i)
    objects += "{\"a\":";
  EXPECT_EQ(error(objects), "1:6: expected a number or an array of numbers, got an object");
}

TEST(JsonArray, RefusesNumbersThatDoNotFit) {
  EXPECT_EQ(arrayError("[1,\n 1e400]"), "2:2: number too big to be stored in double");
  EXPECT_EQ(arrayError("1e-400"), "1:1: number '1e-400' does not fit a double");
  EXPECT_EQ(arrayError("0." + std::string(400, '1') + "e-2147483647").substr(0, 11), "1:1: number");
  EXPECT_EQ(arrayError("1e99999999999999999999"), "1:1: number too big to be stored in double");
}

TEST(JsonValues, SaysWhereSyntaxIsWrong) {
  struct Case {
    const char *text, *expected;
  } cases[] = {
      {"", "1:1: the document is empty"},
      {"{\"a\": 1} 2", "1:10: the document root must not be followed by other values"},
      {"{\"a\": }", "1:7: invalid value"},
      {"{\"a\": NaN}", "1:7: invalid value"},
      {"{\"a\": .5}", "1:7: invalid value"},
      {"{\"a\": +5}", "1:7: invalid value"},
      {"{1: 2}", "1:2: missing a name for object member"},
      {"{\"a\" 1}", "1:6: missing a colon after a name of object member"},
      {"{\"a\": 1\n\"b\": 2}", "2:1: missing a comma or '}' after an object member"},
      {"{\"a\": [1 2]}", "1:10: missing a comma or ']' after an array element"},
      {"{\"a\": [1,]}", "1:10: invalid value"},
      {"{\"a\": 1,}", "1:9: missing a name for object member"},
      {"{\"a\": 1", "1:8: missing a comma or '}' after an object member"},
      {"{\"a\": 1.}", "1:9: miss fraction part in number"},
      {"{\"a\": 1e}", "1:9: miss exponent in number"},
      {"{\"\xff\": 1}", "1:3: invalid encoding in string"},
  };
  for (const Case &c : cases)
    EXPECT_EQ(error(c.text), c.expected) << c.text;
}

TEST(JsonArray, DoesNotEndAtAZeroByte) {
  using namespace std::string_view_literals;
  EXPECT_EQ(arrayError("[1]\0 garbage"sv), "1:4: expected the end of the file, got a zero byte");
  EXPECT_NE(arrayError("[1\0]"sv), "no error");
}
