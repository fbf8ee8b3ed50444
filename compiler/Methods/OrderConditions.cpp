// Generates rooted trees and evaluates their elementary weights, each tree from its subtrees.
// Extended precision keeps the evaluation's own rounding far below that of the coefficients.
#include "OrderConditions.h"

#include <cmath>

namespace deq {

namespace {

/// Appends every multiset of trees before `end` that has `vertices` vertices in all and starts at
/// or after `first`, each as the children of a new tree of the given order.
void appendTrees(std::vector<RootedTree> &list, int order, int vertices, int first, int end,
                 std::vector<int> &children) {
  if (vertices == 0) {
    list.push_back({order, children});
    return;
  }
  for (int i = first; i < end && list[i].order <= vertices; ++i) {
    children.push_back(i);
    appendTrees(list, order, vertices - list[i].order, i, end, children);
    children.pop_back();
  }
}

} // namespace

std::vector<RootedTree> rootedTrees(int maxOrder) {
  std::vector<RootedTree> list;
  std::vector<int> children;
  for (int order = 1; order <= maxOrder; ++order)
    appendTrees(list, order, order - 1, 0, static_cast<int>(list.size()), children);
  return list;
}

/// sum_j a_ij w_j, or with |a_ij|, for every i.
static std::vector<long double> branch(const std::vector<std::vector<double>> &a,
                                       const std::vector<long double> &weight, bool absolute) {
  std::vector<long double> sums;
  for (const std::vector<double> &row : a) {
    long double sum = 0;
    for (std::size_t j = 0; j < row.size(); ++j)
      sum += (absolute ? std::fabs(row[j]) : row[j]) * weight[j];
    sums.push_back(sum);
  }
  return sums;
}

OrderConditions::OrderConditions(const std::vector<std::vector<double>> &a, int maxOrder)
    : list(rootedTrees(maxOrder)) {
  struct Branch {
    std::vector<long double> weight, magnitude;
  };
  std::vector<Branch> branches;
  for (const RootedTree &tree : list) {
    long double density = tree.order;
    std::vector<long double> weight(a.size(), 1), magnitude(a.size(), 1);
    for (int child : tree.children) {
      density *= densities[child];
      for (std::size_t i = 0; i < a.size(); ++i) {
        weight[i] *= branches[child].weight[i];
        magnitude[i] *= branches[child].magnitude[i];
      }
    }
    densities.push_back(density);
    // As a branch of trees to come; those of the highest order are none.
    if (tree.order < maxOrder)
      branches.push_back({branch(a, weight, false), branch(a, magnitude, true)});
    weights.push_back(std::move(weight));
    magnitudes.push_back(std::move(magnitude));
  }
}

std::string OrderConditions::name(int tree) const {
  if (list[tree].children.empty())
    return ".";
  std::string text = "[";
  for (int child : list[tree].children)
    text += (text.size() > 1 ? "," : "") + name(child);
  return text + "]";
}

OrderConditions::Residual OrderConditions::residual(int tree, const std::vector<long double> &w,
                                                    long double target) const {
  Residual result{-target, std::fabs(target)};
  for (std::size_t i = 0; i < w.size(); ++i) {
    result.value += w[i] * weights[tree][i];
    result.scale += std::fabs(w[i]) * magnitudes[tree][i];
  }
  return result;
}

} // namespace deq
