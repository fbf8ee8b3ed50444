// expand-step writes a method out: evaluations of the field and sums of slopes, one fma per non-zero coefficient.
// RUN: deq-opt %s --deq-expand-step -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not=deq.step --implicit-check-not=deq.interpolate --implicit-check-not=deq.stiffness --implicit-check-not=deq.stages --implicit-check-not=deq.extend

// Unrolled: slopes are values; stages with c = 0 and c = 1 are evaluated at the step's ends exactly.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @g : (f64, f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64, %k: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @unrolled(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[END:%.+]]: f64, [[Y:%.+]]: f64, [[K:%.+]]: f64, [[THETA:%.+]]: f64)
func.func @unrolled(%t: f64, %h: f64, %end: f64, %y: f64, %k: f64, %theta: f64) -> (f64, f64, f64, i1) {
  // CHECK: [[K1:%.+]] = deq.eval @g([[T]], [[Y]], [[K]]) : (f64, f64, f64) -> f64
  // CHECK: [[S2:%.+]] = arith.mulf {{%.+}}, [[K1]] : f64
  // CHECK: [[Z2:%.+]] = math.fma [[H]], [[S2]], [[Y]] : f64
  // CHECK: [[K2:%.+]] = deq.eval @g([[END]], [[Z2]], [[K]]) : (f64, f64, f64) -> f64
  // CHECK: [[B1:%.+]] = arith.mulf {{%.+}}, [[K1]] : f64
  // CHECK: [[B2:%.+]] = math.fma {{%.+}}, [[K2]], [[B1]] : f64
  // CHECK: [[Y1:%.+]] = math.fma [[H]], [[B2]], [[Y]] : f64
  // CHECK-DAG: [[MINUS:%.+]] = arith.constant -5.000000e-01 : f64
  // CHECK-DAG: [[HALF:%.+]] = arith.constant 5.000000e-01 : f64
  // CHECK: [[E1:%.+]] = arith.mulf [[MINUS]], [[K1]] : f64
  // CHECK: [[E2:%.+]] = math.fma [[HALF]], [[K2]], [[E1]] : f64
  // CHECK: [[ERROR:%.+]] = arith.mulf [[H]], [[E2]] : f64
  %n, %e, %s, %o = deq.step @g method #heun emission "unroll" from %t by %h to %end : f64 y(%y : f64)
    args(%k : f64) -> (f64) error(f64)
  // Weights of the interpolant by Horner's scheme, last power first.
  // CHECK: [[P1:%.+]] = math.fma {{%.+}}, [[THETA]], {{%.+}} : f64
  // CHECK: [[W1:%.+]] = arith.mulf [[P1]], [[THETA]] : f64
  // CHECK: [[P2:%.+]] = math.fma {{%.+}}, [[THETA]], {{%.+}} : f64
  // CHECK: [[W2:%.+]] = arith.mulf [[P2]], [[THETA]] : f64
  // CHECK: [[I1:%.+]] = arith.mulf [[W1]], [[K1]] : f64
  // CHECK: [[I2:%.+]] = math.fma [[W2]], [[K2]], [[I1]] : f64
  // CHECK: [[INSIDE:%.+]] = math.fma [[H]], [[I2]], [[Y]] : f64
  %r = deq.interpolate %s at %theta step %h : f64 from(%y : f64) to(%n : f64) -> (f64)
  // CHECK: return [[Y1]], [[ERROR]], [[INSIDE]], {{%.+}} : f64, f64, f64, i1
  return %n, %e, %r, %o : f64, f64, f64, i1
}

// -----

// Outlined: the operations of unrolled stages, with evaluations that fuse shares instead of copying.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @outlined(
func.func @outlined(%t: f64, %h: f64, %y: f64) -> f64 {
  // CHECK: [[K1:%.+]] = deq.eval outlined @g(
  // CHECK: [[K2:%.+]] = deq.eval outlined @g(
  // CHECK-NOT: deq.eval
  %n, %e, %s, %o = deq.step @g method #heun emission "outline" from %t by %h to %t : f64 y(%y : f64) -> (f64) error(f64)
  // CHECK: return
  return %n : f64
}

// -----

