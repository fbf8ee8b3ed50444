// Mistakes in a traced callable are told with their place, what was expected and what came.
#include "Support.h"

#include <optional>

namespace deq::test {
namespace {

/// The line of the macro's use is the line of the mistake.
#define EXPECT_TRACE_ERROR(identifier, message, ...)                                               \
  do {                                                                                             \
    const Diagnostic error = traceError(__VA_ARGS__);                                              \
    EXPECT_EQ(error.id, identifier) << error.text;                                                 \
    EXPECT_EQ(error.text, message);                                                                \
    EXPECT_EQ(error.location.line, __LINE__) << error.text;                                        \
    EXPECT_NE(error.location.file.find("TraceErrorTest.cpp"), std::string::npos);                  \
    EXPECT_GT(error.location.column, 0);                                                           \
  } while (false)

TEST(TraceError, shapesThatDoNotFit) {
  EXPECT_TRACE_ERROR("shape-mismatch", "expected equal shapes, got [3] and [2]",
                     [](const Vars &y) { return y["y"] + slice(y["y"], 0, 2); });
  EXPECT_TRACE_ERROR("expected-scalar", "expected a scalar, got shape [3]",
                     [](const Vars &y) { return Scalar(y["y"]); });
  EXPECT_TRACE_ERROR("expected-array", "expected an array in 'sum', got a scalar",
                     [](const Vars &y) { return sum(y["x"]); });
  EXPECT_TRACE_ERROR("ragged-array", "expected elements of equal shapes, got a scalar after [3]",
                     [](const Vars &y) { return stack(y["y"], y["x"] + 0); });
  EXPECT_TRACE_ERROR("axis-range", "axis 1 is out of range for [3]",
                     [](const Vars &y) { return roll(y["y"], 1, 1); });
  EXPECT_TRACE_ERROR("matrix-product",
                     "expected a matrix and a vector or matrix that fits, got [3] and a scalar",
                     [](const Vars &y) { return matmul(y["y"], y["x"]); });
}

TEST(TraceError, foldsThatChangeTheirShape) {
  EXPECT_TRACE_ERROR("shape-mismatch", "expected the shape of the initial value, a scalar, got [3]",
                     [](const Vars &y) {
                       return fold(y["x"], 0, 3, [&](Index, const Array &) { return y["y"]; });
                     });
}

TEST(TraceError, indicesOutOfRange) {
  EXPECT_TRACE_ERROR("index-range", "index 3 is out of range for an extent of 3",
                     [](const Vars &y) { return y["y"][3]; });
  EXPECT_TRACE_ERROR("index-range", "slice 2..5 is out of range for an extent of 3",
                     [](const Vars &y) { return slice(y["y"], 2, 5); });
  EXPECT_TRACE_ERROR(
      "index-range", "index 3 is out of range for an extent of 3, at index 1 of the loops = 2",
      [](const Vars &y) { return map(0, 3, [&](Index i) { return y["y"][i + 1]; }); });
  EXPECT_TRACE_ERROR("too-many-indices", "expected an array before '[', got a scalar",
                     [](const Vars &y) { return y["x"][0]; });
}

TEST(TraceError, conditionsAreNoBool) {
  EXPECT_TRACE_ERROR("condition-value",
                     "expected deq::select(condition, a, b), got a condition as a bool: while a "
                     "field is traced its value is not known",
                     [](const Vars &y) { return y["x"] < 1 ? y["x"] : -y["x"]; });
}

TEST(TraceError, logicalOperatorsHavePlaces) {
  EXPECT_TRACE_ERROR("shape-mismatch", "expected equal shapes, got [3] and [2]", [](const Vars &y) {
    const Condition all = y["y"] < 1, some = slice(y["y"], 0, 2) < 1;
    return select(all && some, y["x"], 0);
  });
  std::optional<Condition> kept;
  const int line = __LINE__ + 2;
  problemOf(trace("g", {.state = {"x"}}, [&](const Vars &y) {
    kept = y[0] < 1;
    return y[0];
  }));
  EXPECT_EQ(errorOf([&] { *kept &&*kept; }).id, "no-trace");
  EXPECT_EQ(errorOf([&] { *kept || *kept; }).location.line, line);
  EXPECT_EQ(errorOf([&] { !*kept; }).location.line, line);
  EXPECT_EQ(traceError([&](const Vars &y) { return select(y["x"] < 1 && *kept, 1, y["x"]); }).id,
            "foreign-value");
}

// A number is no condition: C++ itself says so, at its place.
template <class T>
concept Logical = requires(T a) {
  a &&a;
}
|| requires(T a) { a || a; }
|| requires(T a) { !a; };
static_assert(Logical<Condition> && !Logical<Scalar> && !Logical<Array> && !Logical<Index>);

TEST(TraceError, quotesTheLineOfTheHost) {
  const BesideTheTests here;
  const Diagnostic error = traceError([](const Vars &y) { return y["y"] + slice(y["y"], 0, 2); });
  EXPECT_NE(error.line_text.find("= traceError([](const Vars &y) { return"), std::string::npos)
      << error.line_text;
  const Diagnostic key = traceError([](const Vars &y) { return y["q"]; });
  EXPECT_NE(key.line_text.find(R"(return y["q"];)"), std::string::npos) << key.line_text;
  const std::string shown = to_string(key);
  EXPECT_NE(shown.find("^\n"), std::string::npos) << shown;
}

TEST(TraceError, quotesNothingThatCannotBeRead) {
  auto lineOf = [](const Location &place) {
    Diagnostic diagnostic;
    diagnostic.location = place;
    return quoted(diagnostic).line_text;
  };
  const Location places[] = {{"/no/such/file.cpp", 1, 1},
                             {"/dev/zero", 1, 1},
                             {DEQ_EXAMPLES, 1, 1},
                             {DEQ_EXAMPLES "/embed.cpp", 100000, 1},
                             {DEQ_EXAMPLES "/embed.cpp", 0, 0}};
  for (const Location &place : places)
    EXPECT_EQ(lineOf(place), "") << place.file;
  EXPECT_EQ(lineOf({DEQ_EXAMPLES "/embed.cpp", 3, 1}), "#include <deq/deq.h>");
}

TEST(TraceError, filtersAreOfIndices) {
  EXPECT_TRACE_ERROR(
      "expected-filter", "expected a filter of indices alone, as in 'j != i'", [](const Vars &y) {
        return sum(
            0, 2, [&](Index i) { return i * y["x"]; }, [&](Index) { return y["x"] < 1; });
      });
}

TEST(TraceError, namesAndCounts) {
  EXPECT_TRACE_ERROR("leaf-key", "expected one of the state, x, y, got 'z'",
                     [](const Vars &y) { return y["z"]; });
  EXPECT_TRACE_ERROR("leaf-key", "expected one of the arguments, a, got number 1",
                     [](Scalar, const Vars &, const Vars &args) { return args[1]; });
  EXPECT_TRACE_ERROR("leaf-count", "expected 2 names for the state, x, y, got 3",
                     [](const Vars &y) { return y.arrays<3>()[0]; });
  EXPECT_TRACE_ERROR("derivative-shape", "expected the shape of 'x', a scalar, got [3]",
                     [](const Vars &y) {
                       return Derivatives{-y["y"], -y["y"]};
                     });
  EXPECT_TRACE_ERROR("param-value",
                     "expected the value that parameter 'g' was given before, got another one",
                     [](const Vars &y) { return param("g", 1) * param("g", 2) * y["x"]; });
  EXPECT_TRACE_ERROR("declaration", "expected names that differ, got 'a' twice",
                     [](const Vars &y) { return param("a", 1) * y["x"]; });
}

TEST(TraceError, numbersOfDerivatives) {
  const Diagnostic count = traceError([](const Vars &y) { return Derivatives{y["x"]}; });
  EXPECT_EQ(count.text, "expected 2 derivatives of field 'f', one per leaf, got 1");
  const Diagnostic whole = traceError([](const Vars &y) { return stack(y["x"], y["x"]); });
  EXPECT_EQ(whole.text, "expected one derivative per leaf of field 'f', 2 of them, got one array "
                        "of shape [2]");
}

TEST(TraceError, valuesOfOtherTraces) {
  Array kept;
  const Field first = trace("g", {.state = {"x"}}, [&](const Vars &y) { return kept = y[0]; });
  problemOf(first);
  EXPECT_TRACE_ERROR("foreign-value", "expected a value of field 'f', got one of another trace",
                     [&](const Vars &y) { return y["x"] * kept; });
  EXPECT_TRACE_ERROR("empty-value", "expected a value, got an array that was never given one",
                     [&](const Vars &y) { return y["x"] + Array(); });
  const Diagnostic outside = errorOf([&] { kept = kept * 2; });
  EXPECT_EQ(outside.id, "no-trace");
  EXPECT_EQ(outside.location.line, __LINE__ - 2);
}

TEST(TraceError, valuesOfLoopsThatHaveEnded) {
  Array kept;
  EXPECT_TRACE_ERROR(
      "foreign-value",
      "expected a value that is known here, got one that depends on the index of a loop that has "
      "ended",
      [&](const Vars &y) {
        map(0, 3, [&](Index i) { return kept = i * y["x"]; });
        return y["x"] + kept;
      });
  EXPECT_EQ(traceError([&](const Vars &y) {
              map(0, 3, [&](Index i) { return kept = i * y["x"]; });
              return map(0, 3, [&](Index) { return kept; });
            }).id,
            "foreign-value");
}

TEST(TraceError, declarations) {
  auto make = [](Names names) {
    return errorOf([&] { problemOf(trace("f", names, [](const Vars &y) { return y[0]; })); });
  };
  EXPECT_EQ(make({.state = {"x", "x"}}).text, "expected names that differ, got 'x' twice");
  EXPECT_EQ(make({}).text, "expected at least one leaf in the state of field 'f', got none");
  EXPECT_EQ(make({.state = {{"x", {0}}}}).text, "expected extents of at least 1 in 'x', got [0]");
  EXPECT_EQ(make({.state = {{"x", {any}}}}).id, "unknown-shape");
}

} // namespace
} // namespace deq::test
