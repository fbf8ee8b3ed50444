// What fuse relies on is checked before it runs: evaluations fit their fields.
// RUN: deq-opt %s --deq-fuse -verify-diagnostics -split-input-file -o /dev/null

func.func @kernel(%t: f64) -> f64 {
  // expected-error @below {{'deq.eval' op unknown field @f}}
  %a = deq.eval outlined @f(%t, %t) : (f64, f64) -> f64
  return %a : f64
}

// -----

deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @kernel(%t: f64) -> f64 {
  // expected-error @below {{'deq.eval' op expected 2 inputs, got 1}}
  %a = deq.eval @f(%t) : (f64) -> f64
  return %a : f64
}
