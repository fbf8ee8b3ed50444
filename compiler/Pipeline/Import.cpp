// Import of the graph: one operation per node, comprehensions as regions. Nodes are emitted in
// arena order, never by recursion over operands, so that a sum of 100,000 terms does not need
// 100,000 stack frames.

#include "Import.h"

#include "../Dialect/MathFunctions.h"
#include "../Target/Abi.h"
#include "Importer.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/Support/SaveAndRestore.h"

#include <algorithm>

namespace deq::ir {

namespace {

enum class Form { native, libm, composed };
struct Builtin {
  StringRef name;
  Form form;
};
/// Symbols of the functions of what a solve observes, by their kind.
constexpr llvm::StringLiteral observableSymbols[] = {"saved", "events", "limit"};
static_assert(std::size(observableSymbols) == Observable::kinds);

constexpr Builtin builtins[] = {
#define BUILTIN(name, arity, form, symbol) {#name, Form::form},
#include "deq/builtins.def"
};

} // namespace

Importer::Importer(MLIRContext &context, const Problem &problem)
    : b(&context), graph(problem.field), declared(problem.signature.arguments),
      real(isSingle(problem.signature.dtype) ? b.getF32Type() : b.getF64Type()),
      time(pairsTimes(problem.signature.dtype) ? b.getF32Type() : b.getF64Type()) {
  for (const std::string &name : problem.files)
    files.push_back(StringAttr::get(&context, name));
}

void Importer::importField() {
  if (time != real)
    findDependences();
  SmallVector<Type> inputs{time}, results;
  for (const Leaf &leaf : graph.state)
    results.push_back(leafType(leaf.shape));
  llvm::append_range(inputs, results);
  // The signature's shapes: a table is a scalar in the graph. Scalars have the precision of time:
  // one that a time is compared with may be the time of a jump, which the steps know exactly.
  for (const Argument &argument : declared)
    inputs.push_back(argument.leaf.shape.empty() ? time : leafType(argument.leaf.shape));
  inputs.append(graph.literals.size(), time);
  auto field =
      b.create<FieldOp>(location(graph.at), fieldSymbol, b.getFunctionType(inputs, results));
  emitBody(field, inputs, graph.derivatives);
  for (auto [symbol, results] : llvm::zip_equal(observableSymbols, graph.observables))
    importFunction(symbol, inputs, results);
}

void Importer::importFunction(StringRef symbol, ArrayRef<Type> inputs, ArrayRef<NodeId> results) {
  if (results.empty())
    return;
  SmallVector<Type> types;
  for (NodeId id : results)
    types.push_back(typeOf(graph.nodes[id]));
  auto function =
      b.create<FunctionOp>(location(graph.at), symbol, b.getFunctionType(inputs, types));
  emitBody(function, inputs, results);
}

void Importer::emitBody(Operation *owner, ArrayRef<Type> inputs, ArrayRef<NodeId> results) {
  Block *body = b.createBlock(&owner->getRegion(0));
  for (Type input : inputs)
    body->addArgument(input, owner->getLoc());
  arguments = body->getArguments();
  for (std::vector<Value> &list : values)
    list.assign(dependences.empty() && &list != values.data() ? 0 : graph.nodes.size(), {});
  samples.clear();
  variables.clear();
  carried.clear();
  emitNeeded(results, 0);
  SmallVector<Value> yielded;
  for (NodeId id : results)
    yielded.push_back(valueOf(id));
  b.create<YieldOp>(owner->getLoc(), yielded);
  b.setInsertionPointAfter(owner);
}

Type Importer::leafType(const Shape &shape) {
  return shape.empty() ? Type(real) : RankedTensorType::get(shape, real);
}

Type Importer::typeOf(const Node &node) {
  Type scalar = node.kind == Kind::boolean ? b.getI1Type()
                : node.kind == Kind::index ? Type(b.getIndexType())
                                           : Type(element());
  return node.shape.empty() ? scalar : RankedTensorType::get(node.shape, scalar);
}

Location Importer::location(Position at) {
  if (at.line <= 0 || at.file >= static_cast<int>(files.size()))
    return b.getUnknownLoc();
  return FileLineColLoc::get(files[at.file], at.line, at.column);
}

SmallVector<Importer::Computed> Importer::emitNeeded(ArrayRef<NodeId> roots, int depth) {
  SmallVector<Computed> stack, needed;
  llvm::DenseSet<int64_t> seen;
  auto need = [&](NodeId id, bool user) {
    if (id != noNode)
      stack.emplace_back(id, isWide(id, user));
  };
  for (NodeId id : roots)
    need(id, wide);
  while (!stack.empty()) {
    auto [id, inWide] = stack.pop_back_val();
    if (values[inWide][id] || graph.nodes[id].depth < depth ||
        !seen.insert(2 * int64_t(id) + inWide).second)
      continue;
    const Node &node = graph.nodes[id];
    if (node.depth == depth)
      needed.emplace_back(id, inWide);
    for (NodeId operand : operandsOf(node, inWide))
      need(operand, inWide);
    if (hasRegion(node)) {
      const deq::Region &region = graph.regions[node.attr];
      need(region.result, inWide);
      need(region.filter, inWide);
    }
  }
  llvm::sort(needed);
  for (auto [id, inWide] : needed) {
    llvm::SaveAndRestore precision(wide, inWide);
    values[inWide][id] = emit(graph.nodes[id]);
  }
  return needed;
}

std::optional<std::pair<NodeId, NodeId>> Importer::factors(NodeId id) const {
  const Node *node = &graph.nodes[id];
  if (node->op == GraphOp::broadcast)
    node = &graph.nodes[node->operands[0]];
  if (!isProduct(*node))
    return std::nullopt;
  return std::pair(node->operands[0], node->operands[1]);
}

int Importer::fusedOperand(const Node &node, bool inWide) const {
  if (node.op != GraphOp::add && node.op != GraphOp::sub)
    return -1;
  bool first = factors(node.operands[0]).has_value(),
       second = factors(node.operands[1]).has_value();
  // A product in f64 that is added to the state is rounded first.
  if (first == second || isWide(node.operands[second], inWide) != inWide)
    return -1;
  return second;
}

SmallVector<NodeId> Importer::operandsOf(const Node &node, bool inWide) const {
  int fused = fusedOperand(node, inWide);
  if (fused < 0)
    return SmallVector<NodeId>(node.operands.begin(), node.operands.end());
  auto [x, y] = *factors(node.operands[fused]);
  return {x, y, node.operands[1 - fused]};
}

Value Importer::emitFused(const Node &node, int fused) {
  Location loc = location(node.at);
  auto [xId, yId] = *factors(node.operands[fused]);
  Type type = typeOf(node);
  Value x = like(valueOf(xId), type), y = like(valueOf(yId), type);
  Value c = valueOf(node.operands[1 - fused]);
  if (node.op == GraphOp::sub) {
    if (fused == 0)
      c = b.create<arith::NegFOp>(loc, c);
    else
      x = b.create<arith::NegFOp>(loc, x);
  }
  return b.create<math::FmaOp>(loc, x, y, c);
}

Value Importer::like(Value value, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || isa<RankedTensorType>(value.getType()))
    return value;
  return b.create<tensor::SplatOp>(value.getLoc(), value,
                                   cast<RankedTensorType>(tensor.clone(value.getType())));
}

