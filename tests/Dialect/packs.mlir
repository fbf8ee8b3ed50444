// Operations on packs print and read back.
// RUN: deq-opt %s | deq-opt | FileCheck %s

// CHECK-LABEL: func.func @packs(
// CHECK-SAME: [[X:%.+]]: f64, [[B:%.+]]: i1, [[M:%.+]]: memref<3x5xf32>, [[S:%.+]]: memref<2x9xf64>, [[I:%.+]]: index)
func.func @packs(%x: f64, %b: i1, %m: memref<3x5xf32>, %s: memref<2x9xf64>, %i: index) {
  // CHECK: [[P:%.+]] = deq.broadcast [[X]] : vector<4xf64>
  %p = deq.broadcast %x : vector<4xf64>
  // CHECK: deq.broadcast [[B]] : vector<8xi1>
  %c = deq.broadcast %b : vector<8xi1>
  // CHECK: [[L:%.+]] = deq.lane [[P]][3] : vector<4xf64>
  %l = deq.lane %p[3] : vector<4xf64>
  // CHECK: [[Q:%.+]] = deq.shuffle [[P]], [[L]] [3, 4, 0, 4, 2, 2, 1, 0] : (vector<4xf64>, f64) -> vector<8xf64>
  %q = deq.shuffle %p, %l [3, 4, 0, 4, 2, 2, 1, 0] : (vector<4xf64>, f64) -> vector<8xf64>
  // CHECK: deq.load [[M]] at 11 : memref<3x5xf32> -> vector<4xf32>
  %w = deq.load %m at 11 : memref<3x5xf32> -> vector<4xf32>
  // CHECK: [[R:%.+]] = deq.read [[S]]{{\[}}[[I]], 1] : memref<2x9xf64> -> vector<8xf64>
  %r = deq.read %s[%i, 1] : memref<2x9xf64> -> vector<8xf64>
  // CHECK: deq.write [[R]] into [[S]]{{\[}}[[I]], 0] : vector<8xf64>, memref<2x9xf64>
  deq.write %r into %s[%i, 0] : vector<8xf64>, memref<2x9xf64>
  return
}
