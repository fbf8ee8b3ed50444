// How the compiler gets at files that a source names.
// An interface, because a host may keep its data elsewhere, and a fuzzer must not open files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace deq {

class Files {
public:
  virtual ~Files();
  /// The bytes of a file, or nothing and in `error` why, with the path.
  virtual std::optional<std::string> read(const std::string &path, std::string &error) = 0;
};

/// The largest file that is read, in bytes (256 MiB).
inline constexpr std::uint64_t maxFileBytes = std::uint64_t(256) << 20;

/// Regular files of this machine. Devices and pipes are refused: they can block or never end.
class DiskFiles : public Files {
public:
  explicit DiskFiles(std::uint64_t limit = maxFileBytes) : limit(limit) {}
  std::optional<std::string> read(const std::string &path, std::string &error) override;

private:
  std::uint64_t limit; ///< bytes
};

/// `path` as meant by `file`: relative to the folder that `file` is in, unless absolute.
std::string besides(const std::string &file, const std::string &path);

} // namespace deq
