// Every rule of the operations' verifiers refuses what it is there for, at the operation and in deq's words.
// RUN: deq-opt %s -verify-diagnostics -split-input-file -o /dev/null

//===--- deq.field ---===//

// expected-error @below {{'deq.field' op expected at least one state leaf}}
deq.field @f : (f64) -> () {
^bb0(%t: f64):
  deq.yield %t : f64
}

// -----

// expected-error @below {{expected time and 2 state leaves, got 2 inputs}}
deq.field @f : (f64, f64) -> (f64, f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y, %y : f64, f64
}

// -----

// expected-error @below {{expected elements to be f32 or f64, got 'bf16'}}
deq.field @f : (bf16, bf16) -> (bf16) {
^bb0(%t: bf16, %y: bf16):
  llvm.unreachable
}

// -----

// expected-error @below {{expected time to be 'f64', got 'f32'}}
deq.field @f : (f32, f64) -> (f64) {
^bb0(%t: f32, %y: f64):
  deq.yield %y : f64
}

// -----

// Arguments that are scalars may be of time's type, the state may not.
// expected-error @below {{expected one element type, got 'f64' and 'f32'}}
deq.field @f : (f64, f32, f64, f64) -> (f32, f64) {
^bb0(%t: f64, %y: f32, %z: f64, %k: f64):
  deq.yield %y, %z : f32, f64
}

// -----

// expected-error @below {{expected time to be 'f32' or f64, got 'f16'}}
deq.field @f : (f16, f32) -> (f32) {
^bb0(%t: f16, %y: f32):
  deq.yield %y : f32
}

// -----

// expected-error @below {{derivative 0 has type 'f64', its state leaf has 'tensor<2xf64>'}}
deq.field @f : (f64, tensor<2xf64>) -> (f64) {
^bb0(%t: f64, %y: tensor<2xf64>):
  deq.yield %t : f64
}

// -----

// expected-error @below {{expected one element type, got 'f32' and 'f64'}}
deq.field @f : (f64, f64, f32) -> (f64) {
^bb0(%t: f64, %y: f64, %k: f32):
  deq.yield %y : f64
}

// -----

// expected-error @below {{expected scalars and arrays of known size, got 'tensor<?xf64>'}}
deq.field @f : (f64, f64, tensor<?xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %k: tensor<?xf64>):
  deq.yield %y : f64
}

// -----

// expected-error @below {{expected scalars and arrays of known size, got 'tensor<0xf64>'}}
deq.field @f : (f64, f64, tensor<0xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %k: tensor<0xf64>):
  deq.yield %y : f64
}

// -----

// expected-error @below {{expected scalars and arrays of known size, got 'vector<2xf64>'}}
deq.field @f : (f64, f64, vector<2xf64>) -> (f64) {
^bb0(%t: f64, %y: f64, %k: vector<2xf64>):
  deq.yield %y : f64
}

// -----

// expected-error @below {{entry block does not match the function type}}
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64):
  deq.yield %t : f64
}

// -----

// expected-error @below {{expected an unconditional deq.yield at the end}}
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %t, %y : f64
  deq.yield %y if %c : f64
}

// -----

deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  // expected-error @below {{yields other types than the results of 'deq.field'}}
  deq.yield %y, %y : f64, f64
}

// -----

//===--- deq.yield ---===//

func.func @f(%x: f64) -> f64 {
  // expected-error @below {{expects parent op to be one of}}
  deq.yield %x : f64
}

// -----

//===--- deq.solve ---===//

#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
// expected-error @below {{unknown field @nothing}}
deq.solve @s field @nothing method #heun control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []

// -----

// A function is no field.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
func.func private @g(f64) -> f64
// expected-error @below {{unknown field @g}}
deq.solve @s field @g method #heun control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{method 'euler' has no error estimate to control steps with}}
deq.solve @s field @f method #euler control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{expected stages "unroll", "outline" or "scan", got "auto"}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "auto" kinds []

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{expected at most 0 argument kinds, got 1}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "scan" kinds ["uniform"]

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64, %k: f64):
  deq.yield %y : f64
}
// expected-error @below {{unknown argument kind "global"}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "scan" kinds ["global"]

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64, %k: f64):
  deq.yield %y : f64
}
// expected-error @below {{only an array can be of kind memory}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "scan" kinds ["memory"]

// -----

// The parts of a solve are what their places are for.
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{attribute 'method' failed to satisfy constraint: MethodInterface}}
"deq.solve"() {sym_name = "s", field = @f, method = "euler", control = #deq.constant, save = #deq.save<"end">,
               stages = "scan", kinds = []} : () -> ()

// -----

//===--- comprehensions ---===//

