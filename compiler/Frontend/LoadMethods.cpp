// Tableaus from their blocks: entries to numbers, what may be left out filled in, and the checks
// that the methods of deq pass too. A wrong digit is an error at its place, not a method of a lower
// order.
#include "LoadMethods.h"

#include "../Methods/Half.h"
#include "../Methods/Interpolants.h"
#include "Names.h"
#include "ReadValues.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace deq {

namespace {

using Row = std::vector<double>;

constexpr std::size_t mostStages = 64;
/// The doubled method has nearly thrice as many, and a sum of slopes for each.
constexpr int mostHalvedStages = 32;
/// Checks grow threefold with each order.
constexpr int mostOrder = 10;

const std::vector<std::string> entryNames = {
    "order", "c", "a", "b", "e", "bhat", "error_order", "interpolant", "interpolant_order"};

/// Methods for stiff problems, by the names that other tools have for them.
constexpr std::string_view stiffMethods[] = {
    "BDF",    "LSODA", "Radau",  "radau",    "ode15s",   "ode23s", "CVODE", "Rosenbrock23",
    "Rodas5", "FBDF",  "TRBDF2", "KenCarp4", "Kvaerno5", "bdf",    "lsoda"};

std::string methodHint(const std::string &name, const std::vector<std::string> &known) {
  for (std::string_view stiff : stiffMethods)
    if (name == stiff)
      return "; methods for stiff problems are not there yet";
  if (!name.empty() && name.back() == ')')
    return "; expected half(METHOD)";
  if (name == "half")
    return "; expected the method to halve the steps of, half(rk4)";
  std::string near = suggestion(name, known);
  return near.empty() ? fmt::format("; there are {}", fmt::join(known, ", ")) : near;
}

class TableauLoader {
public:
  TableauLoader(const MethodSyntax &block, Diagnostics &diagnostics)
      : block(block), diagnostics(diagnostics), reader(scope, diagnostics) {}

  std::optional<Tableau> load() {
    bool good = collect();
    tableau.name = block.name.text;
    tableau.title = "of the file";
    good &= number("order", tableau.order) && list("c", tableau.c) && list("b", tableau.b);
    if (const Expr *rows = entry("a"))
      good &= rowsOf(*rows, tableau.a);
    tableau.a.insert(tableau.a.begin(), Row());
    good &= loadError() && loadInterpolant();
    if (!good || tableau.b.empty())
      return std::nullopt;
    const std::size_t stages = tableau.b.size();
    if (interpolant.empty() && tableau.a.size() == stages && tableau.c.size() == stages)
      interpolate();
    return report() ? std::nullopt : std::optional<Tableau>(tableau);
  }

private:
  bool fail(Id id, Position at, std::string text) {
    diagnostics.report(id, at, std::move(text));
    return false;
  }

  bool collect() {
    bool good = !block.broken;
    for (const Binding &binding : block.entries) {
      const std::string &name = binding.name.text;
      if (std::find(entryNames.begin(), entryNames.end(), name) == entryNames.end())
        good = fail(Id::unknown_option, binding.name.at,
                    fmt::format("a method has no entry '{}'; there are {}", name,
                                fmt::join(entryNames, ", ")));
      else if (!entries.try_emplace(name, &binding).second)
        good = fail(Id::given_twice, binding.name.at, fmt::format("'{}' is given twice", name));
    }
    for (const char *name : {"order", "c", "b"})
      if (good && !entry(name))
        good = fail(Id::missing_value, block.name.at,
                    fmt::format("method '{}' has no '{}'", block.name.text, name));
    return good;
  }

  const Expr *entry(const std::string &name) const {
    auto found = entries.find(name);
    return found == entries.end() ? nullptr : found->second->value.get();
  }

