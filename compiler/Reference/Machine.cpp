// Dispatch, control flow and arrays of the reference interpreter.
// The rules for memory, numbers and solving are in MachineMemory.cpp, MachineNumbers.cpp and
// MachineSolving.cpp.

#include "Machine.h"

#include "../Dialect/Indexing.h"
#include "../Dialect/MathFunctions.h"
#include "../PinnedSum.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

namespace deq::ir {

void RowSink::write(int64_t row, double time, llvm::ArrayRef<double> state) const {
  times[row] = time;
  for (auto [i, value] : llvm::enumerate(state)) {
    size_t at = row * state.size() + i;
    if (single)
      static_cast<float *>(values)[at] = static_cast<float>(value);
    else
      static_cast<double *>(values)[at] = value;
  }
}

bool hasRule(Operation *op) {
  if (!libmSymbol(op).empty() || isa<DeqDialect, scf::SCFDialect>(op->getDialect()))
    return !isa<SolveOp>(op);
  return isa<ModuleOp, func::FuncOp, func::ReturnOp, func::CallOp, arith::ConstantOp, arith::AddFOp,
             arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::ExtFOp,
             arith::TruncFOp, arith::CmpFOp, arith::SelectOp, arith::SIToFPOp, arith::ExtUIOp,
             arith::RemSIOp, arith::ShLIOp, arith::ShRSIOp, arith::BitcastOp, arith::AddIOp,
             arith::SubIOp, arith::MulIOp, arith::FloorDivSIOp, arith::AndIOp, arith::OrIOp,
             arith::XOrIOp, arith::CmpIOp, arith::IndexCastOp, math::FmaOp, math::AbsFOp,
             math::SqrtOp, math::FloorOp, math::CeilOp, math::CopySignOp, tensor::ExtractOp,
             tensor::ExtractSliceOp, tensor::SplatOp, tensor::FromElementsOp, tensor::ExpandShapeOp,
             tensor::CollapseShapeOp, tensor::ConcatOp, memref::AllocaOp, memref::LoadOp,
             memref::StoreOp>(op);
}

bool Machine::fail(Operation *op, const llvm::Twine &why) {
  if (error.empty())
    error = (op->getName().getStringRef() + ": " + why).str();
  return false;
}

Machine::Cells Machine::cells(ValueRange values) {
  Cells list;
  for (Value value : values)
    list.push_back(at(value));
  return list;
}

void Machine::bind(ValueRange values, Cells list) {
  for (auto [value, cell] : llvm::zip_equal(values, list))
    environment[value] = std::move(cell);
}

bool Machine::put(Operation *op, Cell cell) {
  environment[op->getResult(0)] = std::move(cell);
  return true;
}

std::vector<double> Machine::flatten(ValueRange leaves) {
  std::vector<double> flat;
  for (Value leaf : leaves)
    llvm::append_range(flat, at(leaf).reals);
  return flat;
}

std::vector<int64_t> Machine::indices(ValueRange values) {
  std::vector<int64_t> list;
  for (Value value : values)
    list.push_back(integer(value));
  return list;
}

std::optional<std::vector<Cell>> Machine::run(Block &body, Cells arguments) {
  return runBlock(body, std::move(arguments));
}

std::optional<Machine::Cells> Machine::runBlock(Block &block, Cells arguments) {
  bind(block.getArguments(), std::move(arguments));
  return runBlock(block);
}

/// Executes a block; the result is the operands of its terminator.
std::optional<Machine::Cells> Machine::runBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    if (!execute(&op))
      return std::nullopt;
  return cells(block.getTerminator()->getOperands());
}

bool Machine::execute(Operation *op) {
  for (auto rule :
       {&Machine::elementwise, &Machine::integers, &Machine::controlFlow, &Machine::arrays,
        &Machine::comprehension, &Machine::solving, &Machine::memoryAccess})
    if (std::optional<bool> done = (this->*rule)(op))
      return *done;
  return fail(op, "has no rule in the interpreter");
}

// --- control flow ---

std::optional<bool> Machine::controlFlow(Operation *op) {
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    Block *taken = integer(branch.getCondition()) ? branch.thenBlock() : branch.elseBlock();
    if (!taken)
      return true;
    auto results = runBlock(*taken);
    if (!results)
      return false;
    bind(op->getResults(), std::move(*results));
    return true;
  }
  if (isa<scf::WhileOp>(op))
    return whileLoop(op);
  if (isa<scf::ForOp>(op))
    return forLoop(op);
  if (auto call = dyn_cast<func::CallOp>(op)) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, call.getCalleeAttr());
    if (!callee)
      return fail(op, "unknown function");
    Machine inner(sink);
    auto results = inner.run(callee.getBody().front(), cells(op->getOperands()));
    if (!results)
      return fail(op, inner.error);
    bind(op->getResults(), std::move(*results));
    return true;
  }
  return std::nullopt;
}