func.func @f(%x: f64) {
  // expected-error @below {{expected one index argument}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: i64):
    deq.yield %x : f64
  } : tensor<2xf64>
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected one index argument}}
  %r = deq.sum_over 0 to 2 {
    deq.yield %x : f64
  } : f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected lower <= upper, got 3 to -1}}
  %r = deq.sum_over 3 to -1 {
  ^bb0(%i: index):
    deq.yield %x : f64
  } : f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected a deq.yield of one value}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x, %x : f64, f64
  } : tensor<2xf64>
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected an array result}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x : f64
  } : f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{result 'tensor<2x1xf64>' does not stack values of type 'f64'}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x : f64
  } : tensor<2x1xf64>
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{result 'tensor<2xf32>' does not stack values of type 'f64'}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x : f64
  } : tensor<2xf32>
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{result 'tensor<3xf64>' does not stack 2 values}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x : f64
  } : tensor<3xf64>
  return
}

// -----

// With a condition there may be fewer values, never more.
func.func @f(%x: f64, %c: i1) {
  // expected-error @below {{result 'tensor<3xf64>' does not stack 2 values}}
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x if %c : f64
  } : tensor<3xf64>
  return
}

// -----

func.func @f(%x: tensor<3xf64>) {
  // expected-error @below {{expected a result of type 'tensor<3xf64>', got 'f64'}}
  %r = deq.sum_over 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x : tensor<3xf64>
  } : f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected an index and a value of type 'f64' as arguments of the body}}
  %r = deq.fold %x over 0 to 2 {
  ^bb0(%i: index):
    deq.yield %x : f64
  } : f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected lower <= upper, got 3 to 2}}
  %r = deq.fold %x over 3 to 2 {
  ^bb0(%i: index, %v: f64):
    deq.yield %v : f64
  } : f64
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{expected a deq.yield of one value}}
  %r = deq.fold %x over 0 to 2 {
  ^bb0(%i: index, %v: f64):
    deq.yield %v, %x : f64, f64
  } : f64
  return
}

// -----

func.func @f(%x: f64, %y: tensor<2xf64>) {
  // expected-error @below {{expected a body that yields 'f64', got 'tensor<2xf64>'}}
  %r = deq.fold %x over 0 to 2 {
  ^bb0(%i: index, %v: f64):
    deq.yield %y : tensor<2xf64>
  } : f64
  return
}

// -----

//===--- arrays ---===//

func.func @f(%x: tensor<3xf64>) {
  // expected-error @below {{'deq.sum' op expected elements of type 'f32', got 'tensor<3xf64>'}}
  %r = deq.sum %x : tensor<3xf64> -> f32
  return
}

// -----

func.func @f(%x: tensor<3xf64>) {
  // expected-error @below {{'deq.dot' op expected elements of type 'f32', got 'tensor<3xf64>'}}
  %r = deq.dot %x, %x : tensor<3xf64> -> f32
  return
}

// -----

func.func @f(%x: tensor<3xf64>, %y: tensor<4xf64>) {
  // expected-error @below {{requires all operands to have the same type}}
  %r = "deq.dot"(%x, %y) : (tensor<3xf64>, tensor<4xf64>) -> f64
  return
}

// -----

func.func @f(%x: tensor<2x3xf64>, %y: tensor<2xf64>) {
  // expected-error @below {{cannot multiply 'tensor<2x3xf64>' and 'tensor<2xf64>'}}
  %r = deq.matmul %x, %y : tensor<2x3xf64>, tensor<2xf64> -> tensor<2xf64>
  return
}

// -----

func.func @f(%x: tensor<3xf64>) {
  // expected-error @below {{cannot multiply 'tensor<3xf64>' and 'tensor<3xf64>'}}
  %r = deq.matmul %x, %x : tensor<3xf64>, tensor<3xf64> -> tensor<1xf64>
  return
}

// -----

func.func @f(%x: tensor<3x3xf64>, %y: tensor<3x1x1xf64>) {
  // expected-error @below {{cannot multiply 'tensor<3x3xf64>' and 'tensor<3x1x1xf64>'}}
  %r = deq.matmul %x, %y : tensor<3x3xf64>, tensor<3x1x1xf64> -> tensor<3x1x1xf64>
  return
}

// -----

func.func @f(%x: tensor<3x3xf64>, %y: tensor<3xf32>) {
  // expected-error @below {{cannot multiply 'tensor<3x3xf64>' and 'tensor<3xf32>'}}
  %r = deq.matmul %x, %y : tensor<3x3xf64>, tensor<3xf32> -> tensor<3xf64>
  return
}

// -----

func.func @f(%x: tensor<2x3xf64>, %y: tensor<3x4xf64>) {
  // expected-error @below {{product of 'tensor<2x3xf64>' and 'tensor<3x4xf64>' cannot be 'tensor<4x2xf64>'}}
  %r = deq.matmul %x, %y : tensor<2x3xf64>, tensor<3x4xf64> -> tensor<4x2xf64>
  return
}

// -----

func.func @f(%x: tensor<2x3xf64>, %y: tensor<3xf64>) {
  // expected-error @below {{product of 'tensor<2x3xf64>' and 'tensor<3xf64>' cannot be 'tensor<2xf32>'}}
  %r = deq.matmul %x, %y : tensor<2x3xf64>, tensor<3xf64> -> tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf64>, %y: f64) {
  // expected-error @below {{axis 2 is out of range for 'tensor<2x3xf64>'}}
  %r = deq.shift %x by 1 axis 2 fill %y : tensor<2x3xf64>, f64
  return
}

