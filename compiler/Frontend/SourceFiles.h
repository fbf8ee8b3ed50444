// A source file and all that it imports, parsed.
// Fields and presets of imported files are the importer's own; their solves are not, so that a file
// of fields can carry its trial runs.
#pragma once

#include "Ast.h"

#include "../Data/Files.h"

#include <memory>
#include <set>

namespace deq {

class SourceFiles {
public:
  /// Parses `text`, which is source 0 of `diagnostics`. `files` reads the imports; null: there are
  /// none to be had.
  SourceFiles(const std::string &text, Files *files, Diagnostics &diagnostics);

  /// In the order of the text, the file itself before its imports.
  std::vector<const FieldSyntax *> fields;
  std::vector<const SolveSyntax *> presets;
  std::vector<const MethodSyntax *> methods;
  const std::vector<SolveSyntax> &solves() const { return parsed.front()->solves; }

private:
  void parse(const std::string &text, int source);
  void import(const Name &path);

  Files *files;
  Diagnostics &diagnostics;
  std::vector<std::unique_ptr<FileSyntax>> parsed;
  std::set<std::string> seen;    ///< normal forms of the paths
  std::vector<std::string> open; ///< those being imported
};

} // namespace deq
