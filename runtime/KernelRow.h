// One row of a kernel, for those who need what it writes at a single place.
// Expressions of a row are compiled code, so only a kernel can say what they are.
#pragma once

#include "compiler/Compile.h"
#include "deq/kernel.h"

#include <span>
#include <vector>

namespace deq {

/// Calls `program` with room for one row and returns it, in f64; `frame` says all but where rows
/// go. Zeros if the call writes none.
std::vector<double> kernelRow(const Program &program, Frame frame, const Signature &signature);

/// Takes the step again that begins from the state in `slots`, and returns the rows at `times`
/// inside of it, in the kernel's time and increasing, in f64. `frame` says the inputs, by which the
/// plan saves nothing before the end of the step. `width`: of a row; `f32`: they are.
std::vector<double> rowsInside(const Program &program, Frame frame, std::span<const Slot> slots,
                               std::span<const double> times, std::int64_t width, bool f32);

} // namespace deq