bool Machine::whileLoop(Operation *op) {
  auto loop = cast<scf::WhileOp>(op);
  Cells carried = cells(loop.getInits());
  while (true) {
    auto tested = runBlock(*loop.getBeforeBody(), std::move(carried));
    if (!tested)
      return false;
    bool go = tested->front().ints.front();
    tested->erase(tested->begin());
    if (!go) {
      bind(op->getResults(), std::move(*tested));
      return true;
    }
    auto next = runBlock(*loop.getAfterBody(), std::move(*tested));
    if (!next)
      return false;
    carried = std::move(*next);
  }
}

bool Machine::forLoop(Operation *op) {
  auto loop = cast<scf::ForOp>(op);
  int64_t upper = integer(loop.getUpperBound()), stride = integer(loop.getStep());
  if (stride <= 0)
    return fail(op, "expected a positive step");
  Cells carried = cells(loop.getInitArgs());
  for (int64_t i = integer(loop.getLowerBound()); i < upper; i += stride) {
    Cells arguments{Cell{{}, {i}, nullptr}};
    llvm::append_range(arguments, carried);
    auto next = runBlock(*loop.getBody(), std::move(arguments));
    if (!next)
      return false;
    carried = std::move(*next);
  }
  bind(op->getResults(), std::move(carried));
  return true;
}

// --- arrays ---

std::optional<bool> Machine::arrays(Operation *op) {
  using Result = std::optional<bool>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<arith::ConstantOp>([&](auto) { return constant(op); })
      .Case<tensor::ExtractOp>([&](tensor::ExtractOp extract) -> Result {
        std::vector<int64_t> index = indices(extract.getIndices());
        auto shape = extract.getTensor().getType().getShape();
        if (!inBounds(index, shape))
          return fail(op, "index out of range");
        return put(op, Cell{{at(extract.getTensor()).reals[linearize(index, shape)]}, {}, nullptr});
      })
      .Case<tensor::ExtractSliceOp>([&](tensor::ExtractSliceOp slice) -> Result {
        if (!slice.hasUnitStride())
          return fail(op, "expected unit strides");
        std::vector<int64_t> offsets;
        for (OpFoldResult offset : slice.getMixedOffsets()) {
          auto attribute = dyn_cast<Attribute>(offset);
          offsets.push_back(attribute ? cast<IntegerAttr>(attribute).getInt()
                                      : integer(cast<Value>(offset)));
        }
        const std::vector<double> &source = at(slice.getSource()).reals;
        Cell result;
        if (!forEachInSlice(offsets, slice.getStaticSizes(), slice.getSourceType().getShape(),
                            [&](int64_t i) { result.reals.push_back(source[i]); }))
          return fail(op, "slice out of range");
        return put(op, result);
      })
      .Case<tensor::SplatOp>([&](tensor::SplatOp splat) {
        const Cell &x = at(splat.getInput());
        int64_t n = elementCount(splat.getType());
        Cell result;
        if (x.ints.empty())
          result.reals.assign(n, x.reals.front());
        else
          result.ints.assign(n, x.ints.front());
        return put(op, result);
      })
      .Case<tensor::FromElementsOp, tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](auto) {
        return put(op, Cell{flatten(op->getOperands()), {}, nullptr});
      })
      .Case<tensor::ConcatOp>([&](auto) { return concat(op); })
      .Case<ShiftOp>([&](ShiftOp shift) {
        const std::vector<double> &source = at(shift.getValue()).reals;
        double fill = at(shift.getFill()).reals.front();
        Cell result;
        forEachShifted(
            cast<RankedTensorType>(shift.getType()).getShape(), shift.getAxis(), shift.getK(),
            false, [&](int64_t from) { result.reals.push_back(from < 0 ? fill : source[from]); });
        return put(op, result);
      })
      .Case<RollOp>([&](RollOp roll) {
        const std::vector<double> &source = at(roll.getValue()).reals;
        Cell result;
        forEachShifted(cast<RankedTensorType>(roll.getType()).getShape(), roll.getAxis(),
                       roll.getK(), true,
                       [&](int64_t from) { result.reals.push_back(source[from]); });
        return put(op, result);
      })
      .Case<MatmulOp>([&](auto) { return matmul(op); })
      .Case<BroadcastOp, LaneOp, ShuffleOp>([&](auto) { return pack(op); })
      .Default([](Operation *) { return std::nullopt; });
}

bool Machine::constant(Operation *op) {
  Attribute value = cast<arith::ConstantOp>(op).getValue();
  Cell cell;
  auto append = [&](Attribute scalar) {
    if (auto real = dyn_cast<FloatAttr>(scalar))
      cell.reals.push_back(real.getValueAsDouble());
    else if (cast<IntegerAttr>(scalar).getType().isInteger(1))
      cell.ints.push_back(cast<IntegerAttr>(scalar).getValue().getBoolValue());
    else
      cell.ints.push_back(cast<IntegerAttr>(scalar).getInt());
  };
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    for (Attribute scalar : dense.getValues<Attribute>())
      append(scalar);
  else
    append(value);
  return put(op, cell);
}

