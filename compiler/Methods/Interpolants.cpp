// Expands the Hermite forms of dense output into powers of theta, which is what a tableau stores.
// Computed in double, not in a wider type, so that every host gets the same bits.
#include "Interpolants.h"

namespace deq {

std::vector<std::vector<double>> cubicHermite(const std::vector<double> &b) {
  std::vector<std::vector<double>> p;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double first = i == 0, last = i + 1 == b.size();
    p.push_back({first, 3 * b[i] - 2 * first - last, -2 * b[i] + first + last});
  }
  return p;
}

std::vector<std::vector<double>> quarticThroughMidpoint(const std::vector<double> &b,
                                                        const std::vector<double> &mid) {
  std::vector<std::vector<double>> p = cubicHermite(b);
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double first = i == 0, last = i + 1 == b.size();
    // The cubic's weights at theta = 1/2 are b_i/2 + [i = 1]/8 - [i = s]/8.
    const double bump = 16 * (mid[i] - (b[i] / 2 + (first - last) / 8));
    p[i][1] += bump;
    p[i][2] -= 2 * bump;
    p[i].push_back(bump);
  }
  return p;
}

} // namespace deq
