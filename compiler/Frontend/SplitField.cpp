// Finds the halves of a field by what its derivatives depend on.
// Dependence is that of the graph: a term that happens to be zero counts, as it might not be.
#include "SplitField.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

namespace {

/// The leaves that a derivative depends on, as the text has it; `seen` are nodes of this search.
std::vector<std::int64_t> leavesBehind(const FieldGraph &field, NodeId derivative,
                                       std::vector<int> &seen, int search) {
  std::vector<std::int64_t> leaves;
  std::vector<NodeId> stack = {derivative};
  while (!stack.empty()) {
    NodeId id = stack.back();
    stack.pop_back();
    if (id == noNode || seen[id] == search)
      continue;
    seen[id] = search;
    const Node &node = field.nodes[id];
    if (node.op == Op::state)
      leaves.push_back(node.attr);
    stack.insert(stack.end(), node.operands.begin(), node.operands.end());
    if (hasRegion(node)) {
      stack.push_back(field.regions[node.attr].result);
      stack.push_back(field.regions[node.attr].filter);
    }
  }
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
  return leaves;
}

} // namespace

std::optional<std::vector<std::int64_t>> positionsOf(const FieldGraph &field,
                                                     const std::vector<Position> &places,
                                                     const std::string &method,
                                                     Diagnostics &diagnostics) {
  const std::size_t count = field.state.size();
  std::vector<std::vector<std::int64_t>> behind, neighbours(count);
  std::vector<int> seen(field.nodes.size(), -1);
  for (std::size_t i = 0; i < count; ++i) {
    behind.push_back(leavesBehind(field, field.derivatives[i], seen, static_cast<int>(i)));
    for (std::int64_t leaf : behind[i]) {
      neighbours[i].push_back(leaf);
      neighbours[leaf].push_back(static_cast<std::int64_t>(i));
    }
  }
  std::vector<int> colours(count, -1); // 0: a position
  for (std::size_t first = 0; first < count; ++first) {
    std::vector<std::int64_t> stack;
    if (colours[first] < 0) {
      colours[first] = 0;
      stack.push_back(static_cast<std::int64_t>(first));
    }
    while (!stack.empty()) {
      std::int64_t leaf = stack.back();
      stack.pop_back();
      for (std::int64_t other : neighbours[leaf])
        if (colours[other] < 0) {
          colours[other] = 1 - colours[leaf];
          stack.push_back(other);
        }
    }
  }
  std::vector<std::int64_t> positions;
  bool good = true;
  for (std::size_t i = 0; i < count; ++i) {
    if (colours[i] == 0)
      positions.push_back(static_cast<std::int64_t>(i));
    for (std::int64_t leaf : behind[i])
      if (colours[leaf] == colours[i]) {
        diagnostics.report(Id::no_split, places[i],
                           fmt::format("{}' depends on {}: {} needs a field that splits, "
                                       "q' = g(t, v) and v' = f(t, q)",
                                       field.state[i].name, field.state[leaf].name, method));
        good = false;
        break;
      }
  }
  if (!good)
    return std::nullopt;
  return positions;
}

} // namespace deq
