// unpack keeps arrays of 8 elements and more as packs: what moves elements becomes shuffles, long sums have one pack of
// partial sums, and comprehensions have an index per lane.
// RUN: deq-opt %s --deq-unpack -split-input-file | FileCheck %s --implicit-check-not=tensor
// What is unpacked already stays as it is.
// RUN: deq-opt %s --deq-unpack -split-input-file | deq-opt --deq-unpack -split-input-file | FileCheck %s --implicit-check-not=tensor

// The remainder of 8 is cut into 4, 2 and 1; slots go on, and 7 elements are no pack.
// CHECK-LABEL: func.func @signature(
// CHECK-SAME: [[A:%.+]]: vector<8xf32> {deq.uniform = 3 : i64}, [[B:%.+]]: vector<4xf32> {deq.uniform = 11 : i64},
// CHECK-SAME: [[C:%.+]]: vector<2xf32> {deq.uniform = 15 : i64}, [[D:%.+]]: f32 {deq.uniform = 17 : i64},
// CHECK-SAME: vector<8xf32> {deq.state = 20 : i64}, {{%.+}}: f32, {{%.+}}: f32,
// CHECK-SAME: -> (vector<8xf32> {deq.state = 5 : i64}, vector<4xf32> {deq.state = 13 : i64},
// CHECK-SAME: vector<2xf32> {deq.state = 17 : i64}, f32 {deq.state = 19 : i64})
// CHECK: return [[A]], [[B]], [[C]], [[D]]
func.func @signature(%a: tensor<15xf32> {deq.uniform = 3}, %b: tensor<8xf32> {deq.state = 20},
                     %c: tensor<7xf32>) -> (tensor<15xf32> {deq.state = 5}) {
  return %a : tensor<15xf32>
}

// -----

// Part by part; a number is broadcast where it meets a pack, but a condition for all chooses among packs as it is.
// CHECK-LABEL: func.func @elementwise(
// CHECK-SAME: [[A:%.+]]: vector<8xf64>, [[A8:%.+]]: f64, [[B:%.+]]: vector<8xf64>, [[B8:%.+]]: f64, [[X:%.+]]: f64, [[C:%.+]]: i1)
// CHECK: [[XS:%.+]] = deq.broadcast [[X]] : vector<8xf64>
// CHECK: [[P:%.+]] = arith.mulf [[A]], [[XS]] : vector<8xf64>
// CHECK: [[P8:%.+]] = arith.mulf [[A8]], [[X]] : f64
// CHECK: [[LESS:%.+]] = arith.cmpf olt, [[P]], [[B]] : vector<8xf64>
// CHECK: [[M:%.+]] = arith.select [[LESS]], [[P]], [[B]] : vector<8xi1>, vector<8xf64>
// CHECK: [[R:%.+]] = arith.select [[C]], [[M]], [[A]] : vector<8xf64>
// CHECK: return [[R]], {{%.+}} : vector<8xf64>, f64
func.func @elementwise(%a: tensor<9xf64>, %b: tensor<9xf64>, %x: f64, %c: i1) -> tensor<9xf64> {
  %s = tensor.splat %x : tensor<9xf64>
  %p = arith.mulf %a, %s : tensor<9xf64>
  %less = arith.cmpf olt, %p, %b : tensor<9xf64>
  %m = arith.select %less, %p, %b : tensor<9xi1>, tensor<9xf64>
  %r = arith.select %c, %m, %a : tensor<9xf64>
  return %r : tensor<9xf64>
}

// -----

// Functions of the C library take numbers.
// CHECK-LABEL: func.func @library(
// CHECK-SAME: [[A:%.+]]: vector<8xf64>, [[B:%.+]]: vector<2xf64>)
// CHECK: [[X:%.+]] = deq.lane [[B]][0] : vector<2xf64>
// CHECK: [[S:%.+]] = math.sin [[X]] : f64
// CHECK: [[Y:%.+]] = deq.lane [[B]][1] : vector<2xf64>
// CHECK: [[T:%.+]] = math.sin [[Y]] : f64
// CHECK: [[P:%.+]] = deq.shuffle [[S]], [[T]] [0, 1] : (f64, f64) -> vector<2xf64>
// CHECK: return {{%.+}}, [[P]]
func.func @library(%a: tensor<10xf64>) -> tensor<10xf64> {
  %s = math.sin %a : tensor<10xf64>
  return %s : tensor<10xf64>
}

