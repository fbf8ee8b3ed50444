// Rooted trees and the order conditions of Runge-Kutta methods, generated for any order.
// They let a tableau check itself: a mistyped digit contradicts some condition.
#pragma once

#include <string>
#include <vector>

namespace deq {

/// A rooted tree, given by the subtrees that hang from its root: indices into the list it is part
/// of.
struct RootedTree {
  int order = 1;             ///< number of vertices
  std::vector<int> children; ///< non-decreasing
};

/// All rooted trees with at most `maxOrder` vertices, ordered by their number of vertices. The
/// first is the single vertex. There are 1, 1, 2, 4, 9, 20, 48, 115, ... of order 1, 2, 3, ...
std::vector<RootedTree> rootedTrees(int maxOrder);

/// The order conditions of the coefficients a: weights w_i at the stages give order p if
///   sum_i w_i Phi_i(t) = 1 / gamma(t)  for all rooted trees t with at most p vertices
/// (J. C. Butcher, Coefficients for the study of Runge-Kutta integration processes, 1963; Hairer,
/// Norsett, Wanner, Solving Ordinary Differential Equations I, theorem II.2.13).
class OrderConditions {
public:
  OrderConditions(const std::vector<std::vector<double>> &a, int maxOrder);

  const std::vector<RootedTree> &trees() const { return list; }
  /// gamma(t) = |t| times the product of the subtrees' gamma.
  long double density(int tree) const { return densities[tree]; }
  /// Phi_i(t) = product over the subtrees u of sum_j a_ij Phi_j(u), for every stage i.
  const std::vector<long double> &stageWeights(int tree) const { return weights[tree]; }
  /// The tree in brackets: `.` is a vertex, `[.,[.]]` a root with a vertex and a path of two above
  /// it.
  std::string name(int tree) const;

  struct Residual {
    long double value = 0; ///< sum_i w_i Phi_i(t) - target
    long double scale = 0; ///< the same sum of absolute values: what rounding is relative to
  };
  Residual residual(int tree, const std::vector<long double> &w, long double target) const;

private:
  std::vector<RootedTree> list;
  std::vector<long double> densities;
  std::vector<std::vector<long double>> weights;
  std::vector<std::vector<long double>> magnitudes; ///< weights of |a_ij|
};

} // namespace deq
