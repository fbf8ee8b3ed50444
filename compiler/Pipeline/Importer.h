// The importer of graphs as one class in two files: scalars and the order of nodes in Import.cpp,
// arrays and indices in ImportArrays.cpp. Both need the values of the nodes emitted so far.
#pragma once

#include "../Dialect/Deq.h"
#include "../Frontend/Frontend.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace deq::ir {

using deq::Node;
using deq::NodeId;
using GraphOp = deq::Op;

class Importer {
public:
  Importer(MLIRContext &context, const Problem &problem, FloatType real)
      : b(&context), graph(problem.field), declared(problem.signature.arguments), real(real) {
    for (const std::string &name : problem.files)
      files.push_back(StringAttr::get(&context, name));
  }

  void importField();

private:
  /// A function of the field's inputs; none if it has no results.
  void importFunction(StringRef symbol, ArrayRef<Type> inputs, ArrayRef<NodeId> results);
  /// The region of a field or function: one argument per input, the nodes that the results need.
  void emitBody(Operation *owner, ArrayRef<Type> inputs, ArrayRef<NodeId> results);

  Type leafType(const Shape &shape);
  Type typeOf(const Node &node);
  Location location(Position at);

  /// Emits, at the insertion point, every node of this comprehension depth that `roots` need, in
  /// arena order. Bodies of inner comprehensions follow their node; what they need from outside has
  /// a smaller id and is there already.
  void emitNeeded(ArrayRef<NodeId> roots, int depth);

  // --- fused multiply-add ---

  /// The factors of a product, looking through a broadcast of one; empty if the node is no product.
  std::optional<std::pair<NodeId, NodeId>> factors(NodeId id) const;

  /// For p + c, p - c and c - p with exactly one product p: its position. -1: not fused.
  int fusedOperand(const Node &node) const;
  SmallVector<NodeId> operandsOf(const Node &node) const;
  Value emitFused(const Node &node, int fused);

  // --- nodes ---

  Value like(Value value, Type type);
  Value realConstant(Location loc, double value, Type type);
  Value emit(const Node &node);
  /// A declared argument as the field sees it: a table's value is sampled once for all uses.
  Value emitArgument(Location loc, int64_t position);
  Value emitCompare(Location loc, const Node &node);
  Value emitCall(Location loc, const Node &node);
  Value compareReal(Location loc, arith::CmpFPredicate predicate, Value x, Value y);

  /// min and max propagate NaN, sign(0) = 0, hypot is a plain square root.
  Value emitComposed(Location loc, StringRef name, ArrayRef<Value> v);
  Value emitIndex(Location loc, const Node &node);
  Value emitArray(Location loc, const Node &node);
  Value emitStack(Location loc, const Node &node);
  Value emitExtract(Location loc, const Node &node);
  Value emitSlice(Location loc, const Node &node);

  template <typename ComprehensionOp>
  Value emitComprehension(Location loc, const Node &node, Type type) {
    const deq::Region &region = graph.regions[node.attr];
    OperationState state(loc, ComprehensionOp::getOperationName());
    ComprehensionOp::build(b, state, type, b.getI64IntegerAttr(region.lower),
                           b.getI64IntegerAttr(region.upper));
    auto op = cast<ComprehensionOp>(b.create(state));
    OpBuilder::InsertionGuard guard(b);
    Block *body = b.createBlock(&op.getBody());
    variables[node.attr] = body->addArgument(b.getIndexType(), loc);
    SmallVector<NodeId> roots{region.result};
    if (region.filter != noNode)
      roots.push_back(region.filter);
    emitNeeded(roots, region.depth);
    Value filter = region.filter == noNode ? Value() : values[region.filter];
    b.create<YieldOp>(loc, ValueRange{values[region.result]}, filter);
    return op.getResult();
  }

  OpBuilder b;
  const FieldGraph &graph;
  const std::vector<Argument> &declared;
  FloatType real;
  SmallVector<StringAttr> files; ///< by the number in a position
  ValueRange arguments;
  std::vector<Value> values;                ///< by node
  llvm::DenseMap<int64_t, Value> samples;   ///< by argument that is a table
  llvm::DenseMap<int64_t, Value> variables; ///< by region

public:
  OpBuilder &builder() { return b; }
};

} // namespace deq::ir
