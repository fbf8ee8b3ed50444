// Rules of unpack for operations that name elements or move them: which elements the result is made
// of, in row-major order. Indices are numbers here; an index that is not known is an error of the
// program that reached this point.

#include "../Dialect/Indexing.h"
#include "Unpacker.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace deq::ir {

// --- values ---

Unpacker::Elements Unpacker::elements(Value old) {
  Elements list;
  if (auto argument = old.getDefiningOp<ArgumentOp>()) {
    for (int64_t i = 0, n = elementCount(argument.getType()); i < n; ++i)
      list.push_back({one(argument.getMemory()), i});
    return list;
  }
  bool packed = isPacked(old.getType()) && !isInLanes(old);
  for (Value value : get(old))
    for (int64_t lane = 0, n = packed ? widthOf(value) : 1; lane < n; ++lane)
      list.push_back({value, n > 1 ? lane : -1});
  return list;
}

Element Unpacker::element(Value old, int64_t i) {
  if (auto argument = old.getDefiningOp<ArgumentOp>())
    return {one(argument.getMemory()), i};
  ArrayRef<Value> values = get(old);
  if (!isPacked(old.getType()) || isInLanes(old))
    return {values[i]};
  size_t part = std::min<size_t>(i / packWidth, elementCount(old.getType()) / packWidth);
  for (i -= part * packWidth; i >= widthOf(values[part]); ++part)
    i -= widthOf(values[part]);
  return {values[part], widthOf(values[part]) > 1 ? i : -1};
}

Unpacker::Elements Unpacker::allElements(ValueRange old) {
  Elements list;
  for (Value value : old)
    llvm::append_range(list, elements(value));
  return list;
}

SmallVector<Value> Unpacker::scalars(Value old) {
  SmallVector<Value> values;
  for (Element element : elements(old))
    values.push_back(packs.scalar(old.getLoc(), element));
  return values;
}

SmallVector<Value> Unpacker::parts(Value old) {
  bool inMemory = old.getDefiningOp<ArgumentOp>();
  if (laneBody && !isInLanes(old) && isa<RankedTensorType>(old.getType()))
    return scalars(old);
  return inMemory ? packs.arrange(old.getLoc(), elements(old), old.getType())
                  : SmallVector<Value>(get(old));
}

SmallVector<Value> Unpacker::allParts(ValueRange old) {
  SmallVector<Value> values;
  for (Value value : old)
    llvm::append_range(values, parts(value));
  return values;
}

void Unpacker::setElements(Value old, ArrayRef<Element> elements) {
  if (!isInLanes(old)) {
    set(old, packs.arrange(old.getLoc(), elements, old.getType()));
    return;
  }
  SmallVector<Value> values;
  for (Element element : elements)
    values.push_back(packs.scalar(old.getLoc(), element));
  set(old, values);
}

// --- operations ---

LogicalResult Unpacker::rewrite(arith::ConstantOp op) {
  if (isa<VectorType>(op.getType())) {
    set(op, constant(op.getValue()));
    return success();
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(op.getValue())) {
    Elements elements;
    if (dense.isSplat())
      elements.assign(dense.getNumElements(),
                      {constant(cast<TypedAttr>(dense.getSplatValue<Attribute>()))});
    else
      for (Attribute value : dense.getValues<Attribute>())
        elements.push_back({constant(cast<TypedAttr>(value))});
    setElements(op, elements);
    return success();
  }
  if (isa<ShapedType>(op.getType()))
    return fail(op, "expected the elements themselves");
  if (std::optional<int64_t> integer = integerOf(op.getValue()))
    numbers[op] = {*integer};
  set(op, constant(cast<TypedAttr>(op.getValue())));
  return success();
}

LogicalResult Unpacker::rewrite(tensor::ExtractOp op) {
  if (fromMemory.contains(op))
    return extractFromMemory(op);
  auto shape = op.getTensor().getType().getShape();
  size_t lanes = 1;
  for (Value index : op.getIndices()) {
    const Number *value = number(index);
    if (!value)
      return fail(op, "expected indices inside the array, known at compile time");
    lanes = std::max(lanes, value->size());
  }
  Elements chosen;
  for (size_t lane = 0; lane < lanes; ++lane) {
    SmallVector<int64_t> indices;
    for (Value index : op.getIndices()) {
      const Number &value = *number(index);
      indices.push_back(value[value.size() == 1 ? 0 : lane]);
    }
    if (!inBounds(indices, shape))
      return fail(op, "expected indices inside the array, known at compile time");
    Element at = element(op.getTensor(), linearize(indices, shape));
    // An element that is a pack already has one value for each lane.
    if (lanes > 1 && at.lane < 0 && widthOf(at.source) > 1)
      at.lane = lane;
    chosen.push_back(at);
  }
  set(op, packs.gather(op.getLoc(), chosen));
  return success();
}

LogicalResult Unpacker::rewrite(tensor::ExtractSliceOp op) {
  if (!op.hasUnitStride())
    return fail(op, "expected a slice of unit strides");
  if (fromMemory.contains(op))
    return sliceFromMemory(op);
  SmallVector<Number> offsets;
  size_t lanes = 1;
  for (OpFoldResult offset : op.getMixedOffsets()) {
    if (auto attribute = dyn_cast<Attribute>(offset))
      offsets.push_back({cast<IntegerAttr>(attribute).getInt()});
    else if (const Number *value = number(cast<Value>(offset)))
      offsets.push_back(*value);
    else
      return fail(op, "expected offsets known at compile time");
    lanes = std::max(lanes, offsets.back().size());
  }
  SmallVector<Elements> chosen(elementCount(op.getType())); // for each element, one of each lane
  for (size_t lane = 0; lane < lanes; ++lane) {
    SmallVector<int64_t> from;
    for (const Number &offset : offsets)
      from.push_back(offset[offset.size() == 1 ? 0 : lane]);
    size_t i = 0;
    auto take = [&](int64_t linear) {
      Element at = element(op.getSource(), linear);
      if (lanes > 1 && at.lane < 0 && widthOf(at.source) > 1)
        at.lane = lane;
      chosen[i++].push_back(at);
    };
    if (!forEachInSlice(from, op.getStaticSizes(), op.getSourceType().getShape(), take))
      return fail(op, "expected a slice inside the array");
  }
  Elements elements;
  for (const Elements &each : chosen)
    elements.push_back(lanes == 1 ? each.front() : Element{packs.gather(op.getLoc(), each)});
  setElements(op, elements);
  return success();
}