// A weight of y1 - y0, and the derivative: by the derivatives of the weights, without y0.
#shared = #deq.rk<"shared", order = 2, error_order = 0, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                  c = [0.0, 1.0], e = [], p = [[1.0, -1.0], [0.0, 0.0]], q = [0.0, 1.0]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @weight_of_the_change(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[THETA:%.+]]: f64, [[Y:%.+]]: f64)
func.func @weight_of_the_change(%t: f64, %h: f64, %theta: f64, %y: f64) -> (f64, f64) {
  // CHECK: [[K1:%.+]] = deq.eval @g([[T]], [[Y]])
  // CHECK: deq.eval @g(
  // CHECK: [[Y1:%.+]] = math.fma [[H]], {{%.+}}, [[Y]] : f64
  %n, %s, %o = deq.step @g method #shared emission "unroll" from %t by %h to %t : f64 y(%y : f64) -> (f64)
  // CHECK: [[SUM:%.+]] = arith.mulf {{%.+}}, [[K1]] : f64
  // CHECK: [[Q1:%.+]] = math.fma {{%.+}}, [[THETA]], {{%.+}} : f64
  // CHECK: [[Q:%.+]] = arith.mulf [[Q1]], [[THETA]] : f64
  // CHECK: [[CHANGE:%.+]] = arith.subf [[Y1]], [[Y]] : f64
  // CHECK: [[START:%.+]] = math.fma [[Q]], [[CHANGE]], [[Y]] : f64
  // CHECK: [[INSIDE:%.+]] = math.fma [[H]], [[SUM]], [[START]] : f64
  %r = deq.interpolate %s at %theta step %h : f64 from(%y : f64) to(%n : f64) -> (f64)
  // CHECK-DAG: [[MINUS2:%.+]] = arith.constant -2.000000e+00 : f64
  // CHECK-DAG: [[ONE:%.+]] = arith.constant 1.000000e+00 : f64
  // CHECK: [[W:%.+]] = math.fma [[MINUS2]], [[THETA]], [[ONE]] : f64
  // CHECK: [[SLOPES:%.+]] = arith.mulf [[W]], [[K1]] : f64
  // CHECK: [[DQ:%.+]] = math.fma {{%.+}}, [[THETA]], {{%.+}} : f64
  // CHECK: [[RATE:%.+]] = arith.divf {{%.+}}, [[H]] : f64
  // CHECK: [[DERIVATIVE:%.+]] = math.fma [[DQ]], [[RATE]], [[SLOPES]] : f64
  %d = deq.interpolate derivative %s at %theta step %h : f64 from(%y : f64) to(%n : f64) -> (f64)
  // CHECK: return [[INSIDE]], [[DERIVATIVE]] : f64, f64
  return %r, %d : f64, f64
}

// -----

// A zero coefficient is no term, and a stage between the ends is evaluated at fma(c, h, t).
#ralston = #deq.rk<"ralston3", order = 3, error_order = 0, interpolant_order = 1,
                   a = [[], [0.5], [0.0, 0.75]], b = [0.22222222222222221, 0.33333333333333331, 0.44444444444444442],
                   c = [0.0, 0.5, 0.75], e = [],
                   p = [[0.22222222222222221], [0.33333333333333331], [0.44444444444444442]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @zero_coefficient(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[END:%.+]]: f64, [[Y:%.+]]: f64)
func.func @zero_coefficient(%t: f64, %h: f64, %end: f64, %y: f64) -> f64 {
  // CHECK: [[K1:%.+]] = deq.eval @g([[T]], [[Y]])
  // CHECK: [[K2:%.+]] = deq.eval @g(
  // CHECK: [[C:%.+]] = arith.constant 7.500000e-01 : f64
  // CHECK: [[S3:%.+]] = arith.mulf [[C]], [[K2]] : f64
  // CHECK-NOT: [[K1]]
  // CHECK: [[Z3:%.+]] = math.fma [[H]], [[S3]], [[Y]] : f64
  // CHECK: [[C3:%.+]] = arith.constant 7.500000e-01 : f64
  // CHECK: [[T3:%.+]] = math.fma [[C3]], [[H]], [[T]] : f64
  // CHECK: deq.eval @g([[T3]], [[Z3]])
  %n, %s, %o = deq.step @g method #ralston emission "unroll" from %t by %h to %end : f64 y(%y : f64) -> (f64)
  return %n : f64
}

// -----

