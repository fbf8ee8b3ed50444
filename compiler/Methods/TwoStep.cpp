// The list of methods with a second point.
// Orders are stated here and measured by the tests.
#include "TwoStep.h"

namespace deq {

const std::vector<TwoStep> &twoSteps() {
  static const std::vector<TwoStep> list = {
      {{"leapfrog_midpoint", "Leapfrog midpoint 2",
        "L. F. Shampine, Stability of the leapfrog/midpoint method, Appl. Math. Comput. 208 (2009) "
        "293-298",
        2, 0, 2},
       TwoStep::Kind::leapfrogMidpoint},
      {{"reversible_heun", "Reversible Heun 2(1)",
        "P. Kidger, J. Foster, X. Li, T. Lyons, Efficient and accurate gradients for neural SDEs, "
        "NeurIPS (2021)",
        2, 1, 2},
       TwoStep::Kind::reversibleHeun}};
  return list;
}

} // namespace deq