  /// An order, if it is given.
  bool number(const char *name, int &value) {
    const Expr *expression = entry(name);
    if (!expression)
      return true;
    auto read = reader.count(*expression);
    if (read && *read > mostOrder)
      return fail(Id::option_range, expression->at,
                  fmt::format("expected an order of at most {}, got {}", mostOrder, *read));
    value = static_cast<int>(read.value_or(0));
    return read.has_value();
  }

  bool list(const char *name, Row &row) {
    const Expr *expression = entry(name);
    return !expression || rowOf(*expression, row);
  }

  bool rowOf(const Expr &expression, Row &row) {
    if (expression.form != Form::list || expression.parts.size() > mostStages)
      return fail(Id::expected_list, expression.at,
                  fmt::format("expected a list of at most {} numbers", mostStages));
    for (const ExprPtr &part : expression.parts) {
      auto value = reader.number(*part);
      if (!value)
        return false;
      row.push_back(*value);
    }
    return true;
  }

  bool rowsOf(const Expr &expression, std::vector<Row> &rows) {
    if (expression.form != Form::list || expression.parts.size() > mostStages)
      return fail(Id::expected_list, expression.at,
                  fmt::format("expected a list of at most {} rows", mostStages));
    for (const ExprPtr &part : expression.parts)
      if (!rowOf(*part, rows.emplace_back()))
        return false;
    return true;
  }

  bool loadError() {
    if (const Expr *twice = entry("e"); twice && entry("bhat"))
      return fail(Id::given_twice, twice->at, "expected one of 'e' and 'bhat', got both");
    bool good = list("e", tableau.e);
    if (entry("bhat")) {
      good = list("bhat", tableau.e);
      for (std::size_t i = 0; i < std::min(tableau.e.size(), tableau.b.size()); ++i)
        tableau.e[i] = tableau.b[i] - tableau.e[i];
    }
    if (!tableau.e.empty())
      tableau.errorOrder = std::max(tableau.order - 1, 1);
    return number("error_order", tableau.errorOrder) && good;
  }

  bool loadInterpolant() {
    tableau.interpolantOrder = tableau.order;
    const Expr *rows = entry("interpolant");
    if (rows && !rowsOf(*rows, interpolant))
      return false;
    tableau.p = interpolant;
    return number("interpolant_order", tableau.interpolantOrder);
  }

  /// The straight line at order 1, else the cubic through both ends with their slopes.
  void interpolate() {
    tableau.interpolantOrder = std::min(tableau.order, 3);
    if (tableau.order == 1) {
      for (double weight : tableau.b)
        tableau.p.push_back({weight});
      return;
    }
    Row weights = tableau.b;
    if (!tableau.fsal()) {
      tableau.a.push_back(tableau.b);
      tableau.c.push_back(1);
      weights.push_back(0);
    }
    tableau.p = cubicHermite(weights);
  }

  /// Where a part of the tableau is written; of several rows, the one that is meant.
  Position place(const TableauProblem &problem) const {
    using Part = TableauProblem::Part;
    constexpr std::pair<Part, const char *> parts[] = {
        {Part::order, "order"}, {Part::a, "a"},    {Part::b, "b"},          {Part::c, "c"},
        {Part::e, "e"},         {Part::e, "bhat"}, {Part::p, "interpolant"}};
    for (auto [part, name] : parts) {
      const Expr *expression = entry(name);
      if (problem.part != part || !expression)
        continue;
      // The first row of a is empty and not written.
      std::size_t row = problem.row - (part == Part::a);
      bool rows = part == Part::a || part == Part::p;
      return rows && row < expression->parts.size() ? expression->parts[row]->at : expression->at;
    }
    return block.name.at;
  }

