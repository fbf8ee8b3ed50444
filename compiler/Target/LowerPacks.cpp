// Packs to LLVM's vectors: shuffles of many sources to shuffles of two, loads and stores with the
// alignment of an element, which is all that arrays and slots promise.

#include "Lowering.h"

#include "deq/kernel.h"

namespace deq::ir {

static int64_t lanesOf(Type type) {
  auto pack = dyn_cast<VectorType>(type);
  return pack ? pack.getNumElements() : 1;
}

static unsigned bytesOf(Type type) {
  return getElementTypeOrSelf(type).getIntOrFloatBitWidth() / 8;
}

// --- memory ---

Value Lowering::loadUnaligned(Location loc, Type type, Value from) {
  return b.create<LLVM::LoadOp>(loc, type, from, bytesOf(type));
}

void Lowering::storeUnaligned(Location loc, Value value, Value to) {
  b.create<LLVM::StoreOp>(loc, value, to, bytesOf(value.getType()));
}

Value Lowering::rowElement(Location loc, Value buffer, Value row, int64_t offset) {
  return element(loc, cast<MemRefType>(buffer.getType()), one(buffer), {one(row), i64(offset)});
}

Value Lowering::lowerPack(LoadOp op) {
  Value at =
      b.create<LLVM::GEPOp>(op.getLoc(), pointer, getElementTypeOrSelf(op.getType()),
                            one(op.getMemory()), ArrayRef<LLVM::GEPArg>{i64(op.getPosition())});
  return loadUnaligned(op.getLoc(), op.getType(), at);
}

Value Lowering::lowerPack(ReadOp op) {
  Value at = rowElement(op.getLoc(), op.getBuffer(), op.getRow(), op.getOffset());
  return loadUnaligned(op.getLoc(), op.getType(), at);
}

/// The pack that fills slots: f32 takes the first half of each.
static Type slotsType(Type type) {
  int64_t perSlot = sizeof(Slot) / bytesOf(type);
  return VectorType::get({lanesOf(type) * perSlot}, getElementTypeOrSelf(type));
}

Value Lowering::loadSlots(Location loc, Type type, Value from, bool invariant) {
  if (lanesOf(type) == 1)
    return invariant ? loadConstant(loc, type, from) : load(loc, type, from);
  auto load = b.create<LLVM::LoadOp>(loc, slotsType(type), from, bytesOf(type));
  load.setInvariant(invariant);
  if (load.getType() == type) {
    if (invariant)
      constantLoads.push_back(load);
    return load;
  }
  SmallVector<int32_t> lanes;
  for (int32_t lane = 0; lane < lanesOf(type); ++lane)
    lanes.push_back(lane * lanesOf(load.getType()) / lanesOf(type));
  return shuffle(loc, load, {}, lanes);
}

void Lowering::storeSlots(Location loc, Value value, Value to) {
  Type type = value.getType(), slots = slotsType(type);
  if (lanesOf(type) > 1 && slots != type) {
    SmallVector<int32_t> lanes;
    for (int32_t lane = 0; lane < lanesOf(slots); ++lane)
      lanes.push_back(lane * lanesOf(type) / lanesOf(slots));
    value = shuffle(loc, value, {}, lanes);
  }
  if (lanesOf(type) > 1)
    storeUnaligned(loc, value, to);
  else
    b.create<LLVM::StoreOp>(loc, value, to);
}

// --- shuffles ---

/// A negative lane is one that nobody reads.
Value Lowering::shuffle(Location loc, Value x, Value y, ArrayRef<int32_t> lanes) {
  if (!y)
    y = b.create<LLVM::PoisonOp>(loc, x.getType());
  return b.create<LLVM::ShuffleVectorOp>(loc, x, y, lanes);
}

Value Lowering::lowerPack(BroadcastOp op) {
  Location loc = op.getLoc();
  Value none = b.create<LLVM::PoisonOp>(loc, op.getType());
  Value first = b.create<LLVM::InsertElementOp>(loc, none, one(op.getElement()), i64(0));
  return shuffle(loc, first, {}, SmallVector<int32_t>(lanesOf(op.getType()), 0));
}

Value Lowering::lowerPack(LaneOp op) {
  return b.create<LLVM::ExtractElementOp>(op.getLoc(), one(op.getPack()), i64(op.getLane()));
}

namespace {

/// A vector, and for each lane of a result the lane of it that belongs there; -1 for none.
struct Partial {
  Value vector;
  SmallVector<int32_t> from;
};

} // namespace

/// Two vectors in one: of equal widths by one shuffle, after the narrow one has been widened.
static Partial join(Partial x, Partial y,
                    llvm::function_ref<Value(Value, Value, ArrayRef<int32_t>)> shuffle) {
  if (lanesOf(x.vector.getType()) < lanesOf(y.vector.getType()))
    std::swap(x, y);
  int32_t width = lanesOf(x.vector.getType());
  if (int32_t narrow = lanesOf(y.vector.getType()); narrow < width) {
    SmallVector<int32_t> lanes(width, -1);
    for (int32_t lane = 0; lane < narrow; ++lane)
      lanes[lane] = lane;
    y.vector = shuffle(y.vector, {}, lanes);
  }
  SmallVector<int32_t> lanes, from;
  for (auto [lane, ofX, ofY] : llvm::enumerate(x.from, y.from)) {
    lanes.push_back(ofX >= 0 ? ofX : ofY >= 0 ? width + ofY : -1);
    from.push_back(lanes.back() < 0 ? -1 : static_cast<int32_t>(lane));
  }
  return {shuffle(x.vector, y.vector, lanes), from};
}

static bool inPlace(const Partial &partial) {
  if (lanesOf(partial.vector.getType()) != static_cast<int64_t>(partial.from.size()))
    return false;
  for (auto [lane, from] : llvm::enumerate(partial.from))
    if (from >= 0 && from != static_cast<int32_t>(lane))
      return false;
  return true;
}

Value Lowering::lowerPack(ShuffleOp op) {
  Location loc = op.getLoc();
  size_t width = lanesOf(op.getType());
  auto two = [&](Value x, Value y, ArrayRef<int32_t> lanes) { return shuffle(loc, x, y, lanes); };
  SmallVector<Partial> partials;
  SmallVector<std::pair<Value, int64_t>> inserted; // scalars and their lanes
  SmallVector<Attribute> known(width); // constants: all of them are one vector from memory
  int64_t begin = 0;
  for (Value source : op.getSources()) {
    Partial partial{one(source), SmallVector<int32_t>(width, -1)};
    auto fixed = partial.vector.getDefiningOp<LLVM::ConstantOp>();
    bool isScalar = lanesOf(source.getType()) == 1;
    for (auto [lane, element] : llvm::enumerate(op.getLanes())) {
      if (element < begin || element >= begin + lanesOf(source.getType()))
        continue;
      partial.from[lane] = element - begin;
      if (isScalar && fixed)
        known[lane] = fixed.getValue();
      else if (isScalar)
        inserted.emplace_back(partial.vector, lane);
    }
    begin += lanesOf(source.getType());
    if (!isScalar)
      partials.push_back(std::move(partial));
  }
  if (llvm::any_of(known, [](Attribute value) { return bool(value); })) {
    Partial constants{{}, SmallVector<int32_t>(width, -1)};
    Attribute any = *llvm::find_if(known, [](Attribute value) { return bool(value); });
    for (auto [lane, value] : llvm::enumerate(known)) {
      constants.from[lane] = value ? lane : -1;
      value = value ? value : any;
    }
    constants.vector = constant(DenseElementsAttr::get(cast<ShapedType>(op.getType()), known));
    partials.push_back(constants);
  }
  llvm::stable_sort(partials, [](const Partial &x, const Partial &y) {
    return lanesOf(x.vector.getType()) > lanesOf(y.vector.getType());
  });
  while (partials.size() > 1) {
    SmallVector<Partial> joined;
    for (size_t i = 0; i + 1 < partials.size(); i += 2)
      joined.push_back(join(partials[i], partials[i + 1], two));
    if (partials.size() % 2)
      joined.push_back(partials.back());
    partials = std::move(joined);
  }
  Value pack = partials.empty()       ? b.create<LLVM::PoisonOp>(loc, op.getType())
               : inPlace(partials[0]) ? partials[0].vector
                                      : two(partials[0].vector, {}, partials[0].from);
  for (auto [scalar, lane] : inserted)
    pack = b.create<LLVM::InsertElementOp>(loc, pack, scalar, i64(lane));
  return pack;
}

} // namespace deq::ir
