// Going on from the state that an earlier solve left.
// The same solve goes on as if there had been no break; another one starts anew from its place.
#pragma once

#include "compiler/Signature.h"
#include "deq/checkpoint.h"

namespace deq {

/// What a workspace's meaning depends on beside Signature::identity, as bits.
std::vector<std::uint64_t> checkpointInputs(const Signature &signature, const Values &values);

bool sameLeaves(const std::vector<Leaf> &a, const std::vector<Leaf> &b);

enum class Resumption {
  exact, ///< the steps that would have been taken without the break
  anew,  ///< from (t, y) with the first step dt; what the method and the controller knew is lost
  impossible ///< the state has other leaves
};

struct ResumePlan {
  Resumption how;
  std::string reason; ///< why it is not exact
};

/// Puts what only the checkpoint knows into `values`: the start of the span, and arguments that are
/// NaN, which nobody gave.
void completeFrom(const Checkpoint &from, const Signature &signature, Values &values);

/// Sets `values` up to go on from `from`: `resumed_at` or t0, y0 and dt. For exact resumption, give
/// `from` to `solve` as well. Values are left as they are if it is impossible. Allocates nothing
/// for an exact one.
ResumePlan resume(const Checkpoint &from, const Signature &signature, Values &values);

} // namespace deq
