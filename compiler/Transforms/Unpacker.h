// The walker of unpack as one class in five files: functions and elementwise operations in
// Unpack.cpp, arrays in UnpackArrays.cpp, sums in UnpackSums.cpp, comprehensions in
// UnpackComprehensions.cpp, folds in UnpackFolds.cpp. All need the map from arrays to their parts
// and the indices known so far.
#pragma once

#include "../PinnedSum.h"
#include "Packs.h"
#include "Rebuild.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace deq::ir {

class Unpacker : public Rebuild {
public:
  explicit Unpacker(MLIRContext *context)
      : Rebuild(context), packs(b, [this](TypedAttr value) { return constant(value); }) {}

  LogicalResult run(func::FuncOp function);

private:
  /// A known integer: one number, or one for each lane.
  using Number = SmallVector<int64_t, 1>;
  using Elements = SmallVector<Element>;

  /// Attributes of a part of an argument: the slots of an array are consecutive.
  DictionaryAttr offsetSlots(DictionaryAttr attributes, int64_t begin);
  void convert(Type type, SmallVectorImpl<Type> &types) override;
  /// An error at an operation, except in lanes: there the comprehension goes the plain way instead,
  /// which reports what there is to report.
  LogicalResult fail(Operation *op, const Twine &why);

  // --- values ---

  Elements elements(Value old);
  Element element(Value old, int64_t i);
  Elements allElements(ValueRange old);
  /// Elements one by one; in lanes, a pack is one element of each lane.
  SmallVector<Value> scalars(Value old);
  /// What elementwise operations work on: parts of a packed array, else its elements.
  SmallVector<Value> parts(Value old);
  SmallVector<Value> allParts(ValueRange old);
  SmallVector<Value> flat(ValueRange old) override { return allParts(old); }
  void setElements(Value old, ArrayRef<Element> elements);
  /// Whether a value belongs to a body that is visited in lanes; its arrays are not packed then.
  bool isInLanes(Value old) { return laneBody && laneBody->isAncestor(old.getParentRegion()); }
  Value index(int64_t value) { return constant(b.getIndexAttr(value)); }

  const Number *number(Value old);
  std::optional<int64_t> known(Value old);
  void setNumber(Value old, Number value);
  std::optional<SmallVector<int64_t>> knownAll(ValueRange old);

  // --- sums ---

  template <class Op> Value combine(Location loc, SmallVector<Value, 3> operands) {
    packs.spread(loc, operands);
    return b.create<Op>(loc, operands);
  }
  Value add(Location loc, Value x, Value y) { return combine<arith::AddFOp>(loc, {x, y}); }
  /// The larger of two magnitudes, NaN if one of them is.
  Value largerOrNan(Location loc, Value x, Value y);
  /// Terms that are scalars or packs of independent sums.
  Value sumOf(Location loc, ArrayRef<Value> terms, Type type);
  /// The sum of products of n > 0 such terms.
  Value dotOf(Location loc, size_t n, llvm::function_ref<Value(size_t)> x,
              llvm::function_ref<Value(size_t)> y);
  /// The sum of elements, or of products of elements, of arrays.
  Value sumOf(Location loc, ArrayRef<Element> x, Type type);
  Value dotOf(Location loc, ArrayRef<Element> x, ArrayRef<Element> y, Type type);
  /// The 8 partial sums of products as the lanes of a pack.
  Value partialDots(Location loc, ArrayRef<Element> x, ArrayRef<Element> y);
  /// Elements [8c, 8c + 8) of more than 8, `padding` beyond the last.
  Value chunk(Location loc, ArrayRef<Element> x, size_t c, Value padding);
  /// Lanes added left to right.
  Value sumLanes(Location loc, Value pack);
  /// One value out of parts of all widths, by a rule for which order does not matter.
  Value reduce(Location loc, ArrayRef<Value> parts, llvm::function_ref<Value(Value)> first,
               llvm::function_ref<Value(Value, Value)> next,
               llvm::function_ref<Value(Value, Value)> join);

  // --- operations ---

  LogicalResult leaf(Operation *op) override;
  LogicalResult rewrite(arith::ConstantOp op);
  LogicalResult rewrite(tensor::ExtractOp op);
  LogicalResult rewrite(tensor::ExtractSliceOp op);
  LogicalResult rewrite(tensor::SplatOp op);
  LogicalResult rewrite(tensor::ConcatOp op);
  LogicalResult rewrite(func::CallOp op);
  LogicalResult rewrite(ShiftOp op);
  LogicalResult rewrite(RollOp op);
  LogicalResult rewrite(ReadOp op);
  LogicalResult rewrite(WriteOp op);
  LogicalResult rewrite(SaveOp op);
  LogicalResult rewrite(LookupOp op);
  LogicalResult rewrite(SampleOp op);

