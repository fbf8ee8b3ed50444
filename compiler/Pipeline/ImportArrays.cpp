// Import of nodes that make, take apart or index arrays, and of index arithmetic.
// Here and not with the scalars, because their operations are those of tensors and regions.

#include "Importer.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace deq::ir {

Value Importer::emitCompare(Location loc, const Node &node) {
  Value x = valueOf(node.operands[0]), y = valueOf(node.operands[1]);
  if (x.getType().isIndex()) {
    constexpr arith::CmpIPredicate table[] = {arith::CmpIPredicate::slt, arith::CmpIPredicate::sle,
                                              arith::CmpIPredicate::sgt, arith::CmpIPredicate::sge,
                                              arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne};
    return b.create<arith::CmpIOp>(loc, table[node.attr], x, y);
  }
  constexpr arith::CmpFPredicate table[] = {arith::CmpFPredicate::OLT, arith::CmpFPredicate::OLE,
                                            arith::CmpFPredicate::OGT, arith::CmpFPredicate::OGE,
                                            arith::CmpFPredicate::OEQ, arith::CmpFPredicate::UNE};
  return b.create<arith::CmpFOp>(loc, table[node.attr], x, y);
}

Value Importer::emitIndex(Location loc, const Node &node) {
  auto operand = [&](int i) { return valueOf(node.operands[i]); };
  switch (node.op) {
  case GraphOp::indexConstant:
    return b.create<arith::ConstantIndexOp>(loc, node.attr);
  case GraphOp::indexVariable:
    return variables[node.attr];
  case GraphOp::indexAdd:
    return b.create<arith::AddIOp>(loc, operand(0), operand(1));
  case GraphOp::indexSub:
    return b.create<arith::SubIOp>(loc, operand(0), operand(1));
  case GraphOp::indexMul:
    return b.create<arith::MulIOp>(loc, operand(0), operand(1));
  case GraphOp::indexDiv:
    return b.create<arith::FloorDivSIOp>(loc, operand(0), operand(1));
  case GraphOp::indexMod: {
    Value quotient = b.create<arith::FloorDivSIOp>(loc, operand(0), operand(1));
    Value product = b.create<arith::MulIOp>(loc, quotient, operand(1));
    return b.create<arith::SubIOp>(loc, operand(0), product);
  }
  default: {
    Value number = b.create<arith::IndexCastOp>(loc, b.getI64Type(), operand(0));
    return b.create<arith::SIToFPOp>(loc, element(), number);
  }
  }
}

Value Importer::emitArray(Location loc, const Node &node) {
  Type type = typeOf(node);
  auto operand = [&](int i) { return valueOf(node.operands[i]); };
  switch (node.op) {
  case GraphOp::stack:
    return emitStack(loc, node);
  case GraphOp::extract:
    return emitExtract(loc, node);
  case GraphOp::slice:
    return emitSlice(loc, node);
  case GraphOp::shift:
    return b.create<ShiftOp>(loc, type, operand(0), operand(1), node.attr, node.axis);
  case GraphOp::roll:
    return b.create<RollOp>(loc, type, operand(0), node.attr, node.axis);
  case GraphOp::concat: {
    SmallVector<Value> parts;
    for (NodeId id : node.operands)
      parts.push_back(valueOf(id));
    return b.create<tensor::ConcatOp>(loc, cast<RankedTensorType>(type), node.attr, parts);
  }
  case GraphOp::sum:
    return b.create<SumOp>(loc, element(), operand(0));
  case GraphOp::dot:
    return b.create<DotOp>(loc, element(), operand(0), operand(1));
  case GraphOp::norm:
    return b.create<math::SqrtOp>(loc, b.create<DotOp>(loc, element(), operand(0), operand(0)));
  case GraphOp::matmul:
    return b.create<MatmulOp>(loc, type, operand(0), operand(1));
  case GraphOp::generate:
    return emitComprehension(loc, node, GenerateOp::getOperationName(), type);
  case GraphOp::fold:
    return emitComprehension(loc, node, FoldOp::getOperationName(), type);
  case GraphOp::carried:
    return carried[node.attr];
  default:
    return emitComprehension(loc, node, SumOverOp::getOperationName(), type);
  }
}

