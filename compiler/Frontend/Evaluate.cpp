// Walks a graph in the order of its nodes, without recursion over chains of operations.
// A node is evaluated once per value of the indices it depends on: outside of all comprehensions it
// does not need.
#include "Evaluate.h"
#include "GraphBuilder.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace deq {

namespace {

class Evaluator {
public:
  Evaluator(const FieldGraph &graph, const Point &point)
      : graph(graph), point(point), values(graph.nodes.size()), seen(graph.nodes.size()),
        indices(1) {}

  Tensor run(NodeId root) {
    std::vector<int> path = {outside};
    schedule(root, path);
    for (auto &[region, nodes] : schedules)
      std::sort(nodes.begin(), nodes.end());
    runSchedule(outside);
    return std::move(values[root]);
  }

private:
  static constexpr int outside = -1; ///< in place of a region: nodes of no comprehension

  /// Files every node under the region whose variable is the innermost it depends on.
  /// `path` lists the regions around `root`, by depth.
  void schedule(NodeId root, std::vector<int> &path) {
    std::vector<NodeId> stack = {root};
    while (!stack.empty()) {
      NodeId id = stack.back();
      stack.pop_back();
      const Node &node = graph.nodes[id];
      if (seen[id] || node.kind == Kind::index)
        continue;
      seen[id] = true;
      schedules[path[node.depth]].push_back(id);
      stack.insert(stack.end(), node.operands.begin(), node.operands.end());
      if (!hasRegion(node))
        continue;
      const Region &region = graph.regions[node.attr];
      std::vector<int> inner(path.begin(), path.begin() + region.depth);
      inner.push_back(static_cast<int>(node.attr));
      indices.resize(std::max(indices.size(), inner.size()));
      schedule(region.result, inner);
    }
  }

  void runSchedule(int region) {
    for (NodeId id : schedules[region])
      values[id] = compute(graph.nodes[id]);
  }

  const Tensor &operand(const Node &node, int i) const { return values[node.operands[i]]; }

  Tensor compute(const Node &node) {
    switch (node.op) {
    case Op::time:
      return {{}, {point.t}};
    case Op::state:
      return leaf(graph.state, node.attr, point.state);
    case Op::argument:
      return leaf(graph.arguments, node.attr, point.arguments);
    case Op::literal:
      return {{}, {graph.literals[node.attr].value}};
    case Op::constant:
      return {{}, {node.value}};
    case Op::data:
      return graph.data[node.attr];
    case Op::indexToReal:
      return {{}, {static_cast<double>(evaluateIndex(graph, node.operands[0], indices))}};
    case Op::compare:
      if (graph.nodes[node.operands[0]].kind == Kind::index)
        return {{},
                {holds(node.attr, evaluateIndex(graph, node.operands[0], indices),
                       evaluateIndex(graph, node.operands[1], indices))
                     ? 1.0
                     : 0.0}};
      return elementwise(node);
    case Op::generate:
    case Op::sumOver:
      return comprehension(node);
    case Op::fold:
      return fold(node);
    case Op::carried:
      return carried[node.attr];
    case Op::sum:
      return {{}, {sumTerms(operand(node, 0).data)}};
    case Op::dot:
    case Op::norm: {
      const Tensor &a = operand(node, 0), &b = operand(node, node.op == Op::dot);
      double sum = dotTerms(a.data.data(), 1, b.data.data(), 1, a.data.size());
      return {{}, {node.op == Op::dot ? sum : std::sqrt(sum)}};
    }
    case Op::matmul:
      return matmul(node);
    case Op::stack:
    case Op::extract:
    case Op::slice:
    case Op::shift:
    case Op::roll:
      return rearrange(node);
    case Op::concat:
      return concat(node);
    default:
      return elementwise(node);
    }
  }

  static Tensor leaf(const std::vector<Leaf> &leaves, std::int64_t index,
                     const std::vector<double> &flat) {
    std::int64_t start = 0;
    for (std::int64_t i = 0; i < index; ++i)
      start += scalars(leaves[i].shape);
    auto first = flat.begin() + start;
    return {leaves[index].shape, {first, first + scalars(leaves[index].shape)}};
  }

  Tensor elementwise(const Node &node) const {
    Tensor result{node.shape, std::vector<double>(scalars(node.shape))};
    for (std::size_t i = 0; i < result.data.size(); ++i)
      result.data[i] = element(node, i);
    return result;
  }

  double at(const Node &node, int operandIndex, std::size_t i) const {
    return operand(node, operandIndex).data[i];
  }

