// lower-to-llvm refuses kernels that would read or write outside of what the caller provides, and what it cannot lower.
// RUN: deq-opt %s --deq-lower-to-llvm -verify-diagnostics -split-input-file -o /dev/null

// expected-error @below {{expected a function @deq_solve}}
module {
}

// -----

// expected-error @below {{argument 0 of type 'f64' has no place}}
func.func @deq_solve(%x: f64) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// expected-error @below {{argument 0 of type 'i64' has no place}}
func.func @deq_solve(%x: i64 {deq.frame = "size"}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// expected-error @below {{argument 0 of type 'f64' has no place}}
func.func @deq_solve(%x: f64 {deq.uniform = -1}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// A place that cannot hold the type.
// expected-error @below {{argument 0 of type 'f64' has no place}}
func.func @deq_solve(%x: f64 {deq.memory = 0}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// expected-error @below {{argument 0 of type 'f64' has no place}}
func.func @deq_solve(%x: f64 {deq.outcome}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// expected-error @below {{argument 0 of type 'memref<?x3xf64>' has no place}}
func.func @deq_solve(%x: memref<?x3xf64> {deq.scratch = 0}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// The times at which steps end are pairs.
// expected-error @below {{argument 0 of type 'memref<?xf64>' has no place}}
func.func @deq_solve(%x: memref<?xf64> {deq.clips}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// Inputs are read only.
// expected-error @below {{result 1 of type 'f64' has no place}}
func.func @deq_solve(%x: f64 {deq.uniform = 0}) -> (i32 {deq.outcome}, f64 {deq.uniform = 0}) {
  %c = arith.constant 0 : i32
  return %c, %x : i32, f64
}

// -----

// expected-error @below {{result 1 of type 'i64' has no place}}
func.func @deq_solve(%x: i64 {deq.frame = "budget"}) -> (i32 {deq.outcome}, i64 {deq.frame = "budget"}) {
  %c = arith.constant 0 : i32
  return %c, %x : i32, i64
}

// -----

// expected-error @below {{expected one outcome, got 0}}
func.func @deq_solve(%x: f64 {deq.uniform = 0}) {
  return
}

// -----

// expected-error @below {{result 0 of type 'i64' has no place}}
func.func @deq_solve(%x: i64 {deq.frame = "rows"}) -> (i64 {deq.outcome}) {
  return %x : i64
}

// -----

// A workspace as large as the numbers in a dump would have it.
// expected-error @below {{the workspace has gaps}}
func.func @deq_solve(%x: f64 {deq.state = 1000000000000}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// expected-error @below {{result 1 lies outside of the workspace}}
func.func @deq_solve(%x: f64 {deq.state = 0}) -> (i32 {deq.outcome}, f64 {deq.state = 1}) {
  %c = arith.constant 0 : i32
  return %c, %x : i32, f64
}

// -----

// The signature says how large the caller's blocks are and what they hold.
module attributes {deq.signature = ["solve s", "field f", "state x", "argument k uniform"]} {
  // expected-error @below {{argument 1 does not fit the signature}}
  func.func @deq_solve(%k: f64 {deq.uniform = 23}, %l: f64 {deq.uniform = 24}) -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    return %c : i32
  }
}

// -----

module attributes {deq.signature = ["solve s", "field f", "state x"]} {
  // expected-error @below {{argument 0 does not fit the signature}}
  func.func @deq_solve(%y: f64 {deq.trajectory = 1}) -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    return %c : i32
  }
}

// -----

module attributes {deq.signature = ["solve s", "field f", "state x"]} {
  // expected-error @below {{argument 0 does not fit the signature}}
  func.func @deq_solve(%w: memref<3xf64> {deq.memory = 0}) -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    return %c : i32
  }
}

// -----

// A search in a table stays inside of the rows that there are.
module attributes {deq.signature = ["solve s", "field f", "state x", "argument u linear 4 3"]} {
  // expected-error @below {{argument 0 does not fit the signature}}
  func.func @deq_solve(%u: memref<5x3xf64> {deq.memory = 0}) -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    return %c : i32
  }
}

// -----

module attributes {deq.signature = ["solve s", "field f", "dtype f32", "state x"]} {
  // expected-error @below {{argument 0 does not fit the signature}}
  func.func @deq_solve(%y: f64 {deq.trajectory = 0}) -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    return %c : i32
  }
}

// -----

module attributes {deq.signature = ["solve s", "field f", "state x"]} {
  func.func @deq_solve(%y: f64 {deq.trajectory = 0}, %row: i64 {deq.frame = "rows"}) -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    // expected-error @below {{does not fit the signature's state}}
    deq.save %row at %y(%y, %y : f64, f64)
    return %c : i32
  }
}

// -----

// expected-error @below {{damaged deq.signature: }}
module attributes {deq.signature = ["solve s", "field f", "state x", "nonsense 1"]} {
  func.func @deq_solve() -> (i32 {deq.outcome}) {
    %c = arith.constant 0 : i32
    return %c : i32
  }
}

// -----

// Rows are written by the kernel alone.
func.func private @elsewhere(%row: i64, %x: f64) {
  // expected-error @below {{'deq.save' op expected inside the kernel}}
  deq.save %row at %x(%x : f64)
  return
}
func.func @deq_solve() -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// Arrays belong to earlier stages.
// expected-error @below {{expected no value of type 'tensor<2xf64>' at this stage}}
func.func @deq_solve(%q: tensor<2xf64> {deq.state = 0}) -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

func.func private @strided(%m: memref<4xf64>) -> f64 {
  %i = arith.constant 1 : index
  // expected-error @below {{expected no value of type 'memref<2xf64, strided<[2]>>' at this stage}}
  %s = memref.subview %m[0] [2] [2] : memref<4xf64> to memref<2xf64, strided<[2]>>
  %x = memref.load %s[%i] : memref<2xf64, strided<[2]>>
  return %x : f64
}
func.func @deq_solve() -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

func.func private @unknown(%x: f64) -> i64 {
  // expected-error @below {{'arith.fptosi' op cannot be lowered to LLVM}}
  %i = arith.fptosi %x : f64 to i64
  return %i : i64
}
func.func @deq_solve() -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}

// -----

// expected-error @below {{expected a body of one block}}
func.func private @declared(f64) -> f64
func.func @deq_solve() -> (i32 {deq.outcome}) {
  %c = arith.constant 0 : i32
  return %c : i32
}
