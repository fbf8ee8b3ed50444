// lower-to-llvm reads the kernel's arguments from the caller's frame by their places and stores its results there.
// RUN: deq-opt %s --deq-lower-to-llvm -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not=arith. --implicit-check-not=scf. --implicit-check-not=memref \
// RUN:     --implicit-check-not=func.func

// One place of each kind. Offsets of the frame are those of deq/kernel.h; slots are 8 bytes apart.
// CHECK-LABEL: llvm.func @deq_solve(
// CHECK-SAME: [[FRAME:%.+]]: !llvm.ptr) -> i32 {
// CHECK-DAG: [[OUTCOME:%.+]] = llvm.mlir.constant(0 : i32) : i32
// CHECK-DAG: [[WORKSPACE:%.+]] = llvm.load [[FRAME]] : !llvm.ptr -> !llvm.ptr
// CHECK-DAG: [[AT8:%.+]] = llvm.getelementptr [[FRAME]][8] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-DAG: [[UNIFORM:%.+]] = llvm.load [[AT8]] : !llvm.ptr -> !llvm.ptr
// CHECK-DAG: [[AT16:%.+]] = llvm.getelementptr [[FRAME]][16] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-DAG: [[TRAJECTORY:%.+]] = llvm.load [[AT16]] : !llvm.ptr -> !llvm.ptr
// CHECK-DAG: [[AT24:%.+]] = llvm.getelementptr [[FRAME]][24] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-DAG: [[MEMORY:%.+]] = llvm.load [[AT24]] : !llvm.ptr -> !llvm.ptr
// CHECK-DAG: [[AT40:%.+]] = llvm.getelementptr [[FRAME]][40] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-DAG: [[OUTT:%.+]] = llvm.load [[AT40]] : !llvm.ptr -> !llvm.ptr
// CHECK-DAG: [[AT48:%.+]] = llvm.getelementptr [[FRAME]][48] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK-DAG: [[OUTY:%.+]] = llvm.load [[AT48]] : !llvm.ptr -> !llvm.ptr
// What is not used is not loaded, and what does not change during a call is loaded where it is used.
// CHECK: [[TAT:%.+]] = llvm.getelementptr [[FRAME]][32] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: [[TIMES:%.+]] = llvm.load [[TAT]] : !llvm.ptr -> !llvm.ptr
// CHECK: [[RAT:%.+]] = llvm.getelementptr [[FRAME]][64] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: [[ROW:%.+]] = llvm.load [[RAT]] : !llvm.ptr -> i64
// CHECK: [[S:%.+]] = llvm.load [[WORKSPACE]] : !llvm.ptr -> i64
// CHECK: [[SCRATCH:%.+]] = llvm.getelementptr [[WORKSPACE]][8] : (!llvm.ptr) -> !llvm.ptr, i8
// Elements of memory are row-major addresses.
// CHECK: [[MUL:%.+]] = llvm.mul [[I:%.+]], {{%.+}} : i64
// CHECK: [[MAT:%.+]] = llvm.getelementptr [[MEMORY]][8] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: [[M:%.+]] = llvm.load [[MAT]] invariant : !llvm.ptr -> !llvm.ptr
// CHECK: [[WROW:%.+]] = llvm.getelementptr [[M]]{{\[}}[[MUL]]] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK: [[WAT:%.+]] = llvm.getelementptr [[WROW]]{{\[}}[[I]]] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK: [[W:%.+]] = llvm.load [[WAT]] : !llvm.ptr -> f32
// CHECK: [[TIMEAT:%.+]] = llvm.getelementptr [[TIMES]]{{\[}}[[I]]] : (!llvm.ptr, i64) -> !llvm.ptr, f64
// CHECK: [[TIME:%.+]] = llvm.load [[TIMEAT]] : !llvm.ptr -> f64
// CHECK: llvm.store [[W]], {{%.+}} : f32, !llvm.ptr
// A row: its time, then its values side by side in the element type.
// CHECK: [[ROWT:%.+]] = llvm.getelementptr [[OUTT]]{{\[}}[[ROW]]] : (!llvm.ptr, i64) -> !llvm.ptr, f64
// CHECK: llvm.store [[TIME]], [[ROWT]] : f64, !llvm.ptr
// CHECK: [[FIRST:%.+]] = llvm.mul [[ROW]], {{%.+}} : i64
// CHECK: [[ROWY:%.+]] = llvm.getelementptr [[OUTY]]{{\[}}[[FIRST]]] : (!llvm.ptr, i64) -> !llvm.ptr, f32
// CHECK: [[COLUMN0:%.+]] = llvm.getelementptr [[ROWY]][0] : (!llvm.ptr) -> !llvm.ptr, f32
// CHECK: [[UAT:%.+]] = llvm.getelementptr [[UNIFORM]][24] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: [[U:%.+]] = llvm.load [[UAT]] invariant : !llvm.ptr -> f32
// CHECK: llvm.store [[U]], [[COLUMN0]] : f32, !llvm.ptr
// CHECK: [[COLUMN1:%.+]] = llvm.getelementptr [[ROWY]][1] : (!llvm.ptr) -> !llvm.ptr, f32
// CHECK: [[YAT:%.+]] = llvm.getelementptr [[TRAJECTORY]][8] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: [[Y:%.+]] = llvm.load [[YAT]] invariant : !llvm.ptr -> f32
// CHECK: llvm.store [[Y]], [[COLUMN1]] : f32, !llvm.ptr
// Results, but not what is in its slot already.
// CHECK: [[NEXT:%.+]] = llvm.add [[ROW]], [[S]] : i64
// CHECK: [[BACK:%.+]] = llvm.getelementptr [[FRAME]][64] : (!llvm.ptr) -> !llvm.ptr, i8
// CHECK: llvm.store [[NEXT]], [[BACK]] : i64, !llvm.ptr
// CHECK: llvm.store [[ROW]], [[WORKSPACE]] : i64, !llvm.ptr
// CHECK-NOT: llvm.store
// CHECK: llvm.return [[OUTCOME]] : i32
func.func @deq_solve(
    %u: f32 {deq.uniform = 3}, %y: f32 {deq.trajectory = 1}, %m: memref<2x3xf32> {deq.memory = 1},
    %times: memref<?xf64> {deq.times}, %capacity: i64 {deq.frame = "capacity"}, %row: i64 {deq.frame = "rows"},
    %budget: i64 {deq.frame = "budget"}, %s: i64 {deq.state = 0}, %scratch: memref<2x3xf32> {deq.scratch = 1},
    %kept: i64 {deq.state = 7})
    -> (i32 {deq.outcome}, i64 {deq.frame = "rows"}, i64 {deq.state = 0}, i64 {deq.state = 7}) {
  %one = arith.constant 1 : index
  %outcome = arith.constant 0 : i32
  %w = memref.load %m[%one, %one] : memref<2x3xf32>
  %time = memref.load %times[%one] : memref<?xf64>
  memref.store %w, %scratch[%one, %one] : memref<2x3xf32>
  deq.save %row at %time(%u, %y : f32, f32)
  %next = arith.addi %row, %s : i64
  return %outcome, %next, %row, %kept : i32, i64, i64, i64
}

