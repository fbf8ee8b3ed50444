// A Runge-Kutta tableau as data that checks itself, and the list of the methods deq knows.
// Nothing that can be derived is stored: stage count, FSAL and row sums come from the coefficients.
#pragma once

#include <string>
#include <vector>

namespace deq {

/// An explicit Runge-Kutta method with s stages (Butcher tableau):
///   z_i = y0 + h sum_{j<i} a_ij k_j,  k_i = f(t0 + c_i h, z_i),  y1 = y0 + h sum b_i k_i,
///   error = h sum e_i k_i  with  e = b - bhat  (empty: no estimate),
///   y(t0 + theta h) = y0 + (y1 - y0) sum_m q_m theta^m + h sum_i k_i sum_m p_im theta^m, m = 1 ...
/// (dense output).
/// A second estimate with the weights `coarse` = b - bhat' of a lower order sharpens the first: the
/// controller then judges by r_e^2 / sqrt(r_e^2 + 0.01 r_coarse^2) instead of r_e.
/// Rows of a and c beyond the s stages of b are extra stages: they use all slopes before them, only
/// dense output uses theirs, and they are evaluated only in steps with a row inside. The slope at
/// y1 is an ordinary extra stage, with c = 1 and a = b; a first-same-as-last method has it already.
struct Tableau {
  std::string name;
  std::string title;  ///< "Tsitouras 5(4)"
  std::string source; ///< citation
  int order = 0;
  int errorOrder = 0;  ///< order of the embedded solution, 0 if none
  int coarseOrder = 0; ///< of b - coarse, 0 if there is no second estimate
  int interpolantOrder = 0;
  std::vector<std::vector<double>> a; ///< row i has i entries
  std::vector<double> b, c, e, coarse;
  std::vector<std::vector<double>> p; ///< row i: coefficients of theta^1, theta^2, ... for k_i
  /// The same for y1 - y0, empty: 0. Stages whose weights are b_i q(theta) need no row in p, and
  /// large b_i that cancel in y1 - y0 do not cost the interpolant digits.
  std::vector<double> q;

  int stages() const { return static_cast<int>(b.size()); }
  int extraStages() const { return static_cast<int>(a.size()) - stages(); }
  /// First same as last: the last stage is evaluated at (t0 + h, y1), so it is the next step's
  /// first slope.
  bool fsal() const;
  bool adaptive() const { return !e.empty(); }
  /// Row i of p with q's share: the whole weight of k_i in the dense output.
  std::vector<long double> denseWeights(int stage) const;
};

/// m p_m for p = p_1, p_2, ...: the derivative of sum_m p_m theta^m, in powers from theta^0.
std::vector<double> differentiated(const std::vector<double> &p);

/// Every way in which the coefficients contradict themselves or the stated orders; empty if none.
/// Checks shapes, row sums (sum_j a_ij = c_i), sum e = 0, the order conditions of b, bhat = b - e
/// and of the interpolant for all rooted trees up to the stated order (Butcher; Hairer, Norsett,
/// Wanner I, II.2), with residuals evaluated in extended precision; tolerance 1e-13 relative to the
/// size of the terms.
std::vector<std::string> check(const Tableau &tableau);

/// One of them, and the part of the tableau that shows it.
struct TableauProblem {
  enum class Part { whole, order, a, b, c, e, coarse, p } part;
  int row; ///< of a or p, from 0
  std::string text;
};
std::vector<TableauProblem> problemsOf(const Tableau &tableau);

/// All methods, in the order of the documentation.
const std::vector<Tableau> &methods();
/// nullptr if there is none of that name.
const Tableau *findMethod(const std::string &name);

} // namespace deq
