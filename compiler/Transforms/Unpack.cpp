// unpack: every array becomes its scalars and every comprehension its terms; what is left is scalar
// code and loops over time, stages and rows. Indices are numbers by then, so this is also where
// they are evaluated.

#include "../Dialect/Indexing.h"
#include "Arithmetic.h"
#include "PinnedSum.h"
#include "Power.h"
#include "Rebuild.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

namespace deq::ir {

namespace {

class Unpacker : public Rebuild {
public:
  explicit Unpacker(MLIRContext *context) : Rebuild(context) {}

  LogicalResult run(func::FuncOp function) {
    b.setInsertionPoint(function);
    auto attributes = [&](TypeRange types, auto attributeDict) {
      SmallVector<DictionaryAttr> expanded;
      for (auto [i, type] : llvm::enumerate(types))
        for (int64_t j = 0, n = isa<RankedTensorType>(type) ? elementCount(type) : 1; j < n; ++j)
          expanded.push_back(offsetSlots(attributeDict(i), j));
      return expanded;
    };
    auto result = b.create<func::FuncOp>(function.getLoc(), function.getName(),
                                         b.getFunctionType(convertAll(function.getArgumentTypes()),
                                                           convertAll(function.getResultTypes())));
    result.setVisibility(function.getVisibility());
    result.setAllArgAttrs(attributes(function.getArgumentTypes(),
                                     [&](unsigned i) { return function.getArgAttrDict(i); }));
    result.setAllResultAttrs(attributes(function.getResultTypes(),
                                        [&](unsigned i) { return function.getResultAttrDict(i); }));
    entry = addBlock(result.getBody(), &function.getBody().front());
    if (failed(rebuildBlock(&function.getBody().front())))
      return failure();
    function.erase();
    return success();
  }

private:
  /// Attributes of the j-th scalar of an array argument: its slots are consecutive.
  DictionaryAttr offsetSlots(DictionaryAttr attributes, int64_t j) {
    NamedAttrList list(attributes);
    for (StringRef name : {"deq.uniform", "deq.trajectory", "deq.state"})
      if (auto slot = dyn_cast_or_null<IntegerAttr>(list.get(name)))
        list.set(name, b.getI64IntegerAttr(slot.getInt() + j));
    return list.getDictionary(b.getContext());
  }

  void convert(Type type, SmallVectorImpl<Type> &types) override {
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      types.append(tensor.getNumElements(), tensor.getElementType());
    else if (!isa<StagesType>(type))
      types.push_back(type);
  }

  //===--- values
  //-----------------------------------------------------------------------------------------------===//

  /// All scalars of a value; those of an argument in memory are read here, where they are used.
  SmallVector<Value> scalars(Value old) {
    if (auto argument = old.getDefiningOp<ArgumentOp>()) {
      SmallVector<Value> values;
      for (int64_t i = 0, n = elementCount(argument.getType()); i < n; ++i)
        values.push_back(loadElement(argument, i));
      return values;
    }
    return SmallVector<Value>(get(old));
  }

  Value scalar(Value old, int64_t i) {
    if (auto argument = old.getDefiningOp<ArgumentOp>())
      return loadElement(argument, i);
    return get(old)[i];
  }

  SmallVector<Value> allScalars(ValueRange old) {
    SmallVector<Value> values;
    for (Value value : old)
      llvm::append_range(values, scalars(value));
    return values;
  }

  Value index(int64_t value) { return constant(b.getIndexAttr(value)); }
  Value real(double value, Type type) { return constant(b.getFloatAttr(type, value)); }

  Value loadElement(ArgumentOp argument, int64_t linear) {
    SmallVector<Value> indices;
    for (int64_t i : delinearize(linear, argument.getType().getShape()))
      indices.push_back(index(i));
    return b.create<memref::LoadOp>(argument.getLoc(), one(argument.getMemory()), indices);
  }

  std::optional<int64_t> known(Value old) {
    auto found = numbers.find(old);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
  }

  void setNumber(Value old, int64_t value) {
    numbers[old] = value;
    Type type = old.getType();
    set(old, constant(cast<TypedAttr>(Attribute(b.getIntegerAttr(type, value)))));
  }

  std::optional<SmallVector<int64_t>> knownAll(ValueRange old) {
    SmallVector<int64_t> values;
    for (Value value : old) {
      std::optional<int64_t> number = known(value);
      if (!number)
        return std::nullopt;
      values.push_back(*number);
    }
    return values;
  }

  //===--- sums
  //-------------------------------------------------------------------------------------------------===//

