// Emission of arithmetic for the loop: one function per operation, so that formulas elsewhere read
// as formulas. Why not the stock builders directly: three lines per operation would drown the
// algorithms.

#include "../Dialect/Deq.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace deq::ir {

Value LoopContext::constant(double value) { return constant(value, real); }

Value LoopContext::input(Input which) {
  Value value = inputs[static_cast<size_t>(which)].hi;
  return isa<FloatType>(value.getType()) ? narrow(value) : value;
}

Value LoopContext::constant(double value, Type like) {
  auto scalar = b.getFloatAttr(getElementTypeOrSelf(like), value);
  if (auto tensor = dyn_cast<RankedTensorType>(like))
    return b.create<arith::ConstantOp>(loc, DenseElementsAttr::get(tensor, scalar.getValue()));
  return b.create<arith::ConstantOp>(loc, scalar);
}

Value LoopContext::integer(int64_t value) {
  return b.create<arith::ConstantOp>(loc, b.getI64IntegerAttr(value));
}
Value LoopContext::boolean(bool value) {
  return b.create<arith::ConstantOp>(loc, b.getBoolAttr(value));
}

Value LoopContext::splatLike(Value x, Type like) {
  if (!isa<RankedTensorType>(like) || isa<RankedTensorType>(x.getType()))
    return x;
  auto shape = cast<RankedTensorType>(like).clone(x.getType());
  return b.create<tensor::SplatOp>(loc, x, cast<RankedTensorType>(shape));
}

std::pair<Value, Value> LoopContext::alike(Value x, Value y) {
  return {splatLike(x, y.getType()), splatLike(y, x.getType())};
}

Value LoopContext::add(Value x, Value y) {
  auto [u, v] = alike(x, y);
  return b.create<arith::AddFOp>(loc, u, v);
}
Value LoopContext::sub(Value x, Value y) {
  auto [u, v] = alike(x, y);
  return b.create<arith::SubFOp>(loc, u, v);
}
Value LoopContext::mul(Value x, Value y) {
  auto [u, v] = alike(x, y);
  return b.create<arith::MulFOp>(loc, u, v);
}
Value LoopContext::div(Value x, Value y) {
  auto [u, v] = alike(x, y);
  return b.create<arith::DivFOp>(loc, u, v);
}
Value LoopContext::fma(Value x, Value y, Value z) {
  Type like = isa<RankedTensorType>(x.getType())   ? x.getType()
              : isa<RankedTensorType>(y.getType()) ? y.getType()
                                                   : z.getType();
  return b.create<math::FmaOp>(loc, splatLike(x, like), splatLike(y, like), splatLike(z, like));
}
Value LoopContext::abs(Value x) { return b.create<math::AbsFOp>(loc, x); }
Value LoopContext::sqrt(Value x) { return b.create<math::SqrtOp>(loc, x); }

Value LoopContext::maxKeepingFirst(Value x, Value y) {
  auto [u, v] = alike(x, y);
  return b.create<arith::SelectOp>(loc, greater(v, u), v, u);
}
Value LoopContext::min(Value x, Value y) {
  auto [u, v] = alike(x, y);
  return b.create<arith::SelectOp>(loc, less(v, u), v, u);
}
Value LoopContext::less(Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, x, y);
}
Value LoopContext::lessEqual(Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLE, x, y);
}
Value LoopContext::greater(Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, x, y);
}
Value LoopContext::equalInt(Value x, Value y) {
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, x, y);
}
Value LoopContext::lessInt(Value x, Value y) {
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, x, y);
}
Value LoopContext::both(Value x, Value y) { return b.create<arith::AndIOp>(loc, x, y); }
Value LoopContext::either(Value x, Value y) { return b.create<arith::OrIOp>(loc, x, y); }
Value LoopContext::negate(Value x) { return b.create<arith::XOrIOp>(loc, x, boolean(true)); }

Value LoopContext::select(Value condition, Value x, Value y) {
  if (matchPattern(condition, m_One()) || matchPattern(condition, m_Zero()))
    return matchPattern(condition, m_One()) ? x : y;
  auto [u, v] = alike(x, y);
  return b.create<arith::SelectOp>(loc, condition, u, v);
}
SmallVector<Value> LoopContext::select(Value condition, ValueRange x, ValueRange y) {
  SmallVector<Value> result;
  for (auto [u, v] : llvm::zip_equal(x, y))
    result.push_back(select(condition, u, v));
  return result;
}

