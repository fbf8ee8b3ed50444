// expand-solve turns a solve into a function that makes its first state and one resumable kernel with the same places: a
// loop of deq.step, rows, results.
// RUN: deq-opt %s --deq-expand-solve -split-input-file | FileCheck %s --implicit-check-not=deq.solve

#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @mixed : (f64, f64, tensor<2xf64>, tensor<2xf64>, f64, tensor<3xf64>, f64) -> (f64, tensor<2xf64>) {
^bb0(%t: f64, %y: f64, %q: tensor<2xf64>, %u: tensor<2xf64>, %k: f64, %w: tensor<3xf64>, %c: f64):
  deq.yield %y, %q : f64, tensor<2xf64>
}
deq.solve @solve field @mixed method #heun control #deq.pid<"rms"> save <"times"> stages "unroll"
  kinds ["uniform", "trajectory", "memory"]

// The field stays, for the stages to come.
// CHECK: deq.field @mixed
// Control inputs first, then the arguments by their kinds; what has no kind is a literal, and uniform.
// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: [[T0:%[^:]+]]: f64 {deq.uniform = 0 : i64}, [[T1:%[^:]+]]: f64 {deq.uniform = 1 : i64}
// CHECK-SAME: [[DIRECTION:%[^:]+]]: f64 {deq.uniform = 2 : i64}
// CHECK-SAME: i64 {deq.uniform = 22 : i64}, [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: [[Q0:%[^:]+]]: tensor<2xf64> {deq.trajectory = 1 : i64}
// CHECK-SAME: [[U:%[^:]+]]: tensor<2xf64> {deq.uniform = 23 : i64}
// CHECK-SAME: [[K:%[^:]+]]: f64 {deq.trajectory = 3 : i64}
// CHECK-SAME: [[W:%[^:]+]]: memref<3xf64> {deq.memory = 0 : i64}
// CHECK-SAME: [[C:%[^:]+]]: f64 {deq.uniform = 25 : i64}
// CHECK-SAME: [[TIMES:%[^:]+]]: memref<?xf64> {deq.times}
// CHECK-SAME: [[CAPACITY:%[^:]+]]: i64 {deq.frame = "capacity"}
// CHECK-SAME: [[ROWS:%[^:]+]]: i64 {deq.frame = "rows"}
// CHECK-SAME: [[BUDGET:%[^:]+]]: i64 {deq.frame = "budget"}
// CHECK-SAME: [[STATUS:%[^:]+]]: i64 {deq.state = 0 : i64}
// CHECK-SAME: tensor<2xf64> {deq.state = 12 : i64}
// Results are the outcome, the rows and the whole state, where the next call looks for it.
// CHECK-SAME: -> (i32 {deq.outcome}, i64 {deq.frame = "rows"}, i64 {deq.state = 0 : i64}
// CHECK-SAME: tensor<2xf64> {deq.state = 12 : i64}

// A fresh solve evaluates the field for its first step, in a function of its own, and may write a row at t0.
// The loop runs in a time that increases, direction*t; the field and the rows get t.
// CHECK: [[T:%.+]] = math.fma [[DIRECTION]], [[T0]], %cst
// CHECK: deq.eval outlined @mixed([[T]], [[Y0]], [[Q0]], [[U]], [[K]], [[W]], [[C]])
// CHECK: deq.log2
// CHECK: deq.exp2
// CHECK: [[START:%.+]] = math.fma [[DIRECTION]], [[T0]]
// CHECK: deq.save [[ROWS]] at [[START]]([[Y0]], [[Q0]] : f64, tensor<2xf64>)
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[T0:%[^:]+]]: f64 {deq.uniform = 0 : i64}, [[T1:%[^:]+]]: f64 {deq.uniform = 1 : i64}
// CHECK-SAME: [[DIRECTION:%[^:]+]]: f64 {deq.uniform = 2 : i64}
// CHECK-SAME: i64 {deq.uniform = 22 : i64}, [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: [[Q0:%[^:]+]]: tensor<2xf64> {deq.trajectory = 1 : i64}
// CHECK-SAME: [[U:%[^:]+]]: tensor<2xf64> {deq.uniform = 23 : i64}
// CHECK-SAME: [[K:%[^:]+]]: f64 {deq.trajectory = 3 : i64}
// CHECK-SAME: [[W:%[^:]+]]: memref<3xf64> {deq.memory = 0 : i64}
// CHECK-SAME: [[C:%[^:]+]]: f64 {deq.uniform = 25 : i64}
// CHECK-SAME: [[TIMES:%[^:]+]]: memref<?xf64> {deq.times}
// CHECK-SAME: [[CAPACITY:%[^:]+]]: i64 {deq.frame = "capacity"}
// CHECK-SAME: [[ROWS:%[^:]+]]: i64 {deq.frame = "rows"}
// CHECK-SAME: [[BUDGET:%[^:]+]]: i64 {deq.frame = "budget"}
// CHECK-SAME: [[STATUS:%[^:]+]]: i64 {deq.state = 0 : i64}
// CHECK-SAME: tensor<2xf64> {deq.state = 12 : i64}
// Results are the outcome, the rows and the whole state, where the next call looks for it.
// CHECK-SAME: -> (i32 {deq.outcome}, i64 {deq.frame = "rows"}, i64 {deq.state = 0 : i64}
// CHECK-SAME: tensor<2xf64> {deq.state = 12 : i64}

