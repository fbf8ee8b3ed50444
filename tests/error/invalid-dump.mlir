//$ run
module attributes {deq.signature = ["solve f", "field f", "dtype f64", "literals 0", "method heun", "control pid", "norm rms", "leaf_atol 0", "stages unroll", "save end", "clip 0", "error_order 2", "evaluations_per_step 2", "evaluations_at_start 0", "workspace_slots 0", "state x", "argument a uniform"], deq.values = ["t0 0", "t1 1", "dt 0", "rtol 9.9999999999999995e-07", "atol 1.0000000000000001e-09", "leaf_atol", "pcoeff 0", "icoeff 1", "dcoeff 0", "safety 0.90000000000000002", "factor_min 0.20000000000000001", "factor_max 10", "dt_min 0", "dt_max inf", "force_dt_min 1", "max_steps 1000000", "step_at", "jump_at", "y0 1", "arguments 2", "literals", "save end"]} {
  deq.field @field : (f64, f64, f64) -> f64 {
  ^bb0(%t: f64, %y: f64, %p: f64):
    %0 = arith.negf %p : f64
    %1 = arith.mulf %0, %y : f64
    deq.yield %zz1 : f64
  }
  deq.solve @solve field @field method #deq.rk<"heun", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.000000e+00]], b = [5.000000e-01, 5.000000e-01], c = [0.000000e+00, 1.000000e+00], e = [-5.000000e-01, 5.000000e-01], p = [[1.000000e+00, -5.000000e-01], [0.000000e+00, 5.000000e-01]]> control #deq.pid<"rms"> save <"end"> stages "unroll" kinds ["uniform"]
}
//| invalid-dump.mlir:7:15: error: use of undeclared SSA value name [invalid-dump]
//|     deq.yield %zz1 : f64
//|               ^