Value LoopContext::log2(Value x) { return narrow(b.create<Log2Op>(loc, widen(x))); }
Value LoopContext::exp2(Value factor, Value x) {
  return narrow(b.create<Exp2Op>(loc, widen(factor), widen(x)));
}
Value LoopContext::meanSquare(ValueRange leaves) {
  return b.create<MeanSquareOp>(loc, real, leaves);
}
Value LoopContext::maxMagnitude(ValueRange leaves) {
  return b.create<MaxMagnitudeOp>(loc, real, leaves);
}
Value LoopContext::addInt(Value x, Value y) { return b.create<arith::AddIOp>(loc, x, y); }
Value LoopContext::toInt(Value boolean) {
  return b.create<arith::ExtUIOp>(loc, b.getI64Type(), boolean);
}

SmallVector<Value> LoopContext::branch(Value condition,
                                       llvm::function_ref<SmallVector<Value>()> then,
                                       llvm::function_ref<SmallVector<Value>()> otherwise) {
  auto fill = [&](llvm::function_ref<SmallVector<Value>()> body) {
    return [&, body](OpBuilder &builder, Location) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToEnd(builder.getInsertionBlock());
      SmallVector<Value> values = body();
      b.create<scf::YieldOp>(loc, values);
    };
  };
  auto op = b.create<scf::IfOp>(loc, condition, fill(then), fill(otherwise));
  return SmallVector<Value>(op.getResults());
}

// --- time ---

Time LoopContext::advance(Time t, Value h) {
  if (!pairedTime())
    return {add(t.hi, toTime(h)), nullptr};
  // Two-sum of hi and h, then renormalised with the low part (D. E. Knuth, TAOCP 2, 4.2.2).
  Value s = add(t.hi, h), part = sub(s, t.hi);
  Value error = add(sub(t.hi, sub(s, part)), sub(h, part));
  Value low = add(t.lo, error), hi = add(s, low);
  return {hi, sub(low, sub(hi, s))};
}

Value LoopContext::difference(Time later, Time earlier) {
  Value high = sub(later.hi, earlier.hi);
  return pairedTime() ? add(high, sub(later.lo, earlier.lo)) : narrow(high);
}

Value LoopContext::reaches(Time t, Time target) {
  if (!pairedTime())
    return lessEqual(target.hi, t.hi);
  return lessEqual(constant(0.0), difference(t, target));
}

Value LoopContext::after(Time t, Time other) {
  if (!pairedTime())
    return greater(t.hi, other.hi);
  return greater(difference(t, other), constant(0.0));
}

Time LoopContext::land(Time from, Value h, Value accepted) {
  Time t1 = inputTime(Input::t1), candidate = advance(from, h);
  Value beyond = less(difference(t1, candidate), input(Input::end_tolerance));
  // A branch, because it is taken once: what it decides need not be waited for.
  auto split = [&](Time time) {
    return pairedTime() ? SmallVector<Value>{time.hi, time.lo} : SmallVector<Value>{time.hi};
  };
  SmallVector<Value> end = branch(
      beyond,
      [&] {
        Value half = mul(constant(0.5), difference(t1, from));
        return split(select(accepted, t1, advance(from, half)));
      },
      [&] { return split(candidate); });
  return {end.front(), pairedTime() ? end.back() : Value()};
}

Time LoopContext::select(Value condition, Time x, Time y) {
  return {select(condition, x.hi, y.hi), pairedTime() ? select(condition, x.lo, y.lo) : Value()};
}

Value LoopContext::widen(Value x) {
  return x.getType().isF64() ? x : b.create<arith::ExtFOp>(loc, b.getF64Type(), x).getResult();
}

Value LoopContext::toTime(Value x) { return time.isF64() ? widen(x) : x; }

Value LoopContext::narrow(Value x) {
  return x.getType() == real ? x : b.create<arith::TruncFOp>(loc, real, x).getResult();
}

Value LoopContext::realTime(Value time) {
  Value direction = input(Input::direction);
  // 0 would become -0.0 backwards, which an atan2 of a field can tell and a reader would see.
  return time.getType() == real ? fma(direction, time, constant(0.0))
                                : fma(widen(direction), time, constant(0.0, time.getType()));
}

Value LoopContext::realStep(Value h) { return mul(input(Input::direction), h); }

Value LoopContext::widen(Time t) { return pairedTime() ? add(widen(t.hi), widen(t.lo)) : t.hi; }

Time LoopContext::fromWide(Value wide) {
  if (!pairedTime())
    return {wide, nullptr};
  Value hi = narrow(wide);
  return {hi, narrow(sub(wide, widen(hi)))};
}

} // namespace deq::ir
