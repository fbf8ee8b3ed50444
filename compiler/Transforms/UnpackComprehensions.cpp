// Rules of unpack for comprehensions: the body once per index, or once for an index per lane. In
// lanes, every value of the body is one for all lanes or a pack with one per lane, and an array is
// the list of its elements; so the rules for operations are those for scalars.

#include "../Dialect/Indexing.h"
#include "../Dialect/MathFunctions.h"
#include "FoldLoops.h"
#include "Unpacker.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/Sequence.h"

namespace deq::ir {

namespace {

/// Fewer indices are not worth a vector.
constexpr int64_t fewestLanes = 4;
/// Operations per element from which on scalars are put together for them.
constexpr int64_t worthGathering = 8;

} // namespace

/// Whether the rules for an operation on scalars hold for one value per lane.
static bool worksInLanes(Operation *op) {
  if (auto fold = dyn_cast<FoldOp>(op))
    return !staysLoop(fold);
  return isa<arith::ArithDialect, math::MathDialect, tensor::TensorDialect>(op->getDialect()) ||
         isa<GenerateOp, SumOverOp, SumOp, DotOp, MatmulOp, ShiftOp, RollOp, YieldOp>(op);
}

bool paysInLanes(Operation *comprehension, int64_t terms) {
  Type yielded = yieldOf(comprehension).getValues()[0].getType();
  if (terms < fewestLanes || isPacked(yielded))
    return false;
  int64_t operations = 0, slow = 0;
  bool fromScalars = false, fromArrays = false;
  mlir::Region &body = comprehension->getRegion(0);
  bool possible = true;
  body.walk([&](Operation *op) {
    possible &= worksInLanes(op);
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()) && !body.isAncestor(operand.getParentRegion()))
        (isPacked(operand.getType()) ? fromArrays : fromScalars) = true;
    if (op->getNumResults() != 1 ||
        !isa<FloatType>(getElementTypeOrSelf(op->getResult(0).getType())))
      return;
    if (isa<arith::DivFOp, math::SqrtOp>(op))
      ++slow;
    else if (op->hasTrait<OpTrait::Elementwise>() && libmSymbol(op).empty())
      ++operations;
    else if (isa<SumOverOp, SumOp, DotOp, MatmulOp>(op))
      ++operations;
  });
  bool gathers = fromScalars || !fromArrays;
  return possible && (slow > 0 || operations >= (gathers ? worthGathering : 1));
}

// --- which indices ---

std::optional<SmallVector<int64_t>>
selectedIndices(Operation *op, llvm::function_ref<std::optional<int64_t>(Value)> outside) {
  Value condition = yieldOf(op).getCondition();
  mlir::Region &region = op->getRegion(0);
  llvm::DenseMap<Value, std::optional<int64_t>> inside;
  auto value = [&](Value x) {
    return region.isAncestor(x.getParentRegion()) ? inside.lookup(x) : outside(x);
  };
  SmallVector<int64_t> indices;
  for (int64_t i = lowerOf(op); i < upperOf(op); ++i) {
    if (!condition) {
      indices.push_back(i);
      continue;
    }
    inside[region.getArgument(0)] = i;
    for (Operation &inner : region.front().without_terminator()) {
      if (inner.getNumResults() != 1 || inner.getNumRegions() > 0 ||
          !inner.getResult(0).getType().isIntOrIndex())
        continue;
      std::optional<int64_t> &result = inside[inner.getResult(0)];
      SmallVector<int64_t> operands;
      for (Value operand : inner.getOperands())
        if (auto known = value(operand))
          operands.push_back(*known);
      if (auto constant = dyn_cast<arith::ConstantOp>(inner))
        result = integerOf(constant.getValue());
      else
        result = operands.size() == inner.getNumOperands() ? evaluateIndex(&inner, operands)
                                                           : std::nullopt;
    }
    std::optional<int64_t> holds = value(condition);
    if (!holds)
      return std::nullopt;
    if (*holds)
      indices.push_back(i);
  }
  return indices;
}