/// A comprehension, sum or fold with its region.
Value Importer::emitComprehension(Location loc, const Node &node, StringRef name, Type type) {
  const deq::Region &region = graph.regions[node.attr];
  OperationState state(loc, name);
  for (NodeId initial : node.operands)
    state.addOperands(valueOf(initial));
  state.addTypes(type);
  state.addAttribute("lower", b.getI64IntegerAttr(region.lower));
  state.addAttribute("upper", b.getI64IntegerAttr(region.upper));
  Block *body = &state.addRegion()->emplaceBlock();
  Operation *op = b.create(state);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(body);
  variables[node.attr] = body->addArgument(b.getIndexType(), loc);
  if (node.op == GraphOp::fold)
    carried[node.attr] = body->addArgument(type, loc);
  SmallVector<NodeId> roots{region.result};
  if (region.filter != noNode)
    roots.push_back(region.filter);
  SmallVector<Computed> emitted = emitNeeded(roots, region.depth);
  Value filter = region.filter == noNode ? Value() : valueOf(region.filter);
  b.create<YieldOp>(loc, ValueRange{valueOf(region.result)}, filter);
  // The comprehension may be needed in the other precision as well, with a body of its own.
  for (auto [id, inWide] : emitted)
    values[inWide][id] = {};
  return op->getResult(0);
}

Value Importer::emitStack(Location loc, const Node &node) {
  auto type = cast<RankedTensorType>(typeOf(node));
  SmallVector<Value> rows;
  for (NodeId id : node.operands)
    rows.push_back(valueOf(id));
  if (type.getRank() == 1)
    return b.create<tensor::FromElementsOp>(loc, type, rows);
  SmallVector<int64_t> shape{1};
  llvm::append_range(shape, type.getShape().drop_front());
  SmallVector<ReassociationIndices> groups{{0, 1}};
  for (int64_t d = 2; d < type.getRank(); ++d)
    groups.push_back({d});
  for (Value &row : rows)
    row =
        b.create<tensor::ExpandShapeOp>(loc, RankedTensorType::get(shape, element()), row, groups);
  return b.create<tensor::ConcatOp>(loc, type, 0, rows);
}

Value Importer::emitExtract(Location loc, const Node &node) {
  Value array = valueOf(node.operands[0]);
  auto source = cast<RankedTensorType>(array.getType());
  SmallVector<Value> indices;
  for (NodeId id : ArrayRef(node.operands).drop_front())
    indices.push_back(valueOf(id));
  if (static_cast<int64_t>(indices.size()) == source.getRank())
    return b.create<tensor::ExtractOp>(loc, array, indices);
  SmallVector<OpFoldResult> offsets, sizes, strides(source.getRank(), b.getIndexAttr(1));
  for (int64_t d = 0; d < source.getRank(); ++d) {
    bool fixed = d < static_cast<int64_t>(indices.size());
    offsets.push_back(fixed ? OpFoldResult(indices[d]) : OpFoldResult(b.getIndexAttr(0)));
    sizes.push_back(b.getIndexAttr(fixed ? 1 : source.getDimSize(d)));
  }
  return b.create<tensor::ExtractSliceOp>(loc, cast<RankedTensorType>(typeOf(node)), array, offsets,
                                          sizes, strides);
}

Value Importer::emitSlice(Location loc, const Node &node) {
  Value array = valueOf(node.operands[0]);
  int64_t rank = cast<RankedTensorType>(array.getType()).getRank();
  SmallVector<OpFoldResult> offsets, sizes, strides(rank, b.getIndexAttr(1));
  for (int64_t d = 0; d < rank; ++d) {
    bool given = 2 * d + 1 < static_cast<int64_t>(node.bounds.size());
    int64_t start = given ? node.bounds[2 * d] : 0;
    offsets.push_back(b.getIndexAttr(start));
    sizes.push_back(b.getIndexAttr(node.shape[d]));
  }
  return b.create<tensor::ExtractSliceOp>(loc, cast<RankedTensorType>(typeOf(node)), array, offsets,
                                          sizes, strides);
}

} // namespace deq::ir