  Value sumOf(Location loc, ArrayRef<Value> terms, Type type) {
    if (terms.empty())
      return real(0.0, type);
    auto add = [&](Value x, Value y) -> Value { return b.create<arith::AddFOp>(loc, x, y); };
    return pinnedSum<Value>(
        terms.size(), [&](size_t i) { return terms[i]; },
        [&](Value sum, size_t i) { return add(sum, terms[i]); }, add);
  }

  template <class Get> Value dotOf(Location loc, size_t n, Type type, Get x, Get y) {
    if (n == 0)
      return real(0.0, type);
    return pinnedSum<Value>(
        n, [&](size_t i) -> Value { return b.create<arith::MulFOp>(loc, x(i), y(i)); },
        [&](Value sum, size_t i) -> Value { return b.create<math::FmaOp>(loc, x(i), y(i), sum); },
        [&](Value p, Value q) -> Value { return b.create<arith::AddFOp>(loc, p, q); });
  }

  Value dotOf(Location loc, ArrayRef<Value> x, ArrayRef<Value> y, Type type) {
    using Get = llvm::function_ref<Value(size_t)>;
    auto left = [&](size_t i) { return x[i]; };
    auto right = [&](size_t i) { return y[i]; };
    return dotOf<Get>(loc, x.size(), type, left, right);
  }

  //===--- operations
  //-------------------------------------------------------------------------------------------===//

  LogicalResult leaf(Operation *op) override {
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case<arith::ConstantOp, tensor::ExtractOp, tensor::ExtractSliceOp, tensor::SplatOp,
              tensor::ConcatOp, func::CallOp, GenerateOp, SumOverOp, ShiftOp, RollOp, MatmulOp,
              AllFiniteOp, LocateOp, ReadOp, WriteOp, SaveOp, LookupOp>(
            [&](auto typed) { return rewrite(typed); })
        .Case<tensor::FromElementsOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](auto) {
          set(op->getResult(0), allScalars(op->getOperands()));
          return success();
        })
        .Case<ArgumentOp>([](auto) { return success(); })
        .Case<memref::StoreOp>([&](memref::StoreOp store) {
          b.create<memref::StoreOp>(store.getLoc(), one(store.getValueToStore()),
                                    one(store.getMemref()), flat(store.getIndices()));
          return success();
        })
        .Case<SumOp>([&](SumOp sum) {
          set(sum, sumOf(sum.getLoc(), scalars(sum.getValue()), sum.getType()));
          return success();
        })
        .Case<DotOp>([&](DotOp dot) {
          set(dot,
              dotOf(dot.getLoc(), scalars(dot.getLhs()), scalars(dot.getRhs()), dot.getType()));
          return success();
        })
        .Case<MeanSquareOp>([&](MeanSquareOp mean) {
          SmallVector<Value> x = allScalars(mean.getValues());
          Value sum = dotOf(mean.getLoc(), x, x, mean.getType());
          Value factor = real(1.0 / x.size(), mean.getType());
          set(mean, b.create<arith::MulFOp>(mean.getLoc(), sum, factor).getResult());
          return success();
        })
        .Case<Log2Op, Exp2Op>([&](auto power) {
          auto makeConstant = [&](TypedAttr value) { return constant(value); };
          IrArithmetic m{b, power.getLoc(), makeConstant};
          Value x = one(power.getX());
          set(power, isa<Log2Op>(op) ? log2Of(m, x) : exp2Of(m, x));
          return success();
        })
        .Default([&](Operation *) { return elementwise(op); });
  }

  LogicalResult rewrite(arith::ConstantOp op) {
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
    if (auto integer = dyn_cast<IntegerAttr>(op.getValue()))
      numbers[op] =
          op.getType().isInteger(1) ? integer.getValue().getBoolValue() : integer.getInt();
    set(op, constant(cast<TypedAttr>(op.getValue())));
    return success();
  }

  LogicalResult rewrite(tensor::ExtractOp op) {
    auto indices = knownAll(op.getIndices());
    auto shape = op.getTensor().getType().getShape();
    if (!indices || !inBounds(*indices, shape))
      return op.emitOpError("expected indices inside the array, known at compile time");
    set(op, scalar(op.getTensor(), linearize(*indices, shape)));
    return success();
  }

