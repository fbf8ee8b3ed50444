// Every operation of the dialect prints what it was parsed from, in its own form and through the generic one.
// RUN: deq-opt %s -o %t.once && FileCheck %s < %t.once
// RUN: deq-opt %t.once -o %t.twice && cmp %t.once %t.twice
// RUN: deq-opt %s --mlir-print-op-generic -o %t.generic && FileCheck %s --check-prefix=GENERIC < %t.generic
// RUN: deq-opt %t.generic -o %t.back && cmp %t.once %t.back

#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
#fsal = #deq.rk<"fsal", order = 1, error_order = 2, interpolant_order = 1, a = [[], [1.0]], b = [1.0, 0.0],
                c = [0.0, 1.0], e = [0.5, -0.5], p = [[1.0], [0.0]]>
#extra = #deq.rk<"extra", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
                 b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [], p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>
#two = #deq.rk<"two", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0], [0.5, 0.5]],
               b = [0.5, 0.5, 0.0], c = [0.0, 1.0, 1.0], e = [-0.5, 0.5, 0.0],
               p = [[1.0, -0.5], [0.0, 0.5], [0.0, 0.0]]>

// GENERIC: "deq.field"() <{function_type = (f64, f64, tensor<3xf64>, f64, tensor<3xf64>)
// GENERIC-SAME: sym_name = "pair"

// CHECK-LABEL: deq.field @pair : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (f64, tensor<3xf64>) {
// CHECK-NEXT: ^bb0([[T:%.+]]: f64, [[Y:%.+]]: f64, [[Q:%.+]]: tensor<3xf64>, [[K:%.+]]: f64, [[W:%.+]]: tensor<3xf64>):
// CHECK-NEXT: deq.yield [[Y]], [[Q]] : f64, tensor<3xf64>
deq.field @pair : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (f64, tensor<3xf64>) {
^bb0(%t: f64, %y: f64, %q: tensor<3xf64>, %k: f64, %w: tensor<3xf64>):
  deq.yield %y, %q : f64, tensor<3xf64>
}

// CHECK: deq.solve @solve field @pair method #deq.rk<"heun", {{.+}}> control #deq.pid<"rms"> save <"times">
// CHECK-SAME: stages "unroll" kinds ["uniform", "memory"]
deq.solve @solve field @pair method #heun control #deq.pid<"rms"> save <"times"> stages "unroll"
  kinds ["uniform", "memory"]
// CHECK: deq.solve @fixed field @pair method #deq.rk<"euler", {{.+}}> control #deq.constant save <"steps">
// CHECK-SAME: stages "scan" kinds []
deq.solve @fixed field @pair method #euler control #deq.constant save <"steps"> stages "scan" kinds []
// CHECK: deq.solve @ends {{.+}} save <"end"> stages "scan" kinds ["trajectory", "uniform"] {note = "kept"}
deq.solve @ends field @pair method #fsal control #deq.pid<"rms"> save <"end"> stages "scan"
  kinds ["trajectory", "uniform"] {note = "kept"}

// CHECK-LABEL: deq.function @events : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (f64, i1) {
// CHECK-NEXT: ^bb0([[T:%[^:]+]]: f64, [[Y:%[^:]+]]: f64, {{.+}})
// CHECK: deq.yield [[Y]], {{%.+}} : f64, i1
deq.function @events : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (f64, i1) {
^bb0(%t: f64, %y: f64, %q: tensor<3xf64>, %k: f64, %w: tensor<3xf64>):
  %late = arith.cmpf ogt, %t, %k : f64
  deq.yield %y, %late : f64, i1
}
// CHECK-LABEL: deq.function @shown
deq.function @shown : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (tensor<3xf64>) {
^bb0(%t: f64, %y: f64, %q: tensor<3xf64>, %k: f64, %w: tensor<3xf64>):
  deq.yield %q : tensor<3xf64>
}
// CHECK: deq.solve @showing {{.+}} kinds [] saved @shown
deq.solve @showing field @pair method #fsal control #deq.pid<"rms"> save <"end"> stages "scan" kinds []
  saved @shown
deq.function @longest : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %q: tensor<3xf64>, %k: f64, %w: tensor<3xf64>):
  deq.yield %y : f64
}
// CHECK: deq.solve @limited {{.+}} control #deq.limit<#deq.pid<"rms">> {{.+}} kinds [] limit @longest
deq.solve @limited field @pair method #fsal control #deq.limit<#deq.pid<"rms">> save <"end"> stages "scan" kinds []
  limit @longest
