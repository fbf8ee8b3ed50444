// Row-major index arithmetic: see the header for why it is shared.

#include "Indexing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

namespace deq::ir {

bool inBounds(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  return llvm::all_of(llvm::zip_equal(index, shape), [](auto pair) {
    auto [i, extent] = pair;
    return i >= 0 && i < extent;
  });
}

int64_t linearize(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t linear = 0;
  for (auto [i, extent] : llvm::zip_equal(index, shape))
    linear = linear * extent + i;
  return linear;
}

SmallVector<int64_t> delinearize(int64_t linear, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> index(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    index[d] = linear % shape[d];
    linear /= shape[d];
  }
  return index;
}

static int64_t product(ArrayRef<int64_t> shape) {
  int64_t n = 1;
  for (int64_t extent : shape)
    n *= extent;
  return n;
}

bool forEachInSlice(ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes, ArrayRef<int64_t> shape,
                    llvm::function_ref<void(int64_t)> visit) {
  for (auto [offset, size, extent] : llvm::zip_equal(offsets, sizes, shape))
    if (offset < 0 || size < 0 || offset + size > extent)
      return false;
  for (int64_t k = 0, n = product(sizes); k < n; ++k) {
    SmallVector<int64_t> index = delinearize(k, sizes);
    for (auto [i, offset] : llvm::zip_equal(index, offsets))
      i += offset;
    visit(linearize(index, shape));
  }
  return true;
}

void forEachShifted(ArrayRef<int64_t> shape, int64_t axis, int64_t k, bool cyclic,
                    llvm::function_ref<void(int64_t)> visit) {
  int64_t extent = shape[axis];
  for (int64_t linear = 0, n = product(shape); linear < n; ++linear) {
    SmallVector<int64_t> index = delinearize(linear, shape);
    int64_t from = index[axis] - k;
    if (cyclic)
      from = ((from % extent) + extent) % extent;
    bool outside = from < 0 || from >= extent;
    index[axis] = outside ? 0 : from;
    visit(outside ? -1 : linearize(index, shape));
  }
}

static std::optional<int64_t> compare(arith::CmpIPredicate predicate, int64_t x, int64_t y) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return x == y;
  case arith::CmpIPredicate::ne:
    return x != y;
  case arith::CmpIPredicate::slt:
    return x < y;
  case arith::CmpIPredicate::sle:
    return x <= y;
  case arith::CmpIPredicate::sgt:
    return x > y;
  case arith::CmpIPredicate::sge:
    return x >= y;
  default:
    return std::nullopt;
  }
}

std::optional<int64_t> integerOf(Attribute value) {
  auto integer = dyn_cast<IntegerAttr>(value);
  if (!integer)
    return std::nullopt;
  return integer.getType().isInteger(1) ? integer.getValue().getBoolValue() : integer.getInt();
}

std::optional<int64_t> evaluateIndex(Operation *op, ArrayRef<int64_t> v) {
  int64_t result;
  auto checked = [&](bool overflow) {
    return overflow ? std::nullopt : std::optional<int64_t>(result);
  };
  return llvm::TypeSwitch<Operation *, std::optional<int64_t>>(op)
      .Case<arith::AddIOp>([&](auto) { return checked(llvm::AddOverflow(v[0], v[1], result)); })
      .Case<arith::SubIOp>([&](auto) { return checked(llvm::SubOverflow(v[0], v[1], result)); })
      .Case<arith::MulIOp>([&](auto) { return checked(llvm::MulOverflow(v[0], v[1], result)); })
      .Case<arith::FloorDivSIOp>([&](auto) -> std::optional<int64_t> {
        if (v[1] == 0)
          return std::nullopt;
        int64_t quotient = v[0] / v[1];
        return quotient - (v[0] % v[1] != 0 && (v[0] < 0) != (v[1] < 0));
      })
      .Case<arith::AndIOp>([&](auto) { return v[0] & v[1]; })
      .Case<arith::OrIOp>([&](auto) { return v[0] | v[1]; })
      .Case<arith::XOrIOp>([&](auto) { return v[0] ^ v[1]; })
      .Case<arith::CmpIOp>(
          [&](arith::CmpIOp cmp) { return compare(cmp.getPredicate(), v[0], v[1]); })
      .Case<arith::IndexCastOp>([&](auto) { return v[0]; })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace deq::ir
