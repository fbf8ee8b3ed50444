// Files that exist in a test only, and messages that say which file they are about.
// A test of imports or data shows all of its files in one place, and nothing is left on a disk.
#pragma once

#include "Support.h"

#include <cstring>
#include <filesystem>
#include <map>

namespace deq::test {

class FakeFiles : public Files {
public:
  FakeFiles(std::initializer_list<std::pair<const std::string, std::string>> contents)
      : contents(contents) {}

  std::optional<std::string> read(const std::string &path, std::string &error) override {
    std::string name = std::filesystem::path(path).lexically_normal().string();
    ++reads[name];
    auto found = contents.find(name);
    if (found != contents.end())
      return found->second;
    error = "cannot read '" + path + "': no such file";
    return std::nullopt;
  }

  std::map<std::string, std::string> contents; ///< by normal path
  std::map<std::string, int> reads;            ///< how often each was asked for
};

/// An array of doubles in NumPy's format, version 1.0.
inline std::string npy(const std::string &shape, const std::vector<double> &values) {
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize((10 + header.size() + 64) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() % 256);
  bytes += static_cast<char>(header.size() / 256);
  bytes += header;
  std::size_t start = bytes.size();
  bytes.resize(start + 8 * values.size());
  std::memcpy(bytes.data() + start, values.data(), 8 * values.size());
  return bytes;
}

/// Like summary(), with the file of each place and all notes: "lib/f.deq:2:8: unknown name 'a'".
inline std::string fullSummary(const Diagnostics &diagnostics,
                               Severity severity = Severity::error) {
  std::string result;
  auto line = [&](const Diagnostic &d, const char *prefix) {
    std::string place = d.location.line ? fmt::format("{}:{}:{}: ", d.location.file,
                                                      d.location.line, d.location.column)
                                        : "";
    result += prefix + place + d.text + "\n";
  };
  for (const Diagnostic &d : diagnostics.all()) {
    if (d.severity != severity)
      continue;
    line(d, "");
    for (const Diagnostic &note : d.notes)
      line(note, "note ");
  }
  return result;
}

/// All messages of `main.deq`, one of `files`, by `deqc check`.
inline std::string checkMain(FakeFiles &files, Severity severity = Severity::error) {
  Diagnostics diagnostics;
  bool good = checkSource("main.deq", files.contents["main.deq"], diagnostics, &files);
  EXPECT_EQ(good, !diagnostics.failed());
  return fullSummary(diagnostics, severity);
}

/// All errors of the solve of `main.deq`, by `deqc run`.
inline std::string errorsOfMain(FakeFiles &files, const Overrides &overrides = {}) {
  Diagnostics diagnostics;
  auto problem =
      loadProblem("main.deq", files.contents["main.deq"], overrides, diagnostics, &files);
  EXPECT_EQ(problem.has_value(), !diagnostics.failed());
  return fullSummary(diagnostics);
}

/// The solve of `main.deq`, which must load.
inline Problem loadMain(FakeFiles &files, const Overrides &overrides = {}) {
  Diagnostics diagnostics;
  auto problem =
      loadProblem("main.deq", files.contents["main.deq"], overrides, diagnostics, &files);
  EXPECT_EQ(fullSummary(diagnostics), "") << files.contents["main.deq"];
  return problem.value_or(Problem{});
}

} // namespace deq::test