// First same as last: the first slope is the state that came in, the last one the state that goes out, and the new
// state is where the last slope was evaluated. Arrays stay arrays; memory is handed on.
#fsal = #deq.rk<"fsal", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
deq.field @g : (f64, tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>) {
^bb0(%t: f64, %y: tensor<3xf64>, %w: tensor<3xf64>):
  deq.yield %y : tensor<3xf64>
}
// CHECK-LABEL: func.func @fsal(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[END:%.+]]: f64, [[Y:%.+]]: tensor<3xf64>, [[K1:%.+]]: tensor<3xf64>, [[W:%.+]]: memref<3xf64>)
func.func @fsal(%t: f64, %h: f64, %end: f64, %y: tensor<3xf64>, %k: tensor<3xf64>, %w: memref<3xf64>)
    -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  // CHECK: [[S2:%.+]] = arith.mulf {{%.+}}, [[K1]] : tensor<3xf64>
  // CHECK: [[HS:%.+]] = tensor.splat [[H]] : tensor<3xf64>
  // CHECK: [[Z2:%.+]] = math.fma [[HS]], [[S2]], [[Y]] : tensor<3xf64>
  // CHECK: [[K2:%.+]] = deq.eval @g([[END]], [[Z2]], [[W]]) : (f64, tensor<3xf64>, memref<3xf64>) -> tensor<3xf64>
  // CHECK-NOT: deq.eval
  // CHECK: return [[Z2]], {{%.+}}, [[K2]] : tensor<3xf64>
  %n, %e, %s, %data, %o = deq.step @g method #fsal emission "unroll" from %t by %h to %end : f64
    y(%y : tensor<3xf64>) state(%k : tensor<3xf64>) args(%w : memref<3xf64>) -> (tensor<3xf64>) error(tensor<3xf64>)
    state(tensor<3xf64>)
  return %n, %e, %s : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}

// -----

