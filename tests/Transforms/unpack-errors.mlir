// unpack refuses what is only known at run time, and what it does not know; it never guesses.
// RUN: deq-opt %s --deq-unpack -verify-diagnostics -split-input-file -o /dev/null

func.func @index(%q: tensor<3xf64>, %i: index) -> f64 {
  // expected-error @below {{expected indices inside the array, known at compile time}}
  %x = tensor.extract %q[%i] : tensor<3xf64>
  return %x : f64
}

// -----

func.func @bounds(%q: tensor<3xf64>) -> f64 {
  %i = arith.constant 3 : index
  // expected-error @below {{expected indices inside the array, known at compile time}}
  %x = tensor.extract %q[%i] : tensor<3xf64>
  return %x : f64
}

// -----

// A quotient without a value is not the quotient of the iteration before.
func.func @stale(%q: tensor<3xf64>) -> tensor<2xf64> {
  %two = arith.constant 2 : index
  %one = arith.constant 1 : index
  %r = deq.generate 0 to 2 {
  ^bb0(%i: index):
    %d = arith.subi %one, %i : index
    %k = arith.floordivsi %two, %d : index
    // expected-error @below {{expected indices inside the array, known at compile time}}
    %x = tensor.extract %q[%k] : tensor<3xf64>
    deq.yield %x : f64
  } : tensor<2xf64>
  return %r : tensor<2xf64>
}

// -----

func.func @offset(%q: tensor<3xf64>, %i: index) -> tensor<2xf64> {
  // expected-error @below {{expected offsets known at compile time}}
  %x = tensor.extract_slice %q[%i] [2] [1] : tensor<3xf64> to tensor<2xf64>
  return %x : tensor<2xf64>
}

// -----

func.func @slice(%q: tensor<3xf64>) -> tensor<2xf64> {
  %i = arith.constant 2 : index
  // expected-error @below {{expected a slice inside the array}}
  %x = tensor.extract_slice %q[%i] [2] [1] : tensor<3xf64> to tensor<2xf64>
  return %x : tensor<2xf64>
}

// -----

func.func @stride(%q: tensor<4xf64>) -> tensor<2xf64> {
  // expected-error @below {{expected a slice of unit strides}}
  %x = tensor.extract_slice %q[0] [2] [2] : tensor<4xf64> to tensor<2xf64>
  return %x : tensor<2xf64>
}

// -----

// A loop would read there, wherever that is.
func.func @beyond(%q: tensor<300xf64>, %x: f64) -> f64 {
  %r = deq.fold %x over 0 to 301 {
  ^bb0(%i: index, %v: f64):
    // expected-error @below {{expected indices inside the array, known at compile time}}
    %c = tensor.extract %q[%i] : tensor<300xf64>
    %next = math.fma %v, %x, %c : f64
    deq.yield %next : f64
  } : f64
  return %r : f64
}

// -----

func.func @from_outside(%q: tensor<3xf64>, %x: f64, %k: index) -> f64 {
  %r = deq.fold %x over 0 to 300 {
  ^bb0(%i: index, %v: f64):
    %at = arith.addi %i, %k : index
    // expected-error @below {{expected indices inside the array, known at compile time}}
    %c = tensor.extract %q[%at] : tensor<3xf64>
    %next = math.fma %v, %x, %c : f64
    deq.yield %next : f64
  } : f64
  return %r : f64
}

// -----

func.func @condition(%q: tensor<3xf64>, %c: i1) -> tensor<2xf64> {
  %r = deq.generate 0 to 3 {
  ^bb0(%i: index):
    %x = tensor.extract %q[%i] : tensor<3xf64>
    // expected-error @below {{expected a condition on indices}}
    deq.yield %x if %c : f64
  } : tensor<2xf64>
  return %r : tensor<2xf64>
}

// -----

func.func @count(%x: f64) -> tensor<2xf64> {
  %yes = arith.constant true
  // expected-error @below {{expected 2 elements, got 3}}
  %r = deq.generate 0 to 3 {
  ^bb0(%i: index):
    deq.yield %x if %yes : f64
  } : tensor<2xf64>
  return %r : tensor<2xf64>
}

// -----

// Operations of arrays that are no elementwise ones.
func.func @insert(%q: tensor<3xf64>, %x: f64) -> tensor<3xf64> {
  %i = arith.constant 1 : index
  // expected-error @below {{'tensor.insert' op cannot be unpacked}}
  %r = tensor.insert %x into %q[%i] : tensor<3xf64>
  return %r : tensor<3xf64>
}

// -----

func.func @empty() -> tensor<3xf64> {
  // expected-error @below {{'tensor.empty' op cannot be unpacked}}
  %r = tensor.empty() : tensor<3xf64>
  return %r : tensor<3xf64>
}

// -----

// Stages that were skipped.
#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @step(%t: f64, %y: f64) -> f64 {
  // expected-error @below {{'deq.step' op cannot be unpacked}}
  %n, %s, %o = deq.step @g method #euler emission "unroll" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  return %n : f64
}

// -----

deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @evaluation(%t: f64, %y: f64) -> f64 {
  // expected-error @below {{'deq.eval' op cannot be unpacked}}
  %n = deq.eval @g(%t, %y) : (f64, f64) -> f64
  return %n : f64
}

// -----

func.func @region(%x: f64, %n: index) {
  // expected-error @below {{'scf.execute_region' op cannot be unpacked}}
  scf.execute_region {
    scf.yield
  }
  return
}

// -----

// Types that are neither scalars nor arrays of known size.
// expected-error @below {{expected no value of type 'tensor<?xf64>' at this stage}}
func.func @dynamic(%q: tensor<?xf64>) {
  return
}

// -----

// expected-error @below {{expected no value of type 'tensor<*xf64>' at this stage}}
func.func @unranked(%q: tensor<*xf64>) {
  return
}

// -----

// expected-error @below {{expected no value of type 'vector<3xf64>' at this stage}}
func.func @vector(%q: vector<3xf64>) {
  return
}

// -----

func.func @inner(%c: i1) {
  scf.if %c {
    // expected-error @below {{expected no value of type 'vector<3xf64>' at this stage}}
    %x = arith.constant dense<1.0> : vector<3xf64>
  }
  return
}

// -----

func.func @resource() -> tensor<2xf64> {
  // expected-error @below {{expected the elements themselves}}
  %x = arith.constant dense_resource<weights> : tensor<2xf64>
  return %x : tensor<2xf64>
}

// -----

// Functions that are not one block.
// expected-error @below {{expected a body of one block}}
func.func private @declared(f64) -> f64

// -----

// expected-error @below {{expected a body of one block}}
func.func @blocks(%x: f64) -> f64 {
  llvm.br ^bb1
^bb1:
  return %x : f64
}

// -----

// A search through values in registers would be as long as the table.
func.func @sample(%u: tensor<4x3xf64>, %t: f64) -> f64 {
  // expected-error @below {{expected a table in memory}}
  %x = deq.sample %u at %t degree 1 : tensor<4x3xf64> -> f64
  return %x : f64
}
