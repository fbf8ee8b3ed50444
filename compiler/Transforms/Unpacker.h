// The walker of unpack as one class in two files: operation by operation in UnpackArrays.cpp, the
// rest in Unpack.cpp. Both need the map from arrays to scalars and the indices known so far.
#pragma once

#include "../PinnedSum.h"
#include "Rebuild.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace deq::ir {

class Unpacker : public Rebuild {
public:
  explicit Unpacker(MLIRContext *context) : Rebuild(context) {}

  LogicalResult run(func::FuncOp function);

private:
  /// Attributes of the j-th scalar of an array argument: its slots are consecutive.
  DictionaryAttr offsetSlots(DictionaryAttr attributes, int64_t j);
  void convert(Type type, SmallVectorImpl<Type> &types) override;

  // --- values ---

  /// All scalars of a value; those of an argument in memory are read here, where they are used.
  SmallVector<Value> scalars(Value old);
  Value scalar(Value old, int64_t i);
  SmallVector<Value> allScalars(ValueRange old);
  Value index(int64_t value) { return constant(b.getIndexAttr(value)); }
  Value real(double value, Type type) { return constant(b.getFloatAttr(type, value)); }

  Value loadElement(ArgumentOp argument, int64_t linear);
  std::optional<int64_t> known(Value old);
  void setNumber(Value old, int64_t value);
  std::optional<SmallVector<int64_t>> knownAll(ValueRange old);

  // --- sums ---

  /// The larger of two magnitudes, NaN if one of them is.
  Value largerOrNan(Location loc, Value x, Value y);
  Value sumOf(Location loc, ArrayRef<Value> terms, Type type);

  template <class Get> Value dotOf(Location loc, size_t n, Type type, Get x, Get y) {
    if (n == 0)
      return real(0.0, type);
    return pinnedSum<Value>(
        n, [&](size_t i) -> Value { return b.create<arith::MulFOp>(loc, x(i), y(i)); },
        [&](Value sum, size_t i) -> Value { return b.create<math::FmaOp>(loc, x(i), y(i), sum); },
        [&](Value p, Value q) -> Value { return b.create<arith::AddFOp>(loc, p, q); });
  }

  Value dotOf(Location loc, ArrayRef<Value> x, ArrayRef<Value> y, Type type);

  // --- operations ---

  LogicalResult leaf(Operation *op) override;
  LogicalResult rewrite(arith::ConstantOp op);
  LogicalResult rewrite(tensor::ExtractOp op);
  LogicalResult rewrite(tensor::ExtractSliceOp op);
  LogicalResult rewrite(tensor::SplatOp op);
  LogicalResult rewrite(tensor::ConcatOp op);
  LogicalResult rewrite(func::CallOp op);

  /// Visits the body once per index and hands over the scalars of each selected value.
  template <typename ComprehensionOp>
  LogicalResult iterate(ComprehensionOp op, llvm::function_ref<void(ArrayRef<Value>)> take) {
    Block &body = op.getBody().front();
    auto yield = cast<YieldOp>(body.getTerminator());
    for (int64_t i = op.getLower(); i < static_cast<int64_t>(op.getUpper()); ++i) {
      setNumber(body.getArgument(0), i);
      for (Operation &inner : body.without_terminator())
        if (failed(visit(&inner)))
          return failure();
      if (yield.getCondition()) {
        std::optional<int64_t> selected = known(yield.getCondition());
        if (!selected)
          return yield.emitOpError("expected a condition on indices");
        if (!*selected)
          continue;
      }
      take(scalars(yield.getValues()[0]));
    }
    return success();
  }

  LogicalResult rewrite(GenerateOp op);
  LogicalResult rewrite(SumOverOp op);
  LogicalResult rewrite(ShiftOp op);
  LogicalResult rewrite(RollOp op);
  LogicalResult rewrite(MatmulOp op);

  /// x*0 is NaN exactly if x is not finite, and so is any sum with it.
  LogicalResult rewrite(AllFiniteOp op);
  LogicalResult rewrite(LocateOp op);
  LogicalResult rewrite(ReadOp op);
  LogicalResult rewrite(WriteOp op);
  LogicalResult rewrite(SaveOp op);
  LogicalResult rewrite(LookupOp op);
  LogicalResult rewrite(SampleOp op);

  /// Any other one-result operation, element by element; on known integers it is evaluated instead.
  LogicalResult elementwise(Operation *op);

  llvm::DenseMap<Value, int64_t> numbers; ///< old integers whose value is known now
};

} // namespace deq::ir
