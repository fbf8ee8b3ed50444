// lower-to-llvm: scalar code to the LLVM dialect. The kernel's arguments become loads from the
// caller's frame and its results stores; structured control flow becomes blocks. One walk instead
// of five conversions.

#include "../Dialect/MathFunctions.h"
#include "Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

namespace deq::ir {

namespace {

/// Operations that have an LLVM twin with the same operands.
constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> twins[] = {
    {"arith.addf", "llvm.fadd"},
    {"arith.subf", "llvm.fsub"},
    {"arith.mulf", "llvm.fmul"},
    {"arith.divf", "llvm.fdiv"},
    {"arith.negf", "llvm.fneg"},
    {"arith.select", "llvm.select"},
    {"arith.andi", "llvm.and"},
    {"arith.ori", "llvm.or"},
    {"arith.xori", "llvm.xor"},
    {"arith.addi", "llvm.add"},
    {"arith.subi", "llvm.sub"},
    {"arith.muli", "llvm.mul"},
    {"arith.remsi", "llvm.srem"},
    {"arith.shli", "llvm.shl"},
    {"arith.shrsi", "llvm.ashr"},
    {"arith.shrui", "llvm.lshr"},
    {"arith.bitcast", "llvm.bitcast"},
    {"arith.extui", "llvm.zext"},
    {"arith.sitofp", "llvm.sitofp"},
    {"arith.extf", "llvm.fpext"},
    {"arith.truncf", "llvm.fptrunc"},
    {"math.fma", "llvm.intr.fma"},
    {"math.absf", "llvm.intr.fabs"},
    {"math.sqrt", "llvm.intr.sqrt"},
    {"math.floor", "llvm.intr.floor"},
    {"math.ceil", "llvm.intr.ceil"},
    {"math.copysign", "llvm.intr.copysign"}};

/// Scalars, packs, and memory in which an index is a row-major address.
bool isLowerable(Type type) {
  auto memory = dyn_cast<MemRefType>(type);
  if (!memory)
    return type.isIntOrIndexOrFloat() || isPack(type);
  ArrayRef<int64_t> shape = memory.getShape();
  return !shape.empty() && memory.getLayout().isIdentity() &&
         !llvm::is_contained(shape.drop_front(), ShapedType::kDynamic);
}

} // namespace

/// Of functions that only a kernel calls. C's returns no more than two numbers in vector registers
/// on x86.
static LLVM::CConv callingConvention() {
#if defined(__x86_64__)
  return LLVM::CConv::X86_RegCall;
#else
  return LLVM::CConv::Fast;
#endif
}

LogicalResult Lowering::run(func::FuncOp function) {
  if (failed(verifyInput(function, isLowerable)))
    return failure();
  bool isStart = function.getName() == startSymbol;
  bool isKernel = isStart || function.getName() == kernelSymbol;
  // The frame, and in inner functions what is not in it.
  SmallVector<std::optional<Place>> places(function.getNumArguments());
  if (auto inputs = symbols.inputs.find(function.getName()); inputs != symbols.inputs.end())
    places = inputs->second;
  SmallVector<Type> arguments{pointer};
  for (auto [i, place] : llvm::enumerate(places))
    if (isKernel)
      place = placeOf(function.getArgAttrDict(i));
    else if (!place)
      convert(function.getArgument(i).getType(), arguments);
  SmallVector<Type> results = convertAll(function.getResultTypes());
  Type result = isKernel ? b.getI32Type() : packed(results);
  b.setInsertionPoint(function);
  target = b.create<LLVM::LLVMFuncOp>(function.getLoc(), function.getName(),
                                      LLVM::LLVMFunctionType::get(result, arguments));
  if (function.getName() != kernelSymbol)
    target.setLinkage(LLVM::Linkage::Internal);
  if (!isKernel)
    target.setCConv(callingConvention());
  // It runs once per solve, so time spent on its code is lost.
  if (isStart)
    target.setPassthroughAttr(b.getStrArrayAttr({"noinline", "optnone"}));
  entry = target.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  // Instruction selection is more than linear in the length of a block, and it loads an input once
  // in a block, however far apart its uses are.
  int64_t length = 0;
  function.walk([&](Operation *) { ++length; });
  longestBlock = length > 2000 ? 250 : 2000;
  loadArguments(function, places);
  kernel = isKernel ? function : func::FuncOp();
  for (Operation &op : function.getBody().front())
    if (failed(visit(&op)))
      return failure();
  loadWhereUsed();
  simplify(target);
  keepCrowdsInMemory(target);
  function.erase();
  return success();
}

Type Lowering::lowered(Type type) {
  if (type.isIndex())
    return b.getI64Type();
  return isa<MemRefType>(type) ? pointer : type;
}

Type Lowering::packed(ArrayRef<Type> results) {
  return results.size() == 1 ? results[0]
                             : LLVM::LLVMStructType::getLiteral(b.getContext(), results);
}

Value Lowering::makeConstant(TypedAttr value) {
  return b.create<LLVM::ConstantOp>(b.getUnknownLoc(), value.getType(), value);
}

LogicalResult Lowering::leaf(Operation *op) {
  Location loc = op->getLoc();
  auto done = [&](Value value) {
    set(op->getResult(0), value);
    return success();
  };
  if (++blockLength > longestBlock) {
    Block *rest = block({});
    b.create<LLVM::BrOp>(loc, ValueRange(), rest);
    b.setInsertionPointToEnd(rest);
  }
  if (auto twin = symbols.twins.find(op->getName()); twin != symbols.twins.end()) {
    OperationState state(loc, twin->second);
    state.addOperands(flat(op->getOperands()));
    state.addTypes(lowered(op->getResult(0).getType()));
    return done(b.create(state)->getResult(0));
  }
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::ConstantOp>([&](arith::ConstantOp constantOp) {
        TypedAttr value = constantOp.getValue();
        if (value.getType().isIndex())
          value = b.getI64IntegerAttr(cast<IntegerAttr>(value).getInt());
        return done(constant(value));
      })
      .Case<arith::IndexCastOp>([&](auto cast) { return done(one(cast.getIn())); })
      .Case<arith::CmpFOp>([&](arith::CmpFOp cmp) {
        auto predicate = static_cast<LLVM::FCmpPredicate>(cmp.getPredicate());
        return done(b.create<LLVM::FCmpOp>(loc, lowered(cmp.getType()), predicate,
                                           one(cmp.getLhs()), one(cmp.getRhs())));
      })
      .Case<arith::CmpIOp>([&](arith::CmpIOp cmp) {
        auto predicate = static_cast<LLVM::ICmpPredicate>(cmp.getPredicate());
        return done(b.create<LLVM::ICmpOp>(loc, predicate, one(cmp.getLhs()), one(cmp.getRhs())));
      })
      .Case<arith::FloorDivSIOp>(
          [&](auto op) { return done(floorDivide(loc, one(op.getLhs()), one(op.getRhs()))); })
      .Case<memref::AllocaOp>([&](memref::AllocaOp buffer) {
        // In the first block, where its place in the stack is fixed.
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(entry);
        MemRefType type = buffer.getType();
        auto count = b.create<LLVM::ConstantOp>(loc, b.getI64IntegerAttr(type.getNumElements()));
        return done(b.create<LLVM::AllocaOp>(loc, pointer, type.getElementType(), count));
      })
      .Case<memref::LoadOp>([&](memref::LoadOp loadOp) {
        Value at = element(loc, loadOp.getMemRefType(), one(loadOp.getMemref()),
                           flat(loadOp.getIndices()));
        return done(load(loc, loadOp.getType(), at));
      })
      .Case<memref::StoreOp>([&](memref::StoreOp store) {
        Value at =
            element(loc, store.getMemRefType(), one(store.getMemref()), flat(store.getIndices()));
        b.create<LLVM::StoreOp>(loc, one(store.getValueToStore()), at);
        return success();
      })
      .Case<BroadcastOp, LaneOp, ShuffleOp, LoadOp, ReadOp>(
          [&](auto pack) { return done(lowerPack(pack)); })
      .Case<WriteOp>([&](WriteOp write) {
        Value at = rowElement(loc, write.getBuffer(), write.getRow(), write.getOffset());
        storeUnaligned(loc, one(write.getValue()), at);
        return success();
      })
      .Case<LookupOp>([&](LookupOp lookup) { return done(lookUp(lookup)); })
      .Case<SaveOp>([&](SaveOp save) { return storeRow(save); })
      .Case<func::CallOp>([&](func::CallOp call) { return callFunction(call); })
      .Default([&](Operation *other) -> LogicalResult {
        StringRef symbol = libmSymbol(other);
        if (symbol.empty())
          return other->emitOpError("cannot be lowered to LLVM");
        return done(callLibm(other, symbol));
      });
}

/// Toward minus infinity: one less where the remainder has the other sign than the divisor.
Value Lowering::floorDivide(Location loc, Value x, Value y) {
  Value quotient = b.create<LLVM::SDivOp>(loc, x, y), remainder = b.create<LLVM::SRemOp>(loc, x, y);
  auto is = [&](LLVM::ICmpPredicate predicate, Value value) {
    return b.create<LLVM::ICmpOp>(loc, predicate, value, i64(0)).getResult();
  };
  Value differs = is(LLVM::ICmpPredicate::slt, b.create<LLVM::XOrOp>(loc, remainder, y));
  Value inexact = is(LLVM::ICmpPredicate::ne, remainder);
  Value below = b.create<LLVM::SubOp>(loc, quotient, i64(1));
  return b.create<LLVM::SelectOp>(loc, b.create<LLVM::AndOp>(loc, differs, inexact), below,
                                  quotient);
}

Value Lowering::element(Location loc, MemRefType type, Value base, ArrayRef<Value> indices) {
  auto at = [&](Value from, Value index) -> Value {
    return b.create<LLVM::GEPOp>(loc, pointer, type.getElementType(), from,
                                 ArrayRef<LLVM::GEPArg>{index});
  };
  for (size_t d = 0; d + 1 < indices.size(); ++d)
    base = row(base, indices[d], [&] {
      int64_t stride = 1;
      for (int64_t extent : type.getShape().drop_front(d + 1))
        stride *= extent;
      return at(base, b.create<LLVM::MulOp>(loc, indices[d], i64(stride)));
    });
  return at(base, indices.back());
}

Value Lowering::row(Value base, Value index, llvm::function_ref<Value()> compute) {
  if (rowsBlock != b.getInsertionBlock()) {
    rowsBlock = b.getInsertionBlock();
    rows.clear();
  }
  Value &known = rows[{base, index}];
  return known ? known : known = compute();
}

Value Lowering::lookUp(LookupOp op) {
  LLVM::GlobalOp &table = symbols.tables[op.getTable()];
  Type element = lowered(op.getType());
  if (!table) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(symbols.module.getBody());
    auto values = cast<DenseElementsAttr>(op.getTable());
    if (values.getElementType().isIndex())
      values = DenseIntElementsAttr::get(
          RankedTensorType::get(values.getType().getShape(), b.getI64Type()),
          SmallVector<int64_t>(llvm::map_range(values.getValues<APInt>(),
                                               [](const APInt &x) { return x.getSExtValue(); })));
    table = b.create<LLVM::GlobalOp>(
        op.getLoc(), LLVM::LLVMArrayType::get(element, values.getNumElements()), true,
        LLVM::Linkage::Internal, ("deq_table_" + Twine(symbols.tables.size())).str(), values);
  }
  Value base = b.create<LLVM::AddressOfOp>(op.getLoc(), table);
  Value at = b.create<LLVM::GEPOp>(op.getLoc(), pointer, element, base,
                                   ArrayRef<LLVM::GEPArg>{one(op.getIndex())});
  return load(op.getLoc(), element, at);
}

