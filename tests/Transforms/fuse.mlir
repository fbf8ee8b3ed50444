// fuse puts the field's body where it is evaluated; outlined evaluations call one copy per field, kind of input and set
// of results that are used, with the inputs that it reads.
// RUN: deq-opt %s --deq-fuse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not=deq.field --implicit-check-not=deq.eval

deq.field @f : (f64, f64, tensor<3xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %w: tensor<3xf64>):
  %s = deq.sum %w : tensor<3xf64> -> f64
  %r = arith.mulf %s, %y : f64
  deq.yield %r : f64
}

// CHECK-LABEL: func.func private @deq_f(
// CHECK-SAME: [[Y:%[^:]+]]: f64, [[M:%[^:]+]]: memref<3xf64>) -> f64
// CHECK: [[W:%.+]] = deq.argument [[M]] : memref<3xf64> -> tensor<3xf64>
// CHECK: [[S:%.+]] = deq.sum [[W]]
// CHECK: [[R:%.+]] = arith.mulf [[S]], [[Y]] : f64
// CHECK: return [[R]] : f64
// CHECK-NOT: func.func private
// CHECK-LABEL: func.func @kernel(
// CHECK-SAME: [[T:%.+]]: f64, [[Y:%.+]]: f64, [[M:%.+]]: memref<3xf64>)
func.func @kernel(%t: f64, %y: f64, %m: memref<3xf64>) -> (f64, f64, f64) {
  // CHECK: [[A:%.+]] = call @deq_f([[Y]], [[M]]) : (f64, memref<3xf64>) -> f64
  // CHECK: [[B:%.+]] = call @deq_f([[A]], [[M]]) : (f64, memref<3xf64>) -> f64
  %a = deq.eval outlined @f(%t, %y, %m) : (f64, f64, memref<3xf64>) -> f64
  %b = deq.eval outlined @f(%t, %a, %m) : (f64, f64, memref<3xf64>) -> f64
  // An evaluation that is not outlined is the body itself: its memory becomes an array where it is used.
  // CHECK: [[W:%.+]] = deq.argument [[M]]
  // CHECK: [[S:%.+]] = deq.sum [[W]]
  // CHECK: [[C:%.+]] = arith.mulf [[S]], [[B]] : f64
  // CHECK: [[V:%.+]] = deq.argument [[M]]
  // CHECK: [[R:%.+]] = deq.sum [[V]]
  // CHECK: [[D:%.+]] = arith.mulf [[R]], [[C]] : f64
  %c = deq.eval @f(%t, %b, %m) : (f64, f64, memref<3xf64>) -> f64
  %d = deq.eval @f(%t, %c, %m) : (f64, f64, memref<3xf64>) -> f64
  // CHECK: return [[A]], [[B]], [[D]]
  return %a, %b, %d : f64, f64, f64
}

// -----

// Fields do not share a copy, nor do evaluations whose argument is memory here and an array there; a name that is
// taken is not taken twice.
deq.field @f : (f64, f64, tensor<3xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %w: tensor<3xf64>):
  %s = deq.sum %w : tensor<3xf64> -> f64
  deq.yield %s : f64
}
deq.field @g : (f64, f64, tensor<3xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %w: tensor<3xf64>):
  %s = deq.dot %w, %w : tensor<3xf64> -> f64
  deq.yield %s : f64
}
func.func private @deq_f(f64) -> f64
// CHECK-DAG: func.func private @deq_f(f64) -> f64
// CHECK-DAG: func.func private @[[F:deq_f_[0-9]+]]({{[^,]+}}memref<3xf64>) -> f64
// CHECK-DAG: func.func private @[[ARRAY:deq_f_[0-9]+]]({{[^,]+}}tensor<3xf64>) -> f64
// CHECK-LABEL: func.func @kernel(
func.func @kernel(%t: f64, %y: f64, %m: memref<3xf64>, %w: tensor<3xf64>) -> (f64, f64, f64) {
  // CHECK: call @[[FIRST:.+]]({{.+}}) : (memref<3xf64>) -> f64
  // CHECK-NOT: call @[[FIRST]](
  // CHECK: call @[[SECOND:.+]]({{.+}}) : (tensor<3xf64>) -> f64
  // CHECK-NOT: call @[[FIRST]](
  // CHECK-NOT: call @[[SECOND]](
  // CHECK: call @{{.+}}({{.+}}) : (memref<3xf64>) -> f64
  %a = deq.eval outlined @f(%t, %y, %m) : (f64, f64, memref<3xf64>) -> f64
  %b = deq.eval outlined @f(%t, %y, %w) : (f64, f64, tensor<3xf64>) -> f64
  %c = deq.eval outlined @g(%t, %y, %m) : (f64, f64, memref<3xf64>) -> f64
  return %a, %b, %c : f64, f64, f64
}

// -----

// What a solve observes is outlined and inlined like a field; a result that nobody uses is not returned.
deq.function @events : (f64, f64) -> (f64, i1) {
^bb0(%t: f64, %y: f64):
  %low = arith.cmpf olt, %y, %t : f64
  deq.yield %y, %low : f64, i1
}
// CHECK-LABEL: func.func private @deq_events(
// CHECK-SAME: [[T:%.+]]: f64, [[Y:%.+]]: f64) -> i1
// CHECK: [[LOW:%.+]] = arith.cmpf olt, [[Y]], [[T]] : f64
// CHECK: return [[LOW]] : i1
// CHECK-LABEL: func.func @kernel(
// CHECK-SAME: [[T:%.+]]: f64, [[Y:%.+]]: f64)
func.func @kernel(%t: f64, %y: f64) -> (i1, i1) {
  // CHECK: [[COLD:%.+]] = call @deq_events([[T]], [[Y]])
  // CHECK: [[HOT:%.+]] = arith.cmpf olt, [[T]], [[Y]] : f64
  // CHECK: return [[COLD]], [[HOT]]
  %a:2 = deq.eval outlined @events(%t, %y) : (f64, f64) -> (f64, i1)
  %b:2 = deq.eval @events(%y, %t) : (f64, f64) -> (f64, i1)
  return %a#1, %b#1 : i1, i1
}
