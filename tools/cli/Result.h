// A finished run, as the writers of its data and statistics see it.
// One bundle of references, so that every format has the same interface.
#pragma once

#include "MachineSpeed.h"
#include "compiler/Compile.h"
#include "deq/solution.h"

namespace deq::cli {

struct Result {
  const Artifact &artifact;
  const Solution &solution;
  double runMs = 0; ///< of the solve, without the compile
  std::string plan; ///< whose rows a format without room for all of them shows; empty: the main one
  std::int64_t earlierSteps = 0; ///< of the statistics: taken before the state that it went on from
  std::optional<MachineSpeed> machine{}; ///< if measured
  std::string report{};                  ///< a JSON object for the JSON format; empty: none

  const Signature &signature() const { return artifact.signature; }
  const Rows &rows() const {
    for (const Rows &rows : solution.plans)
      if (rows.plan == plan)
        return rows;
    return solution;
  }
};

/// Name of the component that a failure is blamed on, where and why; empty if the solve did not
/// fail.
std::string failureText(const Result &result);

} // namespace deq::cli
