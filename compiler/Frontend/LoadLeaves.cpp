// Who gives each leaf its value: the command line over the solve block over the field's default.
// Statics are found in rounds, since a default may use a static that is inferred from an initial
// value.
#include "LoadLeaves.h"
#include "Names.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

LeafLoader::LeafLoader(const FieldSyntax &field, const FieldNames &names, const SolveSyntax *solve,
                       const Overrides &overrides, Diagnostics &diagnostics, Budget &budget)
    : field(field), names(names), solve(solve),
      diagnostics(diagnostics), valueScope{field, names, {}, &budget} {
  if (solve) {
    collectOverrides(overrides);
    collectBlock();
  }
}

// --- Who gives what
// -------------------------------------------------------------------------------------------------

void LeafLoader::collectOverrides(const Overrides &overrides) {
  std::vector<std::string> known;
  for (const auto &[name, symbol] : names.symbols)
    if (symbol.kind == Symbol::Kind::state || symbol.kind == Symbol::Kind::argument ||
        symbol.kind == Symbol::Kind::constant)
      known.push_back(name);
  for (const auto &[name, text] : overrides.set) {
    std::string prefix = fmt::format("--set {}: ", name);
    auto found = names.symbols.find(name);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string problem =
          found == names.symbols.end()
              ? fmt::format("unknown name '{}'{}", name, suggestion(name, known))
              : fmt::format("expected a state leaf, an argument or a static, '{}' is {}", name,
                            describe(found->second.kind));
      diagnostics.error({}, prefix + problem);
      continue;
    }
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
      Diagnostic &error = diagnostics.error(name.at, fmt::format("'{}' is given twice", name.text));
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
    diagnostics.error(name.at, fmt::format("unknown name '{}', expected {}{}", name.text, expected,
                                           suggestion(name.text, known)));
    return false;
  }
  Symbol::Kind kind = found->second.kind;
  std::string hint = init && (kind == Symbol::Kind::argument || kind == Symbol::Kind::constant)
                         ? "; its value belongs to 'args'"
                     : !init && kind == Symbol::Kind::state ? "; its value belongs to 'init'"
                                                            : "";
  Diagnostic &error = diagnostics.error(
      name.at, fmt::format("expected {}, '{}' is {}{}", expected, name.text, describe(kind), hint));
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

// --- Statics
// --------------------------------------------------------------------------------------------------------

void LeafLoader::findUnknownStatics(const Expr &expression, std::set<std::string> &unknown) const {
  if (expression.form == Form::name) {
    auto found = names.symbols.find(expression.name);
    if (found != names.symbols.end() && found->second.kind == Symbol::Kind::constant &&
        !valueScope.statics.count(expression.name))
      unknown.insert(expression.name);
  }
  for (const ExprPtr &part : expression.parts)
    findUnknownStatics(*part, unknown);
  for (const Subscript &entry : expression.subscripts) {
    findUnknownStatics(*entry.index, unknown);
    if (entry.stop)
      findUnknownStatics(*entry.stop, unknown);
  }
}

const Declaration &LeafLoader::declarationOf(int item) const {
  auto states = static_cast<int>(field.state.size());
  return item < states ? field.state[item] : field.parameters[item - states];
}

/// Files an item under the statics that its value needs; it is ready if there are none.
void LeafLoader::waitForStatics(const Expr *expression, int item) {
  std::set<std::string> unknown;
  if (expression)
    findUnknownStatics(*expression, unknown);
  missing[item] = static_cast<int>(unknown.size());
  for (const std::string &name : unknown)
    waiting[name].push_back(item);
  if (unknown.empty())
    (declarationOf(item).isStatic ? readyStatics : readyLeaves).insert(item);
}

/// Whatever waits only for this static is ready.
void LeafLoader::settle(const std::string &name) {
  auto found = waiting.find(name);
  if (found == waiting.end())
    return;
  for (int item : found->second)
    if (--missing[item] == 0)
      (declarationOf(item).isStatic ? readyStatics : readyLeaves).insert(item);
  waiting.erase(found);
}

