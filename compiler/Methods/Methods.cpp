// The list of all methods, family by family, in the order of the documentation.
// What follows from other coefficients is derived, integer ratios stay ratios, and the tests run
// `check` over all of it.
#include "Families.h"

namespace deq {

const std::vector<Tableau> &methods() {
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

} // namespace deq
