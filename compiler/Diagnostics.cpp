// The list of messages about one source text.
// Bounded, so that a hostile file of a megabyte of errors costs neither memory nor patience.
#include "Diagnostics.h"

namespace deq {

namespace {
constexpr int maxErrors = 200;
/// A line longer than this is generated or binary: quoting it helps nobody.
constexpr std::size_t maxQuotedLine = 2000;
} // namespace

void Diagnostics::setSource(std::string file, std::string_view text) {
  fileName = std::move(file);
  lines.clear();
  while (true) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    lines.emplace_back(line.size() > maxQuotedLine ? std::string_view() : line);
    if (end == std::string_view::npos)
      return;
    text.remove_prefix(end + 1);
  }
}

Diagnostic Diagnostics::make(Severity severity, Position at, std::string text) const {
  Diagnostic result;
  result.severity = severity;
  result.location = {fileName, at.line, at.column};
  result.text = std::move(text);
  if (at.line >= 1 && at.line <= static_cast<int>(lines.size()))
    result.line_text = lines[at.line - 1];
  return result;
}

Diagnostic &Diagnostics::error(Position at, std::string text) {
  ++errors;
  if (errors > maxErrors) {
    static thread_local Diagnostic dropped; // takes the notes of what nobody will read
    dropped = {};
    if (errors > maxErrors + 1)
      return dropped;
    text = "too many errors; the rest are not shown";
  }
  list.push_back(make(Severity::error, at, std::move(text)));
  return list.back();
}

void Diagnostics::note(Diagnostic &diagnostic, Position at, std::string text) {
  diagnostic.notes.push_back(make(Severity::note, at, std::move(text)));
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error)
    ++errors;
  list.push_back(std::move(diagnostic));
}

} // namespace deq