// Scanned: one evaluation in a loop over the stages; slopes in rows of a buffer behind the kernel's state; compressed
// rows of coefficients; sums that start at -0.0. Two leaves lie side by side in a row.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @g : (f64, f64, tensor<3xf64>) -> (f64, tensor<3xf64>) {
^bb0(%t: f64, %y: f64, %q: tensor<3xf64>):
  deq.yield %y, %q : f64, tensor<3xf64>
}
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[T:%[^:]+]]: f64, [[H:%[^:]+]]: f64, [[END:%[^:]+]]: f64, [[Y:%[^:]+]]: f64 {deq.state = 7 : i64}
// CHECK-SAME: [[Q:%[^:]+]]: tensor<3xf64> {deq.state = 8 : i64}
// CHECK-SAME: [[SLOPES:%[^:]+]]: memref<2x8xf64> {deq.scratch = 16 : i64})
func.func @deq_solve(%t: f64, %h: f64, %end: f64, %y: f64 {deq.state = 7 : i64},
                     %q: tensor<3xf64> {deq.state = 8 : i64}, %theta: f64) -> (f64, tensor<3xf64>, f64) {
  // CHECK-DAG: [[STAGES:%.+]] = arith.constant 2 : index
  // CHECK-DAG: [[FIRST:%.+]] = arith.constant 0 : index
  // CHECK: scf.for [[STAGE:%[^ ]+]] = [[FIRST]] to [[STAGES]]
  // CHECK-DAG: deq.lookup dense<[0, 0, 1]> : tensor<3xindex>{{\[}}[[STAGE]]] : index
  // CHECK-DAG: arith.constant -0.000000e+00 : f64
  // CHECK-DAG: arith.constant dense<-0.000000e+00> : tensor<3xf64>
  // CHECK: scf.for [[ENTRY:%[^ ]+]] =
  // CHECK: [[A:%.+]] = deq.lookup dense<1.000000e+00> : tensor<1xf64>{{\[}}[[ENTRY]]] : f64
  // CHECK: [[COLUMN:%.+]] = deq.lookup dense<0> : tensor<1xindex>{{\[}}[[ENTRY]]] : index
  // CHECK: deq.read [[SLOPES]]{{\[}}[[COLUMN]], 0] : memref<2x8xf64> -> f64
  // CHECK: deq.read [[SLOPES]]{{\[}}[[COLUMN]], 1] : memref<2x8xf64> -> tensor<3xf64>
  // CHECK: math.fma [[A]], {{%.+}}, {{%.+}} : f64
  // CHECK: scf.yield
  // CHECK: [[C:%.+]] = deq.lookup dense<[0.000000e+00, 1.000000e+00]> : tensor<2xf64>{{\[}}[[STAGE]]] : f64
  // CHECK: [[INSIDE:%.+]] = math.fma [[C]], [[H]], [[T]] : f64
  // CHECK: [[LAST:%.+]] = arith.cmpf ole, {{%.+}}, [[C]] : f64
  // CHECK: [[TIME:%.+]] = arith.select [[LAST]], [[END]], [[INSIDE]] : f64
  // CHECK: [[K:%.+]]:2 = deq.eval outlined @g([[TIME]],
  // CHECK: deq.write [[K]]#0 into [[SLOPES]]{{\[}}[[STAGE]], 0] : f64, memref<2x8xf64>
  // CHECK: deq.write [[K]]#1 into [[SLOPES]]{{\[}}[[STAGE]], 1] : tensor<3xf64>, memref<2x8xf64>
  // CHECK-NOT: deq.eval
  // CHECK: deq.lookup dense<5.000000e-01> : tensor<2xf64>
  // CHECK: deq.lookup dense<[-5.000000e-01, 5.000000e-01]> : tensor<2xf64>
  %n:2, %e:2, %s, %o = deq.step @g method #heun emission "scan" from %t by %h to %end : f64
    y(%y, %q : f64, tensor<3xf64>) -> (f64, tensor<3xf64>) error(f64, tensor<3xf64>)
  // Rows of the interpolant, highest power first.
  // CHECK: deq.lookup dense<[-5.000000e-01, 1.000000e+00, 5.000000e-01, 0.000000e+00]> : tensor<4xf64>
  %r:2 = deq.interpolate %s at %theta step %h : f64 from(%y, %q : f64, tensor<3xf64>)
    to(%n#0, %n#1 : f64, tensor<3xf64>) -> (f64, tensor<3xf64>)
  // CHECK: return
  return %n#0, %n#1, %r#0 : f64, tensor<3xf64>, f64
}

// -----

// Scanned, first same as last: row 0 is the state that came in, and the loop starts behind it. Coefficients are
// rounded to f32 once, as in unrolled code.
#fsal = #deq.rk<"third", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
deq.field @g : (f32, f32) -> (f32) {
^bb0(%t: f32, %y: f32):
  deq.yield %y : f32
}
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[K1:%[^:]+]]: f32 {deq.state = 3 : i64}, [[SLOPES:%[^:]+]]: memref<2x1xf32> {deq.scratch = 4 : i64})
func.func @deq_solve(%t: f32, %h: f32, %end: f32, %y: f32, %k: f32 {deq.state = 3 : i64}) -> (f32, f32) {
  // CHECK: deq.write [[K1]] into [[SLOPES]][{{%.+}}, 0] : f32, memref<2x1xf32>
  // CHECK-DAG: [[STAGES:%.+]] = arith.constant 2 : index
  // CHECK-DAG: [[SECOND:%.+]] = arith.constant 1 : index
  // CHECK: [[POINT:%.+]] = scf.for {{%.+}} = [[SECOND]] to [[STAGES]]
  // CHECK: deq.lookup {{.+}} : f32
  // CHECK: arith.mulf
  // CHECK: [[LAST:%.+]] = deq.read [[SLOPES]][{{%.+}}, 0] : memref<2x1xf32> -> f32
  // CHECK: return [[POINT]], [[LAST]]
  %n, %e, %s, %data, %o = deq.step @g method #fsal emission "scan" from %t by %h to %end : f32 y(%y : f32)
    state(%k : f32) -> (f32) error(f32) state(f32)
  return %n, %s : f32, f32
}

// -----

// A method without any coefficient still has a table to point at; two scanned steps of one kernel do not share slopes.
#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: memref<1x1xf64> {deq.scratch = 2 : i64}, {{%.+}}: memref<1x1xf64> {deq.scratch = 3 : i64})
// CHECK: deq.lookup dense<0.000000e+00> : tensor<1xf64>
func.func @deq_solve(%t: f64, %h: f64, %y: f64 {deq.state = 1 : i64}) -> f64 {
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %h to %t : f64 y(%y : f64) -> (f64)
  %m, %r, %p = deq.step @g method #euler emission "scan" from %t by %h to %t : f64 y(%n : f64) -> (f64)
  return %m : f64
}

// -----

