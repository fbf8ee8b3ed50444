// `deqc compile` and `deqc check`: the compiler without the solve.
// Both are thin: what they print is made by the compiler.
#include "compiler/Compile.h"

#include "Commands.h"
#include "Exit.h"
#include "Formats.h"
#include "Message.h"
#include "Output.h"
#include "ReportJson.h"
#include "Stats.h"

#include <fmt/format.h>

#include <filesystem>
#include <unistd.h>

namespace deq::cli {

static const StageInfo *findStage(const std::string &name) {
  for (const StageInfo &stage : stages())
    if (stage.name == name)
      return &stage;
  return nullptr;
}

/// The stage to print: as asked for, else the last one whose files have the extension of the
/// output, else LLVM IR.
static std::string chosenStage(const Options &options) {
  if (!options.stage.empty())
    return options.stage;
  std::string extension = std::filesystem::path(options.output).extension();
  std::string chosen = "llvm";
  for (const StageInfo &stage : stages())
    if (stage.extension == extension)
      chosen = stage.name;
  return chosen;
}

static bool isBinary(const std::string &stage) {
  const StageInfo *info = findStage(stage);
  return info && info->extension == ".o";
}

int compileToStage(const Options &options) {
  std::string stage = chosenStage(options);
  if (isBinary(stage) && options.output.empty() && isatty(STDOUT_FILENO)) {
    sayError("an object file is not for a terminal: give -o FILE");
    return exitMisuse;
  }
  std::optional<Source> source = readSource(options.file);
  if (!source)
    return exitFileError;
  Diagnostics diagnostics;
  std::optional<Emitted> emitted =
      emit(*source, options.overrides, stage, options.compile, diagnostics);
  report(diagnostics, !options.quiet);
  if (!emitted)
    return exitMisuse;
  Output output(options.output);
  output.write(emitted->bytes);
  int status = finish(output, exitSolved);
  if (options.timeReport == ReportForm::text)
    say(timeText(emitted->report));
  else if (options.timeReport == ReportForm::json)
    say(reportLine(compileReportJson(emitted->report)));
  return status;
}

int check(const Options &options) {
  std::optional<Source> source = readSource(options.file);
  if (!source)
    return exitFileError;
  Diagnostics diagnostics;
  bool good = check(*source, options.compile, diagnostics);
  if (options.format != Format::json) {
    report(diagnostics, !options.quiet);
    return good ? exitSolved : exitMisuse;
  }
  Output output("");
  std::vector<Diagnostic> shown = diagnostics.all();
  if (options.quiet)
    std::erase_if(shown, [](const Diagnostic &d) { return d.severity != Severity::error; });
  writeDiagnosticsJson(source->file, shown, output);
  return finish(output, good ? exitSolved : exitMisuse);
}

} // namespace deq::cli
