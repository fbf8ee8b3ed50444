// Loads the text, and asks the caches of the runtime before the compiler.
#include "Cached.h"

#include "Message.h"

#include <chrono>
#include <filesystem>

namespace deq::cli {

namespace {

/// The diagnostics say why.
struct CompileFailed {};

/// The same file is the same place, wherever it is named from.
Location placeOf(const std::string &file) {
  std::error_code code;
  const std::filesystem::path path = std::filesystem::absolute(file, code);
  return {code ? file : path.lexically_normal().string(), 0, 0};
}

} // namespace

std::optional<Lookup> lookupOf(const Source &source, const Options &options,
                               Diagnostics &diagnostics) {
  const auto start = std::chrono::steady_clock::now();
  diagnostics.setSource(source.file, source.text);
  std::optional<Problem> problem =
      loadProblem(source.file, source.text, options.overrides, diagnostics, options.compile.files);
  if (!problem)
    return std::nullopt;
  const std::chrono::duration<double, std::milli> elapsed =
      std::chrono::steady_clock::now() - start;
  return Lookup{std::move(*problem), {options.compile, placeOf(source.file), 0}, elapsed.count()};
}

std::optional<Artifact> compileOrFind(const Source &source, const Options &options,
                                      Diagnostics &diagnostics) {
  if (std::filesystem::path(source.file).extension() != ".deq")
    return compile(source, options.overrides, options.compile, diagnostics);
  std::optional<Lookup> lookup = lookupOf(source, options, diagnostics);
  if (!lookup)
    return std::nullopt;
  auto warn = [&](const std::string &text) { sayWarning(text, options.quiet); };
  Programs programs({1, options.cached ? defaultDiskSettings(warn) : DiskSettings(), warn});
  try {
    MemoryCache::Made made =
        programs.get(lookup->problem, lookup->request, [&](const Problem &problem) {
          auto artifact = compile(problem, options.compile, diagnostics);
          if (!artifact)
            throw CompileFailed();
          return std::move(*artifact);
        });
    CompileReport &report = made.report;
    report.ms += lookup->parseMs;
    report.phases.insert(report.phases.begin(), {"parse", lookup->parseMs});
    if (!options.cached)
      report.reason = "--no-cache";
    return Artifact{std::move(lookup->problem.signature), std::move(lookup->problem.values),
                    std::move(made.compiled.program), std::move(report), nullptr};
  } catch (const CompileFailed &) {
    return std::nullopt;
  }
}

} // namespace deq::cli
