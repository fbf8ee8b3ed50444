// The deq dialect: what arith, math, tensor and scf cannot say about solving differential equations.
// Attributes are the configurable parts of a solve (method, controller, save plan); operations are in DeqOps.td.
#ifndef DEQ_TD
#define DEQ_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"
include "mlir/IR/OpBase.td"
include "DeqInterfaces.td"

def Deq_Dialect : Dialect {
  let name = "deq";
  let cppNamespace = "::deq::ir";
  let summary = "Differential equations, their methods and their solves";
  let description = [{
    A module holds one `deq.field` (the vector field) and one `deq.solve` (what to do with it). The pipeline turns the
    solve into a function over a resumable loop (`deq.step`, `deq.interpolate`, `deq.save`), expands the method,
    inlines the field and unpacks arrays; after stage `unpacked` no operation of this dialect but `deq.save` is left.

    Arguments of a kernel function carry where their value comes from:
    `deq.uniform`, `deq.trajectory` (slot of that input block), `deq.memory` (position of the pointer),
    `deq.times`, `deq.clips`, `deq.frame` ("capacity", "rows", "budget"), `deq.state` (slot of the workspace),
    `deq.scratch` (first slot of a buffer in the workspace).
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::func::FuncDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::memref::MemRefDialect"];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

class Deq_Attr<string attrName, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Deq_Dialect, attrName, traits> {
  let mnemonic = attrMnemonic;
}

def Deq_RKAttr : Deq_Attr<"RK", "rk",
                         [DeclareAttrInterfaceMethods<Deq_MethodInterface, ["hasExtraStages", "sumTerms"]>]> {
  let summary = "An explicit Runge-Kutta tableau";
  let description = [{
    The coefficients of compiler/Methods/Tableau.h, printed exactly, so that a dump is self-contained. `a` has one row
    per stage; `p` one row per stage of the dense-output polynomials (theta^1, theta^2, ...); `e = b - bhat` is empty
    for a method without error estimate; `coarse_order`, `coarse_e` belong to a second estimate, where there is one; `q`
    is the polynomial that weighs y1 - y0 in dense output, where there is one. Rows of `a`, `c` and `p` beyond the length of `b` are extra stages, which only
    dense output needs. The verifier checks row sums, order conditions and the interpolant.

    ```mlir
    #heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                    c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "int64_t":$order, "int64_t":$errorOrder,
                    "int64_t":$interpolantOrder, "::mlir::DenseF64ArrayAttr":$a,
                    "::mlir::DenseF64ArrayAttr":$b, "::mlir::DenseF64ArrayAttr":$c,
                    "::mlir::DenseF64ArrayAttr":$e, "int64_t":$coarseOrder,
                    "::mlir::DenseF64ArrayAttr":$coarse, "::mlir::DenseF64ArrayAttr":$p,
                    "::mlir::DenseF64ArrayAttr":$q);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static RKAttr get(::mlir::MLIRContext *context, const ::deq::Tableau &tableau);
    ::deq::Tableau tableau() const;
  }];
}

def Deq_SplitAttr
    : Deq_Attr<"Split", "split", [DeclareAttrInterfaceMethods<Deq_MethodInterface, ["hasExtraStages"]>]> {
  let summary = "A splitting method: kicks and drifts";
  let description = [{
    The coefficients of compiler/Methods/Splitting.h, printed exactly. `positions` are the leaves that drift, q' = g(t, v);
    the others are kicked, v' = f(t, q). Evaluations are of the whole field; the results that one half does not use are
    gone after `fuse`. Reading an attribute checks its order conditions.

    ```mlir
    #verlet = #deq.split<"velocity_verlet", order = 2, drift = [1.0], kick = [0.5, 0.5], positions = [0]>
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "int64_t":$order, "::mlir::DenseF64ArrayAttr":$drift,
                    "::mlir::DenseF64ArrayAttr":$kick, "::mlir::DenseI64ArrayAttr":$positions);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static SplitAttr get(::mlir::MLIRContext *context, const ::deq::Splitting &splitting);
    ::deq::Splitting splitting() const;
  }];
}

def Deq_LeapfrogAttr
    : Deq_Attr<"Leapfrog", "leapfrog_midpoint", [DeclareAttrInterfaceMethods<Deq_MethodInterface>]> {
  let summary = "The leapfrog midpoint method: y1 = y_(-1) + (h_(-1) + h) f(t0, y0)";
  let description = "Its state is the point before and the length of the step from there, 0 at the start.";
}

def Deq_ReversibleHeunAttr
    : Deq_Attr<"ReversibleHeun", "reversible_heun",
               [DeclareAttrInterfaceMethods<Deq_MethodInterface, ["restartPoint"]>]> {
  let summary = "The reversible Heun method";
  let description = [{
    Its state is a second point z and the field's slope there: z1 = 2 y0 - z0 + h f(z0), y1 = y0 + h/2 (f(z0) + f(z1)).
    After a jump of the field the slope at z is computed anew.
  }];
}

def Deq_PidAttr : Deq_Attr<"Pid", "pid", [DeclareAttrInterfaceMethods<Deq_ControllerInterface, ["readsPerLeaf"]>]> {
  let summary = "PID step-size control on the error norm";
  let description = [{
    All gains, tolerances and limits are values (inputs of the kernel); only the norm is structure, and what the
    kernel reads per state leaf (LeafInputs.def): absolute tolerances (`leaf_atol`), weights of the error
    (`leaf_weights`).

    ```mlir
    #deq.pid<"rms">
    #deq.pid<"max", leaf_atol, leaf_weights>
    ```
    phi = safety * eps^beta1 * eps1^beta2 * eps2^beta3 with eps the inverse of the scaled error and eps1, eps2 those of
    the two accepted steps before (G. Soderlind, ACM TOMS 29 (2003)).
  }];
  let parameters = (ins StringRefParameter<"rms | max">:$norm, "unsigned":$perLeaf);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Deq_ConstantAttr
    : Deq_Attr<"Constant", "constant", [DeclareAttrInterfaceMethods<Deq_ControllerInterface>]> {
  let summary = "Constant steps: step m ends at t0 + m*dt, the last one at t1";
}

def Deq_LimitAttr
    : Deq_Attr<"Limit", "limit",
               [DeclareAttrInterfaceMethods<Deq_ControllerInterface, ["readsLimit", "readsPerLeaf"]>]> {
  let summary = "Another controller whose steps are no longer than the solve's `limit` where they begin";
  let description = [{
    With L the value of the limit's function at (t, y), the inner controller plans the step from t with dt_max and
    dt_min at most L, and constant steps with at most L from wherever the last one ended. NaN is no limit; one that is
    not above 0 ends the solve, because t + L is not after t.

    ```mlir
    #deq.limit<#deq.pid<"rms">>
    ```
  }];
  let parameters = (ins "::mlir::Attribute":$inner);
  let assemblyFormat = "`<` $inner `>`";
  let genVerifyDecl = 1;
}

def Deq_ClipAttr
    : Deq_Attr<"Clip", "clip",
               [DeclareAttrInterfaceMethods<Deq_ControllerInterface, ["readsClips", "emitResume", "readsLimit", "readsPerLeaf", "emitEnds"]>]> {
  let summary = "Another controller whose steps end at given times";
  let description = [{
    A step that would reach beyond the next time of the caller's list ends there, and the one after it has at least the
    length that was cut off. At a time marked as a jump the field is evaluated just before it at the end of one step and
    just after it at the start of the next, and slopes that the method keeps are computed anew.
  }];
  let parameters = (ins "::mlir::Attribute":$inner);
  let assemblyFormat = "`<` $inner `>`";
  let genVerifyDecl = 1;
}

def Deq_SaveAttr : Deq_Attr<"Save", "save"> {
  let summary = "Structure of the output";
  let description = [{
    `end`: no interior rows; `times`: rows at listed times; `steps`: every n-th accepted step; `dense`: both, and rows
    have dy/dt behind everything else, that of the interpolant at listed times, NaN elsewhere.
  }];
  let parameters = (ins StringRefParameter<"end | times | steps | times_and_steps | dense">:$kind);
  let assemblyFormat = "`<` $kind `>`";
  let extraClassDeclaration = [{
    bool writesDerivatives() const { return getKind() == "dense"; }
    bool listsTimes() const { return getKind() != "end" && getKind() != "steps"; }
    bool countsSteps() const { return getKind() != "end" && getKind() != "times"; }
  }];
  let genVerifyDecl = 1;
}

def Deq_StagesType : TypeDef<Deq_Dialect, "Stages"> {
  let mnemonic = "stages";
  let summary = "Interpolation data of one step";
  let description = "Opaque until expand-step, which decides whether it is values (unroll) or memory (scan).";
}

#endif // DEQ_TD
