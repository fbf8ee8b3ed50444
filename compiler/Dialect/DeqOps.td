// Operations of the deq dialect, in the order in which the pipeline removes them.
#ifndef DEQ_OPS_TD
#define DEQ_OPS_TD

include "Deq.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

class Deq_Op<string mnemonic, list<Trait> traits = []> : Op<Deq_Dialect, mnemonic, traits>;

def Deq_Real : AnyTypeOf<[F32, F64]>;
/// A leaf of the state tree or of the arguments: a scalar or a static array of reals.
def Deq_Leaf : AnyTypeOf<[F32, F64, StaticShapeTensorOf<[F32, F64]>]>;
/// What a function of (t, y, args) gives: a leaf or a truth value.
def Deq_Observed : AnyTypeOf<[F32, F64, I1, StaticShapeTensorOf<[F32, F64]>]>;

//===--------------------------------------------------------------------------------------------------------------===//
// Field and solve
//===--------------------------------------------------------------------------------------------------------------===//

def Deq_FieldOp : Deq_Op<"field", [IsolatedFromAbove, Symbol, SingleBlock,
                                   DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "vector field dy/dt = f(t, y, args)";
  let description = [{
    A pure function of time, the state leaves and the arguments: declared ones, then one per literal of the text. Results:
    a derivative per state leaf. All have one element type; if that is f32, time and scalar arguments may be f64.

    ```mlir
    deq.field @decay : (f64, f64, f64) -> f64 {
    ^bb0(%t: f64, %y: f64, %k: f64):
      %0 = arith.mulf %k, %y : f64
      deq.yield %0 : f64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `:` $function_type $body attr-dict";
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    unsigned stateCount() { return getFunctionType().getNumResults(); }
    ::mlir::TypeRange stateTypes() { return getFunctionType().getResults(); }
    ::mlir::TypeRange argumentTypes() { return getFunctionType().getInputs().drop_front(1 + stateCount()); }
    /// Of state, arguments and derivatives.
    ::mlir::FloatType elementType() {
      return ::llvm::cast<::mlir::FloatType>(::mlir::getElementTypeOrSelf(getFunctionType().getResult(0)));
    }
    /// The element type, or f64 in a field of f32.
    ::mlir::FloatType timeType() { return ::llvm::cast<::mlir::FloatType>(getFunctionType().getInput(0)); }
  }];
}

def Deq_FunctionOp : Deq_Op<"function", [IsolatedFromAbove, Symbol, SingleBlock,
                                         DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "what a solve observes: a function of the field's inputs";
  let description = [{
    A pure function of time, the state leaves and the arguments, as the field is, with results of its own: numbers whose
    zeros are events, or truth values.

    ```mlir
    deq.function @events : (f64, f64, f64) -> (f64, i1) {
    ^bb0(%t: f64, %y: f64, %k: f64):
      %below = arith.cmpf olt, %y, %k : f64
      deq.yield %y, %below : f64, i1
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `:` $function_type $body attr-dict";
  let hasRegionVerifier = 1;
}

def Deq_YieldOp : Deq_Op<"yield", [Pure, Terminator,
                                   ParentOneOf<["FieldOp", "FunctionOp", "GenerateOp", "SumOverOp", "FoldOp"]>,
                                   AttrSizedOperandSegments]> {
  let summary = "values of a region; in comprehensions, only if a condition holds";
  let arguments = (ins Variadic<Deq_Observed>:$values, Optional<I1>:$condition);
  let assemblyFormat = "$values (`if` $condition^)? attr-dict `:` type($values)";
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$values), [{ build($_builder, $_state, values, {}); }]>];
}

def Deq_SolveOp : Deq_Op<"solve", [Symbol]> {
  let summary = "field x method x controller x save plan: what gets compiled";
  let description = [{
    `kinds` says how the kernel reads each declared argument: "uniform", "trajectory" or "memory". `saved` is a
    function of the field's inputs whose results every row has behind the state. `events` is a
    function of the field's inputs; each result is an event that ends the solve, a truth value at the end of a step in
    which it is true, a number where it crosses zero in its direction: "any", "up" or "down". `limit` is a function
    of the field's inputs with one result, which no step from there exceeds; `#deq.limit` reads it. Tolerances, spans and
    other values are no part of it: they are inputs of the kernel, and their defaults are in the module's
    `deq.values`.

    ```mlir
    deq.solve @lorenz field @field method #deq.rk<...> control #deq.pid<"rms"> save #deq.save<"times"> stages "unroll"
      kinds ["uniform", "uniform", "uniform"]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$field, Deq_MethodInterface:$method,
                       Deq_ControllerInterface:$control, Deq_SaveAttr:$save, StrAttr:$stages,
                       StrArrayAttr:$kinds, OptionalAttr<FlatSymbolRefAttr>:$saved,
                       OptionalAttr<FlatSymbolRefAttr>:$events,
                       OptionalAttr<StrArrayAttr>:$directions,
                       OptionalAttr<FlatSymbolRefAttr>:$limit);
  let assemblyFormat = [{
    $sym_name `field` $field `method` $method `control` $control `save` $save `stages` $stages `kinds` $kinds
    (`saved` $saved^)? (`events` $events^ `directions` $directions)?
    (`limit` $limit^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// One of the functions of what the solve observes: `saved`, `events`, `limit`. Null without a name, or if
    /// there is none of that name.
    FunctionOp observed(::mlir::FlatSymbolRefAttr name) {
      return name ? ::mlir::SymbolTable::lookupNearestSymbolFrom<FunctionOp>(*this, name) : FunctionOp();
    }
  }];
}

//===--------------------------------------------------------------------------------------------------------------===//
// Comprehensions and array operations (removed by unpack)
//===--------------------------------------------------------------------------------------------------------------===//

class Deq_Comprehension<string mnemonic> : Deq_Op<mnemonic, [
    SingleBlock, RecursiveMemoryEffects, Pure]> {
  let arguments = (ins I64Attr:$lower, I64Attr:$upper);
  let results = (outs Deq_Leaf:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$lower `to` $upper $body attr-dict `:` type($result)";
  let hasRegionVerifier = 1;
}

def Deq_GenerateOp : Deq_Comprehension<"generate"> {
  let summary = "[value for i in lower..upper if condition]";
  let description = [{
    The region has the index i and yields a scalar or an array; the result stacks the selected values along a new first
    axis. Conditions depend on indices only.
  }];
}

def Deq_SumOverOp : Deq_Comprehension<"sum_over"> {
  let summary = "sum(value for i in lower..upper if condition)";
  let description = [{
    Adds the selected values, elementwise for arrays: up to 8 terms left to right; beyond, 8 strided partial sums, added
    left to right. No term: 0.
  }];
}

def Deq_FoldOp : Deq_Op<"fold", [SingleBlock, RecursiveMemoryEffects, Pure, AllTypesMatch<["initial", "result"]>]> {
  let summary = "a value that every index in lower..upper makes another one of, if condition";
  let description = [{
    The region has the index i and the value that the one before has left, for the first one the initial value, and
    yields the next. Where the condition does not hold, the value stays as it is; conditions depend on indices only. The
    result is the last value. unpack spells a short fold out and makes a loop of a long one.

    ```mlir
    %p = deq.fold %zero over 0 to 8 {
    ^bb0(%i: index, %value: f64):
      %c = tensor.extract %coefficients[%i] : tensor<8xf64>
      %next = math.fma %value, %x, %c : f64
      deq.yield %next : f64
    } : f64
    ```
  }];
  let arguments = (ins Deq_Leaf:$initial, I64Attr:$lower, I64Attr:$upper);
  let results = (outs Deq_Leaf:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$initial `over` $lower `to` $upper $body attr-dict `:` type($result)";
  let hasRegionVerifier = 1;
}

def Deq_SumOp : Deq_Op<"sum", [Pure]> {
  let summary = "sum of all elements, row-major, in the pinned order";
  let arguments = (ins Deq_Leaf:$value);
  let results = (outs Deq_Real:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_DotOp : Deq_Op<"dot", [Pure, SameTypeOperands]> {
  let summary = "sum of the products of corresponding elements";
  let description = "The first product of each partial sum, then one fma per term; the order is that of `deq.sum`.";
  let arguments = (ins Deq_Leaf:$lhs, Deq_Leaf:$rhs);
  let results = (outs Deq_Real:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_MatmulOp : Deq_Op<"matmul", [Pure]> {
  let summary = "matrix-vector or matrix-matrix product, each element as `deq.dot`";
  let arguments = (ins StaticShapeTensorOf<[F32, F64]>:$lhs, StaticShapeTensorOf<[F32, F64]>:$rhs);
  let results = (outs StaticShapeTensorOf<[F32, F64]>:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_ShiftOp : Deq_Op<"shift", [Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "result[i] = value[i - k] along an axis, or `fill` outside";
  let arguments = (ins StaticShapeTensorOf<[F32, F64]>:$value, Deq_Real:$fill, I64Attr:$k, I64Attr:$axis);
  let results = (outs StaticShapeTensorOf<[F32, F64]>:$result);
  let assemblyFormat = "$value `by` $k `axis` $axis `fill` $fill attr-dict `:` type($value) `,` type($fill)";
  let hasVerifier = 1;
}

def Deq_RollOp : Deq_Op<"roll", [Pure, SameOperandsAndResultType]> {
  let summary = "result[i] = value[i - k] along an axis, cyclic";
  let arguments = (ins StaticShapeTensorOf<[F32, F64]>:$value, I64Attr:$k, I64Attr:$axis);
  let results = (outs StaticShapeTensorOf<[F32, F64]>:$result);
  let assemblyFormat = "$value `by` $k `axis` $axis attr-dict `:` type($value)";
  let hasVerifier = 1;
}

def Deq_ArgumentOp : Deq_Op<"argument", [Pure]> {
  let summary = "an argument of kind memory as an array";
  let description = "Its elements are read where they are used; the memory does not change during a solve.";
  let arguments = (ins AnyStaticShapeMemRef:$memory);
  let results = (outs StaticShapeTensorOf<[F32, F64]>:$result);
  let assemblyFormat = "$memory attr-dict `:` type($memory) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_SampleOp : Deq_Op<"sample", [Pure, AllTypesMatch<["time", "result"]>]> {
  let summary = "what a table of polynomials says for a time";
  let description = [{
    The table has one row (t_i, a_0, .., a_degree) per knot, and the times increase. With i the last row for which
    t_i <= time (the first row if there is none) and s = time - t_i,

        result = a_0 + s*a_1                          degree 1
        result = a_0 + s*(a_1 + s*(a_2 + s*a_3))      degree 3

    by Horner's rule with one fma per coefficient but the first. Before the first knot and beyond the last one the
    outermost polynomials continue. The table stays in memory: unpack turns the operation into a search of
    ceil(log2(rows)) comparisons without a branch, and reads one row. An f32 table may be sampled in f64.

    ```mlir
    %u = deq.sample %table at %t degree 3 : tensor<16x5xf64> -> f64
    ```
  }];
  let arguments = (ins StaticShapeTensorOf<[F32, F64]>:$table, Deq_Real:$time, I64Attr:$degree);
  let results = (outs Deq_Real:$result);
  let assemblyFormat = "$table `at` $time `degree` $degree attr-dict `:` type($table) `->` type($result)";
  let hasVerifier = 1;
}

//===--------------------------------------------------------------------------------------------------------------===//
// The loop (removed by expand-step, fuse and unpack)
//===--------------------------------------------------------------------------------------------------------------===//

def Deq_EvalOp : Deq_Op<"eval", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the field, or a function of its inputs, at a point";
  let description = [{
    Operands are those of the field, except that an argument of kind memory is the memref it lives in. An `outlined`
    evaluation calls a copy that others share instead of being inlined: one outside of the step loop, or any of a solve
    whose stages are outlined or scanned.
  }];
  let arguments = (ins FlatSymbolRefAttr:$field, Variadic<AnyType>:$inputs, UnitAttr:$outlined);
  let results = (outs Variadic<Deq_Observed>:$derivatives);
  let assemblyFormat = "(`outlined` $outlined^)? $field `(` $inputs `)` attr-dict `:` functional-type($inputs, $derivatives)";
}

def Deq_StepOp : Deq_Op<"step", [Pure, AttrSizedOperandSegments, AttrSizedResultSegments,
                                 AllTypesMatch<["t", "end"]>,
                                 DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one step of a method from t to t + h";
  let description = [{
    `end` is the time at which the step ends: stages with c = 1 are evaluated exactly there. Times have the type of the
    field's time, `h` that of the state's elements. Results: the new state, the error estimates (a state's leaves each,
    none if the method has none), the method's state, the interpolation data and whether the step could be computed at
    all (a Newton iteration may fail).
  }];
  let arguments = (ins FlatSymbolRefAttr:$field, Deq_MethodInterface:$method, StrAttr:$emission,
                       Deq_Real:$t, Deq_Real:$h, Deq_Real:$end, Variadic<Deq_Leaf>:$y,
                       Variadic<Deq_Leaf>:$state, Variadic<AnyType>:$args);
  let results = (outs Variadic<Deq_Leaf>:$next, Variadic<Deq_Leaf>:$error, Variadic<Deq_Leaf>:$nextState,
                      Deq_StagesType:$stages, I1:$outcome);
  let assemblyFormat = [{
    $field `method` $method `emission` $emission `from` $t `by` $h `to` $end `:` custom<StepTypes>(type($t), type($h))
    `y` `(` $y `:` type($y) `)` (`state` `(` $state^ `:` type($state) `)`)? (`args` `(` $args^ `:` type($args) `)`)?
    `->` `(` type($next) `)` (`error` `(` type($error)^ `)`)? (`state` `(` type($nextState)^ `)`)? attr-dict
  }];
  let hasVerifier = 1;
}

def Deq_ExtendOp : Deq_Op<"extend", [Pure]> {
  let summary = "interpolation data of a step together with the stages that only dense output needs";
  let description = [{
    The extra stages of the step's method are evaluated if the condition holds. If it does not, nothing is evaluated and
    what is interpolated has no meaning.

    ```mlir
    %dense = deq.extend %stages if %inside
    ```
  }];
  let arguments = (ins Deq_StagesType:$stages, I1:$condition);
  let results = (outs Deq_StagesType:$extended);
  let assemblyFormat = "$stages `if` $condition attr-dict";
  let hasVerifier = 1;
}

def Deq_InterpolateOp : Deq_Op<"interpolate", [Pure, AttrSizedOperandSegments,
                                               AllTypesMatch<["theta", "h"]>]> {
  let summary = "dense output: the state at t + theta*h inside a step, or its derivative";
  let description = "`derivative`: dy/dt of the interpolant instead of y.";
  let arguments = (ins Deq_StagesType:$stages, Deq_Real:$theta, Deq_Real:$h, Variadic<Deq_Leaf>:$y,
                       Variadic<Deq_Leaf>:$next, UnitAttr:$derivative);
  let results = (outs Variadic<Deq_Leaf>:$result);
  let assemblyFormat = [{
    (`derivative` $derivative^)? $stages `at` $theta `step` $h `:` type($theta)
    `from` `(` $y `:` type($y) `)` `to` `(` $next `:` type($next) `)` `->` `(` type($result) `)` attr-dict
  }];
  let hasVerifier = 1;
}

def Deq_StiffnessOp : Deq_Op<"stiffness", [Pure]> {
  let summary = "whether stability, not the error, limits the length of a step";
  let description = [{
    With k_s and k_r the slopes of the last two stages, both at the end of the step, the last at y1 and the other at z_r,

        h*|lambda| = ||h (k_s - k_r)|| / ||y1 - z_r||

    estimates the dominant eigenvalue of the field's Jacobian. The result is whether this exceeds the method's
    `stabilityBound`, compared as squares; false if y1 = z_r.

    ```mlir
    %limited = deq.stiffness %stages
    ```
  }];
  let arguments = (ins Deq_StagesType:$stages);
  let results = (outs I1:$limited);
  let assemblyFormat = "$stages attr-dict";
  let hasVerifier = 1;
}

def Deq_MeanSquareOp : Deq_Op<"mean_square", [Pure]> {
  let summary = "mean of the squares of all elements of all leaves";
  let description = "Leaves in order, each row-major, summed like `deq.dot`, times the rounded reciprocal of the count.";
  let arguments = (ins Variadic<Deq_Leaf>:$values);
  let results = (outs Deq_Real:$result);
  let assemblyFormat = "$values attr-dict `:` type($values) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_MaxMagnitudeOp : Deq_Op<"max_magnitude", [Pure]> {
  let summary = "largest magnitude of all elements of all leaves; NaN if one is NaN";
  let arguments = (ins Variadic<Deq_Leaf>:$values);
  let results = (outs Deq_Real:$result);
  let assemblyFormat = "$values attr-dict `:` type($values) `->` type($result)";
  let hasVerifier = 1;
}

def Deq_AllFiniteOp : Deq_Op<"all_finite", [Pure]> {
  let summary = "whether no element of any leaf is NaN or infinite";
  let arguments = (ins Variadic<Deq_Leaf>:$values);
  let results = (outs I1:$result);
  let assemblyFormat = "$values attr-dict `:` type($values)";
  let hasVerifier = 1;
}

def Deq_LocateOp : Deq_Op<"locate", [Pure]> {
  let summary = "flat index of the first element that is not finite, else of the largest magnitude";
  let arguments = (ins Variadic<Deq_Leaf>:$values);
  let results = (outs I64:$result);
  let assemblyFormat = "$values attr-dict `:` type($values)";
  let hasVerifier = 1;
}

def Deq_Log2Op : Deq_Op<"log2", [Pure, SameOperandsAndResultType]> {
  let summary = "base-2 logarithm of a positive normal number, relative error below 1e-13";
  let description = "Written in basic operations, so that every path gives the same bits.";
  let arguments = (ins F64:$x);
  let results = (outs F64:$result);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Deq_Exp2Op : Deq_Op<"exp2", [Pure, SameOperandsAndResultType]> {
  let summary = "factor * 2^x for |x| <= 1000, relative error below 1e-13";
  let arguments = (ins F64:$factor, F64:$x);
  let results = (outs F64:$result);
  let assemblyFormat = "$factor `,` $x attr-dict `:` type($x)";
}

include "DeqUnpackedOps.td"

#endif // DEQ_OPS_TD
