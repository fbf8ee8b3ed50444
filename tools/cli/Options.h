// What a command line asks for, as plain data.
// The commands know nothing of how it was spelled, so that they can be called without a command
// line.
#pragma once

#include "compiler/Compile.h"

#include <string>
#include <vector>

namespace deq::cli {

enum class Command { run, compile, check, format, list, cache };
enum class Format { automatic, csv, json, table };
/// Of a report: for a person, or for a program.
enum class ReportForm { none, text, json };

/// Imports and data files are those of this machine.
inline DiskFiles diskFiles;

struct Options {
  Command command = Command::run;
  std::string file;               ///< the source
  std::vector<std::string> files; ///< of `format`
  Overrides overrides;
  CompileOptions compile{Backend::native, false, &diskFiles};
  std::string output; ///< empty: standard output
  Format format = Format::automatic;
  std::string plan;      ///< of `run`: whose rows; empty: the main plan's
  std::string saveState; ///< of `run`: where the end goes that another run can go on from
  std::string resume;    ///< of `run`: such a file to go on from
  std::string stage;     ///< of `compile`; empty: from the extension of `output`
  std::string topic;     ///< of `list` and `cache`
  bool cached = true;    ///< of `run`: whether the disk cache is used
  ReportForm stats = ReportForm::none;
  ReportForm timeReport = ReportForm::none;
  bool quiet = false;
  bool write = false;     ///< `format`: in place
  bool checkOnly = false; ///< `format`: only say which files would change
};

/// A parsed command line, or the end of the matter: a text to print and the status to exit with.
struct ParsedLine {
  Options options;
  bool finished = false; ///< --help, --version, or an error
  int status = 0;
  std::string text;
};

ParsedLine parseLine(int argc, const char *const *argv);

} // namespace deq::cli
