// Rows and tables are the operations of deq that unpack leaves, over scalars.
// RUN: deq-opt %s --deq-unpack | FileCheck %s

// CHECK-LABEL: func.func @rows(
// CHECK-SAME: [[ROW:%.+]]: i64, [[T:%.+]]: f64, [[A:%.+]]: f64, [[B:%.+]]: f64, [[I:%.+]]: index)
// CHECK: deq.save [[ROW]] at [[T]]([[A]], [[B]] : f64, f64)
// CHECK: [[X:%.+]] = deq.lookup dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf64>{{\[}}[[I]]] : f64
// CHECK: return [[X]]
func.func @rows(%row: i64, %t: f64, %q: tensor<2xf64>, %i: index) -> f64 {
  deq.save %row at %t(%q : tensor<2xf64>)
  %x = deq.lookup dense<[1.0, 2.0]> : tensor<2xf64>[%i] : f64
  return %x : f64
}