// The loop: as long as it runs, has budget and has room.
// CHECK: scf.while
// CHECK: scf.condition
// CHECK: [[LENGTH:%.+]] = arith.subf
// CHECK: math.fma [[DIRECTION]]
// CHECK: [[H:%.+]] = arith.mulf [[DIRECTION]], [[LENGTH]]
// CHECK: math.fma [[DIRECTION]]
// CHECK: [[NEXT:%.+]]:2, [[ERROR:%.+]]:2, [[STAGES:%.+]], [[OUTCOME:%.+]] = deq.step @mixed method #deq.rk<"heun"
// CHECK-SAME: emission "unroll" from {{%.+}} by [[H]] to
// CHECK-SAME: args([[U]], [[K]], [[W]], [[C]] : tensor<2xf64>, f64, memref<3xf64>, f64)
// CHECK: deq.mean_square
// CHECK: deq.log2
// CHECK: deq.exp2
// Rows at the listed times inside an accepted step, while there is room.
// CHECK: memref.load [[TIMES]]
// CHECK: scf.while
// CHECK: arith.cmpi slt, {{%.+}}, [[CAPACITY]]
// CHECK: deq.interpolate [[STAGES]] at {{.+}} step [[H]]
// CHECK: deq.save
// An accepted state that is not finite ends the solve, and a failure names its component.
// CHECK: deq.all_finite [[NEXT]]#0, [[NEXT]]#1
// CHECK: deq.locate
// The closing row.
// CHECK: deq.save
// CHECK-NOT: deq.save
// CHECK: return {{%.+}} : i32, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, f64, f64, f64, tensor<2xf64>, f64, f64, i64

// -----

// Constant steps need no error, no norm and no power; every n-th step is a row, the last one is the closing row.
#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #euler control #deq.constant save <"steps"> stages "scan" kinds []

// CHECK-LABEL: func.func @deq_solve(
// CHECK-NOT: deq.eval
// CHECK-NOT: deq.mean_square
// CHECK-NOT: deq.log2
// CHECK: [[NEXT:%.+]], [[STAGES:%.+]], [[OUTCOME:%.+]] = deq.step @decay method #deq.rk<"euler", {{.+}}> emission "scan"
// CHECK-NOT: deq.mean_square
// CHECK-NOT: deq.interpolate
// CHECK: arith.remsi
// CHECK: deq.save {{%.+}} at {{%.+}}([[NEXT]] : f64)
// CHECK: return

// -----

