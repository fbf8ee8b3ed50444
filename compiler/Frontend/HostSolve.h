// A solve as a host program describes it: the clauses of a solve block, without a text.
// They become the same syntax tree that a text gives, so that a host's mistake is found by the same
// checks and told in the same words, at the place of its call.
#pragma once

#include "Frontend.h"

namespace deq {

struct HostOption {
  std::string name;
  double number = 0;
  std::string word;                                ///< if not empty, instead of the number
  std::vector<std::pair<std::string, double>> map; ///< if not empty: numbers by leaves
};

/// What the graph of a host's field has as an observable, under its name.
struct HostExpression {
  std::string name;
  Location at;
};

struct HostEvent {
  HostExpression what;
  std::string direction; ///< empty: not given
  double tolerance = 0;
};

struct HostSave {
  std::string name;                ///< empty: the main plan
  std::string kind;                ///< empty: not given
  std::vector<double> values;      ///< of `every` and `steps` one, of `at` any number
  std::vector<std::string> leaves; ///< none: all
  std::vector<HostExpression> expressions;
};

/// A method as in a block `method {..}`. Empty lists are not given.
struct HostTableau {
  std::string name;
  int order = 0, error_order = 0, interpolant_order = 0;
  std::vector<std::vector<double>> a, interpolant;
  std::vector<double> b, c, e, bhat;
};

/// What `Overrides::host` puts before the clauses of a text. Members that are empty were not given;
/// then the text's own solve, its preset or the default decides.
struct HostClauses {
  Location site; ///< of the host's call: the place of every clause
  std::string preset, method, control, dtype, stages;
  std::optional<HostTableau> tableau; ///< instead of a method's name
  std::vector<HostOption> options;    ///< of the controller
  std::optional<double> dt, maxSteps;
  std::optional<HostExpression> limit; ///< of steps
  HostSave save;
  std::vector<HostSave> plans; ///< further ones, with names
  std::optional<std::vector<double>> stepTo, stepAt, jumpAt;
  std::vector<HostEvent> events;
  bool resumable = false; ///< as in Overrides
};

/// A field that a host built, with the observables that its clauses name in their order: arguments
/// beyond those that it declared, with their values.
struct HostField {
  FieldGraph graph;
  std::vector<std::string> files;          ///< that the graph's positions refer to, by number
  std::vector<std::vector<double>> values; ///< per argument, what it is where a call does not say
};

/// A problem of a field without a text. Its initial values are NaN, and so are those of arguments
/// without any: calls give them, and the span. `diagnostics` knows the files of the field.
std::optional<Problem> makeProblem(HostField field, const HostClauses &clauses,
                                   Diagnostics &diagnostics);

} // namespace deq
