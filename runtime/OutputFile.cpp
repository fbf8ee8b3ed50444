// Writes data through a buffer and file descriptors.
// Descriptors rather than streams, since only they tell why a write failed.
#include "OutputFile.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deq {

/// The file that a chain of links ends at, so that renaming replaces the file and not the link.
static std::string resolved(const std::string &path) {
  char *real = realpath(path.c_str(), nullptr);
  std::string result = real ? real : path;
  std::free(real);
  return result;
}

OutputFile::OutputFile(const std::string &path) : name(path) {
  buffer.reserve(bufferSize);
  if (path.empty())
    descriptor = STDOUT_FILENO;
  else
    openFile(path);
}

void OutputFile::openFile(const std::string &path) {
  struct stat old;
  bool exists = stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    target = resolved(path);
    temporary = fmt::format("{}.{}.tmp", target, getpid());
    descriptor =
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
  }
  if (descriptor < 0)
    return fail();
  if (exists && !temporary.empty() && fchmod(descriptor, old.st_mode & 07777) != 0)
    fail();
}

OutputFile::~OutputFile() {
  if (descriptor > STDERR_FILENO)
    close(descriptor);
  if (!temporary.empty())
    unlink(temporary.c_str());
}

void OutputFile::fail() {
  if (!error)
    error = errno ? errno : EIO;
  buffer.clear();
}

void OutputFile::flush() {
  const char *next = buffer.data();
  std::size_t left = buffer.size();
  while (!error && left > 0) {
    ssize_t written = ::write(descriptor, next, left);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return fail();
    next += written;
    left -= static_cast<std::size_t>(written);
  }
  buffer.clear();
}

void OutputFile::write(std::string_view text) {
  if (buffer.size() + text.size() > bufferSize)
    flush();
  buffer.append(text);
}

bool OutputFile::finish() {
  flush();
  if (error)
    return false;
  if (descriptor > STDERR_FILENO) {
    int result = close(descriptor);
    descriptor = -1;
    if (result != 0)
      fail();
  }
  if (!error && !temporary.empty()) {
    if (rename(temporary.c_str(), target.c_str()) == 0)
      temporary.clear();
    else
      fail();
  }
  return !error;
}

std::string OutputFile::message() const {
  std::string what = name.empty() ? "standard output" : fmt::format("'{}'", name);
  return fmt::format("cannot write {}: {}", what, std::strerror(error));
}

} // namespace deq
