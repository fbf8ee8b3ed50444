// RapidJSON's events, turned into arrays.
// Iterative, so that nesting cannot exhaust the stack. Numbers come as text and are read by
// std::from_chars: correctly rounded like RapidJSON's full precision, but without the exponent
// overflows of its 1.1.0 (CVE-2024-38517).
#include "Json.h"
#include "ArrayBuilder.h"
#include "Text.h"

#include <cctype>
#include <fmt/format.h>
#include <limits>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <set>

namespace deq {

namespace {

/// RapidJSON checks an exponent against the number of digits after it has multiplied it by ten;
/// below this many bytes the product fits an int.
constexpr std::size_t maxJsonBytes = 200'000'000;

class JsonHandler {
public:
  JsonHandler(std::string_view bytes, rapidjson::MemoryStream &stream, bool named)
      : bytes(bytes), stream(stream), named(named) {}

  bool Null() { return unexpected("null"); }
  bool Bool(bool value) { return unexpected(value ? "true" : "false"); }
  bool RawNumber(const char *text, rapidjson::SizeType size, bool);
  bool String(const char *text, rapidjson::SizeType size, bool);
  bool StartObject();
  bool Key(const char *text, rapidjson::SizeType size, bool);
  bool EndObject(rapidjson::SizeType);
  bool StartArray();
  bool EndArray(rapidjson::SizeType);
  // Numbers are parsed as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  std::string problem;
  std::size_t start = 0; ///< byte where the latest token begins
  NamedArrays result;

private:
  void begin();
  bool end(bool good, bool bracket = false);
  bool unexpected(const std::string &got);
  bool value(double x);
  bool settle();
  bool inside() const { return !named || inObject; }

  std::string_view bytes;
  rapidjson::MemoryStream &stream;
  bool named; ///< an object of arrays, not one array
  bool inObject = false;
  std::size_t previous = 0; ///< byte behind the token before
  std::string name;         ///< of the member that is being read
  std::set<std::string> names;
  ArrayBuilder builder;
};

} // namespace

/// Finds where this token begins: what lies between two tokens is blank, a comma or a colon.
void JsonHandler::begin() {
  std::size_t next = bytes.find_first_not_of(" \t\r\n,:", previous);
  start = next == std::string_view::npos ? bytes.size() : next;
}

/// RapidJSON reports a bracket before it takes it, and all else behind it.
bool JsonHandler::end(bool good, bool bracket) {
  previous = stream.Tell() + (bracket ? 1 : 0);
  return good;
}

bool JsonHandler::unexpected(const std::string &got) {
  begin();
  problem = fmt::format("expected {}, got {}",
                        inside() ? "a number or an array of numbers" : "an object", got);
  return false;
}

/// Stores the array if it is complete.
bool JsonHandler::settle() {
  if (builder.complete())
    result.emplace_back(std::move(name), builder.take());
  return true;
}

bool JsonHandler::value(double x) { return builder.number(x, problem) && settle(); }

bool JsonHandler::RawNumber(const char *text, rapidjson::SizeType size, bool) {
  if (!inside())
    return unexpected("a number");
  begin();
  std::optional<double> x = parseNumber({text, size}, problem);
  return end(x && value(*x));
}

bool JsonHandler::String(const char *text, rapidjson::SizeType size, bool) {
  std::string_view word(text, size);
  if (!inside() || (word != "nan" && word != "inf" && word != "-inf"))
    return unexpected(fmt::format("the string {}", excerpt(word)));
  begin();
  double infinity = std::numeric_limits<double>::infinity();
  return end(value(word == "inf"    ? infinity
                   : word == "-inf" ? -infinity
                                    : std::numeric_limits<double>::quiet_NaN()));
}

bool JsonHandler::StartObject() {
  if (!named || inObject)
    return unexpected("an object");
  begin();
  inObject = true;
  return end(true, true);
}

bool JsonHandler::Key(const char *text, rapidjson::SizeType size, bool) {
  begin();
  name.assign(text, size);
  if (!names.insert(name).second) {
    problem = fmt::format("{} is given twice", excerpt(name));
    return false;
  }
  return end(true);
}

bool JsonHandler::EndObject(rapidjson::SizeType) {
  begin();
  return end(true, true);
}

bool JsonHandler::StartArray() {
  if (!inside())
    return unexpected("an array");
  begin();
  return end(builder.open(problem), true);
}

bool JsonHandler::EndArray(rapidjson::SizeType) {
  begin();
  return end(builder.close(problem) && settle(), true);
}

namespace {

/// line:column of a byte, both from 1.
std::string place(std::string_view bytes, std::size_t offset) {
  std::string_view before = bytes.substr(0, offset);
  std::size_t line = 1, begin = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i] == '\n') {
      ++line;
      begin = i + 1;
    }
  return fmt::format("{}:{}", line, before.size() - begin + 1);
}

/// RapidJSON's sentence in the style of our diagnostics.
std::string words(rapidjson::ParseErrorCode code) {
  std::string text = rapidjson::GetParseError_En(code);
  if (text.ends_with('.'))
    text.pop_back();
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::optional<NamedArrays> readJson(std::string_view bytes, bool named, std::string &error) {
  constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
  if (bytes.starts_with(byteOrderMark))
    bytes.remove_prefix(byteOrderMark.size());
  if (bytes.size() > maxJsonBytes) {
    error = fmt::format("expected at most {} bytes of json, got {}", maxJsonBytes, bytes.size());
    return std::nullopt;
  }
  rapidjson::MemoryStream stream(bytes.data(), bytes.size());
  JsonHandler handler(bytes, stream, named);
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseNumbersAsStringsFlag |
                             rapidjson::kParseValidateEncodingFlag;
  rapidjson::ParseResult outcome = reader.Parse<flags>(stream, handler);
  if (!handler.problem.empty())
    error = fmt::format("{}: {}", place(bytes, handler.start), handler.problem);
  else if (outcome.IsError())
    error = fmt::format("{}: {}", place(bytes, outcome.Offset()), words(outcome.Code()));
  else if (stream.Tell() < bytes.size()) // a zero byte ends RapidJSON's text
    error = fmt::format("{}: expected the end of the file, got a zero byte",
                        place(bytes, stream.Tell()));
  else
    return std::move(handler.result);
  return std::nullopt;
}

} // namespace

std::optional<NamedArrays> readJsonValues(std::string_view bytes, std::string &error) {
  return readJson(bytes, true, error);
}

std::optional<NumberArray> readJsonArray(std::string_view bytes, std::string &error) {
  std::optional<NamedArrays> result = readJson(bytes, false, error);
  if (!result)
    return std::nullopt;
  return std::move(result->front().second);
}

} // namespace deq
