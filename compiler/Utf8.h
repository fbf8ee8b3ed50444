// Characters of a text that claims to be UTF-8.
// The lexer names them in messages and messages quote whole lines: bytes that are no characters, or
// that control a terminal, must not get there.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace deq {

/// Bytes of the printable character that `text` begins with, 0 if it begins with none: a control,
/// or bytes that are no UTF-8.
constexpr std::size_t characterLength(std::string_view text) {
  auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80)
    return lead >= 0x20 && lead != 0x7f;
  std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  // A control of U+0080 to U+009f, a form longer than needed, half of a surrogate pair, or beyond
  // the last character.
  bool wrong = (lead == 0xc2 && second < 0xa0) || (lead == 0xe0 && second < 0xa0) ||
               (lead == 0xed && second >= 0xa0) || (lead == 0xf0 && second < 0x90) ||
               (lead == 0xf4 && second >= 0x90) || lead > 0xf4;
  return wrong ? 0 : length;
}

/// `text` with a question mark for each byte that is no printable character, but of those in
/// `kept`.
inline std::string printable(std::string text, std::string_view kept = "") {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = characterLength(std::string_view(text).substr(i));
    if (length == 0 && kept.find(text[i]) == std::string_view::npos)
      text[i] = '?';
    i += std::max<std::size_t>(length, 1);
  }
  return text;
}

} // namespace deq
