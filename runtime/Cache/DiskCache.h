// The folder of compiled programs: found by the digest of their key, shared by processes, bounded.
// Nothing in it is trusted: a file is read only if it is this user's alone, and believed only if
// its checksum and its key are right. What goes wrong with the folder costs the caching and nothing
// else. docs/cache.md says what is in it and what it is safe against.
#pragma once

#include "Entry.h"
#include "Folder.h"

#include <functional>
#include <mutex>

namespace deq {

struct DiskSettings {
  std::string folder;                           ///< empty: no cache
  std::int64_t bound = std::int64_t(256) << 20; ///< bytes of all files; the least recently used go
};

/// Where the cache is unless a host says otherwise: DEQ_CACHE_DIR, which may be empty for none,
/// else deq/ in XDG_CACHE_HOME or in .cache of the home folder; empty if there is no home.
std::string defaultCacheFolder();
/// That folder, and DEQ_CACHE_BYTES as its bound. `warn` is told if there is no home, or no number.
DiskSettings defaultDiskSettings(const std::function<void(const std::string &)> &warn);

/// A file of the folder as lists show it.
struct Listed {
  std::string file; ///< name in the folder
  Entry entry;
  std::int64_t hits = 0, bytes = 0;
  std::int64_t used = 0; ///< seconds since 1970, the last time
};

class DiskCache {
public:
  /// `warn` is told once what makes the cache useless, or worse than it could be.
  DiskCache(DiskSettings settings, std::function<void(const std::string &)> warn);

  bool enabled() const { return !settings.folder.empty(); }
  const std::string &folder() const { return settings.folder; }
  std::int64_t bound() const { return settings.bound; }

  /// The entry of a key, whose hit is `counted` or not. nullopt if there is none; then `refusal`
  /// says why if there is a file of that name all the same.
  std::optional<Entry> find(const Key &key, std::string &refusal, bool counted = true);
  /// Keeps an entry in place of what has its key; makes room.
  void store(const Entry &entry);
  /// Of the entries used last, the one that differs least from `key`; among those of `site` if it
  /// has any. nullopt: the cache is empty.
  std::optional<Entry> nearest(const Key &key, const Location &site);

  /// All entries, used last first. What is refused is passed to `refused`: file and reason.
  std::vector<Listed>
  list(const std::function<void(const std::string &, const std::string &)> &refused);
  /// Removes all files of the cache, those that are refused as well; how many.
  std::int64_t clear();
  static std::string nameOf(const Digest &digest);

private:
  std::optional<Folder> open(bool create);
  void warnOnce(const std::string &text);
  /// The entry of a file, and its header.
  std::optional<Entry> read(const Folder &folder, const std::string &name, std::string &refusal,
                            EntryHeader &header) const;
  /// Removes what was used longest ago until there is room for so many bytes.
  void makeRoom(const Folder &folder, std::int64_t bytes) const;

  DiskSettings settings;
  std::function<void(const std::string &)> warn;
  std::mutex mutex; ///< of `warned`
  bool warned = false;
};

} // namespace deq
