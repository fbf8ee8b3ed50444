// Rules of unpack for folds: the body once per index, each time on the value before, or once in a
// loop. In a loop the index is not known, so elements at it are read from memory, which only
// arguments are in already.

#include "../Dialect/Indexing.h"
#include "FoldLoops.h"
#include "Unpacker.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace deq::ir {

LogicalResult Unpacker::rewrite(FoldOp op) {
  return !laneBody && staysLoop(op) ? foldInLoop(op) : foldPlainly(op);
}

Value Unpacker::selectLanes(Location loc, const Number &selected, Value value, Value otherwise) {
  SmallVector<bool> mask(selected.begin(), selected.end());
  Type pack = packType(b.getI1Type(), mask.size());
  Value condition = constant(DenseElementsAttr::get(cast<ShapedType>(pack), mask));
  return combine<arith::SelectOp>(loc, {condition, value, otherwise});
}

LogicalResult Unpacker::foldPlainly(FoldOp op) {
  Value carried = op.getBody().getArgument(1);
  SmallVector<Value> value = parts(op.getInitial());
  set(carried, value);
  auto take = [&](Value yielded, const Number &selected) {
    SmallVector<Value> next = parts(yielded);
    if (!llvm::all_equal(selected))
      for (auto [part, before] : llvm::zip_equal(next, value))
        part = selectLanes(op.getLoc(), selected, part, before);
    value = std::move(next);
    set(carried, value);
    return success();
  };
  if (failed(iterate(op, take)))
    return failure();
  set(op, value);
  return success();
}

LogicalResult Unpacker::foldInLoop(FoldOp op) {
  Location loc = op.getLoc();
  mlir::Region &region = op.getBody();
  // What does not change in the loop is put in memory before it.
  const size_t outside = buffers.size();
  const SmallVector<Operation *> reads = *varyingReads(op);
  for (Operation *read : reads) {
    fromMemory.insert(read);
    Value array = read->getOperand(0);
    if (!region.isAncestor(array.getParentRegion()))
      memoryOf(array);
  }
  SelectedRange range = *selectedRange(op, [&](Value value) { return known(value); });
  const auto listed = static_cast<int64_t>(range.listed.size());
  auto loop =
      b.create<scf::ForOp>(loc, index(listed ? 0 : range.lower),
                           index(listed ? listed : range.upper), index(1), parts(op.getInitial()));
  {
    OpBuilder::InsertionGuard guard(b);
    Block *body = loop.getBody();
    body->clear();
    b.setInsertionPointToEnd(body);
    Value i = loop.getInductionVar();
    if (listed) {
      auto type = RankedTensorType::get({listed}, b.getIndexType());
      i = b.create<LookupOp>(loc, b.getIndexType(), DenseIntElementsAttr::get(type, range.listed),
                             i);
    }
    numbers.erase(region.getArgument(0));
    set(region.getArgument(0), i);
    set(region.getArgument(1), loop.getRegionIterArgs());
    for (Operation &inner : region.front().without_terminator())
      if (failed(visit(&inner)))
        return failure();
    b.create<scf::YieldOp>(loc, parts(yieldOf(op).getValues()[0]));
  }
  set(op, loop.getResults());
  // What was written for this loop is of no use behind it, so the memory is.
  for (; buffers.size() > outside; buffers.pop_back())
    spareBuffers[buffers.back().getType()].push_back(buffers.back());
  llvm::SmallVector<Value> forgotten;
  for (auto &[array, entry] : written)
    if (!llvm::is_contained(buffers, entry.buffer))
      forgotten.push_back(array);
  for (Value array : forgotten)
    written.erase(array);
  return success();
}

// --- memory ---

Value Unpacker::memoryOf(Value array) {
  if (auto argument = array.getDefiningOp<ArgumentOp>())
    return one(argument.getMemory());
  if (isInLanes(array))
    return {};
  Written &entry = written[array];
  if (entry.buffer && ArrayRef(entry.parts) == get(array))
    return entry.buffer;
  // Of a body that is visited again, what the visit before has written is of no use.
  if (!entry.buffer)
    entry.buffer = takeBuffer(array);
  entry.parts.assign(get(array).begin(), get(array).end());
  int64_t at = 0;
  for (Value part : entry.parts) {
    if (widthOf(part) == 1)
      b.create<memref::StoreOp>(array.getLoc(), part, entry.buffer,
                                ValueRange{index(0), index(at)});
    else
      b.create<WriteOp>(array.getLoc(), part, entry.buffer, index(0), at);
    at += widthOf(part);
  }
  return entry.buffer;
}