// -----

// Tables are constants, one per table however often it is looked up; an index table holds i64.
// CHECK-DAG: llvm.mlir.global internal constant @[[$REALS:[^(]+]](dense<[1.000000e+00, 2.500000e-01]> : tensor<2xf64>){{.*}} : !llvm.array<2 x f64>
// CHECK-DAG: llvm.mlir.global internal constant @[[$INDICES:[^(]+]](dense<[0, 7]> : tensor<2xi64>){{.*}} : !llvm.array<2 x i64>
// CHECK-NOT: llvm.mlir.global
// CHECK-LABEL: llvm.func @deq_solve(
// CHECK: [[TABLE:%.+]] = llvm.mlir.addressof @[[$INDICES]] : !llvm.ptr
// CHECK: [[AT:%.+]] = llvm.getelementptr [[TABLE]]{{\[}}{{%.+}}] : (!llvm.ptr, i64) -> !llvm.ptr, i64
// CHECK: [[I:%.+]] = llvm.load [[AT]] : !llvm.ptr -> i64
// CHECK: [[REAL:%.+]] = llvm.mlir.addressof @[[$REALS]] : !llvm.ptr
// CHECK: llvm.getelementptr [[REAL]]{{\[}}[[I]]] : (!llvm.ptr, i64) -> !llvm.ptr, f64
// CHECK: llvm.mlir.addressof @[[$REALS]] : !llvm.ptr
func.func @deq_solve(%x: f64 {deq.state = 0}) -> (i32 {deq.outcome}, f64 {deq.state = 0}) {
  %one = arith.constant 1 : index
  %outcome = arith.constant 0 : i32
  %i = deq.lookup dense<[0, 7]> : tensor<2xindex>[%one] : index
  %a = deq.lookup dense<[1.0, 0.25]> : tensor<2xf64>[%i] : f64
  %b = deq.lookup dense<[1.0, 0.25]> : tensor<2xf64>[%one] : f64
  %s = arith.addf %a, %b : f64
  return %outcome, %s : i32, f64
}

