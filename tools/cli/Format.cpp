// `deqc format`: sources in canonical layout.
// A file is replaced by renaming a complete new one over it, so that nothing is ever half written.
#include "compiler/Frontend/Format.h"

#include "Commands.h"
#include "Exit.h"
#include "Message.h"
#include "Output.h"

#include <fmt/format.h>

#include <filesystem>

namespace deq::cli {

namespace fs = std::filesystem;

/// False after saying why the file cannot be written.
static bool replace(const std::string &file, const std::string &text) {
  std::error_code code;
  fs::path target = fs::canonical(file, code); // a link stays a link
  fs::path temporary = target.string() + ".deqc-format";
  if (!code) {
    Output output(temporary.string());
    output.write(text);
    if (finish(output, exitSolved) != exitSolved)
      return false;
    fs::permissions(temporary, fs::status(target).permissions(), code);
  }
  if (!code)
    fs::rename(temporary, target, code);
  if (!code)
    return true;
  sayError(fmt::format("cannot write '{}': {}", file, code.message()));
  return false;
}

static int formatFile(const std::string &file, const Options &options) {
  std::optional<Source> source = readSource(file);
  if (!source)
    return exitFileError;
  Diagnostics diagnostics;
  auto formatted = formatSource(file, source->text, diagnostics);
  report(diagnostics, true);
  if (!formatted)
    return exitMisuse;
  bool changed = *formatted != source->text;
  if (options.checkOnly) {
    if (changed)
      sayError(fmt::format("'{}' is not in canonical layout", file));
    return changed ? exitMisuse : exitSolved;
  }
  if (options.write && file != "-")
    return !changed || replace(file, *formatted) ? exitSolved : exitFileError;
  return print(*formatted);
}

int format(const Options &options) {
  int status = exitSolved;
  for (const std::string &file : options.files)
    status = std::max(status, formatFile(file, options));
  return status;
}

} // namespace deq::cli