/// Sizes are powers of two, so that arrays of many shapes share few buffers.
Value Unpacker::takeBuffer(Value array) {
  auto type = cast<RankedTensorType>(array.getType());
  auto room = static_cast<int64_t>(llvm::PowerOf2Ceil(elementCount(type)));
  auto memory = MemRefType::get({1, room}, type.getElementType());
  SmallVector<Value> &spare = spareBuffers[memory];
  if (spare.empty()) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(entry);
    spare.push_back(b.create<memref::AllocaOp>(array.getLoc(), memory));
  }
  buffers.push_back(spare.pop_back_val());
  return buffers.back();
}

Value Unpacker::indexValue(OpFoldResult index, int64_t lane) {
  if (auto attribute = dyn_cast<Attribute>(index))
    return this->index(cast<IntegerAttr>(attribute).getInt());
  const Number *value = number(cast<Value>(index));
  return value ? this->index((*value)[value->size() == 1 ? 0 : lane]) : one(cast<Value>(index));
}

Value Unpacker::loadElement(Location loc, Value memory, ArrayRef<int64_t> shape,
                            ArrayRef<Value> indices) {
  if (!memory.getDefiningOp<memref::AllocaOp>())
    return b.create<memref::LoadOp>(loc, memory, indices);
  Value at = indices.front();
  for (auto [extent, next] : llvm::zip_equal(shape.drop_front(), indices.drop_front())) {
    at = b.create<arith::MulIOp>(loc, at, index(extent));
    at = b.create<arith::AddIOp>(loc, at, next);
  }
  return b.create<memref::LoadOp>(loc, memory, ValueRange{index(0), at});
}

/// Lanes of the widest of some indices.
static int64_t lanesOf(ArrayRef<OpFoldResult> indices,
                       llvm::function_ref<const SmallVector<int64_t, 1> *(Value)> number) {
  int64_t lanes = 1;
  for (OpFoldResult index : indices)
    if (auto value = dyn_cast<Value>(index))
      if (auto *known = number(value))
        lanes = std::max<int64_t>(lanes, known->size());
  return lanes;
}

LogicalResult Unpacker::extractFromMemory(tensor::ExtractOp op) {
  Value memory = memoryOf(op.getTensor());
  if (!memory)
    return fail(op, "expected indices inside the array, known at compile time");
  SmallVector<OpFoldResult> at(op.getIndices().begin(), op.getIndices().end());
  Elements chosen;
  for (int64_t lane = 0, n = lanesOf(at, [&](Value x) { return number(x); }); lane < n; ++lane) {
    SmallVector<Value> indices;
    for (OpFoldResult each : at)
      indices.push_back(indexValue(each, lane));
    chosen.push_back(
        {loadElement(op.getLoc(), memory, op.getTensor().getType().getShape(), indices)});
  }
  set(op, packs.gather(op.getLoc(), chosen));
  return success();
}

LogicalResult Unpacker::sliceFromMemory(tensor::ExtractSliceOp op) {
  Location loc = op.getLoc();
  Value memory = memoryOf(op.getSource());
  if (!memory)
    return fail(op, "expected offsets known at compile time");
  ArrayRef<int64_t> shape = op.getSourceType().getShape(), sizes = op.getStaticSizes();
  SmallVector<OpFoldResult> offsets = op.getMixedOffsets();
  const int64_t lanes = lanesOf(offsets, [&](Value x) { return number(x); });
  Elements elements;
  for (int64_t k = 0, n = elementCount(op.getType()); k < n; ++k) {
    SmallVector<int64_t> place = delinearize(k, sizes);
    Elements chosen;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      SmallVector<Value> indices;
      for (auto [offset, step] : llvm::zip_equal(offsets, place)) {
        Value from = indexValue(offset, lane);
        bool isZero = isConstantIntValue(offset, 0);
        indices.push_back(step == 0 ? from
                          : isZero  ? index(step)
                                    : b.create<arith::AddIOp>(loc, from, index(step)).getResult());
      }
      chosen.push_back({loadElement(loc, memory, shape, indices)});
    }
    elements.push_back(lanes == 1 ? chosen.front() : Element{packs.gather(loc, chosen)});
  }
  setElements(op, elements);
  return success();
}

} // namespace deq::ir
