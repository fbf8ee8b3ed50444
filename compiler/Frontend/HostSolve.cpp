// A problem of a field that a host built.
// Between the field and its clauses there is no text; the loaders of clauses get the names of its
// leaves, which is all that they ask a field for.
#include "HostSolve.h"
#include "HostSyntax.h"
#include "LoadEvents.h"
#include "LoadOptions.h"
#include "SignField.h"
#include "SplitField.h"

#include <algorithm>
#include <limits>

namespace deq {

namespace {

FieldSyntax namesOnly(const FieldGraph &graph) {
  FieldSyntax field;
  field.name = {graph.name, graph.at};
  for (const Leaf &leaf : graph.state) {
    Declaration declaration;
    declaration.name = {leaf.name, graph.at};
    field.state.push_back(std::move(declaration));
  }
  return field;
}

std::vector<Position> placesOf(const FieldGraph &graph) {
  std::vector<Position> places;
  for (NodeId node : graph.derivatives)
    places.push_back(graph.nodes[node].at);
  return places;
}

void fillValues(const HostField &field, const Signature &signature, Values &values) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  values.y0.assign(signature.width(), missing);
  for (std::size_t i = 0; i < signature.arguments.size(); ++i) {
    const std::int64_t count = elements(signature.arguments[i].leaf.shape);
    const std::vector<double> &own = field.values[i];
    if (own.empty())
      values.arguments.insert(values.arguments.end(), count, missing);
    else
      values.arguments.insert(values.arguments.end(), own.begin(), own.end());
  }
  for (const Literal &literal : field.graph.literals)
    values.literals.push_back(literal.value);
}

} // namespace

/// Rows with expressions have the leaves before them, all if none are named.
static HostClauses withLeaves(HostClauses clauses, const FieldGraph &graph) {
  auto complete = [&](HostSave &save) {
    if (save.leaves.empty() && !save.expressions.empty())
      for (const Leaf &leaf : graph.state)
        save.leaves.push_back(leaf.name);
  };
  complete(clauses.save);
  std::for_each(clauses.plans.begin(), clauses.plans.end(), complete);
  return clauses;
}

std::optional<Problem> makeProblem(HostField field, const HostClauses &clauses,
                                   Diagnostics &diagnostics) {
  const SolveSyntax block = hostSyntax(withLeaves(clauses, field.graph),
                                       hostPosition(clauses.site, diagnostics), diagnostics);
  const ClauseChain chain = clauseChain(block, {}, "", "", diagnostics);
  std::vector<const MethodSyntax *> tableaus;
  if (block.tableau)
    tableaus.push_back(block.tableau.get());
  const MethodTable methods({}, tableaus, diagnostics);
  const FieldSyntax syntax = namesOnly(field.graph);
  const FieldNames names;
  Problem problem;
  Observables observables;
  Overrides overrides;
  overrides.resumable = clauses.resumable;
  const ValueScope scope{syntax, names, {}};
  loadOptions(chain, scope, methods, overrides, problem, observables, diagnostics);
  loadEvents(block, scope, problem.signature, problem.values, observables, diagnostics);
  if (!diagnostics.failed())
    checkDirections(problem.signature, observables, field.graph, diagnostics);
  if (Splitting *splitting = problem.method.splitting())
    if (auto positions =
            positionsOf(field.graph, placesOf(field.graph), problem.method.name, diagnostics))
      splitting->positions = std::move(*positions);
  if (diagnostics.failed())
    return std::nullopt;
  problem.signature.solve = field.graph.name;
  signField(field.graph, problem.signature);
  fillValues(field, problem.signature, problem.values);
  problem.files = std::move(field.files);
  problem.field = std::move(field.graph);
  return problem;
}

} // namespace deq
