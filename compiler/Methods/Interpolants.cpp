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

void complete(Tableau &tableau, const std::map<int, std::vector<double>> &given) {
  const std::vector<double> &b = tableau.b;
  std::vector<double> &q = tableau.q;
  q.assign(given.begin()->second.size(), 0);
  q[0] = 1;
  double rest = 0;
  for (std::size_t i = 0; i < b.size(); ++i)
    rest += given.count(int(i)) ? 0 : b[i];
  for (const auto &[stage, row] : given)
    for (std::size_t m = 0; m < row.size(); ++m)
      q[m] -= row[m];
  for (double &coefficient : q)
    coefficient /= rest;
  tableau.p.assign(tableau.a.size(), std::vector<double>(q.size(), 0));
  for (const auto &[stage, row] : given)
    for (std::size_t m = 0; m < row.size(); ++m) {
      const double share = std::size_t(stage) < b.size() ? b[stage] * q[m] : 0;
      tableau.p[stage][m] = row[m] - share;
    }
}

std::vector<std::vector<double>> nestedDifferences(const std::vector<double> &b,
                                                   const std::vector<std::vector<double>> &d) {
  std::vector<double> weights = b;
  weights.push_back(0);
  std::vector<std::vector<double>> p = cubicHermite(weights);
  p.resize(d[0].size(), std::vector<double>(3, 0));
  std::vector<double> basis = {0, 1, -2, 1}; // coefficients of theta, theta^2, ...
  for (std::size_t n = 0; n < d.size(); ++n) {
    for (std::size_t i = 0; i < p.size(); ++i) {
      p[i].resize(basis.size(), 0);
      for (std::size_t m = 0; m < basis.size(); ++m)
        p[i][m] += d[n][i] * basis[m];
    }
    // Times theta and times 1 - theta by turns.
    std::vector<double> shifted = basis;
    shifted.insert(shifted.begin(), 0);
    basis.push_back(0);
    for (std::size_t m = 0; m < basis.size(); ++m)
      basis[m] = n % 2 == 0 ? shifted[m] : basis[m] - shifted[m];
  }
  return p;
}

} // namespace deq