std::optional<SelectedRange>
selectedRange(Operation *op, llvm::function_ref<std::optional<int64_t>(Value)> outside) {
  if (!yieldOf(op).getCondition())
    return SelectedRange{lowerOf(op), upperOf(op), {}};
  auto indices = selectedIndices(op, outside);
  if (!indices)
    return std::nullopt;
  if (indices->empty())
    return SelectedRange{lowerOf(op), lowerOf(op), {}};
  SelectedRange range{indices->front(), indices->back() + 1, {}};
  if (range.upper - range.lower != static_cast<int64_t>(indices->size()))
    range.listed = std::move(*indices);
  return range;
}

LogicalResult Unpacker::choose(Operation *op,
                               llvm::function_ref<LogicalResult(ArrayRef<int64_t>)> inLanes,
                               llvm::function_ref<LogicalResult()> plainly) {
  if (laneBody || !paysInLanes(op, upperOf(op) - lowerOf(op)))
    return plainly();
  auto indices = selectedIndices(op, [&](Value value) { return known(value); });
  if (!indices || static_cast<int64_t>(indices->size()) < fewestLanes)
    return plainly();
  if (succeeded(inLanes(*indices)))
    return success();
  return std::exchange(refused, false) ? plainly() : failure();
}

LogicalResult Unpacker::rewrite(GenerateOp op) {
  return choose(
      op, [&](ArrayRef<int64_t> indices) { return generateInLanes(op, indices); },
      [&] { return generatePlainly(op); });
}

LogicalResult Unpacker::rewrite(SumOverOp op) {
  return choose(
      op, [&](ArrayRef<int64_t> indices) { return sumInLanes(op, indices); },
      [&] { return sumPlainly(op); });
}

// --- index by index ---

LogicalResult Unpacker::iterate(Operation *op, Take take) {
  Block &body = op->getRegion(0).front();
  YieldOp yield = yieldOf(op);
  // A body may have no value where its condition does not hold. In lanes it is not known where that
  // is: a lane that reads outside of an array refuses them all.
  auto indices = selectedIndices(op, [&](Value value) { return known(value); });
  if (!indices) {
    auto all = llvm::seq(lowerOf(op), upperOf(op));
    indices.emplace(all.begin(), all.end());
  }
  for (int64_t i : *indices) {
    setNumber(body.getArgument(0), {i});
    for (Operation &inner : body.without_terminator())
      if (failed(visit(&inner)))
        return failure();
    Number selected{1};
    if (Value condition = yield.getCondition()) {
      const Number *value = number(condition);
      if (!value)
        return fail(yield, "expected a condition on indices");
      selected = *value;
    }
    if (llvm::any_of(selected, [](int64_t lane) { return lane != 0; }))
      if (failed(take(yield.getValues()[0], selected)))
        return failure();
  }
  return success();
}

LogicalResult Unpacker::generatePlainly(GenerateOp op) {
  Elements list;
  auto take = [&](Value yielded, const Number &selected) {
    if (!llvm::all_equal(selected))
      return fail(op, "expected as many elements in each lane");
    llvm::append_range(list, elements(yielded));
    return success();
  };
  if (failed(iterate(op, take)))
    return failure();
  if (static_cast<int64_t>(list.size()) != elementCount(op.getType()))
    return fail(op, "expected " + Twine(elementCount(op.getType())) + " elements, got " +
                        Twine(list.size()));
  setElements(op, list);
  return success();
}

