// The list of all methods, family by family, in the order of the documentation.
// What follows from other coefficients is derived, integer ratios stay ratios, and the tests run
// `check` over all of it.
#include "Families.h"
#include "Half.h"
#include "Method.h"

namespace deq {

Method::Method(Tableau tableau)
    : MethodFacts(tableau), stages(tableau.stages()), firstSameAsLast(tableau.fsal()),
      evaluationsPerStep(stages - firstSameAsLast), evaluationsPerRowStep(tableau.extraStages()),
      evaluationsAtStart(firstSameAsLast), data(std::move(tableau)) {}

Method::Method(Splitting splitting)
    : MethodFacts(splitting), stages(splitting.stages()), firstSameAsLast(splitting.carriesKick()),
      evaluationsPerStep(stages), evaluationsPerRowStep(2), evaluationsAtStart(firstSameAsLast),
      data(std::move(splitting)) {}

Method::Method(TwoStep twoStep)
    : MethodFacts(twoStep), stages(1), firstSameAsLast(twoStep.startsWithSlope()),
      evaluationsPerStep(1), evaluationsAtStart(firstSameAsLast), data(std::move(twoStep)) {}

const std::vector<Tableau> &tableaus() {
  static const std::vector<Tableau> list = [] {
    std::vector<Tableau> all;
    for (auto family : {lowOrderMethods, fifthOrderMethods, princeDormandMethods, vernerMethods,
                        verner8Methods, verner9Methods})
      for (Tableau &method : family())
        all.push_back(std::move(method));
    return all;
  }();
  return list;
}

const Tableau *findTableau(const std::string &name) {
  for (const Tableau &tableau : tableaus())
    if (tableau.name == name)
      return &tableau;
  return nullptr;
}

const std::vector<Method> &methods() {
  static const std::vector<Method> list = [] {
    std::vector<Method> all(tableaus().begin(), tableaus().end());
    all.insert(all.end(), twoSteps().begin(), twoSteps().end());
    all.insert(all.end(), splittings().begin(), splittings().end());
    return all;
  }();
  return list;
}

std::optional<Method> findMethod(const std::string &name) {
  if (auto inner = insideHalf(name))
    if (const Tableau *tableau = findTableau(*inner))
      return Method(half(*tableau));
  for (const Method &method : methods())
    if (method.name == name)
      return method;
  return std::nullopt;
}

} // namespace deq
