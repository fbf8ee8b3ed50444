// The state of a solve between two of its steps, for another run to go on from.
// It is what the kernel keeps in its workspace, so that going on takes the steps that would have
// been taken without the break, to the last bit.
#pragma once

#include "deq/array.h"
#include "deq/solution.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

/// Made by solves that were prepared with Options::resumable, by steppers and by load_checkpoint;
/// Call::from takes it.
struct Checkpoint {
  std::string solve;               ///< name of the solve, or of its field
  Status status = Status::success; ///< how the solve ended that left it
  double t = 0;                    ///< the last accepted time
  double dt = 0;                   ///< length of the step that would be tried next
  std::vector<double> y;           ///< the flat state at t
  std::vector<Leaf> state;         ///< its leaves

  /// Digest of field, method and controller: what the workspace's meaning depends on.
  std::string identity;
  /// Values that it depends on: start and direction of the span, constant step, arguments,
  /// literals; as bits.
  std::vector<std::uint64_t> inputs;
  std::vector<std::uint64_t> workspace; ///< slots as bits
  std::int64_t jumps = 0;               ///< of the field that have been passed
};

/// Writes a checkpoint to a file, as `deqc run --save-state` does (docs/cli.md, "Going on"), which
/// takes its name when it is complete. Error if it cannot be written, and without a checkpoint.
void save_checkpoint(const std::shared_ptr<const Checkpoint> &checkpoint, const std::string &path,
                     Place at = Place::current());
/// Reads such a file, whoever wrote it. Error if it cannot be read, or is something else.
std::shared_ptr<const Checkpoint> load_checkpoint(const std::string &path,
                                                  Place at = Place::current());

} // namespace deq
#pragma GCC visibility pop
