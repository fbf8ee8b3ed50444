// Row-major index arithmetic and evaluation of integer operations, shared by unpack and the
// reference interpreter: the two must agree on what an index means, and neither on more.
#pragma once

#include "Deq.h"

#include <optional>

namespace deq::ir {

bool inBounds(ArrayRef<int64_t> index, ArrayRef<int64_t> shape);
int64_t linearize(ArrayRef<int64_t> index, ArrayRef<int64_t> shape);
SmallVector<int64_t> delinearize(int64_t linear, ArrayRef<int64_t> shape);

/// Calls `visit` with the linear source index of every element of a unit-stride slice, row-major.
/// False, without a call, if the slice leaves the array.
bool forEachInSlice(ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes, ArrayRef<int64_t> shape,
                    llvm::function_ref<void(int64_t)> visit);

/// Calls `visit` with the linear source index of every element of a shifted array, row-major: i - k
/// along the axis, wrapped if cyclic, else -1 outside.
void forEachShifted(ArrayRef<int64_t> shape, int64_t axis, int64_t k, bool cyclic,
                    llvm::function_ref<void(int64_t)> visit);

/// An integer, or 0 and 1 for booleans; nullopt for other attributes.
std::optional<int64_t> integerOf(Attribute value);

/// Value of an integer or boolean operation of `arith` on known operands; nullopt if it is none of
/// those that indices are made of, or has no value (division by zero, overflow).
std::optional<int64_t> evaluateIndex(Operation *op, ArrayRef<int64_t> operands);

} // namespace deq::ir
