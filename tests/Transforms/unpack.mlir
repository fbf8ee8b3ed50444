// unpack turns arrays into scalars: comprehensions and indices are evaluated, sums have the pinned order.
// RUN: deq-opt %s --deq-unpack -split-input-file | FileCheck %s --implicit-check-not=tensor --implicit-check-not=deq.

// Arrays in the signature become consecutive arguments in consecutive slots.
// CHECK-LABEL: func.func @signature(
// CHECK-SAME: [[A:%.+]]: f64 {deq.uniform = 7 : i64}, [[B:%.+]]: f64 {deq.uniform = 8 : i64}, [[C:%.+]]: f64 {deq.state = 2 : i64},
// CHECK-SAME: [[D:%.+]]: f64 {deq.state = 3 : i64}, {{%.+}}: memref<2xf64> {deq.memory = 0 : i64})
// CHECK-SAME: -> (f64 {deq.state = 2 : i64}, f64 {deq.state = 3 : i64})
// CHECK: return [[A]], [[B]]
func.func @signature(%a: tensor<2xf64> {deq.uniform = 7}, %b: tensor<2xf64> {deq.state = 2},
                     %m: memref<2xf64> {deq.memory = 0}) -> (tensor<2xf64> {deq.state = 2}) {
  return %a : tensor<2xf64>
}

// -----

// A comprehension keeps the values that its condition selects; conditions and indices are gone.
// CHECK-LABEL: func.func @filter(
// CHECK-SAME: [[Q0:%.+]]: f64, [[Q1:%.+]]: f64, [[Q2:%.+]]: f64, [[Q3:%.+]]: f64)
// CHECK-NEXT: return [[Q0]], [[Q2]], [[Q3]] : f64, f64, f64
func.func @filter(%q: tensor<4xf64>) -> tensor<3xf64> {
  %one = arith.constant 1 : index
  %r = deq.generate 0 to 4 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%i] : tensor<4xf64>
    %c = arith.cmpi ne, %i, %one : index
    deq.yield %x if %c : f64
  } : tensor<3xf64>
  return %r : tensor<3xf64>
}

// -----

// Nested: the inner comprehension sees the outer index; index arithmetic rounds down; an index becomes a real.
// CHECK-LABEL: func.func @nested(
// CHECK-SAME: [[Q0:%.+]]: f64, [[Q1:%.+]]: f64, [[Q2:%.+]]: f64, [[Q3:%.+]]: f64, [[Q4:%.+]]: f64, [[Q5:%.+]]: f64)
// CHECK-DAG: [[MINUS:%.+]] = arith.constant -1.000000e+00 : f64
// CHECK-DAG: [[ZERO:%.+]] = arith.constant 0.000000e+00 : f64
// CHECK-DAG: [[P0:%.+]] = arith.mulf [[Q4]], [[MINUS]] : f64
// CHECK-DAG: [[P1:%.+]] = arith.mulf [[Q5]], [[ZERO]] : f64
// CHECK: return [[P0]], [[P1]]
func.func @nested(%q: tensor<3x2xf64>) -> tensor<1x2xf64> {
  %two = arith.constant 2 : index
  %one = arith.constant 1 : index
  %r = deq.generate 2 to 3 {
  ^bb0(%i: index):
    %row = deq.generate 0 to 2 {
    ^bb0(%j: index):
      %x = tensor.extract %q[%i, %j] : tensor<3x2xf64>
      %d = arith.subi %j, %one : index
      %h = arith.floordivsi %d, %two : index
      %w = arith.index_cast %h : index to i64
      %k = arith.sitofp %w : i64 to f64
      %p = arith.mulf %x, %k : f64
      deq.yield %p : f64
    } : tensor<2xf64>
    deq.yield %row : tensor<2xf64>
  } : tensor<1x2xf64>
  return %r : tensor<1x2xf64>
}

// -----

