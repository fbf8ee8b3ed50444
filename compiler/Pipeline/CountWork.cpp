// Follows a step through the IR with a time per value: when an ideal machine, which starts every
// operation as soon as its operands are there, would have it. Loops are walked as often as they
// run, with their counters known, so that scanned stages have the work and the chain of unrolled
// ones.

#include "CountWork.h"

#include "../Dialect/Deq.h"
#include "../Dialect/Indexing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/DenseMap.h"

namespace deq::ir {

namespace {

/// What counts, and cycles from operands to result: A. Fog, "Instruction tables", and
/// A. Abel, J. Reineke, uops.info (ASPLOS 2019), for x86 cores since Skylake and Zen 2; where these
/// differ, a typical value. Everything else (signs, comparisons, selections, integers) is taken to
/// be free, so that a chain is never longer than what the machine has to wait for.
struct Row {
  const char *operation;
  std::int64_t StepWork::*counter;
  double cycles64, cycles32;
};
constexpr Row rows[] = {
    {"arith.addf", &StepWork::additions, 4, 4},
    {"arith.subf", &StepWork::additions, 4, 4},
    {"arith.mulf", &StepWork::multiplications, 4, 4},
    {"math.fma", &StepWork::fusedMultiplyAdds, 4, 4},
    {"vector.fma", &StepWork::fusedMultiplyAdds, 4, 4},
    {"arith.divf", &StepWork::divisions, 13, 11},
    {"math.sqrt", &StepWork::squareRoots, 18, 12},
};
/// Operations of the math dialect that are single instructions.
constexpr llvm::StringLiteral freeFunctions[] = {"math.absf",      "math.ceil",  "math.copysign",
                                                 "math.floor",     "math.round", "math.trunc",
                                                 "math.roundeven", "math.absi"};

/// More would take seconds.
constexpr std::int64_t visitLimit = std::int64_t(1) << 24;
/// Functions are not recursive; a dump's may be.
constexpr int depthLimit = 16;

struct Known {
  double ready = 0;                    ///< cycles
  std::optional<std::int64_t> integer; ///< its value, of integers that can be told
};
using KnownList = llvm::SmallVector<Known>;

/// Times of what has been stored in a buffer, by flat index.
struct Buffer {
  llvm::DenseMap<std::int64_t, double> elements;
  double latest = 0;
};

std::int64_t countElements(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasStaticShape() ? shaped.getNumElements() : 1;
}

class Flow {
public:
  explicit Flow(ModuleOp module) : module(module) {
    for (const Row &row : rows)
      priced[OperationName(row.operation, module.getContext())] = &row;
    for (llvm::StringRef name : freeFunctions)
      priced[OperationName(name, module.getContext())] = nullptr;
  }

  /// Binds the arguments of a block and walks it; returns what its terminator hands on.
  KnownList run(Block &block, ArrayRef<Known> arguments);
  void visit(Operation &op);
  KnownList known(ValueRange values);
  bool failed() const { return visits > visitLimit || depth > depthLimit; }

  StepWork work;

private:
  void bind(ValueRange values, ArrayRef<Known> known);
  bool visitControlFlow(Operation &op);
  bool visitMemory(Operation &op);
  void visitFor(scf::ForOp loop);
  void visitIf(scf::IfOp branch);
  void visitCall(func::CallOp call);
  void visitArithmetic(Operation &op);
  std::optional<std::int64_t> integerOf(Operation &op);
  const Row *rowOf(Operation &op, bool &isCall);
  std::int64_t weight(Region &region);
  std::optional<std::int64_t> flatIndex(MemRefType type, ArrayRef<Known> indices);