  /// Whether there are problems; of each entry, the first is enough.
  bool report() {
    std::map<std::pair<TableauProblem::Part, int>, bool> seen;
    std::vector<TableauProblem> problems = problemsOf(tableau);
    // The row of the slope at y1 is b again, and not written.
    for (TableauProblem &problem : problems)
      if (problem.part == TableauProblem::Part::a && problem.row >= tableau.stages() &&
          interpolant.empty())
        problem = {TableauProblem::Part::b, 0,
                   fmt::format("weights b of '{}' sum to {:.15g}, expected 1", tableau.name,
                               std::accumulate(tableau.b.begin(), tableau.b.end(), 0.0))};
    // What is wrong elsewhere shows in an interpolant that follows from it, which is not written.
    auto follows = [&](const TableauProblem &problem) {
      return interpolant.empty() && problem.part == TableauProblem::Part::p &&
             problems.front().part != problem.part;
    };
    for (const TableauProblem &problem : problems)
      if (!follows(problem) && seen.try_emplace({problem.part, problem.row}, true).second)
        fail(Id::invalid_tableau, place(problem), problem.text);
    return !problems.empty();
  }

  const MethodSyntax &block;
  Diagnostics &diagnostics;
  FieldSyntax field;
  FieldNames names;
  ValueScope scope{field, names, {}};
  ValueReader reader;
  std::map<std::string, const Binding *> entries;
  std::vector<Row> interpolant;
  Tableau tableau;
};

} // namespace

/// A block with errors, which are reported, counts as some method.
static Tableau loaded(const MethodSyntax &block, Diagnostics &diagnostics) {
  auto tableau = TableauLoader(block, diagnostics).load();
  return tableau ? std::move(*tableau) : *findTableau(Signature().method);
}

MethodTable::MethodTable(const std::vector<const MethodSyntax *> &blocks,
                         const std::vector<const MethodSyntax *> &unnamed,
                         Diagnostics &diagnostics) {
  for (const MethodSyntax *block : blocks) {
    if (diagnostics.full())
      return;
    const std::string &name = block->name.text;
    if (findMethod(name))
      diagnostics.report(Id::name_clash, block->name.at,
                         fmt::format("'{}' is a method of deq", name));
    own.try_emplace(name, loaded(*block, diagnostics));
  }
  for (const MethodSyntax *block : unnamed)
    unnamedOnes.try_emplace(block, loaded(*block, diagnostics));
}

std::optional<Method> MethodTable::find(const std::string &name, const Origin &origin,
                                        Diagnostics &diagnostics) const {
  std::optional<std::string> inner = insideHalf(name);
  const std::string &wanted = inner.value_or(name);
  std::optional<Method> method = plain(wanted);
  if (!inner && method)
    return method;
  bool nested = inner && insideHalf(*inner);
  if (!method && !nested)
    diagnostics.report(
        Id::unknown_method, origin.at,
        fmt::format("{}unknown method '{}'{}", origin.prefix, wanted, methodHint(wanted, names())));
  else if (nested || !method->tableau())
    diagnostics.report(Id::no_tableau, origin.at,
                       fmt::format("{}half takes the name of a Runge-Kutta method, got '{}'",
                                   origin.prefix, wanted));
  else if (method->stages > mostHalvedStages)
    diagnostics.report(Id::no_tableau, origin.at,
                       fmt::format("{}half takes a method of at most {} stages, '{}' has {}",
                                   origin.prefix, mostHalvedStages, wanted, method->stages));
  else
    return Method(half(*method->tableau()));
  return std::nullopt;
}

Method MethodTable::find(const MethodSyntax &unnamed) const {
  auto found = unnamedOnes.find(&unnamed);
  // Not loaded only where there were too many errors already.
  return found == unnamedOnes.end() ? Method(*findTableau(Signature().method)) : found->second;
}

std::optional<Method> MethodTable::plain(const std::string &name) const {
  auto found = own.find(name);
  return found != own.end() ? Method(found->second)
         : insideHalf(name) ? std::nullopt
                            : findMethod(name);
}

std::vector<std::string> MethodTable::names() const {
  std::vector<std::string> list;
  for (const auto &[name, tableau] : own)
    list.push_back(name);
  for (const Method &method : methods())
    list.push_back(method.name);
  return list;
}

} // namespace deq