LogicalResult Unpacker::rewrite(tensor::SplatOp op) {
  setElements(op, Elements(elementCount(op.getType()), {one(op.getInput())}));
  return success();
}

LogicalResult Unpacker::rewrite(tensor::ConcatOp op) {
  SmallVector<Elements> inputs;
  SmallVector<int64_t> sizes;
  auto type = cast<RankedTensorType>(op.getType());
  int64_t outer = 1;
  for (int64_t extent : type.getShape().take_front(op.getDim()))
    outer *= extent;
  for (Value input : op.getInputs()) {
    inputs.push_back(elements(input));
    sizes.push_back(inputs.back().size() / std::max<int64_t>(outer, 1));
  }
  Elements joined;
  for (int64_t i = 0; i < outer; ++i)
    for (auto [input, size] : llvm::zip(inputs, sizes))
      joined.append(input.begin() + i * size, input.begin() + (i + 1) * size);
  setElements(op, joined);
  return success();
}

LogicalResult Unpacker::rewrite(func::CallOp op) {
  SmallVector<Type> types = convertAll(op.getResultTypes());
  auto call = b.create<func::CallOp>(op.getLoc(), op.getCallee(), types, flat(op.getOperands()));
  bind(op.getResults(), call.getResults());
  return success();
}

LogicalResult Unpacker::rewrite(ShiftOp op) {
  Elements source = elements(op.getValue()), moved;
  Element fill{one(op.getFill())};
  forEachShifted(cast<RankedTensorType>(op.getType()).getShape(), op.getAxis(), op.getK(), false,
                 [&](int64_t from) { moved.push_back(from < 0 ? fill : source[from]); });
  setElements(op, moved);
  return success();
}

LogicalResult Unpacker::rewrite(RollOp op) {
  Elements source = elements(op.getValue()), moved;
  forEachShifted(cast<RankedTensorType>(op.getType()).getShape(), op.getAxis(), op.getK(), true,
                 [&](int64_t from) { moved.push_back(source[from]); });
  setElements(op, moved);
  return success();
}

LogicalResult Unpacker::rewrite(ReadOp op) {
  SmallVector<Value> values;
  Value buffer = one(op.getBuffer()), row = one(op.getRow());
  Type element = getElementTypeOrSelf(op.getType());
  for (Part part : layoutOf(op.getType())) {
    int64_t at = op.getOffset() + part.begin;
    if (part.width == 1)
      values.push_back(b.create<memref::LoadOp>(op.getLoc(), buffer, ValueRange{row, index(at)}));
    else
      values.push_back(
          b.create<ReadOp>(op.getLoc(), packType(element, part.width), buffer, row, at));
  }
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(WriteOp op) {
  Value buffer = one(op.getBuffer()), row = one(op.getRow());
  int64_t at = op.getOffset();
  for (Value part : parts(op.getValue())) {
    if (widthOf(part) == 1)
      b.create<memref::StoreOp>(op.getLoc(), part, buffer, ValueRange{row, index(at)});
    else
      b.create<WriteOp>(op.getLoc(), part, buffer, row, at);
    at += widthOf(part);
  }
  return success();
}

LogicalResult Unpacker::rewrite(SaveOp op) {
  b.create<SaveOp>(op.getLoc(), one(op.getRow()), one(op.getTime()), allParts(op.getValues()));
  return success();
}

LogicalResult Unpacker::rewrite(LookupOp op) {
  set(op,
      b.create<LookupOp>(op.getLoc(), op.getType(), op.getTable(), one(op.getIndex())).getResult());
  return success();
}

LogicalResult Unpacker::rewrite(SampleOp op) {
  Location loc = op.getLoc();
  auto argument = op.getTable().getDefiningOp<ArgumentOp>();
  if (!argument)
    return fail(op, "expected a table in memory");
  Value memory = one(argument.getMemory()), time = one(op.getTime());
  auto read = [&](Value row, int64_t column) -> Value {
    Value x = b.create<memref::LoadOp>(loc, memory, ValueRange{row, index(column)});
    return x.getType() == op.getType() ? x : b.create<arith::ExtFOp>(loc, op.getType(), x);
  };
  // The row is one of `left` from `row` on. Halving a number that is known needs no test for the
  // end, and a select no prediction.
  Value row = index(0);
  for (int64_t left = argument.getType().getShape()[0]; left > 1; left -= left / 2) {
    Value candidate = b.create<arith::AddIOp>(loc, row, index(left / 2));
    Value reached =
        b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLE, read(candidate, 0), time);
    row = b.create<arith::SelectOp>(loc, reached, candidate, row);
  }
  Value s = b.create<arith::SubFOp>(loc, time, read(row, 0));
  Value sum = read(row, op.getDegree() + 1);
  for (int64_t column = op.getDegree(); column > 0; --column)
    sum = b.create<math::FmaOp>(loc, sum, s, read(row, column));
  set(op, sum);
  return success();
}

} // namespace deq::ir
