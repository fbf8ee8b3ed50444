// Which folds stay loops in unpacked code; the others are spelled out, index by index.
// Asked before and while code is made, so that what is foretold of its size is so.
#pragma once

#include "../Dialect/Deq.h"

namespace deq::ir {

/// Elements of arrays that a loop of a fold may put in memory, to read them at an index that is
/// known only when it runs: 32 kB of stack.
inline constexpr int64_t mostBuffered = 4096;

/// Whether a fold whose body unpacks to so many operations is long enough for a loop, and its body
/// one that a loop can compute.
bool staysLoop(FoldOp fold, int64_t perVisit);
bool staysLoop(FoldOp fold);

/// What in the body of a fold reads an array at an index that varies with that of the fold, always
/// inside of the array; nullopt if a loop cannot compute the body.
std::optional<SmallVector<Operation *>> varyingReads(FoldOp fold);

} // namespace deq::ir
