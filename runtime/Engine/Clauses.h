// Options of the public interface as clauses of a solve.
#pragma once

#include "compiler/Compile.h"
#include "deq/options.h"

namespace deq {

HostClauses clausesOf(const Options &options, const Location &site);

} // namespace deq
