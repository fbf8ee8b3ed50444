// One record of the text form of signatures and values, "word operand operand", as it is taken
// apart. Apart from what the records mean, because every operand is checked in the same few ways.
#pragma once

#include "Signature.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

/// One record as it is taken apart. The first operand that does not fit fails it; later reads are
/// harmless.
class Record {
public:
  explicit Record(std::string_view record) : text(record) {
    while (!record.empty()) {
      const std::size_t end = std::min(record.find(' '), record.size());
      words.push_back(record.substr(0, end));
      record.remove_prefix(std::min(end + 1, record.size()));
    }
    key = word();
  }

  std::string_view key;
  bool failed() const { return !error.empty(); }
  const std::string &message() const { return error; }

  void fail(const std::string &why) {
    if (!failed())
      error = fmt::format("record '{}': {}", text, why);
  }
  /// A record ends where its operands end.
  void finish() {
    if (more())
      fail(fmt::format("unexpected '{}'", words[next]));
  }

  std::string name() {
    const std::string_view got = word();
    if (got.empty() ||
        std::any_of(got.begin(), got.end(), [](unsigned char c) { return c <= ' ' || c == 127; }))
      fail("expected a name");
    return std::string(got);
  }

  template <std::size_t n> std::size_t choice(const std::string_view (&names)[n]) {
    const std::string_view got = word();
    const auto *found = std::find(std::begin(names), std::end(names), got);
    if (found != std::end(names))
      return found - std::begin(names);
    fail(fmt::format("expected one of {}, got '{}'", fmt::join(names, ", "), got));
    return 0;
  }

  std::int64_t integer(double least, double most) {
    return parsed<std::int64_t>("an integer", least, most);
  }
  double real(double least, double most) { return parsed<double>("a number", least, most); }

  std::vector<std::int64_t> integers() {
    std::vector<std::int64_t> values;
    while (more())
      values.push_back(parse<std::int64_t>("an integer"));
    return values;
  }

  std::vector<double> reals() {
    std::vector<double> values;
    while (more())
      values.push_back(parse<double>("a number"));
    return values;
  }

  Shape shape() {
    // Far above any array that fits in memory, far below where products of sizes overflow.
    constexpr std::int64_t mostElements = std::int64_t(1) << 40;
    Shape dims;
    std::int64_t total =
        1; // of the sizes that are not zero, so that a zero excuses no absurd neighbour
    while (more()) {
      dims.push_back(integer(0, mostElements));
      if (dims.back() > mostElements / total)
        fail("the shape is too large");
      else
        total *= std::max<std::int64_t>(dims.back(), 1);
    }
    return dims;
  }

private:
  bool more() const { return !failed() && next < words.size(); }

  std::string_view word() {
    if (next < words.size())
      return words[next++];
    fail("too few operands");
    return {};
  }

  template <class Number> Number parse(std::string_view expected) {
    const std::string_view got = word();
    Number value = 0;
    const auto [end, code] = std::from_chars(got.data(), got.data() + got.size(), value);
    if (code != std::errc() || end != got.data() + got.size())
      fail(fmt::format("expected {}, got '{}'", expected, got));
    return value;
  }

  template <class Number> Number parsed(std::string_view expected, double least, double most) {
    const Number value = parse<Number>(expected);
    if (!(value >= least && value <= most))
      fail(fmt::format("expected {} from {} to {}, got {}", expected, least, most, value));
    return value;
  }

  std::string_view text;
  std::vector<std::string_view> words;
  std::size_t next = 0;
  std::string error;
};

} // namespace deq
