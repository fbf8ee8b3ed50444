// A source's program from the cache on disk, or from the compiler.
#pragma once

#include "Options.h"
#include "runtime/Cache/Programs.h"

namespace deq::cli {

/// A text's problem, ready to be looked up.
struct Lookup {
  Problem problem;
  Programs::Request request;
  double parseMs = 0;
};
/// nullopt after the diagnostics of a text with mistakes.
std::optional<Lookup> lookupOf(const Source &source, const Options &options,
                               Diagnostics &diagnostics);

/// What `compile` would give. Dumps of stages are compiled; they are looked at by people who change
/// the compiler or the dump.
std::optional<Artifact> compileOrFind(const Source &source, const Options &options,
                                      Diagnostics &diagnostics);

} // namespace deq::cli
