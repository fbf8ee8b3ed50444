// Coefficients of a method print so that reading them back gives the same bits: no digit is lost, whatever the double.
// RUN: deq-opt %s -o %t.once && FileCheck %s < %t.once
// RUN: deq-opt %t.once -o %t.twice && cmp %t.once %t.twice
// RUN: deq-opt %s --mlir-print-op-generic | deq-opt -o %t.back && cmp %t.once %t.back

module attributes {
  // CHECK: deq.signature = ["solve s"], deq.values = []
  deq.signature = ["solve s"], deq.values = [],

  // 0.1 + 0.2, neighbours of simple fractions, the smallest denormal (6 digits are exact there), a negative zero.
  // CHECK: #deq.rk<"awkward", order = 2, error_order = 2, interpolant_order = 2,
  // CHECK-SAME: a = {{\[\[}}], [0.30000000000000004]], b = [-0.66666666666666652, 1.6666666666666665],
  // CHECK-SAME: c = [0.000000e+00, 0.30000000000000004], e = [4.940660e-324, -4.940660e-324],
  // CHECK-SAME: p = {{\[\[}}1.000000e+00, -1.6666666666666665], [-0.000000e+00, 1.6666666666666665]]>
  test.awkward = #deq.rk<"awkward", order = 2, error_order = 2, interpolant_order = 2, a = [[], [0.30000000000000004]],
    b = [-0.66666666666666652, 1.6666666666666665], c = [0.0, 0.30000000000000004],
    e = [4.9406564584124654e-324, -4.9406564584124654e-324],
    p = [[1.0, -1.6666666666666665], [-0.0, 1.6666666666666665]]>,

  // Hexadecimal bits of 0.1 + 0.2 are the same number, and more digits than a double holds round to it.
  // CHECK: #deq.rk<"bits", {{.*}}a = {{\[\[}}], [0.30000000000000004]]
  // CHECK-SAME: c = [0.000000e+00, 0.30000000000000004]
  test.bits = #deq.rk<"bits", order = 2, error_order = 0, interpolant_order = 2, a = [[], [0x3FD3333333333334]],
    b = [-0.66666666666666652, 1.6666666666666665], c = [0.0, 0.3000000000000000444089209850062616169452667236328125],
    e = [], p = [[1.0, -1.6666666666666665], [0.0, 1.6666666666666665]]>,

  // A controller inside of another is printed in full.
  // CHECK: [#deq.clip<#deq.pid<"max">>, #deq.clip<#deq.constant>]
  test.clip = [#deq.clip<#deq.pid<"max">>, #deq.clip<#deq.constant>],
  // CHECK: #deq.constant
  test.constant = #deq.constant,
  // CHECK: [#deq.limit<#deq.constant>, #deq.clip<#deq.limit<#deq.pid<"rms">>>]
  test.limit = [#deq.limit<#deq.constant>, #deq.clip<#deq.limit<#deq.pid<"rms">>>],
  // A second error estimate, and a stage for dense output alone.
  // CHECK: #deq.rk<"more", {{.*}}c = [0.000000e+00, 5.000000e-01, 1.000000e+00], e = [-1.000000e+00, 1.000000e+00],
  // CHECK-SAME: coarse_order = 1, coarse_e = [1.000000e+00, -1.000000e+00], p = {{.*}}, [0.000000e+00, -1.000000e+00, 1.000000e+00]]>
  test.more = #deq.rk<"more", order = 2, error_order = 1, interpolant_order = 2, a = [[], [0.5], [0.0, 1.0]],
    b = [0.0, 1.0], c = [0.0, 0.5, 1.0], e = [-1.0, 1.0], coarse_order = 1, coarse_e = [1.0, -1.0],
    p = [[1.0, -2.0, 1.0], [0.0, 3.0, -2.0], [0.0, -1.0, 1.0]]>,
  // A name is text, whatever it contains.
  // CHECK: #deq.rk<"say \22heun\22, > [", order = 2
  test.name = #deq.rk<"say \"heun\", > [", order = 2, error_order = 1, interpolant_order = 2, a = [[], [1.0]],
    b = [0.5, 0.5], c = [0.0, 1.0], e = [-0.5, 0.5], p = [[1.0, -0.5], [0.0, 0.5]]>,

  // CHECK: [#deq.pid<"rms">, #deq.pid<"max">, #deq.pid<"rms", leaf_atol>, #deq.pid<"rms", leaf_atol, leaf_weights>]
  test.pid = [#deq.pid<"rms">, #deq.pid<"max">, #deq.pid<"rms", leaf_atol>, #deq.pid<"rms", leaf_weights, leaf_atol>],
  // CHECK: [#deq.save<"end">, #deq.save<"times">, #deq.save<"steps">]
  test.save = [#deq.save<"end">, #deq.save<"times">, #deq.save<"steps">],
  // CHECK: #deq.split<"third", order = 1, drift = [0.33333333333333331, 0.66666666666666674], kick = [0.000000e+00, 5.000000e-01, 5.000000e-01], positions = [0, 2]>
  test.split = #deq.split<"third", order = 1, drift = [0.33333333333333331, 0.66666666666666674], kick = [0.0, 0.5, 0.5], positions = [0, 2]>,
  // CHECK: [#deq.leapfrog_midpoint, #deq.reversible_heun]
  test.two_step = [#deq.leapfrog_midpoint, #deq.reversible_heun],
  // CHECK: !deq.stages
  test.type = !deq.stages
} {
}
