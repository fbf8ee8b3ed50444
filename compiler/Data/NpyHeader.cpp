// A parser of the one dictionary that NumPy writes.
// It takes what numpy.lib.format allows, not all of Python: no nesting, no escapes, no expressions.
#include "NpyHeader.h"
#include "Text.h"

#include <charconv>
#include <fmt/format.h>
#include <set>

namespace deq {

namespace {

constexpr std::size_t maxAxes = 64;

class HeaderParser {
public:
  HeaderParser(std::string_view text, std::string &error) : text(text), error(error) {}
  std::optional<NpyHeader> parse();

private:
  void skipBlanks();
  bool take(char c);
  bool expect(char c);
  bool fail(std::string_view expected);
  bool entry();
  bool string(std::string &value);
  bool descr();
  bool boolean();
  bool shape();
  bool extent();

  std::string_view text; ///< what is left
  std::string &error;
  NpyHeader header;
  std::set<std::string> keys;
};

} // namespace

void HeaderParser::skipBlanks() {
  std::size_t next = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(next == std::string_view::npos ? text.size() : next);
}

bool HeaderParser::take(char c) {
  skipBlanks();
  if (!text.starts_with(c))
    return false;
  text.remove_prefix(1);
  return true;
}

bool HeaderParser::expect(char c) { return take(c) || fail(fmt::format("'{}'", c)); }

bool HeaderParser::fail(std::string_view expected) {
  skipBlanks();
  error = fmt::format("npy header: expected {}, got {}", expected,
                      text.empty() ? "its end" : excerpt(text, 20));
  return false;
}

bool HeaderParser::string(std::string &value) {
  skipBlanks();
  char quote = text.empty() ? '\0' : text[0];
  std::size_t end = quote == '\'' || quote == '"' ? text.find(quote, 1) : std::string_view::npos;
  if (end == std::string_view::npos)
    return fail("a string");
  value = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return true;
}

bool HeaderParser::descr() {
  skipBlanks();
  if (text.starts_with('['))
    return fail("one type for all elements (structured arrays are not read)");
  return string(header.descr);
}

bool HeaderParser::boolean() {
  skipBlanks();
  for (std::string_view word : {"True", "False"})
    if (text.starts_with(word)) {
      header.fortran = word == "True";
      text.remove_prefix(word.size());
      return true;
    }
  return fail("True or False");
}

bool HeaderParser::extent() {
  skipBlanks();
  std::int64_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || value < 0)
    return fail("an extent that fits 64 bits");
  if (value == 0)
    return fail("an extent of at least 1 (an array without numbers is not read)");
  if (header.shape.size() == maxAxes)
    return fail(fmt::format("at most {} axes", maxAxes));
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  take('L'); // of Python 2's long integers
  header.shape.push_back(value);
  return true;
}

bool HeaderParser::shape() {
  if (!expect('('))
    return false;
  while (!take(')')) {
    if (!extent())
      return false;
    bool comma = take(',');
    skipBlanks();
    if (!comma && (header.shape.size() == 1 || !text.starts_with(')')))
      return fail("','"); // (3) is a number in Python, no tuple
  }
  return true;
}

bool HeaderParser::entry() {
  std::string key;
  if (!string(key) || !expect(':'))
    return false;
  if (!keys.insert(key).second) {
    error = fmt::format("npy header: {} is given twice", excerpt(key));
    return false;
  }
  if (key == "descr")
    return descr();
  if (key == "fortran_order")
    return boolean();
  if (key == "shape")
    return shape();
  error = fmt::format("npy header: expected descr, fortran_order or shape, got {}", excerpt(key));
  return false;
}

std::optional<NpyHeader> HeaderParser::parse() {
  if (!expect('{'))
    return std::nullopt;
  while (!take('}')) {
    if (!entry())
      return std::nullopt;
    if (take(','))
      continue;
    skipBlanks();
    if (!text.starts_with('}')) {
      fail("',' or '}'");
      return std::nullopt;
    }
  }
  skipBlanks();
  if (!text.empty()) {
    fail("its end");
    return std::nullopt;
  }
  for (const char *key : {"descr", "fortran_order", "shape"})
    if (!keys.count(key)) {
      error = fmt::format("npy header: expected a value for '{}', got none", key);
      return std::nullopt;
    }
  return header;
}

std::optional<NpyHeader> readNpyHeader(std::string_view text, std::string &error) {
  return HeaderParser(text, error).parse();
}

} // namespace deq
