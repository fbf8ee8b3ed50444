// Verifiers of what unpacked code is made of: tables, rows and packs. The lowering trusts them, so
// that a lane or a position out of range never reaches generated code.

#include "Deq.h"

namespace deq::ir {

bool isPack(Type type) {
  auto pack = dyn_cast<VectorType>(type);
  if (!pack || pack.isScalable() || pack.getRank() != 1 ||
      !llvm::is_contained({2, 4, 8}, pack.getNumElements()))
    return false;
  Type element = pack.getElementType();
  return element.isF32() || element.isF64() || element.isInteger(1) || element.isInteger(64);
}

bool isUnpacked(Operation *op) {
  if (auto read = dyn_cast<ReadOp>(op))
    return isa<VectorType>(read.getType());
  if (auto write = dyn_cast<WriteOp>(op))
    return isa<VectorType>(write.getValue().getType());
  return isa<SaveOp, LookupOp, BroadcastOp, LaneOp, ShuffleOp, LoadOp>(op);
}

// --- scanned stages ---

LogicalResult LookupOp::verify() {
  auto table = dyn_cast<DenseElementsAttr>(getTable());
  if (!table || table.getType().getRank() != 1 || table.empty())
    return emitOpError("expected a table of rank 1 with at least one element");
  return verifyElement(*this, table.getType(), getType());
}

/// Elements [offset, offset + size) of a leaf lie inside a row.
static LogicalResult verifyRow(Operation *op, MemRefType buffer, int64_t offset, Type leaf) {
  if (failed(verifyElement(op, leaf, buffer.getElementType())))
    return failure();
  if (!buffer.hasStaticShape() || !buffer.getLayout().isIdentity())
    return op->emitOpError() << "expected a row-major buffer of known size, got " << buffer;
  if (offset < 0 || offset > buffer.getDimSize(1) - elementCount(leaf))
    return op->emitOpError() << leaf << " at " << offset << " leaves the rows of " << buffer;
  return success();
}

LogicalResult ReadOp::verify() {
  return verifyRow(*this, getBuffer().getType(), getOffset(), getType());
}

LogicalResult WriteOp::verify() {
  return verifyRow(*this, getBuffer().getType(), getOffset(), getValue().getType());
}

// --- packs ---

LogicalResult LaneOp::verify() {
  int64_t lane = getLane(), width = elementCount(getPack().getType());
  if (lane >= 0 && lane < width)
    return success();
  return emitOpError() << "expected a lane below " << width << ", got " << lane;
}

LogicalResult ShuffleOp::verify() {
  int64_t elements = 0;
  for (Type source : getSources().getTypes()) {
    if (failed(verifyElement(*this, source, getElementTypeOrSelf(getType()))))
      return failure();
    elements += elementCount(source);
  }
  if (static_cast<int64_t>(getLanes().size()) != elementCount(getType()))
    return emitOpError() << "expected " << elementCount(getType()) << " lanes, got "
                         << getLanes().size();
  for (int64_t lane : getLanes())
    if (lane < 0 || lane >= elements)
      return emitOpError() << "expected lanes below " << elements << ", got " << lane;
  return success();
}

LogicalResult LoadOp::verify() {
  auto memory = getMemory().getType();
  if (failed(verifyElement(*this, getType(), memory.getElementType())))
    return failure();
  int64_t position = getPosition();
  if (memory.getLayout().isIdentity() && position >= 0 &&
      position <= memory.getNumElements() - elementCount(getType()))
    return success();
  return emitOpError() << getType() << " at " << position << " leaves " << memory;
}

} // namespace deq::ir