// CHECK: deq.solve @watched {{.+}} kinds [] events @events directions ["down", "any"]
deq.solve @watched field @pair method #fsal control #deq.pid<"rms"> save <"end"> stages "scan" kinds []
  events @events directions ["down", "any"]

// CHECK-LABEL: func.func @comprehensions(
// CHECK-SAME: [[Q:%.+]]: tensor<3xf64>)
func.func @comprehensions(%q: tensor<3xf64>) -> (tensor<4xf64>, tensor<2x3xf64>, f64, tensor<3xf64>) {
  %two = arith.constant 2 : index
  // CHECK: [[ROWS:%.+]] = deq.generate 0 to 5 {
  // CHECK-NEXT: ^bb0([[I:%.+]]: index):
  // CHECK: [[X:%.+]] = tensor.extract [[Q]]
  // CHECK: [[KEEP:%.+]] = arith.cmpi ne, [[I]]
  // CHECK: deq.yield [[X]] if [[KEEP]] : f64
  // CHECK-NEXT: } : tensor<4xf64>
  %rows = deq.generate 0 to 5 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%two] : tensor<3xf64>
    %keep = arith.cmpi ne, %i, %two : index
    deq.yield %x if %keep : f64
  } : tensor<4xf64>
  // CHECK: deq.generate 0 to 2 {
  // CHECK: deq.yield [[Q]] : tensor<3xf64>
  // CHECK-NEXT: } {note} : tensor<2x3xf64>
  %stack = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %q : tensor<3xf64>
  } {note} : tensor<2x3xf64>
  // CHECK: deq.sum_over 1 to 3 {
  // CHECK: } : f64
  %total = deq.sum_over 1 to 3 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%i] : tensor<3xf64>
    deq.yield %x : f64
  } : f64
  // An empty range and a range below zero are ranges.
  // CHECK: deq.sum_over -2 to -2 {
  %none = deq.sum_over -2 to -2 {
  ^bb0(%i: index):
    deq.yield %q : tensor<3xf64>
  } : tensor<3xf64>
  return %rows, %stack, %total, %none : tensor<4xf64>, tensor<2x3xf64>, f64, tensor<3xf64>
}

// CHECK-LABEL: func.func @folds(
// CHECK-SAME: [[Q:%.+]]: tensor<3xf64>, [[X:%.+]]: f64)
func.func @folds(%q: tensor<3xf64>, %x: f64) -> (f64, tensor<3xf64>) {
  %one = arith.constant 1 : index
  // CHECK: [[P:%.+]] = deq.fold [[X]] over 0 to 3 {
  // CHECK-NEXT: ^bb0([[I:%.+]]: index, [[V:%.+]]: f64):
  // CHECK: [[NEXT:%.+]] = arith.mulf [[V]],
  // CHECK: [[KEEP:%.+]] = arith.cmpi ne, [[I]]
  // CHECK: deq.yield [[NEXT]] if [[KEEP]] : f64
  // CHECK-NEXT: } {note} : f64
  %p = deq.fold %x over 0 to 3 {
  ^bb0(%i: index, %v: f64):
    %c = tensor.extract %q[%i] : tensor<3xf64>
    %next = arith.mulf %v, %c : f64
    %keep = arith.cmpi ne, %i, %one : index
    deq.yield %next if %keep : f64
  } {note} : f64
  // CHECK: deq.fold [[Q]] over -2 to -2 {
  // CHECK: } : tensor<3xf64>
  %none = deq.fold %q over -2 to -2 {
  ^bb0(%i: index, %v: tensor<3xf64>):
    %next = arith.addf %v, %q : tensor<3xf64>
    deq.yield %next : tensor<3xf64>
  } : tensor<3xf64>
  return %p, %none : f64, tensor<3xf64>
}

