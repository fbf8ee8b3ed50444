// Located messages about a user's source: what deq prints, and what an Error carries.
// One type serves the parser, the verifier and the command line, so that every message looks alike.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

/// A place in a source text. Lines and columns count from 1; a line of 0 means "no place known".
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

enum class Severity { error, warning, note };
/// "error", "warning" or "note".
const char *name(Severity severity);

/// One message. `id` names its kind ("unknown-name", see docs/diagnostics.md; notes have none);
/// `text` is lower case without a full stop; `line_text` is the source line it points into (empty
/// if unknown); `notes` point at other places that explain it.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string id;
  Location location;
  std::string text;
  std::string line_text;
  std::vector<Diagnostic> notes;
};

/// `file:line:column: error: text [id]`, the source line and a caret below it, then the notes in
/// the same form. Ends with a newline.
std::string to_string(const Diagnostic &diagnostic);

/// Misuse of the API or a bad source. A numerical failure is never an Error: it is a Status.
class Error : public std::runtime_error {
public:
  explicit Error(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic> &diagnostics() const { return list; }

private:
  std::vector<Diagnostic> list;
};

} // namespace deq
#pragma GCC visibility pop
