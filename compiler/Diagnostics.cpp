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
  source = text;
  lineStarts = {0};
}

bool Diagnostics::full() const { return errors > maxErrors; }

/// A line of the source, empty if there is none. Lines are found when they are asked for: most
/// texts are free of errors, and a text of newlines alone should not cost a table of them.
std::string Diagnostics::lineText(int line) {
  if (line < 1 || lineStarts.empty())
    return "";
  while (static_cast<std::size_t>(line) > lineStarts.size()) {
    std::size_t end = source.find('\n', lineStarts.back());
    if (end == std::string::npos)
      return "";
    lineStarts.push_back(end + 1);
  }
  std::size_t start = lineStarts[line - 1];
  std::string_view text = std::string_view(source).substr(start);
  text = text.substr(0, text.find('\n'));
  if (!text.empty() && text.back() == '\r')
    text.remove_suffix(1);
  return std::string(text.size() > maxQuotedLine ? std::string_view() : text);
}

Diagnostic Diagnostics::make(Severity severity, Position at, std::string text) {
  Diagnostic result;
  result.severity = severity;
  result.location = {fileName, at.line, at.column};
  result.text = std::move(text);
  result.line_text = lineText(at.line);
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
    if (at.line == 0 && !list.empty()) // an error of the whole file is not the place of the others
      at = {list.back().location.line, list.back().location.column};
  }
  list.push_back(make(Severity::error, at, std::move(text)));
  return list.back();
}

void Diagnostics::note(Diagnostic &diagnostic, Position at, std::string text) {
  if (diagnostic.text.empty())
    return; // of a dropped error
  diagnostic.notes.push_back(make(Severity::note, at, std::move(text)));
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error)
    ++errors;
  list.push_back(std::move(diagnostic));
}

} // namespace deq
