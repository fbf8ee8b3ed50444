// One row of a kernel, for those who need what it writes at a single place.
// Expressions of a row are compiled code, so only a kernel can say what they are.
#pragma once

#include "compiler/Compile.h"
#include "deq/kernel.h"

#include <vector>

namespace deq {

/// Calls `program` with room for one row and returns it, in f64; `frame` says all but where rows
/// go. Zeros if the call writes none.
std::vector<double> kernelRow(const Program &program, Frame frame, const Signature &signature);

} // namespace deq
