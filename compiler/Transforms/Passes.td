// Index of the compiler: every pass, in pipeline order. Each has a file of its name and a test pair of its name.
#ifndef DEQ_PASSES_TD
#define DEQ_PASSES_TD

include "mlir/Pass/PassBase.td"

class Deq_Pass<string flag> : Pass<"deq-" # flag, "::mlir::ModuleOp">;

def ExpandSolve : Deq_Pass<"expand-solve"> {
  let summary = "deq.solve to a resumable kernel function around a loop of deq.step";
}
def ExpandStep : Deq_Pass<"expand-step"> {
  let summary = "deq.step and deq.interpolate to evaluations of the field and sums of slopes";
}
def Fuse : Deq_Pass<"fuse"> {
  let summary = "the field into the stages; cold evaluations into one shared function";
}
def Unpack : Deq_Pass<"unpack"> {
  let summary = "arrays to packs and scalars";
}
def LowerToLLVM : Deq_Pass<"lower-to-llvm"> {
  let summary = "unpacked code to the LLVM dialect, arguments to loads from the caller's frame";
}

#endif // DEQ_PASSES_TD
