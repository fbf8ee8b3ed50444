// Makes the diagnostics of ApiErrors.def, and quotes the lines of hosts.
#include "ApiError.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace deq {

static std::string nameOf(ApiId id) {
  constexpr const char *names[] = {
#define API_ERROR(id, summary) #id,
#include "runtime/Trace/ApiErrors.def"
  };
  std::string name = names[static_cast<std::size_t>(id)];
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

Location locationOf(const std::source_location &place) {
  return {place.file_name(), static_cast<int>(place.line()), static_cast<int>(place.column())};
}

/// Empty if there is none. Hosts are compiled elsewhere, so any file of that name may be meant by
/// it: what is no file of lines is not read.
static std::string lineOf(const Location &place) {
  constexpr std::size_t longest = 2000;
  std::error_code unreadable;
  if (place.line <= 0 || !std::filesystem::is_regular_file(place.file, unreadable))
    return "";
  std::ifstream file(place.file);
  std::string line;
  for (int number = 0; number < place.line; ++number)
    if (!std::getline(file, line))
      return "";
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  return line.size() > longest ? "" : line;
}

Diagnostic quoted(Diagnostic diagnostic) {
  if (diagnostic.line_text.empty())
    diagnostic.line_text = lineOf(diagnostic.location);
  for (Diagnostic &note : diagnostic.notes)
    note = quoted(std::move(note));
  return diagnostic;
}

Diagnostic hostDiagnostic(ApiId id, Severity severity, Location place, std::string text) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.id = nameOf(id);
  diagnostic.location = std::move(place);
  diagnostic.text = std::move(text);
  return quoted(std::move(diagnostic));
}

void throwError(ApiId id, Location place, std::string text) {
  throw Error({hostDiagnostic(id, Severity::error, std::move(place), std::move(text))});
}

void throwError(ApiId id, const std::source_location &place, std::string text) {
  throwError(id, locationOf(place), std::move(text));
}

void throwErrors(const Diagnostics &diagnostics) {
  std::vector<Diagnostic> list;
  for (const Diagnostic &diagnostic : diagnostics.all())
    list.push_back(quoted(diagnostic));
  throw Error(std::move(list));
}

} // namespace deq