// Without rows inside there is nothing to interpolate and nothing to look up in the list of times. A first-same-as-last
// method carries its slope: it is part of the state, and starts as a cold evaluation.
#fsal = #deq.rk<"fsal", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #fsal control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: [[SLOPE:%[^:]+]]: f64 {deq.state = 15 : i64}) -> (
// CHECK-SAME: f64 {deq.state = 15 : i64}) {
// CHECK: deq.eval outlined @decay(
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[SLOPE:%[^:]+]]: f64 {deq.state = 15 : i64}) -> (
// CHECK-SAME: f64 {deq.state = 15 : i64}) {
// CHECK: deq.step @decay {{.+}} state({{%.+}} : f64) -> (f64) error(f64) state(f64)
// CHECK-NOT: memref.load
// CHECK-NOT: deq.interpolate
// CHECK: return

// -----

// In f32 time is a pair: two inputs and two slots for each, advanced by a two-sum; rows carry it as f64.
#fsal = #deq.rk<"fsal", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
deq.field @decay : (f32, f32) -> (f32) {
^bb0(%t: f32, %y: f32):
  deq.yield %y : f32
}
deq.solve @solve field @decay method #fsal control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: [[HI:%[^:]+]]: f32 {deq.uniform = 0 : i64}, [[LO:%[^:]+]]: f32 {deq.uniform = 1 : i64}
// CHECK-SAME: f32 {deq.uniform = 2 : i64}, {{%[^:]+}}: f32 {deq.uniform = 3 : i64}
// CHECK-SAME: f32 {deq.trajectory = 0 : i64}
// CHECK-SAME: f32 {deq.state = 9 : i64}, {{%[^:]+}}: f32 {deq.state = 10 : i64}
// CHECK-SAME: f32 {deq.state = 11 : i64}, {{%[^:]+}}: f32 {deq.state = 12 : i64}
// CHECK-DAG: [[WIDE:%.+]] = arith.extf [[HI]] : f32 to f64
// CHECK-DAG: [[REST:%.+]] = arith.extf [[LO]] : f32 to f64
// CHECK: [[SUM:%.+]] = arith.addf [[WIDE]], [[REST]] : f64
// CHECK: [[TIME:%.+]] = math.fma {{%.+}}, [[SUM]], {{%.+}} : f64
// CHECK: deq.save {{%.+}} at [[TIME]]
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[HI:%[^:]+]]: f32 {deq.uniform = 0 : i64}, [[LO:%[^:]+]]: f32 {deq.uniform = 1 : i64}
// CHECK-SAME: f32 {deq.uniform = 2 : i64}, {{%[^:]+}}: f32 {deq.uniform = 3 : i64}
// CHECK-SAME: f32 {deq.trajectory = 0 : i64}
// CHECK-SAME: f32 {deq.state = 9 : i64}, {{%[^:]+}}: f32 {deq.state = 10 : i64}
// CHECK-SAME: f32 {deq.state = 11 : i64}, {{%[^:]+}}: f32 {deq.state = 12 : i64}
// The difference of two pairs, rounded once, is the step.
// CHECK: arith.subf {{%.+}}, {{%.+}} : f32
// CHECK: arith.subf {{%.+}}, {{%.+}} : f32
// CHECK: [[LENGTH:%.+]] = arith.addf {{%.+}}, {{%.+}} : f32
// CHECK: [[H:%.+]] = arith.mulf {{%.+}}, [[LENGTH]] : f32
// CHECK: deq.step @decay {{.+}} by [[H]] to {{%.+}} : f32
// CHECK: return

// -----

// The maximum norm judges steps by their largest scaled error, without a mean of squares.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #heun control #deq.pid<"max"> save <"end"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_solve(
// CHECK: deq.step @decay
// CHECK-NOT: deq.mean_square
// CHECK: deq.max_magnitude
// CHECK-NOT: deq.mean_square
// CHECK: return

// -----

