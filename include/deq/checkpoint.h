// The state of a solve between two of its steps, for another run to go on from.
// It is what the kernel keeps in its workspace, so that going on takes the steps that would have
// been taken without the break, to the last bit.
#pragma once

#include "deq/solution.h"

#include <cstdint>
#include <string>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

struct Checkpoint {
  Status status = Status::success; ///< how the solve ended that left it
  double t = 0;                    ///< the last accepted time
  double dt = 0;                   ///< length of the step that would be tried next
  std::vector<double> y;           ///< the flat state at t
  std::vector<Leaf> state;         ///< its leaves

  /// Digest of field, method and controller: what the workspace's meaning depends on.
  std::string identity;
  /// Values that it depends on: start of the span, constant step, arguments, literals; as bits.
  std::vector<std::uint64_t> inputs;
  std::vector<std::uint64_t> workspace; ///< slots as bits
  std::int64_t jumps = 0;               ///< of the field that have been passed
};

} // namespace deq
#pragma GCC visibility pop