// -----

// Elementary functions are plain calls that LLVM may neither fold nor replace, of the element type; what is an
// instruction is one.
// CHECK-DAG: llvm.func @sin(f64) -> f64 attributes {passthrough = ["nobuiltin", "nounwind", "willreturn"]}
// CHECK-DAG: llvm.func @sinf(f32) -> f32 attributes {passthrough = ["nobuiltin", "nounwind", "willreturn"]}
// CHECK-DAG: llvm.func @pow(f64, f64) -> f64 attributes {passthrough = ["nobuiltin", "nounwind", "willreturn"]}
// CHECK-LABEL: llvm.func internal {{[a-z0-9_]+cc}} @functions(
// CHECK-SAME: {{%.+}}: !llvm.ptr, [[X:%.+]]: f64, [[Y:%.+]]: f32) -> !llvm.struct<(f64, f32)> {
// CHECK: [[A:%.+]] = llvm.call @sin([[X]]) : (f64) -> f64
// CHECK: [[B:%.+]] = llvm.call @sinf([[Y]]) : (f32) -> f32
// CHECK: [[C:%.+]] = llvm.call @pow([[A]], [[X]]) : (f64, f64) -> f64
// CHECK: [[D:%.+]] = llvm.intr.sqrt([[C]]) : (f64) -> f64
// CHECK: [[E:%.+]] = llvm.intr.fma([[D]], [[X]], [[D]]) : (f64, f64, f64) -> f64
// CHECK: [[F:%.+]] = llvm.insertvalue [[E]], {{%.+}}[0]
// CHECK: [[G:%.+]] = llvm.insertvalue [[B]], [[F]][1]
// CHECK: llvm.return [[G]]
func.func private @functions(%x: f64, %y: f32) -> (f64, f32) {
  %a = math.sin %x : f64
  %b = math.sin %y : f32
  %c = math.powf %a, %x : f64
  %d = math.sqrt %c : f64
  %e = math.fma %d, %x, %d : f64
  return %e, %b : f64, f32
}
// A function with several results returns a struct; one with a single result returns it.
// CHECK-LABEL: llvm.func internal {{[a-z0-9_]+cc}} @single({{.+}}) -> f64 {
func.func private @single(%x: f64) -> f64 {
  return %x : f64
}
// CHECK-LABEL: llvm.func @deq_solve(
// CHECK: [[R:%.+]] = llvm.call {{[a-z0-9_]+cc}} @functions({{.+}}) : (!llvm.ptr, f64, f32) -> !llvm.struct<(f64, f32)>
// CHECK: [[R0:%.+]] = llvm.extractvalue [[R]][0]
// CHECK: llvm.extractvalue [[R]][1]
// CHECK: llvm.call {{[a-z0-9_]+cc}} @single({{%.+}}, [[R0]]) : (!llvm.ptr, f64) -> f64
func.func @deq_solve(%x: f64 {deq.state = 0}, %y: f32 {deq.state = 1}) -> (i32 {deq.outcome}, f64 {deq.state = 0}) {
  %outcome = arith.constant 0 : i32
  %r:2 = call @functions(%x, %y) : (f64, f32) -> (f64, f32)
  %s = call @single(%r#0) : (f64) -> f64
  return %outcome, %s : i32, f64
}

// -----

// Structured control flow becomes blocks; a value that is the same on every way into a block is no argument of it.
// CHECK-LABEL: llvm.func @deq_solve(
// CHECK: [[X:%.+]] = llvm.load {{%.+}} : !llvm.ptr -> f64
// CHECK: llvm.br ^[[HEAD:bb[0-9]+]]([[X]] : f64)
// CHECK: ^[[HEAD]]([[V:%.+]]: f64):
// CHECK: [[GO:%.+]] = llvm.fcmp "olt" [[V]],
// CHECK: llvm.cond_br [[GO]], ^[[BODY:bb[0-9]+]], ^[[EXIT:bb[0-9]+]]{{$}}
// CHECK: ^[[BODY]]:
// CHECK: [[D:%.+]] = llvm.fadd [[V]], [[V]]
// CHECK: llvm.br ^[[HEAD]]([[D]] : f64)
// CHECK: ^[[EXIT]]:
// A branch that computes nothing is an edge.
// CHECK: llvm.cond_br {{%.+}}, ^[[THEN:bb[0-9]+]], ^[[JOIN:bb[0-9]+]]([[X]] : f64)
// CHECK: ^[[JOIN]]([[J:%.+]]: f64):
// CHECK: llvm.br ^[[LOOP:bb[0-9]+]]({{%.+}}, [[J]] : i64, f64)
// CHECK: ^[[THEN]]:
// CHECK: llvm.br ^[[JOIN]](
// CHECK: ^[[LOOP]]([[I:%.+]]: i64, [[ACC:%.+]]: f64):
// CHECK: [[INSIDE:%.+]] = llvm.icmp "slt" [[I]],
// CHECK: llvm.cond_br [[INSIDE]],
// CHECK: [[NEXT:%.+]] = llvm.add [[I]],
// CHECK: llvm.br ^[[LOOP]]([[NEXT]],
func.func @deq_solve(%x: f64 {deq.state = 0}) -> (i32 {deq.outcome}, f64 {deq.state = 0}) {
  %outcome = arith.constant 0 : i32
  %limit = arith.constant 100.0 : f64
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %four = arith.constant 4 : index
  %w = scf.while (%v = %x) : (f64) -> f64 {
    %go = arith.cmpf olt, %v, %limit : f64
    scf.condition(%go) %v : f64
  } do {
  ^bb0(%b: f64):
    %d = arith.addf %b, %b : f64
    scf.yield %d : f64
  }
  %c = arith.cmpf ogt, %w, %x : f64
  %i = scf.if %c -> f64 {
    %n = arith.negf %w : f64
    scf.yield %n : f64
  } else {
    scf.yield %x : f64
  }
  %f = scf.for %k = %zero to %four step %one iter_args(%acc = %i) -> f64 {
    %s = arith.mulf %acc, %w : f64
    scf.yield %s : f64
  }
  return %outcome, %f : i32, f64
}

// -----

// The records of a module become globals, so that every later stage carries them; the workspace's size is known now.
// CHECK: module attributes {deq.signature = ["solve s", {{.*}}"workspace_slots 1", "state x"], deq.values = ["t0 0"]}
// CHECK-DAG: llvm.mlir.global external constant @deq_values("t0 0\0A\00")
// CHECK-DAG: llvm.mlir.global external constant @deq_signature("solve s\0Afield f\0A{{.*}}workspace_slots 1\0Astate x\0A\00")
// CHECK: llvm.func @deq_solve(
module attributes {deq.signature = ["solve s", "field f", "state x"], deq.values = ["t0 0"]} {
  func.func @deq_solve(%x: f64 {deq.state = 0}) -> (i32 {deq.outcome}, f64 {deq.state = 0}) {
    %outcome = arith.constant 0 : i32
    return %outcome, %x : i32, f64
  }
}

// -----

// A call of the kernel begins with @deq_start if the workspace holds no state to go on from. What that does runs once
// per solve and is not optimised.
// CHECK-LABEL: llvm.func internal @deq_start(
// CHECK-SAME: !llvm.ptr) -> i32 attributes {passthrough = ["noinline", "optnone"]}
func.func @deq_start(%x: f64 {deq.trajectory = 0}, %s: f64 {deq.state = 0}) -> (i32 {deq.outcome}, f64 {deq.state = 0}) {
  %outcome = arith.constant 0 : i32
  return %outcome, %x : i32, f64
}
// CHECK-LABEL: llvm.func @deq_solve(
// CHECK-SAME: [[FRAME:%.+]]: !llvm.ptr) -> i32 {
// CHECK: [[WORKSPACE:%.+]] = llvm.load [[FRAME]]
// CHECK: [[STATUS:%.+]] = llvm.load [[WORKSPACE]] : !llvm.ptr -> i64
// CHECK: [[FRESH:%.+]] = llvm.icmp "eq" [[STATUS]],
// CHECK: [[RESUMED:%.+]] = llvm.icmp "eq" [[STATUS]],
// CHECK: [[BEGINS:%.+]] = llvm.or [[FRESH]], [[RESUMED]]
// CHECK: llvm.cond_br [[BEGINS]], ^[[BEGIN:bb[0-9]+]], ^[[GOING:bb[0-9]+]]
// CHECK: ^[[BEGIN]]:
// CHECK: llvm.call @deq_start([[FRAME]]) : (!llvm.ptr) -> i32
// CHECK: llvm.br ^[[GOING]]
// CHECK: ^[[GOING]]:
// CHECK: llvm.load {{%.+}} : !llvm.ptr -> f64
func.func @deq_solve(%x: f64 {deq.trajectory = 0}, %s: f64 {deq.state = 0}) -> (i32 {deq.outcome}, f64 {deq.state = 0}) {
  %outcome = arith.constant 0 : i32
  %sum = arith.addf %s, %s : f64
  return %outcome, %sum : i32, f64
}