Value Importer::realConstant(Location loc, double value, Type type) {
  Value scalar =
      b.create<arith::ConstantOp>(loc, b.getFloatAttr(getElementTypeOrSelf(type), value));
  return like(scalar, type);
}

Value Importer::emitArgument(Location loc, int64_t position) {
  Value argument = arguments[1 + graph.state.size() + position];
  int degree = declared[position].degree;
  if (degree < 0)
    return argument;
  Value &sample = samples[position];
  if (!sample)
    sample = b.create<SampleOp>(loc, time, argument, arguments[0], degree);
  return sample;
}

Value Importer::emit(const Node &node) {
  if (int fused = fusedOperand(node, wide); fused >= 0)
    return emitFused(node, fused);
  Location loc = location(node.at);
  Type type = typeOf(node);
  auto operand = [&](int i) { return valueOf(node.operands[i]); };
  switch (node.op) {
  case GraphOp::time:
    return arguments[0];
  case GraphOp::state:
    return arguments[1 + node.attr];
  case GraphOp::argument:
    return emitArgument(loc, node.attr);
  case GraphOp::literal:
    return arguments[1 + graph.state.size() + declared.size() + node.attr];
  case GraphOp::constant:
    return realConstant(loc, node.value, type);
  case GraphOp::broadcast:
    return like(operand(0), type);
  case GraphOp::neg:
    return b.create<arith::NegFOp>(loc, operand(0));
  case GraphOp::add:
    return b.create<arith::AddFOp>(loc, operand(0), operand(1));
  case GraphOp::sub:
    return b.create<arith::SubFOp>(loc, operand(0), operand(1));
  case GraphOp::mul:
    return b.create<arith::MulFOp>(loc, operand(0), operand(1));
  case GraphOp::div:
    return b.create<arith::DivFOp>(loc, operand(0), operand(1));
  case GraphOp::call:
    return emitCall(loc, node);
  case GraphOp::compare:
    return emitCompare(loc, node);
  case GraphOp::select:
    return b.create<arith::SelectOp>(loc, operand(0), operand(1), operand(2));
  case GraphOp::logicalAnd:
    return b.create<arith::AndIOp>(loc, operand(0), operand(1));
  case GraphOp::logicalOr:
    return b.create<arith::OrIOp>(loc, operand(0), operand(1));
  case GraphOp::logicalNot: {
    Value yes = b.create<arith::ConstantOp>(loc, b.getBoolAttr(true));
    return b.create<arith::XOrIOp>(loc, operand(0), like(yes, type));
  }
  default:
    return node.kind == Kind::index || node.op == GraphOp::indexToReal ? emitIndex(loc, node)
                                                                       : emitArray(loc, node);
  }
}