  double element(const Node &node, std::size_t i) const {
    auto x = [&](int k) { return at(node, k, i); };
    switch (node.op) {
    case Op::broadcast:
      return at(node, 0, 0);
    case Op::neg:
      return -x(0);
    case Op::add:
    case Op::sub:
      return sumOrDifference(node, i);
    case Op::mul:
      return x(0) * x(1);
    case Op::div:
      return x(0) / x(1);
    case Op::call:
      return applyBuiltin(node.attr, x(0), node.operands.size() > 1 ? x(1) : 0);
    case Op::compare:
      return holds(node.attr, x(0), x(1));
    case Op::select:
      return x(0) != 0 ? x(1) : x(2);
    case Op::logicalAnd:
      return x(0) != 0 && x(1) != 0;
    case Op::logicalOr:
      return x(0) != 0 || x(1) != 0;
    default: // logicalNot
      return x(0) == 0;
    }
  }

  /// A product, or a scalar one that fills an array; null if it is none.
  const Node *productOf(NodeId id) const {
    const Node *node = &graph.nodes[id];
    if (node->op == Op::broadcast)
      node = &graph.nodes[node->operands[0]];
    return isProduct(*node) ? node : nullptr;
  }

  double factor(const Node &product, int k, std::size_t i) const {
    return at(product, k, product.shape.empty() ? 0 : i);
  }

  /// Fused when exactly one operand is a product.
  double sumOrDifference(const Node &node, std::size_t i) const {
    const Node *left = productOf(node.operands[0]), *right = productOf(node.operands[1]);
    double a = at(node, 0, i), b = at(node, 1, i);
    bool subtracts = node.op == Op::sub;
    if (left && !right)
      return std::fma(factor(*left, 0, i), factor(*left, 1, i), subtracts ? -b : b);
    if (right && !left) {
      double x = factor(*right, 0, i);
      return std::fma(subtracts ? -x : x, factor(*right, 1, i), a);
    }
    return subtracts ? a - b : a + b;
  }

  Tensor matmul(const Node &node) const {
    const Tensor &a = operand(node, 0), &b = operand(node, 1);
    std::size_t rows = a.shape[0], inner = a.shape[1];
    std::size_t columns = b.shape.size() == 2 ? b.shape[1] : 1;
    Tensor result{node.shape, {}};
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j)
        result.data.push_back(
            dotTerms(a.data.data() + i * inner, 1, b.data.data() + j, columns, inner));
    return result;
  }

  /// Computes the body of a region for each index that its filter lets through.
  template <class Take> void runRegion(std::int64_t number, Take take) {
    const Region &region = graph.regions[number];
    for (std::int64_t i = region.lower; i < region.upper; ++i) {
      indices[region.depth] = i;
      if (region.filter != noNode && !evaluateIndex(graph, region.filter, indices))
        continue;
      runSchedule(static_cast<int>(number));
      take(values[region.result]);
    }
  }

  Tensor fold(const Node &node) {
    carried[node.attr] = operand(node, 0);
    runRegion(node.attr, [&](const Tensor &next) { carried[node.attr] = next; });
    return carried[node.attr];
  }

  /// Rows of a generate one after the other; sums element by element.
  Tensor comprehension(const Node &node) {
    std::vector<std::vector<double>> terms;
    runRegion(node.attr, [&](const Tensor &term) { terms.push_back(term.data); });
    Tensor result{node.shape, {}};
    if (node.op == Op::generate) {
      for (const auto &row : terms)
        result.data.insert(result.data.end(), row.begin(), row.end());
      return result;
    }
    std::vector<double> column(terms.size());
    for (std::int64_t k = 0; k < scalars(node.shape); ++k) {
      for (std::size_t i = 0; i < terms.size(); ++i)
        column[i] = terms[i][k];
      result.data.push_back(sumTerms(column));
    }
    return result;
  }

  /// Operations that move elements: result element by element, from the place its index names.
  Tensor rearrange(const Node &node) const {
    Tensor result{node.shape, {}};
    IndexValues place(node.shape.size());
    for (std::int64_t i = 0, count = scalars(node.shape); i < count; ++i) {
      result.data.push_back(moved(node, place));
      for (std::size_t axis = place.size(); axis-- > 0;) {
        if (++place[axis] < node.shape[axis])
          break;
        place[axis] = 0;
      }
    }
    return result;
  }

