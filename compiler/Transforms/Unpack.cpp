// unpack: every array becomes its scalars and every comprehension its terms; what is left is scalar
// code and loops over time, stages and rows. Indices are numbers by then, so this is also where
// they are evaluated.

#include "../Dialect/Indexing.h"
#include "Arithmetic.h"
#include "Power.h"
#include "Unpacker.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

namespace deq::ir {

/// What can be spelled out: scalars, arrays of known size, memory.
static bool isUnpackable(Type type) {
  if (auto array = dyn_cast<RankedTensorType>(type))
    return array.hasStaticShape() && array.getElementType().isIntOrIndexOrFloat();
  return type.isIntOrIndexOrFloat() || isa<MemRefType, StagesType>(type);
}

LogicalResult Unpacker::run(func::FuncOp function) {
  if (failed(verifyInput(function, isUnpackable)))
    return failure();
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

DictionaryAttr Unpacker::offsetSlots(DictionaryAttr attributes, int64_t j) {
  NamedAttrList list(attributes);
  for (StringRef name : {"deq.uniform", "deq.trajectory", "deq.state"})
    if (auto slot = dyn_cast_or_null<IntegerAttr>(list.get(name)))
      list.set(name, b.getI64IntegerAttr(slot.getInt() + j));
  return list.getDictionary(b.getContext());
}

void Unpacker::convert(Type type, SmallVectorImpl<Type> &types) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    types.append(tensor.getNumElements(), tensor.getElementType());
  else if (!isa<StagesType>(type))
    types.push_back(type);
}

std::optional<int64_t> Unpacker::known(Value old) {
  auto found = numbers.find(old);
  return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

void Unpacker::setNumber(Value old, int64_t value) {
  numbers[old] = value;
  Type type = old.getType();
  set(old, constant(cast<TypedAttr>(Attribute(b.getIntegerAttr(type, value)))));
}

std::optional<SmallVector<int64_t>> Unpacker::knownAll(ValueRange old) {
  SmallVector<int64_t> values;
  for (Value value : old) {
    std::optional<int64_t> number = known(value);
    if (!number)
      return std::nullopt;
    values.push_back(*number);
  }
  return values;
}

Value Unpacker::sumOf(Location loc, ArrayRef<Value> terms, Type type) {
  if (terms.empty())
    return real(0.0, type);
  auto add = [&](Value x, Value y) -> Value { return b.create<arith::AddFOp>(loc, x, y); };
  return pinnedSum<Value>(
      terms.size(), [&](size_t i) { return terms[i]; },
      [&](Value sum, size_t i) { return add(sum, terms[i]); }, add);
}

Value Unpacker::dotOf(Location loc, ArrayRef<Value> x, ArrayRef<Value> y, Type type) {
  using Get = llvm::function_ref<Value(size_t)>;
  auto left = [&](size_t i) { return x[i]; };
  auto right = [&](size_t i) { return y[i]; };
  return dotOf<Get>(loc, x.size(), type, left, right);
}

LogicalResult Unpacker::leaf(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::ConstantOp, tensor::ExtractOp, tensor::ExtractSliceOp, tensor::SplatOp,
            tensor::ConcatOp, func::CallOp, GenerateOp, SumOverOp, ShiftOp, RollOp, MatmulOp,
            AllFiniteOp, LocateOp, ReadOp, WriteOp, SaveOp, LookupOp, SampleOp>(
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
        set(dot, dotOf(dot.getLoc(), scalars(dot.getLhs()), scalars(dot.getRhs()), dot.getType()));
        return success();
      })
      .Case<MaxMagnitudeOp>([&](MaxMagnitudeOp norm) {
        Value largest;
        for (Value x : allScalars(norm.getValues())) {
          Value size = b.create<math::AbsFOp>(norm.getLoc(), x);
          largest = largest ? largerOrNan(norm.getLoc(), largest, size) : size;
        }
        set(norm, largest);
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
        if constexpr (std::is_same_v<decltype(power), Log2Op>)
          set(power, log2Of(m, one(power.getX())));
        else
          set(power, exp2Of(m, one(power.getFactor()), one(power.getX())));
        return success();
      })
      .Default([&](Operation *) { return elementwise(op); });
}

LogicalResult Unpacker::elementwise(Operation *op) {
  bool known = op->hasTrait<OpTrait::Elementwise>() || isa<memref::LoadOp>(op);
  if (!known || op->getNumResults() != 1)
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
  numbers.erase(result); // an index of the iteration before may have had a value
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

LogicalResult unpack(ModuleOp module) {
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (failed(Unpacker(module.getContext()).run(function)))
      return failure();
  eliminateCommonSubexpressions(module);
  return success();
}

} // namespace deq::ir
