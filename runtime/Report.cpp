// A compile as one line for people and one for programs.
#include "deq/report.h"

#include <fmt/format.h>

namespace deq {

const char *name(CacheLevel level) {
  constexpr const char *names[] = {"miss", "memory", "disk"};
  return names[static_cast<std::size_t>(level)];
}

static std::string fileName(const std::string &path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string CompileReport::line() const {
  const std::string place =
      site.line > 0 ? fmt::format(" ({}:{})", fileName(site.file), site.line) : "";
  return fmt::format("compile {}: {}{}; {:.1f} ms", field, reason, place, ms);
}

/// In quotes, with the escapes of JSON.
static std::string quoted(const std::string &text) {
  std::string result = "\"";
  for (char c : text)
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      result += fmt::format("\\u{:04x}", static_cast<int>(c));
    else
      result += c;
  return result + '"';
}

std::string CompileReport::json() const {
  std::string times;
  for (const Phase &phase : phases)
    times += fmt::format("{}{}:{:.3f}", times.empty() ? "" : ",", quoted(phase.name), phase.ms);
  return fmt::format(R"({{"field":{},"reason":{},"file":{},"line":{},"key":{},"ms":{:.3f},)"
                     R"("phases":{{{}}}}})",
                     quoted(field), quoted(reason), quoted(site.file), site.line, quoted(key), ms,
                     times);
}

} // namespace deq
