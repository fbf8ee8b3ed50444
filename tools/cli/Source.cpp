// Reads a source file.
// The whole text at once, since diagnostics quote its lines.
#include "Commands.h"
#include "Message.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace deq::cli {

std::optional<Source> readSource(const std::string &file) {
  auto close = [](std::FILE *stream) { return stream == stdin ? 0 : std::fclose(stream); };
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> stream(
      file == "-" ? stdin : std::fopen(file.c_str(), "rb"), close);
  Source source{file, ""};
  // A file may be a device without end. Of a .deq text that is too long, the compiler says so;
  // dumped stages and objects are larger.
  constexpr std::size_t maxDumpBytes = std::size_t(512) << 20;
  bool isText = std::filesystem::path(file).extension() == ".deq";
  char block[1 << 14];
  while (stream && !std::ferror(stream.get())) {
    std::size_t count = std::fread(block, 1, sizeof block, stream.get());
    source.text.append(block, count);
    if (std::feof(stream.get()) || (isText && source.text.size() > maxSourceBytes))
      return source;
    if (source.text.size() > maxDumpBytes) {
      sayError(fmt::format("cannot read '{}': expected at most {} bytes", file, maxDumpBytes));
      return std::nullopt;
    }
  }
  sayError(fmt::format("cannot read '{}': {}", file, std::strerror(errno)));
  return std::nullopt;
}

} // namespace deq::cli