  static double read(const Tensor &tensor, const IndexValues &place) {
    std::int64_t offset = 0;
    for (std::size_t axis = 0; axis < place.size(); ++axis)
      offset = offset * tensor.shape[axis] + place[axis];
    return tensor.data[offset];
  }

  double moved(const Node &node, IndexValues place) const {
    const Tensor &array = operand(node, 0);
    switch (node.op) {
    case Op::stack: {
      std::int64_t row = place.front();
      place.erase(place.begin());
      return read(operand(node, static_cast<int>(row)), place);
    }
    case Op::extract: {
      IndexValues from;
      for (std::size_t i = 1; i < node.operands.size(); ++i)
        from.push_back(evaluateIndex(graph, node.operands[i], indices));
      from.insert(from.end(), place.begin(), place.end());
      return read(array, from);
    }
    case Op::slice:
      for (std::size_t axis = 0; axis < place.size(); ++axis)
        place[axis] += node.bounds[2 * axis];
      return read(array, place);
    case Op::shift: {
      std::int64_t &i = place[node.axis];
      i -= node.attr;
      return i < 0 || i >= node.shape[node.axis] ? at(node, 1, 0) : read(array, place);
    }
    case Op::roll:
      place[node.axis] = floorMod(place[node.axis] - node.attr, node.shape[node.axis]);
      return read(array, place);
    default: // concat has its own walk
      return 0;
    }
  }

  /// Row by row over the axes before that of the concatenation, part by part in each.
  Tensor concat(const Node &node) const {
    Tensor result{node.shape, {}};
    std::int64_t rows = scalars(Shape(node.shape.begin(), node.shape.begin() + node.attr));
    for (std::int64_t row = 0; row < rows; ++row)
      for (NodeId id : node.operands) {
        const std::vector<double> &part = values[id].data;
        auto length = static_cast<std::int64_t>(part.size()) / rows;
        auto first = part.begin() + row * length;
        result.data.insert(result.data.end(), first, first + length);
      }
    return result;
  }

  const FieldGraph &graph;
  const Point &point;
  std::vector<Tensor> values; ///< per node, of the current indices
  std::vector<bool> seen;
  std::map<int, std::vector<NodeId>> schedules; ///< by region
  std::map<std::int64_t, Tensor> carried;       ///< by region of a fold
  IndexValues indices;
};

/// Counts what an Evaluator would do, by the same schedule.
class StepCounter {
public:
  explicit StepCounter(const FieldGraph &graph)
      : graph(graph), seen(graph.nodes.size()), weights(graph.nodes.size()) {
    for (std::size_t id = 0; id < weights.size(); ++id) {
      weights[id] = 1;
      for (NodeId operand : graph.nodes[id].operands)
        weights[id] += weights[operand];
    }
  }

  /// `times` says how often nodes are evaluated by their depth.
  double count(NodeId root, std::vector<double> times) {
    double total = 0;
    std::vector<NodeId> stack = {root};
    while (!stack.empty()) {
      NodeId id = stack.back();
      stack.pop_back();
      const Node &node = graph.nodes[id];
      if (seen[id] || node.kind == Kind::index)
        continue;
      seen[id] = true;
      total += times[node.depth] * steps(node);
      stack.insert(stack.end(), node.operands.begin(), node.operands.end());
      if (!hasRegion(node))
        continue;
      const Region &region = graph.regions[node.attr];
      times.resize(region.depth);
      times.push_back(times.back() * static_cast<double>(region.upper - region.lower));
      if (region.filter != noNode)
        total += times.back() * weights[region.filter];
      total += count(region.result, times);
    }
    return total;
  }

private:
  double steps(const Node &node) const {
    constexpr double overhead = 4; // memory for the value
    auto elements = static_cast<double>(scalars(node.shape));
    double indices = 0;
    for (NodeId operand : node.operands)
      if (graph.nodes[operand].kind == Kind::index)
        indices += weights[operand];
    if (node.op == Op::matmul)
      elements *= static_cast<double>(graph.nodes[node.operands[0]].shape[1]);
    return overhead + elements * (1 + indices);
  }

  const FieldGraph &graph;
  std::vector<bool> seen;
  std::vector<double> weights; ///< operations of an index, with repetitions
};

} // namespace

std::int64_t evaluationSteps(const FieldGraph &graph, NodeId node) {
  return static_cast<std::int64_t>(std::min(StepCounter(graph).count(node, {1}), 1e18));
}

Tensor evaluate(const FieldGraph &graph, NodeId node, const Point &point) {
  return Evaluator(graph, point).run(node);
}

} // namespace deq
