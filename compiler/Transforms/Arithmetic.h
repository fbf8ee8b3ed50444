// Emission of single operations for templates over number types (PinnedSum.h, Power.h): the IR side
// of code that the reference interpreter instantiates with plain numbers.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"

namespace deq::ir {

/// Arithmetic on f64 and i64 values at a builder's insertion point.
struct IrArithmetic {
  OpBuilder &b;
  Location loc;
  llvm::function_ref<Value(TypedAttr)> makeConstant;

  Value constant(double x) { return makeConstant(b.getF64FloatAttr(x)); }
  Value integer(int64_t x) { return makeConstant(b.getI64IntegerAttr(x)); }
  Value add(Value x, Value y) { return b.create<arith::AddFOp>(loc, x, y); }
  Value sub(Value x, Value y) { return b.create<arith::SubFOp>(loc, x, y); }
  Value mul(Value x, Value y) { return b.create<arith::MulFOp>(loc, x, y); }
  Value fma(Value x, Value y, Value z) { return b.create<math::FmaOp>(loc, x, y, z); }
  Value bits(Value x) { return b.create<arith::BitcastOp>(loc, b.getI64Type(), x); }
  Value real(Value x) { return b.create<arith::BitcastOp>(loc, b.getF64Type(), x); }
  Value toReal(Value x) { return b.create<arith::SIToFPOp>(loc, b.getF64Type(), x); }
  Value andInt(Value x, Value y) { return b.create<arith::AndIOp>(loc, x, y); }
  Value addInt(Value x, Value y) { return b.create<arith::AddIOp>(loc, x, y); }
  Value subInt(Value x, Value y) { return b.create<arith::SubIOp>(loc, x, y); }
  Value shiftRight(Value x, Value y) { return b.create<arith::ShRSIOp>(loc, x, y); }
  Value shiftLeft(Value x, Value y) { return b.create<arith::ShLIOp>(loc, x, y); }
};

} // namespace deq::ir
