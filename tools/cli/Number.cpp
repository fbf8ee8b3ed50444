// Formats one number.
// Spelled out for what is not finite, since the sign of a NaN means nothing to a reader.
#include "Number.h"

#include <fmt/format.h>

#include <cmath>

namespace deq::cli {

std::string_view NumberText::operator()(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  char *end = fmt::format_to(text, "{:.{}g}", value, digits);
  return {text, static_cast<std::size_t>(end - text)};
}

} // namespace deq::cli
