// How the compiler gets at files: an interface, so that hosts and tests can refuse or fake them.
#pragma once

#include <optional>
#include <string>

namespace deq {

class Files {
public:
  virtual ~Files() = default;
  /// The bytes of a file; nullopt with `error` set if it cannot be read.
  virtual std::optional<std::string> read(const std::string &path, std::string &error) = 0;
};

/// Regular files of at most `maxFileBytes`.
class DiskFiles : public Files {
public:
  std::optional<std::string> read(const std::string &path, std::string &error) override;
};

/// The one of this process; it has no state.
DiskFiles *diskFiles();

constexpr std::size_t maxFileBytes = std::size_t(1) << 28; // 256 MiB

/// `path` as seen from the folder of `file`; an absolute one stays.
std::string besides(const std::string &file, const std::string &path);

} // namespace deq
