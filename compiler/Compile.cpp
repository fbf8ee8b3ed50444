// The door of the compiler: reads texts, and hands what they mean to the compiler behind it.
// Part of whatever compiles and free of MLIR and LLVM, so that a text with a mistake needs neither.

#include "Compile.h"

#include <algorithm>
#include <chrono>

namespace deq {

namespace {

bool endsWith(const std::string &file, const std::string &extension) {
  return file.size() >= extension.size() &&
         file.compare(file.size() - extension.size(), extension.size(), extension) == 0;
}

bool isText(const Source &source) { return endsWith(source.file, ".deq"); }

/// The kinds of files that are read: texts, and what stages are printed to.
bool isKnown(const Source &source, Diagnostics &diagnostics) {
  diagnostics.setSource(source.file, endsWith(source.file, ".o") ? "" : source.text);
  if (isText(source) || std::ranges::any_of(stages(), [&](const StageInfo &stage) {
        return endsWith(source.file, stage.extension);
      }))
    return true;
  diagnostics.report(Id::unknown_file_type, {},
                     "expected a file that ends in .deq, .mlir, .ll, .s or .o");
  return false;
}

/// A source as the compiler takes it.
struct Opened {
  std::optional<Problem> problem; ///< of a text
  Dump dump;                      ///< else
  std::vector<Phase> phases;      ///< what came before the compiler

  CompilerInput input() const { return problem ? CompilerInput(&*problem) : CompilerInput(dump); }
};

std::optional<Opened> open(const Source &source, const Overrides &overrides,
                           const CompileOptions &options, Diagnostics &diagnostics) {
  if (!isKnown(source, diagnostics))
    return std::nullopt;
  Opened opened{std::nullopt, {&source, &overrides}, {}};
  if (!isText(source))
    return opened;
  const auto start = std::chrono::steady_clock::now();
  opened.problem = loadProblem(source.file, source.text, overrides, diagnostics, options.files);
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - start;
  opened.phases.push_back({"parse", elapsed.count()});
  return opened.problem ? std::optional(std::move(opened)) : std::nullopt;
}

/// `make` of the compiler, with the phases before it in the report.
template <class Make> auto reported(std::vector<Phase> phases, const Make &make) {
  const Compiler &ready = compiler(phases);
  auto made = make(ready);
  if (made) {
    CompileReport &report = made->report;
    for (const Phase &phase : phases)
      report.ms += phase.ms;
    report.phases.insert(report.phases.begin(), phases.begin(), phases.end());
  }
  return made;
}

} // namespace

std::optional<Artifact> compile(const Source &source, const Overrides &overrides,
                                const CompileOptions &options, Diagnostics &diagnostics) {
  const std::optional<Opened> opened = open(source, overrides, options, diagnostics);
  if (!opened)
    return std::nullopt;
  return reported(opened->phases, [&](const Compiler &compiler) {
    return compiler.compile(opened->input(), options, diagnostics);
  });
}

std::optional<Artifact> compile(const Problem &problem, const CompileOptions &options,
                                Diagnostics &diagnostics) {
  return reported({}, [&](const Compiler &compiler) {
    return compiler.compile(&problem, options, diagnostics);
  });
}

std::optional<Emitted> emit(const Source &source, const Overrides &overrides,
                            const std::string &stage, const CompileOptions &options,
                            Diagnostics &diagnostics) {
  const std::optional<Opened> opened = open(source, overrides, options, diagnostics);
  if (!opened)
    return std::nullopt;
  return reported(opened->phases, [&](const Compiler &compiler) {
    return compiler.emit(opened->input(), stage, options, diagnostics);
  });
}

std::optional<Emitted> emit(const Problem &problem, const std::string &stage,
                            const CompileOptions &options, Diagnostics &diagnostics) {
  return reported({}, [&](const Compiler &compiler) {
    return compiler.emit(&problem, stage, options, diagnostics);
  });
}

bool check(const Source &source, const CompileOptions &options, Diagnostics &diagnostics) {
  if (isText(source))
    return checkSource(source.file, source.text, diagnostics, options.files);
  if (!isKnown(source, diagnostics))
    return false;
  const Overrides none;
  std::vector<Phase> phases;
  return compiler(phases).check({&source, &none}, options, diagnostics);
}

} // namespace deq
