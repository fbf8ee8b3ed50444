// Fields of texts: the language's own loader, with the host's clauses before those of the text.
#include "deq/engine.h"
#include "runtime/Trace/FieldSource.h"

#include <fmt/format.h>

namespace deq {

namespace {

class TextField : public Field::Source {
public:
  TextField(std::string file, std::string text, std::string solve)
      : file(std::move(file)), text(std::move(text)), solve(std::move(solve)),
        shown(this->solve.empty() ? this->file : this->solve) {}

  const std::string &name() const override { return shown; }

  Problem problem(const FieldRequest &request, std::vector<Diagnostic> &warnings) const override {
    for (const std::vector<Expression> &list : request.expressions)
      if (!list.empty())
        throwError(ApiId::text_expression, list.front().at,
                   fmt::format("expected a traced field for '{}' as a callable, got a text; its "
                               "solve block can have 'stop when' and saved expressions",
                               list.front().name));
    Overrides overrides;
    overrides.solve = solve;
    overrides.host = &request.clauses;
    overrides.resumable = request.clauses.resumable;
    for (const auto &[name, value] : request.statics)
      overrides.set.emplace_back(name, fmt::format("{}", value));
    Diagnostics diagnostics;
    DiskFiles files;
    auto problem = loadProblem(file, text, overrides, diagnostics, &files);
    if (!problem)
      throwErrors(diagnostics);
    warnings.insert(warnings.end(), diagnostics.all().begin(), diagnostics.all().end());
    return std::move(*problem);
  }

private:
  std::string file, text, solve, shown;
};

} // namespace

Field load_string(std::string text, std::string solve, Place at) {
  return Field(
      std::make_shared<TextField>(fmt::format("<text at {}:{}>", at.file_name(), at.line()),
                                  std::move(text), std::move(solve)));
}

Field load_file(const std::string &path, std::string solve, Place at) {
  std::string error;
  auto text = DiskFiles().read(path, error);
  if (!text) {
    Diagnostics diagnostics;
    diagnostics.setSource(at.file_name(), "");
    diagnostics.report(Id::unreadable_file,
                       {static_cast<int>(at.line()), static_cast<int>(at.column())}, error);
    throwErrors(diagnostics);
  }
  return Field(std::make_shared<TextField>(path, std::move(*text), std::move(solve)));
}

} // namespace deq
