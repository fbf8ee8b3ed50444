// Walks an expression and checks that every name exists and is used as what it is.
// Shapes and values play no part here, so one walk per text suffices however often a function is
// called.
#include "Names.h"
#include "Resolve.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace deq {

bool NameChecker::check(const Expr &expression) {
  good = true;
  visit(expression);
  return good;
}

Diagnostic &NameChecker::error(Id id, Position at, const std::string &text) {
  good = false;
  return diagnostics.report(id, at, prefix + text);
}

const Symbol *NameChecker::find(const std::string &name) const {
  auto found = symbols.find(name);
  return found == symbols.end() ? nullptr : &found->second;
}

const NameChecker::Local *NameChecker::findLocal(const std::string &name) const {
  auto found = localsByName.find(name);
  return found == localsByName.end() ? nullptr : &locals[found->second];
}

void NameChecker::declare(const Name &name, const char *what) {
  const Symbol *symbol = find(name.text);
  if (symbol && hidden(*symbol))
    symbol = nullptr;
  if (symbol) {
    Diagnostic &clash =
        error(Id::name_clash, name.at,
              fmt::format("'{}' is already the name of {}", name.text, describe(symbol->kind)));
    diagnostics.note(clash, symbol->at, "declared here");
  } else if (const Local *other = findLocal(name.text)) {
    Diagnostic &clash =
        error(Id::name_clash, name.at,
              fmt::format("'{}' is already the name of {}", name.text, other->what));
    diagnostics.note(clash, other->name.at, "declared here");
  } else if (isBuiltinName(name.text)) {
    error(Id::name_clash, name.at, fmt::format("'{}' is already the name of a builtin", name.text));
  }
  localsByName.try_emplace(name.text, locals.size());
  locals.push_back({name, what});
}

void NameChecker::dropLocal() {
  auto found = localsByName.find(locals.back().name.text);
  if (found->second + 1 == locals.size())
    localsByName.erase(found);
  locals.pop_back();
}

void NameChecker::visit(const Expr &expression) {
  switch (expression.form) {
  case Form::name:
    return visitName(expression);
  case Form::derivative:
    return visitDerivative(expression);
  case Form::call:
    return visitCall(expression);
  case Form::comprehension:
  case Form::sum:
  case Form::fold:
    return visitGenerator(expression);
  case Form::string:
    error(Id::string_value, expression.at, "expected an expression, got a string");
    return;
  case Form::record:
    error(Id::expected_scalar, expression.at,
          "expected a number, got values per leaf; only 'atol' and 'weights' take those");
    return;
  default:
    break;
  }
  for (const ExprPtr &part : expression.parts)
    visit(*part);
  for (const Subscript &entry : expression.subscripts) {
    visit(*entry.index);
    if (entry.stop)
      visit(*entry.stop);
  }
}

void NameChecker::failUnknown(const Expr &expression, const char *what) {
  good = false;
  if (diagnostics.full())
    return;
  std::vector<std::string> known;
  const std::size_t room = maxSuggestions - builtins().size() - arrayFunctions().size();
  for (std::size_t i = 0; i < std::min(locals.size(), room); ++i)
    known.push_back(locals[i].name.text);
  for (auto symbol = symbols.begin(); symbol != symbols.end() && known.size() < room; ++symbol)
    if (!hidden(symbol->second))
      known.push_back(symbol->first);
  for (const Builtin &row : builtins())
    known.emplace_back(row.name);
  for (const ArrayFunction &row : arrayFunctions())
    known.emplace_back(row.name);
  error(
      Id::unknown_name, expression.at,
      fmt::format("unknown {} '{}'{}", what, expression.name, suggestion(expression.name, known)));
}

void NameChecker::visitName(const Expr &expression) {
  const std::string &name = expression.name;
  if (findLocal(name) || name == "pi")
    return;
  const Symbol *symbol = find(name);
  mentions.insert(name);
  if (!symbol) {
    if (!isBuiltinName(name))
      return failUnknown(expression, "name");
    error(Id::function_as_value, expression.at,
          fmt::format("'{}' is a function, expected its arguments", name));
  } else if (hidden(*symbol)) {
    failHidden(expression, *symbol);
  } else if (symbol->kind == Symbol::Kind::function) {
    error(Id::function_as_value, expression.at,
          fmt::format("'{}' is a function, expected its arguments", name));
  } else if (symbol->kind == Symbol::Kind::local) {
    uses.insert(name);
  }
}

bool NameChecker::hidden(const Symbol &symbol) const {
  return staticsOnly && symbol.kind != Symbol::Kind::constant;
}

