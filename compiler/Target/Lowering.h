// The walker of lower-to-llvm as one class in four files: operations, those on packs, the caller's
// frame, control flow. They share the function being built and, in a kernel, the pointers of its
// frame.
#pragma once

#include "../Transforms/Rebuild.h"
#include "Abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/StringMap.h"

namespace deq::ir {

/// State shared by the functions of one module: declared C functions and constant tables.
struct ModuleSymbols {
  ModuleOp module;
  bool hasStart = false; ///< there is a function for fresh workspaces
  /// Per inner function and parameter: the input of the kernel that it is at every call, if it is.
  /// Such a parameter is read from the frame where it is used; the literals of a long field would
  /// fill registers and stack otherwise.
  llvm::StringMap<SmallVector<std::optional<Place>>> inputs;
  /// Operations of LLVM's dialect with the operands of others.
  llvm::DenseMap<OperationName, OperationName> twins;
  llvm::DenseMap<Attribute, LLVM::GlobalOp> tables;
  llvm::StringMap<LLVM::LLVMFuncOp> functions;
};

class Lowering : public Rebuild {
public:
  Lowering(ModuleSymbols &symbols)
      : Rebuild(symbols.module.getContext()), symbols(symbols),
        pointer(LLVM::LLVMPointerType::get(symbols.module.getContext())) {}

  LogicalResult run(func::FuncOp function);

private:
  Type lowered(Type type);
  void convert(Type type, SmallVectorImpl<Type> &types) override { types.push_back(lowered(type)); }

  Type packed(ArrayRef<Type> results);
  Value makeConstant(TypedAttr value) override;
  Value i64(int64_t value) { return constant(b.getI64IntegerAttr(value)); }

  // --- the frame ---

  Value offset(Location loc, Value base, int64_t bytes);
  Value load(Location loc, Type type, Value from);
  Value frameField(Location loc, Type type, int64_t at);
  Value slot(Location loc, Value block, int64_t position);
  static int64_t frameOffset(StringRef field);
  /// Binds arguments to what is at their places in the frame, or else to those of the new function.
  void loadArguments(func::FuncOp function, ArrayRef<std::optional<Place>> places);
  /// Calls @deq_start if the workspace holds no state to go on from.
  void startIfFresh(Location loc);
  /// A load from memory that does not change during a call.
  Value loadConstant(Location loc, Type type, Value from);
  /// Moves such loads to where a block first uses them: a value that lives through the whole kernel
  /// takes a register that the step needs, and x86 reads memory for free.
  void loadWhereUsed();
  LogicalResult visitReturn(func::ReturnOp op) override;
  LogicalResult returnPacked(Location loc, ArrayRef<Value> values);

  // --- operations ---

  LogicalResult leaf(Operation *op) override;

  /// Address of a row-major element.
  Value element(Location loc, MemRefType type, Value base, ArrayRef<Value> indices);
  /// Address of a row of an array; those that a block has computed are not computed again.
  Value row(Value base, Value index, llvm::function_ref<Value()> compute);
  Value floorDivide(Location loc, Value x, Value y);
  Value lookUp(LookupOp op);
  LogicalResult storeRow(SaveOp op);
  LogicalResult callFunction(func::CallOp op);

  /// A plain C call: LLVM must neither fold it by the host's libm nor replace it.
  Value callLibm(Operation *op, StringRef symbol);

  // --- packs ---

  Value lowerPack(BroadcastOp op);
  Value lowerPack(LaneOp op);
  Value lowerPack(ShuffleOp op);
  Value lowerPack(LoadOp op);
  Value lowerPack(ReadOp op);
  Value shuffle(Location loc, Value x, Value y, ArrayRef<int32_t> lanes);
  /// Address of an element of a row.
  Value rowElement(Location loc, Value buffer, Value row, int64_t offset);
  /// Loads and stores of packs, which are aligned as their elements are.
  Value loadUnaligned(Location loc, Type type, Value from);
  void storeUnaligned(Location loc, Value value, Value to);
  /// Packs in slots: one element in each, whatever its size.
  Value loadSlots(Location loc, Type type, Value from, bool invariant);
  void storeSlots(Location loc, Value value, Value to);

  // --- control flow ---

  Block *block(TypeRange arguments);
  LogicalResult visitBody(Block *old);
  LogicalResult visitWhile(scf::WhileOp op) override;
  LogicalResult visitIf(scf::IfOp op) override;
  LogicalResult visitFor(scf::ForOp op) override;

  ModuleSymbols &symbols;
  Type pointer;
  LLVM::LLVMFuncOp target;
  func::FuncOp kernel; ///< null while another function is lowered
  Value frame, workspace, outTimes, outValues;
  SmallVector<LLVM::LoadOp> constantLoads;
  llvm::DenseMap<std::pair<Value, Value>, Value> rows;
  Block *rowsBlock = nullptr; ///< that `rows` are of
  int blockLength = 0;        ///< operations since a block was begun
  int longestBlock = 0;
};

/// Uses of a value in one block, and the operation that is the first of them.
struct BlockUses {
  Operation *first = nullptr;
  SmallVector<OpOperand *> operands;
};
/// The uses that `counts` is true of, by block.
llvm::MapVector<Block *, BlockUses> usesByBlock(Value value,
                                                llvm::function_ref<bool(OpOperand &)> counts);

/// Fills `ModuleSymbols::inputs`.
void findInputs(ModuleSymbols &symbols);

/// Removes what the lowering of one operation at a time cannot see to be needless: copies through
/// blocks, conditions that are constants, slots of the workspace that a call leaves as they are.
void simplify(LLVM::LLVMFuncOp function);

/// Gives what is alive in hundreds between blocks places on the stack.
void keepCrowdsInMemory(LLVM::LLVMFuncOp function);

} // namespace deq::ir
