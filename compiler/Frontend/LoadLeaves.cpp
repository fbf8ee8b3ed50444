// Who gives each leaf its value: the command line over the solve block over the field's default.
// Statics are found in rounds, since a default may use a static that is inferred from an initial
// value.
#include "LoadLeaves.h"
#include "../Table.h"
#include "Names.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace deq {

LeafLoader::LeafLoader(const FieldSyntax &field, const FieldNames &names, const SolveSyntax *solve,
                       const Overrides &overrides, DataFiles &files, Diagnostics &diagnostics,
                       Budget &budget)
    : field(field), names(names), solve(solve), valuesLater(overrides.host), files(files),
      diagnostics(diagnostics), valueScope{field, names, {}, &files, &budget} {
  if (solve) {
    for (const std::string &path : overrides.args)
      collectFile(path);
    collectOverrides(overrides);
    collectBlock();
  }
}

// --- Who gives what
// -------------------------------------------------------------------------------------------------

/// True if `name` is one that an option can give a value to.
bool LeafLoader::checkOverride(const std::string &name, const std::string &prefix) {
  auto takes = [](Symbol::Kind kind) {
    return kind == Symbol::Kind::state || kind == Symbol::Kind::argument ||
           kind == Symbol::Kind::constant;
  };
  auto found = names.symbols.find(name);
  if (found != names.symbols.end() && takes(found->second.kind))
    return true;
  std::vector<std::string> known;
  for (const auto &[other, symbol] : names.symbols)
    if (takes(symbol.kind))
      known.push_back(other);
  if (found == names.symbols.end())
    diagnostics.report(Id::unknown_name, {},
                       fmt::format("{}unknown name '{}'{}", prefix, name, suggestion(name, known)));
  else
    diagnostics.report(Id::wrong_clause, {},
                       fmt::format("{}expected a state leaf, an argument or a static, '{}' is {}",
                                   prefix, name, describe(found->second.kind)));
  return false;
}

/// The values of a file, each as if it were given by an option of its own.
void LeafLoader::collectFile(const std::string &path) {
  std::string prefix = fmt::format("--args {}: ", path);
  auto found = files.values(path, prefix);
  if (!found)
    return;
  for (auto &[name, value] : *found) {
    if (!checkOverride(name, prefix))
      continue;
    Given &entry = values[name]; // of several files the last one counts
    entry = {};
    entry.prefix = prefix;
    entry.evaluated = true;
    entry.value = std::move(value);
  }
}

void LeafLoader::collectOverrides(const Overrides &overrides) {
  for (const auto &[name, text] : overrides.set) {
    std::string prefix = fmt::format("--set {}: ", name);
    if (!checkOverride(name, prefix))
      continue;
    ExprPtr expression = parseValueText(text, prefix, diagnostics);
    Given &entry = values[name]; // the last one counts
    entry = {};
    entry.prefix = prefix;
    entry.evaluated = !expression;
    entry.expression = expression.get();
    texts.push_back(std::move(expression));
  }
}

void LeafLoader::collectBlock() {
  collect(solve->init, true);
  collect(solve->arguments, false);
}

void LeafLoader::collect(const std::vector<Binding> &bindings, bool init) {
  std::map<std::string, Position> seen;
  for (const Binding &binding : bindings) {
    const Name &name = binding.name;
    if (!checkTarget(name, init))
      continue;
    auto [first, fresh] = seen.try_emplace(name.text, name.at);
    if (!fresh) {
      Diagnostic &error = diagnostics.report(Id::given_twice, name.at,
                                             fmt::format("'{}' is given twice", name.text));
      diagnostics.note(error, first->second, "first given here");
      continue;
    }
    Given entry;
    entry.expression = binding.value.get();
    entry.at = binding.value->at;
    values.try_emplace(name.text, std::move(entry)); // an override stays
  }
}

bool LeafLoader::checkTarget(const Name &name, bool init) {
  auto found = names.symbols.find(name.text);
  auto fits = [&](Symbol::Kind kind) {
    return init ? kind == Symbol::Kind::state
                : kind == Symbol::Kind::argument || kind == Symbol::Kind::constant;
  };
  if (found != names.symbols.end() && fits(found->second.kind))
    return true;
  const char *expected = init ? "a state leaf" : "an argument or a static";
  if (found == names.symbols.end()) {
    std::vector<std::string> known;
    auto other = names.symbols.begin();
    for (; other != names.symbols.end() && known.size() < maxSuggestions; ++other)
      if (fits(other->second.kind))
        known.push_back(other->first);
    diagnostics.report(Id::unknown_name, name.at,
                       fmt::format("unknown name '{}', expected {}{}", name.text, expected,
                                   suggestion(name.text, known)));
    return false;
  }
  Symbol::Kind kind = found->second.kind;
  std::string hint = init && (kind == Symbol::Kind::argument || kind == Symbol::Kind::constant)
                         ? "; its value belongs to 'args'"
                     : !init && kind == Symbol::Kind::state ? "; its value belongs to 'init'"
                                                            : "";
  Diagnostic &error = diagnostics.report(
      Id::wrong_clause, name.at,
      fmt::format("expected {}, '{}' is {}{}", expected, name.text, describe(kind), hint));
  diagnostics.note(error, found->second.at, "declared here");
  return false;
}

