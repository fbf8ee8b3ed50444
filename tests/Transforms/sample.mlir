// A table stays in memory on its way through the stages: sampled in the field, searched once unpacked, addressed in LLVM.
// RUN: deq-opt %s --deq-expand-solve | FileCheck %s --check-prefix=LOOP
// RUN: deq-opt %s --deq-expand-solve --deq-expand-step --deq-fuse -o %t.fused && FileCheck %s --check-prefix=FUSED < %t.fused
// RUN: deq-opt %t.fused --deq-unpack -o %t.unpacked && FileCheck %s --check-prefix=UNPACKED < %t.unpacked
// RUN: deq-opt %t.unpacked --deq-lower-to-llvm | FileCheck %s --check-prefix=LLVM

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>

deq.field @field : (f64, f64, tensor<5x3xf64>) -> f64 {
^bb0(%t: f64, %y: f64, %u: tensor<5x3xf64>):
  %value = deq.sample %u at %t degree 1 : tensor<5x3xf64> -> f64
  deq.yield %value : f64
}
deq.solve @solve field @field method #euler control #deq.constant save <"end"> stages "unroll" kinds ["memory"]

// LOOP: func.func @deq_solve({{.+}}: memref<5x3xf64> {deq.memory = 0 : i64}
// LOOP: deq.step @field {{.+}} args({{%.+}} : memref<5x3xf64>)

// The field is in the loop, and the time it samples at is that of the evaluation.
// FUSED-LABEL: func.func @deq_solve(
// FUSED-SAME: [[TABLE:%[^ ]+]]: memref<5x3xf64> {deq.memory = 0 : i64}
// FUSED: scf.while
// FUSED: ^bb0({{.+}}, [[PASSED:%[^ ]+]]: f64, {{%[^ ]+}}: f64, [[Y:%[^ ]+]]: f64,
// FUSED: [[TIME:%.+]] = math.fma {{%.+}}, [[PASSED]], {{%.+}} : f64
// FUSED: [[ROWS:%.+]] = deq.argument [[TABLE]] : memref<5x3xf64> -> tensor<5x3xf64>
// FUSED: [[VALUE:%.+]] = deq.sample [[ROWS]] at [[TIME]] degree 1 : tensor<5x3xf64> -> f64
// FUSED: math.fma {{%.+}}, {{%.+}}, [[Y]]

// Of 5 rows: steps of 2, 1 and 1, never past the last row, and no branch.
// UNPACKED-LABEL: func.func @deq_solve(
// UNPACKED-SAME: [[TABLE:%[^ ]+]]: memref<5x3xf64> {deq.memory = 0 : i64}
// UNPACKED-DAG: [[I0:%.+]] = arith.constant 0 : index
// UNPACKED-DAG: [[I1:%.+]] = arith.constant 1 : index
// UNPACKED-DAG: [[I2:%.+]] = arith.constant 2 : index
// UNPACKED: scf.while
// UNPACKED: ^bb0({{.+}}, [[PASSED:%[^ ]+]]: f64, {{%[^ ]+}}: f64, [[Y:%[^ ]+]]: f64
// UNPACKED: [[TIME:%.+]] = math.fma {{%.+}}, [[PASSED]], {{%.+}} : f64
// UNPACKED: [[C0:%.+]] = arith.addi [[I0]], [[I2]] : index
// UNPACKED-NEXT: [[T0:%.+]] = memref.load [[TABLE]]{{\[}}[[C0]], [[I0]]] : memref<5x3xf64>
// UNPACKED-NEXT: [[B0:%.+]] = arith.cmpf ole, [[T0]], [[TIME]] : f64
// UNPACKED-NEXT: [[R0:%.+]] = arith.select [[B0]], [[C0]], [[I0]] : index
// UNPACKED-NEXT: [[C1:%.+]] = arith.addi [[R0]], [[I1]] : index
// UNPACKED-NEXT: [[T1:%.+]] = memref.load [[TABLE]]{{\[}}[[C1]], [[I0]]]
// UNPACKED-NEXT: [[B1:%.+]] = arith.cmpf ole, [[T1]], [[TIME]]
// UNPACKED-NEXT: [[R1:%.+]] = arith.select [[B1]], [[C1]], [[R0]]
// UNPACKED-NEXT: [[C2:%.+]] = arith.addi [[R1]], [[I1]] : index
// UNPACKED-NEXT: [[T2:%.+]] = memref.load [[TABLE]]{{\[}}[[C2]], [[I0]]]
// UNPACKED-NEXT: [[B2:%.+]] = arith.cmpf ole, [[T2]], [[TIME]]
// UNPACKED-NEXT: [[ROW:%.+]] = arith.select [[B2]], [[C2]], [[R1]]
// UNPACKED-NEXT: [[KNOT:%.+]] = memref.load [[TABLE]]{{\[}}[[ROW]], [[I0]]]
// UNPACKED-NEXT: [[S:%.+]] = arith.subf [[TIME]], [[KNOT]] : f64
// UNPACKED-NEXT: [[A1:%.+]] = memref.load [[TABLE]]{{\[}}[[ROW]], [[I2]]]
// UNPACKED-NEXT: [[A0:%.+]] = memref.load [[TABLE]]{{\[}}[[ROW]], [[I1]]]
// UNPACKED-NEXT: [[VALUE:%.+]] = math.fma [[A1]], [[S]], [[A0]] : f64
// UNPACKED-NEXT: [[SUM:%.+]] = arith.mulf {{%.+}}, [[VALUE]] : f64
// UNPACKED-NEXT: math.fma {{%.+}}, [[SUM]], [[Y]] : f64

// LLVM: llvm.func @deq_solve(
// LLVM: [[TIME:%.+]] = llvm.intr.fma({{.+}}) : (f64, f64, f64) -> f64
// LLVM: [[CANDIDATE:%.+]] = llvm.add {{%.+}}, {{%.+}} : i64
// LLVM: [[FIRST:%.+]] = llvm.mul [[CANDIDATE]], {{%.+}} : i64
// LLVM: [[ROW:%.+]] = llvm.getelementptr {{%.+}}{{\[}}[[FIRST]]] : (!llvm.ptr, i64) -> !llvm.ptr, f64
// LLVM: [[ADDRESS:%.+]] = llvm.getelementptr [[ROW]]{{\[}}{{%.+}}] : (!llvm.ptr, i64) -> !llvm.ptr, f64
// LLVM-NEXT: [[KNOT:%.+]] = llvm.load [[ADDRESS]] : !llvm.ptr -> f64
// LLVM-NEXT: [[REACHED:%.+]] = llvm.fcmp "ole" [[KNOT]], [[TIME]] : f64
// LLVM-NEXT: llvm.select [[REACHED]], [[CANDIDATE]], {{%.+}} : i1, i64
