;$ run
define i32 @deq_solve(ptr %frame) {
  ret i32 0
}
;| foreign-file.ll: error: was not written by deq: it carries no deq_signature and deq_values [foreign-file]
