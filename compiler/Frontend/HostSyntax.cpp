// Clauses to syntax: one node per number, word and list.
#include "HostSyntax.h"

#include <fmt/format.h>
#include <set>
#include <tuple>

namespace deq {

namespace {

/// Makes nodes of expressions at one place.
struct Maker {
  Position at;

  ExprPtr make(Form form) const {
    auto expression = std::make_unique<Expr>();
    expression->form = form;
    expression->at = at;
    return expression;
  }
  ExprPtr number(double value) const {
    ExprPtr expression = make(Form::number);
    expression->number = value;
    return expression;
  }
  ExprPtr word(const std::string &text) const {
    ExprPtr expression = make(Form::name);
    expression->name = text;
    return expression;
  }
  template <class List, class Element> ExprPtr list(const List &values, Element element) const {
    ExprPtr expression = make(Form::list);
    for (const auto &value : values)
      expression->parts.push_back(element(value));
    return expression;
  }
  ExprPtr numbers(const std::vector<double> &values) const {
    return list(values, [&](double value) { return number(value); });
  }
  ExprPtr rows(const std::vector<std::vector<double>> &values) const {
    return list(values, [&](const std::vector<double> &row) { return numbers(row); });
  }
  Name name(const std::string &text) const { return {text, text.empty() ? Position{} : at}; }
  Name keyword(const char *text, bool given) const { return name(given ? text : ""); }

  Binding option(const HostOption &option) const {
    Binding binding{name(option.name), nullptr};
    if (!option.map.empty()) {
      binding.value = make(Form::record);
      for (const auto &[leaf, value] : option.map) {
        binding.value->labels.push_back({leaf, at});
        binding.value->parts.push_back(number(value));
      }
    } else {
      binding.value = option.word.empty() ? number(option.number) : word(option.word);
    }
    return binding;
  }

  /// A name and something that reads as an expression.
  std::pair<Name, ExprPtr> expression(const HostExpression &from, Diagnostics &diagnostics) const {
    const Maker there{hostPosition(from.at, diagnostics)};
    return {Name{from.name, there.at}, there.number(0)};
  }

  EventSyntax event(const HostEvent &event, Diagnostics &diagnostics) const {
    EventSyntax syntax;
    std::tie(syntax.name, syntax.condition) = expression(event.what, diagnostics);
    const Maker there{syntax.name.at};
    if (!event.direction.empty())
      syntax.options.push_back({there.name("direction"), there.word(event.direction)});
    syntax.options.push_back({there.name("tolerance"), there.number(event.tolerance)});
    return syntax;
  }

  SaveSyntax save(const HostSave &save, Diagnostics &diagnostics) const {
    SaveSyntax syntax;
    syntax.name = name(save.name);
    syntax.kind = name(save.kind);
    if (save.kind == "at")
      syntax.value = numbers(save.values);
    else if (!save.values.empty())
      syntax.value = number(save.values.front());
    checkKind(save, syntax, diagnostics);
    for (const std::string &leaf : save.leaves)
      syntax.items.push_back({name(leaf), nullptr});
    for (const HostExpression &from : save.expressions) {
      auto [name, value] = expression(from, diagnostics);
      syntax.items.push_back({std::move(name), std::move(value)});
    }
    return syntax;
  }

  /// What a parser would not have let through.
  void checkKind(const HostSave &save, SaveSyntax &syntax, Diagnostics &diagnostics) const {
    const bool takesOne = save.kind == "every" || save.kind == "steps";
    const bool known = takesOne || save.kind.empty() || save.kind == "start" ||
                       save.kind == "end" || save.kind == "at" || save.kind == "dense";
    if (!known)
      diagnostics.report(Id::unknown_save_plan, at,
                         fmt::format("expected a save plan (start, end, every, at, steps, dense), "
                                     "got '{}'",
                                     save.kind));
    else if (takesOne && save.values.size() != 1)
      diagnostics.report(Id::expected_scalar, at,
                         fmt::format("expected one number for save plan '{}', got {}", save.kind,
                                     save.values.size()));
    if (!syntax.value) // for those who go on
      syntax.value = number(1);
  }