bool Machine::concat(Operation *op) {
  auto concat = cast<tensor::ConcatOp>(op);
  int64_t outer = 1;
  for (int64_t extent :
       cast<RankedTensorType>(concat.getType()).getShape().take_front(concat.getDim()))
    outer *= extent;
  Cell result;
  for (int64_t i = 0; i < outer; ++i)
    for (Value input : concat.getInputs()) {
      const std::vector<double> &part = at(input).reals;
      int64_t size = part.size() / outer;
      result.reals.insert(result.reals.end(), part.begin() + i * size,
                          part.begin() + (i + 1) * size);
    }
  return put(op, result);
}

/// Each element is a sum of products by the pinned rule.
bool Machine::matmul(Operation *op) {
  auto product = cast<MatmulOp>(op);
  auto left = cast<RankedTensorType>(product.getLhs().getType());
  auto right = cast<RankedTensorType>(product.getRhs().getType());
  RealType type = realTypeOf(left);
  int64_t depth = left.getDimSize(1), columns = right.getRank() == 2 ? right.getDimSize(1) : 1;
  const std::vector<double> &x = at(product.getLhs()).reals, &y = at(product.getRhs()).reals;
  Cell result;
  for (int64_t i = 0; i < left.getDimSize(0); ++i)
    for (int64_t j = 0; j < columns; ++j) {
      auto a = [&](size_t k) { return x[i * depth + k]; };
      auto b = [&](size_t k) { return y[k * columns + j]; };
      result.reals.push_back(depth == 0
                                 ? 0.0
                                 : pinnedSum<double>(
                                       depth, [&](size_t k) { return type.round(a(k) * b(k)); },
                                       [&](double s, size_t k) { return type.fma(a(k), b(k), s); },
                                       [&](double p, double q) { return type.round(p + q); }));
    }
  return put(op, result);
}

/// The operations of a body that its condition needs: they come first, as the others may have no
/// value where it does not hold.
static std::vector<Operation *> filterOf(Block &body) {
  std::vector<Operation *> operations;
  llvm::DenseSet<Value> needed;
  if (Value condition = cast<YieldOp>(body.getTerminator()).getCondition())
    needed.insert(condition);
  for (Operation &op : llvm::reverse(body.without_terminator()))
    if (llvm::any_of(op.getResults(), [&](Value value) { return needed.contains(value); })) {
      needed.insert(op.operand_begin(), op.operand_end());
      operations.push_back(&op);
    }
  std::reverse(operations.begin(), operations.end());
  return operations;
}

std::optional<bool> Machine::comprehension(Operation *op) {
  if (!isa<GenerateOp, SumOverOp, FoldOp>(op))
    return std::nullopt;
  int64_t lower = cast<IntegerAttr>(op->getAttr("lower")).getInt();
  int64_t upper = cast<IntegerAttr>(op->getAttr("upper")).getInt();
  Block &body = op->getRegion(0).front();
  const bool folds = isa<FoldOp>(op);
  const std::vector<Operation *> filter = filterOf(body);
  Cell result;
  if (folds)
    result = at(op->getOperand(0));
  std::vector<std::vector<double>> rows;
  for (int64_t i = lower; i < upper; ++i) {
    Cells arguments{Cell{{}, {i}, nullptr}};
    if (folds)
      arguments.push_back(result);
    bind(body.getArguments(), std::move(arguments));
    if (!llvm::all_of(filter, [&](Operation *each) { return execute(each); }))
      return false;
    if (Value condition = cast<YieldOp>(body.getTerminator()).getCondition();
        condition && !integer(condition))
      continue;
    auto yielded = runBlock(body);
    if (!yielded)
      return false;
    if (folds)
      result = yielded->front();
    else
      rows.push_back(yielded->front().reals);
  }
  if (folds)
    return put(op, result);
  if (isa<GenerateOp>(op)) {
    for (const auto &row : rows)
      llvm::append_range(result.reals, row);
    return put(op, result);
  }
  RealType type = realTypeOf(op->getResult(0).getType());
  auto add = [&](double p, double q) { return type.round(p + q); };
  for (int64_t j = 0, n = elementCount(op->getResult(0).getType()); j < n; ++j)
    result.reals.push_back(rows.empty()
                               ? 0.0
                               : pinnedSum<double>(
                                     rows.size(), [&](size_t i) { return rows[i][j]; },
                                     [&](double s, size_t i) { return add(s, rows[i][j]); }, add));
  return put(op, result);
}

} // namespace deq::ir
