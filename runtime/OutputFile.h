// Where data goes: standard output, or a file that takes its name only once it is complete.
// Every write is checked, so that a full disk or a closed pipe is an exit status and never a silent
// loss.
#pragma once

#include <string>
#include <string_view>

namespace deq {

class OutputFile {
public:
  /// Opens `path`; an empty one is standard output. A regular file is written under a temporary
  /// name beside it; what is not a regular file (a device, a pipe) is written directly.
  explicit OutputFile(const std::string &path);
  /// Removes the temporary file unless finish() succeeded.
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  void put(char c) {
    if (buffer.size() == bufferSize)
      flush();
    buffer.push_back(c);
  }
  void write(std::string_view text);
  /// Writes what is buffered, closes, gives the file its name. False if anything failed since
  /// opening.
  bool finish();

  bool failed() const { return error != 0; }
  /// "cannot write 'x.csv': No space left on device"; only if failed().
  std::string message() const;

private:
  static constexpr std::size_t bufferSize = 1 << 16;
  void openFile(const std::string &path);
  void flush();
  void fail();

  std::string name;      ///< for messages; empty: standard output
  std::string target;    ///< final path of a regular file, links resolved
  std::string temporary; ///< empty: written directly
  std::string buffer;
  int descriptor = -1;
  int error = 0; ///< errno of the first failure
};

} // namespace deq
