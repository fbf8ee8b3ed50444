// The walk from the results of a graph, with equal nodes merged.
// A literal is equal to itself alone, so that a change of its value never changes the structure.
#include "Canonical.h"

#include <unordered_map>

namespace deq {

namespace {

class Canonicalizer {
public:
  explicit Canonicalizer(const FieldGraph &from)
      : from(from), nodes(from.nodes.size(), noNode), regions(from.regions.size(), -1) {}

  CanonicalGraph run() {
    FieldGraph &to = result.graph;
    to.name = from.name;
    to.at = from.at;
    to.state = from.state;
    to.arguments = from.arguments;
    to.data = from.data;
    addLeaves(from.state);
    addLeaves(from.arguments);
    to.derivatives = visitAll(from.derivatives);
    for (std::size_t kind = 0; kind < Observable::kinds; ++kind)
      to.observables[kind] = visitAll(from.observables[kind]);
    return std::move(result);
  }

private:
  void addLeaves(const std::vector<Leaf> &leaves) {
    result.digest.add(std::uint64_t(leaves.size()));
    for (const Leaf &leaf : leaves)
      result.digest.addAll(leaf.shape);
  }

  std::vector<NodeId> visitAll(const std::vector<NodeId> &roots) {
    std::vector<NodeId> list;
    for (NodeId root : roots) {
      visit(root);
      list.push_back(nodes[root]);
    }
    result.digest.addAll(list);
    return list;
  }

  /// The child of that number, noNode if it has none there; -2 after the last.
  NodeId child(const Node &node, std::size_t number) const {
    if (number < node.operands.size())
      return node.operands[number];
    number -= node.operands.size();
    if (!hasRegion(node) || number > 1)
      return end;
    const Region &region = from.regions[node.attr];
    return number == 0 ? region.filter : region.result;
  }

  /// Without recursion: a sum of 100,000 terms is that deep.
  void visit(NodeId root) {
    struct Level {
      NodeId node;
      std::size_t next;
    };
    std::vector<Level> stack = {{root, 0}};
    while (!stack.empty()) {
      Level &top = stack.back();
      const Node &node = from.nodes[top.node];
      if (nodes[top.node] != noNode) {
        stack.pop_back();
        continue;
      }
      if (top.next == 0 && hasRegion(node))
        regions[node.attr] = openRegion(from.regions[node.attr]);
      const NodeId next = child(node, top.next++);
      if (next == end) {
        nodes[top.node] = take(node);
        stack.pop_back();
      } else if (next != noNode && nodes[next] == noNode) {
        stack.push_back({next, 0});
      }
    }
  }

  std::int64_t openRegion(const Region &region) {
    result.graph.regions.push_back(region);
    return std::int64_t(result.graph.regions.size()) - 1;
  }

  /// The node with its operands known, or the one that is equal to it.
  NodeId take(const Node &original) {
    Node node = original;
    for (NodeId &operand : node.operands)
      operand = nodes[operand];
    if (node.op == Op::literal) {
      result.literals.push_back(node.attr);
      result.graph.literals.push_back(from.literals[node.attr]);
      node.attr = std::int64_t(result.literals.size()) - 1;
    }
    if (hasRegion(node) || node.op == Op::indexVariable || node.op == Op::carried)
      node.attr = regions[node.attr];
    if (hasRegion(node)) {
      Region &region = result.graph.regions[node.attr];
      region.result = nodes[region.result];
      region.filter = region.filter == noNode ? noNode : nodes[region.filter];
    }
    const Digest content = contentOf(node);
    auto [place, fresh] = known.try_emplace(content, noNode);
    if (fresh) {
      result.digest.add(content.word());
      place->second = result.graph.add(std::move(node));
    }
    return place->second;
  }

  Digest contentOf(const Node &node) const {
    Digest content;
    content.add(std::uint64_t(node.op));
    content.add(std::uint64_t(node.kind));
    content.addAll(node.shape);
    content.addAll(node.operands);
    content.add(std::uint64_t(node.attr));
    content.add(std::uint64_t(node.axis));
    content.addAll(node.bounds);
    content.add(node.value);
    if (hasRegion(node)) {
      const Region &region = result.graph.regions[node.attr];
      for (std::int64_t part :
           {region.lower, region.upper, std::int64_t(region.result), std::int64_t(region.filter)})
        content.add(std::uint64_t(part));
    }
    return content;
  }

  struct Hash {
    std::size_t operator()(const Digest &digest) const { return digest.word(); }
  };
  static constexpr NodeId end = -2;

  const FieldGraph &from;
  std::vector<NodeId> nodes;         ///< of the result, by those of `from`
  std::vector<std::int64_t> regions; ///< likewise
  std::unordered_map<Digest, NodeId, Hash> known;
  CanonicalGraph result;
};

} // namespace

CanonicalGraph canonical(const FieldGraph &field) { return Canonicalizer(field).run(); }

} // namespace deq
