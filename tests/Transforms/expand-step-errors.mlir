// expand-step refuses steps that it cannot write out where they stand.
// RUN: deq-opt %s --deq-expand-step -verify-diagnostics -split-input-file -o /dev/null

// Slopes of scanned stages live in the workspace, which only the kernel has.
#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @elsewhere(%t: f64, %y: f64) -> f64 {
  // expected-error @below {{'deq.step' op expected scanned stages in @deq_solve, whose workspace keeps the slopes}}
  %n, %s, %o = deq.step @g method #euler emission "scan" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  return %n : f64
}

// -----

// Interpolation data vanish with the step.
#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @g : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
func.func @leaks(%t: f64, %y: f64) -> !deq.stages {
  %n, %s, %o = deq.step @g method #euler emission "unroll" from %t by %t to %t : f64 y(%y : f64) -> (f64)
  // expected-error @below {{cannot use interpolation data: only deq.interpolate, deq.extend and deq.stiffness can}}
  return %s : !deq.stages
}