// -----

// What moves elements is one shuffle for each pack of the result; a whole pack is itself, and an element is looked for
// where it comes from.
// CHECK-LABEL: func.func @moved(
// CHECK-SAME: [[A:%.+]]: vector<8xf64>, [[B:%.+]]: vector<8xf64>, [[X:%.+]]: f64)
// CHECK-NEXT: [[P:%.+]] = deq.shuffle [[X]], [[A]] [0, 1, 2, 3, 4, 5, 6, 7] : (f64, vector<8xf64>) -> vector<8xf64>
// CHECK-NEXT: [[Q:%.+]] = deq.shuffle [[A]], [[B]] [7, 8, 9, 10, 11, 12, 13, 14]
// CHECK-NEXT: [[E:%.+]] = deq.lane [[A]][2] : vector<8xf64>
// CHECK-NEXT: return [[P]], [[Q]], [[B]], [[E]]
func.func @moved(%a: tensor<16xf64>, %x: f64) -> (tensor<16xf64>, tensor<8xf64>, f64) {
  %three = arith.constant 3 : index
  %s = deq.shift %a by 1 axis 0 fill %x : tensor<16xf64>, f64
  %h = tensor.extract_slice %a[8] [8] [1] : tensor<16xf64> to tensor<8xf64>
  %e = tensor.extract %s[%three] : tensor<16xf64>
  return %s, %h, %e : tensor<16xf64>, tensor<8xf64>, f64
}

// -----

// The 8 partial sums of the pinned order are a pack; beyond the last element it is given -0, which changes no sum.
// CHECK-LABEL: func.func @sums(
// CHECK-SAME: [[A:%.+]]: vector<8xf64>, [[B:%.+]]: vector<8xf64>, [[C:%.+]]: vector<2xf64>)
// CHECK-DAG: [[NONE:%.+]] = arith.constant -0.000000e+00 : f64
// CHECK-DAG: [[ZERO:%.+]] = arith.constant 0.000000e+00 : f64
// CHECK: [[AB:%.+]] = arith.addf [[A]], [[B]] : vector<8xf64>
// CHECK: [[REST:%.+]] = deq.shuffle [[C]], [[NONE]] [0, 1, 2, 2, 2, 2, 2, 2]
// CHECK: [[SUM:%.+]] = arith.addf [[AB]], [[REST]] : vector<8xf64>
// CHECK: [[L0:%.+]] = deq.lane [[SUM]][0]
// CHECK: [[L1:%.+]] = deq.lane [[SUM]][1]
// CHECK: [[S1:%.+]] = arith.addf [[L0]], [[L1]] : f64
// CHECK: [[L2:%.+]] = deq.lane [[SUM]][2]
// CHECK: arith.addf [[S1]], [[L2]] : f64
// CHECK: [[AA:%.+]] = arith.mulf [[A]], [[A]] : vector<8xf64>
// CHECK: [[BB:%.+]] = math.fma [[B]], [[B]], [[AA]] : vector<8xf64>
// CHECK: [[RIGHT:%.+]] = deq.shuffle [[C]], [[ZERO]] [0, 1, 2, 2, 2, 2, 2, 2]
// CHECK: math.fma [[REST]], [[RIGHT]], [[BB]] : vector<8xf64>
func.func @sums(%a: tensor<18xf64>) -> (f64, f64) {
  %s = deq.sum %a : tensor<18xf64> -> f64
  %d = deq.dot %a, %a : tensor<18xf64> -> f64
  return %s, %d : f64, f64
}

// -----

