// Looks up, waits, compiles outside of the lock, and explains.
#include "MemoryCache.h"

#include "runtime/Trace/ApiError.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

namespace {
constexpr std::size_t keysPerSite = 16;
constexpr std::size_t mostSites = 4096; ///< remembered; a host that generates places forgets them
} // namespace

std::string MemoryCache::nameOf(const Location &site) {
  return fmt::format("{}:{}:{}", site.file, site.line, site.column);
}

std::string MemoryCache::reasonFor(const Asked &asked, const Site &site) const {
  if (site.keys.empty())
    return site.compiles == 0 ? "" : "forgotten since";
  const auto nearest =
      std::min_element(site.keys.rbegin(), site.keys.rend(), [&](const Key &a, const Key &b) {
        return distance(a, asked.key) < distance(b, asked.key);
      });
  if (nearest->digest == asked.key.digest)
    return fmt::format("evicted, more than {} programs were in use since", capacity);
  return difference(*nearest, asked.key);
}

void MemoryCache::remember(Site &site, const Key &key) {
  std::erase_if(site.keys, [&](const Key &known) { return known.digest == key.digest; });
  if (site.keys.size() == keysPerSite)
    site.keys.erase(site.keys.begin());
  site.keys.push_back(key);
}

void MemoryCache::countCompile(const Asked &asked, const std::string &reason) {
  const std::lock_guard lock(mutex);
  Site &site = sites[nameOf(asked.site)];
  if (asked.maxCompiles > 0 && site.compiles >= asked.maxCompiles)
    throwError(ApiId::compile_limit, asked.site,
               fmt::format("expected at most {} compiles here, got another one of '{}': {}",
                           asked.maxCompiles, asked.field, reason));
  ++site.compiles;
  ++counts.compiled;
}

void MemoryCache::evict() {
  while (entries.size() > capacity) {
    entries.erase(recent.back());
    recent.pop_back();
    ++counts.evicted;
  }
}

MemoryCache::Made MemoryCache::make(const Asked &asked, Source &source, std::string reason) {
  if (std::optional<Made> found = source.load()) {
    const std::lock_guard lock(mutex);
    ++counts.loaded;
    return std::move(*found);
  }
  reason = source.reason(std::move(reason));
  countCompile(asked, reason);
  Made made = source.compile();
  made.report.field = asked.field;
  made.report.reason = std::move(reason);
  made.report.site = asked.site;
  made.report.key = asked.key.digest.text();
  return made;
}

MemoryCache::Made MemoryCache::get(const Asked &asked, Source &source) {
  const Digest &digest = asked.key.digest;
  std::promise<Compiled> promise;
  std::string reason;
  {
    std::unique_lock lock(mutex);
    ++counts.prepared;
    if (sites.size() > mostSites)
      sites.clear();
    Site &site = sites[nameOf(asked.site)];
    if (auto found = entries.find(digest); found != entries.end()) {
      ++counts.hits;
      recent.splice(recent.begin(), recent, found->second.place);
      remember(site, asked.key);
      const std::shared_future<Compiled> result = found->second.result;
      lock.unlock();
      Made hit{result.get(), {}};
      hit.report.cache = CacheLevel::memory;
      return hit;
    }
    reason = reasonFor(asked, site);
    remember(site, asked.key);
    recent.push_front(digest);
    entries.emplace(digest, Entry{promise.get_future().share(), recent.begin()});
    evict();
  }
  try {
    Made made = make(asked, source, std::move(reason));
    promise.set_value(made.compiled);
    return made;
  } catch (...) {
    forget(digest); // the next one who asks tries again
    promise.set_exception(std::current_exception());
    throw;
  }
}

void MemoryCache::forget(const Digest &digest) {
  const std::lock_guard lock(mutex);
  if (auto found = entries.find(digest); found != entries.end()) {
    recent.erase(found->second.place);
    entries.erase(found);
  }
}

EngineStats MemoryCache::stats() const {
  const std::lock_guard lock(mutex);
  EngineStats result = counts;
  result.entries = entries.size();
  return result;
}

void MemoryCache::clear() {
  const std::lock_guard lock(mutex);
  entries.clear();
  recent.clear();
  sites.clear();
}

} // namespace deq
