// Every rule for the operations of the loop and of scanned stages: what a pass relies on is checked before it runs.
// RUN: deq-opt %s -verify-diagnostics -split-input-file -o /dev/null

//===--- deq.eval ---===//

func.func @f(%x: f64) {
  // expected-error @below {{'deq.eval' op unknown field @nothing}}
  %r = deq.eval @nothing(%x, %x) : (f64, f64) -> f64
  return
}

// -----

deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%x: f64) {
  // expected-error @below {{'deq.eval' op expected 2 inputs, got 3}}
  %r = deq.eval @g(%x, %x, %x) : (f64, f64, f64) -> f64
  return
}

// -----

deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%x: f64, %y: f32) {
  // expected-error @below {{'deq.eval' op expected input 1 to be 'f64', got 'f32'}}
  %r = deq.eval @g(%x, %y) : (f64, f32) -> f64
  return
}

// -----

deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%x: f64) {
  // expected-error @below {{'deq.eval' op expected the results of @g}}
  %r:2 = deq.eval @g(%x, %x) : (f64, f64) -> (f64, f64)
  return
}

// -----

// Memory of another shape than the array it stands for.
deq.field @g : (f64, f64, tensor<3xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %w: tensor<3xf64>):
  deq.yield %y : f64
}
func.func @f(%x: f64, %w: memref<4xf64>) {
  // expected-error @below {{'deq.eval' op expected input 2 to be 'tensor<3xf64>', got 'memref<4xf64>'}}
  %r = deq.eval @g(%x, %x, %w) : (f64, f64, memref<4xf64>) -> f64
  return
}

// -----

// A field that evaluates itself would be inlined for ever.
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  // expected-error @below {{'deq.eval' op expected outside of fields}}
  %r = deq.eval @g(%t, %y) : (f64, f64) -> f64
  deq.yield %r : f64
}

// -----

//===--- deq.step ---===//

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{'deq.step' op unknown field @nothing}}
  %n, %s, %o = deq.step @nothing method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{expected emission "unroll", "outline" or "scan", got "folded"}}
  %n, %s, %o = deq.step @g method #euler emission "folded" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{expected the new state to have the types of the old}}
  %n:2, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64, f64)
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{expected 0 error estimate(s) of the state's types for method 'euler'}}
  %n, %e, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64) error(f64)
  return
}

// -----

#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{expected 1 error estimate(s) of the state's types for method 'heun'}}
  %n, %s, %o = deq.step @g method #heun emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  return
}

// -----

#fsal = #deq.rk<"fsal", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{expected a method state of 1 leaves for method 'fsal'}}
  %n, %e, %s, %o = deq.step @g method #fsal emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64) error(f64)
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f32, %y: f32) {
  // expected-error @below {{expected time and state of the field's types}}
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f32 y(%y : f32) -> (f32)
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64, %k: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  // expected-error @below {{'deq.step' op expected 1 inputs, got 0}}
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  return
}

// -----

//===--- deq.interpolate ---===//

func.func @f(%s: !deq.stages, %x: f64) {
  // expected-error @below {{expected the interpolation data of a deq.step}}
  %r = deq.interpolate %s at %x step %x : f64 from(%x : f64) to(%x : f64) -> (f64)
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  // expected-error @below {{'deq.interpolate' op expected the types of the step}}
  %r:2 = deq.interpolate %s at %t step %t : f64 from(%y, %y : f64, f64) to(%n, %n : f64, f64) -> (f64, f64)
  return
}

// -----

//===--- deq.extend ---===//

func.func @f(%s: !deq.stages, %c: i1) {
  // expected-error @below {{'deq.extend' op expected the interpolation data of a deq.step}}
  %r = deq.extend %s if %c
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64, %c: i1) {
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  // expected-error @below {{expected a method with extra stages, got 'euler'}}
  %r = deq.extend %s if %c
  return
}

// -----

#extra = #deq.rk<"extra", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
                 b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [], p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  %n, %s, %o = deq.step @g method #extra emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  // expected-error @below {{expected the interpolation data of a deq.extend, since method 'extra' has extra stages}}
  %r = deq.interpolate %s at %t step %t : f64 from(%y : f64) to(%n : f64) -> (f64)
  return
}