/// A static whose value needs no others, or whose others are known.
void LeafLoader::stepStatic(const Declaration &declaration) {
  const std::string &name = declaration.name.text;
  if (valueScope.statics.count(name) || failedStatics.count(name))
    return; // inferred before its own turn
  Given *entry = given(declaration);
  std::optional<std::int64_t> value;
  if (entry->expression) {
    NameChecker checker(names.symbols, field, diagnostics, true, entry->prefix);
    if (entry->isDefault || checker.check(*entry->expression))
      value = evaluateStatic(*entry->expression, valueScope.statics, diagnostics, entry->prefix,
                             valueScope.budget);
  }
  if (!value) {
    failedStatics.insert(name);
    return;
  }
  valueScope.statics[name] = *value;
  settle(name);
}

/// Statics that are extents of a leaf whose value is known already.
void LeafLoader::inferStatics(const Declaration &leaf) {
  auto open = [&](const Expr &extent) {
    auto found = names.symbols.find(extent.form == Form::name ? extent.name : "");
    return found != names.symbols.end() && found->second.kind == Symbol::Kind::constant &&
           !valueScope.statics.count(extent.name) && !failedStatics.count(extent.name);
  };
  auto isOpen = [&](const ExprPtr &extent) { return open(*extent); };
  if (std::none_of(leaf.shape.begin(), leaf.shape.end(), isOpen))
    return;
  const std::optional<Tensor> &value = evaluate(*given(leaf));
  if (!value || value->shape.size() != leaf.shape.size())
    return;
  for (std::size_t axis = 0; axis < leaf.shape.size(); ++axis) {
    const Expr &extent = *leaf.shape[axis];
    if (!open(extent))
      continue;
    valueScope.statics[extent.name] = value->shape[axis];
    settle(extent.name);
  }
}

bool LeafLoader::valueFailed() const {
  for (const auto &[name, entry] : values)
    if (entry.evaluated && !entry.value)
      return true;
  return !failedStatics.empty();
}

/// Own values and defaults come first; only when they lead no further does the shape of a value
/// decide.
bool LeafLoader::loadStatics() {
  auto states = static_cast<int>(field.state.size());
  auto items = states + static_cast<int>(field.parameters.size());
  missing.assign(items, 0);
  for (int item = 0; item < items; ++item) {
    const Declaration &declaration = declarationOf(item);
    if (!declaration.isStatic && (!solve || declaration.shape.empty()))
      continue;
    if (Given *entry = given(declaration))
      waitForStatics(entry->expression, item);
  }
  while (!readyStatics.empty() || !readyLeaves.empty()) {
    std::set<int> &ready = readyStatics.empty() ? readyLeaves : readyStatics;
    const Declaration &declaration = declarationOf(*ready.begin());
    ready.erase(ready.begin());
    if (declaration.isStatic)
      stepStatic(declaration);
    else
      inferStatics(declaration);
  }
  bool good = failedStatics.empty(), valueWrong = valueFailed();
  for (const Declaration &declaration : field.parameters) {
    const Name &name = declaration.name;
    if (!declaration.isStatic || valueScope.statics.count(name.text) ||
        failedStatics.count(name.text))
      continue;
    good = false;
    if (!solve || solve->broken || valueWrong || diagnostics.full())
      continue; // perhaps only because of an error before
    if (declaration.value) {
      diagnostics.error(name.at,
                        fmt::format("static '{}' depends on a static without a value", name.text));
      continue;
    }
    Diagnostic &error = diagnostics.error(
        solve->name.at,
        fmt::format(
            "no value for static '{}', expected one in 'args' or an initial value that shows "
            "its extent",
            name.text));
    diagnostics.note(error, name.at, "declared here");
  }
  return good;
}

// --- Leaves
// ---------------------------------------------------------------------------------------------------------

void LeafLoader::loadLeaf(const Declaration &declaration, const Leaf &leaf, bool state,
                          std::vector<double> &flat) {
  Given *entry = given(declaration);
  if (!entry) {
    if (solve->broken)
      return;
    Diagnostic &error = diagnostics.error(
        solve->name.at,
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

void LeafLoader::loadLeaves(const FieldGraph &graph, Values &result) {
  for (std::size_t i = 0; i < field.state.size(); ++i)
    loadLeaf(field.state[i], graph.state[i], true, result.y0);
  std::size_t argument = 0;
  for (const Declaration &parameter : field.parameters)
    if (!parameter.isStatic)
      loadLeaf(parameter, graph.arguments[argument++], false, result.arguments);
}

} // namespace deq
