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

// The inputs of a kernel are what the signature says the runtime makes.
#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
module attributes {deq.signature = ["solve s", "field f", "state y", "leaf_atol 1"]} {
  deq.field @f : (f64, f64) -> (f64) {
  ^bb0(%t: f64, %y: f64):
    deq.yield %y : f64
  }
  // expected-error @below {{expected control with leaf_atol where the signature has it, and only there}}
  deq.solve @a field @f method #heun control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []
}

// -----

#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
module attributes {deq.signature = ["solve s", "field f", "state y"]} {
  deq.field @f : (f64, f64) -> (f64) {
  ^bb0(%t: f64, %y: f64):
    deq.yield %y : f64
  }
  // expected-error @below {{expected control with leaf_atol where the signature has it, and only there}}
  deq.solve @a field @f method #heun control #deq.pid<"rms", leaf_atol> save <"end"> stages "unroll" kinds []
}

// -----

#heun = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5],
                c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>
module attributes {deq.signature = ["solve s", "field f", "state y", "leaf_weights 1"]} {
  deq.field @f : (f64, f64) -> (f64) {
  ^bb0(%t: f64, %y: f64):
    deq.yield %y : f64
  }
  // expected-error @below {{expected control with leaf_weights where the signature has it, and only there}}
  deq.solve @a field @f method #heun control #deq.pid<"rms"> save <"end"> stages "unroll" kinds []
}

// -----

// A dump of a later stage has no solve any more, and is left alone.
func.func private @deq_solve()
