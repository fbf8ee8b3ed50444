// The controller of a solve: its kind and its options.
// Options are merged along the chain of presets one by one, so that a solve can take a preset's
// gains with tolerances of its own.
#pragma once

#include "Presets.h"
#include "ReadValues.h"

namespace deq {

class ControlLoader {
public:
  ControlLoader(const ClauseChain &chain, const ValueScope &scope, Diagnostics &diagnostics)
      : chain(chain), scope(scope), diagnostics(diagnostics), reader(scope, diagnostics) {}

  /// Kind, options and the `dt` clause. `step_to` is constant control with steps over the span,
  /// which its times divide.
  void load(Signature &signature, Values &values);
  /// The clause `dt <= EXPR`.
  void loadLimit(Signature &signature, Observables &observables);
  /// Whether constant control has a step; `replaced` if an option gives it.
  void checkStep(bool replaced);
  /// The ranges of all options, once those of the command line are among them; `span` if it is
  /// known.
  void check(const Overrides &overrides, bool span, Signature &signature, Values &values);

  std::optional<int> errorOrder; ///< if given

private:
  void fail(Id id, Position at, std::string text) { diagnostics.report(id, at, std::move(text)); }
  void failTwice(const Name &name, Position first);
  void loadOptions(const SolveSyntax &block, Signature &signature, Values &values);
  void loadPidOption(const Binding &option, Signature &signature, Values &values);
  void loadConstantOption(const SolveSyntax &block, const Binding &option, Values &values);
  void loadNorm(const Expr &value, Signature &signature);
  void loadErrorOrder(const Expr &value);
  void loadFlag(const Expr &value, bool &flag);
  std::map<std::string, double> perLeaf(const Binding &option);
  void loadTimes(Values &values);
  void checkWeights(const Signature &signature, const Values &values);
  void loadStep(const SolveSyntax &block, Values &values);
  void loadDt(const Expr &expression, Values &values);

  const ClauseChain &chain;
  const ValueScope &scope;
  Diagnostics &diagnostics;
  ValueReader reader;
  Name word;                                           ///< of the controller
  std::map<std::string, Position> places;              ///< of the options in force
  std::map<std::string, double> leafAtol, leafWeights; ///< by the names of leaves
  Position timesAt;                                    ///< of step_to
  bool known = true, dtGiven = false;
};

} // namespace deq
