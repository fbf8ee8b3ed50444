// Compiled programs by their keys: bounded, least recently used first out, one compile for all who
// wait for it.
// It remembers which places of the host asked for what, so that a compile can say what changed.
#pragma once

#include "Key.h"
#include "deq/engine.h"

#include <functional>
#include <future>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

namespace deq {

/// Code without names: what all preparations of one structure share.
struct Compiled {
  std::shared_ptr<const Program> program;
  std::string stages, identity; ///< as the compiler chose or found them
  std::int64_t workspaceSlots = 0;
};

class Cache {
public:
  struct Asked {
    Key key;
    const Signature &signature;
    Location site;
    std::int64_t maxCompiles = 0; ///< at this site; 0: any number
  };
  struct Made {
    Compiled compiled;
    CompileReport report;
  };
  /// Throws deq::Error if it fails.
  using Compile = std::function<Made()>;

  explicit Cache(std::size_t capacity) : capacity(std::max<std::size_t>(capacity, 1)) {}

  /// The program of the key. `compile` is called if there is none, by one of all threads that ask;
  /// `compiled` then gets its report.
  Compiled get(const Asked &asked, const Compile &compile,
               const std::function<void(const CompileReport &)> &compiled);

  EngineStats stats() const;
  void clear();

private:
  struct Entry {
    std::shared_future<Compiled> result;
    std::list<Digest>::iterator place; ///< in `recent`
  };
  struct Site {
    std::vector<Key> keys; ///< the latest ones that were asked for, newest last
    std::int64_t compiles = 0;
  };
  struct Hash {
    std::size_t operator()(const Digest &digest) const { return digest.word(); }
  };

  static std::string nameOf(const Location &site);
  std::string reasonFor(const Asked &asked, const Site &site) const;
  void remember(Site &site, const Key &key);
  void limit(const Asked &asked, const Site &site, const std::string &reason) const;
  void evict();
  void forget(const Digest &digest);

  const std::size_t capacity;
  mutable std::mutex mutex;
  std::unordered_map<Digest, Entry, Hash> entries;
  std::list<Digest> recent; ///< newest first
  std::map<std::string, Site> sites;
  EngineStats counts;
};

} // namespace deq
