// A tableau is data that checks itself: one wrong coefficient, list or order is an error at its place.
// RUN: deq-opt %s -verify-diagnostics -split-input-file -o /dev/null

// expected-error @below {{method 'heun': row 2 of a of 'heun' sums to 0.9, expected c = 1}}
#sum = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [0.9]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{method 'heun': weights b of 'heun' sum to 1.1, expected 1}}
#weights = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.6, 0.5], c = [0.0, 1.0], e = [-0.4, 0.5], p = [[1.0, -0.4], [0.0, 0.5]]>

// -----

// expected-error @below {{method 'heun': order condition [.] of order 2 is off by -0.1 for weights b of 'heun'}}
#condition = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.6, 0.4], c = [0.0, 1.0], e = [-0.4, 0.4], p = [[1.0, -0.4], [0.0, 0.4]]>

// -----

// expected-error @below {{weights b of 'heun' satisfy the conditions of order 2, but order 1 is stated}}
#understated = #deq.rk<"heun", order = 1, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{error weights e of 'heun' sum to 0.1, expected 0}}
#error = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.4, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{weights b - e of 'heun' satisfy the conditions of order 2, but order 1 is stated}}
#embedded = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [0.0, 0.0], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{row 1 of p of 'heun' sums to 0.4, expected b = 0.5}}
#end = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.6], [0.0, 0.5]]>

// -----

// expected-error @below {{order condition [.] of order 2 is off by 0.1 in theta^1 for the interpolant p of 'heun'}}
#interpolant = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[0.9, -0.4], [0.1, 0.4]]>

// -----

// expected-error @below {{interpolant p of 'heun' satisfies the conditions of order 2, but order 1 is stated}}
#modest = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 1, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// Lists whose lengths contradict each other.
// expected-error @below {{'none' has no stages}}
#none = #deq.rk<"none", order = 1, error_order = 0, interpolant_order = 1, a = [], b = [], c = [], e = [], p = []>

// -----

// expected-error @below {{c of 'heun' has 1 entries, expected 2}}
#c = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{a of 'heun' has 1 entries, expected 2}}
#a = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// An implicit method, and a first stage that is not at the start.
// expected-error @below {{row 2 of a of 'heun' has 2 entries, expected 1}}
#lower = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [0.5, 0.5]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{row 1 of a of 'heun' sums to 0, expected c = 0.5}}
#start = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.5, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{e of 'heun' has 1 entries, expected 2}}
#e = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [0.0], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{p of 'heun' has 1 entries, expected 2}}
#p = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5]]>

// -----

// expected-error @below {{row 2 of p of 'heun' has 1 entries, expected 2}}
#ragged = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.5]]>

// -----

// expected-error @below {{row 1 of p of 'heun' has 0 entries, expected 1}}
#empty = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[], []]>

// -----

// Orders that no such method has; larger ones would be checked against exponentially many trees.
// expected-error @below {{the orders of 'euler' and of its interpolant are 0 and 1, expected at least 1}}
#zero = #deq.rk<"euler", order = 0, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [], p = [[1.0]]>

// -----

// expected-error @below {{'euler' states the orders 40, 0 and 1, which 1 stages and an interpolant of degree 1 cannot have}}
#huge = #deq.rk<"euler", order = 40, error_order = 0, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [], p = [[1.0]]>

// -----

// expected-error @below {{'heun' states the orders 2, 1 and 2, which 2 stages and an interpolant of degree 1 cannot have}}
#degree = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[0.5], [0.5]]>

// -----

// expected-error @below {{'euler' has 0 error weights and states 1 as their order}}
#unweighted = #deq.rk<"euler", order = 1, error_order = 1, interpolant_order = 1, a = [[]], b = [1.0], c = [0.0], e = [], p = [[1.0]]>

// -----

// expected-error @below {{'heun' has 2 error weights and states 0 as their order}}
#unstated = #deq.rk<"heun", order = 2, error_order = 0, interpolant_order = 2, a = [[], [1.0]], b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{'heun' has a coefficient that is not finite}}
#nan = #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]], b = [0x7FF8000000000000, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>

// -----

// expected-error @below {{expected 'order'}}
#keyword = #deq.rk<"heun", rank = 2>

// -----

// expected-error @below {{expected norm rms or max, got 'l1'}}
#norm = #deq.pid<"l1">

// -----

// Only controllers can be clipped, and only once.
// expected-error @below {{expected a controller that does not clip, got #deq.save<"end">}}
#other = #deq.clip<#deq.save<"end">>

// -----

// expected-error @below {{expected a controller that does not clip, got #deq.clip<#deq.constant>}}
#twice = #deq.clip<#deq.clip<#deq.constant>>

// -----

// expected-error @below {{expected a controller that neither clips nor limits, got #deq.clip<#deq.constant>}}
#order = #deq.limit<#deq.clip<#deq.constant>>

// -----

// expected-error @below {{expected a controller that neither clips nor limits, got #deq.save<"end">}}
#unlimited = #deq.limit<#deq.save<"end">>

// -----

// expected-error @below {{expected one of leaf_atol, leaf_weights, got 'atol'}}
#tolerance = #deq.pid<"rms", atol>

// -----

// expected-error @below {{expected save kind end, times, steps, times_and_steps or dense, got 'every'}}
#kind = #deq.save<"every">

// -----

// expected-error @below {{expected 'deq.signature' to be an array of strings}}
module attributes {deq.signature = "solve s"} {
}

// -----

// expected-error @below {{expected 'deq.values' to be an array of strings}}
module attributes {deq.values = [1]} {
}

// -----

// expected-error @below {{unknown attribute `spline` in dialect `deq`}}
#unknown = #deq.spline

// -----

// expected-error @below {{unknown  type `lane` in dialect `deq`}}
func.func private @f(!deq.lane)