LogicalResult Lowering::callFunction(func::CallOp op) {
  SmallVector<Type> types = convertAll(op.getResultTypes());
  SmallVector<Value> operands{frame};
  for (auto [operand, place] : llvm::zip_equal(op.getOperands(), symbols.inputs[op.getCallee()]))
    if (!place)
      operands.push_back(one(operand));
  auto call =
      b.create<LLVM::CallOp>(op.getLoc(), TypeRange(packed(types)), op.getCallee(), operands);
  call.setCConv(callingConvention());
  if (types.size() == 1) {
    set(op.getResult(0), call.getResult());
    return success();
  }
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    set(result, b.create<LLVM::ExtractValueOp>(op.getLoc(), call.getResult(), i).getResult());
  return success();
}

Value Lowering::callLibm(Operation *op, StringRef symbol) {
  Type type = op->getResult(0).getType();
  std::string name = (symbol + (type.isF32() ? "f" : "")).str();
  LLVM::LLVMFuncOp &function = symbols.functions[name];
  SmallVector<Value> operands = flat(op->getOperands());
  if (!function) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(symbols.module.getBody());
    function = b.create<LLVM::LLVMFuncOp>(
        op->getLoc(), name,
        LLVM::LLVMFunctionType::get(type, SmallVector<Type>(operands.size(), type)));
    function.setPassthroughAttr(b.getStrArrayAttr({"nobuiltin", "nounwind", "willreturn"}));
  }
  return b.create<LLVM::CallOp>(op->getLoc(), function, operands).getResult();
}

