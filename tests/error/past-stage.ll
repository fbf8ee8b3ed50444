;$ compile --emit=field
@deq_values = constant [285 x i8] c"t0 0\0At1 1\0Adt 0\0Artol 9.9999999999999995e-07\0Aatol 1.0000000000000001e-09\0Aleaf_atol\0Apcoeff 0\0Aicoeff 1\0Adcoeff 0\0Asafety 0.90000000000000002\0Afactor_min 0.20000000000000001\0Afactor_max 10\0Adt_min 0\0Adt_max inf\0Aforce_dt_min 1\0Amax_steps 1000000\0Astep_at\0Ajump_at\0Ay0 1\0Aarguments 2\0Aliterals\0Asave end\0A\00"
@deq_signature = constant [219 x i8] c"solve f\0Afield f\0Adtype f64\0Aliterals 0\0Amethod heun\0Acontrol pid\0Anorm rms\0Aleaf_atol 0\0Astages unroll\0Asave end\0Aclip 0\0Aerror_order 2\0Aevaluations_per_step 2\0Aevaluations_at_start 0\0Aworkspace_slots 12\0Astate x\0Aargument a uniform\0A\00"
define i32 @deq_solve(ptr %frame) {
  ret i32 0
}
;| past-stage.ll: error: is past stage 'field' already: it is at 'llvm' [past-stage]
