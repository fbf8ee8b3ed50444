// f32 states whose time is f64: times are one value of it, lengths of steps and the rest of the loop are f32.
// RUN: deq-opt %s --deq-expand-solve -o %t.loop && FileCheck %s --check-prefix=LOOP < %t.loop
// RUN: deq-opt %t.loop --deq-expand-solve --deq-expand-step -o %t.step && FileCheck %s --check-prefix=STEP < %t.step
// RUN: deq-opt %t.step --deq-fuse --deq-unpack -o %t.unpacked && FileCheck %s --check-prefix=UNPACKED < %t.unpacked
// RUN: deq-opt %t.unpacked --deq-lower-to-llvm -o %t.llvm

#midpoint = #deq.rk<"midpoint", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5]], b = [0.0, 1.0],
                    c = [0.0, 0.5], e = [], p = [[1.0, -1.0], [0.0, 1.0]]>

deq.field @field : (f64, f32, tensor<5x3xf32>) -> f32 {
^bb0(%t: f64, %y: f32, %u: tensor<5x3xf32>):
  %value = deq.sample %u at %t degree 1 : tensor<5x3xf32> -> f64
  %slope = arith.truncf %value : f64 to f32
  deq.yield %slope : f32
}
deq.solve @solve field @field method #midpoint control #deq.constant save <"times"> stages "unroll" kinds ["memory"]

// t0 and t1 take one slot each; direction and end_tolerance are f32; dt is of the precision of time.
// LOOP: func.func @deq_solve([[T0:%[^ ]+]]: f64 {deq.uniform = 0 : i64}, [[T1:%[^ ]+]]: f64 {deq.uniform = 1 : i64},
// LOOP-SAME: [[DIRECTION:%[^ ]+]]: f32 {deq.uniform = 2 : i64}, {{%[^ ]+}}: f32 {deq.uniform = 3 : i64},
// LOOP-SAME: [[DT:%[^ ]+]]: f64 {deq.uniform = 4 : i64}
// LOOP-SAME: f32 {deq.trajectory = 0 : i64}
// The state: t, the end of the next step, y.
// LOOP-SAME: f64 {deq.state = 9 : i64}, {{%[^ ]+}}: f64 {deq.state = 10 : i64}, {{%[^ ]+}}: f32 {deq.state = 11 : i64}
// LOOP: scf.while
// LOOP: [[H:%.+]] = arith.mulf [[DIRECTION]], {{%.+}} : f32
// LOOP: deq.step @field {{.+}} from {{%.+}} by [[H]] to {{%.+}} : f64, f32 y({{%.+}} : f32)
// LOOP: deq.interpolate {{%.+}} at [[THETA:%.+]] step [[H]] : f32

// A stage's time is rounded once, to f64.
// STEP: scf.while
// STEP: [[H:%.+]] = arith.mulf {{%.+}} : f32
// STEP: deq.eval @field([[T:%.+]], [[Y:%.+]], {{%.+}}) : (f64, f32, memref<5x3xf32>) -> f32
// STEP: [[Z:%.+]] = math.fma [[H]], {{%.+}}, [[Y]] : f32
// STEP: [[HALF:%.+]] = arith.constant 5.000000e-01 : f64
// STEP: [[WIDE:%.+]] = arith.extf [[H]] : f32 to f64
// STEP: [[TIME:%.+]] = math.fma [[HALF]], [[WIDE]], [[T]] : f64
// STEP: deq.eval @field([[TIME]], [[Z]], {{%.+}})

// Knots and coefficients of f32 are compared and summed up in f64.
// UNPACKED-LABEL: func.func @deq_solve(
// UNPACKED: [[KNOT:%.+]] = memref.load [[TABLE:%.+]]{{\[.+\]}} : memref<5x3xf32>
// UNPACKED-NEXT: [[EXACT:%.+]] = arith.extf [[KNOT]] : f32 to f64
// UNPACKED-NEXT: arith.cmpf ole, [[EXACT]], {{%.+}} : f64
