// A method of any family, and the list of all of them.
// Adding a family is adding an alternative here and its attribute to the dialect.
#pragma once

#include "Splitting.h"
#include "Tableau.h"
#include "TwoStep.h"

#include <optional>
#include <variant>

namespace deq {

struct Method : MethodFacts {
  Method(Tableau tableau);
  Method(Splitting splitting);
  Method(TwoStep twoStep);

  int stages = 0;
  bool firstSameAsLast = false;  ///< the last slope of a step is the first one of the next
  int evaluationsPerStep = 0;    ///< calls of the field
  int evaluationsPerRowStep = 0; ///< more of them in a step with a row inside
  int evaluationsAtStart = 0;    ///< for the state that the method carries from step to step
  std::variant<Tableau, Splitting, TwoStep> data;

  bool adaptive() const { return errorOrder > 0; }
  /// The power of h that its error estimate falls with, as a controller has it: the order of a pair
  /// of neighbouring orders; two results of one order differ by one power more.
  int controlOrder() const { return errorOrder == order ? order + 1 : order; }
  /// nullptr if it is of another family.
  const Tableau *tableau() const { return std::get_if<Tableau>(&data); }
  Splitting *splitting() { return std::get_if<Splitting>(&data); }
  const Splitting *splitting() const { return std::get_if<Splitting>(&data); }
};

/// All methods, in the order of the documentation.
const std::vector<Method> &methods();
/// One of them, or `half(NAME)` of one that is a tableau.
std::optional<Method> findMethod(const std::string &name);

} // namespace deq
