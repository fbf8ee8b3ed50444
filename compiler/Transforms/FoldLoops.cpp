// Bounds of the indices in the body of a fold, and whether a loop can compute with them.
// An index out of range is an error of the program, and must not become one of its code: what
// cannot be shown to be inside of an array is spelled out, where every index is looked at.

#include "FoldLoops.h"

#include "../Dialect/Indexing.h"
#include "Unpacker.h"

namespace deq::ir {

namespace {

/// A loop costs a few operations of its own, and arrays go through memory.
constexpr int64_t fewestVisits = 4;
constexpr int64_t longestSpelledOut = 256;

struct Bounds {
  int64_t lower, upper;
};
using Known = std::optional<Bounds>;

class LoopCheck {
public:
  explicit LoopCheck(FoldOp fold) : fold(fold) {}

  std::optional<SmallVector<Operation *>> run() {
    auto indices = selectedRange(fold, constantOf);
    if (!indices || indices->empty())
      return std::nullopt;
    BlockArgument own = fold.getBody().getArgument(0);
    known[own] = Bounds{indices->lower, indices->upper - 1};
    varying.insert(own);
    WalkResult result = fold.getBody().walk([&](Operation *op) {
      return accepts(op) ? WalkResult::advance() : WalkResult::interrupt();
    });
    if (result.wasInterrupted() || buffered > mostBuffered)
      return std::nullopt;
    return found;
  }

private:
  static std::optional<int64_t> constantOf(Value value) {
    auto constant = value.getDefiningOp<arith::ConstantOp>();
    return constant ? integerOf(constant.getValue()) : std::nullopt;
  }

  bool varies(Value value) const { return varying.contains(value); }

