// fuse: the body of the field (and of what a solve observes) replaces every evaluation in the step,
// so that stages and field become one piece of code. Cold evaluations (first slope, automatic first
// step) call one outlined copy instead: they run once per solve.

#include "Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

namespace deq::ir {

namespace {

/// The body at the builder's insertion point; returns its results.
SmallVector<Value> cloneBody(OpBuilder &builder, Block &body, ValueRange inputs) {
  IRMapping map;
  for (auto [argument, input] : llvm::zip_equal(body.getArguments(), inputs)) {
    Value value = input;
    if (isa<MemRefType>(input.getType()))
      value = builder.create<ArgumentOp>(input.getLoc(), argument.getType(), input);
    map.map(argument, value);
  }
  for (Operation &op : body.without_terminator())
    builder.clone(op, map);
  SmallVector<Value> results;
  for (Value value : cast<YieldOp>(body.getTerminator()).getValues())
    results.push_back(map.lookupOrDefault(value));
  return results;
}

/// A function for inputs of these types (an argument of kind memory stays a memref).
func::FuncOp outline(const Evaluated &callee, TypeRange inputs) {
  OpBuilder builder(callee.operation());
  Location loc = callee.operation()->getLoc();
  auto type = builder.getFunctionType(inputs, callee.type().getResults());
  auto function = builder.create<func::FuncOp>(loc, ("deq_" + callee.name()).str(), type);
  function.setPrivate();
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> results = cloneBody(builder, callee.body(), function.getArguments());
  builder.create<func::ReturnOp>(loc, results);
  return function;
}

} // namespace

LogicalResult fuse(ModuleOp module) {
  SmallVector<EvalOp> evaluations;
  module.walk([&](EvalOp eval) { evaluations.push_back(eval); });
  SymbolTable symbols(module);
  llvm::DenseMap<std::pair<Operation *, Type>, func::FuncOp> outlined;
  for (EvalOp eval : evaluations) {
    Evaluated callee(eval, eval.getFieldAttr());
    OpBuilder builder(eval);
    if (eval.getCold()) {
      TypeRange inputs = eval.getInputs().getTypes();
      func::FuncOp &function = outlined[{callee.operation(), builder.getFunctionType(inputs, {})}];
      if (!function) {
        function = outline(callee, inputs);
        symbols.insert(function);
      }
      auto call = builder.create<func::CallOp>(eval.getLoc(), function, eval.getInputs());
      eval.replaceAllUsesWith(call.getResults());
    } else {
      eval.replaceAllUsesWith(cloneBody(builder, callee.body(), eval.getInputs()));
    }
    eval.erase();
  }
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (isa<FieldOp, FunctionOp>(op))
      op.erase();
  eliminateCommonSubexpressions(module);
  return success();
}

} // namespace deq::ir
