// The front end's entry points: a file to a problem, and a check of all of a file.
// Errors of fields come before those of values, because values are judged by the shapes of a field.
#include "Budget.h"
#include "Frontend.h"
#include "LoadLeaves.h"
#include "LoadOptions.h"
#include "Names.h"
#include "Parser.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace deq {

namespace {

class Loader {
public:
  Loader(const std::string &text, Diagnostics &diagnostics)
      : diagnostics(diagnostics), syntax(Parser(text, diagnostics).parseFile()) {
    for (const Name &clause : syntax.unsupported)
      diagnostics.error(clause.at, fmt::format("'{}' is not supported yet", clause.text));
    for (FieldSyntax &field : syntax.fields)
      declareField(field);
    checkSolves();
  }

  const SolveSyntax *choose(const std::string &wanted) {
    std::vector<std::string> known;
    for (const SolveSyntax &solve : syntax.solves) {
      if (known.size() < maxSuggestions)
        known.push_back(solve.name.text);
      if (solve.name.text == wanted || (wanted.empty() && syntax.solves.size() == 1))
        return &solve;
    }
    if (!wanted.empty())
      diagnostics.error(
          {}, fmt::format("--solve: unknown solve '{}'{}", wanted, suggestion(wanted, known)));
    else if (!known.empty())
      diagnostics.error(
          {}, fmt::format("several solves, choose one of {} with --solve", listed(known)));
    else if (!diagnostics.failed())
      diagnostics.error({}, "no solve in this file, expected a block 'solve FIELD {..}'");
    return nullptr;
  }

  std::optional<Problem> load(const SolveSyntax &solve, const Overrides &overrides) {
    FieldEntry *entry = find(solve.field.text);
    if (!entry)
      return std::nullopt;
    const FieldSyntax &field = *entry->syntax;
    constexpr std::int64_t stepsPerName = 10; // of looking for its value
    auto steps = static_cast<std::int64_t>(field.state.size() + field.parameters.size() + 1);
    if (field.broken || !budget.spend(steps * stepsPerName, solve.name.at, diagnostics))
      return std::nullopt;
    Problem problem;
    LeafLoader leaves(field, entry->names, &solve, overrides, diagnostics, budget);
    bool complete = leaves.loadStatics();
    loadOptions(solve, leaves.scope(), overrides, problem.signature, problem.values, diagnostics);
    if (!complete || entry->failed)
      return std::nullopt;
    // Many solves may share a field: its graph is the same unless a static differs.
    if (!entry->graph || entry->statics != leaves.scope().statics) {
      entry->elaborated = true;
      entry->statics = leaves.scope().statics;
      entry->graph = elaborateField(field, entry->names, entry->statics, diagnostics, &budget);
      entry->failed = !entry->graph;
    }
    if (!entry->graph)
      return std::nullopt;
    leaves.loadLeaves(*entry->graph, problem.values);
    if (diagnostics.failed())
      return std::nullopt;
    return problem;
  }

  /// Adds what `load` found out about the field of a solve.
  void complete(const SolveSyntax &solve, Problem &problem) {
    problem.field = std::move(*find(solve.field.text)->graph);
    sign(solve, problem);
  }

  /// Every solve, and the fields that no solve reached.
  void checkAll() {
    for (const SolveSyntax &solve : syntax.solves) {
      if (diagnostics.full())
        return;
      load(solve, {});
    }
    for (FieldEntry &entry : fields) {
      if (diagnostics.full())
        return;
      if (entry.elaborated || entry.syntax->broken)
        continue;
      LeafLoader leaves(*entry.syntax, entry.names, nullptr, {}, diagnostics, budget);
      if (leaves.loadStatics())
        elaborateField(*entry.syntax, entry.names, leaves.scope().statics, diagnostics, &budget);
    }
  }

private:
  struct FieldEntry {
    const FieldSyntax *syntax;
    FieldNames names;
    bool elaborated = false, failed = false;
    std::optional<FieldGraph> graph; ///< of the latest solve, with its statics
    Statics statics;
  };

  FieldEntry *find(const std::string &name) {
    auto found = fieldsByName.find(name);
    return found == fieldsByName.end() ? nullptr : &fields[found->second];
  }

