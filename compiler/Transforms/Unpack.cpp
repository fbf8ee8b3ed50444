// unpack: every array becomes packs or scalars and every comprehension its terms; what is left are
// operations on vectors and scalars, and loops over time, stages and rows. Indices are numbers by
// then, so this is also where they are evaluated.

#include "../Dialect/Indexing.h"
#include "../Dialect/MathFunctions.h"
#include "Arithmetic.h"
#include "Power.h"
#include "Unpacker.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

namespace deq::ir {

/// What can be spelled out: scalars, arrays of known size, memory; and packs, which stay.
static bool isUnpackable(Type type) {
  if (auto array = dyn_cast<RankedTensorType>(type))
    return array.hasStaticShape() && array.getElementType().isIntOrIndexOrFloat();
  return type.isIntOrIndexOrFloat() || isa<MemRefType, StagesType>(type) || isPack(type);
}

LogicalResult Unpacker::run(func::FuncOp function) {
  if (failed(verifyInput(function, isUnpackable)))
    return failure();
  b.setInsertionPoint(function);
  auto attributes = [&](TypeRange types, auto attributeDict) {
    SmallVector<DictionaryAttr> expanded;
    for (auto [i, type] : llvm::enumerate(types))
      for (Part part : layoutOf(type))
        expanded.push_back(offsetSlots(attributeDict(i), part.begin));
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

DictionaryAttr Unpacker::offsetSlots(DictionaryAttr attributes, int64_t begin) {
  NamedAttrList list(attributes);
  for (StringRef name : {"deq.uniform", "deq.trajectory", "deq.state"})
    if (auto slot = dyn_cast_or_null<IntegerAttr>(list.get(name)))
      list.set(name, b.getI64IntegerAttr(slot.getInt() + begin));
  return list.getDictionary(b.getContext());
}

void Unpacker::convert(Type type, SmallVectorImpl<Type> &types) {
  if (auto array = dyn_cast<RankedTensorType>(type))
    for (Part part : layoutOf(type))
      types.push_back(packType(array.getElementType(), part.width));
  else if (!isa<StagesType>(type))
    types.push_back(type);
}

LogicalResult Unpacker::fail(Operation *op, const Twine &why) {
  if (laneBody) {
    refused = true;
    return failure();
  }
  return op->emitOpError() << why;
}

// --- known integers ---

const Unpacker::Number *Unpacker::number(Value old) {
  auto found = numbers.find(old);
  return found == numbers.end() ? nullptr : &found->second;
}

std::optional<int64_t> Unpacker::known(Value old) {
  const Number *value = number(old);
  return value && value->size() == 1 ? std::optional(value->front()) : std::nullopt;
}

void Unpacker::setNumber(Value old, Number value) {
  Type type = old.getType();
  if (value.size() == 1) {
    set(old, constant(cast<TypedAttr>(Attribute(b.getIntegerAttr(type, value.front())))));
  } else if (type.isInteger(1)) {
    SmallVector<bool> mask(value.begin(), value.end());
    auto pack = cast<ShapedType>(packType(type, mask.size()));
    set(old, constant(DenseElementsAttr::get(pack, mask)));
  }
  numbers[old] = std::move(value);
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

// --- operations ---

LogicalResult Unpacker::leaf(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::ConstantOp, tensor::ExtractOp, tensor::ExtractSliceOp, tensor::SplatOp,
            tensor::ConcatOp, func::CallOp, GenerateOp, SumOverOp, FoldOp, ShiftOp, RollOp,
            MatmulOp, SumOp, DotOp, MeanSquareOp, MaxMagnitudeOp, AllFiniteOp, LocateOp, ReadOp,
            WriteOp, SaveOp, LookupOp, SampleOp>([&](auto typed) { return rewrite(typed); })
      .Case<tensor::FromElementsOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](auto) {
        setElements(op->getResult(0), allElements(op->getOperands()));
        return success();
      })
      .Case<ArgumentOp>([](auto) { return success(); })
      .Case<memref::StoreOp>([&](memref::StoreOp store) {
        b.create<memref::StoreOp>(store.getLoc(), one(store.getValueToStore()),
                                  one(store.getMemref()), flat(store.getIndices()));
        return success();
      })
      .Case<BroadcastOp, LaneOp, ShuffleOp, LoadOp, memref::AllocaOp>([&](auto) {
        set(op->getResult(0), clone(op, flat(op->getOperands()), op->getResult(0).getType()));
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

/// Evaluates an operation on known integers; false if it is none.
bool Unpacker::evaluate(Operation *op) {
  size_t lanes = 1;
  for (Value operand : op->getOperands()) {
    const Number *value = number(operand);
    if (!value)
      return false;
    lanes = std::max(lanes, value->size());
  }
  if (op->getNumOperands() == 0)
    return false;
  Value result = op->getResult(0);
  Number values;
  SmallVector<Attribute> reals;
  for (size_t lane = 0; lane < lanes; ++lane) {
    SmallVector<int64_t, 2> operands;
    for (Value operand : op->getOperands()) {
      const Number *value = number(operand);
      operands.push_back((*value)[value->size() == 1 ? 0 : lane]);
    }
    if (isa<arith::SIToFPOp>(op))
      reals.push_back(b.getFloatAttr(result.getType(), static_cast<double>(operands.front())));
    else if (std::optional<int64_t> value = evaluateIndex(op, operands))
      values.push_back(*value);
    else
      return false;
  }
  if (values.empty() && lanes == 1)
    set(result, constant(cast<TypedAttr>(reals.front())));
  else if (values.empty())
    set(result, constant(DenseElementsAttr::get(cast<ShapedType>(packType(result.getType(), lanes)),
                                                reals)));
  else
    setNumber(result, std::move(values));
  return true;
}

LogicalResult Unpacker::elementwise(Operation *op) {
  bool known = op->hasTrait<OpTrait::Elementwise>() || isa<memref::LoadOp>(op);
  if (!known || op->getNumResults() != 1)
    return fail(op, "cannot be unpacked");
  Value result = op->getResult(0);
  if (evaluate(op))
    return success();
  for (Value operand : op->getOperands())
    if (const Number *value = number(operand);
        value && value->size() > 1 && !operand.getType().isInteger(1))
      return fail(op, "has no value for an index per lane");
  numbers.erase(result); // an index of the iteration before may have had a value
  // Integers are never packed: what is made of them, or they of it, goes element by element.
  bool inParts = true;
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()))
      inParts &= isPacked(operand.getType()) == isPacked(result.getType());
  SmallVector<SmallVector<Value>, 3> operands;
  size_t count = 1;
  for (Value operand : op->getOperands()) {
    operands.push_back(inParts ? parts(operand) : scalars(operand));
    count = std::max(count, operands.back().size());
  }
  if (elementCount(result.getType()) == 0)
    count = 0;
  SmallVector<Value> values, arguments(operands.size());
  for (size_t i = 0; i < count; ++i) {
    for (auto [argument, list] : llvm::zip_equal(arguments, operands))
      argument = list[list.size() == 1 ? 0 : i];
    values.push_back(apply(op, arguments, getElementTypeOrSelf(result.getType())));
  }
  if (inParts)
    set(result, values);
  else
    setElements(result,
                SmallVector<Element>(llvm::map_range(values, [](Value x) { return Element{x}; })));
  return success();
}

/// The operation on scalars, or on packs that scalars among the operands are spread to.
Value Unpacker::apply(Operation *op, MutableArrayRef<Value> operands, Type element) {
  Location loc = op->getLoc();
  bool chooses = isa<arith::SelectOp>(op) && widthOf(operands.front()) == 1;
  int64_t width = packs.spread(loc, operands.drop_front(chooses));
  if (width == 1 || libmSymbol(op).empty())
    return clone(op, operands, packType(element, width));
  // The C library computes numbers one by one.
  Elements results;
  for (int64_t lane = 0; lane < width; ++lane) {
    SmallVector<Value, 2> scalars;
    for (Value operand : operands)
      scalars.push_back(packs.scalar(loc, {operand, lane}));
    results.push_back({clone(op, scalars, element)});
  }
  return packs.gather(loc, results);
}

LogicalResult unpack(ModuleOp module) {
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (failed(Unpacker(module.getContext()).run(function)))
      return failure();
  eliminateCommonSubexpressions(module);
  orderOperations(module);
  return success();
}

} // namespace deq::ir
