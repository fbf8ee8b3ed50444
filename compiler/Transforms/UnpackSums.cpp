// Rules of unpack for operations that make few numbers of many. The pinned order of sums has 8
// partial sums beyond 8 terms, which are the lanes of one pack; whatever has another order goes
// through packs in the order that is cheapest.

#include "Unpacker.h"

#include <limits>

namespace deq::ir {

// --- sums of terms ---

Value Unpacker::sumOf(Location loc, ArrayRef<Value> terms, Type type) {
  if (terms.empty())
    return packs.real(0.0, type);
  auto join = [&](Value x, Value y) { return add(loc, x, y); };
  return pinnedSum<Value>(
      terms.size(), [&](size_t i) { return terms[i]; },
      [&](Value sum, size_t i) { return join(sum, terms[i]); }, join);
}

Value Unpacker::dotOf(Location loc, size_t n, llvm::function_ref<Value(size_t)> x,
                      llvm::function_ref<Value(size_t)> y) {
  return pinnedSum<Value>(
      n,
      [&](size_t i) {
        return combine<arith::MulFOp>(loc, {x(i), y(i)});
      },
      [&](Value sum, size_t i) {
        return combine<math::FmaOp>(loc, {x(i), y(i), sum});
      },
      [&](Value p, Value q) { return add(loc, p, q); });
}

// --- sums of elements ---

/// Whether a long sum of elements is one of packs: if most are side by side somewhere, or a pack
/// would be put together from scalars to be taken apart again.
static bool prefersPacks(ArrayRef<Element> x) {
  int64_t inPacks = llvm::count_if(x, [](Element e) { return e.lane >= 0; });
  return x.size() > size_t(packWidth) && 2 * inPacks >= int64_t(x.size());
}

/// Whether there are elements with a value for each lane.
static bool perLane(ArrayRef<Element> x) {
  return llvm::any_of(x, [](Element e) { return e.lane < 0 && widthOf(e.source) > 1; });
}

Value Unpacker::chunk(Location loc, ArrayRef<Element> x, size_t c, Value padding) {
  ArrayRef<Element> rest = x.drop_front(c * packWidth);
  SmallVector<Element> lanes(rest.take_front(packWidth));
  lanes.resize(packWidth, Element{padding});
  return packs.gather(loc, lanes);
}

Value Unpacker::sumLanes(Location loc, Value pack) {
  Value sum = packs.scalar(loc, {pack, 0});
  for (int64_t lane = 1, width = widthOf(pack); lane < width; ++lane)
    sum = add(loc, sum, packs.scalar(loc, {pack, lane}));
  return sum;
}

Value Unpacker::sumOf(Location loc, ArrayRef<Element> x, Type type) {
  if (perLane(x) || !prefersPacks(x)) {
    SmallVector<Value> terms;
    for (Element element : x)
      terms.push_back(packs.scalar(loc, element));
    return sumOf(loc, terms, type);
  }
  // Adding -0 leaves every number as it is.
  Value none = packs.real(-0.0, type), sum = chunk(loc, x, 0, none);
  for (size_t c = 1; c * packWidth < x.size(); ++c)
    sum = add(loc, sum, chunk(loc, x, c, none));
  return sumLanes(loc, sum);
}

Value Unpacker::partialDots(Location loc, ArrayRef<Element> x, ArrayRef<Element> y) {
  Type type = getElementTypeOrSelf(x.front().source.getType());
  Value sum;
  for (size_t c = 0; c * packWidth < x.size(); ++c) {
    // fma(-0, 0, sum) is sum.
    Value left = chunk(loc, x, c, packs.real(-0.0, type));
    Value right = chunk(loc, y, c, packs.real(0.0, type));
    sum = sum ? combine<math::FmaOp>(loc, {left, right, sum})
              : combine<arith::MulFOp>(loc, {left, right});
  }
  return sum;
}

Value Unpacker::dotOf(Location loc, ArrayRef<Element> x, ArrayRef<Element> y, Type type) {
  if (x.empty())
    return packs.real(0.0, type);
  if (!perLane(x) && !perLane(y) && (prefersPacks(x) || prefersPacks(y)))
    return sumLanes(loc, partialDots(loc, x, y));
  return dotOf(
      loc, x.size(), [&](size_t i) { return packs.scalar(loc, x[i]); },
      [&](size_t i) { return packs.scalar(loc, y[i]); });
}

LogicalResult Unpacker::rewrite(SumOp op) {
  set(op, sumOf(op.getLoc(), elements(op.getValue()), op.getType()));
  return success();
}

LogicalResult Unpacker::rewrite(DotOp op) {
  set(op, dotOf(op.getLoc(), elements(op.getLhs()), elements(op.getRhs()), op.getType()));
  return success();
}

LogicalResult Unpacker::rewrite(MeanSquareOp op) {
  Elements x = allElements(op.getValues());
  Value sum = dotOf(op.getLoc(), x, x, op.getType());
  Value factor = packs.real(1.0 / x.size(), op.getType());
  set(op, b.create<arith::MulFOp>(op.getLoc(), sum, factor).getResult());
  return success();
}

// --- matrix products ---

/// Elements `first + i*stride` of an array, for i below `count`.
static SmallVector<Element> strided(ArrayRef<Element> x, int64_t first, int64_t count,
                                    int64_t stride) {
  SmallVector<Element> list;
  for (int64_t i = 0; i < count; ++i)
    list.push_back(x[first + i * stride]);
  return list;
}

/// The rows' partial sums as packs; a group of rows is added up after it has been transposed.
void Unpacker::matmulInRows(MatmulOp op, Elements &result) {
  Location loc = op.getLoc();
  auto shape = cast<RankedTensorType>(op.getLhs().getType()).getShape();
  int64_t rows = shape[0], depth = shape[1], columns = elementCount(op.getType()) / rows;
  Elements x = elements(op.getLhs()), y = elements(op.getRhs());
  for (int64_t j = 0; j < columns; ++j) {
    Elements column = strided(y, j, depth, columns);
    for (Part part : cut(rows)) {
      SmallVector<Value> sums;
      for (int64_t i = part.begin; i < part.begin + part.width; ++i)
        sums.push_back(partialDots(loc, ArrayRef<Element>(x).slice(i * depth, depth), column));
      SmallVector<Value> lanes = packs.transpose(loc, sums);
      Value sum = lanes.front();
      for (Value lane : llvm::drop_begin(lanes))
        sum = add(loc, sum, lane);
      for (int64_t i = 0; i < part.width; ++i)
        result[(part.begin + i) * columns + j] = {sum, part.width > 1 ? i : -1};
    }
  }
}

/// One element of the result per lane: a pack runs along the longer side of the result.
void Unpacker::matmulInColumns(MatmulOp op, Elements &result) {
  Location loc = op.getLoc();
  auto shape = cast<RankedTensorType>(op.getLhs().getType()).getShape();
  int64_t rows = shape[0], depth = shape[1], columns = elementCount(op.getType()) / rows;
  Elements x = elements(op.getLhs()), y = elements(op.getRhs());
  bool alongRows = columns < rows;
  for (int64_t fixed = 0; fixed < (alongRows ? columns : rows); ++fixed)
    for (Part part : cut(alongRows ? rows : columns)) {
      int64_t i = alongRows ? part.begin : fixed, j = alongRows ? fixed : part.begin;
      auto left = [&](size_t k) {
        return packs.gather(loc, strided(x, i * depth + k, alongRows ? part.width : 1, depth));
      };
      auto right = [&](size_t k) {
        return packs.gather(loc, strided(y, k * columns + j, alongRows ? 1 : part.width, 1));
      };
      Value sum = dotOf(loc, depth, left, right);
      for (int64_t lane = 0; lane < part.width; ++lane)
        result[alongRows ? (i + lane) * columns + j : i * columns + j + lane] = {
            sum, part.width > 1 ? lane : -1};
    }
}

LogicalResult Unpacker::rewrite(MatmulOp op) {
  auto left = cast<RankedTensorType>(op.getLhs().getType());
  int64_t rows = left.getDimSize(0), depth = left.getDimSize(1), n = elementCount(op.getType());
  if (n == 0) {
    setElements(op, {});
    return success();
  }
  Elements result(n, {packs.real(0.0, left.getElementType())});
  int64_t columns = n / rows;
  if (depth > 0 && !laneBody && std::max(rows, columns) >= packWidth &&
      (columns >= packWidth || depth <= packWidth))
    matmulInColumns(op, result);
  else if (depth > packWidth && !laneBody)
    matmulInRows(op, result);
  else if (depth > 0) {
    Elements x = elements(op.getLhs()), y = elements(op.getRhs());
    for (int64_t i = 0; i < n; ++i)
      result[i] = {dotOf(op.getLoc(), strided(x, i / columns * depth, depth, 1),
                         strided(y, i % columns, depth, columns), left.getElementType())};
  }
  setElements(op, result);
  return success();
}

// --- in any order ---

Value Unpacker::reduce(Location loc, ArrayRef<Value> parts, llvm::function_ref<Value(Value)> first,
                       llvm::function_ref<Value(Value, Value)> next,
                       llvm::function_ref<Value(Value, Value)> join) {
  Value whole;
  for (int64_t width = packWidth; width > 0; width /= 2) {
    SmallVector<Value> same;
    for (Value part : parts)
      if (widthOf(part) == width)
        same.push_back(part);
    if (!same.empty()) {
      // Several partial results, so that none waits for all others.
      Value sum = pinnedSum<Value>(
          same.size(), [&](size_t i) { return first(same[i]); },
          [&](Value sum, size_t i) { return next(sum, same[i]); }, join);
      whole = whole ? join(whole, sum) : sum;
    }
    if (!whole || width == 1)
      continue;
    Elements lower, upper;
    for (int64_t lane = 0; lane < width / 2; ++lane) {
      lower.push_back({whole, lane});
      upper.push_back({whole, lane + width / 2});
    }
    whole = join(packs.gather(loc, lower), packs.gather(loc, upper));
  }
  return whole;
}

Value Unpacker::largerOrNan(Location loc, Value x, Value y) {
  Value larger = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OGT, y, x);
  Value isNan = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, y, y);
  Value take = b.create<arith::OrIOp>(loc, larger, isNan);
  return b.create<arith::SelectOp>(loc, take, y, x);
}

