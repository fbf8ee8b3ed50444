// fuse: the body of the field (and of what a solve observes) replaces every evaluation in the step,
// so that stages and field become one piece of code. Cold evaluations (first slope, automatic first
// step) call one outlined copy instead: they run once per solve.

#include "Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

#include <map>
#include <tuple>

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

/// The elements at the positions that are set.
template <class Range> auto chosen(Range range, const std::vector<bool> &positions) {
  SmallVector<std::decay_t<decltype(*range.begin())>> result;
  for (auto [element, isChosen] : llvm::zip_equal(range, positions))
    if (isChosen)
      result.push_back(element);
  return result;
}

/// A copy of a body that returns some of its results.
struct Outlined {
  func::FuncOp function;
  std::vector<bool> reads; ///< the inputs that it has as arguments
};

/// For inputs of these types (an argument of kind memory stays a memref).
Outlined outline(const Evaluated &callee, TypeRange inputs, const std::vector<bool> &wanted) {
  OpBuilder builder(callee.operation());
  Location loc = callee.operation()->getLoc();
  auto type = builder.getFunctionType(inputs, chosen(callee.type().getResults(), wanted));
  auto function = builder.create<func::FuncOp>(loc, ("deq_" + callee.name()).str(), type);
  function.setPrivate();
  builder.setInsertionPointToStart(function.addEntryBlock());
  SmallVector<Value> results = cloneBody(builder, callee.body(), function.getArguments());
  builder.create<func::ReturnOp>(loc, chosen(ArrayRef<Value>(results), wanted));
  eraseDeadOperations(function);
  Outlined result{function, {}};
  llvm::BitVector unused;
  for (BlockArgument argument : function.getArguments()) {
    unused.push_back(argument.use_empty());
    result.reads.push_back(!argument.use_empty());
  }
  function.eraseArguments(unused);
  return result;
}

} // namespace

LogicalResult fuse(ModuleOp module) {
  SmallVector<EvalOp> evaluations;
  module.walk([&](EvalOp eval) { evaluations.push_back(eval); });
  SymbolTable symbols(module);
  // A copy for every set of results that somebody wants: a splitting method asks for one half of
  // the field at a time.
  std::map<std::tuple<Operation *, const void *, std::vector<bool>>, Outlined> outlined;
  for (EvalOp eval : evaluations) {
    Evaluated callee(eval, eval.getFieldAttr());
    OpBuilder builder(eval);
    if (eval.getOutlined()) {
      TypeRange inputs = eval.getInputs().getTypes();
      std::vector<bool> wanted;
      for (Value result : eval.getResults())
        wanted.push_back(!result.use_empty());
      Type type = builder.getFunctionType(inputs, {});
      Outlined &copy = outlined[{callee.operation(), type.getAsOpaquePointer(), wanted}];
      if (!copy.function) {
        copy = outline(callee, inputs, wanted);
        symbols.insert(copy.function);
      }
      auto call = builder.create<func::CallOp>(eval.getLoc(), copy.function,
                                               chosen(eval.getInputs(), copy.reads));
      for (auto [result, value] :
           llvm::zip_equal(chosen(eval.getResults(), wanted), call.getResults()))
        result.replaceAllUsesWith(value);
    } else {
      eval.replaceAllUsesWith(cloneBody(builder, callee.body(), eval.getInputs()));
    }
    eval.erase();
  }
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (isa<FieldOp, FunctionOp>(op))
      op.erase();
  eraseDeadOperations(module);
  return success();
}

} // namespace deq::ir