// Rows of a matrix in memory are read by vectors, and the partial sums of several rows are added up together.
// CHECK-LABEL: func.func @memory(
// CHECK-SAME: [[M:%.+]]: memref<2x10xf64>, [[A:%.+]]: vector<8xf64>, [[B:%.+]]: vector<2xf64>)
// CHECK: [[ROW:%.+]] = deq.load [[M]] at 0 : memref<2x10xf64> -> vector<8xf64>
// CHECK: [[P:%.+]] = arith.mulf [[ROW]], [[A]] : vector<8xf64>
// CHECK: [[REST:%.+]] = deq.load [[M]] at 8 : memref<2x10xf64> -> vector<8xf64>
// CHECK: deq.shuffle [[REST]], {{%.+}} [0, 1, 8, 8, 8, 8, 8, 8]
// CHECK: [[P0:%.+]] = math.fma {{.+}}, [[P]] : vector<8xf64>
// CHECK: deq.load [[M]] at 10 : memref<2x10xf64> -> vector<8xf64>
// CHECK: [[P1:%.+]] = math.fma {{.+}} : vector<8xf64>
// CHECK: deq.shuffle [[P0]], [[P1]] [0, 8, 2, 10, 4, 12, 6, 14]
// CHECK: deq.shuffle [[P0]], [[P1]] [1, 9, 3, 11, 5, 13, 7, 15]
// CHECK-COUNT-7: arith.addf {{.+}} : vector<2xf64>
func.func @memory(%m: memref<2x10xf64>, %a: tensor<10xf64>) -> tensor<2xf64> {
  %w = deq.argument %m : memref<2x10xf64> -> tensor<2x10xf64>
  %r = deq.matmul %w, %a : tensor<2x10xf64>, tensor<10xf64> -> tensor<2xf64>
  return %r : tensor<2xf64>
}

// -----

// CHECK-LABEL: func.func @rows(
// CHECK-SAME: [[M:%.+]]: memref<4x13xf64>, [[I:%.+]]: index, [[P:%.+]]: vector<8xf64>, [[Q:%.+]]: vector<2xf64>)
// CHECK-NEXT: deq.write [[P]] into [[M]]{{\[}}[[I]], 3] : vector<8xf64>
// CHECK-NEXT: deq.write [[Q]] into [[M]]{{\[}}[[I]], 11] : vector<2xf64>
// CHECK-NEXT: [[R:%.+]] = deq.read [[M]]{{\[}}[[I]], 2] : memref<4x13xf64> -> vector<8xf64>
// CHECK-NEXT: [[S:%.+]] = deq.read [[M]]{{\[}}[[I]], 10] : memref<4x13xf64> -> vector<2xf64>
// CHECK-NEXT: return [[R]], [[S]]
func.func @rows(%b: memref<4x13xf64>, %i: index, %p: tensor<10xf64>) -> tensor<10xf64> {
  deq.write %p into %b[%i, 3] : tensor<10xf64>, memref<4x13xf64>
  %q = deq.read %b[%i, 2] : memref<4x13xf64> -> tensor<10xf64>
  return %q : tensor<10xf64>
}

// -----

// The index of a comprehension is a constant with a number per lane, and elements that it names are shuffled.
// CHECK-LABEL: func.func @lanes(
// CHECK-SAME: [[Q:%.+]]: vector<8xf64>)
// CHECK: [[I:%.+]] = arith.constant dense<[0.000000e+00, 1.000000e+00, 2.000000e+00, {{.+}}, 7.000000e+00]> : vector<8xf64>
// CHECK-NEXT: [[R:%.+]] = deq.shuffle [[Q]] [7, 6, 5, 4, 3, 2, 1, 0]
// CHECK-NEXT: [[Z:%.+]] = math.fma [[Q]], [[I]], [[R]] : vector<8xf64>
// CHECK-NEXT: return [[Z]]
func.func @lanes(%q: tensor<8xf64>) -> tensor<8xf64> {
  %seven = arith.constant 7 : index
  %r = deq.generate 0 to 8 {
  ^bb0(%i: index):
    %j = arith.subi %seven, %i : index
    %x = tensor.extract %q[%i] : tensor<8xf64>
    %y = tensor.extract %q[%j] : tensor<8xf64>
    %k = arith.index_cast %i : index to i64
    %n = arith.sitofp %k : i64 to f64
    %z = math.fma %x, %n, %y : f64
    deq.yield %z : f64
  } : tensor<8xf64>
  return %r : tensor<8xf64>
}

