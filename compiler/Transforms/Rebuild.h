// The one mechanism behind unpack and the lowering to LLVM (later lanes and derivatives): rebuild a
// function while every old value stands for a list of new ones. Control flow is handled once, here;
// a transformation says what types become and what happens to the other operations. An order of
// magnitude cheaper than MLIR's dialect conversion.
#pragma once

#include "Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

namespace deq::ir {

class Rebuild {
public:
  explicit Rebuild(MLIRContext *context) : b(context) {}
  virtual ~Rebuild() = default;

protected:
  /// Whether a function can be rebuilt: one block, and no value of another type than the supported
  /// ones.
  static LogicalResult verifyInput(func::FuncOp function,
                                   llvm::function_ref<bool(Type)> isSupported);
  /// Appends what a value of `type` becomes.
  virtual void convert(Type type, SmallVectorImpl<Type> &types) = 0;
  /// Rebuilds an operation that is not control flow and calls `set` for its results.
  virtual LogicalResult leaf(Operation *op) = 0;
  virtual LogicalResult visit(Operation *op);
  virtual LogicalResult visitWhile(scf::WhileOp op);
  virtual LogicalResult visitIf(scf::IfOp op);
  virtual LogicalResult visitFor(scf::ForOp op);
  virtual LogicalResult visitReturn(func::ReturnOp op);

  void set(Value old, ValueRange values);
  /// New values of an old one.
  ArrayRef<Value> get(Value old);
  Value one(Value old) { return get(old).front(); }
  /// New values of old ones behind each other, as control flow hands them on.
  virtual SmallVector<Value> flat(ValueRange old);
  SmallVector<Type> convertAll(TypeRange types);
  /// Assigns new values to old ones, in order, as many as their types become.
  void bind(ValueRange old, ValueRange values);
  /// A block with the converted arguments of `old`, bound to them.
  Block *addBlock(mlir::Region &region, Block *old);
  LogicalResult rebuildBlock(Block *old);
  /// A constant at the head of the function; one per attribute.
  Value constant(TypedAttr value);
  virtual Value makeConstant(TypedAttr value);
  /// A copy of a one-result operation with other operands and another type; properties are kept.
  Value clone(Operation *op, ValueRange operands, Type type);

  OpBuilder b;
  Block *entry = nullptr; ///< where constants go

private:
  llvm::BumpPtrAllocator storage;
  llvm::DenseMap<Value, ArrayRef<Value>> map;
  llvm::DenseMap<Attribute, Value> constants;
  Operation *lastConstant = nullptr;
};

} // namespace deq::ir
