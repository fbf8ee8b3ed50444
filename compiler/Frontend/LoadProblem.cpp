// The front end's entry points: a file to a problem, and a check of all of a file.
// Errors of fields come before those of values, because values are judged by the shapes of a field.
#include "Budget.h"
#include "Frontend.h"
#include "HostSyntax.h"
#include "LoadEvents.h"
#include "LoadLeaves.h"
#include "LoadOptions.h"
#include "Names.h"
#include "Presets.h"
#include "SignField.h"
#include "SourceFiles.h"
#include "SplitField.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace deq {

namespace {

class Loader {
public:
  Loader(const std::string &text, Files *files, Diagnostics &diagnostics,
         const HostClauses *host = nullptr)
      : diagnostics(diagnostics), host(host), sources(text, files, diagnostics),
        data(files, diagnostics) {
    if (host)
      hostBlock = hostSyntax(*host, hostPosition(host->site, diagnostics), diagnostics);
    for (const SolveSyntax &solve : sources.solves())
      collectUses(solve, usedBySolves[solve.field.text]);
    for (const FieldSyntax *field : sources.fields)
      declareField(*field);
    checkTwice(sources.presets, "preset");
    checkTwice(sources.methods, "method");
    loadMethods();
    checkSolves();
  }

  const SolveSyntax *choose(const std::string &wanted) {
    std::vector<std::string> known;
    for (const SolveSyntax &solve : sources.solves()) {
      if (known.size() < maxSuggestions)
        known.push_back(solve.name.text);
      if (solve.name.text == wanted || (wanted.empty() && sources.solves().size() == 1))
        return &solve;
    }
    if (host && chooseField(wanted))
      return &fieldAlone;
    if (!wanted.empty())
      diagnostics.report(Id::unknown_solve, {},
                         fmt::format("--solve: unknown solve '{}', expected {}{}", wanted,
                                     known.empty() ? "one in the file" : "one of " + listed(known),
                                     suggestion(wanted, known)));
    else if (!known.empty())
      diagnostics.report(
          Id::several_solves, {},
          fmt::format("several solves, choose one of {} with --solve", listed(known)));
    else if (!diagnostics.failed())
      diagnostics.report(Id::no_solve, {},
                         "no solve in this file, expected a block 'solve FIELD {..}'");
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
    LeafLoader leaves(field, entry->names, &solve, overrides, data, diagnostics, budget);
    bool complete = leaves.loadStatics();
    ClauseChain chain = clausesOf(solve, overrides);
    Observables observables;
    loadOptions(chain, leaves.scope(), *methods, overrides, problem, observables, diagnostics);
    loadEvents(solve, leaves.scope(), problem.signature, problem.values, observables, diagnostics);
    if (!complete || entry->failed || !elaborate(*entry, leaves.scope().statics, observables))
      return std::nullopt;
    checkDirections(problem.signature, observables, *entry->graph, diagnostics);
    splitField(*entry, problem.method);
    problem.signature.solve = solve.name.text;
    signField(*entry->graph, problem.signature);
    leaves.loadLeaves(problem.signature, problem.values);
    if (diagnostics.failed())
      return std::nullopt;
    return problem;
  }

  /// Adds what `load` found out about the field of a solve.
  void complete(const SolveSyntax &solve, Problem &problem) {
    problem.field = std::move(*find(solve.field.text)->graph);
    problem.files = diagnostics.files();
    for (const Literal &literal : problem.field.literals)
      problem.values.literals.push_back(literal.value);
  }