  LogicalResult rewrite(SumOp op);
  LogicalResult rewrite(DotOp op);
  LogicalResult rewrite(MatmulOp op);
  void matmulInRows(MatmulOp op, Elements &result);
  void matmulInColumns(MatmulOp op, Elements &result);
  LogicalResult rewrite(MeanSquareOp op);
  LogicalResult rewrite(MaxMagnitudeOp op);
  /// x*0 is NaN exactly if x is not finite, and so is any sum with it.
  LogicalResult rewrite(AllFiniteOp op);
  LogicalResult rewrite(LocateOp op);

  // --- comprehensions ---

  using Take = llvm::function_ref<LogicalResult(Value yielded, const Number &selected)>;
  /// Visits the body once per index and hands over what is selected, in at least one lane.
  LogicalResult iterate(Operation *op, Take take);
  LogicalResult rewrite(GenerateOp op);
  LogicalResult rewrite(SumOverOp op);
  LogicalResult generatePlainly(GenerateOp op);
  LogicalResult sumPlainly(SumOverOp op);
  LogicalResult generateInLanes(GenerateOp op, ArrayRef<int64_t> indices);
  LogicalResult sumInLanes(SumOverOp op, ArrayRef<int64_t> indices);
  /// Visits the body with one index per lane; `count` of the lanes are wanted. The value of each
  /// element of what is yielded.
  using TakeLanes = llvm::function_ref<void(ArrayRef<Element> entries, int64_t count)>;
  LogicalResult visitInLanes(Operation *op, ArrayRef<int64_t> indices, TakeLanes take);
  /// The way in lanes if it pays, else or if it does not lead through, the plain one.
  LogicalResult choose(Operation *op, llvm::function_ref<LogicalResult(ArrayRef<int64_t>)> inLanes,
                       llvm::function_ref<LogicalResult()> plainly);

  // --- folds ---

  LogicalResult rewrite(FoldOp op);
  LogicalResult foldPlainly(FoldOp op);
  LogicalResult foldInLoop(FoldOp op);
  /// `value` in the lanes that are selected, else `otherwise`.
  Value selectLanes(Location loc, const Number &selected, Value value, Value otherwise);

  // --- elements whose index is known only when a loop of a fold runs ---

  /// Memory with the elements of an array: an argument's own, else a buffer that they are written
  /// to. Null in lanes, where an element may have a value for each.
  Value memoryOf(Value array);
  Value takeBuffer(Value array);
  /// The element at indices of an array of that shape.
  Value loadElement(Location loc, Value memory, ArrayRef<int64_t> shape, ArrayRef<Value> indices);
  /// An offset or index as a value; in lanes, that of one of them.
  Value indexValue(OpFoldResult index, int64_t lane);
  LogicalResult extractFromMemory(tensor::ExtractOp op);
  LogicalResult sliceFromMemory(tensor::ExtractSliceOp op);

  /// Any other one-result operation, part by part; on known integers it is evaluated instead.
  LogicalResult elementwise(Operation *op);
  bool evaluate(Operation *op);
  Value apply(Operation *op, MutableArrayRef<Value> operands, Type element);

  Packs packs;
  llvm::DenseMap<Value, Number> numbers; ///< old integers whose value is known now
  mlir::Region *laneBody = nullptr;      ///< the body that is visited in lanes
  bool refused = false;                  ///< it turned out that it cannot be

  struct Written {
    SmallVector<Value> parts; ///< of the array when it was written
    Value buffer;
  };
  llvm::DenseSet<Operation *> fromMemory; ///< reads at an index that a loop computes
  llvm::DenseMap<Value, Written> written; ///< by array, within the loops that are open
  SmallVector<Value> buffers;             ///< in use
  llvm::DenseMap<Type, SmallVector<Value>> spareBuffers; ///< of loops that are closed
};

// --- comprehensions, sums and folds ---

inline int64_t lowerOf(Operation *op) { return cast<IntegerAttr>(op->getAttr("lower")).getInt(); }
inline int64_t upperOf(Operation *op) { return cast<IntegerAttr>(op->getAttr("upper")).getInt(); }
inline YieldOp yieldOf(Operation *op) {
  return cast<YieldOp>(op->getRegion(0).front().getTerminator());
}

/// Indices that the condition of a comprehension or fold selects, given integers from outside of
/// it; nullopt if one that it needs is not known.
std::optional<SmallVector<int64_t>>
selectedIndices(Operation *op, llvm::function_ref<std::optional<int64_t>(Value)> outside);

/// Likewise [lower, upper), and which of these if there are gaps: a million indices without a
/// condition are no list.
struct SelectedRange {
  int64_t lower, upper;
  SmallVector<int64_t> listed;
  bool empty() const { return lower == upper; }
};
std::optional<SelectedRange>
selectedRange(Operation *op, llvm::function_ref<std::optional<int64_t>(Value)> outside);

/// Whether a comprehension is computed with an index per lane: its elements are worth it.
bool paysInLanes(Operation *comprehension, int64_t terms);

} // namespace deq::ir
