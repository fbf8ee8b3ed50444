// System calls on a folder and its files, each checked.
#include "Folder.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace deq {

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept {
  std::swap(number, other.number);
  return *this;
}
Descriptor::~Descriptor() {
  if (number >= 0)
    close(number);
}
int Descriptor::release() { return std::exchange(number, -1); }

namespace {

/// A file that is being written. Its writer holds a lock on it, which ends with its process.
constexpr std::string_view unfinished = ".part";

std::string reason() { return std::strerror(errno); }

bool endsWith(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

/// Why what `facts` tells of may be written by others; empty if it may not.
std::string exposure(const struct stat &facts) {
  if (facts.st_uid != geteuid())
    return fmt::format("it belongs to user {}", facts.st_uid);
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fmt::format("others may write to it (mode {:o})", facts.st_mode & 07777);
  return "";
}

/// The folder and those that it is in, for this user alone: who may write to one of them could put
/// another in the next one's place. errno says what went wrong.
bool makeFolders(const std::string &path) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1))
    mkdir(path.substr(0, end).c_str(), 0700);
  return mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
}

bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::int64_t nanoseconds(const timespec &time) {
  return std::int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::int64_t now() {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

} // namespace

std::optional<Folder> Folder::open(const std::string &path, bool create, std::string &error) {
  if (path.empty() || path.front() != '/') {
    error = fmt::format("expected an absolute path of a cache folder, got '{}'", path);
    return std::nullopt;
  }
  if (create && !makeFolders(path)) {
    error = fmt::format("cannot make the cache folder '{}': {}", path, reason());
    return std::nullopt;
  }
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat facts;
  if (!folder || fstat(folder.get(), &facts) != 0) {
    error = !create && errno == ENOENT
                ? ""
                : fmt::format("cannot open the cache folder '{}': {}", path, reason());
    return std::nullopt;
  }
  if (const std::string why = exposure(facts); !why.empty()) {
    error = fmt::format("the cache folder '{}' is not used: {}", path, why);
    return std::nullopt;
  }
  return Folder(std::move(folder));
}

std::optional<std::string> Folder::read(const std::string &name, std::int64_t most,
                                        std::string &refusal) const {
  const Descriptor file(
      openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat facts;
  if (!file || fstat(file.get(), &facts) != 0) {
    if (errno != ENOENT)
      refusal = errno == ELOOP ? "it is a symbolic link"
                               : fmt::format("it cannot be opened: {}", reason());
    return std::nullopt;
  }
  if (!S_ISREG(facts.st_mode)) {
    refusal = "it is no file";
    return std::nullopt;
  }
  if (refusal = exposure(facts); !refusal.empty())
    return std::nullopt;
  if (facts.st_size > most) {
    refusal = fmt::format("it is too large: {} bytes", facts.st_size);
    return std::nullopt;
  }
  std::string bytes(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t count = pread(file.get(), bytes.data() + got, bytes.size() - got, off_t(got));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      refusal = fmt::format("it cannot be read: {}", reason());
      return std::nullopt;
    }
    if (count == 0)
      break; // it was shortened meanwhile; its checksum will tell
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

bool Folder::write(const std::string &name, std::string_view bytes, std::string &error) const {
  // Threads may write one name at once, and so may processes of one number in two containers.
  static std::atomic<unsigned> number{0};
  const std::string part =
      fmt::format("{}.{}.{}.{}{}", name, getpid(), number++, now(), unfinished);
  auto fail = [&](const char *what) {
    error = fmt::format("cannot {} a file of the cache: {}", what, reason());
    return false;
  };
  const Descriptor file(openat(folder.get(), part.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file)
    return fail("make");
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0 || !writeAll(file.get(), bytes))
    fail("write");
  else if (renameat(folder.get(), part.c_str(), folder.get(), name.c_str()) != 0)
    fail("rename");
  else
    return true;
  remove(part);
  return false;
}

void Folder::touch(const std::string &name, std::size_t at, std::uint64_t value) const {
  const Descriptor file(
      openat(folder.get(), name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (file && pwrite(file.get(), &value, sizeof value, off_t(at)) < 0)
    return;
}

bool Folder::remove(const std::string &name) const {
  return unlinkat(folder.get(), name.c_str(), 0) == 0;
}

std::vector<FileFacts> Folder::files(std::string_view ending) const {
  std::vector<FileFacts> all;
  const int own = openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR *)> stream(own < 0 ? nullptr : fdopendir(own), closedir);
  if (!stream)
    return all;
  while (const dirent *item = readdir(stream.get())) {
    struct stat facts;
    if (endsWith(item->d_name, ending) &&
        fstatat(folder.get(), item->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISDIR(facts.st_mode))
      all.push_back({item->d_name, facts.st_size, nanoseconds(facts.st_mtim)});
  }
  return all;
}

void Folder::removeLeftovers() const {
  for (const FileFacts &part : files(unfinished)) {
    const Descriptor file(
        openat(folder.get(), part.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    // A writer makes its file and locks it a moment later.
    constexpr std::int64_t moment = 1'000'000'000;
    if (file && now() - part.usedNanoseconds > moment && flock(file.get(), LOCK_EX | LOCK_NB) == 0)
      remove(part.name);
  }
}

} // namespace deq
