// Counts operations by their place and kind.
#include "UnrolledLoops.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace deq {

namespace {

constexpr std::int64_t many = 16; ///< fewer are no more code than a loop's

/// Leaves, numbers and indices are no work.
bool isWork(const Node &node) {
  switch (node.op) {
  case Op::time:
  case Op::state:
  case Op::argument:
  case Op::literal:
  case Op::constant:
  case Op::data:
  case Op::carried:
    return false;
  default:
    return node.kind != Kind::index;
  }
}

} // namespace

std::vector<UnrolledLoop> unrolledLoops(const FieldGraph &graph, std::vector<NodeId> recorded) {
  std::sort(recorded.begin(), recorded.end());
  recorded.erase(std::unique(recorded.begin(), recorded.end()), recorded.end());
  std::map<std::tuple<int, int, int, Op, std::int64_t>, UnrolledLoop> places;
  for (NodeId number : recorded) {
    const Node &node = graph.nodes[number];
    const std::int64_t row = node.op == Op::call ? node.attr : 0;
    UnrolledLoop &loop = places[{node.at.file, node.at.line, node.at.column, node.op, row}];
    if (isWork(node) && loop.count++ == 0)
      loop.first = number;
  }
  std::vector<UnrolledLoop> loops;
  for (const auto &[place, loop] : places)
    if (loop.count >= many)
      loops.push_back(loop);
  std::sort(loops.begin(), loops.end(),
            [](const UnrolledLoop &a, const UnrolledLoop &b) { return a.first < b.first; });
  std::set<std::int64_t> counts;
  std::erase_if(loops, [&](const UnrolledLoop &loop) { return !counts.insert(loop.count).second; });
  return loops;
}

} // namespace deq