LogicalResult Unpacker::rewrite(MaxMagnitudeOp op) {
  Location loc = op.getLoc();
  auto size = [&](Value x) -> Value { return b.create<math::AbsFOp>(loc, x); };
  auto larger = [&](Value x, Value y) { return largerOrNan(loc, x, y); };
  auto next = [&](Value largest, Value x) { return larger(largest, size(x)); };
  set(op, reduce(loc, allParts(op.getValues()), size, next, larger));
  return success();
}

LogicalResult Unpacker::rewrite(AllFiniteOp op) {
  Location loc = op.getLoc();
  Type type = getElementTypeOrSelf(op.getValues().front().getType());
  Value zero = packs.real(0.0, type);
  auto first = [&](Value x) { return combine<arith::MulFOp>(loc, {x, zero}); };
  auto next = [&](Value sum, Value x) { return combine<math::FmaOp>(loc, {x, zero, sum}); };
  auto join = [&](Value x, Value y) { return add(loc, x, y); };
  Value sum = reduce(loc, allParts(op.getValues()), first, next, join);
  set(op, b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::ORD, sum, sum).getResult());
  return success();
}

namespace {

/// The largest magnitude so far, and where the first element of that size is.
struct Largest {
  Value size, where;
};

} // namespace

LogicalResult Unpacker::rewrite(LocateOp op) {
  Location loc = op.getLoc();
  Largest best[2 * packWidth] = {}; // by width
  int64_t i = 0;
  auto choose = [&](Value condition, Largest x, Largest y) -> Largest {
    return {b.create<arith::SelectOp>(loc, condition, x.size, y.size),
            b.create<arith::SelectOp>(loc, condition, x.where, y.where)};
  };
  auto compare = [&](arith::CmpFPredicate predicate, Value x, Value y) -> Value {
    return b.create<arith::CmpFOp>(loc, predicate, x, y);
  };
  for (Value part : allParts(op.getValues())) {
    int64_t width = widthOf(part);
    Type type = getElementTypeOrSelf(part.getType());
    Value infinity = packs.real(std::numeric_limits<double>::infinity(), type, width);
    Value size = b.create<math::AbsFOp>(loc, part);
    size = b.create<arith::SelectOp>(loc, compare(arith::CmpFPredicate::OLT, size, infinity), size,
                                     infinity);
    SmallVector<Attribute> places;
    for (int64_t lane = 0; lane < width; ++lane)
      places.push_back(b.getI64IntegerAttr(i++));
    TypedAttr place = cast<TypedAttr>(places.front());
    if (width > 1)
      place = DenseElementsAttr::get(cast<ShapedType>(packType(b.getI64Type(), width)), places);
    Largest next{size, constant(place)}, &known = best[width];
    known = known.size ? choose(compare(arith::CmpFPredicate::OGT, size, known.size), next, known)
                       : next;
  }
  // Lanes of a pack are not in the order of the array: of equal sizes, the first place counts.
  Largest first{};
  for (int64_t width = packWidth; width > 0; width /= 2)
    for (int64_t lane = 0; best[width].size && lane < width; ++lane) {
      Largest next = best[width];
      if (width > 1)
        next = {packs.scalar(loc, {next.size, lane}), packs.scalar(loc, {next.where, lane})};
      if (first.size) {
        Value larger = compare(arith::CmpFPredicate::OGT, next.size, first.size);
        Value equal = compare(arith::CmpFPredicate::OEQ, next.size, first.size);
        Value before =
            b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, next.where, first.where);
        equal = b.create<arith::AndIOp>(loc, equal, before);
        next = choose(b.create<arith::OrIOp>(loc, larger, equal), next, first);
      }
      first = next;
    }
  set(op, first.where);
  return success();
}

} // namespace deq::ir
