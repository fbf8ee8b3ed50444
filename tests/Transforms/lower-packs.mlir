// lower-to-llvm makes vectors of packs: shuffles of two, loads and stores with the alignment of an element.
// RUN: deq-opt %s --deq-lower-to-llvm -split-input-file | FileCheck %s --implicit-check-not=" deq."

// CHECK-LABEL: llvm.func @deq_solve(
// CHECK-DAG: [[CONSTANTS:%.+]] = llvm.mlir.constant(dense<0.000000e+00> : vector<8xf64>) : vector<8xf64>
// CHECK: [[A:%.+]] = llvm.load {{%.+}} {alignment = 8 : i64} : !llvm.ptr -> vector<8xf64>
// CHECK: [[W:%.+]] = llvm.load {{%.+}} {alignment = 8 : i64} : !llvm.ptr -> vector<8xf64>
// CHECK: [[K:%.+]] = llvm.load {{%.+}} {alignment = 8 : i64} : !llvm.ptr -> vector<8xf64>
// CHECK: llvm.store [[W]], {{%.+}} {alignment = 8 : i64} : vector<8xf64>, !llvm.ptr
// CHECK: [[X:%.+]] = llvm.extractelement [[A]][{{%.+}} : i64] : vector<8xf64>
// CHECK: [[FIRST:%.+]] = llvm.insertelement [[X]], {{%.+}} : vector<8xf64>
// CHECK: [[B:%.+]] = llvm.shufflevector [[FIRST]], {{%.+}} [0, 0, 0, 0, 0, 0, 0, 0] : vector<8xf64>
// Constants are one vector, a narrow pack is widened, and other numbers are put in last.
// CHECK: [[AC:%.+]] = llvm.shufflevector [[A]], [[CONSTANTS]] [0, -1, -1, -1, 7, 13, 14, 2] : vector<8xf64>
// CHECK: [[P:%.+]] = llvm.load {{%.+}} invariant {alignment = 8 : i64} : !llvm.ptr -> vector<4xf64>
// CHECK: [[WIDE:%.+]] = llvm.shufflevector [[P]], {{%.+}} [0, 1, 2, 3, -1, -1, -1, -1] : vector<4xf64>
// CHECK: [[ACP:%.+]] = llvm.shufflevector [[AC]], [[WIDE]] [0, 8, 9, -1, 4, 5, 6, 7] : vector<8xf64>
// CHECK: [[Q:%.+]] = llvm.insertelement [[X]], [[ACP]]
// CHECK: [[C:%.+]] = llvm.fcmp "olt" [[Q]], [[B]] : vector<8xf64>
// CHECK: [[R:%.+]] = llvm.select [[C]], [[K]], [[W]] : vector<8xi1>, vector<8xf64>
// A row has 13 numbers.
// CHECK: [[ROW:%.+]] = llvm.getelementptr {{%.+}} : (!llvm.ptr, i64) -> !llvm.ptr, f64
// CHECK: [[Y0:%.+]] = llvm.getelementptr [[ROW:%.+]][0] : (!llvm.ptr) -> !llvm.ptr, f64
// CHECK: llvm.store [[R]], [[Y0]] {alignment = 8 : i64} : vector<8xf64>, !llvm.ptr
// CHECK: [[Y8:%.+]] = llvm.getelementptr [[ROW]][8]
// CHECK: llvm.store [[P]], [[Y8]] {alignment = 8 : i64} : vector<4xf64>, !llvm.ptr
// CHECK: [[Y12:%.+]] = llvm.getelementptr [[ROW]][12]
// CHECK: llvm.store [[X]], [[Y12]] : f64, !llvm.ptr
// CHECK: llvm.store [[R]], {{%.+}} {alignment = 8 : i64} : vector<8xf64>, !llvm.ptr
func.func @deq_solve(%a: vector<8xf64> {deq.state = 0}, %p: vector<4xf64> {deq.trajectory = 1},
                     %m: memref<3x5xf64> {deq.memory = 0}, %s: memref<2x9xf64> {deq.scratch = 8})
    -> (vector<8xf64> {deq.state = 0}, i32 {deq.outcome}) {
  %row = arith.constant 1 : index
  %n = arith.constant 0 : i64
  %t = arith.constant 0.0 : f64
  %done = arith.constant 0 : i32
  %w = deq.load %m at 3 : memref<3x5xf64> -> vector<8xf64>
  %k = deq.read %s[%row, 1] : memref<2x9xf64> -> vector<8xf64>
  deq.write %w into %s[%row, 0] : vector<8xf64>, memref<2x9xf64>
  %x = deq.lane %a[3] : vector<8xf64>
  %b = deq.broadcast %x : vector<8xf64>
  %q = deq.shuffle %a, %p, %x, %t [0, 8, 9, 12, 7, 13, 13, 2] : (vector<8xf64>, vector<4xf64>, f64, f64) -> vector<8xf64>
  %c = arith.cmpf olt, %q, %b : vector<8xf64>
  %r = arith.select %c, %k, %w : vector<8xi1>, vector<8xf64>
  deq.save %n at %t(%r, %p, %x : vector<8xf64>, vector<4xf64>, f64)
  return %r, %done : vector<8xf64>, i32
}

// -----

// A slot has room for an f64; an f32 is its first half.
// CHECK-LABEL: llvm.func @deq_solve(
// CHECK: [[SLOTS:%.+]] = llvm.load {{%.+}} {alignment = 4 : i64} : !llvm.ptr -> vector<4xf32>
// CHECK: [[A:%.+]] = llvm.shufflevector [[SLOTS]], {{%.+}} [0, 2] : vector<4xf32>
// CHECK: [[BACK:%.+]] = llvm.shufflevector [[A]], {{%.+}} [0, 0, 1, 1] : vector<2xf32>
// CHECK: llvm.store [[BACK]], {{%.+}} {alignment = 4 : i64} : vector<4xf32>, !llvm.ptr
func.func @deq_solve(%a: vector<2xf32> {deq.state = 0}) -> (vector<2xf32> {deq.state = 0}, i32 {deq.outcome}) {
  %done = arith.constant 0 : i32
  return %a, %done : vector<2xf32>, i32
}