/// The value of a declaration, or its default; null if it has none.
LeafLoader::Given *LeafLoader::given(const Declaration &declaration) {
  auto found = values.find(declaration.name.text);
  if (found != values.end())
    return &found->second;
  if (!declaration.value)
    return nullptr;
  Given entry;
  entry.expression = declaration.value.get();
  entry.at = declaration.value->at;
  entry.isDefault = true;
  return &values.emplace(declaration.name.text, std::move(entry)).first->second;
}

const std::optional<Tensor> &LeafLoader::evaluate(Given &given) {
  if (!given.evaluated) {
    given.evaluated = true;
    ValueReader reader(valueScope, diagnostics);
    given.value = given.isDefault ? evaluateValue(*given.expression, valueScope.statics,
                                                  diagnostics, "", valueScope.budget)
                                  : reader.tensor(*given.expression, given.prefix);
  }
  return given.value;
}

// --- Leaves
// ---------------------------------------------------------------------------------------------------------

void LeafLoader::loadLeaf(const Declaration &declaration, const Leaf &leaf, bool state,
                          std::vector<double> &flat) {
  Given *entry = given(declaration);
  if (!entry) {
    if (solve->broken)
      return;
    if (valuesLater) {
      flat.resize(flat.size() + scalars(leaf.shape), std::numeric_limits<double>::quiet_NaN());
      return;
    }
    Diagnostic &error = diagnostics.report(
        Id::missing_value, solve->name.at,
        fmt::format("no {} '{}'", state ? "initial value for" : "value for argument", leaf.name));
    diagnostics.note(error, declaration.name.at, "declared here");
    return;
  }
  constexpr std::int64_t scalarsPerStep = 8; // filling memory is quicker than operations
  const std::optional<Tensor> &value = evaluate(*entry);
  if (!value || !valueScope.budget->spend(scalars(leaf.shape) / scalarsPerStep, entry->at,
                                          diagnostics, entry->prefix))
    return;
  auto content = fitLeaf(*value, leaf, {entry->at, entry->prefix}, state, diagnostics);
  if (content)
    flat.insert(flat.end(), content->begin(), content->end());
}

bool LeafLoader::isTableOf(const Given *given) const {
  return given && !given->evaluated && given->expression && isTable(*given->expression);
}

void LeafLoader::loadTableOf(const Declaration &declaration, Given &given, Argument &argument,
                             Values &result) {
  const std::string &name = declaration.name.text;
  if (!argument.leaf.shape.empty()) {
    diagnostics.report(Id::expected_scalar, given.expression->at,
                       fmt::format("{}expected a scalar argument for a table, '{}' has shape {}",
                                   given.prefix, name, shapeText(argument.leaf.shape)));
    return;
  }
  auto table = loadTable(*given.expression, given.prefix, files, diagnostics);
  if (!table)
    return;
  const std::vector<double> &times = table->times;
  auto covered = [&](double t) { return times.front() <= t && t <= times.back(); };
  if (!diagnostics.failed() && !(covered(result.t0) && covered(result.t1))) {
    diagnostics.report(Id::table_times, given.expression->at,
                       fmt::format("{}expected a table over the span, {} to {}, got times from {} "
                                   "to {}",
                                   given.prefix, result.t0, result.t1, times.front(),
                                   times.back()));
    return;
  }
  std::vector<double> rows = tableRows(times, table->values, table->degree);
  std::int64_t columns = table->degree + 2;
  argument.degree = table->degree;
  argument.kind = ArgumentKind::memory;
  argument.leaf.shape = {static_cast<std::int64_t>(rows.size()) / columns, columns};
  result.arguments.insert(result.arguments.end(), rows.begin(), rows.end());
  if (table->jumps)
    result.jump_at.insert(result.jump_at.end(), times.begin(), times.end());
}

void LeafLoader::loadLeaves(Signature &signature, Values &result) {
  for (std::size_t i = 0; i < field.state.size(); ++i)
    loadLeaf(field.state[i], signature.state[i], true, result.y0);
  std::size_t next = 0;
  for (const Declaration &parameter : field.parameters) {
    if (parameter.isStatic)
      continue;
    Argument &argument = signature.arguments[next++];
    if (Given *entry = given(parameter); isTableOf(entry))
      loadTableOf(parameter, *entry, argument, result);
    else
      loadLeaf(parameter, argument.leaf, false, result.arguments);
  }
  std::sort(result.jump_at.begin(), result.jump_at.end());
  result.jump_at.erase(std::unique(result.jump_at.begin(), result.jump_at.end()),
                       result.jump_at.end());
  signature.clip |= !result.jump_at.empty();
}

} // namespace deq
