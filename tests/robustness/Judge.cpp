// The rules that every message obeys, applied to every message.
// A place is judged against the lines of the text itself, not against what the compiler believes of
// them.
#include "Judge.h"

#include "compiler/Compile.h"

#include <fmt/format.h>

#include <ctime>
#include <string_view>

namespace deq::test {

namespace {

/// Messages about an option or about the file as a whole.
bool isAboutTheWhole(const std::string &text) {
  for (std::string_view start :
       {"no solve in this file", "several solves", "expected a file of", "too many errors"})
    if (text.rfind(start, 0) == 0)
      return true;
  return false;
}

bool isUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || i + length > text.size())
      return false;
    unsigned value = length == 1 ? lead : lead & (0x7f >> length);
    for (std::size_t k = 1; k < length; ++k) {
      auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80)
        return false;
      value = value << 6 | (next & 0x3f);
    }
    constexpr unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
      return false;
    i += length;
  }
  return true;
}

std::string complaintAboutText(const std::string &text) {
  constexpr std::size_t longest = 2000;
  if (text.empty())
    return "an empty message";
  if (text.size() > longest)
    return fmt::format("a message of {} bytes", text.size());
  bool starts = (text[0] >= 'a' && text[0] <= 'z') || text[0] == '\'' || text[0] == '-';
  if (!starts || text.back() == '.')
    return "expected lower case without a full stop";
  for (char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return "a control character in the message";
  return isUtf8(text) ? "" : "expected a message in UTF-8";
}

class Lines {
public:
  explicit Lines(std::string_view text) : text(text) {}

  /// True if the place is a byte of the text or just behind a line.
  bool contain(int line, int column) {
    while (static_cast<int>(starts.size()) <= line) {
      std::size_t end = text.find('\n', starts.back());
      if (end == std::string_view::npos)
        break;
      starts.push_back(end + 1);
    }
    if (line < 1 || line > static_cast<int>(starts.size()) || column < 1)
      return false;
    std::size_t start = starts[line - 1];
    std::size_t end = std::min(text.find('\n', start), text.size());
    return static_cast<std::size_t>(column) <= end - start + 1;
  }

private:
  std::string_view text;
  std::vector<std::size_t> starts = {0};
};

std::string complaintAbout(const Diagnostic &diagnostic, Lines &lines) {
  const Location &at = diagnostic.location;
  std::string problem = complaintAboutText(diagnostic.text);
  bool inside = at.file == "t.deq" ? lines.contain(at.line, at.column) : at.line > 0;
  if (problem.empty() && !isAboutTheWhole(diagnostic.text) && !inside)
    problem = "expected a place inside of the text";
  if (problem.empty())
    for (const Diagnostic &note : diagnostic.notes)
      if (problem = complaintAbout(note, lines); !problem.empty())
        return problem;
  if (problem.empty() && !isUtf8(to_string(diagnostic)))
    problem = "expected to print UTF-8";
  return problem.empty() ? ""
                         : fmt::format("{}: {}:{}: {}", problem, at.line, at.column,
                                       diagnostic.text.substr(0, 200));
}

} // namespace

std::string complaintAbout(const Diagnostics &diagnostics, bool accepted, const std::string &text) {
  bool failed = false;
  Lines lines(text);
  for (const Diagnostic &diagnostic : diagnostics.all()) {
    failed |= diagnostic.severity == Severity::error;
    if (std::string problem = complaintAbout(diagnostic, lines); !problem.empty())
      return problem;
  }
  if (accepted == failed)
    return accepted ? "accepted in spite of an error" : "rejected without an error";
  return "";
}

double processorTime() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

namespace {

/// What a text may name: a source and data.
class TwoFiles : public Files {
public:
  std::optional<std::string> read(const std::string &path, std::string &error) override {
    if (path == "data.csv")
      return "t,v\n0,1\n1,2\n2,0\n";
    if (path == "part.deq")
      return "field part(t; x) {\n  x' = -x\n}\npreset fine {\n  method dopri5\n}\n";
    error = "cannot read '" + path + "': no such file";
    return std::nullopt;
  }
};

} // namespace

Verdict judge(const std::string &text) {
  TwoFiles files;
  Verdict verdict;
  double start = processorTime();
  Diagnostics checking, loading;
  verdict.checked = checkSource("t.deq", text, checking, &files);
  std::optional<Problem> problem = loadProblem("t.deq", text, {}, loading, &files);
  verdict.seconds = processorTime() - start;
  verdict.loaded = problem.has_value();
  verdict.nodes = problem ? problem->field.nodes.size() : 0;
  for (const Diagnostic &diagnostic : checking.all())
    if (verdict.text.empty() && diagnostic.severity == Severity::error)
      verdict.text = diagnostic.text;
  verdict.complaint = complaintAbout(checking, verdict.checked, text);
  if (verdict.complaint.empty())
    verdict.complaint = complaintAbout(loading, verdict.loaded, text);
  return verdict;
}

std::string judgeImport(const std::string &text) {
  Diagnostics diagnostics;
  TwoFiles files;
  CompileOptions options;
  options.verify = true;
  options.files = &files;
  bool imported = emit({"t.deq", text}, {}, "field", options, diagnostics).has_value();
  return complaintAbout(diagnostics, imported, text);
}

} // namespace deq::test