Value Importer::emitCall(Location loc, const Node &node) {
  const Builtin &builtin = builtins[node.attr];
  SmallVector<Value> operands;
  for (NodeId id : node.operands)
    operands.push_back(valueOf(id));
  if (builtin.form == Form::composed)
    return emitComposed(loc, builtin.name, operands);
  OperationState state(loc, builtin.form == Form::libm ? mathOperation(builtin.name)
                            : builtin.name == "abs"    ? std::string("math.absf")
                                                       : ("math." + builtin.name).str());
  state.addOperands(operands);
  state.addTypes(typeOf(node));
  return b.create(state)->getResult(0);
}

Value Importer::compareReal(Location loc, arith::CmpFPredicate predicate, Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, predicate, x, y);
}

Value Importer::emitComposed(Location loc, StringRef name, ArrayRef<Value> v) {
  using P = arith::CmpFPredicate;
  Type type = v[0].getType();
  if (name == "min" || name == "max") {
    Value better = compareReal(loc, name == "min" ? P::OLT : P::OGT, v[0], v[1]);
    Value isNan = compareReal(loc, P::UNO, v[0], v[0]);
    Value first = b.create<arith::OrIOp>(loc, better, isNan);
    return b.create<arith::SelectOp>(loc, first, v[0], v[1]);
  }
  if (name == "sign") {
    Value zero = realConstant(loc, 0.0, type);
    Value unit = b.create<math::CopySignOp>(loc, realConstant(loc, 1.0, type), v[0]);
    // x itself for zeros and NaN.
    Value nonzero = compareReal(loc, P::ONE, v[0], zero);
    return b.create<arith::SelectOp>(loc, nonzero, unit, v[0]);
  }
  Value squares = b.create<arith::MulFOp>(loc, v[1], v[1]);
  Value sum = b.create<math::FmaOp>(loc, v[0], v[0], squares);
  return b.create<math::SqrtOp>(loc, sum);
}

static Attribute attributeOf(MLIRContext *context, const Tableau &tableau) {
  return RKAttr::get(context, tableau);
}

static Attribute attributeOf(MLIRContext *context, const Splitting &splitting) {
  return SplitAttr::get(context, splitting);
}

static Attribute attributeOf(MLIRContext *context, const TwoStep &method) {
  return method.kind == TwoStep::Kind::leapfrogMidpoint ? Attribute(LeapfrogAttr::get(context))
                                                        : ReversibleHeunAttr::get(context);
}

static MethodInterface attributeOf(MLIRContext *context, const Method &method) {
  Attribute attribute =
      std::visit([&](const auto &data) { return attributeOf(context, data); }, method.data);
  return cast<MethodInterface>(attribute);
}

mlir::OwningOpRef<mlir::ModuleOp> importProblem(MLIRContext &context, const Problem &problem) {
  const Signature &signature = problem.signature;
  OpBuilder b(&context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(b.getUnknownLoc());
  setSignature(*module, signature);
  setValues(*module, problem.values);
  Importer importer(context, problem);
  importer.builder().setInsertionPointToEnd(module->getBody());
  importer.importField();

  Attribute control =
      signature.control == "constant"
          ? Attribute(ConstantAttr::get(&context))
          : Attribute(PidAttr::get(&context, signature.norm, signature.leafInputs()));
  if (signature.limit)
    control = LimitAttr::get(&context, control);
  if (signature.clip)
    control = ClipAttr::get(&context, control);
  const StringRef saves[] = {"end", "times", "steps", "times_and_steps", "dense"}; // as in SaveKind
  SmallVector<StringRef> kinds;
  for (const Argument &argument : signature.arguments)
    kinds.push_back(argument.kind == ArgumentKind::memory       ? "memory"
                    : argument.kind == ArgumentKind::trajectory ? "trajectory"
                                                                : "uniform");
  auto observed = [&](Observable::Kind kind) {
    return problem.field.observables[kind].empty()
               ? FlatSymbolRefAttr()
               : FlatSymbolRefAttr::get(&context, observableSymbols[kind]);
  };
  SmallVector<StringRef> directions;
  for (const Event &event : signature.events)
    directions.push_back(directionNames[static_cast<size_t>(event.direction)]);
  b.setInsertionPointToEnd(module->getBody());
  b.create<SolveOp>(b.getUnknownLoc(), solveSymbol, fieldSymbol,
                    attributeOf(&context, problem.method), cast<ControllerInterface>(control),
                    SaveAttr::get(&context, saves[static_cast<size_t>(signature.save)]),
                    signature.stages, b.getStrArrayAttr(kinds), observed(Observable::saved),
                    observed(Observable::events),
                    directions.empty() ? ArrayAttr() : b.getStrArrayAttr(directions),
                    observed(Observable::limit));
  return module;
}

} // namespace deq::ir
