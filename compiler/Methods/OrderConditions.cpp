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

OrderConditions::OrderConditions(const std::vector<std::vector<double>> &a, int maxOrder)
    : list(rootedTrees(maxOrder)) {
  for (const RootedTree &tree : list) {
    long double density = tree.order;
    std::vector<long double> weight(a.size(), 1), magnitude(a.size(), 1);
    for (int child : tree.children) {
      density *= densities[child];
      for (std::size_t i = 0; i < a.size(); ++i) {
        long double sum = 0, size = 0;
        for (std::size_t j = 0; j < a[i].size(); ++j) {
          sum += a[i][j] * weights[child][j];
          size += std::fabs(a[i][j]) * magnitudes[child][j];
        }
        weight[i] *= sum;
        magnitude[i] *= size;
      }
    }
    densities.push_back(density);
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
