// unpack keeps arrays of 8 elements and more as packs: what moves elements becomes shuffles, long sums have one pack of
// partial sums, and comprehensions have an index per lane.
// RUN: deq-opt %s --deq-unpack -split-input-file | FileCheck %s --implicit-check-not=tensor
// What is unpacked already stays as it is.
// RUN: deq-opt %s --deq-unpack -split-input-file | deq-opt --deq-unpack -split-input-file | FileCheck %s --implicit-check-not=tensor

func.func @signature(%a: tensor<15xf32> {deq.uniform = 3}, %b: tensor<8xf32> {deq.state = 20},
                     %c: tensor<7xf32>) -> (tensor<15xf32> {deq.state = 5}) {
  return %a : tensor<15xf32>
}

// -----

func.func @elementwise(%a: tensor<9xf64>, %b: tensor<9xf64>, %x: f64, %c: i1) -> tensor<9xf64> {
  %s = tensor.splat %x : tensor<9xf64>
  %p = arith.mulf %a, %s : tensor<9xf64>
  %less = arith.cmpf olt, %p, %b : tensor<9xf64>
  %m = arith.select %less, %p, %b : tensor<9xi1>, tensor<9xf64>
  %r = arith.select %c, %m, %a : tensor<9xf64>
  return %r : tensor<9xf64>
}

// -----

func.func @library(%a: tensor<10xf64>) -> tensor<10xf64> {
  %s = math.sin %a : tensor<10xf64>
  return %s : tensor<10xf64>
}

// -----

func.func @moved(%a: tensor<16xf64>, %x: f64) -> (tensor<16xf64>, tensor<8xf64>, f64) {
  %three = arith.constant 3 : index
  %s = deq.shift %a by 1 axis 0 fill %x : tensor<16xf64>, f64
  %h = tensor.extract_slice %a[8] [8] [1] : tensor<16xf64> to tensor<8xf64>
  %e = tensor.extract %s[%three] : tensor<16xf64>
  return %s, %h, %e : tensor<16xf64>, tensor<8xf64>, f64
}

// -----

func.func @sums(%a: tensor<18xf64>) -> (f64, f64) {
  %s = deq.sum %a : tensor<18xf64> -> f64
  %d = deq.dot %a, %a : tensor<18xf64> -> f64
  return %s, %d : f64, f64
}

// -----

func.func @memory(%m: memref<2x10xf64>, %a: tensor<10xf64>) -> tensor<2xf64> {
  %w = deq.argument %m : memref<2x10xf64> -> tensor<2x10xf64>
  %r = deq.matmul %w, %a : tensor<2x10xf64>, tensor<10xf64> -> tensor<2xf64>
  return %r : tensor<2xf64>
}

// -----

func.func @rows(%b: memref<4x13xf64>, %i: index, %p: tensor<10xf64>) -> tensor<10xf64> {
  deq.write %p into %b[%i, 3] : tensor<10xf64>, memref<4x13xf64>
  %q = deq.read %b[%i, 2] : memref<4x13xf64> -> tensor<10xf64>
  return %q : tensor<10xf64>
}

// -----

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

func.func @locate(%q: tensor<9xf64>) -> (i64, i1) {
  %w = deq.locate %q : tensor<9xf64>
  %f = deq.all_finite %q : tensor<9xf64>
  return %w, %f : i64, i1
}
