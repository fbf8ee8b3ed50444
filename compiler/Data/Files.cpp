// Files of the disk.
// Sizes are checked before a byte is read, and devices and pipes, which have none, are refused.
#include "Files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace deq {

std::optional<std::string> DiskFiles::read(const std::string &path, std::string &error) {
  auto fail = [&](const std::string &why) {
    error = why;
    return std::nullopt;
  };
  std::error_code code;
  auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return fail("no such file");
  if (!std::filesystem::is_regular_file(status))
    return fail("expected a regular file");
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> stream(std::fopen(path.c_str(), "rb"),
                                                          std::fclose);
  if (!stream)
    return fail(std::strerror(errno));
  std::string bytes;
  char block[1 << 16];
  while (std::size_t count = std::fread(block, 1, sizeof block, stream.get())) {
    bytes.append(block, count);
    if (bytes.size() > maxFileBytes)
      return fail("expected at most 256 MiB");
  }
  if (std::ferror(stream.get()))
    return fail(std::strerror(errno));
  return bytes;
}

DiskFiles *diskFiles() {
  static DiskFiles files;
  return &files;
}

std::string besides(const std::string &file, const std::string &path) {
  return (std::filesystem::path(file).parent_path() / path).string();
}

} // namespace deq