// -----

func.func @f(%x: tensor<2x3xf64>, %y: f32) {
  // expected-error @below {{'deq.shift' op expected elements of type 'f32', got 'tensor<2x3xf64>'}}
  %r = deq.shift %x by 1 axis 0 fill %y : tensor<2x3xf64>, f32
  return
}

// -----

func.func @f(%x: tensor<2x3xf64>) {
  // expected-error @below {{axis -1 is out of range for 'tensor<2x3xf64>'}}
  %r = deq.roll %x by 1 axis -1 : tensor<2x3xf64>
  return
}

// -----

func.func @f(%m: memref<3xf64>) {
  // expected-error @below {{'memref<3xf64>' cannot be read as 'tensor<4xf64>'}}
  %r = deq.argument %m : memref<3xf64> -> tensor<4xf64>
  return
}

// -----

func.func @f(%m: memref<3xf32>) {
  // expected-error @below {{'memref<3xf32>' cannot be read as 'tensor<3xf64>'}}
  %r = deq.argument %m : memref<3xf32> -> tensor<3xf64>
  return
}

// -----

func.func @f(%m: memref<3xf64, strided<[2]>>) {
  // expected-error @below {{'memref<3xf64, strided<[2]>>' cannot be read as 'tensor<3xf64>'}}
  %r = deq.argument %m : memref<3xf64, strided<[2]>> -> tensor<3xf64>
  return
}

// -----

//===--- deq.sample ---===//

func.func @sample_degree(%u: tensor<4x4xf64>, %t: f64) {
  // expected-error @below {{expected degree 1 or 3, got 2}}
  %x = deq.sample %u at %t degree 2 : tensor<4x4xf64> -> f64
  return
}

// -----

func.func @sample_row(%u: tensor<4x5xf64>, %t: f64) {
  // expected-error @below {{expected a table of rows of 3 numbers, got 'tensor<4x5xf64>'}}
  %x = deq.sample %u at %t degree 1 : tensor<4x5xf64> -> f64
  return
}

// -----

func.func @sample_rank(%u: tensor<5xf64>, %t: f64) {
  // expected-error @below {{expected a table of rows of 5 numbers, got 'tensor<5xf64>'}}
  %x = deq.sample %u at %t degree 3 : tensor<5xf64> -> f64
  return
}

// -----

func.func @sample_nothing(%u: tensor<0x3xf64>, %t: f64) {
  // expected-error @below {{expected a table of rows of 3 numbers, got 'tensor<0x3xf64>'}}
  %x = deq.sample %u at %t degree 1 : tensor<0x3xf64> -> f64
  return
}

// -----

func.func @sample_element(%u: tensor<4x3xf64>, %t: f32) {
  // expected-error @below {{expected elements of type 'f32', got 'tensor<4x3xf64>'}}
  %x = deq.sample %u at %t degree 1 : tensor<4x3xf64> -> f32
  return
}

// -----

//===--- deq.function and what a solve observes ---===//

deq.function @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  // expected-error @below {{yields other types than the results of 'deq.function'}}
  deq.yield %t, %y : f64, f64
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{unknown function @g}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  saved @g

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64) -> (f64) {
^bb0(%t: f64):
  deq.yield %t : f64
}
// expected-error @below {{expected @g to have the field's inputs}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  saved @g

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (i1) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %y, %t : f64
  deq.yield %c : i1
}
// expected-error @below {{expected saved values of 'f64', got 'i1'}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  saved @g

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{unknown function @g}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  events @g directions ["any"]

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64) -> (f64) {
^bb0(%t: f64):
  deq.yield %t : f64
}
// expected-error @below {{expected @g to have the field's inputs}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  events @g directions ["any"]

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{expected a direction for each of 1 events}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  events @g directions []

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-error @below {{unknown direction "sideways"}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  events @g directions ["sideways"]

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (i1) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %y, %t : f64
  deq.yield %c : i1
}
// expected-error @below {{expected a condition without a direction}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  events @g directions ["up"]

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %y, %t : f64
  deq.yield %y : f64
}
// expected-error @below {{expected #deq.limit where the solve has a limit, and only there}}
deq.solve @s field @f method #euler control #deq.constant save <"end"> stages "unroll" kinds []
  limit @g

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %y, %t : f64
  deq.yield %y : f64
}
// expected-error @below {{expected #deq.limit where the solve has a limit, and only there}}
deq.solve @s field @f method #euler control #deq.clip<#deq.limit<#deq.constant>> save <"end"> stages "unroll" kinds []

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (i1) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %y, %t : f64
  deq.yield %c : i1
}
// expected-error @below {{expected a limit of type 'f64'}}
deq.solve @s field @f method #euler control #deq.limit<#deq.constant> save <"end"> stages "unroll" kinds []
  limit @g

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
deq.function @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  %c = arith.cmpf olt, %y, %t : f64
  deq.yield %y : f64
}
// expected-error @below {{unknown function @h}}
deq.solve @s field @f method #euler control #deq.limit<#deq.constant> save <"end"> stages "unroll" kinds []
  limit @h