// Stiffness compares h (k3 - k2) with y1 - z2, as squares: the square of 0.85 times 2, where 1 - x + x^2/2 reaches 1.
#two = #deq.rk<"two", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0], [0.5, 0.5]],
               b = [0.5, 0.5, 0.0], c = [0.0, 1.0, 1.0], e = [-0.5, 0.5, 0.0],
               p = [[1.0, -0.5], [0.0, 0.5], [0.0, 0.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @stiffness(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[END:%.+]]: f64, [[Y:%.+]]: f64, [[K1:%.+]]: f64)
func.func @stiffness(%t: f64, %h: f64, %end: f64, %y: f64, %k: f64) -> (f64, i1) {
  // CHECK: [[K2:%.+]] = deq.eval @g([[END]], [[Z2:%.+]]) : (f64, f64) -> f64
  // CHECK: [[K3:%.+]] = deq.eval @g([[END]], [[Y1:%.+]]) : (f64, f64) -> f64
  // CHECK: [[DK:%.+]] = arith.subf [[K3]], [[K2]] : f64
  // CHECK: [[CHANGE:%.+]] = arith.mulf [[H]], [[DK]] : f64
  // CHECK: [[DZ:%.+]] = arith.subf [[Y1]], [[Z2]] : f64
  // CHECK: [[APART:%.+]] = deq.mean_square [[DZ]] : f64 -> f64
  // CHECK: [[BOUND:%.+]] = arith.constant 2.8{{[89].*}} : f64
  // CHECK: [[LIMIT:%.+]] = arith.mulf [[BOUND]], [[APART]] : f64
  // CHECK: [[SQUARE:%.+]] = deq.mean_square [[CHANGE]] : f64 -> f64
  // CHECK: [[ABOVE:%.+]] = arith.cmpf ogt, [[SQUARE]], [[LIMIT]] : f64
  // CHECK: [[MOVED:%.+]] = arith.cmpf ogt, [[APART]], {{%.+}} : f64
  // CHECK: [[LIMITED:%.+]] = arith.andi [[ABOVE]], [[MOVED]] : i1
  // CHECK: return [[Y1]], [[LIMITED]]
  %n, %e, %s, %data, %o = deq.step @g method #two emission "unroll" from %t by %h to %end : f64 y(%y : f64)
    state(%k : f64) -> (f64) error(f64) state(f64)
  %limited = deq.stiffness %data
  return %n, %limited : f64, i1
}

// -----

// Scanned, the slopes are read back, and the state of the stage before the last is summed again.
#two = #deq.rk<"two", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0], [0.5, 0.5]],
               b = [0.5, 0.5, 0.0], c = [0.0, 1.0, 1.0], e = [-0.5, 0.5, 0.0],
               p = [[1.0, -0.5], [0.0, 0.5], [0.0, 0.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[SLOPES:%[^:]+]]: memref<3x1xf64>
func.func @deq_solve(%t: f64, %h: f64, %end: f64, %y: f64, %k: f64) -> (f64, i1) {
  // CHECK: [[Y1:%.+]] = scf.for
  // CHECK: deq.lookup dense<[-5.000000e-01, 5.000000e-01]>
  // CHECK: scf.yield
  // CHECK: deq.read [[SLOPES]]
  // CHECK: [[K3:%.+]] = deq.read [[SLOPES]][{{%.+}}, 0] : memref<3x1xf64> -> f64
  // CHECK: [[K2:%.+]] = deq.read [[SLOPES]][{{%.+}}, 0] : memref<3x1xf64> -> f64
  // CHECK: [[SUM:%.+]] = scf.for
  // CHECK: deq.lookup dense<1.000000e+00> : tensor<1xf64>
  // CHECK: [[Z2:%.+]] = math.fma {{%.+}}, [[SUM]], {{%.+}} : f64
  // CHECK: arith.subf [[K3]], [[K2]] : f64
  // CHECK: arith.subf [[Y1]], [[Z2]] : f64
  %n, %e, %s, %data, %o = deq.step @g method #two emission "scan" from %t by %h to %end : f64 y(%y : f64)
    state(%k : f64) -> (f64) error(f64) state(f64)
  %limited = deq.stiffness %data
  return %n, %limited : f64, i1
}

// -----

// Extra stages are cold evaluations under their condition, out of the step's slopes and those before them; without it
// any slope will do. The interpolant weighs all of them.
#extra = #deq.rk<"extra", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
                 b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [], p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @extended(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[END:%.+]]: f64, [[Y:%.+]]: f64, [[THETA:%.+]]: f64, [[INSIDE:%.+]]: i1)
func.func @extended(%t: f64, %h: f64, %end: f64, %y: f64, %theta: f64, %inside: i1) -> (f64, f64) {
  // CHECK: [[K1:%.+]] = deq.eval @g([[T]], [[Y]])
  // CHECK: [[K2:%.+]] = deq.eval @g(
  // CHECK: [[K3:%.+]] = scf.if [[INSIDE]] -> (f64) {
  // CHECK: [[S3:%.+]] = arith.mulf {{%.+}}, [[K2]] : f64
  // CHECK: [[Z3:%.+]] = math.fma [[H]], [[S3]], [[Y]] : f64
  // CHECK: [[E3:%.+]] = deq.eval outlined @g([[END]], [[Z3]])
  // CHECK: scf.yield [[E3]] : f64
  // CHECK: } else {
  // CHECK: scf.yield [[K1]] : f64
  %n, %s, %o = deq.step @g method #extra emission "unroll" from %t by %h to %end : f64 y(%y : f64) -> (f64)
  %dense = deq.extend %s if %inside
  // CHECK: [[I1:%.+]] = arith.mulf {{%.+}}, [[K1]] : f64
  // CHECK: [[I2:%.+]] = math.fma {{%.+}}, [[K2]], [[I1]] : f64
  // CHECK: [[I3:%.+]] = math.fma {{%.+}}, [[K3]], [[I2]] : f64
  // CHECK: math.fma [[H]], [[I3]], [[Y]] : f64
  %r = deq.interpolate %dense at %theta step %h : f64 from(%y : f64) to(%n : f64) -> (f64)
  return %n, %r : f64, f64
}

// -----

// Scanned, extra stages are a loop of their own over further rows of the buffer.
#extra = #deq.rk<"extra", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
                 b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [], p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[INSIDE:%[^:]+]]: i1, [[SLOPES:%[^:]+]]: memref<3x1xf64>
