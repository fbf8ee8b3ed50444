// Cuts of arrays, and the fewest operations that put given elements side by side: see the header.

#include "Packs.h"

#include "../Dialect/Indexing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

namespace deq::ir {

bool isPacked(Type type) {
  auto array = dyn_cast<RankedTensorType>(type);
  if (!array || array.getNumElements() < smallestPacked)
    return false;
  return isa<FloatType>(array.getElementType()) || array.getElementType().isInteger(1);
}

SmallVector<Part> cut(int64_t n) {
  SmallVector<Part> parts;
  int64_t begin = 0;
  for (int64_t width = packWidth; width > 0; width /= 2)
    for (; n - begin >= width; begin += width)
      parts.push_back({begin, width});
  return parts;
}

SmallVector<Part> layoutOf(Type type) {
  if (isPacked(type))
    return cut(elementCount(type));
  SmallVector<Part> parts;
  if (isa<RankedTensorType>(type))
    for (int64_t i = 0, n = elementCount(type); i < n; ++i)
      parts.push_back({i, 1});
  else
    parts.push_back({0, elementCount(type)});
  return parts;
}

Type packType(Type element, int64_t width) {
  return width == 1 ? element : VectorType::get({width}, element);
}

Value Packs::real(double value, Type element, int64_t width) {
  TypedAttr scalar = b.getFloatAttr(element, value);
  if (width == 1)
    return constant(scalar);
  return constant(SplatElementsAttr::get(cast<ShapedType>(packType(element, width)), scalar));
}

static bool isMemory(Element element) { return isa<MemRefType>(element.source.getType()); }

/// A scalar that is a lane, and a lane that is a scalar, as what they are.
Element Packs::resolve(Element element) {
  if (element.lane < 0) {
    auto lane = element.source.getDefiningOp<LaneOp>();
    return lane ? Element{lane.getPack(), static_cast<int64_t>(lane.getLane())} : element;
  }
  if (auto broadcast = element.source.getDefiningOp<BroadcastOp>())
    return {broadcast.getElement(), -1};
  return element;
}

Value Packs::scalar(Location loc, Element element) {
  element = resolve(element);
  Value source = element.source;
  if (isMemory(element)) {
    SmallVector<Value> indices;
    for (int64_t i : delinearize(element.lane, cast<MemRefType>(source.getType()).getShape()))
      indices.push_back(constant(b.getIndexAttr(i)));
    return b.create<memref::LoadOp>(loc, source, indices);
  }
  if (element.lane < 0)
    return source;
  if (auto known = source.getDefiningOp<arith::ConstantOp>())
    return constant(cast<TypedAttr>(
        cast<DenseElementsAttr>(known.getValue()).getValues<Attribute>()[element.lane]));
  if (auto shuffle = source.getDefiningOp<ShuffleOp>()) {
    int64_t lane = shuffle.getLanes()[element.lane];
    for (Value from : shuffle.getSources()) {
      if (lane < widthOf(from))
        return scalar(loc, {from, widthOf(from) == 1 ? -1 : lane});
      lane -= widthOf(from);
    }
  }
  return b.create<LaneOp>(loc, source, element.lane);
}

Value Packs::broadcast(Location loc, Value scalar, int64_t width) {
  if (width == 1)
    return scalar;
  auto type = cast<VectorType>(packType(scalar.getType(), width));
  if (auto known = scalar.getDefiningOp<arith::ConstantOp>())
    return constant(SplatElementsAttr::get(type, Attribute(known.getValue())));
  for (Value made : broadcasts[{b.getInsertionBlock(), scalar}])
    if (made.getType() == type)
      return made;
  Value made = b.create<BroadcastOp>(loc, type, scalar);
  broadcasts[{b.getInsertionBlock(), scalar}].push_back(made);
  return made;
}

int64_t Packs::spread(Location loc, MutableArrayRef<Value> operands) {
  int64_t width = 1;
  for (Value operand : operands)
    width = std::max(width, widthOf(operand));
  for (Value &operand : operands)
    if (widthOf(operand) == 1)
      operand = broadcast(loc, operand, width);
  return width;
}

/// Elements of memory as lanes of the parts of their arrays, each of which is loaded once.
void Packs::loadParts(Location loc, MutableArrayRef<Element> elements) {
  llvm::SmallDenseMap<std::pair<Value, int64_t>, Value> loads;
  for (Element &element : elements) {
    if (!isMemory(element))
      continue;
    auto memory = cast<MemRefType>(element.source.getType());
    int64_t n = memory.getNumElements(), i = element.lane;
    Part part{i / packWidth * packWidth, packWidth};
    for (Part rest : cut(n % packWidth))
      if (i >= n / packWidth * packWidth + rest.begin)
        part = {n / packWidth * packWidth + rest.begin, rest.width};
    Value &load = loads[{element.source, part.begin}];
    if (!load && part.width == 1)
      load = scalar(loc, element);
    else if (!load)
      load = b.create<LoadOp>(loc, packType(memory.getElementType(), part.width), element.source,
                              part.begin);
    element = {load, part.width == 1 ? -1 : i - part.begin};
  }
}

/// A load if the elements are consecutive in memory, else null.
Value Packs::gatherMemory(Location loc, ArrayRef<Element> elements) {
  Element first = elements.front();
  for (auto [i, element] : llvm::enumerate(elements))
    if (!(element == Element{first.source, first.lane + static_cast<int64_t>(i)}))
      return {};
  auto memory = cast<MemRefType>(first.source.getType());
  return b.create<LoadOp>(loc, packType(memory.getElementType(), elements.size()), first.source,
                          first.lane);
}

/// The pack of which these are all lanes in order, else null.
static Value wholePack(ArrayRef<Element> elements) {
  Value pack = elements.front().source;
  if (widthOf(pack) != static_cast<int64_t>(elements.size()))
    return {};
  for (auto [i, element] : llvm::enumerate(elements))
    if (!(element == Element{pack, static_cast<int64_t>(i)}))
      return {};
  return pack;
}

/// The constants that all of these are, else null.
static DenseElementsAttr allConstant(ArrayRef<Element> elements) {
  SmallVector<Attribute> values;
  for (Element element : elements) {
    auto known = element.source.getDefiningOp<arith::ConstantOp>();
    if (!known)
      return {};
    Attribute value = known.getValue();
    if (element.lane >= 0)
      value = cast<DenseElementsAttr>(value).getValues<Attribute>()[element.lane];
    values.push_back(value);
  }
  auto type = VectorType::get({static_cast<int64_t>(values.size())},
                              cast<TypedAttr>(values.front()).getType());
  return DenseElementsAttr::get(type, values);
}

Value Packs::gather(Location loc, ArrayRef<Element> given) {
  if (given.size() == 1)
    return scalar(loc, given.front());
  if (Value whole = wholePack(given))
    return whole;
  SmallVector<Element> elements(llvm::map_range(given, resolve));
  if (isMemory(elements.front()))
    if (Value load = gatherMemory(loc, elements))
      return load;
  loadParts(loc, elements);
  if (Value whole = wholePack(elements))
    return whole;
  if (DenseElementsAttr known = allConstant(elements))
    return constant(known);
  if (elements.front().lane < 0 && llvm::all_equal(elements))
    return broadcast(loc, elements.front().source, elements.size());
  llvm::MapVector<Value, int64_t> firstLanes;
  int64_t count = 0;
  SmallVector<int64_t> lanes;
  for (Element element : elements) {
    auto [at, isNew] = firstLanes.insert({element.source, count});
    if (isNew)
      count += widthOf(element.source);
    lanes.push_back(at->second + std::max<int64_t>(element.lane, 0));
  }
  SmallVector<Value> sources(llvm::make_first_range(firstLanes));
  Type type = getElementTypeOrSelf(sources.front().getType());
  return b.create<ShuffleOp>(loc, packType(type, elements.size()), sources, lanes);
}

SmallVector<Value> Packs::arrange(Location loc, ArrayRef<Element> elements, Type array) {
  SmallVector<Value> parts;
  for (Part part : layoutOf(array))
    parts.push_back(gather(loc, elements.slice(part.begin, part.width)));
  return parts;
}

SmallVector<Value> Packs::transpose(Location loc, SmallVector<Value> rows) {
  // Blocks of size 1, 2, 4 beside the diagonal change places: log2 of the rows' number many
  // shuffles per row.
  int64_t count = rows.size(), width = widthOf(rows.front());
  for (int64_t size = 1; size < count; size *= 2)
    for (int64_t i = 0; i < count; ++i) {
      if (i & size)
        continue;
      Value above = rows[i], below = rows[i | size];
      SmallVector<Element> upper, lower;
      for (int64_t lane = 0; lane < width; ++lane) {
        upper.push_back(lane & size ? Element{below, lane ^ size} : Element{above, lane});
        lower.push_back(lane & size ? Element{below, lane} : Element{above, lane | size});
      }
      rows[i] = gather(loc, upper);
      rows[i | size] = gather(loc, lower);
    }
  SmallVector<Value> columns;
  for (int64_t column = 0; column < width; ++column) {
    SmallVector<Element> elements;
    for (int64_t i = 0; i < count; ++i)
      elements.push_back({rows[column % count], column / count * count + i});
    columns.push_back(gather(loc, elements));
  }
  return columns;
}

} // namespace deq::ir