  LogicalResult rewrite(tensor::ExtractSliceOp op) {
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

  LogicalResult rewrite(tensor::SplatOp op) {
    set(op, SmallVector<Value>(elementCount(op.getType()), one(op.getInput())));
    return success();
  }

  LogicalResult rewrite(tensor::ConcatOp op) {
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

  LogicalResult rewrite(func::CallOp op) {
    SmallVector<Type> types = convertAll(op.getResultTypes());
    auto call = b.create<func::CallOp>(op.getLoc(), op.getCallee(), types, flat(op.getOperands()));
    bind(op.getResults(), call.getResults());
    return success();
  }

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

  LogicalResult rewrite(GenerateOp op) {
    SmallVector<Value> values;
    if (failed(iterate(op, [&](ArrayRef<Value> row) { llvm::append_range(values, row); })))
      return failure();
    if (static_cast<int64_t>(values.size()) != elementCount(op.getType()))
      return op.emitOpError() << "expected " << elementCount(op.getType()) << " elements, got "
                              << values.size();
    set(op, values);
    return success();
  }

  LogicalResult rewrite(SumOverOp op) {
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

  LogicalResult rewrite(ShiftOp op) {
    SmallVector<Value> source = scalars(op.getValue()), values;
    Value fill = one(op.getFill());
    forEachShifted(cast<RankedTensorType>(op.getType()).getShape(), op.getAxis(), op.getK(), false,
                   [&](int64_t from) { values.push_back(from < 0 ? fill : source[from]); });
    set(op, values);
    return success();
  }

  LogicalResult rewrite(RollOp op) {
    SmallVector<Value> source = scalars(op.getValue()), values;
    forEachShifted(cast<RankedTensorType>(op.getType()).getShape(), op.getAxis(), op.getK(), true,
                   [&](int64_t from) { values.push_back(source[from]); });
    set(op, values);
    return success();
  }

  LogicalResult rewrite(MatmulOp op) {
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

  /// x*0 is NaN exactly if x is not finite, and so is any sum with it.
  LogicalResult rewrite(AllFiniteOp op) {
    SmallVector<Value> x = allScalars(op.getValues());
    Type type = x.front().getType();
    SmallVector<Value> zeros(x.size(), real(0.0, type));
    Value sum = dotOf(op.getLoc(), x, zeros, type);
    set(op, b.create<arith::CmpFOp>(op.getLoc(), arith::CmpFPredicate::ORD, sum, sum).getResult());
    return success();
  }

  LogicalResult rewrite(LocateOp op) {
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

  LogicalResult rewrite(ReadOp op) {
    SmallVector<Value> values;
    for (int64_t i = 0, n = elementCount(op.getType()); i < n; ++i)
      values.push_back(
          b.create<memref::LoadOp>(op.getLoc(), one(op.getBuffer()),
                                   ValueRange{one(op.getRow()), index(op.getOffset() + i)}));
    set(op, values);
    return success();
  }

  LogicalResult rewrite(WriteOp op) {
    for (auto [i, value] : llvm::enumerate(scalars(op.getValue())))
      b.create<memref::StoreOp>(op.getLoc(), value, one(op.getBuffer()),
                                ValueRange{one(op.getRow()), index(op.getOffset() + i)});
    return success();
  }

  LogicalResult rewrite(SaveOp op) {
    b.create<SaveOp>(op.getLoc(), one(op.getRow()), one(op.getTime()), allScalars(op.getValues()));
    return success();
  }

  LogicalResult rewrite(LookupOp op) {
    set(op, b.create<LookupOp>(op.getLoc(), op.getType(), op.getTable(), one(op.getIndex()))
                .getResult());
    return success();
  }

  /// Any other one-result operation, element by element; on known integers it is evaluated instead.
  LogicalResult elementwise(Operation *op) {
    if (op->getNumResults() != 1 || op->getNumRegions() != 0)
      return op->emitOpError("cannot be unpacked");
    Value result = op->getResult(0);
    if (auto numbers = knownAll(op->getOperands()); numbers && !numbers->empty()) {
      if (isa<arith::SIToFPOp>(op)) {
        set(result, real(static_cast<double>(numbers->front()), result.getType()));
        return success();
      }
      if (std::optional<int64_t> value = evaluateIndex(op, *numbers)) {
        setNumber(result, *value);
        return success();
      }
    }
    SmallVector<SmallVector<Value>, 3> operands;
    for (Value operand : op->getOperands())
      operands.push_back(scalars(operand));
    SmallVector<Value> values, arguments(operands.size());
    Type type = getElementTypeOrSelf(result.getType());
    for (int64_t i = 0, n = elementCount(result.getType()); i < n; ++i) {
      for (auto [argument, list] : llvm::zip_equal(arguments, operands))
        argument = list[list.size() == 1 ? 0 : i];
      values.push_back(clone(op, arguments, type));
    }
    set(result, values);
    return success();
  }

  llvm::DenseMap<Value, int64_t> numbers; ///< old integers whose value is known now
};

} // namespace

LogicalResult unpack(ModuleOp module) {
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (failed(Unpacker(module.getContext()).run(function)))
      return failure();
  eliminateCommonSubexpressions(module);
  return success();
}

} // namespace deq::ir
