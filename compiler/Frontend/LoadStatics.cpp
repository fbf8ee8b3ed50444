// Statics of a solve: given, or inferred from the shapes of values.
// A default may use a static that is inferred from an initial value, so each waits for what it
// needs.
#include "LoadLeaves.h"
#include "Names.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace deq {

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

namespace {
/// A static from a data file.
std::optional<std::int64_t> integer(const Tensor &value, const std::string &prefix,
                                    Diagnostics &diagnostics) {
  constexpr double limit = 9007199254740992.0; // 2^53
  bool scalar = value.shape.empty();
  if (scalar && std::abs(value.data[0]) <= limit && value.data[0] == std::floor(value.data[0]))
    return static_cast<std::int64_t>(value.data[0]);
  diagnostics.report(Id::expected_integer, {},
                     fmt::format("{}expected an integer, got {}", prefix,
                                 scalar ? fmt::format("{}", value.data[0])
                                        : "an array of shape " + shapeText(value.shape)));
  return std::nullopt;
}
} // namespace

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
  } else if (entry->value) {
    value = integer(*entry->value, entry->prefix + fmt::format("'{}': ", name), diagnostics);
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
  Given *entry = given(leaf);
  if (isTableOf(entry))
    return; // reported with the leaves: it has no extent to show
  const std::optional<Tensor> &value = evaluate(*entry);
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
      diagnostics.report(Id::missing_static, name.at,
                         fmt::format("static '{}' depends on a static without a value", name.text));
      continue;
    }
    Diagnostic &error = diagnostics.report(
        Id::missing_static, solve->name.at,
        fmt::format(
            "no value for static '{}', expected one in 'args' or an initial value that shows "
            "its extent",
            name.text));
    diagnostics.note(error, name.at, "declared here");
  }
  return good;
}

} // namespace deq
