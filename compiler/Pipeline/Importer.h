// The importer of graphs as one class in three files: scalars and the order of nodes in Import.cpp,
// their precision in ImportPrecision.cpp, arrays and indices in ImportArrays.cpp. All need the
// values of the nodes emitted so far.
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
  Importer(MLIRContext &context, const Problem &problem);

  void importField();

private:
  /// A function of the field's inputs; none if it has no results.
  void importFunction(StringRef symbol, ArrayRef<Type> inputs, ArrayRef<NodeId> results);
  /// The region of a field or function: one argument per input, the nodes that the results need.
  void emitBody(Operation *owner, ArrayRef<Type> inputs, ArrayRef<NodeId> results);

  Type leafType(const Shape &shape);
  Type typeOf(const Node &node);
  Location location(Position at);

  // --- precision: f64 beside the element type, where time is f64 and the state is not ---

  /// A node and whether it is computed in f64.
  using Computed = std::pair<NodeId, bool>;
  /// Finds out what the nodes depend on; before the first body.
  void findDependences();
  /// Whether a node is computed in f64 where it is an operand of an operation in f64, or not in
  /// f64. What depends on the state never is, what depends on time otherwise always; what depends
  /// on neither is computed in the precision of its use, but leaves keep theirs.
  bool isWide(NodeId id, bool user) const;
  /// An argument, a literal or a part of one.
  bool isGiven(NodeId id) const;
  /// The value of a node as an operand of the operation being emitted.
  Value valueOf(NodeId id) { return converted(values[isWide(id, wide)][id], wide); }
  Value converted(Value value, bool toWide);
  FloatType element() { return wide ? b.getF64Type() : real; }

  /// Emits, at the insertion point, every node of this comprehension depth that `roots` need (as
  /// operands of what is being emitted), in arena order, and returns them. Bodies of inner
  /// comprehensions follow their node; what they need from outside has a smaller id and is there
  /// already.
  SmallVector<Computed> emitNeeded(ArrayRef<NodeId> roots, int depth);

  // --- fused multiply-add ---

  /// The factors of a product, looking through a broadcast of one; empty if the node is no product.
  std::optional<std::pair<NodeId, NodeId>> factors(NodeId id) const;

  /// For p + c, p - c and c - p with exactly one product p: its position. -1: not fused.
  int fusedOperand(const Node &node, bool inWide) const;
  SmallVector<NodeId> operandsOf(const Node &node, bool inWide) const;
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

  Value emitComprehension(Location loc, const Node &node, StringRef name, Type type);

  OpBuilder b;
  const FieldGraph &graph;
  const std::vector<Argument> &declared;
  FloatType real, time;
  SmallVector<StringAttr> files; ///< by the number in a position
  ValueRange arguments;
  struct Dependence {
    bool onTime = false, onState = false;
  };
  std::vector<Dependence> dependences;      ///< by node; empty if all has one precision
  bool wide = false;                        ///< the operation being emitted is in f64
  std::array<std::vector<Value>, 2> values; ///< by node; those in f64 beside the element type
  llvm::DenseMap<int64_t, Value> samples;   ///< by argument that is a table
  llvm::DenseMap<int64_t, Value> variables; ///< by region
  llvm::DenseMap<int64_t, Value> carried;   ///< by region of a fold

public:
  OpBuilder &builder() { return b; }
};

} // namespace deq::ir
