// How the two halves of a compiler's table find each other: they are compiled with different flags.
#pragma once

#include "Baselines.h"

namespace deq::bench::DEQ_BASELINES {

/// Appends the same-work solvers of all problems.
void addSameWork(std::vector<Baseline> &table);

} // namespace deq::bench::DEQ_BASELINES