// Up to 8 terms are added left to right.
// CHECK-LABEL: func.func @seven(
// CHECK-SAME: [[Q0:%.+]]: f64, [[Q1:%.+]]: f64, [[Q2:%.+]]: f64, [[Q3:%.+]]: f64, [[Q4:%.+]]: f64, [[Q5:%.+]]: f64, [[Q6:%.+]]: f64)
// CHECK-NEXT: [[S1:%.+]] = arith.addf [[Q0]], [[Q1]] : f64
// CHECK-NEXT: [[S2:%.+]] = arith.addf [[S1]], [[Q2]] : f64
// CHECK-NEXT: [[S3:%.+]] = arith.addf [[S2]], [[Q3]] : f64
// CHECK-NEXT: [[S4:%.+]] = arith.addf [[S3]], [[Q4]] : f64
// CHECK-NEXT: [[S5:%.+]] = arith.addf [[S4]], [[Q5]] : f64
// CHECK-NEXT: [[S6:%.+]] = arith.addf [[S5]], [[Q6]] : f64
// CHECK-NEXT: return [[S6]], [[S6]]
func.func @seven(%q: tensor<7xf64>) -> (f64, f64) {
  %s = deq.sum %q : tensor<7xf64> -> f64
  %r = deq.sum_over 0 to 7 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%i] : tensor<7xf64>
    deq.yield %x : f64
  } : f64
  return %s, %r : f64, f64
}

// -----

// From 9 terms on there are 8 strided partial sums, then added left to right; here of squares, one fma each.
// CHECK-LABEL: func.func @ten(
// CHECK-SAME: [[Q0:%.+]]: f64, [[Q1:%.+]]: f64, [[Q2:%.+]]: f64, [[Q3:%.+]]: f64, [[Q4:%.+]]: f64, [[Q5:%.+]]: f64, [[Q6:%.+]]: f64, [[Q7:%.+]]: f64, [[Q8:%.+]]: f64, [[Q9:%.+]]: f64)
// CHECK-DAG: [[A0:%.+]] = arith.mulf [[Q0]], [[Q0]] : f64
// CHECK-DAG: [[P0:%.+]] = math.fma [[Q8]], [[Q8]], [[A0]] : f64
// CHECK-DAG: [[A1:%.+]] = arith.mulf [[Q1]], [[Q1]] : f64
// CHECK-DAG: [[P1:%.+]] = math.fma [[Q9]], [[Q9]], [[A1]] : f64
// CHECK-DAG: [[S1:%.+]] = arith.addf [[P0]], [[P1]] : f64
// CHECK: [[P2:%.+]] = arith.mulf [[Q2]], [[Q2]] : f64
// CHECK-NEXT: [[S2:%.+]] = arith.addf [[S1]], [[P2]] : f64
func.func @ten(%q: tensor<5xf64>, %p: tensor<5xf64>) -> f64 {
  %s = deq.mean_square %q, %p : tensor<5xf64>, tensor<5xf64> -> f64
  return %s : f64
}

// -----

// A sum over nothing is 0, elementwise for arrays.
// CHECK-LABEL: func.func @nothing(
// CHECK: [[ZERO:%.+]] = arith.constant 0.000000e+00 : f64
// CHECK: return [[ZERO]], [[ZERO]] : f64, f64
func.func @nothing(%q: tensor<2xf64>) -> tensor<2xf64> {
  %r = deq.sum_over 1 to 1 {
  ^bb0(%i: index):
    deq.yield %q : tensor<2xf64>
  } : tensor<2xf64>
  return %r : tensor<2xf64>
}

// -----

// A body that is left out where its condition does not hold is not looked at there: q[-1] is nowhere.
// CHECK-LABEL: func.func @left_out(
// CHECK-SAME: [[Q0:%.+]]: f64, [[Q1:%.+]]: f64)
// CHECK-NEXT: return [[Q0]] : f64
func.func @left_out(%q: tensor<2xf64>) -> f64 {
  %r = deq.sum_over 0 to 2 {
  ^bb0(%i: index):
    %one = arith.constant 1 : index
    %before = arith.subi %i, %one : index
    %x = tensor.extract %q[%before] : tensor<2xf64>
    %keep = arith.cmpi sge, %i, %one : index
    deq.yield %x if %keep : f64
  } : f64
  return %r : f64
}

// -----

