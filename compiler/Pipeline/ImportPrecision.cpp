// Which operations of a field are computed in f64 where its time is f64 and its state is not.
// The precision of a time is lost in one product of f32, so what is made of it stays in f64 until
// it meets the state.

#include "Importer.h"

namespace deq::ir {

void Importer::findDependences() {
  dependences.assign(graph.nodes.size(), {});
  std::vector<NodeId> owners(graph.regions.size(), noNode);
  for (size_t id = 0; id < graph.nodes.size(); ++id)
    if (hasRegion(graph.nodes[id]))
      owners[graph.nodes[id].attr] = static_cast<NodeId>(id);
  // Operands precede their node, but the body of a comprehension follows it: a pass per depth.
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t id = 0; id < graph.nodes.size(); ++id) {
      const Node &node = graph.nodes[id];
      Dependence found{node.op == GraphOp::time, node.op == GraphOp::state};
      if (node.op == GraphOp::argument)
        found.onTime = declared[node.attr].degree >= 0;
      auto add = [&](NodeId operand) {
        found.onTime |= dependences[operand].onTime;
        found.onState |= dependences[operand].onState;
      };
      llvm::for_each(node.operands, add);
      if (hasRegion(node))
        add(graph.regions[node.attr].result);
      if (node.op == GraphOp::carried) // is what the fold is
        add(owners[node.attr]);
      Dependence &known = dependences[id];
      changed |= found.onTime != known.onTime || found.onState != known.onState;
      known = found;
    }
  }
}

bool Importer::isGiven(NodeId id) const {
  const Node *node = &graph.nodes[id];
  while (node->op == GraphOp::extract || node->op == GraphOp::slice)
    node = &graph.nodes[node->operands[0]];
  return node->op == GraphOp::argument || node->op == GraphOp::literal;
}

bool Importer::isWide(NodeId id, bool user) const {
  if (dependences.empty() || dependences[id].onState)
    return false;
  return dependences[id].onTime || (user && !isGiven(id));
}

Value Importer::converted(Value value, bool toWide) {
  Type from = value.getType();
  auto type = dyn_cast<FloatType>(getElementTypeOrSelf(from));
  FloatType target = toWide ? b.getF64Type() : real;
  if (!type || type == target)
    return value;
  Type to = isa<RankedTensorType>(from) ? Type(cast<RankedTensorType>(from).clone(target)) : target;
  if (toWide)
    return b.create<arith::ExtFOp>(value.getLoc(), to, value);
  return b.create<arith::TruncFOp>(value.getLoc(), to, value);
}

} // namespace deq::ir