func.func @deq_solve(%t: f64, %h: f64, %end: f64, %y: f64, %theta: f64, %inside: i1) -> (f64, f64) {
  %n, %s, %o = deq.step @g method #extra emission "scan" from %t by %h to %end : f64 y(%y : f64) -> (f64)
  // CHECK: scf.if [[INSIDE]] {
  // CHECK-DAG: [[FIRST:%.+]] = arith.constant 2 : index
  // CHECK-DAG: [[LAST:%.+]] = arith.constant 3 : index
  // CHECK: scf.for [[STAGE:%[^ ]+]] = [[FIRST]] to [[LAST]]
  // CHECK: [[K:%.+]] = deq.eval outlined @g(
  // CHECK: deq.write [[K]] into [[SLOPES]]{{\[}}[[STAGE]], 0]
  %dense = deq.extend %s if %inside
  // CHECK: deq.lookup dense<[1.000000e+00, -2.000000e+00, 1.000000e+00, -2.000000e+00,{{.*}}> : tensor<9xf64>
  %r = deq.interpolate %dense at %theta step %h : f64 from(%y : f64) to(%n : f64) -> (f64)
  return %n, %r : f64, f64
}

// -----

// A second error estimate lies behind the first.
#two = #deq.rk<"two", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
               c = [0.0, 1.0], e = [-0.5, 0.5], coarse_order = 1, coarse_e = [0.5, -0.5],
               p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// CHECK-LABEL: func.func @coarse(
func.func @coarse(%t: f64, %h: f64, %end: f64, %y: f64) -> (f64, f64) {
  // CHECK: [[K1:%.+]] = deq.eval
  // CHECK: [[K2:%.+]] = deq.eval
  // CHECK: [[B:%.+]] = math.fma {{%.+}}, [[K2]], {{%.+}} : f64
  // CHECK: math.fma {{%.+}}, [[B]], {{%.+}} : f64
  // CHECK: [[E:%.+]] = math.fma {{%.+}}, [[K2]], {{%.+}} : f64
  // CHECK: [[FINE:%.+]] = arith.mulf {{%.+}}, [[E]] : f64
  // CHECK: [[D:%.+]] = math.fma {{%.+}}, [[K2]], {{%.+}} : f64
  // CHECK: [[COARSE:%.+]] = arith.mulf {{%.+}}, [[D]] : f64
  // CHECK: return [[FINE]], [[COARSE]]
  %n, %e:2, %s, %o = deq.step @g method #two emission "unroll" from %t by %h to %end : f64 y(%y : f64)
    -> (f64) error(f64, f64)
  return %e#0, %e#1 : f64, f64
}
