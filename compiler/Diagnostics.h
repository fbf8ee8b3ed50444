// Collects located messages about one source text, so that all errors of a file are reported in one
// run.
#pragma once

#include "deq/diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace deq {

/// Position in a source: 1-based, 0 if unknown. Small, because every graph node carries one.
struct Position {
  int line = 0;
  int column = 0;
};

class Diagnostics {
public:
  /// Names the text that positions refer to. The text is copied, for carets.
  void setSource(std::string file, std::string_view text);
  const std::string &file() const { return fileName; }

  /// Returns the stored diagnostic, valid until the next call, for notes.
  Diagnostic &error(Position at, std::string text);
  /// Adds a note at another place of the same source to `diagnostic`.
  void note(Diagnostic &diagnostic, Position at, std::string text);

  bool failed() const { return errors > 0; }
  /// True once further errors are not kept: who looks for them may stop.
  bool full() const;
  const std::vector<Diagnostic> &all() const { return list; }
  /// A diagnostic that has its place already (from MLIR or LLVM).
  void add(Diagnostic diagnostic);

private:
  Diagnostic make(Severity severity, Position at, std::string text);
  std::string lineText(int line);
  std::string fileName;
  std::string source;
  std::vector<std::size_t> lineStarts; ///< as far as messages asked for
  std::vector<Diagnostic> list;
  int errors = 0;
};

} // namespace deq
