// How one message is printed: place, severity, text, then the source line with a caret.
// The form is that of compilers, so that editors and people find the place without being taught.
#include "deq/diagnostic.h"
#include "Utf8.h"

#include <fmt/format.h>

namespace deq {

const char *name(Severity severity) {
  switch (severity) {
  case Severity::error:
    return "error";
  case Severity::warning:
    return "warning";
  case Severity::note:
    return "note";
  }
  return "";
}

namespace {

bool continuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Blanks up to the column: tabs stay tabs, and a character of several bytes takes one blank.
std::string caretLine(const std::string &line, int column) {
  std::string result;
  for (int i = 0; i + 1 < column; ++i) {
    bool inside = i < static_cast<int>(line.size());
    if (inside && continuesCharacter(line[i]))
      continue;
    result += inside && line[i] == '\t' ? '\t' : ' ';
  }
  return result + "^\n";
}

void append(std::string &out, const Diagnostic &diagnostic) {
  const Location &place = diagnostic.location;
  if (!place.file.empty())
    out += place.file + ":";
  if (place.line > 0)
    out += fmt::format("{}:{}:", place.line, place.column);
  if (!out.empty() && out.back() == ':')
    out += ' ';
  out += fmt::format("{}: {}", name(diagnostic.severity), diagnostic.text);
  out += diagnostic.id.empty() ? "\n" : fmt::format(" [{}]\n", diagnostic.id);
  if (place.line > 0 && !diagnostic.line_text.empty()) {
    std::string line = printable(diagnostic.line_text, "\t");
    out += line + "\n" + caretLine(line, place.column);
  }
  for (const Diagnostic &note : diagnostic.notes)
    append(out, note);
}

std::string join(const std::vector<Diagnostic> &diagnostics) {
  std::string result;
  for (const Diagnostic &diagnostic : diagnostics)
    result += to_string(diagnostic);
  return result;
}

} // namespace

std::string to_string(const Diagnostic &diagnostic) {
  std::string result;
  append(result, diagnostic);
  return result;
}

Error::Error(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(join(diagnostics)), list(std::move(diagnostics)) {}

} // namespace deq
