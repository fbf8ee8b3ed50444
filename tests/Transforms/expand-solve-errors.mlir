// expand-solve refuses modules in which it is not clear what the kernel is.
// RUN: deq-opt %s --deq-expand-solve -verify-diagnostics -split-input-file -o /dev/null

// expected-error @below {{expected one deq.solve, got 0}}
module {
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
// expected-error @below {{expected one deq.solve, got 2}}
module {
  deq.field @f : (f64, f64) -> (f64) {
  ^bb0(%t: f64, %y: f64):
    deq.yield %y : f64
  }
  deq.solve @a field @f method #euler control #deq.constant save <"end"> stages "scan" kinds []
  deq.solve @b field @f method #euler control #deq.constant save <"end"> stages "scan" kinds []
}

// -----

#euler = #deq.rk<"euler", order = 1, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [],
                 p = [[1.0]]>
deq.field @f : (f64, f64) -> (f64) {
^bb0(%t: f64, %y: f64):
  deq.yield %y : f64
}
// expected-note @below {{which is there already}}
func.func private @deq_solve()
// expected-error @below {{'deq.solve' op expands to @deq_solve}}
deq.solve @a field @f method #euler control #deq.constant save <"end"> stages "scan" kinds []

// -----

// A dump of a later stage has no solve any more, and is left alone.
func.func private @deq_solve()