LogicalResult Unpacker::sumPlainly(SumOverOp op) {
  Location loc = op.getLoc();
  Type type = getElementTypeOrSelf(op.getType());
  SmallVector<SmallVector<Value>> terms; // of each part
  SmallVector<int64_t> counts;           // of terms in each lane, if they differ
  int64_t inAll = 0;
  auto take = [&](Value yielded, const Number &selected) {
    bool partly = !llvm::all_equal(selected);
    SmallVector<Value> values = parts(yielded);
    terms.resize(values.size());
    counts.resize(std::max(counts.size(), partly ? selected.size() : 0));
    inAll += !partly;
    for (auto [list, value] : llvm::zip_equal(terms, values)) {
      if (partly) {
        // -0 + x is x, and x + -0 is x: the one term that is none.
        value = selectLanes(loc, selected, value, packs.real(-0.0, type));
      }
      list.push_back(value);
    }
    if (partly)
      for (auto [count, lane] : llvm::zip_equal(counts, selected))
        count += lane != 0;
    return success();
  };
  if (failed(iterate(op, take)))
    return failure();
  if (terms.empty()) {
    setElements(op, Elements(elementCount(op.getType()), {packs.real(0.0, type)}));
    return success();
  }
  // Beyond 8 terms, which of the partial sums one belongs to is another question in each lane.
  for (int64_t count : counts)
    if (count + inAll > packWidth || count + inAll == 0)
      return fail(op, "expected as many terms in each lane");
  SmallVector<Value> sums;
  for (ArrayRef<Value> list : terms) {
    Value sum = counts.empty() ? sumOf(loc, list, type) : list.front();
    for (Value term : counts.empty() ? ArrayRef<Value>() : list.drop_front())
      sum = add(loc, sum, term);
    sums.push_back(sum);
  }
  set(op, sums);
  return success();
}

// --- an index per lane ---

LogicalResult Unpacker::visitInLanes(Operation *op, ArrayRef<int64_t> indices, TakeLanes take) {
  Block &body = op->getRegion(0).front();
  Value yielded = yieldOf(op).getValues()[0];
  laneBody = &op->getRegion(0);
  auto leave = llvm::make_scope_exit([&] { laneBody = nullptr; });
  while (!indices.empty()) {
    int64_t count = std::min<int64_t>(indices.size(), packWidth);
    // 3 indices take 4 lanes and 5 or more take 8; the last one is computed more than once then.
    int64_t width = llvm::PowerOf2Ceil(count);
    Number lanes(indices.take_front(count));
    lanes.resize(width, lanes.back());
    setNumber(body.getArgument(0), lanes);
    for (Operation &inner : body.without_terminator())
      if (failed(visit(&inner)))
        return failure();
    take(elements(yielded), count);
    indices = indices.drop_front(count);
  }
  return success();
}

/// A lane of what is yielded.
static Element laneOf(Element entry, int64_t lane) {
  bool perLane = entry.lane < 0 && widthOf(entry.source) > 1;
  return perLane ? Element{entry.source, lane} : entry;
}

LogicalResult Unpacker::generateInLanes(GenerateOp op, ArrayRef<int64_t> indices) {
  Elements list;
  auto take = [&](ArrayRef<Element> entries, int64_t count) {
    for (int64_t lane = 0; lane < count; ++lane)
      for (Element entry : entries)
        list.push_back(laneOf(entry, lane));
  };
  if (failed(visitInLanes(op, indices, take)))
    return failure();
  if (static_cast<int64_t>(list.size()) != elementCount(op.getType()))
    return op.emitOpError() << "expected " << elementCount(op.getType()) << " elements, got "
                            << list.size();
  setElements(op, list);
  return success();
}

LogicalResult Unpacker::sumInLanes(SumOverOp op, ArrayRef<int64_t> indices) {
  Type type = getElementTypeOrSelf(op.getType());
  SmallVector<Elements> terms(elementCount(op.getType()));
  auto take = [&](ArrayRef<Element> entries, int64_t count) {
    for (auto [list, entry] : llvm::zip_equal(terms, entries))
      for (int64_t lane = 0; lane < count; ++lane)
        list.push_back(laneOf(entry, lane));
  };
  if (failed(visitInLanes(op, indices, take)))
    return failure();
  Elements sums;
  for (ArrayRef<Element> list : terms)
    sums.push_back({sumOf(op.getLoc(), list, type)});
  setElements(op, sums);
  return success();
}

} // namespace deq::ir