// A controller that clips: the list of times is an argument, the cursor and what it found there are state, a step gets
// the times before and after a jump, and the slope that the method keeps is computed anew behind one.
#fsal = #deq.rk<"fsal", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #fsal control #deq.clip<#deq.pid<"rms">> save <"end"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: memref<?xf64> {deq.times}, [[CLIPS:%[^:]+]]: memref<?x2xf64> {deq.clips}
// CHECK-SAME: i64 {deq.state = 12 : i64}, {{%[^:]+}}: i64 {deq.state = 13 : i64}, {{%[^:]+}}: i64 {deq.state = 14 : i64}
// CHECK-SAME: i64 {deq.state = 15 : i64}, {{%[^:]+}}: f64 {deq.state = 16 : i64}
// CHECK: memref.load [[CLIPS]]
// CHECK: memref.load [[CLIPS]]
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: memref<?xf64> {deq.times}, [[CLIPS:%[^:]+]]: memref<?x2xf64> {deq.clips}
// CHECK-SAME: i64 {deq.state = 12 : i64}, {{%[^:]+}}: i64 {deq.state = 13 : i64}, {{%[^:]+}}: i64 {deq.state = 14 : i64}
// CHECK-SAME: i64 {deq.state = 15 : i64}, {{%[^:]+}}: f64 {deq.state = 16 : i64}
// CHECK: scf.while
// CHECK: scf.condition
// CHECK: [[UP:%.+]] = arith.addf {{%.+}}, {{%cst.*}} : f64
// CHECK: [[BEHIND:%.+]] = arith.addf {{%.+}}, [[UP]] : f64
// CHECK: [[BEGIN:%.+]] = arith.select {{%.+}}, [[BEHIND]], {{%.+}} : f64
// CHECK: [[DOWN:%.+]] = arith.addf {{%.+}}, {{%cst.*}} : f64
// CHECK: [[BEFORE:%.+]] = arith.subf {{%.+}}, [[DOWN]] : f64
// CHECK: [[END:%.+]] = arith.select {{%.+}}, [[BEFORE]], {{%.+}} : f64
// CHECK: [[FROM:%.+]] = math.fma {{%.+}}, [[BEGIN]]
// CHECK: [[TO:%.+]] = math.fma {{%.+}}, [[END]]
// CHECK: [[NEXT:%.+]], {{%.+}}, [[SLOPE:%.+]], {{%.+}}, {{%.+}} = deq.step @decay {{.+}} from [[FROM]] by {{%.+}} to [[TO]]
// CHECK: memref.load [[CLIPS]]
// CHECK: memref.load [[CLIPS]]
// CHECK: [[KEPT:%.+]] = arith.select {{%.+}}, [[SLOPE]], {{%.+}} : f64
// CHECK: scf.if
// CHECK: [[NEW:%.+]] = deq.eval outlined @decay(
// CHECK-NEXT: scf.yield [[NEW]]
// CHECK: scf.yield [[KEPT]]
// CHECK: return

// -----

// Tolerances per leaf follow the control inputs, and each scales the error of its own leaf.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @leaves : (f64, f64, tensor<2xf64>, f64) -> (f64, tensor<2xf64>) {
^bb0(%t: f64, %y: f64, %q: tensor<2xf64>, %k: f64):
  deq.yield %y, %q : f64, tensor<2xf64>
}
deq.solve @solve field @leaves method #heun control #deq.pid<"rms", leaf_atol> save <"end"> stages "unroll"
  kinds ["uniform"]

// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: [[RTOL:%[^:]+]]: f64 {deq.uniform = 6 : i64}
// CHECK-SAME: i64 {deq.uniform = 22 : i64}, [[ATOL_Y:%[^:]+]]: f64 {deq.uniform = 23 : i64}
// CHECK-SAME: [[ATOL_Q:%[^:]+]]: f64 {deq.uniform = 24 : i64}, [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: [[Q0:%[^:]+]]: tensor<2xf64> {deq.trajectory = 1 : i64}
// CHECK-SAME: [[K:%[^:]+]]: f64 {deq.uniform = 25 : i64}
// The automatic first step.
// CHECK: [[SIZE:%.+]] = math.absf [[Y0]] : f64
// CHECK: math.fma [[RTOL]], [[SIZE]], [[ATOL_Y]] : f64
// CHECK: [[SIZES:%.+]] = math.absf [[Q0]] : tensor<2xf64>
// CHECK: [[TOLERANCES:%.+]] = tensor.splat [[ATOL_Q]] : tensor<2xf64>
// CHECK: math.fma {{%.+}}, [[SIZES]], [[TOLERANCES]] : tensor<2xf64>
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[RTOL:%[^:]+]]: f64 {deq.uniform = 6 : i64}
// CHECK-SAME: i64 {deq.uniform = 22 : i64}, [[ATOL_Y:%[^:]+]]: f64 {deq.uniform = 23 : i64}
// CHECK-SAME: [[ATOL_Q:%[^:]+]]: f64 {deq.uniform = 24 : i64}, [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: [[Q0:%[^:]+]]: tensor<2xf64> {deq.trajectory = 1 : i64}
// CHECK-SAME: [[K:%[^:]+]]: f64 {deq.uniform = 25 : i64}
// The error.
// CHECK: [[NEXT:%.+]]:2, [[ERROR:%.+]]:2, {{.+}} = deq.step @leaves
// CHECK: [[SCALE:%.+]] = math.fma [[RTOL]], {{%.+}}, [[ATOL_Y]] : f64
// CHECK: [[BLAME:%.+]] = arith.divf [[ERROR]]#0, [[SCALE]] : f64
// CHECK: [[TOLERANCES:%.+]] = tensor.splat [[ATOL_Q]] : tensor<2xf64>
// CHECK: [[SCALES:%.+]] = math.fma {{%.+}}, {{%.+}}, [[TOLERANCES]] : tensor<2xf64>
// CHECK: [[BLAMES:%.+]] = arith.divf [[ERROR]]#1, [[SCALES]] : tensor<2xf64>
// CHECK: deq.mean_square [[BLAME]], [[BLAMES]] : f64, tensor<2xf64> -> f64