// CHECK-LABEL: func.func @arrays(
// CHECK-SAME: [[A:%.+]]: tensor<2x3xf32>, [[V:%.+]]: tensor<3xf32>, [[X:%.+]]: f32, [[M:%.+]]: memref<2x3xf32>)
func.func @arrays(%a: tensor<2x3xf32>, %v: tensor<3xf32>, %x: f32, %m: memref<2x3xf32>) {
  // CHECK: deq.sum [[A]] : tensor<2x3xf32> -> f32
  %sum = deq.sum %a : tensor<2x3xf32> -> f32
  // CHECK: deq.sum [[X]] : f32 -> f32
  %scalar = deq.sum %x : f32 -> f32
  // CHECK: deq.dot [[V]], [[V]] : tensor<3xf32> -> f32
  %dot = deq.dot %v, %v : tensor<3xf32> -> f32
  // CHECK: [[PRODUCT:%.+]] = deq.matmul [[A]], [[V]] : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
  %product = deq.matmul %a, %v : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
  // CHECK: deq.shift [[A]] by -1 axis 1 fill [[X]] : tensor<2x3xf32>, f32
  %shift = deq.shift %a by -1 axis 1 fill %x : tensor<2x3xf32>, f32
  // CHECK: deq.roll [[A]] by 2 axis 0 : tensor<2x3xf32>
  %roll = deq.roll %a by 2 axis 0 : tensor<2x3xf32>
  // CHECK: [[LOADED:%.+]] = deq.argument [[M]] : memref<2x3xf32> -> tensor<2x3xf32>
  %loaded = deq.argument %m : memref<2x3xf32> -> tensor<2x3xf32>
  // CHECK: deq.matmul [[A]], {{%.+}} : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2x2xf32>
  %square = arith.constant dense<1.0> : tensor<3x2xf32>
  %matrix = deq.matmul %a, %square : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2x2xf32>
  // CHECK: [[VALUE:%.+]] = deq.sample [[A]] at [[X]] degree 1 : tensor<2x3xf32> -> f32
  %value = deq.sample %a at %x degree 1 : tensor<2x3xf32> -> f32
  // CHECK: deq.sample {{%.+}} at [[VALUE]] degree 3 {note} : tensor<1x5xf32> -> f32
  %knots = arith.constant dense<0.0> : tensor<1x5xf32>
  %same = deq.sample %knots at %value degree 3 {note} : tensor<1x5xf32> -> f32
  return
}

