// From a problem to a program: canonical form, key, memory, disk, compiler, in this order.
// Names stay with whoever asks; what is kept and shared has none.
#pragma once

#include "DiskCache.h"
#include "MemoryCache.h"

namespace deq {

class Programs {
public:
  struct Settings {
    std::size_t capacity = 256; ///< programs in memory
    DiskSettings disk;
    /// Told once if the disk cannot be used. None: standard error.
    std::function<void(const std::string &)> warn = {};
  };
  struct Request {
    CompileOptions options;
    Location site;
    std::int64_t maxCompiles = 0; ///< at this site; 0: any number
  };
  /// Throws if it fails.
  using Compile = std::function<Artifact(const Problem &)>;

  explicit Programs(Settings settings);

  /// Puts the problem into canonical form and finds its program, or has it compiled. The signature
  /// gets what the compiler has found out.
  MemoryCache::Made get(Problem &problem, const Request &request, const Compile &compile);

  MemoryCache memory;
  DiskCache disk;
};

/// Where warnings go that nobody has asked for.
void warnOnStandardError(const std::string &text);

/// Puts the problem into canonical form, its literals with it.
CanonicalGraph canonicalize(Problem &problem);

/// Whether a key would be found on disk, and if not, why.
struct Answer {
  bool hit = false;
  std::string reason;
};
Answer explain(DiskCache &disk, const Key &key, const Location &site);

} // namespace deq
