// Parses a file and, once each, the files it imports.
// A path is relative to the file that names it, so that a folder of files can be moved.
#include "SourceFiles.h"
#include "Parser.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace deq {

namespace {
constexpr std::size_t maxFiles = 1000;
constexpr std::size_t maxDepth = 50; ///< imports within imports

/// The same for every spelling of a path, so that a file is known again: `lib/../a.deq`, `a.deq`
/// and
/// `/folder/a.deq`.
std::string normal(const std::string &path) {
  std::error_code failed;
  std::filesystem::path whole = std::filesystem::absolute(path, failed);
  return (failed ? std::filesystem::path(path) : whole).lexically_normal().string();
}
} // namespace

SourceFiles::SourceFiles(const std::string &text, Files *files, Diagnostics &diagnostics)
    : files(files), diagnostics(diagnostics) {
  seen.insert(normal(diagnostics.file()));
  open.push_back(normal(diagnostics.file()));
  parse(text, 0);
}

void SourceFiles::parse(const std::string &text, int source) {
  parsed.push_back(std::make_unique<FileSyntax>(Parser(text, diagnostics, source).parseFile()));
  const FileSyntax &file = *parsed.back();
  for (const FieldSyntax &field : file.fields)
    fields.push_back(&field);
  for (const SolveSyntax &preset : file.presets)
    presets.push_back(&preset);
  for (const MethodSyntax &method : file.methods)
    methods.push_back(&method);
  for (const Name &path : file.imports)
    import(path);
}

void SourceFiles::import(const Name &path) {
  std::string resolved = besides(diagnostics.file(path.at.file), path.text);
  std::string key = normal(resolved);
  if (std::find(open.begin(), open.end(), key) != open.end()) {
    diagnostics.report(Id::import_cycle, path.at,
                       fmt::format("'{}' imports itself{}", path.text,
                                   open.back() == key ? "" : ", by way of others"));
    return;
  }
  if (!seen.insert(key).second)
    return;
  if (open.size() > maxDepth || seen.size() > maxFiles) {
    diagnostics.report(
        Id::too_deep, path.at,
        fmt::format("expected at most {} imported files, {} levels deep", maxFiles, maxDepth));
    return;
  }
  std::string error = fmt::format("cannot read '{}': files cannot be read here", path.text);
  auto text = files ? files->read(resolved, error) : std::nullopt;
  if (!text) {
    diagnostics.report(Id::unreadable_file, path.at, error);
    return;
  }
  open.push_back(key);
  parse(*text, diagnostics.addSource(resolved, *text));
  open.pop_back();
}

} // namespace deq
