// Looks up, waits, compiles outside of the lock, and explains.
#include "Cache.h"

#include "runtime/Trace/ApiError.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

namespace {
constexpr std::size_t keysPerSite = 16;
constexpr std::size_t mostSites = 4096; ///< remembered; a host that generates places forgets them
} // namespace

std::string Cache::nameOf(const Location &site) {
  return fmt::format("{}:{}:{}", site.file, site.line, site.column);
}

std::string Cache::reasonFor(const Asked &asked, const Site &site) const {
  if (site.keys.empty())
    return site.compiles == 0 ? "first compile here" : "forgotten since";
  const auto nearest =
      std::min_element(site.keys.rbegin(), site.keys.rend(), [&](const Key &a, const Key &b) {
        return distance(a, asked.key) < distance(b, asked.key);
      });
  if (nearest->digest == asked.key.digest)
    return fmt::format("evicted, more than {} programs were in use since", capacity);
  return difference(*nearest, asked.key, asked.signature);
}

void Cache::remember(Site &site, const Key &key) {
  std::erase_if(site.keys, [&](const Key &known) { return known.digest == key.digest; });
  if (site.keys.size() == keysPerSite)
    site.keys.erase(site.keys.begin());
  site.keys.push_back(key);
}

void Cache::limit(const Asked &asked, const Site &site, const std::string &reason) const {
  if (asked.maxCompiles > 0 && site.compiles >= asked.maxCompiles)
    throwError(ApiId::compile_limit, asked.site,
               fmt::format("expected at most {} compiles here, got another one of '{}': {}",
                           asked.maxCompiles, asked.signature.field, reason));
}

void Cache::evict() {
  while (entries.size() > capacity) {
    entries.erase(recent.back());
    recent.pop_back();
    ++counts.evicted;
  }
}

Compiled Cache::get(const Asked &asked, const Compile &compile,
                    const std::function<void(const CompileReport &)> &compiled) {
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
      return result.get();
    }
    reason = reasonFor(asked, site);
    limit(asked, site, reason);
    remember(site, asked.key);
    ++site.compiles;
    ++counts.compiled;
    recent.push_front(digest);
    entries.emplace(digest, Entry{promise.get_future().share(), recent.begin()});
    evict();
  }
  std::optional<Made> made;
  try {
    made = compile();
  } catch (...) {
    forget(digest); // the next one who asks tries again
    promise.set_exception(std::current_exception());
    throw;
  }
  promise.set_value(made->compiled);
  made->report.field = asked.signature.field;
  made->report.reason = std::move(reason);
  made->report.site = asked.site;
  made->report.key = digest.text();
  compiled(made->report);
  return made->compiled;
}

void Cache::forget(const Digest &digest) {
  const std::lock_guard lock(mutex);
  if (auto found = entries.find(digest); found != entries.end()) {
    recent.erase(found->second.place);
    entries.erase(found);
  }
}

EngineStats Cache::stats() const {
  const std::lock_guard lock(mutex);
  EngineStats result = counts;
  result.entries = entries.size();
  return result;
}

void Cache::clear() {
  const std::lock_guard lock(mutex);
  entries.clear();
  recent.clear();
  sites.clear();
}

} // namespace deq
