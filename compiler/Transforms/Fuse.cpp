// fuse: the field's body replaces every evaluation in the step, so that stages and field become one
// piece of code. Cold evaluations (first slope, automatic first step) call one outlined copy
// instead: they run once per solve.

#include "Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

namespace deq::ir {

namespace {

/// The field's body at the builder's insertion point; returns the derivatives.
SmallVector<Value> cloneBody(OpBuilder &builder, FieldOp field, ValueRange inputs) {
  IRMapping map;
  Block &body = field.getBody().front();
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

/// A function of the field for inputs of these types (an argument of kind memory stays a memref).
func::FuncOp outline(FieldOp field, TypeRange inputs) {
  OpBuilder builder(field);
  auto type = builder.getFunctionType(inputs, field.getFunctionType().getResults());
  auto function = builder.create<func::FuncOp>(field.getLoc(), "deq_field", type);
  function.setPrivate();
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> results = cloneBody(builder, field, function.getArguments());
  builder.create<func::ReturnOp>(field.getLoc(), results);
  return function;
}

} // namespace

LogicalResult fuse(ModuleOp module) {
  SmallVector<EvalOp> evaluations;
  module.walk([&](EvalOp eval) { evaluations.push_back(eval); });
  SymbolTable symbols(module);
  llvm::DenseMap<std::pair<Operation *, Type>, func::FuncOp> outlined;
  for (EvalOp eval : evaluations) {
    auto field = SymbolTable::lookupNearestSymbolFrom<FieldOp>(eval, eval.getFieldAttr());
    OpBuilder builder(eval);
    if (eval.getCold()) {
      TypeRange inputs = eval.getInputs().getTypes();
      func::FuncOp &function = outlined[{field, builder.getFunctionType(inputs, {})}];
      if (!function) {
        function = outline(field, inputs);
        symbols.insert(function);
      }
      auto call = builder.create<func::CallOp>(eval.getLoc(), function, eval.getInputs());
      eval.replaceAllUsesWith(call.getResults());
    } else {
      eval.replaceAllUsesWith(cloneBody(builder, field, eval.getInputs()));
    }
    eval.erase();
  }
  for (FieldOp field : llvm::make_early_inc_range(module.getOps<FieldOp>()))
    field.erase();
  eliminateCommonSubexpressions(module);
  return success();
}

} // namespace deq::ir