/// The module's records as a zero-terminated global, so that LLVM IR, assembly and objects carry
/// them too.
static void emitRecords(ModuleOp module, StringRef attribute, StringRef symbol) {
  auto records = module->getAttrOfType<ArrayAttr>(attribute);
  if (!records)
    return;
  std::string text;
  for (StringRef record : records.getAsValueRange<StringAttr>())
    text += (record + "\n").str();
  text.push_back('\0');
  auto b = OpBuilder::atBlockBegin(module.getBody());
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), text.size());
  b.create<LLVM::GlobalOp>(module.getLoc(), type, true, LLVM::Linkage::External, symbol,
                           b.getStringAttr(text));
}

LogicalResult lowerToLLVM(ModuleOp module) {
  auto kernel = module.lookupSymbol<func::FuncOp>(kernelSymbol);
  if (!kernel && module.lookupSymbol<LLVM::LLVMFuncOp>(kernelSymbol))
    return success(); // a dump of this stage
  if (!kernel)
    return module.emitError() << "expected a function @" << kernelSymbol;
  auto start = module.lookupSymbol<func::FuncOp>(startSymbol);
  if (failed(verifyPlaces(kernel)) || (start && failed(verifyPlaces(start))))
    return failure();
  if (module->hasAttr("deq.signature")) {
    std::optional<Signature> signature = signatureOf(module);
    if (!signature || failed(verifyFits(kernel, *signature)) ||
        (start && failed(verifyFits(start, *signature))))
      return failure();
    signature->workspace_slots = workspaceSlots(kernel);
    setSignature(module, *signature);
  }
  ModuleSymbols symbols;
  symbols.module = module;
  for (auto [name, twin] : twins)
    symbols.twins.try_emplace(OperationName(name, module.getContext()),
                              OperationName(twin, module.getContext()));
  symbols.hasStart = bool(start);
  findInputs(symbols);
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (failed(Lowering(symbols).run(function)))
      return failure();
  emitRecords(module, "deq.signature", "deq_signature");
  emitRecords(module, "deq.values", "deq_values");
  return success();
}

} // namespace deq::ir