void NameChecker::failHidden(const Expr &expression, const Symbol &symbol) {
  Diagnostic &wrong =
      error(Id::hidden_name, expression.at,
            fmt::format("'{}' is {}, only statics have a value here; write a number",
                        expression.name, describe(symbol.kind)));
  diagnostics.note(wrong, symbol.at, "declared here");
}

void NameChecker::visitDerivative(const Expr &expression) {
  const Symbol *symbol = find(expression.name);
  if (staticsOnly) {
    error(Id::hidden_name, expression.at, "a derivative has no value here");
  } else if (!symbol && !findLocal(expression.name)) {
    failUnknown(expression, "leaf");
  } else if (!symbol || symbol->kind != Symbol::Kind::state) {
    error(Id::not_a_leaf, expression.at,
          fmt::format("expected a leaf of the state before \"'\", got {} '{}'",
                      symbol ? describe(symbol->kind) : findLocal(expression.name)->what,
                      expression.name));
  } else {
    derivativeUses.insert(expression.name);
  }
}

void NameChecker::checkCount(const Expr &call, int minimum, int maximum) {
  int count = 0;
  for (const Link &label : call.labels)
    count += label.text.empty();
  if (count >= minimum && (maximum < 0 || count <= maximum))
    return;
  std::string expected = maximum == minimum ? fmt::format("{}", minimum)
                         : maximum < 0      ? fmt::format("at least {}", minimum)
                                            : fmt::format("{} or {}", minimum, maximum);
  error(Id::argument_count, call.at,
        fmt::format("expected {} argument{} of '{}', got {}", expected, expected == "1" ? "" : "s",
                    call.name, count));
}

void NameChecker::checkLabels(const Expr &call, const std::vector<std::string_view> &options) {
  std::set<std::string> seen;
  bool disordered = false;
  std::vector<std::string> known(options.begin(), options.end());
  for (const Link &label : call.labels) {
    if (label.text.empty()) {
      if (!seen.empty() && !std::exchange(disordered, true))
        error(Id::argument_order, call.at,
              fmt::format("expected the arguments of '{}' before its options", call.name));
      continue;
    }
    bool fits = std::find(known.begin(), known.end(), label.text) != known.end();
    if (!fits)
      error(Id::unknown_option, label.at,
            fmt::format("'{}' has no option '{}'{}", call.name, label.text,
                        suggestion(label.text, known)));
    if (!seen.insert(label.text).second && fits)
      error(Id::given_twice, label.at, fmt::format("'{}' is given twice", label.text));
  }
}

void NameChecker::visitCall(const Expr &call) {
  const Symbol *symbol = find(call.name);
  mentions.insert(call.name);
  const ArrayFunction *function = findArrayFunction(call.name);
  int row = findBuiltin(call.name);
  if (symbol && hidden(*symbol)) {
    failHidden(call, *symbol);
  } else if (symbol && symbol->kind == Symbol::Kind::function) {
    uses.insert(call.name);
    int count = static_cast<int>(field.statements[symbol->index].parameters.size());
    checkLabels(call, {});
    checkCount(call, count, count);
  } else if (symbol || findLocal(call.name) || call.name == "pi") {
    error(Id::not_a_function, call.at,
          fmt::format("'{}' is no function; a product is written '{}*(..)'{}", call.name, call.name,
                      symbol && symbol->kind != Symbol::Kind::constant
                          ? fmt::format(", an element '{}[..]'", call.name)
                          : ""));
  } else if (call.name == "fold") {
    error(Id::generator, call.at,
          "expected 'fold(name = initial value, next value for i in a..b)'");
  } else if (function) {
    checkLabels(call, function->options);
    checkCount(call, function->minimum, function->maximum);
  } else if (row >= 0) {
    checkLabels(call, {});
    checkCount(call, builtins()[row].arity, builtins()[row].arity);
  } else {
    failUnknown(call, "function");
  }
  bool path = function && function->readsFile && !symbol;
  if (path && call.name == "table")
    error(Id::misplaced_file, call.at,
          "a table is the whole value of an argument, expected 'args name = table(..)'");
  else if (path && call.parts[0]->form != Form::string)
    error(Id::misplaced_file, call.parts[0]->at, "expected the name of a file in quotes");
  else if (!path)
    for (const ExprPtr &part : call.parts)
      visit(*part);
}

void NameChecker::visitGenerator(const Expr &expression) {
  const bool folds = expression.form == Form::fold;
  visit(*expression.parts[1]); // bounds and initial value see neither index nor value
  visit(*expression.parts[2]);
  if (folds) {
    visit(expression.initial());
    declare({expression.labels[0].text, expression.labels[0].at}, "the value of a fold");
  }
  declare({expression.name, expression.nameAt}, "an index");
  visit(*expression.parts[0]);
  if (expression.hasFilter())
    visit(expression.filter());
  dropLocal();
  if (folds)
    dropLocal();
}

} // namespace deq