// A short fold is spelled out, index by index, each time on the value before.
// CHECK-LABEL: func.func @short_fold(
// CHECK-SAME: [[Q0:%.+]]: f64, [[Q1:%.+]]: f64, [[Q2:%.+]]: f64, [[X:%.+]]: f64)
// CHECK-NEXT: [[P0:%.+]] = math.fma [[X]], [[X]], [[Q0]] : f64
// CHECK-NEXT: [[P2:%.+]] = math.fma [[P0]], [[X]], [[Q2]] : f64
// CHECK-NEXT: return [[P2]], [[X]]
func.func @short_fold(%q: tensor<3xf64>, %x: f64) -> (f64, f64) {
  %one = arith.constant 1 : index
  %r = deq.fold %x over 0 to 3 {
  ^bb0(%i: index, %v: f64):
    %c = tensor.extract %q[%i] : tensor<3xf64>
    %next = math.fma %v, %x, %c : f64
    %keep = arith.cmpi ne, %i, %one : index
    deq.yield %next if %keep : f64
  } : f64
  %none = deq.fold %x over 2 to 2 {
  ^bb0(%i: index, %v: f64):
    %next = arith.addf %v, %v : f64
    deq.yield %next : f64
  } : f64
  return %r, %none : f64, f64
}

// -----

// A long one is a loop that carries the value; what it reads of arguments in memory stays there.
// CHECK-LABEL: func.func @long_fold(
// CHECK-SAME: [[M:%.+]]: memref<500xf64>, [[X:%.+]]: f64)
// CHECK-DAG: [[FROM:%.+]] = arith.constant 1 : index
// CHECK-DAG: [[TO:%.+]] = arith.constant 500 : index
// CHECK: [[R:%.+]] = scf.for [[I:%[^ ]+]] = [[FROM]] to [[TO]] step [[FROM]] iter_args([[V:%[^ ]+]] = [[X]]) -> (f64) {
// CHECK-DAG: [[AT:%.+]] = arith.subi [[I]], [[FROM]] : index
// CHECK: [[C:%.+]] = memref.load [[M]]{{\[}}[[AT]]{{\]}}
// CHECK-NEXT: [[NEXT:%.+]] = math.fma [[V]], [[X]], [[C]] : f64
// CHECK-NEXT: scf.yield [[NEXT]] : f64
// CHECK: return [[R]]
func.func @long_fold(%m: memref<500xf64>, %x: f64) -> f64 {
  %one = arith.constant 1 : index
  %q = deq.argument %m : memref<500xf64> -> tensor<500xf64>
  %r = deq.fold %x over 0 to 500 {
  ^bb0(%i: index, %v: f64):
    %before = arith.subi %i, %one : index
    %c = tensor.extract %q[%before] : tensor<500xf64>
    %next = math.fma %v, %x, %c : f64
    %keep = arith.cmpi sge, %i, %one : index
    deq.yield %next if %keep : f64
  } : f64
  return %r : f64
}

// -----

// Indices with gaps come from a table. An array that is no argument is written to a buffer, before the loop if it
// does not change in it, and two loops one after the other share the buffer.
// CHECK-LABEL: func.func @buffers(
// CHECK: [[B:%.+]] = memref.alloca() : memref<1x16xf64>
// CHECK-NOT: memref.alloca
// CHECK: deq.write {{%.+}} into [[B]]
// CHECK: memref.store {{%.+}}, [[B]]
// CHECK: scf.for [[K:%[^ ]+]] =
// CHECK: [[I:%.+]] = deq.lookup dense<"0x{{.+}}"> : tensor<400xindex>{{\[}}[[K]]{{\]}}
// CHECK: memref.load [[B]]
// CHECK: deq.write {{%.+}} into [[B]]
// CHECK: scf.for
func.func @buffers(%q: tensor<9xf64>, %x: f64) -> (f64, f64) {
  %three = arith.constant 3 : index
  %fifty = arith.constant 50 : index
  %r = deq.fold %x over 0 to 401 {
  ^bb0(%i: index, %v: f64):
    %at = arith.floordivsi %i, %fifty : index
    %c = tensor.extract %q[%at] : tensor<9xf64>
    %next = math.fma %v, %x, %c : f64
    %keep = arith.cmpi ne, %i, %three : index
    deq.yield %next if %keep : f64
  } : f64
  %p = arith.mulf %q, %q : tensor<9xf64>
  %s = deq.fold %r over 0 to 401 {
  ^bb0(%i: index, %v: f64):
    %at = arith.floordivsi %i, %fifty : index
    %c = tensor.extract %p[%at] : tensor<9xf64>
    %next = math.fma %v, %x, %c : f64
    deq.yield %next : f64
  } : f64
  return %r, %s : f64, f64
}