// -----

//===--- deq.stiffness ---===//

func.func @f(%s: !deq.stages) {
  // expected-error @below {{'deq.stiffness' op expected the interpolation data of a deq.step}}
  %r = deq.stiffness %s
  return
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @f(%t: f64, %y: f64) {
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  // expected-error @below {{expected a method with two slopes at the end of a step, got 'euler'}}
  %r = deq.stiffness %s
  return
}

// -----

//===--- reductions over leaves ---===//

func.func @f() {
  // expected-error @below {{'deq.mean_square' op expected leaves of at least one element}}
  %r = "deq.mean_square"() : () -> f64
  return
}

// -----

func.func @f(%x: f64, %y: f32) {
  // expected-error @below {{'deq.mean_square' op expected elements of type 'f64', got 'f32'}}
  %r = deq.mean_square %x, %y : f64, f32 -> f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{'deq.mean_square' op expected elements of type 'f32', got 'f64'}}
  %r = deq.mean_square %x : f64 -> f32
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{'deq.max_magnitude' op expected elements of type 'f32', got 'f64'}}
  %r = deq.max_magnitude %x : f64 -> f32
  return
}

// -----

func.func @f(%x: tensor<0xf64>) {
  // expected-error @below {{'deq.all_finite' op expected leaves of at least one element}}
  %r = deq.all_finite %x : tensor<0xf64>
  return
}

// -----

func.func @f() {
  // expected-error @below {{'deq.locate' op expected leaves of at least one element}}
  %r = "deq.locate"() : () -> i64
  return
}

// -----

func.func @f(%row: i64, %t: f64, %x: f32) {
  // expected-error @below {{'deq.save' op expected elements of type 'f64', got 'f32'}}
  deq.save %row at %t(%t, %x : f64, f32)
  return
}

// -----

func.func @f(%x: f32) {
  // expected-error @below {{operand #0 must be 64-bit float, but got 'f32'}}
  %r = "deq.log2"(%x) : (f32) -> f32
  return
}

// -----

//===--- scanned stages ---===//

func.func @f(%i: index) {
  // expected-error @below {{expected a table of rank 1 with at least one element}}
  %r = deq.lookup dense<1.0> : tensor<2x2xf64>[%i] : f64
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @below {{expected a table of rank 1 with at least one element}}
  %r = deq.lookup dense<> : tensor<0xf64>[%i] : f64
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @below {{expected a table of rank 1 with at least one element}}
  %r = deq.lookup dense_resource<table> : tensor<2xf64>[%i] : f64
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @below {{'deq.lookup' op expected elements of type 'f64', got 'tensor<2xf32>'}}
  %r = deq.lookup dense<1.0> : tensor<2xf32>[%i] : f64
  return
}

// -----

func.func @f(%i: index, %b: memref<2x4xf64>) {
  // expected-error @below {{'tensor<4xf64>' at 1 leaves the rows of 'memref<2x4xf64>'}}
  %r = deq.read %b[%i, 1] : memref<2x4xf64> -> tensor<4xf64>
  return
}

// -----

func.func @f(%i: index, %b: memref<2x4xf64>, %x: f64) {
  // expected-error @below {{'f64' at -1 leaves the rows of 'memref<2x4xf64>'}}
  deq.write %x into %b[%i, -1] : f64, memref<2x4xf64>
  return
}

// -----

func.func @f(%i: index, %b: memref<2x?xf64>) {
  // expected-error @below {{expected a row-major buffer of known size, got 'memref<2x?xf64>'}}
  %r = deq.read %b[%i, 0] : memref<2x?xf64> -> f64
  return
}

// -----

func.func @f(%i: index, %b: memref<2x4xf32>, %x: f64) {
  // expected-error @below {{'deq.write' op expected elements of type 'f32', got 'f64'}}
  deq.write %x into %b[%i, 0] : f64, memref<2x4xf32>
  return
}
