// Rules of unpack, one per operation on arrays: which scalars the result is made of, in row-major
// order. Indices are numbers here; an index that is not known is an error of the program that
// reached this point.

#include "../Dialect/Indexing.h"
#include "Unpacker.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <limits>

namespace deq::ir {

SmallVector<Value> Unpacker::scalars(Value old) {
  if (auto argument = old.getDefiningOp<ArgumentOp>()) {
    SmallVector<Value> values;
    for (int64_t i = 0, n = elementCount(argument.getType()); i < n; ++i)
      values.push_back(loadElement(argument, i));
    return values;
  }
  return SmallVector<Value>(get(old));
}

Value Unpacker::scalar(Value old, int64_t i) {
  if (auto argument = old.getDefiningOp<ArgumentOp>())
    return loadElement(argument, i);
  return get(old)[i];
}

SmallVector<Value> Unpacker::allScalars(ValueRange old) {
  SmallVector<Value> values;
  for (Value value : old)
    llvm::append_range(values, scalars(value));
  return values;
}

Value Unpacker::loadElement(ArgumentOp argument, int64_t linear) {
  SmallVector<Value> indices;
  for (int64_t i : delinearize(linear, argument.getType().getShape()))
    indices.push_back(index(i));
  return b.create<memref::LoadOp>(argument.getLoc(), one(argument.getMemory()), indices);
}

LogicalResult Unpacker::rewrite(arith::ConstantOp op) {
  if (auto dense = dyn_cast<DenseElementsAttr>(op.getValue())) {
    SmallVector<Value> values;
    if (dense.isSplat())
      values.assign(dense.getNumElements(),
                    constant(cast<TypedAttr>(dense.getSplatValue<Attribute>())));
    else
      for (Attribute value : dense.getValues<Attribute>())
        values.push_back(constant(cast<TypedAttr>(value)));
    set(op, values);
    return success();
  }
  if (isa<ShapedType>(op.getType()))
    return op.emitOpError("expected the elements themselves");
  if (auto integer = dyn_cast<IntegerAttr>(op.getValue()))
    numbers[op] = op.getType().isInteger(1) ? integer.getValue().getBoolValue() : integer.getInt();
  set(op, constant(cast<TypedAttr>(op.getValue())));
  return success();
}

LogicalResult Unpacker::rewrite(tensor::ExtractOp op) {
  auto indices = knownAll(op.getIndices());
  auto shape = op.getTensor().getType().getShape();
  if (!indices || !inBounds(*indices, shape))
    return op.emitOpError("expected indices inside the array, known at compile time");
  set(op, scalar(op.getTensor(), linearize(*indices, shape)));
  return success();
}

LogicalResult Unpacker::rewrite(tensor::ExtractSliceOp op) {
  if (!op.hasUnitStride())
    return op.emitOpError("expected a slice of unit strides");
  SmallVector<int64_t> offsets;
  for (OpFoldResult offset : op.getMixedOffsets()) {
    if (auto attribute = dyn_cast<Attribute>(offset))
      offsets.push_back(cast<IntegerAttr>(attribute).getInt());
    else if (auto number = known(cast<Value>(offset)))
      offsets.push_back(*number);
    else
      return op.emitOpError("expected offsets known at compile time");
  }
  SmallVector<Value> source = scalars(op.getSource()), values;
  bool inside = forEachInSlice(offsets, op.getStaticSizes(), op.getSourceType().getShape(),
                               [&](int64_t linear) { values.push_back(source[linear]); });
  if (!inside)
    return op.emitOpError("expected a slice inside the array");
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(tensor::SplatOp op) {
  set(op, SmallVector<Value>(elementCount(op.getType()), one(op.getInput())));
  return success();
}

LogicalResult Unpacker::rewrite(tensor::ConcatOp op) {
  SmallVector<SmallVector<Value>> parts;
  SmallVector<int64_t> sizes;
  auto type = cast<RankedTensorType>(op.getType());
  int64_t outer = 1;
  for (int64_t extent : type.getShape().take_front(op.getDim()))
    outer *= extent;
  for (Value input : op.getInputs()) {
    parts.push_back(scalars(input));
    sizes.push_back(parts.back().size() / std::max<int64_t>(outer, 1));
  }
  SmallVector<Value> values;
  for (int64_t i = 0; i < outer; ++i)
    for (auto [part, size] : llvm::zip(parts, sizes))
      values.append(part.begin() + i * size, part.begin() + (i + 1) * size);
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(func::CallOp op) {
  SmallVector<Type> types = convertAll(op.getResultTypes());
  auto call = b.create<func::CallOp>(op.getLoc(), op.getCallee(), types, flat(op.getOperands()));
  bind(op.getResults(), call.getResults());
  return success();
}

LogicalResult Unpacker::rewrite(GenerateOp op) {
  SmallVector<Value> values;
  if (failed(iterate(op, [&](ArrayRef<Value> row) { llvm::append_range(values, row); })))
    return failure();
  if (static_cast<int64_t>(values.size()) != elementCount(op.getType()))
    return op.emitOpError() << "expected " << elementCount(op.getType()) << " elements, got "
                            << values.size();
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(SumOverOp op) {
  SmallVector<SmallVector<Value>> terms(elementCount(op.getType()));
  auto take = [&](ArrayRef<Value> row) {
    for (auto [list, value] : llvm::zip_equal(terms, row))
      list.push_back(value);
  };
  if (failed(iterate(op, take)))
    return failure();
  SmallVector<Value> sums;
  for (ArrayRef<Value> list : terms)
    sums.push_back(sumOf(op.getLoc(), list, getElementTypeOrSelf(op.getType())));
  set(op, sums);
  return success();
}

LogicalResult Unpacker::rewrite(ShiftOp op) {
  SmallVector<Value> source = scalars(op.getValue()), values;
  Value fill = one(op.getFill());
  forEachShifted(cast<RankedTensorType>(op.getType()).getShape(), op.getAxis(), op.getK(), false,
                 [&](int64_t from) { values.push_back(from < 0 ? fill : source[from]); });
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(RollOp op) {
  SmallVector<Value> source = scalars(op.getValue()), values;
  forEachShifted(cast<RankedTensorType>(op.getType()).getShape(), op.getAxis(), op.getK(), true,
                 [&](int64_t from) { values.push_back(source[from]); });
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(MatmulOp op) {
  auto left = cast<RankedTensorType>(op.getLhs().getType());
  auto right = cast<RankedTensorType>(op.getRhs().getType());
  int64_t rows = left.getDimSize(0), depth = left.getDimSize(1);
  int64_t columns = right.getRank() == 2 ? right.getDimSize(1) : 1;
  SmallVector<Value> x = scalars(op.getLhs()), y = scalars(op.getRhs()), values;
  using Get = llvm::function_ref<Value(size_t)>;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      auto row = [&](size_t k) { return x[i * depth + k]; };
      auto column = [&](size_t k) { return y[k * columns + j]; };
      values.push_back(dotOf<Get>(op.getLoc(), depth, left.getElementType(), row, column));
    }
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(AllFiniteOp op) {
  SmallVector<Value> x = allScalars(op.getValues());
  Type type = x.front().getType();
  SmallVector<Value> zeros(x.size(), real(0.0, type));
  Value sum = dotOf(op.getLoc(), x, zeros, type);
  set(op, b.create<arith::CmpFOp>(op.getLoc(), arith::CmpFPredicate::ORD, sum, sum).getResult());
  return success();
}

Value Unpacker::largerOrNan(Location loc, Value x, Value y) {
  Value larger = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, y, x);
  Value isNan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, y, y);
  Value take = b.create<arith::OrIOp>(loc, larger, isNan);
  return b.create<arith::SelectOp>(loc, take, y, x);
}

LogicalResult Unpacker::rewrite(LocateOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> x = allScalars(op.getValues());
  Type type = x.front().getType();
  Value infinity = real(std::numeric_limits<double>::infinity(), type);
  Value best = real(-1.0, type), where = constant(b.getI64IntegerAttr(-1));
  for (auto [i, value] : llvm::enumerate(x)) {
    Value size = b.create<math::AbsFOp>(loc, value);
    Value finite = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, size, infinity);
    size = b.create<arith::SelectOp>(loc, finite, size, infinity);
    Value larger = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, size, best);
    best = b.create<arith::SelectOp>(loc, larger, size, best);
    where = b.create<arith::SelectOp>(loc, larger, constant(b.getI64IntegerAttr(i)), where);
  }
  set(op, where);
  return success();
}

LogicalResult Unpacker::rewrite(ReadOp op) {
  SmallVector<Value> values;
  for (int64_t i = 0, n = elementCount(op.getType()); i < n; ++i)
    values.push_back(b.create<memref::LoadOp>(
        op.getLoc(), one(op.getBuffer()), ValueRange{one(op.getRow()), index(op.getOffset() + i)}));
  set(op, values);
  return success();
}

LogicalResult Unpacker::rewrite(WriteOp op) {
  for (auto [i, value] : llvm::enumerate(scalars(op.getValue())))
    b.create<memref::StoreOp>(op.getLoc(), value, one(op.getBuffer()),
                              ValueRange{one(op.getRow()), index(op.getOffset() + i)});
  return success();
}

LogicalResult Unpacker::rewrite(SaveOp op) {
  b.create<SaveOp>(op.getLoc(), one(op.getRow()), one(op.getTime()), allScalars(op.getValues()));
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
    return op.emitOpError("expected a table in memory");
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