// -----

// What cannot be shown to stay inside of an array is spelled out, where every index is looked at.
// CHECK-LABEL: func.func @unproved(
// CHECK-NOT: scf.for
func.func @unproved(%q: tensor<3xf64>, %x: f64) -> f64 {
  %two = arith.constant 2 : index
  %r = deq.fold %x over 0 to 300 {
  ^bb0(%i: index, %v: f64):
    %at = arith.andi %i, %two : index
    // The lower bits of an index: its bounds are not followed through them.
    %c = tensor.extract %q[%at] : tensor<3xf64>
    %next = math.fma %v, %x, %c : f64
    deq.yield %next : f64
  } : f64
  return %r : f64
}

// -----

// Products are summed with one fma per term; the elements of a matrix product are dot products.
// CHECK-LABEL: func.func @products(
// CHECK-SAME: [[A0:%.+]]: f64, [[A1:%.+]]: f64, [[A2:%.+]]: f64, [[A3:%.+]]: f64, [[V0:%.+]]: f64, [[V1:%.+]]: f64)
// CHECK-DAG: [[D0:%.+]] = arith.mulf [[V0]], [[V0]] : f64
// CHECK-DAG: [[D1:%.+]] = math.fma [[V1]], [[V1]], [[D0]] : f64
// CHECK-DAG: [[R0:%.+]] = arith.mulf [[A0]], [[V0]] : f64
// CHECK-DAG: [[R1:%.+]] = math.fma [[A1]], [[V1]], [[R0]] : f64
// CHECK-DAG: [[S0:%.+]] = arith.mulf [[A2]], [[V0]] : f64
// CHECK-DAG: [[S1:%.+]] = math.fma [[A3]], [[V1]], [[S0]] : f64
// CHECK-DAG: [[C0:%.+]] = arith.mulf [[A0]], [[A1]] : f64
// CHECK-DAG: [[C1:%.+]] = math.fma [[A1]], [[A3]], [[C0]] : f64
// CHECK: return [[D1]], [[R1]], [[S1]], [[C1]] : f64, f64, f64, f64
func.func @products(%a: tensor<2x2xf64>, %v: tensor<2xf64>) -> (f64, tensor<2xf64>, f64) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %d = deq.dot %v, %v : tensor<2xf64> -> f64
  %p = deq.matmul %a, %v : tensor<2x2xf64>, tensor<2xf64> -> tensor<2xf64>
  %m = deq.matmul %a, %a : tensor<2x2xf64>, tensor<2x2xf64> -> tensor<2x2xf64>
  %x = tensor.extract %m[%zero, %one] : tensor<2x2xf64>
  return %d, %p, %x : f64, tensor<2xf64>, f64
}

// -----

// Shifts, rolls, slices and concatenations only rename: no operation is left of them.
// CHECK-LABEL: func.func @rename(
// CHECK-SAME: [[A:%.+]]: f64, [[B:%.+]]: f64, [[C:%.+]]: f64, [[D:%.+]]: f64, [[X:%.+]]: f64)
// CHECK-NEXT: return [[X]], [[A]], [[B]], [[C]],
// CHECK-SAME: [[B]], [[X]], [[D]], [[X]],
// CHECK-SAME: [[C]], [[D]], [[A]], [[B]],
// CHECK-SAME: [[B]], [[D]],
// CHECK-SAME: [[A]], [[A]], [[B]], [[C]], [[C]], [[D]] : f64
func.func @rename(%q: tensor<4xf64>, %x: f64) -> (tensor<4xf64>, tensor<2x2xf64>, tensor<4xf64>, tensor<2x1xf64>, tensor<2x3xf64>) {
  %one = arith.constant 1 : index
  %right = deq.shift %q by 1 axis 0 fill %x : tensor<4xf64>, f64
  %square = tensor.expand_shape %q [[0, 1]] output_shape [2, 2] : tensor<4xf64> into tensor<2x2xf64>
  %left = deq.shift %square by -1 axis 1 fill %x : tensor<2x2xf64>, f64
  %roll = deq.roll %q by -2 axis 0 : tensor<4xf64>
  %column = tensor.extract_slice %square[0, %one] [2, 1] [1, 1] : tensor<2x2xf64> to tensor<2x1xf64>
  %first = tensor.extract_slice %square[0, 0] [2, 1] [1, 1] : tensor<2x2xf64> to tensor<2x1xf64>
  %wide = tensor.concat dim(1) %first, %square : (tensor<2x1xf64>, tensor<2x2xf64>) -> tensor<2x3xf64>
  return %right, %left, %roll, %column, %wide
    : tensor<4xf64>, tensor<2x2xf64>, tensor<4xf64>, tensor<2x1xf64>, tensor<2x3xf64>
}