  /// Whether an operation can be computed where the index of the fold is not known; notes what
  /// follows from that index.
  bool accepts(Operation *op) {
    if (!llvm::any_of(op->getOperands(), [&](Value x) { return varies(x); }))
      return true;
    if (auto yield = dyn_cast<YieldOp>(op)) // of the fold itself, which has been asked already
      return op->getParentOp() == fold || !varies(yield.getCondition());
    if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
      SmallVector<Known> indices;
      for (Value index : extract.getIndices())
        indices.push_back(boundsOf(index));
      return reads(op, indices, {});
    }
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      SmallVector<Known> offsets;
      for (OpFoldResult offset : slice.getMixedOffsets())
        offsets.push_back(boundsOf(offset));
      return slice.hasUnitStride() && reads(op, offsets, slice.getStaticSizes());
    }
    if (isa<arith::SIToFPOp, tensor::SplatOp>(op) ||
        (isa<arith::SelectOp>(op) && !op->getResult(0).getType().isIntOrIndex()))
      return true;
    if (auto divide = dyn_cast<arith::FloorDivSIOp>(op))
      if (auto divisor = constantOf(divide.getRhs()); !divisor || *divisor <= 0)
        return false;
    varying.insert(op->getResult(0));
    return isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::FloorDivSIOp, arith::IndexCastOp,
               arith::CmpIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op);
  }

  /// Elements of an array, or a slice of it, at varying indices.
  bool reads(Operation *op, ArrayRef<Known> from, ArrayRef<int64_t> sizes) {
    Value array = op->getOperand(0);
    auto type = cast<RankedTensorType>(array.getType());
    if (!isa<FloatType>(type.getElementType()))
      return false;
    for (auto [d, bounds] : llvm::enumerate(from))
      if (!bounds || bounds->lower < 0 ||
          bounds->upper > type.getDimSize(d) - (sizes.empty() ? 1 : sizes[d]))
        return false;
    if (!array.getDefiningOp<ArgumentOp>() && !isArgument(array) && seen.insert(array).second)
      buffered += elementCount(type);
    found.push_back(op);
    return true;
  }

  /// An argument of the field, before it is known whether it is in memory: those that are not are
  /// small.
  static bool isArgument(Value value) {
    auto input = dyn_cast<BlockArgument>(value);
    Operation *owner = input ? input.getOwner()->getParentOp() : nullptr;
    if (!isa_and_nonnull<FieldOp, FunctionOp>(owner))
      return false;
    auto fields = owner->getParentOfType<ModuleOp>().getOps<FieldOp>();
    return !fields.empty() && input.getArgNumber() > (*fields.begin()).stateCount();
  }

  Known boundsOf(OpFoldResult index) {
    if (auto attribute = dyn_cast<Attribute>(index)) {
      int64_t value = cast<IntegerAttr>(attribute).getInt();
      return Bounds{value, value};
    }
    return boundsOf(cast<Value>(index), 0);
  }

  Known boundsOf(Value index, int depth) {
    constexpr int deepest = 64;
    if (auto found = known.find(index); found != known.end())
      return found->second;
    Known bounds = depth < deepest ? compute(index, depth + 1) : std::nullopt;
    known[index] = bounds;
    return bounds;
  }

  Known compute(Value index, int depth) {
    if (auto constant = constantOf(index))
      return Bounds{*constant, *constant};
    if (auto argument = dyn_cast<BlockArgument>(index)) {
      Operation *owner = argument.getOwner()->getParentOp();
      if (!isa<GenerateOp, SumOverOp, FoldOp>(owner) || argument.getArgNumber() != 0)
        return std::nullopt;
      if (auto indices = selectedRange(owner, constantOf); indices && !indices->empty())
        return Bounds{indices->lower, indices->upper - 1};
      return Bounds{lowerOf(owner), std::max(lowerOf(owner), upperOf(owner) - 1)};
    }
    Operation *op = index.getDefiningOp();
    if (!isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::FloorDivSIOp>(op))
      return std::nullopt;
    if (Known remainder = remainderOf(op))
      return remainder;
    Known x = boundsOf(op->getOperand(0), depth), y = boundsOf(op->getOperand(1), depth);
    if (!x || !y)
      return std::nullopt;
    if (isa<arith::FloorDivSIOp>(op) && y->lower <= 0)
      return std::nullopt;
    // Each of them is monotone in each operand.
    std::optional<Bounds> bounds;
    for (int64_t a : {x->lower, x->upper})
      for (int64_t c : {y->lower, y->upper}) {
        std::optional<int64_t> value = evaluateIndex(op, {a, c});
        if (!value)
          return std::nullopt;
        bounds = bounds ? Bounds{std::min(bounds->lower, *value), std::max(bounds->upper, *value)}
                        : Bounds{*value, *value};
      }
    return bounds;
  }

  /// x - floor(x/n)*n, as the importer spells mod(x, n).
  static Known remainderOf(Operation *op) {
    auto difference = dyn_cast<arith::SubIOp>(op);
    auto product =
        difference ? difference.getRhs().getDefiningOp<arith::MulIOp>() : arith::MulIOp();
    auto quotient =
        product ? product.getLhs().getDefiningOp<arith::FloorDivSIOp>() : arith::FloorDivSIOp();
    if (!quotient || quotient.getLhs() != difference.getLhs() ||
        quotient.getRhs() != product.getRhs())
      return std::nullopt;
    std::optional<int64_t> divisor = constantOf(product.getRhs());
    return divisor && *divisor > 0 ? Known(Bounds{0, *divisor - 1}) : std::nullopt;
  }

  FoldOp fold;
  llvm::DenseMap<Value, Known> known;
  llvm::DenseSet<Value> varying; ///< integers and booleans that follow from the fold's index
  SmallVector<Operation *> found;
  llvm::DenseSet<Value> seen;
  int64_t buffered = 0;
};

} // namespace

std::optional<SmallVector<Operation *>> varyingReads(FoldOp fold) { return LoopCheck(fold).run(); }

bool staysLoop(FoldOp fold, int64_t perVisit) {
  int64_t visits = upperOf(fold) - lowerOf(fold);
  return visits >= fewestVisits && visits * perVisit > longestSpelledOut && varyingReads(fold);
}

} // namespace deq::ir
