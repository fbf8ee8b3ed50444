// What the readers of text share: a number from a cell, and foreign bytes in a message.
// Files are input from outside, so nothing of them reaches a terminal unescaped or unshortened.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace deq {

/// Blanks and tabs off both ends.
std::string_view trimmed(std::string_view text);

/// The whole of `text`, trimmed, as the nearest double: decimal digits with an optional sign, point
/// and exponent, or nan, inf, infinity in any case. Knows no locale. On failure `error` says what
/// was expected.
std::optional<double> parseNumber(std::string_view text, std::string &error);

/// `text` in single quotes for a message: unprintable bytes as \xNN, cut after `limit` bytes.
std::string excerpt(std::string_view text, std::size_t limit = 40);

/// The limit of excerpts that are paths: whoever reads the message wants all of a usual one.
inline constexpr std::size_t maxPathExcerpt = 1000;

} // namespace deq