  static std::string listed(const std::vector<std::string> &names) {
    constexpr std::size_t shown = 20;
    std::string result;
    for (std::size_t i = 0; i < std::min(names.size(), shown); ++i)
      result += (result.empty() ? "'" : ", '") + names[i] + "'";
    return result + (names.size() > shown ? ", .." : "");
  }

  void failTwice(const Name &name, const char *what, Position first) {
    Diagnostic &error =
        diagnostics.error(name.at, fmt::format("{} '{}' is defined twice", what, name.text));
    diagnostics.note(error, first, "first defined here");
  }

  void declareField(const FieldSyntax &field) {
    if (FieldEntry *other = find(field.name.text))
      failTwice(field.name, "field", other->syntax->name.at);
    FieldEntry entry{&field, {}};
    if (!field.broken)
      entry.names = resolveNames(field, diagnostics);
    fieldsByName.try_emplace(field.name.text, fields.size());
    fields.push_back(std::move(entry));
  }

  void checkSolves() {
    std::map<std::string, Position> seen;
    std::vector<std::string> known;
    for (std::size_t i = 0; i < std::min(fields.size(), maxSuggestions); ++i)
      known.push_back(fields[i].syntax->name.text);
    for (const SolveSyntax &solve : syntax.solves) {
      if (diagnostics.full())
        return;
      auto [first, fresh] = seen.try_emplace(solve.name.text, solve.name.at);
      if (!fresh)
        failTwice(solve.name, "solve", first->second);
      if (!find(solve.field.text))
        diagnostics.error(solve.field.at, fmt::format("unknown field '{}'{}", solve.field.text,
                                                      suggestion(solve.field.text, known)));
    }
  }

  static void sign(const SolveSyntax &solve, Problem &problem) {
    constexpr std::int64_t registerScalars = 16; // larger arguments are read from memory
    Signature &signature = problem.signature;
    signature.solve = solve.name.text;
    signature.field = problem.field.name;
    signature.state = problem.field.state;
    for (const Leaf &leaf : problem.field.arguments)
      signature.arguments.push_back({leaf, scalars(leaf.shape) > registerScalars
                                               ? ArgumentKind::memory
                                               : ArgumentKind::uniform});
    signature.literals = static_cast<std::int64_t>(problem.field.literals.size());
    for (const Literal &literal : problem.field.literals)
      problem.values.literals.push_back(literal.value);
  }

  Diagnostics &diagnostics;
  FileSyntax syntax;
  std::vector<FieldEntry> fields;
  std::unordered_map<std::string, std::size_t> fieldsByName; ///< the first of each name
  Budget budget;
};

/// Reports a text that is refused for its size.
bool fits(const std::string &text, Diagnostics &diagnostics) {
  if (text.size() <= maxSourceBytes)
    return true;
  diagnostics.error({}, fmt::format("expected a file of at most {} bytes", maxSourceBytes));
  return false;
}

/// Passes all messages on in the order of the text: names, shapes and values are checked in
/// separate rounds.
void publish(const Diagnostics &found, Diagnostics &diagnostics) {
  std::vector<Diagnostic> sorted = found.all();
  auto end = sorted.end() - found.full(); // that there are more is the last that is said
  std::stable_sort(sorted.begin(), end, [](const Diagnostic &a, const Diagnostic &b) {
    return std::pair(a.location.line, a.location.column) <
           std::pair(b.location.line, b.location.column);
  });
  for (Diagnostic &diagnostic : sorted)
    diagnostics.add(std::move(diagnostic));
}

} // namespace

std::optional<Problem> loadProblem(const std::string &file, const std::string &text,
                                   const Overrides &overrides, Diagnostics &diagnostics) {
  if (!fits(text, diagnostics))
    return std::nullopt;
  Diagnostics found;
  found.setSource(file, text);
  diagnostics.setSource(file, text);
  Loader loader(text, found);
  const SolveSyntax *solve = loader.choose(overrides.solve);
  auto problem = solve ? loader.load(*solve, overrides) : std::nullopt;
  publish(found, diagnostics);
  if (!problem || found.failed())
    return std::nullopt;
  loader.complete(*solve, *problem);
  return problem;
}

bool checkSource(const std::string &file, const std::string &text, Diagnostics &diagnostics) {
  if (!fits(text, diagnostics))
    return false;
  Diagnostics found;
  found.setSource(file, text);
  diagnostics.setSource(file, text);
  Loader(text, found).checkAll();
  publish(found, diagnostics);
  return !found.failed();
}

} // namespace deq