// -----

// Elementwise operations work per element; a splat and a dense constant are their elements.
// CHECK-LABEL: func.func @elementwise(
// CHECK-SAME: [[A:%.+]]: f64, [[B:%.+]]: f64, [[X:%.+]]: f64)
// CHECK-DAG: [[TWO:%.+]] = arith.constant 2.000000e+00 : f64
// CHECK-DAG: [[THREE:%.+]] = arith.constant 3.000000e+00 : f64
// CHECK-DAG: [[F0:%.+]] = math.fma [[A]], [[X]], [[TWO]] : f64
// CHECK-DAG: [[F1:%.+]] = math.fma [[B]], [[X]], [[THREE]] : f64
// CHECK-DAG: [[S0:%.+]] = math.sin [[F0]] : f64
// CHECK-DAG: [[S1:%.+]] = math.sin [[F1]] : f64
// CHECK: return [[S0]], [[S1]]
func.func @elementwise(%q: tensor<2xf64>, %x: f64) -> tensor<2xf64> {
  %xs = tensor.splat %x : tensor<2xf64>
  %c = arith.constant dense<[2.0, 3.0]> : tensor<2xf64>
  %f = math.fma %q, %xs, %c : tensor<2xf64>
  %s = math.sin %f : tensor<2xf64>
  return %s : tensor<2xf64>
}

// -----

// The reductions of the step-size control: the mean by a rounded reciprocal, finiteness by a product with zero, the
// largest magnitude with everything that is not finite counted as infinite.
// CHECK-LABEL: func.func @reductions(
// CHECK-SAME: [[A:%.+]]: f64, [[B:%.+]]: f64, [[X:%.+]]: f64)
// CHECK-DAG: [[THIRD:%.+]] = arith.constant 0.33333333333333331 : f64
// CHECK-DAG: [[ZERO:%.+]] = arith.constant 0.000000e+00 : f64
// CHECK-DAG: [[INFINITY:%.+]] = arith.constant 0x7FF0000000000000 : f64
// CHECK: [[M0:%.+]] = arith.mulf [[A]], [[A]] : f64
// CHECK: [[M1:%.+]] = math.fma [[B]], [[B]], [[M0]] : f64
// CHECK: [[M2:%.+]] = math.fma [[X]], [[X]], [[M1]] : f64
// CHECK: [[MEAN:%.+]] = arith.mulf [[M2]], [[THIRD]] : f64
// CHECK: [[Z0:%.+]] = arith.mulf [[A]], [[ZERO]] : f64
// CHECK: [[Z1:%.+]] = math.fma [[B]], [[ZERO]], [[Z0]] : f64
// CHECK: [[Z2:%.+]] = math.fma [[X]], [[ZERO]], [[Z1]] : f64
// CHECK: [[FINITE:%.+]] = arith.cmpf ord, [[Z2]], [[Z2]] : f64
// CHECK-COUNT-3: math.absf
// CHECK: [[WHERE:%.+]] = arith.select {{.+}} : i64
// CHECK-NOT: arith.select {{.+}} : i64
// CHECK: return [[MEAN]], [[FINITE]], [[WHERE]]
func.func @reductions(%q: tensor<2xf64>, %x: f64) -> (f64, i1, i64) {
  %mean = deq.mean_square %q, %x : tensor<2xf64>, f64 -> f64
  %finite = deq.all_finite %q, %x : tensor<2xf64>, f64
  %where = deq.locate %q, %x : tensor<2xf64>, f64
  return %mean, %finite, %where : f64, i1, i64
}

// -----

