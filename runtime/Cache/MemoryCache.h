// Compiled programs by their keys in this process: bounded, least recently used first out, one
// compile for all who wait for it.
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

class MemoryCache {
public:
  struct Asked {
    const Key &key;
    const std::string &field; ///< its name
    const Location &site;
    std::int64_t maxCompiles = 0; ///< at this site; 0: any number
  };
  struct Made {
    Compiled compiled;
    CompileReport report;
  };
  /// Where programs come from that are not in memory. Called outside of the lock, by one of all
  /// threads that ask for the key.
  class Source {
  public:
    virtual ~Source() = default;
    /// Finds it without a compile; nullopt if it cannot.
    virtual std::optional<Made> load() = 0;
    /// Throws if it fails.
    virtual Made compile() = 0;
    /// Why it has to be compiled. `here` is what this process knows of that; empty if the place has
    /// not asked for anything in it.
    virtual std::string reason(std::string here) = 0;
  };

  explicit MemoryCache(std::size_t capacity) : capacity(std::max<std::size_t>(capacity, 1)) {}

  /// The program of the key, and how it was got.
  Made get(const Asked &asked, Source &source);

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
  /// Empty if nothing is known of the site.
  std::string reasonFor(const Asked &asked, const Site &site) const;
  Made make(const Asked &asked, Source &source, std::string reason);
  void remember(Site &site, const Key &key);
  void countCompile(const Asked &asked, const std::string &reason);
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