  ModuleOp module;
  llvm::DenseMap<OperationName, const Row *> priced;
  llvm::DenseMap<Value, Known> environment;
  llvm::DenseMap<Value, Buffer> buffers;
  llvm::DenseMap<Region *, std::int64_t> weights;
  std::int64_t visits = 0;
  int depth = 0;
};

KnownList Flow::known(ValueRange values) {
  KnownList list;
  for (Value value : values)
    list.push_back(environment.lookup(value));
  return list;
}

void Flow::bind(ValueRange values, ArrayRef<Known> known) {
  for (auto [value, what] : llvm::zip(values, known))
    environment[value] = what;
}

KnownList Flow::run(Block &block, ArrayRef<Known> arguments) {
  bind(block.getArguments(), arguments);
  ++visits;
  for (Operation &op : block.without_terminator()) {
    if (++visits > visitLimit)
      return {};
    visit(op);
  }
  Operation *end = block.getTerminator();
  // The first operand of scf.condition decides, and is predicted.
  return known(isa<scf::ConditionOp>(end) ? end->getOperands().drop_front() : end->getOperands());
}

void Flow::visit(Operation &op) {
  if (visitControlFlow(op) || visitMemory(op))
    return;
  visitArithmetic(op);
}

bool Flow::visitControlFlow(Operation &op) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    visitFor(loop);
  else if (auto branch = dyn_cast<scf::IfOp>(op))
    visitIf(branch);
  else if (auto call = dyn_cast<func::CallOp>(op))
    visitCall(call);
  else if (auto loop = dyn_cast<scf::WhileOp>(op)) // nobody knows how often
    bind(loop.getResults(), run(*loop.getBeforeBody(), known(loop.getInits())));
  else
    return false;
  return true;
}

void Flow::visitFor(scf::ForOp loop) {
  KnownList carried = known(loop.getInitArgs());
  auto bound = [&](Value value) { return environment.lookup(value).integer; };
  auto lower = bound(loop.getLowerBound()), upper = bound(loop.getUpperBound());
  auto step = bound(loop.getStep());
  // In 128 bits, which no counter leaves.
  if (lower && upper && step && *step > 0)
    for (__int128 i = *lower; i < *upper && !failed(); i += *step) {
      KnownList arguments{{0, static_cast<std::int64_t>(i)}};
      arguments.append(carried);
      carried = run(*loop.getBody(), arguments);
    }
  bind(loop.getResults(), carried);
}

/// Operations of a region as it stands, to tell which side of a branch has fewer.
std::int64_t Flow::weight(Region &region) {
  auto [entry, isNew] = weights.try_emplace(&region, 0);
  if (!isNew)
    return entry->second;
  std::int64_t count = 0;
  region.walk([&](Operation *op) {
    bool isCall = false;
    count += rowOf(*op, isCall) != nullptr || isCall || isa<func::CallOp>(op);
  });
  return weights[&region] = count;
}

void Flow::visitIf(scf::IfOp branch) {
  Region &first = branch.getThenRegion(), &second = branch.getElseRegion();
  auto condition = environment.lookup(branch.getCondition()).integer;
  bool takesFirst = condition ? *condition != 0 : weight(first) <= weight(second);
  Region &taken = takesFirst ? first : second;
  if (!taken.empty())
    bind(branch.getResults(), run(taken.front(), {}));
}

void Flow::visitCall(func::CallOp call) {
  auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
  if (!callee || callee.isExternal()) {
    ++work.calls;
    return visitArithmetic(*call);
  }
  if (++depth <= depthLimit) {
    bind(call.getResults(), run(callee.getBody().front(), known(call.getOperands())));
    --depth;
  }
}

std::optional<std::int64_t> Flow::flatIndex(MemRefType type, ArrayRef<Known> indices) {
  if (!type.hasStaticShape())
    return std::nullopt;
  std::int64_t flat = 0;
  for (auto [extent, index] : llvm::zip(type.getShape(), indices)) {
    if (!index.integer || *index.integer < 0 || *index.integer >= extent)
      return std::nullopt;
    flat = flat * extent + *index.integer;
  }
  return flat;
}

/// Loads and stores, of scalars or of vectors along the last dimension: the memory hands times on.
bool Flow::visitMemory(Operation &op) {
  Value memory;
  KnownList indices;
  Known stored;
  for (Value operand : op.getOperands()) {
    if (isa<MemRefType>(operand.getType()))
      memory = operand;
    else if (operand.getType().isIndex())
      indices.push_back(environment.lookup(operand));
    else
      stored.ready = std::max(stored.ready, environment.lookup(operand).ready);
  }
  if (!memory)
    return false;
  if (auto read = dyn_cast<ReadOp>(op))
    indices.push_back({0, static_cast<std::int64_t>(read.getOffset())});
  else if (auto write = dyn_cast<WriteOp>(op))
    indices.push_back({0, static_cast<std::int64_t>(write.getOffset())});
  Buffer &buffer = buffers[memory];
  auto start = flatIndex(cast<MemRefType>(memory.getType()), indices);
  if (op.getNumResults() == 0) {
    std::int64_t count = countElements(op.getOperand(0).getType());
    for (std::int64_t i = 0; start && i < count; ++i)
      buffer.elements[*start + i] = stored.ready;
    buffer.latest = std::max(buffer.latest, stored.ready);
    return true;
  }
  double ready = start ? 0 : buffer.latest;
  std::int64_t count = countElements(op.getResult(0).getType());
  for (std::int64_t i = 0; start && i < count; ++i)
    ready = std::max(ready, buffer.elements.lookup(*start + i));
  for (Value result : op.getResults())
    environment[result] = {ready, std::nullopt};
  return true;
}

const Row *Flow::rowOf(Operation &op, bool &isCall) {
  auto row = priced.find(op.getName());
  isCall = row == priced.end() && op.getName().getDialectNamespace() == "math";
  if (row == priced.end() || row->second == nullptr)
    return nullptr;
  // The code generator drops the factor 1 that some tableaux have.
  if (isa<arith::MulFOp>(op) && llvm::any_of(op.getOperands(), [](Value factor) {
        return matchPattern(factor, m_OneFloat());
      }))
    return nullptr;
  return row->second;
}

void Flow::visitArithmetic(Operation &op) {
  if (op.getNumResults() == 0)
    return;
  Known result;
  // Conditions are predicted: nothing waits for them.
  for (Value operand : op.getOperands().drop_front(isa<arith::SelectOp>(op) ? 1 : 0))
    result.ready = std::max(result.ready, environment.lookup(operand).ready);
  Type type = op.getResult(0).getType();
  bool isCall = false;
  if (const Row *row = rowOf(op, isCall)) {
    work.*row->counter += countElements(type);
    result.ready += getElementTypeOrSelf(type).isF32() ? row->cycles32 : row->cycles64;
  } else if (isCall) {
    work.calls += countElements(type);
  }
  result.integer = integerOf(op);
  for (Value value : op.getResults())
    environment[value] = result;
}

/// The value of integer operations that loop bounds, indices and conditions are made of.
std::optional<std::int64_t> Flow::integerOf(Operation &op) {
  llvm::APInt constant;
  if (matchPattern(&op, m_ConstantInt(&constant)))
    return constant.getSignificantBits() > 64 ? std::nullopt
                                              : std::optional(constant.getSExtValue());
  auto operand = [&](unsigned i) { return environment.lookup(op.getOperand(i)).integer; };
  if (auto lookup = dyn_cast<LookupOp>(op)) {
    auto table = dyn_cast<DenseIntElementsAttr>(lookup.getTable());
    auto index = operand(0);
    if (!table || !index || *index < 0 || *index >= table.getNumElements())
      return std::nullopt;
    return table.getValues<llvm::APInt>()[*index].getSExtValue();
  }
  if (isa<arith::IndexCastOp>(op))
    return operand(0);
  if (op.getNumOperands() != 2)
    return std::nullopt;
  auto a = operand(0), b = operand(1);
  if (!a || !b)
    return std::nullopt;
  llvm::APInt x(64, *a, true), y(64, *b, true);
  if (isa<arith::AddIOp>(op))
    return (x + y).getSExtValue();
  if (isa<arith::SubIOp>(op))
    return (x - y).getSExtValue();
  if (isa<arith::MulIOp>(op))
    return (x * y).getSExtValue();
  if (isa<arith::FloorDivSIOp>(op))
    return evaluateIndex(&op, {*a, *b});
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    return arith::applyCmpPredicate(compare.getPredicate(), x, y);
  return std::nullopt;
}

/// The cycles that a step adds: growth, over steps behind the first ones, of the value that the
/// loop carries whose time grows fastest. That is the largest mean of a cycle of dependences.
constexpr int settlingSteps = 4, measuredSteps = 4;

} // namespace

std::optional<StepWork> countWork(ModuleOp module) {
  auto kernel = module.lookupSymbol<func::FuncOp>(kernelSymbol);
  if (!kernel || kernel.isExternal())
    return std::nullopt;
  auto loops = kernel.getBody().front().getOps<scf::WhileOp>();
  if (loops.empty())
    return std::nullopt;
  scf::WhileOp loop = *loops.begin();
  Flow flow(module);
  for (Operation &op : kernel.getBody().front()) {
    if (&op == loop)
      break;
    flow.visit(op);
  }
  KnownList carried(loop.getInits().size()), settled;
  for (int i = 0; i < settlingSteps + measuredSteps && !flow.failed(); ++i) {
    flow.work = {};
    for (Known &value : carried)
      value.integer.reset();
    carried = flow.run(*loop.getAfterBody(), flow.run(*loop.getBeforeBody(), carried));
    if (i + 1 == settlingSteps)
      settled = carried;
  }
  if (flow.failed())
    return std::nullopt;
  double cycles = 0;
  for (auto [late, early] : llvm::zip(carried, settled))
    cycles = std::max(cycles, (late.ready - early.ready) / measuredSteps);
  flow.work.chainCycles = cycles;
  return flow.work;
}

} // namespace deq::ir
