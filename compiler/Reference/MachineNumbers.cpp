// Rules of the reference interpreter for numbers: elementwise operations in the element type,
// integers and conversions. Elementary functions are the C library's, the same ones that generated
// code calls.

#include "../Code/Image.h"
#include "../Dialect/Indexing.h"
#include "../Dialect/MathFunctions.h"
#include "../PinnedSum.h"
#include "../Transforms/Power.h"
#include "Machine.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

#include <bit>
#include <limits>

namespace deq::ir {

namespace {

/// The number side of Power.h.
struct NumberArithmetic {
  double constant(double x) { return x; }
  int64_t integer(int64_t x) { return x; }
  double add(double x, double y) { return x + y; }
  double sub(double x, double y) { return x - y; }
  double mul(double x, double y) { return x * y; }
  double div(double x, double y) { return x / y; }
  double fma(double x, double y, double z) { return std::fma(x, y, z); }
  int64_t bits(double x) { return std::bit_cast<int64_t>(x); }
  double real(int64_t x) { return std::bit_cast<double>(x); }
  double toReal(int64_t x) { return static_cast<double>(x); }
  int64_t andInt(int64_t x, int64_t y) { return x & y; }
  int64_t addInt(int64_t x, int64_t y) { return wrap(uint64_t(x) + uint64_t(y)); }
  int64_t subInt(int64_t x, int64_t y) { return wrap(uint64_t(x) - uint64_t(y)); }
  int64_t shiftRight(int64_t x, int64_t y) { return x >> y; }
  int64_t shiftLeft(int64_t x, int64_t y) { return wrap(uint64_t(x) << y); }
  static int64_t wrap(uint64_t x) { return static_cast<int64_t>(x); }
};

double callLibm(StringRef symbol, RealType type, ArrayRef<double> x) {
  void *address = importedFunction((symbol + (type.single ? "f" : "")).str());
  if (type.single)
    return x.size() == 1 ? reinterpret_cast<float (*)(float)>(address)(static_cast<float>(x[0]))
                         : reinterpret_cast<float (*)(float, float)>(address)(
                               static_cast<float>(x[0]), static_cast<float>(x[1]));
  return x.size() == 1 ? reinterpret_cast<double (*)(double)>(address)(x[0])
                       : reinterpret_cast<double (*)(double, double)>(address)(x[0], x[1]);
}

bool compare(arith::CmpFPredicate predicate, double x, double y) {
  using P = arith::CmpFPredicate;
  bool unordered = std::isnan(x) || std::isnan(y);
  switch (predicate) {
  case P::OEQ:
    return x == y;
  case P::OGT:
    return x > y;
  case P::OGE:
    return x >= y;
  case P::OLT:
    return x < y;
  case P::OLE:
    return x <= y;
  case P::ONE:
    return !unordered && x != y;
  case P::ORD:
    return !unordered;
  case P::UNE:
    return x != y;
  case P::UNO:
    return unordered;
  case P::UEQ:
    return unordered || x == y;
  case P::UGT:
    return unordered || x > y;
  case P::UGE:
    return unordered || x >= y;
  case P::ULT:
    return unordered || x < y;
  case P::ULE:
    return unordered || x <= y;
  case P::AlwaysTrue:
    return true;
  case P::AlwaysFalse:
    return false;
  }
  return false;
}

/// A real operation of scalars; nullopt if the operation is none.
std::optional<double> realOperation(Operation *op, RealType t, ArrayRef<double> x) {
  using Result = std::optional<double>;
  if (StringRef symbol = libmSymbol(op); !symbol.empty())
    return callLibm(symbol, t, x);
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<arith::AddFOp>([&](auto) { return t.round(x[0] + x[1]); })
      .Case<arith::SubFOp>([&](auto) { return t.round(x[0] - x[1]); })
      .Case<arith::MulFOp>([&](auto) { return t.round(x[0] * x[1]); })
      .Case<arith::DivFOp>([&](auto) { return t.round(x[0] / x[1]); })
      .Case<arith::NegFOp>([&](auto) { return -x[0]; })
      .Case<math::FmaOp>([&](auto) { return t.fma(x[0], x[1], x[2]); })
      .Case<math::AbsFOp>([&](auto) { return std::fabs(x[0]); })
      .Case<math::SqrtOp>([&](auto) { return t.round(std::sqrt(x[0])); })
      .Case<math::FloorOp>([&](auto) { return std::floor(x[0]); })
      .Case<math::CeilOp>([&](auto) { return std::ceil(x[0]); })
      .Case<math::CopySignOp>([&](auto) { return std::copysign(x[0], x[1]); })
      .Case<arith::ExtFOp, arith::TruncFOp>([&](auto) { return t.round(x[0]); })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace

std::optional<bool> Machine::elementwise(Operation *op) {
  if (op->getNumResults() != 1 || op->getNumOperands() == 0 || op->getNumRegions() != 0)
    return std::nullopt;
  int64_t n = elementCount(op->getResult(0).getType());
  Cell result;
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    const Cell &condition = at(select.getCondition());
    const Cell &yes = at(select.getTrueValue()), &no = at(select.getFalseValue());
    for (int64_t i = 0; i < n; ++i) {
      const Cell &chosen = condition.ints[condition.ints.size() == 1 ? 0 : i] ? yes : no;
      if (yes.ints.empty())
        result.reals.push_back(chosen.reals[i]);
      else
        result.ints.push_back(chosen.ints[i]);
    }
    return put(op, result);
  }
  if (auto cmp = dyn_cast<arith::CmpFOp>(op)) {
    for (int64_t i = 0; i < n; ++i)
      result.ints.push_back(
          compare(cmp.getPredicate(), at(cmp.getLhs()).reals[i], at(cmp.getRhs()).reals[i]));
    return put(op, result);
  }
  if (!isa<FloatType>(getElementTypeOrSelf(op->getResult(0).getType())))
    return std::nullopt;
  RealType type = realTypeOf(op->getResult(0).getType());
  SmallVector<double, 3> operands(op->getNumOperands());
  for (int64_t i = 0; i < n; ++i) {
    for (auto [operand, value] : llvm::zip_equal(operands, op->getOperands())) {
      const std::vector<double> &reals = at(value).reals;
      if (static_cast<int64_t>(reals.size()) != n)
        return std::nullopt;
      operand = reals[i];
    }
    std::optional<double> value = realOperation(op, type, operands);
    if (!value)
      return std::nullopt;
    result.reals.push_back(*value);
  }
  return put(op, result);
}

std::optional<bool> Machine::integers(Operation *op) {
  using Result = std::optional<bool>;
  auto put1 = [&](int64_t value) { return put(op, Cell{{}, {value}, nullptr}); };
  NumberArithmetic m;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<arith::SIToFPOp>([&](arith::SIToFPOp convert) {
        RealType type = realTypeOf(convert.getType());
        int64_t x = integer(convert.getIn());
        double value = type.single ? static_cast<float>(x) : static_cast<double>(x);
        return put(op, Cell{{value}, {}, nullptr});
      })
      .Case<arith::ExtUIOp>([&](auto) { return put1(integer(op->getOperand(0))); })
      .Case<arith::RemSIOp>([&](auto) -> Result {
        int64_t divisor = integer(op->getOperand(1));
        if (divisor == 0)
          return fail(op, "division by zero");
        return put1(integer(op->getOperand(0)) % divisor);
      })
      .Case<arith::ShLIOp>([&](auto) {
        return put1(m.shiftLeft(integer(op->getOperand(0)), integer(op->getOperand(1))));
      })
      .Case<arith::ShRSIOp>(
          [&](auto) { return put1(integer(op->getOperand(0)) >> integer(op->getOperand(1))); })
      .Case<arith::BitcastOp>([&](auto) {
        const Cell &x = at(op->getOperand(0));
        if (x.ints.empty())
          return put1(m.bits(x.reals.front()));
        return put(op, Cell{{m.real(x.ints.front())}, {}, nullptr});
      })
      .Case<Log2Op>([&](Log2Op log) {
        return put(op, Cell{{log2Of(m, at(log.getX()).reals.front())}, {}, nullptr});
      })
      .Case<Exp2Op>([&](Exp2Op exp) {
        const double factor = at(exp.getFactor()).reals.front();
        return put(op, Cell{{exp2Of(m, factor, at(exp.getX()).reals.front())}, {}, nullptr});
      })
      .Case<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::FloorDivSIOp, arith::AndIOp,
            arith::OrIOp, arith::XOrIOp, arith::CmpIOp, arith::IndexCastOp>([&](auto) -> Result {
        // Elementwise, because conditions of array expressions are arrays of booleans.
        Cell result;
        for (size_t i = 0, n = elementCount(op->getResult(0).getType()); i < n; ++i) {
          SmallVector<int64_t, 2> operands;
          for (Value operand : op->getOperands())
            operands.push_back(at(operand).ints[at(operand).ints.size() == 1 ? 0 : i]);
          std::optional<int64_t> value = evaluateIndex(op, operands);
          if (!value)
            return fail(op, "has no value for these operands");
          result.ints.push_back(*value);
        }
        return put(op, result);
      })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace deq::ir
