// What every method needs to write out a step: evaluations of the field, loops over tables of
// coefficients, and the replacement of the step's results. Methods of all families derive from it.
#pragma once

#include "../Dialect/Deq.h"

namespace deq::ir {

using Leaves = SmallVector<Value>;

/// Reports what uses a step's interpolation data beside dense output and the judgement of
/// stiffness.
LogicalResult verifyStageUsers(StepOp step);

class StepExpansion {
public:
  StepExpansion(OpBuilder &builder, StepOp step)
      : loop(builder, step.getLoc(), cast<FloatType>(step.getH().getType()),
             cast<FloatType>(step.getT().getType())),
        step(step), y(step.getY()) {}
  virtual ~StepExpansion() = default;

protected:
  /// The field at a point. Evaluations that most steps do without are cold.
  Leaves evaluate(Value t, ValueRange z, bool cold);

  /// t + c*h, rounded once in the type of time; the step's own ends for c = 0 and c = 1.
  Value timeOf(double c);
  Value timeInside(Value c); ///< the same for any c, of that type

  // --- tables and loops over them ---

  Value index(int64_t value);
  Value lookup(ArrayRef<double> table, Value at) { return lookup(table, at, loop.real); }
  Value lookup(ArrayRef<double> table, Value at, FloatType type);
  Value lookup(ArrayRef<int64_t> table, Value at);
  /// A loop over [from, to) that carries leaves.
  Leaves repeat(Value from, Value to, ValueRange initial,
                llvm::function_ref<Leaves(Value, ValueRange)> body);

  // --- the end of an expansion ---

  void replace(ValueRange old, ValueRange with);
  /// Replaces the results of the step but its interpolation data, which has no uses left.
  void finish(ValueRange y1, ValueRange error, ValueRange state);
  /// Replaces every use of interpolation data: `extra` are values that only dense output needs, as
  /// many as some number of states, and `inside` is the row by means of them.
  void expandRows(llvm::function_ref<Leaves()> extra,
                  llvm::function_ref<Leaves(InterpolateOp row, ValueRange extra)> inside);

  LoopContext loop;
  StepOp step;
  Leaves y;
};

} // namespace deq::ir
