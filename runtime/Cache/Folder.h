// A folder that is this user's alone, and files in it, by descriptors: between a check and its use
// nobody can put something else in a path's place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

/// A file descriptor, closed at the end.
class Descriptor {
public:
  explicit Descriptor(int number = -1) : number(number) {}
  Descriptor(Descriptor &&other) noexcept : number(other.release()) {}
  Descriptor &operator=(Descriptor &&other) noexcept;
  ~Descriptor();
  int get() const { return number; }
  explicit operator bool() const { return number >= 0; }
  int release();

private:
  int number;
};

struct FileFacts {
  std::string name;
  std::int64_t bytes = 0;
  std::int64_t usedNanoseconds = 0; ///< of the time that it was written or used last
};

class Folder {
public:
  /// Opens the folder at `path`, which has to be absolute, and makes it and those that it is in if
  /// `create`. nullopt and `error` if it cannot be opened or is not this user's alone.
  static std::optional<Folder> open(const std::string &path, bool create, std::string &error);

  /// Contents of a file of at most so many bytes. nullopt if there is none; then `refusal` is
  /// empty, and else says why it is not read.
  std::optional<std::string> read(const std::string &name, std::int64_t most,
                                  std::string &refusal) const;
  /// Writes a file as a whole: those who read at the same time see the old one or the new one.
  bool write(const std::string &name, std::string_view bytes, std::string &error) const;
  /// Overwrites eight bytes, and makes the file the one used last. It may fail, silently.
  void touch(const std::string &name, std::size_t at, std::uint64_t value) const;
  bool remove(const std::string &name) const;
  /// All but folders whose name ends in `ending`.
  std::vector<FileFacts> files(std::string_view ending) const;
  /// Removes what writers that have died left behind.
  void removeLeftovers() const;

private:
  explicit Folder(Descriptor folder) : folder(std::move(folder)) {}
  Descriptor folder;
};

} // namespace deq
