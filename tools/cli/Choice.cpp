// Parses numbers and choices of the command line.
// std::from_chars takes the whole text or nothing and knows no locale.
#include "Choice.h"

#include "compiler/Frontend/Names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deq::cli {

void notSupportedYet(const std::string &what) {
  throw UsageError(fmt::format("{} is not supported yet", what));
}

template <class T> static bool parseWhole(const std::string &text, T &value) {
  const char *end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end;
}

double parseNumber(const std::string &option, const std::string &text) {
  double value = 0;
  if (!parseWhole(text, value) || !std::isfinite(value))
    throw UsageError(fmt::format("{}: expected a number, got '{}'", option, text));
  return value;
}

std::int64_t parseCount(const std::string &option, const std::string &text) {
  std::int64_t value = 0;
  if (!parseWhole(text, value) || value < 1)
    throw UsageError(
        fmt::format("{}: expected a whole number of at least 1, got '{}'", option, text));
  return value;
}

std::string parseChoice(const std::string &option, const std::string &text,
                        const std::vector<std::string> &choices,
                        const std::vector<std::string> &later) {
  if (std::ranges::find(choices, text) != choices.end())
    return text;
  if (std::ranges::find(later, text) != later.end())
    notSupportedYet(fmt::format("{} {}", option, text));
  throw UsageError(fmt::format("{}: expected one of {}, got '{}'{}", option,
                               fmt::join(choices, ", "), text, suggestion(text, choices)));
}

} // namespace deq::cli
