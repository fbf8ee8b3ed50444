// Reads JSON by RapidJSON's iterative parser, as events.
// No document is built: a file of a hundred megabytes of brackets costs no memory, and no depth the
// stack.
#include "Json.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <set>

namespace deq {

namespace {

constexpr std::size_t maxDepth = 8;

/// Builds one array after another from events; every handler returns false to stop.
class Handler {
public:
  explicit Handler(bool named) : named(named) {}

  std::vector<std::pair<std::string, NumberArray>> values;
  std::string error;

  bool Null() { return fail("expected a number, got null"); }
  bool Bool(bool) { return fail("expected a number, got a truth value"); }
  bool Int(int x) { return number(x); }
  bool Uint(unsigned x) { return number(x); }
  bool Int64(std::int64_t x) { return number(static_cast<double>(x)); }
  bool Uint64(std::uint64_t x) { return number(static_cast<double>(x)); }
  bool Double(double x) { return number(x); }
  bool RawNumber(const char *, rapidjson::SizeType, bool) { return false; }

  bool String(const char *text, rapidjson::SizeType size, bool) {
    std::string_view word(text, size);
    constexpr double inf = std::numeric_limits<double>::infinity();
    if (word == "nan")
      return number(std::numeric_limits<double>::quiet_NaN());
    if (word == "inf" || word == "-inf")
      return number(word[0] == '-' ? -inf : inf);
    return fail(fmt::format("expected a number, got the text '{}'", word.substr(0, 40)));
  }

  bool StartObject() {
    if (!named || inside)
      return fail("expected a number or an array, got an object");
    inside = true;
    return true;
  }
  bool Key(const char *text, rapidjson::SizeType size, bool) {
    std::string name(text, size);
    if (!names.insert(name).second)
      return fail(fmt::format("'{}' is given twice", name));
    values.push_back({name, {}});
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return true; }

  bool StartArray() {
    if (!ready())
      return false;
    if (counts.size() == maxDepth)
      return fail(fmt::format("expected arrays nested at most {} deep", maxDepth));
    counts.push_back(0);
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    std::int64_t count = counts.back();
    counts.pop_back();
    if (count == 0)
      return fail("an array needs at least one element");
    std::vector<std::int64_t> &shape = values.back().second.shape;
    std::size_t axis = counts.size();
    if (shape.size() <= axis)
      shape.resize(axis + 1);
    if (shape[axis] == 0)
      shape[axis] = count;
    if (shape[axis] != count)
      return fail(
          fmt::format("expected rows of equal length, got {} after {}", count, shape[axis]));
    return element();
  }

private:
  bool fail(std::string why) {
    error = std::move(why);
    return false;
  }
  /// A value may begin here.
  bool ready() {
    if (named && !inside)
      return fail("expected an object of names and values");
    if (!named && values.empty())
      values.emplace_back();
    return true;
  }
  bool number(double x) {
    if (!ready())
      return false;
    NumberArray &array = values.back().second;
    if (leafDepth.size() < values.size())
      leafDepth.push_back(counts.size());
    if (leafDepth.back() != counts.size())
      return fail("expected elements of equal shape");
    array.data.push_back(x);
    return element();
  }
  /// An element of the array around it is complete. Arrays that hold both numbers and arrays are
  /// found by the depth of their numbers.
  bool element() {
    if (!counts.empty())
      ++counts.back();
    return true;
  }

  bool named, inside = false;
  std::set<std::string> names;
  std::vector<std::int64_t> counts;   ///< elements so far of each open array
  std::vector<std::size_t> leafDepth; ///< brackets around the numbers of each value
};

std::string place(std::string_view bytes, std::size_t offset) {
  std::string_view before = bytes.substr(0, std::min(offset, bytes.size()));
  std::size_t line = 1;
  for (char c : before)
    line += c == '\n';
  std::size_t start = before.rfind('\n');
  std::size_t column = offset - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return fmt::format("line {}, column {}: ", line, column);
}

std::optional<std::vector<std::pair<std::string, NumberArray>>>
parse(std::string_view bytes, bool named, std::string &error) {
  Handler handler(named);
  rapidjson::MemoryStream stream(bytes.data(), bytes.size());
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseFullPrecisionFlag | rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag;
  rapidjson::ParseResult result = reader.Parse<flags>(stream, handler);
  if (result)
    return std::move(handler.values);
  std::string why = handler.error;
  if (why.empty()) {
    why = rapidjson::GetParseError_En(result.Code());
    why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
    if (why.back() == '.')
      why.pop_back();
  }
  error = place(bytes, result.Offset()) + why;
  return std::nullopt;
}

} // namespace

std::optional<NumberArray> readJsonArray(std::string_view bytes, std::string &error) {
  auto values = parse(bytes, false, error);
  if (!values)
    return std::nullopt;
  return std::move(values->front().second);
}

std::optional<std::vector<std::pair<std::string, NumberArray>>>
readJsonValues(std::string_view bytes, std::string &error) {
  return parse(bytes, true, error);
}

} // namespace deq