  /// Every solve and preset, and the fields that no solve reached.
  void checkAll() {
    for (const SolveSyntax &solve : sources.solves()) {
      if (diagnostics.full())
        return;
      load(solve, {});
    }
    for (const SolveSyntax *preset : sources.presets)
      checkPreset(*preset);
    for (FieldEntry &entry : fields) {
      if (diagnostics.full())
        return;
      if (entry.elaborated || entry.syntax->broken)
        continue;
      LeafLoader leaves(*entry.syntax, entry.names, nullptr, {}, data, diagnostics, budget);
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

  /// A host may ask for a field as it is.
  bool chooseField(const std::string &wanted) {
    const bool only = wanted.empty() && sources.solves().empty() && fields.size() == 1;
    if (!only && !find(wanted))
      return false;
    fieldAlone.name = fieldAlone.field = only ? fields.front().syntax->name : Name{wanted, {}};
    return true;
  }

  ClauseChain clausesOf(const SolveSyntax &solve, const Overrides &overrides) {
    if (!host)
      return clauseChain(solve, sources.presets, overrides.preset, "--preset: ", diagnostics);
    ClauseChain chain = clauseChain(hostBlock, sources.presets, "", "", diagnostics);
    const ClauseChain own = clauseChain(solve, sources.presets, "", "", diagnostics);
    chain.insert(chain.end(), own.begin(), own.end());
    return chain;
  }

  /// Many solves may share a field: its graph is the same unless a static differs or a solve
  /// observes something of its own.
  bool elaborate(FieldEntry &entry, const Statics &statics, const Observables &observables) {
    bool same = entry.graph && entry.statics == statics;
    bool plain = entry.graph && observesNothing(entry.graph->observables);
    if (same && plain && observables.empty())
      return true;
    entry.elaborated = true;
    entry.statics = statics;
    entry.graph =
        elaborateField(*entry.syntax, entry.names, statics, diagnostics, &budget, observables);
    entry.failed = !entry.graph && !same; // else only the solve's own expressions have errors
    return entry.graph.has_value();
  }

  /// Finds the halves of the field for a method that needs them.
  void splitField(const FieldEntry &entry, Method &method) {
    Splitting *splitting = method.splitting();
    if (!splitting)
      return;
    std::vector<Position> places;
    for (int statement : entry.names.derivatives)
      places.push_back(entry.syntax->statements[statement].name.at);
    if (auto positions = positionsOf(*entry.graph, places, method.name, diagnostics))
      splitting->positions = std::move(*positions);
  }

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
    Diagnostic &error = diagnostics.report(
        Id::defined_twice, name.at, fmt::format("{} '{}' is defined twice", what, name.text));
    diagnostics.note(error, first, "first defined here");
  }

  void declareField(const FieldSyntax &field) {
    if (FieldEntry *other = find(field.name.text))
      failTwice(field.name, "field", other->syntax->name.at);
    FieldEntry entry{&field, {}, false, false, {}, {}};
    if (!field.broken)
      entry.names = resolveNames(field, diagnostics, usedBySolves[field.name.text]);
    fieldsByName.try_emplace(field.name.text, fields.size());
    fields.push_back(std::move(entry));
  }

  void loadMethods() {
    std::vector<const MethodSyntax *> unnamed;
    auto collect = [&](const SolveSyntax &block) {
      if (block.tableau)
        unnamed.push_back(block.tableau.get());
    };
    collect(hostBlock);
    for (const SolveSyntax &solve : sources.solves())
      collect(solve);
    for (const SolveSyntax *preset : sources.presets)
      collect(*preset);
    methods.emplace(sources.methods, unnamed, diagnostics);
  }

  template <class Block> void checkTwice(const std::vector<Block *> &blocks, const char *what) {
    std::map<std::string, Position> seen;
    for (const Block *block : blocks) {
      auto [first, fresh] = seen.try_emplace(block->name.text, block->name.at);
      if (!fresh)
        failTwice(block->name, what, first->second);
    }
  }

  void checkSolves() {
    std::vector<std::string> known;
    std::vector<const SolveSyntax *> solves;
    for (std::size_t i = 0; i < std::min(fields.size(), maxSuggestions); ++i)
      known.push_back(fields[i].syntax->name.text);
    for (const SolveSyntax &solve : sources.solves()) {
      if (diagnostics.full())
        return;
      solves.push_back(&solve);
      if (!find(solve.field.text))
        diagnostics.report(Id::unknown_field, solve.field.at,
                           fmt::format("unknown field '{}'{}", solve.field.text,
                                       suggestion(solve.field.text, known)));
    }
    checkTwice(solves, "solve");
  }

  /// By itself, without the field that its solve would have.
  void checkPreset(const SolveSyntax &preset) {
    const FieldSyntax none;
    const FieldNames names;
    Problem problem;
    Observables observables;
    ClauseChain chain = clauseChain(preset, sources.presets, "", "", diagnostics);
    loadOptions(chain, {none, names, {}, &data}, *methods, {}, problem, observables, diagnostics);
  }

  /// Names in what the solve observes.
  static void collectUses(const SolveSyntax &solve, std::set<std::string> &names) {
    for (const EventSyntax &event : solve.stops)
      collectNames(*event.condition, names);
    if (solve.limit)
      collectNames(*solve.limit, names);
    auto collectItems = [&](const SaveSyntax &save) {
      for (const SavedItem &item : save.items)
        if (item.value)
          collectNames(*item.value, names);
    };
    collectItems(solve.save);
    for (const SaveSyntax &save : solve.plans)
      collectItems(save);
  }

  Diagnostics &diagnostics;
  const HostClauses *host;
  SolveSyntax hostBlock, fieldAlone;
  SourceFiles sources;
  DataFiles data;
  std::optional<MethodTable> methods;
  std::vector<FieldEntry> fields;
  std::unordered_map<std::string, std::set<std::string>> usedBySolves; ///< names, by field
  std::unordered_map<std::string, std::size_t> fieldsByName;           ///< the first of each name
  Budget budget;
};

/// Names, shapes and values were checked in separate rounds, and whether a file has errors is known
/// after the last one.
void finish(Diagnostics &diagnostics) {
  if (diagnostics.failed())
    diagnostics.dropWarnings(Id::unused_name);
  diagnostics.sort();
}

/// Reports a text that is refused for its size.
bool fits(const std::string &text, Diagnostics &diagnostics) {
  if (text.size() <= maxSourceBytes)
    return true;
  diagnostics.report(Id::too_large, {},
                     fmt::format("expected a file of at most {} bytes", maxSourceBytes));
  return false;
}

} // namespace

std::optional<Problem> loadProblem(const std::string &file, const std::string &text,
                                   const Overrides &overrides, Diagnostics &diagnostics,
                                   Files *files) {
  if (!fits(text, diagnostics))
    return std::nullopt;
  diagnostics.setSource(file, text);
  Loader loader(text, files, diagnostics, overrides.host);
  const SolveSyntax *solve = loader.choose(overrides.solve);
  auto problem = solve ? loader.load(*solve, overrides) : std::nullopt;
  finish(diagnostics);
  if (!problem || diagnostics.failed())
    return std::nullopt;
  loader.complete(*solve, *problem);
  return problem;
}

bool checkSource(const std::string &file, const std::string &text, Diagnostics &diagnostics,
                 Files *files) {
  if (!fits(text, diagnostics))
    return false;
  diagnostics.setSource(file, text);
  Loader(text, files, diagnostics).checkAll();
  finish(diagnostics);
  return !diagnostics.failed();
}

} // namespace deq
