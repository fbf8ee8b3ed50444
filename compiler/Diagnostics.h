// Collects located messages about a source and the files it imports, so that all errors are
// reported in one run.
#pragma once

#include "deq/diagnostic.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

/// Position in a source: 1-based, 0 if unknown. Small, because every graph node carries one.
struct Position {
  int line = 0;
  int column = 0;
  int file = 0; ///< number of the source, as Diagnostics::addSource gave it
};

/// One enumerator per row of Diagnostics.def.
enum class Id : std::uint8_t {
#define DIAGNOSTIC(id, severity, summary) id,
#include "Diagnostics.def"
};

struct DiagnosticRow {
  std::string name; ///< of the identifier, with dashes: "unknown-name"
  Severity severity;
  std::string summary;
};
/// The rows of Diagnostics.def, indexed by Id.
const std::vector<DiagnosticRow> &diagnosticRows();

class Diagnostics {
public:
  /// Names the text that positions with `file` 0 refer to, and forgets every other one.
  void setSource(std::string file, std::string_view text);
  /// Adds a text that the first one imports; returns the number for its positions.
  int addSource(std::string file, std::string_view text);
  const std::string &file(int number = 0) const { return sources[number].file; }
  /// The number of the source of that name, 0 if there is none.
  int number(const std::string &file) const;
  std::vector<std::string> files() const; ///< names of all sources, by number

  /// Adds a message of the severity of its row. Returns the stored one, valid until the next call,
  /// for notes.
  Diagnostic &report(Id id, Position at, std::string text);
  /// Adds a note at another place to `diagnostic`.
  void note(Diagnostic &diagnostic, Position at, std::string text);
  /// Adds a diagnostic that was made elsewhere.
  void add(Diagnostic diagnostic);
  /// Orders all messages by their place in the text, those without one first. A message that was
  /// found twice, as in a preset of two solves, stays once.
  void sort();
  /// Forgets the warnings of a kind.
  void dropWarnings(Id id);

  bool failed() const { return errors > 0; }
  /// True once further errors are not kept: who looks for them may stop.
  bool full() const;
  const std::vector<Diagnostic> &all() const { return list; }

private:
  struct Source {
    std::string file;
    std::string text;
    std::vector<std::size_t> lines = {0}; ///< offsets, as far as messages asked for
  };
  Diagnostic make(Severity severity, Position at, std::string text);
  std::string quote(Source &source, int line);
  bool dropped(Severity severity, Position at);

  std::vector<Source> sources = std::vector<Source>(1);
  std::vector<Diagnostic> list;
  Diagnostic unread; ///< takes the notes of what nobody will read
  int errors = 0, warnings = 0;
};

} // namespace deq
