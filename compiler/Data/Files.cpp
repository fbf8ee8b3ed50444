// Reads regular files up to a limit.
// The limit is enforced on what is read, not on the size that the system states: a file may grow.
#include "Files.h"
#include "Text.h"

#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

namespace deq {

namespace {

/// The system's words for an error, in the style of our diagnostics.
std::string reason(std::error_code code) {
  std::string text = code.message();
  if (!text.empty())
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string kindOf(std::filesystem::file_type type) {
  using std::filesystem::file_type;
  switch (type) {
  case file_type::directory:
    return "a directory";
  case file_type::fifo:
    return "a pipe";
  case file_type::socket:
    return "a socket";
  case file_type::block:
  case file_type::character:
    return "a device";
  default:
    return "something else";
  }
}

/// What keeps `path` from being read, empty if nothing does.
std::string obstacle(const std::string &path) {
  if (path.empty())
    return "the path is empty";
  if (path.find('\0') != std::string::npos)
    return "the path contains a zero byte";
  std::error_code code;
  std::filesystem::file_status status = std::filesystem::status(path, code);
  if (status.type() == std::filesystem::file_type::not_found)
    return "no such file";
  if (code)
    return reason(code);
  if (!std::filesystem::is_regular_file(status))
    return fmt::format("expected a regular file, got {}", kindOf(status.type()));
  return "";
}

} // namespace

Files::~Files() = default;

std::optional<std::string> DiskFiles::read(const std::string &path, std::string &error) {
  auto refuse = [&](const std::string &why) {
    error = fmt::format("cannot read {}: {}", excerpt(path, maxPathExcerpt), why);
    return std::nullopt;
  };
  if (std::string why = obstacle(path); !why.empty())
    return refuse(why);
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    return refuse(errno ? reason({errno, std::generic_category()}) : "it cannot be opened");
  std::string bytes;
  char block[1 << 16];
  while (stream) {
    stream.read(block, sizeof block);
    bytes.append(block, static_cast<std::size_t>(stream.gcount()));
    if (bytes.size() > limit)
      return refuse(fmt::format("expected at most {} bytes, got more", limit));
  }
  if (stream.bad())
    return refuse("reading failed");
  return bytes;
}

std::string besides(const std::string &file, const std::string &path) {
  return (std::filesystem::path(file).parent_path() / path).string();
}

} // namespace deq
