// The list of messages about a source.
// Bounded, so that a hostile file of a megabyte of errors costs neither memory nor patience.
#include "Diagnostics.h"
#include "Utf8.h"

#include <algorithm>
#include <tuple>

namespace deq {

namespace {
constexpr int maxErrors = 200;
constexpr int maxWarnings = 50;
/// A line longer than this is generated or binary: quoting it helps nobody.
constexpr std::size_t maxQuotedLine = 2000;

std::string dashed(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::tuple<int, int> place(const Diagnostic &diagnostic) {
  return {diagnostic.location.line, diagnostic.location.column};
}

/// With a place, of the same words, and with the same notes.
bool repeats(const Diagnostic &a, const Diagnostic &b) {
  auto alike = [](const Diagnostic &x, const Diagnostic &y) {
    return x.location.file == y.location.file && place(x) == place(y) && x.text == y.text;
  };
  return a.location.line > 0 && alike(a, b) &&
         std::equal(a.notes.begin(), a.notes.end(), b.notes.begin(), b.notes.end(), alike);
}
} // namespace

const std::vector<DiagnosticRow> &diagnosticRows() {
  static const std::vector<DiagnosticRow> rows = {
#define DIAGNOSTIC(id, severity, summary) {dashed(#id), Severity::severity, summary},
#include "Diagnostics.def"
  };
  return rows;
}

void Diagnostics::setSource(std::string file, std::string_view text) {
  sources.clear();
  addSource(std::move(file), text);
}

int Diagnostics::addSource(std::string file, std::string_view text) {
  sources.push_back({std::move(file), std::string(text), {0}});
  return static_cast<int>(sources.size()) - 1;
}

bool Diagnostics::full() const { return errors > maxErrors; }

/// A line of a source, empty if there is none. Lines are found when they are asked for: most texts
/// are free of errors, and a text of newlines alone should not cost a table of them.
std::string Diagnostics::quote(Source &source, int line) {
  if (line < 1)
    return "";
  std::string_view text = source.text;
  while (static_cast<std::size_t>(line) > source.lines.size()) {
    std::size_t end = text.find('\n', source.lines.back());
    if (end == std::string_view::npos)
      return "";
    source.lines.push_back(end + 1);
  }
  std::string_view quoted = text.substr(source.lines[line - 1]);
  quoted = quoted.substr(0, quoted.find('\n'));
  if (!quoted.empty() && quoted.back() == '\r')
    quoted.remove_suffix(1);
  return quoted.size() > maxQuotedLine ? "" : std::string(quoted);
}

Diagnostic Diagnostics::make(Severity severity, Position at, std::string text) {
  Source &source = sources[at.file];
  Diagnostic result;
  result.severity = severity;
  result.location = {source.file, at.line, at.column};
  result.text = printable(std::move(text)); // it may name what a hostile file names
  result.line_text = quote(source, at.line);
  return result;
}

/// Counts a message; true if it is beyond the limit.
bool Diagnostics::dropped(Severity severity, Position at) {
  int &count = severity == Severity::error ? errors : warnings;
  int limit = severity == Severity::error ? maxErrors : maxWarnings;
  ++count;
  if (count == limit + 1 && severity == Severity::error) {
    if (at.line == 0 && !list.empty()) // an error of the whole file is not the place of the others
      at = {list.back().location.line, list.back().location.column,
            number(list.back().location.file)};
    Diagnostic last = make(Severity::error, at, "too many errors; the rest are not shown");
    last.id = diagnosticRows()[static_cast<std::size_t>(Id::too_many_errors)].name;
    list.push_back(std::move(last));
  }
  return count > limit;
}

Diagnostic &Diagnostics::report(Id id, Position at, std::string text) {
  const DiagnosticRow &row = diagnosticRows()[static_cast<std::size_t>(id)];
  if (dropped(row.severity, at)) {
    unread = {};
    return unread;
  }
  list.push_back(make(row.severity, at, std::move(text)));
  list.back().id = row.name;
  return list.back();
}

void Diagnostics::note(Diagnostic &diagnostic, Position at, std::string text) {
  if (diagnostic.text.empty())
    return; // of a dropped error
  diagnostic.notes.push_back(make(Severity::note, at, std::move(text)));
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (!dropped(diagnostic.severity, {}))
    list.push_back(std::move(diagnostic));
}

int Diagnostics::number(const std::string &file) const {
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].file == file)
      return static_cast<int>(i);
  return 0;
}

std::vector<std::string> Diagnostics::files() const {
  std::vector<std::string> names;
  for (const Source &source : sources)
    names.push_back(source.file);
  return names;
}

void Diagnostics::sort() {
  auto last = std::find_if(list.begin(), list.end(), [](const Diagnostic &diagnostic) {
    return diagnostic.id == "too-many-errors";
  });
  std::stable_sort(list.begin(), last, [&](const Diagnostic &a, const Diagnostic &b) {
    return std::tuple_cat(std::tuple(number(a.location.file)), place(a)) <
           std::tuple_cat(std::tuple(number(b.location.file)), place(b));
  });
  list.erase(std::unique(list.begin(), last, repeats), last);
}

void Diagnostics::dropWarnings(Id id) {
  const std::string &kind = diagnosticRows()[static_cast<std::size_t>(id)].name;
  std::erase_if(list, [&](const Diagnostic &diagnostic) {
    return diagnostic.severity == Severity::warning && diagnostic.id == kind;
  });
}

} // namespace deq
