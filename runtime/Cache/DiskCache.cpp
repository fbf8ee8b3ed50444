// Looks up, keeps, lists and bounds.
#include "DiskCache.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace deq {

namespace {

constexpr std::string_view ending = ".deq-code";
/// Entries that a search for the nearest one reads: a compile takes longer than this many files.
constexpr std::size_t searched = 64;
constexpr std::uint64_t mostHits = std::uint64_t(1) << 40;

std::vector<FileFacts> newestFirst(const Folder &folder) {
  std::vector<FileFacts> files = folder.files(ending);
  std::sort(files.begin(), files.end(), [](const FileFacts &a, const FileFacts &b) {
    return a.usedNanoseconds > b.usedNanoseconds;
  });
  return files;
}

} // namespace

std::string defaultCacheFolder() {
  // Not of programs that run with the rights of another user.
  if (const char *given = secure_getenv("DEQ_CACHE_DIR"))
    return given;
  if (const char *caches = secure_getenv("XDG_CACHE_HOME"); caches && *caches == '/')
    return std::string(caches) + "/deq";
  if (const char *home = secure_getenv("HOME"); home && *home == '/')
    return std::string(home) + "/.cache/deq";
  return "";
}

DiskSettings defaultDiskSettings(const std::function<void(const std::string &)> &warn) {
  DiskSettings settings;
  settings.folder = defaultCacheFolder();
  if (settings.folder.empty() && !secure_getenv("DEQ_CACHE_DIR"))
    warn("nothing is kept on disk: expected a home folder in HOME, or DEQ_CACHE_DIR");
  if (const char *given = secure_getenv("DEQ_CACHE_BYTES")) {
    const char *end = given + std::strlen(given);
    std::int64_t bytes = 0;
    if (auto [stop, error] = std::from_chars(given, end, bytes);
        error == std::errc() && stop == end && bytes >= 0)
      settings.bound = bytes;
    else
      warn(fmt::format("expected a number of bytes in DEQ_CACHE_BYTES, got '{}'", given));
  }
  return settings;
}

DiskCache::DiskCache(DiskSettings settings, std::function<void(const std::string &)> warn)
    : settings(std::move(settings)), warn(std::move(warn)) {}

std::string DiskCache::nameOf(const Digest &digest) { return digest.text() + std::string(ending); }

void DiskCache::warnOnce(const std::string &text) {
  {
    const std::lock_guard lock(mutex);
    if (std::exchange(warned, true))
      return;
  }
  if (warn)
    warn(text);
}

std::optional<Folder> DiskCache::open(bool create) {
  if (!enabled())
    return std::nullopt;
  std::string error;
  std::optional<Folder> folder = Folder::open(settings.folder, create, error);
  if (!error.empty())
    warnOnce(error);
  return folder;
}

std::optional<Entry> DiskCache::read(const Folder &folder, const std::string &name,
                                     std::string &refusal, EntryHeader &header) const {
  const std::optional<std::string> bytes = folder.read(name, settings.bound, refusal);
  if (!bytes)
    return std::nullopt;
  if (bytes->size() >= sizeof header)
    std::memcpy(&header, bytes->data(), sizeof header);
  return decode(*bytes, refusal);
}

std::optional<Entry> DiskCache::find(const Key &key, std::string &refusal, bool counted) {
  const std::optional<Folder> folder = open(false);
  if (!folder)
    return std::nullopt;
  const std::string name = nameOf(key.digest);
  EntryHeader header{};
  std::optional<Entry> entry = read(*folder, name, refusal, header);
  if (entry && distance(entry->key, key) > 0) {
    refusal = "it is of another key: " + difference(entry->key, key);
    entry.reset();
  }
  if (entry && counted)
    folder->touch(name, offsetof(EntryHeader, hits), header.hits + 1);
  return entry;
}

void DiskCache::store(const Entry &entry) {
  const std::string bytes = encode(entry);
  if (std::int64_t(bytes.size()) > settings.bound)
    return;
  const std::optional<Folder> folder = open(true);
  std::string error;
  if (!folder)
    return;
  folder->removeLeftovers();
  // Before, so that the bound holds even if this process ends now, and after, because others have
  // written meanwhile.
  makeRoom(*folder, std::int64_t(bytes.size()));
  if (!folder->write(nameOf(entry.key.digest), bytes, error))
    warnOnce(error);
  makeRoom(*folder, 0);
}

void DiskCache::makeRoom(const Folder &folder, std::int64_t bytes) const {
  std::int64_t total = bytes;
  for (const FileFacts &file : newestFirst(folder)) {
    total += file.bytes;
    if (total > settings.bound)
      folder.remove(file.name);
  }
}

std::optional<Entry> DiskCache::nearest(const Key &key, const Location &site) {
  const std::optional<Folder> folder = open(false);
  if (!folder)
    return std::nullopt;
  std::optional<Entry> best;
  auto rank = [&](const Entry &entry) {
    const bool same = entry.site.file == site.file && entry.site.line == site.line &&
                      entry.site.column == site.column;
    return std::pair(!same, distance(entry.key, key));
  };
  std::vector<FileFacts> files = newestFirst(*folder);
  files.resize(std::min(files.size(), searched));
  for (const FileFacts &file : files) {
    std::string refusal;
    EntryHeader header{};
    std::optional<Entry> entry = read(*folder, file.name, refusal, header);
    if (entry && (!best || rank(*entry) < rank(*best)))
      best = std::move(entry);
  }
  return best;
}

std::vector<Listed>
DiskCache::list(const std::function<void(const std::string &, const std::string &)> &refused) {
  std::vector<Listed> all;
  const std::optional<Folder> folder = open(false);
  if (!folder)
    return all;
  for (const FileFacts &file : newestFirst(*folder)) {
    std::string refusal;
    EntryHeader header{};
    std::optional<Entry> entry = read(*folder, file.name, refusal, header);
    if (!entry) {
      if (!refusal.empty()) // else it is gone
        refused(file.name, refusal);
      continue;
    }
    // No checksum protects the number: one that nobody can have counted must not overflow a sum.
    const auto hits = static_cast<std::int64_t>(std::min(header.hits, mostHits));
    all.push_back(
        {file.name, std::move(*entry), hits, file.bytes, file.usedNanoseconds / 1'000'000'000});
  }
  return all;
}

std::int64_t DiskCache::clear() {
  const std::optional<Folder> folder = open(false);
  std::int64_t count = 0;
  if (!folder)
    return count;
  for (const FileFacts &file : folder->files(ending))
    count += folder->remove(file.name);
  folder->removeLeftovers();
  return count;
}

} // namespace deq
