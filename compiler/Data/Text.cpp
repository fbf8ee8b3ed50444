// Numbers by std::from_chars: exact, and the same under every locale.
#include "Text.h"

#include <charconv>
#include <fmt/format.h>

namespace deq {

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> parseNumber(std::string_view text, std::string &error) {
  text = trimmed(text);
  std::string_view digits = text;
  // std::from_chars takes no plus sign, but it takes nan(payload), which no file should rely on.
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-')
    digits.remove_prefix(1);
  double value = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool whole = end == digits.data() + digits.size() && !digits.ends_with(')');
  if (code == std::errc() && whole)
    return value;
  error = text.empty() ? "expected a number, got an empty cell"
          : code == std::errc::result_out_of_range && whole
              ? fmt::format("number {} does not fit a double", excerpt(text))
              : fmt::format("expected a number, got {}", excerpt(text));
  return std::nullopt;
}

std::string excerpt(std::string_view text, std::size_t limit) {
  std::string result = "'";
  for (char c : text.substr(0, limit)) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && byte < 0x80)
      result += c;
    else
      result += fmt::format("\\x{:02x}", byte);
  }
  return result + (text.size() > limit ? "...'" : "'");
}

} // namespace deq
