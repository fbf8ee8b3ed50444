// Asks one cache after the other.
#include "Programs.h"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>

namespace deq {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string placeOf(const Location &site) {
  return site.line > 0 ? fmt::format("{}:{}", site.file, site.line) : site.file;
}

constexpr const char *firstCompile = "first compile here";

/// Why a key is not found on disk; `refusal` of what is there in its place.
std::string reasonOf(DiskCache &disk, const Key &key, const Location &site,
                     const std::string &refusal) {
  if (!refusal.empty())
    return "what the cache has is refused: " + refusal;
  const std::optional<Entry> nearest = disk.nearest(key, site);
  if (!nearest)
    return firstCompile;
  const std::string text = difference(nearest->key, key);
  if (text.empty())
    return "compiled by two processes at once";
  if (nearest->site.file == site.file && nearest->site.line == site.line)
    return text;
  return fmt::format("{}; '{}' of {} differs: {}", firstCompile, nearest->field,
                     placeOf(nearest->site), text);
}

/// One key that memory does not have.
class Search : public MemoryCache::Source {
public:
  Search(DiskCache &disk, const Key &key, const Problem &problem, const Programs::Request &request,
         const Programs::Compile &build)
      : disk(disk), key(key), problem(problem), request(request), build(build),
        usesDisk(disk.enabled() && request.options.backend == Backend::native) {}

  std::optional<MemoryCache::Made> load() override {
    if (!usesDisk)
      return std::nullopt;
    const Clock::time_point start = Clock::now();
    std::optional<Entry> entry = disk.find(key, refusal);
    if (!entry)
      return std::nullopt;
    if (request.options.countWork && !entry->step) {
      refusal = "it does not say what a step's work is";
      return std::nullopt;
    }
    auto program = loadProgram(entry->image, refusal);
    if (!program)
      return std::nullopt;
    MemoryCache::Made made{
        {std::move(program), entry->stages, entry->identity, entry->workspaceSlots}, {}};
    made.report.cache = CacheLevel::disk;
    made.report.codeBytes = static_cast<std::int64_t>(entry->image.bytes.size());
    made.report.step = entry->step;
    made.report.emission = {entry->stages, entry->emissionReason, {}};
    made.report.savedMs = entry->ms;
    made.report.ms = millisecondsSince(start);
    made.report.phases = {{"disk", made.report.ms}};
    return made;
  }

  MemoryCache::Made compile() override {
    Artifact artifact = build(problem);
    const Signature &signature = artifact.signature;
    image = std::move(artifact.image);
    return {{std::move(artifact.program), signature.stages, signature.identity,
             signature.workspace_slots},
            std::move(artifact.report)};
  }

  std::string reason(std::string here) override {
    if (!here.empty() && refusal.empty())
      return here;
    return usesDisk ? reasonOf(disk, key, request.site, refusal) : firstCompile;
  }

  /// Keeps on disk what was compiled.
  void keep(const MemoryCache::Made &made) const {
    if (!usesDisk || !image)
      return;
    Entry entry;
    entry.key = key;
    entry.field = problem.signature.field;
    entry.site = request.site;
    entry.stages = made.compiled.stages;
    entry.identity = made.compiled.identity;
    entry.workspaceSlots = made.compiled.workspaceSlots;
    entry.emissionReason = made.report.emission.reason;
    entry.step = made.report.step;
    entry.ms = made.report.ms;
    entry.created = std::chrono::duration_cast<std::chrono::seconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
    entry.image = *image;
    disk.store(entry);
  }

private:
  DiskCache &disk;
  const Key &key;
  const Problem &problem;
  const Programs::Request &request;
  const Programs::Compile &build;
  const bool usesDisk;
  std::string refusal;
  std::shared_ptr<const Image> image;
};

} // namespace

void warnOnStandardError(const std::string &text) {
  std::fprintf(stderr, "deq: warning: %s\n", text.c_str());
}

CanonicalGraph canonicalize(Problem &problem) {
  CanonicalGraph form = canonical(problem.field);
  std::vector<double> literals;
  for (std::int64_t number : form.literals)
    literals.push_back(problem.values.literals[number]);
  problem.values.literals = std::move(literals);
  problem.signature.literals = static_cast<std::int64_t>(form.literals.size());
  return form;
}

Answer explain(DiskCache &disk, const Key &key, const Location &site) {
  std::string refusal;
  if (disk.find(key, refusal, false))
    return {true, ""};
  return {false, disk.enabled() ? reasonOf(disk, key, site, refusal) : "there is no cache folder"};
}

Programs::Programs(Settings settings)
    : memory(settings.capacity),
      disk(std::move(settings.disk), settings.warn ? settings.warn : warnOnStandardError) {}

MemoryCache::Made Programs::get(Problem &problem, const Request &request, const Compile &compile) {
  CanonicalGraph form = canonicalize(problem);
  const Key key = makeKey(problem, form, request.options);
  problem.field = std::move(form.graph);
  Search search(disk, key, problem, request, compile);
  MemoryCache::Made made =
      memory.get({key, problem.signature.field, request.site, request.maxCompiles}, search);
  if (made.report.cache == CacheLevel::miss)
    search.keep(made);
  made.report.key = key.digest.text();
  problem.signature.stages = made.compiled.stages;
  problem.signature.identity = made.compiled.identity;
  problem.signature.workspace_slots = made.compiled.workspaceSlots;
  return made;
}

} // namespace deq