  std::vector<SaveSyntax> plans(const std::vector<HostSave> &list, Diagnostics &diagnostics) const {
    std::vector<SaveSyntax> result;
    std::set<std::string> seen;
    for (const HostSave &plan : list) {
      if (plan.name.empty())
        diagnostics.report(Id::syntax, at, "expected a name of the save plan, got none");
      else if (!seen.insert(plan.name).second)
        diagnostics.report(Id::given_twice, at,
                           fmt::format("save plan '{}' is given twice", plan.name));
      result.push_back(save(plan, diagnostics));
    }
    return result;
  }

  std::unique_ptr<MethodSyntax> tableau(const HostTableau &from) const {
    auto method = std::make_unique<MethodSyntax>();
    method->name = {from.name, at};
    auto add = [&](const char *entry, bool given, ExprPtr value) {
      if (given)
        method->entries.push_back({name(entry), std::move(value)});
    };
    add("order", true, number(from.order));
    add("c", !from.c.empty(), numbers(from.c));
    add("a", !from.a.empty(), rows(from.a));
    add("b", !from.b.empty(), numbers(from.b));
    add("e", !from.e.empty(), numbers(from.e));
    add("bhat", !from.bhat.empty(), numbers(from.bhat));
    add("error_order", from.error_order != 0, number(from.error_order));
    add("interpolant", !from.interpolant.empty(), rows(from.interpolant));
    add("interpolant_order", from.interpolant_order != 0, number(from.interpolant_order));
    return method;
  }
};

} // namespace

SolveSyntax hostSyntax(const HostClauses &clauses, Position at, Diagnostics &diagnostics) {
  const Maker maker{at};
  SolveSyntax solve;
  solve.isHost = true;
  solve.preset = maker.name(clauses.preset);
  solve.method = maker.name(clauses.method);
  if (clauses.tableau) {
    solve.method = maker.name(clauses.tableau->name);
    solve.tableau = maker.tableau(*clauses.tableau);
  }
  solve.control = maker.name(clauses.control);
  solve.dtype = maker.name(clauses.dtype);
  solve.stages = maker.name(clauses.stages);
  for (const HostOption &option : clauses.options)
    solve.options.push_back(maker.option(option));
  solve.dtKeyword = maker.keyword("dt", clauses.dt.has_value());
  if (clauses.dt)
    solve.dt = maker.number(*clauses.dt);
  solve.maxStepsKeyword = maker.keyword("max_steps", clauses.maxSteps.has_value());
  if (clauses.maxSteps)
    solve.maxSteps = maker.number(*clauses.maxSteps);
  solve.saveKeyword = maker.keyword("save", !clauses.save.kind.empty());
  solve.save = maker.save(clauses.save, diagnostics);
  solve.plans = maker.plans(clauses.plans, diagnostics);
  if (clauses.limit) {
    auto [keyword, value] = maker.expression(*clauses.limit, diagnostics);
    solve.limitKeyword = {"dt <=", keyword.at};
    solve.limit = std::move(value);
  }
  for (const HostEvent &event : clauses.events)
    solve.stops.push_back(maker.event(event, diagnostics));
  if (clauses.stepTo)
    solve.stepTo = maker.numbers(*clauses.stepTo);
  solve.stepAtKeyword = maker.keyword("step_at", clauses.stepAt.has_value());
  if (clauses.stepAt)
    solve.stepAt = maker.numbers(*clauses.stepAt);
  solve.jumpAtKeyword = maker.keyword("jump_at", clauses.jumpAt.has_value());
  if (clauses.jumpAt)
    solve.jumpAt = maker.numbers(*clauses.jumpAt);
  return solve;
}

Position hostPosition(const Location &site, Diagnostics &diagnostics) {
  if (site.line <= 0)
    return {};
  int number = diagnostics.number(site.file);
  if (number == 0 && diagnostics.file(0) != site.file)
    number = diagnostics.addSource(site.file, "");
  return {site.line, site.column, number};
}

} // namespace deq