// An argument in memory is read where it is used, and only there.
// CHECK-LABEL: func.func @memory(
// CHECK-SAME: [[M:%.+]]: memref<2x2xf64>)
// CHECK-DAG: [[ZERO:%.+]] = arith.constant 0 : index
// CHECK-DAG: [[ONE:%.+]] = arith.constant 1 : index
// CHECK: [[X:%.+]] = memref.load [[M]]{{\[}}[[ONE]], [[ZERO]]] : memref<2x2xf64>
// CHECK-NOT: memref.load
// CHECK: return [[X]]
func.func @memory(%m: memref<2x2xf64>) -> f64 {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %w = deq.argument %m : memref<2x2xf64> -> tensor<2x2xf64>
  %x = tensor.extract %w[%one, %zero] : tensor<2x2xf64>
  return %x : f64
}

// -----

// Leaves in rows of a buffer, and control flow that carries arrays.
// CHECK-LABEL: func.func @loop(
// CHECK-SAME: [[A:%.+]]: f64, [[B:%.+]]: f64, [[BUFFER:%.+]]: memref<4x3xf64>, [[N:%.+]]: index)
// CHECK-DAG: [[ONE:%.+]] = arith.constant 1 : index
// CHECK-DAG: [[TWO:%.+]] = arith.constant 2 : index
// CHECK: [[R:%.+]]:2 = scf.for [[I:%[^ ]+]] = {{.+}} to [[N]] step {{.+}} iter_args([[P:%.+]] = [[A]], [[Q:%.+]] = [[B]]) -> (f64, f64)
// CHECK: memref.store [[P]], [[BUFFER]]{{\[}}[[I]], [[ONE]]]
// CHECK: memref.store [[Q]], [[BUFFER]]{{\[}}[[I]], [[TWO]]]
// CHECK: [[X:%.+]] = memref.load [[BUFFER]]{{\[}}[[I]], [[ONE]]]
// CHECK: [[Y:%.+]] = memref.load [[BUFFER]]{{\[}}[[I]], [[TWO]]]
// CHECK: scf.yield [[X]], [[Y]] : f64, f64
// CHECK: return [[R]]#0, [[R]]#1
func.func @loop(%q: tensor<2xf64>, %buffer: memref<4x3xf64>, %n: index) -> tensor<2xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %r = scf.for %i = %zero to %n step %one iter_args(%p = %q) -> (tensor<2xf64>) {
    deq.write %p into %buffer[%i, 1] : tensor<2xf64>, memref<4x3xf64>
    %x = deq.read %buffer[%i, 1] : memref<4x3xf64> -> tensor<2xf64>
    scf.yield %x : tensor<2xf64>
  }
  return %r : tensor<2xf64>
}

// -----

// The controller's power is basic operations only.
// CHECK-LABEL: func.func @power(
// CHECK-NOT: math.{{[^f]}}
// CHECK: arith.bitcast {{.+}} : f64 to i64
// CHECK: arith.shrsi
// CHECK: arith.shli
// CHECK: arith.bitcast {{.+}} : i64 to f64
// CHECK: return
func.func @power(%x: f64) -> f64 {
  %l = deq.log2 %x : f64
  %e = deq.exp2 %x, %l : f64
  return %e : f64
}

// -----

// The largest magnitude, NaN if one is NaN.
// CHECK-LABEL: func.func @largest(
// CHECK-SAME: [[A:%.+]]: f64, [[B:%.+]]: f64)
// CHECK-DAG: [[MA:%.+]] = math.absf [[A]] : f64
// CHECK-DAG: [[MB:%.+]] = math.absf [[B]] : f64
// CHECK: [[LARGER:%.+]] = arith.cmpf ogt, [[MB]], [[MA]] : f64
// CHECK: [[NAN:%.+]] = arith.cmpf uno, [[MB]], [[MB]] : f64
// CHECK: [[TAKE:%.+]] = arith.ori [[LARGER]], [[NAN]] : i1
// CHECK: [[M:%.+]] = arith.select [[TAKE]], [[MB]], [[MA]] : f64
// CHECK: return [[M]]
func.func @largest(%q: tensor<2xf64>) -> f64 {
  %m = deq.max_magnitude %q : tensor<2xf64> -> f64
  return %m : f64
}
