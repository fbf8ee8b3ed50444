// expand-step: asks the method of every `deq.step` to write itself out.
// The methods know how (RungeKutta.cpp); this file only finds the steps.

#include "Passes.h"

namespace deq::ir {

LogicalResult expandStep(ModuleOp module) {
  SmallVector<StepOp> steps;
  module.walk([&](StepOp step) { steps.push_back(step); });
  OpBuilder builder(module.getContext());
  for (StepOp step : steps)
    if (failed(step.getMethod().expandStep(builder, step)))
      return failure();
  return success();
}

} // namespace deq::ir
