// What the verifiers of operations on packs refuse: no lane and no position out of range.
// RUN: deq-opt %s -split-input-file -verify-diagnostics

func.func @f(%p: vector<4xf64>) {
  // expected-error @below {{expected a lane below 4, got 4}}
  %x = deq.lane %p[4] : vector<4xf64>
  return
}

// -----

func.func @f(%p: vector<4xf64>) {
  // expected-error @below {{expected a lane below 4, got -1}}
  %x = deq.lane %p[-1] : vector<4xf64>
  return
}

// -----

func.func @f(%p: vector<3xf64>) {
  // expected-error @below {{'pack' must be pack of 2, 4 or 8 elements, but got 'vector<3xf64>'}}
  %x = deq.lane %p[0] : vector<3xf64>
  return
}

// -----

func.func @f(%x: f64) {
  // expected-error @below {{'pack' must be pack of 2, 4 or 8 elements, but got 'vector<2x2xf64>'}}
  %p = deq.broadcast %x : vector<2x2xf64>
  return
}

// -----

func.func @f(%p: vector<4xf64>, %x: f64) {
  // expected-error @below {{expected lanes below 5, got 5}}
  %q = deq.shuffle %p, %x [0, 5] : (vector<4xf64>, f64) -> vector<2xf64>
  return
}

// -----

func.func @f(%p: vector<4xf64>) {
  // expected-error @below {{expected lanes below 4, got -2}}
  %q = deq.shuffle %p [0, -2] : (vector<4xf64>) -> vector<2xf64>
  return
}

// -----

func.func @f(%p: vector<4xf64>) {
  // expected-error @below {{expected 4 lanes, got 2}}
  %q = deq.shuffle %p [0, 1] : (vector<4xf64>) -> vector<4xf64>
  return
}

// -----

func.func @f(%p: vector<4xf32>) {
  // expected-error @below {{expected elements of type 'f64', got 'vector<4xf32>'}}
  %q = deq.shuffle %p [0, 1] : (vector<4xf32>) -> vector<2xf64>
  return
}

// -----

func.func @f(%m: memref<3x5xf64>) {
  // expected-error @below {{'vector<4xf64>' at 12 leaves 'memref<3x5xf64>'}}
  %p = deq.load %m at 12 : memref<3x5xf64> -> vector<4xf64>
  return
}

// -----

func.func @f(%m: memref<3x5xf64>) {
  // expected-error @below {{'vector<4xf64>' at -1 leaves 'memref<3x5xf64>'}}
  %p = deq.load %m at -1 : memref<3x5xf64> -> vector<4xf64>
  return
}

// -----

func.func @f(%m: memref<8xf64, strided<[2]>>) {
  // expected-error @below {{'vector<2xf64>' at 0 leaves 'memref<8xf64, strided<[2]>>'}}
  %p = deq.load %m at 0 : memref<8xf64, strided<[2]>> -> vector<2xf64>
  return
}

// -----

func.func @f(%i: index, %b: memref<2x9xf64>) {
  // expected-error @below {{'vector<8xf64>' at 2 leaves the rows of 'memref<2x9xf64>'}}
  %r = deq.read %b[%i, 2] : memref<2x9xf64> -> vector<8xf64>
  return
}
