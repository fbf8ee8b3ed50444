// lower-to-llvm: scalar code to the LLVM dialect. The kernel's arguments become loads from the
// caller's frame and its results stores; structured control flow becomes blocks. One walk instead
// of five conversions.

#include "../Dialect/MathFunctions.h"
#include "../Transforms/Rebuild.h"
#include "Abi.h"
#include "deq/kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace deq::ir {

namespace {

/// Operations that have an LLVM twin with the same operands.
const llvm::StringMap<StringRef> &twins() {
  static const llvm::StringMap<StringRef> table = {{"arith.addf", "llvm.fadd"},
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
  return table;
}

/// State shared by the functions of one module: declared C functions and constant tables.
struct ModuleSymbols {
  ModuleOp module;
  llvm::DenseMap<Attribute, LLVM::GlobalOp> tables;
  llvm::StringMap<LLVM::LLVMFuncOp> functions;
};

class Lowering : public Rebuild {
public:
  Lowering(ModuleSymbols &symbols)
      : Rebuild(symbols.module.getContext()), symbols(symbols),
        pointer(LLVM::LLVMPointerType::get(symbols.module.getContext())) {}

  LogicalResult run(func::FuncOp function) {
    bool isKernel = function.getName() == kernelSymbol;
    SmallVector<Type> arguments =
        isKernel ? SmallVector<Type>{pointer} : convertAll(function.getArgumentTypes());
    SmallVector<Type> results = convertAll(function.getResultTypes());
    Type result = isKernel ? b.getI32Type() : packed(results);
    b.setInsertionPoint(function);
    target = b.create<LLVM::LLVMFuncOp>(function.getLoc(), function.getName(),
                                        LLVM::LLVMFunctionType::get(result, arguments));
    if (!isKernel)
      target.setLinkage(LLVM::Linkage::Internal);
    entry = target.addEntryBlock(b);
    b.setInsertionPointToStart(entry);
    if (!isKernel)
      bind(function.getArguments(), entry->getArguments());
    else if (failed(loadArguments(function)))
      return failure();
    kernel = isKernel ? function : func::FuncOp();
    for (Operation &op : function.getBody().front())
      if (failed(visit(&op)))
        return failure();
    function.erase();
    return success();
  }

private:
  Type lowered(Type type) {
    if (type.isIndex())
      return b.getI64Type();
    return isa<MemRefType>(type) ? pointer : type;
  }
  void convert(Type type, SmallVectorImpl<Type> &types) override { types.push_back(lowered(type)); }

  Type packed(ArrayRef<Type> results) {
    return results.size() == 1 ? results[0]
                               : LLVM::LLVMStructType::getLiteral(b.getContext(), results);
  }

  Value makeConstant(TypedAttr value) override {
    return b.create<LLVM::ConstantOp>(b.getUnknownLoc(), value.getType(), value);
  }
  Value i64(int64_t value) { return constant(b.getI64IntegerAttr(value)); }

  //===--- the frame
  //--------------------------------------------------------------------------------------------===//

  Value offset(Location loc, Value base, int64_t bytes) {
    return b.create<LLVM::GEPOp>(loc, pointer, b.getI8Type(), base,
                                 ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
  }
  Value load(Location loc, Type type, Value from) {
    return b.create<LLVM::LoadOp>(loc, type, from);
  }
  Value frameField(Location loc, Type type, int64_t at) {
    return load(loc, type, offset(loc, frame, at));
  }
  Value slot(Location loc, Value block, int64_t position) {
    return offset(loc, block, position * int64_t(sizeof(Slot)));
  }

  static int64_t frameOffset(StringRef field) {
    return llvm::StringSwitch<int64_t>(field)
        .Case("capacity", offsetof(Frame, capacity))
        .Case("rows", offsetof(Frame, rows))
        .Default(offsetof(Frame, budget));
  }

  LogicalResult loadArguments(func::FuncOp function) {
    Location loc = function.getLoc();
    frame = entry->getArgument(0);
    workspace = frameField(loc, pointer, offsetof(Frame, workspace));
    Value uniform = frameField(loc, pointer, offsetof(Frame, uniform));
    Value trajectory = frameField(loc, pointer, offsetof(Frame, trajectory));
    Value memory = frameField(loc, pointer, offsetof(Frame, memory));
    outTimes = frameField(loc, pointer, offsetof(Frame, out_t));
    outValues = frameField(loc, pointer, offsetof(Frame, out_y));
    for (BlockArgument argument : function.getArguments()) {
      std::optional<Place> place = placeOf(function.getArgAttrDict(argument.getArgNumber()));
      if (!place)
        return function.emitError() << "argument " << argument.getArgNumber() << " has no place";
      Type type = lowered(argument.getType());
      switch (place->kind) {
      case Place::Kind::uniform:
        set(argument, load(loc, type, slot(loc, uniform, place->position)));
        break;
      case Place::Kind::trajectory:
        set(argument, load(loc, type, slot(loc, trajectory, place->position)));
        break;
      case Place::Kind::state:
        set(argument, load(loc, type, slot(loc, workspace, place->position)));
        break;
      case Place::Kind::scratch:
        set(argument, slot(loc, workspace, place->position));
        break;
      case Place::Kind::memory:
        set(argument, load(loc, pointer, slot(loc, memory, place->position)));
        break;
      case Place::Kind::times:
        set(argument, frameField(loc, pointer, offsetof(Frame, times)));
        break;
      case Place::Kind::frame:
        set(argument, frameField(loc, type, frameOffset(place->field)));
        break;
      case Place::Kind::outcome:
        return function.emitError() << "an argument cannot be the outcome";
      }
    }
    return success();
  }

  LogicalResult visitReturn(func::ReturnOp op) override {
    Location loc = op.getLoc();
    SmallVector<Value> values = flat(op.getOperands());
    if (!kernel)
      return returnPacked(loc, values);
    Value outcome;
    for (auto [i, value] : llvm::enumerate(values)) {
      std::optional<Place> place = placeOf(kernel.getResultAttrDict(i));
      if (place && place->kind == Place::Kind::outcome)
        outcome = value;
      else if (place && place->kind == Place::Kind::state)
        b.create<LLVM::StoreOp>(loc, value, slot(loc, workspace, place->position));
      else if (place && place->kind == Place::Kind::frame)
        b.create<LLVM::StoreOp>(loc, value, offset(loc, frame, frameOffset(place->field)));
      else
        return kernel.emitError() << "result " << i << " has no place";
    }
    if (!outcome)
      return kernel.emitError("has no outcome");
    b.create<LLVM::ReturnOp>(loc, outcome);
    return success();
  }

  LogicalResult returnPacked(Location loc, ArrayRef<Value> values) {
    if (values.size() == 1) {
      b.create<LLVM::ReturnOp>(loc, values[0]);
      return success();
    }
    Value result =
        b.create<LLVM::UndefOp>(loc, packed(SmallVector<Type>(ValueRange(values).getTypes())));
    for (auto [i, value] : llvm::enumerate(values))
      result = b.create<LLVM::InsertValueOp>(loc, result, value, i);
    b.create<LLVM::ReturnOp>(loc, result);
    return success();
  }

  //===--- operations
  //-------------------------------------------------------------------------------------------===//

  LogicalResult leaf(Operation *op) override {
    Location loc = op->getLoc();
    auto done = [&](Value value) {
      set(op->getResult(0), value);
      return success();
    };
    if (auto twin = twins().find(op->getName().getStringRef()); twin != twins().end()) {
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

  /// Address of a row-major element.
  Value element(Location loc, MemRefType type, Value base, ArrayRef<Value> indices) {
    Value linear = indices.front();
    for (size_t d = 1; d < indices.size(); ++d) {
      linear = b.create<LLVM::MulOp>(loc, linear, i64(type.getDimSize(d)));
      linear = b.create<LLVM::AddOp>(loc, linear, indices[d]);
    }
    return b.create<LLVM::GEPOp>(loc, pointer, type.getElementType(), base,
                                 ArrayRef<LLVM::GEPArg>{linear});
  }

  Value lookUp(LookupOp op) {
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

  LogicalResult storeRow(SaveOp op) {
    Location loc = op.getLoc();
    if (!kernel)
      return op.emitOpError("expected inside the kernel");
    Value row = one(op.getRow());
    Value timeAt =
        b.create<LLVM::GEPOp>(loc, pointer, b.getF64Type(), outTimes, ArrayRef<LLVM::GEPArg>{row});
    b.create<LLVM::StoreOp>(loc, one(op.getTime()), timeAt);
    SmallVector<Value> values = flat(op.getValues());
    Value first = b.create<LLVM::MulOp>(loc, row, i64(values.size()));
    Type real = values.front().getType();
    Value base =
        b.create<LLVM::GEPOp>(loc, pointer, real, outValues, ArrayRef<LLVM::GEPArg>{first});
    for (auto [i, value] : llvm::enumerate(values)) {
      Value at = b.create<LLVM::GEPOp>(loc, pointer, real, base,
                                       ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
      b.create<LLVM::StoreOp>(loc, value, at);
    }
    return success();
  }

  LogicalResult callFunction(func::CallOp op) {
    SmallVector<Type> types = convertAll(op.getResultTypes());
    auto call = b.create<LLVM::CallOp>(op.getLoc(), TypeRange(packed(types)), op.getCallee(),
                                       flat(op.getOperands()));
    if (types.size() == 1) {
      set(op.getResult(0), call.getResult());
      return success();
    }
    for (auto [i, result] : llvm::enumerate(op.getResults()))
      set(result, b.create<LLVM::ExtractValueOp>(op.getLoc(), call.getResult(), i).getResult());
    return success();
  }

  /// A plain C call: LLVM must neither fold it by the host's libm nor replace it.
  Value callLibm(Operation *op, StringRef symbol) {
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

  //===--- control flow
  //-----------------------------------------------------------------------------------------===//

  Block *block(TypeRange arguments) {
    OpBuilder::InsertionGuard guard(b);
    SmallVector<Type> types = convertAll(arguments);
    return b.createBlock(&target.getBody(), target.getBody().end(), types,
                         SmallVector<Location>(types.size(), b.getUnknownLoc()));
  }

  LogicalResult visitBody(Block *old) {
    for (Operation &op : old->without_terminator())
      if (failed(visit(&op)))
        return failure();
    return success();
  }

  LogicalResult visitWhile(scf::WhileOp op) override {
    Location loc = op.getLoc();
    Block *head = block(op.getBeforeBody()->getArgumentTypes());
    Block *body = block(op.getAfterBody()->getArgumentTypes());
    Block *exit = block(op.getResultTypes());
    b.create<LLVM::BrOp>(loc, flat(op.getInits()), head);
    bind(op.getBeforeBody()->getArguments(), head->getArguments());
    bind(op.getAfterBody()->getArguments(), body->getArguments());
    bind(op.getResults(), exit->getArguments());
    b.setInsertionPointToEnd(head);
    if (failed(visitBody(op.getBeforeBody())))
      return failure();
    auto condition = cast<scf::ConditionOp>(op.getBeforeBody()->getTerminator());
    SmallVector<Value> values = flat(condition.getArgs());
    b.create<LLVM::CondBrOp>(loc, one(condition.getCondition()), body, values, exit, values);
    b.setInsertionPointToEnd(body);
    if (failed(visitBody(op.getAfterBody())))
      return failure();
    b.create<LLVM::BrOp>(loc, flat(op.getAfterBody()->getTerminator()->getOperands()), head);
    b.setInsertionPointToEnd(exit);
    return success();
  }

  LogicalResult visitIf(scf::IfOp op) override {
    Location loc = op.getLoc();
    Block *then = block({}), *exit = block(op.getResultTypes());
    Block *otherwise = op.elseBlock() ? block({}) : exit;
    b.create<LLVM::CondBrOp>(loc, one(op.getCondition()), then, ValueRange(), otherwise,
                             ValueRange());
    for (auto [to, source] :
         {std::pair(then, op.thenBlock()), std::pair(otherwise, op.elseBlock())}) {
      if (!source)
        continue;
      b.setInsertionPointToEnd(to);
      if (failed(visitBody(source)))
        return failure();
      b.create<LLVM::BrOp>(loc, flat(source->getTerminator()->getOperands()), exit);
    }
    bind(op.getResults(), exit->getArguments());
    b.setInsertionPointToEnd(exit);
    return success();
  }

  LogicalResult visitFor(scf::ForOp op) override {
    Location loc = op.getLoc();
    Block *head = block(op.getBody()->getArgumentTypes()), *body = block({}), *exit = block({});
    SmallVector<Value> initial = flat(op.getLowerBound());
    llvm::append_range(initial, flat(op.getInitArgs()));
    Value upper = one(op.getUpperBound()), step = one(op.getStep());
    b.create<LLVM::BrOp>(loc, initial, head);
    bind(op.getBody()->getArguments(), head->getArguments());
    b.setInsertionPointToEnd(head);
    Value inside =
        b.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::slt, head->getArgument(0), upper);
    b.create<LLVM::CondBrOp>(loc, inside, body, ValueRange(), exit, ValueRange());
    b.setInsertionPointToEnd(body);
    if (failed(visitBody(op.getBody())))
      return failure();
    SmallVector<Value> next{b.create<LLVM::AddOp>(loc, head->getArgument(0), step)};
    llvm::append_range(next, flat(op.getBody()->getTerminator()->getOperands()));
    b.create<LLVM::BrOp>(loc, next, head);
    bind(op.getResults(), head->getArguments().drop_front());
    b.setInsertionPointToEnd(exit);
    return success();
  }

  ModuleSymbols &symbols;
  Type pointer;
  LLVM::LLVMFuncOp target;
  func::FuncOp kernel; ///< null while another function is lowered
  Value frame, workspace, outTimes, outValues;
};

/// The module's records as a zero-terminated global, so that LLVM IR, assembly and objects carry
/// them too.
void emitRecords(ModuleOp module, StringRef attribute, StringRef symbol) {
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

} // namespace

LogicalResult lowerToLLVM(ModuleOp module) {
  auto kernel = module.lookupSymbol<func::FuncOp>(kernelSymbol);
  if (!kernel)
    return success(module.lookupSymbol<LLVM::LLVMFuncOp>(kernelSymbol) != nullptr);
  if (module->hasAttr("deq.signature")) {
    std::optional<Signature> signature = signatureOf(module);
    if (!signature)
      return failure();
    signature->workspace_slots = workspaceSlots(kernel);
    setSignature(module, *signature);
  }
  ModuleSymbols symbols;
  symbols.module = module;
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (failed(Lowering(symbols).run(function)))
      return failure();
  emitRecords(module, "deq.signature", "deq_signature");
  emitRecords(module, "deq.values", "deq_values");
  return success();
}

} // namespace deq::ir
