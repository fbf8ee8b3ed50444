// How many operations and values array operations will become when they are unpacked.
// Foretold, so that what would take too long is never begun.
#pragma once

#include "mlir/IR/Block.h"
#include "mlir/IR/Types.h"

namespace deq::ir {

/// Operations on scalars and packs that a block unpacks to. Saturates at 2^40.
std::int64_t countOperations(mlir::Block &block);
/// Scalars and packs that keep a leaf.
std::int64_t countValues(mlir::Type leaf);

} // namespace deq::ir