// CHECK-LABEL: func.func @loop(
// CHECK-SAME: [[T:%.+]]: f64, [[H:%.+]]: f64, [[Y:%.+]]: f64, [[Q:%.+]]: tensor<3xf64>, [[W:%.+]]: memref<3xf64>)
func.func @loop(%t: f64, %h: f64, %y: f64, %q: tensor<3xf64>, %w: memref<3xf64>) -> (f64, tensor<3xf64>) {
  // CHECK: [[F:%.+]]:2 = deq.eval outlined @pair([[T]], [[Y]], [[Q]], [[H]], [[W]])
  // CHECK-SAME: : (f64, f64, tensor<3xf64>, f64, memref<3xf64>) -> (f64, tensor<3xf64>)
  %f:2 = deq.eval outlined @pair(%t, %y, %q, %h, %w)
    : (f64, f64, tensor<3xf64>, f64, memref<3xf64>) -> (f64, tensor<3xf64>)
  // CHECK: deq.eval @pair(
  %g:2 = deq.eval @pair(%t, %y, %q, %h, %q)
    : (f64, f64, tensor<3xf64>, f64, tensor<3xf64>) -> (f64, tensor<3xf64>)
  // A method with an error estimate and a first-same-as-last slope as its state.
  // CHECK: [[NEXT:%.+]]:2, [[ERROR:%.+]]:2, [[STATE:%.+]]:2, [[STAGES:%.+]], [[OUTCOME:%.+]] = deq.step @pair
  // CHECK-SAME: method #deq.rk<"fsal", {{.+}}> emission "scan" from [[T]] by [[H]] to [[T]] : f64
  // CHECK-SAME: y([[Y]], [[Q]] : f64, tensor<3xf64>) state([[F]]#0, [[F]]#1 : f64, tensor<3xf64>)
  // CHECK-SAME: args([[H]], [[W]] : f64, memref<3xf64>) -> (f64, tensor<3xf64>) error(f64, tensor<3xf64>)
  // CHECK-SAME: state(f64, tensor<3xf64>)
  %next:2, %error:2, %state:2, %stages, %outcome = deq.step @pair method #fsal emission "scan"
    from %t by %h to %t : f64 y(%y, %q : f64, tensor<3xf64>) state(%f#0, %f#1 : f64, tensor<3xf64>)
    args(%h, %w : f64, memref<3xf64>) -> (f64, tensor<3xf64>) error(f64, tensor<3xf64>) state(f64, tensor<3xf64>)
  // And one with neither.
  // CHECK: deq.step @alone {{.+}} emission "unroll" {{.+}} y([[Y]] : f64) -> (f64){{$}}
  %plain, %data, %fine = deq.step @alone method #euler emission "unroll" from %t by %h to %t : f64 y(%y : f64) -> (f64)
  // CHECK: deq.interpolate [[STAGES]] at [[T]] step [[H]] : f64 from([[Y]], [[Q]] : f64, tensor<3xf64>)
  // CHECK-SAME: to([[NEXT]]#0, [[NEXT]]#1 : f64, tensor<3xf64>) -> (f64, tensor<3xf64>)
  // CHECK: deq.interpolate derivative [[STAGES]] at [[T]] step [[H]] : f64 from
  %inside:2 = deq.interpolate %stages at %t step %h : f64 from(%y, %q : f64, tensor<3xf64>)
    to(%next#0, %next#1 : f64, tensor<3xf64>) -> (f64, tensor<3xf64>)
  %slope:2 = deq.interpolate derivative %stages at %t step %h : f64 from(%y, %q : f64, tensor<3xf64>)
    to(%next#0, %next#1 : f64, tensor<3xf64>) -> (f64, tensor<3xf64>)
  // A step that ends with two slopes tells whether stability limits it.
  // CHECK: {{.+}}, [[JUDGED:%[^,]+]], {{%.+}} = deq.step @alone method #deq.rk<"two"
  %end, %off, %last, %judged, %good = deq.step @alone method #two emission "unroll" from %t by %h to %t : f64
    y(%y : f64) state(%f#0 : f64) -> (f64) error(f64) state(f64)
  // CHECK: deq.stiffness [[JUDGED]]{{$}}
  %limited = deq.stiffness %judged
  // Stages that only dense output needs join the others under a condition.
  // CHECK: {{.+}}, [[PLAIN:%[^,]+]], {{%.+}} = deq.step @alone method #deq.rk<"extra"
  %next1, %some, %well = deq.step @alone method #extra emission "unroll" from %t by %h to %t : f64 y(%y : f64) -> (f64)
  // CHECK: [[DENSE:%.+]] = deq.extend [[PLAIN]] if {{%.+}}{{$}}
  %dense = deq.extend %some if %limited
  // CHECK: deq.interpolate [[DENSE]] at
  %between = deq.interpolate %dense at %t step %h : f64 from(%y : f64) to(%next1 : f64) -> (f64)
  // CHECK: deq.mean_square [[Y]], [[Q]] : f64, tensor<3xf64> -> f64
  %mean = deq.mean_square %y, %q : f64, tensor<3xf64> -> f64
  // CHECK: deq.max_magnitude [[Y]], [[Q]] : f64, tensor<3xf64> -> f64
  %largest = deq.max_magnitude %y, %q : f64, tensor<3xf64> -> f64
  // CHECK: deq.all_finite [[Y]], [[Q]] : f64, tensor<3xf64>
  %finite = deq.all_finite %y, %q : f64, tensor<3xf64>
  // CHECK: [[ROW:%.+]] = deq.locate [[Y]], [[Q]] : f64, tensor<3xf64>
  %row = deq.locate %y, %q : f64, tensor<3xf64>
  // CHECK: [[LOG:%.+]] = deq.log2 [[H]] : f64
  %log = deq.log2 %h : f64
  // CHECK: deq.exp2 [[H]], [[LOG]] : f64
  %exp = deq.exp2 %h, %log : f64
  // CHECK: deq.save [[ROW]] at [[T]]([[Y]], [[Q]] : f64, tensor<3xf64>)
  deq.save %row at %t(%y, %q : f64, tensor<3xf64>)
  return %inside#0, %inside#1 : f64, tensor<3xf64>
}

deq.field @alone : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}

// CHECK-LABEL: func.func @scan(
// CHECK-SAME: [[I:%.+]]: index, [[B:%.+]]: memref<2x4xf64>, [[Q:%.+]]: tensor<3xf64>)
func.func @scan(%i: index, %b: memref<2x4xf64>, %q: tensor<3xf64>) {
  // CHECK: deq.lookup dense<[1.000000e+00, 2.500000e-01]> : tensor<2xf64>{{\[}}[[I]]] : f64
  %x = deq.lookup dense<[1.0, 0.25]> : tensor<2xf64>[%i] : f64
  // CHECK: deq.lookup dense<[0, 7]> : tensor<2xindex>{{\[}}[[I]]] : index
  %j = deq.lookup dense<[0, 7]> : tensor<2xindex>[%i] : index
  // CHECK: deq.read [[B]]{{\[}}[[I]], 1] : memref<2x4xf64> -> tensor<3xf64>
  %leaf = deq.read %b[%i, 1] : memref<2x4xf64> -> tensor<3xf64>
  // CHECK: deq.write [[Q]] into [[B]]{{\[}}[[I]], 0] : tensor<3xf64>, memref<2x4xf64>
  deq.write %q into %b[%i, 0] : tensor<3xf64>, memref<2x4xf64>
  return
}

// Interpolation data is a type of its own, which functions may name.
// CHECK-LABEL: func.func private @takes_stages(!deq.stages)
func.func private @takes_stages(!deq.stages)
