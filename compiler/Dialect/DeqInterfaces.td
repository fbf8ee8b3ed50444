// Interfaces of the exchangeable parts of a solve: the method and the step-size controller.
// Explicit Runge-Kutta is the first method, not the shape of the interface: whatever a method carries from step to step
// (a first-same-as-last slope, later a Jacobian, factors, a multistep history) is its state.
#ifndef DEQ_INTERFACES_TD
#define DEQ_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Deq_MethodInterface : AttrInterface<"MethodInterface"> {
  let cppNamespace = "::deq::ir";
  let description = "A one-step method: (t0, h, y, state, args) -> (y1, error, state', stages, outcome).";
  let methods = [
    InterfaceMethod<"Name of the method", "::llvm::StringRef", "methodName">,
    InterfaceMethod<"Error estimates of a step: none, one, or a second, coarser one behind the first", "unsigned",
                    "errorEstimates">,
    InterfaceMethod<"Appends the types of the state carried from step to step", "void", "stateTypes",
                    (ins "::mlir::TypeRange":$y, "::llvm::SmallVectorImpl<::mlir::Type> &":$types)>,
    InterfaceMethod<"Emits the state before the first step, and at the other side of a jump of the field. `point` is y0 "
                    "or `restartPoint`, `slope` the field there, if it is needed", "void", "emitInitialState",
                    (ins "::deq::ir::LoopContext &":$loop, "::mlir::ValueRange":$point, "::mlir::ValueRange":$slope,
                         "::llvm::SmallVectorImpl<::mlir::Value> &":$state)>,
    InterfaceMethod<"Whether the initial state needs the slope", "bool", "needsFirstSlope">,
    InterfaceMethod<"The point from which the state starts anew after a jump", "::mlir::ValueRange", "restartPoint",
                    (ins "::mlir::ValueRange":$y, "::mlir::ValueRange":$state), "", [{ (void)state; return y; }]>,
    InterfaceMethod<"h*|lambda| from which stability limits a step, 0 if a step does not tell it", "double",
                    "stabilityBound">,
    InterfaceMethod<"Whether interpolation needs stages that a step does not: those of `deq.extend`", "bool",
                    "hasExtraStages", (ins), "", [{ return false; }]>,
    InterfaceMethod<"Products of coefficients and slopes in a step, per number of the state", "int64_t", "sumTerms",
                    (ins), "", [{ return 4; }]>,
    InterfaceMethod<"Replaces a `deq.step` and the uses of its stages by field evaluations and sums",
                    "::llvm::LogicalResult", "expandStep",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Operation *":$step)>,
  ];
}

def Deq_ControllerInterface : AttrInterface<"ControllerInterface"> {
  let cppNamespace = "::deq::ir";
  let description = [{
    Step-size control. The loop carries the controller's state; `LoopContext` (Transforms/LoopContext.h) gives inputs
    and builders.
  }];
  let methods = [
    InterfaceMethod<"Whether it needs the method's error estimate", "bool", "needsError">,
    InterfaceMethod<"What it reads per state leaf: inputs of the kernel after Inputs.def's", "::deq::LeafInputs",
                    "readsPerLeaf", (ins), "", [{ return 0; }]>,
    InterfaceMethod<"Emits the controller's state and the end of the first step", "void", "emitInitial",
                    (ins "::deq::ir::LoopContext &":$loop, "::deq::ir::StepPlan &":$plan)>,
    InterfaceMethod<"Appends the types of the values it carries from step to step", "void", "stateTypes",
                    (ins "::mlir::FloatType":$real, "::mlir::FloatType":$time,
                         "::llvm::SmallVectorImpl<::mlir::Type> &":$types)>,
    InterfaceMethod<"Plans the next step of a saved state anew, because the given times ahead may have changed",
                    "void", "emitResume", (ins "::deq::ir::LoopContext &":$loop, "::deq::ir::StepPlan &":$plan),
                    "", [{ (void)loop; (void)plan; }]>,
    InterfaceMethod<"Emits the length of the step about to be tried", "::mlir::Value", "emitStepSize",
                    (ins "::deq::ir::LoopContext &":$loop, "const ::deq::ir::StepPlan &":$plan)>,
    InterfaceMethod<"Judges a step and plans the next one", "::deq::ir::Verdict", "emitControl",
                    (ins "::deq::ir::LoopContext &":$loop, "const ::deq::ir::StepPlan &":$plan,
                         "const ::deq::ir::Attempt &":$attempt)>,
    InterfaceMethod<"Whether it reads the caller's list of times at which steps end", "bool", "readsClips",
                    (ins), "", [{ return false; }]>,
    InterfaceMethod<"Whether its steps are no longer than the solve's `limit`", "bool", "readsLimit",
                    (ins), "", [{ return false; }]>,
    InterfaceMethod<"Emits the times that the field is given at the ends of the step", "::deq::ir::StepEnds",
                    "emitEnds", (ins "::deq::ir::LoopContext &":$loop, "const ::deq::ir::StepPlan &":$plan),
                    "", [{ (void)loop; return {plan.t.hi, plan.next.hi}; }]>,
  ];
}

#endif // DEQ_INTERFACES_TD