// -----

// Numbers are put together for a division. Where a lane does not select a term, it adds -0.
// CHECK-LABEL: func.func @others(
// CHECK-SAME: [[A:%.+]]: f64, [[B:%.+]]: f64, [[C:%.+]]: f64, [[D:%.+]]: f64)
// CHECK-DAG: [[NOTA:%.+]] = arith.constant dense<[false, true, true, true]> : vector<4xi1>
// CHECK-DAG: [[NOTB:%.+]] = arith.constant dense<[true, false, true, true]> : vector<4xi1>
// CHECK-DAG: [[NONE:%.+]] = arith.constant dense<-0.000000e+00> : vector<4xf64>
// CHECK: [[X:%.+]] = deq.shuffle [[A]], [[B]], [[C]], [[D]] [0, 1, 2, 3]
// CHECK: [[AS:%.+]] = deq.broadcast [[A]] : vector<4xf64>
// CHECK: [[XA:%.+]] = arith.divf [[X]], [[AS]] : vector<4xf64>
// CHECK: [[TA:%.+]] = arith.select [[NOTA]], [[XA]], [[NONE]]
// CHECK: [[TB:%.+]] = arith.select [[NOTB]], {{%.+}}, [[NONE]]
// CHECK: arith.addf [[TA]], [[TB]] : vector<4xf64>
// CHECK-COUNT-4: deq.lane
func.func @others(%q: tensor<4xf64>) -> tensor<4xf64> {
  %r = deq.generate 0 to 4 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%i] : tensor<4xf64>
    %s = deq.sum_over 0 to 4 {
    ^bb0(%j: index):
      %y = tensor.extract %q[%j] : tensor<4xf64>
      %z = arith.divf %x, %y : f64
      %c = arith.cmpi ne, %i, %j : index
      deq.yield %z if %c : f64
    } : f64
    deq.yield %s : f64
  } : tensor<4xf64>
  return %r : tensor<4xf64>
}

// -----

// They are not for less.
// CHECK-LABEL: func.func @cheap(
// CHECK-NOT: vector
// CHECK: return
func.func @cheap(%q: tensor<4xf64>) -> tensor<4xf64> {
  %r = deq.generate 0 to 4 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%i] : tensor<4xf64>
    %y = arith.addf %x, %x : f64
    deq.yield %y : f64
  } : tensor<4xf64>
  return %r : tensor<4xf64>
}

// -----

// Of equal magnitudes in different lanes, the first in the array counts; and whether all are finite has no order.
// CHECK-LABEL: func.func @locate(
// CHECK-SAME: [[A:%.+]]: vector<8xf64>, [[X:%.+]]: f64)
// CHECK-DAG: [[SIZE:%.+]] = math.absf [[A]] : vector<8xf64>
// CHECK-DAG: math.absf [[X]] : f64
// CHECK: arith.cmpf ogt
// CHECK: [[EQUAL:%.+]] = arith.cmpf oeq
// CHECK: arith.andi [[EQUAL]]
// CHECK: [[P:%.+]] = arith.mulf [[A]], {{%.+}} : vector<8xf64>
// CHECK-COUNT-2: deq.shuffle [[P]]
// CHECK-COUNT-2: arith.addf {{.+}} : f64
// CHECK: arith.cmpf ord, [[SUM:%.+]], [[SUM]] : f64
func.func @locate(%q: tensor<9xf64>) -> (i64, i1) {
  %w = deq.locate %q : tensor<9xf64>
  %f = deq.all_finite %q : tensor<9xf64>
  return %w, %f : i64, i1
}
