// Rules of the reference interpreter for memory and for packs, the vectors of unpacked code. Both
// move numbers and compute none.

#include "Machine.h"

#include "../Dialect/Indexing.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

namespace deq::ir {

/// Packs are arrays whose elements are chosen by number.
bool Machine::pack(Operation *op) {
  Cell all, chosen;
  for (Value source : op->getOperands()) {
    llvm::append_range(all.reals, at(source).reals);
    llvm::append_range(all.ints, at(source).ints);
  }
  SmallVector<int64_t> lanes(elementCount(op->getResult(0).getType()), 0);
  if (auto lane = dyn_cast<LaneOp>(op))
    lanes = {static_cast<int64_t>(lane.getLane())};
  else if (auto shuffle = dyn_cast<ShuffleOp>(op))
    lanes.assign(shuffle.getLanes().begin(), shuffle.getLanes().end());
  for (int64_t lane : lanes)
    if (all.ints.empty())
      chosen.reals.push_back(all.reals[lane]);
    else
      chosen.ints.push_back(all.ints[lane]);
  return put(op, chosen);
}

namespace {

double &doubleAt(void *base, int64_t i) { return static_cast<double *>(base)[i]; }
float &floatAt(void *base, int64_t i) { return static_cast<float *>(base)[i]; }

} // namespace

std::optional<bool> Machine::memoryAccess(Operation *op) {
  using Result = std::optional<bool>;
  auto read = [&](Value memory, int64_t i) -> double {
    bool single = cast<MemRefType>(memory.getType()).getElementType().isF32();
    return single ? floatAt(at(memory).memory, i) : doubleAt(at(memory).memory, i);
  };
  auto write = [&](Value memory, int64_t i, double value) {
    if (cast<MemRefType>(memory.getType()).getElementType().isF32())
      floatAt(at(memory).memory, i) = static_cast<float>(value);
    else
      doubleAt(at(memory).memory, i) = value;
  };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<memref::AllocaOp>([&](memref::AllocaOp buffer) {
        std::vector<double> &room = buffers[op];
        room.assign(buffer.getType().getNumElements(), 0.0);
        return put(op, Cell{{}, {}, room.data()});
      })
      .Case<memref::LoadOp>([&](memref::LoadOp load) {
        int64_t i = linearize(indices(load.getIndices()), load.getMemRefType().getShape());
        return put(op, Cell{{read(load.getMemref(), i)}, {}, nullptr});
      })
      .Case<memref::StoreOp>([&](memref::StoreOp store) {
        int64_t i = linearize(indices(store.getIndices()), store.getMemRefType().getShape());
        write(store.getMemref(), i, at(store.getValueToStore()).reals.front());
        return true;
      })
      .Case<ArgumentOp>([&](ArgumentOp argument) {
        Cell result;
        for (int64_t i = 0, n = elementCount(argument.getType()); i < n; ++i)
          result.reals.push_back(read(argument.getMemory(), i));
        return put(op, result);
      })
      .Case<LoadOp>([&](LoadOp load) {
        Cell result;
        for (int64_t i = 0, n = elementCount(load.getType()); i < n; ++i)
          result.reals.push_back(read(load.getMemory(), load.getPosition() + i));
        return put(op, result);
      })
      .Case<ReadOp>([&](ReadOp readOp) {
        int64_t width = cast<MemRefType>(readOp.getBuffer().getType()).getDimSize(1);
        int64_t base = integer(readOp.getRow()) * width + readOp.getOffset();
        Cell result;
        for (int64_t i = 0, n = elementCount(readOp.getType()); i < n; ++i)
          result.reals.push_back(read(readOp.getBuffer(), base + i));
        return put(op, result);
      })
      .Case<WriteOp>([&](WriteOp writeOp) {
        int64_t width = cast<MemRefType>(writeOp.getBuffer().getType()).getDimSize(1);
        int64_t base = integer(writeOp.getRow()) * width + writeOp.getOffset();
        for (auto [i, value] : llvm::enumerate(at(writeOp.getValue()).reals))
          write(writeOp.getBuffer(), base + i, value);
        return true;
      })
      .Case<LookupOp>([&](LookupOp lookup) -> Result {
        auto table = cast<DenseElementsAttr>(lookup.getTable());
        int64_t i = integer(lookup.getIndex());
        if (i < 0 || i >= table.getNumElements())
          return fail(op, "index out of range");
        Attribute value = *(table.getValues<Attribute>().begin() + i);
        if (auto real = dyn_cast<FloatAttr>(value))
          return put(op, Cell{{real.getValueAsDouble()}, {}, nullptr});
        return put(op, Cell{{}, {cast<IntegerAttr>(value).getInt()}, nullptr});
      })
      .Case<SaveOp>([&](SaveOp save) {
        sink.write(integer(save.getRow()), at(save.getTime()).reals.front(),
                   flatten(save.getValues()));
        return true;
      })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace deq::ir