// -----

// A step that ends with two slopes is judged for stability, every 16th time it is accepted and committed; the count is
// the seventh value of the state.
#two = #deq.rk<"two", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0], [0.5, 0.5]],
               b = [0.5, 0.5, 0.0], c = [0.0, 1.0, 1.0], e = [-0.5, 0.5, 0.0],
               p = [[1.0, -0.5], [0.0, 0.5], [0.0, 0.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #two control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_solve(
// CHECK: scf.while ({{.+}}, [[COUNT:%[^ ]+]] = {{%.+}}, {{%[^ ]+}} = {{%.+}}, {{%[^ ]+}} = {{%.+}}, {{%[^ ]+}} = {{%.+}}
// CHECK: deq.step @decay
// CHECK: [[ACCEPTED:%.+]] = arith.addi
// CHECK: [[MASK:%.+]] = arith.constant 15 : i64
// CHECK: [[REST:%.+]] = arith.andi [[ACCEPTED]], [[MASK]] : i64
// CHECK: [[TURN:%.+]] = arith.cmpi eq, [[REST]], {{%.+}} : i64
// CHECK: scf.if [[TURN]]
// CHECK: [[LIMITED:%.+]] = deq.stiffness
// CHECK: [[COUNTS:%.+]] = arith.andi {{%.+}}, [[LIMITED]] : i1
// CHECK: [[ONE:%.+]] = arith.extui [[COUNTS]] : i1 to i64
// CHECK: arith.addi {{%.+}}, [[ONE]] : i64

// -----

// Constant steps are as long as the caller says: there is nothing to judge.
#two = #deq.rk<"two", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0], [0.5, 0.5]],
               b = [0.5, 0.5, 0.0], c = [0.0, 1.0, 1.0], e = [-0.5, 0.5, 0.0],
               p = [[1.0, -0.5], [0.0, 0.5], [0.0, 0.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #two control #deq.constant save <"end"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_solve(
// CHECK-NOT: deq.stiffness
// CHECK: return

// -----

// Stages for dense output alone are evaluated before the rows of a step, if the first of them is inside of it, and the
// step is counted unless rows of it have been written before.
#extra = #deq.rk<"extra", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
                 b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [], p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #extra control #deq.constant save <"times"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[CAPACITY:%[^:]+]]: i64 {deq.frame = "capacity"}
// CHECK: [[NEXT:%.+]], [[STAGES:%.+]], [[OUTCOME:%.+]] = deq.step @decay
// CHECK: [[ROOM:%.+]] = arith.cmpi slt, {{%.+}}, [[CAPACITY]]
// CHECK: [[TIME:%.+]] = memref.load
// CHECK: [[INSIDE:%.+]] = arith.cmpf ogt, {{%.+}}, [[TIME]] : f64
// CHECK: [[DUE:%.+]] = arith.andi {{%.+}}, [[INSIDE]] : i1
// CHECK: [[DENSE:%.+]] = deq.extend [[STAGES]] if [[DUE]]
// CHECK: scf.while
// CHECK: deq.interpolate [[DENSE]] at
// CHECK-NOT: deq.extend
// CHECK: return

// -----

// Rows of a dense solve have dy/dt behind the state: that of the interpolant inside of a step, which a row at its end
// needs too; elsewhere it is not known.
#extra = #deq.rk<"extra", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
                 b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [], p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>
deq.field @decay : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @decay method #extra control #deq.constant save <"dense"> stages "unroll" kinds []

// CHECK-LABEL: func.func @deq_start(
// CHECK: [[UNKNOWN:%.+]] = arith.constant 0x7FF8000000000000 : f64
// CHECK: deq.save {{%.+}} at {{%.+}}({{%.+}}, [[UNKNOWN]] : f64, f64)
// CHECK-LABEL: func.func @deq_solve(
// CHECK: [[NEXT:%.+]], [[STAGES:%.+]], [[OUTCOME:%.+]] = deq.step @decay
// CHECK: [[DENSE:%.+]] = deq.extend [[STAGES]] if
// CHECK: [[DERIVATIVE:%.+]] = deq.interpolate derivative [[DENSE]] at
// CHECK: [[INSIDE:%.+]] = deq.interpolate [[DENSE]] at
// CHECK: deq.save {{%.+}} at {{%.+}}({{%.+}}, [[DERIVATIVE]] : f64, f64)
// CHECK: return

// -----

// Events: their tolerances follow the control inputs, the numbers that are watched are state, and the function is asked
// at both probes of an accepted step, while a search calls it where it looks.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @events : (f64, f64) -> (i1, f64) {
^bb0(%t: f64, %y: f64):
  %late = arith.cmpf ogt, %t, %y : f64
  deq.yield %late, %y : i1, f64
}
deq.solve @solve field @f method #heun control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []
  events @events directions ["any", "down"]

// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: f64 {deq.uniform = 23 : i64}, {{%[^:]+}}: f64 {deq.uniform = 24 : i64}, [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: f64 {deq.state = 12 : i64}
// CHECK: deq.eval outlined @events({{%.+}}, [[Y0]])
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: f64 {deq.uniform = 23 : i64}, {{%[^:]+}}: f64 {deq.uniform = 24 : i64}, [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: f64 {deq.state = 12 : i64}
// CHECK: [[NEXT:%.+]], [[ERROR:%.+]], [[STAGES:%.+]], {{%.+}} = deq.step @f
// CHECK: deq.eval @events({{%.+}}, [[NEXT]])
// CHECK: deq.interpolate [[STAGES]]
// CHECK: deq.eval outlined @events
// CHECK: deq.interpolate [[STAGES]]
// CHECK: deq.eval outlined @events
// CHECK: scf.while
// CHECK: deq.interpolate [[STAGES]]
// CHECK: deq.eval outlined @events

// -----

// A limit: asked once before the first step, and where each attempt ends. It is state, which a rejected step keeps, and
// bounds both dt_min and dt_max.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @limit : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.solve @solve field @f method #heun control #deq.limit<#deq.pid<"rms">> save <"end"> stages "unroll" kinds []
  limit @limit

// CHECK-LABEL: func.func @deq_start(
// CHECK-SAME: [[LEAST:%[^:]+]]: f64 {deq.uniform = 14 : i64}, [[MOST:%[^:]+]]: f64 {deq.uniform = 15 : i64}
// CHECK-SAME: [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: f64 {deq.state = 12 : i64}
// CHECK: [[FIRST:%.+]] = deq.eval outlined @limit({{%.+}}, [[Y0]])
// CHECK: arith.cmpf olt, [[FIRST]], [[LEAST]]
// CHECK: arith.cmpf olt, [[FIRST]], [[MOST]]
// CHECK-LABEL: func.func @deq_solve(
// CHECK-SAME: [[LEAST:%[^:]+]]: f64 {deq.uniform = 14 : i64}, [[MOST:%[^:]+]]: f64 {deq.uniform = 15 : i64}
// CHECK-SAME: [[Y0:%[^:]+]]: f64 {deq.trajectory = 0 : i64}
// CHECK-SAME: f64 {deq.state = 12 : i64}
// CHECK: [[NEXT:%.+]], [[ERROR:%.+]], [[STAGES:%.+]], {{%.+}} = deq.step @f
// CHECK: [[LONGEST:%.+]] = deq.eval @limit({{%.+}}, [[NEXT]])
// CHECK: [[HERE:%.+]] = arith.select {{%.+}}, [[LONGEST]], {{%.+}} : f64
// CHECK: arith.cmpf olt, [[HERE]], [[LEAST]]
// CHECK: arith.cmpf olt, [[HERE]], [[MOST]]
