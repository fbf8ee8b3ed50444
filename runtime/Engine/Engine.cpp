// From a field and its options to a solve that can be called: its problem, its program.
// What an engine is beyond that: who is told of compiles.
#include "Engine.h"

#include "Clauses.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace deq {

/// Whether the environment asks for a kind of messages on standard error.
static bool logs(std::string_view kind) {
  const char *kinds = std::getenv("DEQ_LOG");
  return kinds && std::string_view(kinds).find(kind) != std::string_view::npos;
}

/// What a host leaves out is the user's to say.
static DiskSettings diskOf(const EngineSettings &settings) {
  DiskSettings disk = defaultDiskSettings([&](const std::string &warning) {
    if (!settings.cache_dir)
      warnOnStandardError(warning);
  });
  disk.folder = settings.cache_dir.value_or(disk.folder);
  disk.bound = settings.cache_bytes.value_or(disk.bound);
  return disk;
}

Engine::State::State(const EngineSettings &settings)
    : programs({settings.capacity, diskOf(settings)}), interpret(settings.interpret),
      logsLines(logs("compile")), logsJson(logs("json")) {}

namespace {

Artifact compileProblem(const Problem &problem, const CompileOptions &options) {
  Diagnostics diagnostics;
  diagnostics.setSource(problem.files.empty() ? "" : problem.files.front(), "");
  for (std::size_t i = 1; i < problem.files.size(); ++i)
    diagnostics.addSource(problem.files[i], "");
  auto artifact = compile(problem, options, diagnostics);
  if (!artifact)
    throwErrors(diagnostics);
  return std::move(*artifact);
}

} // namespace

Ready Engine::State::ready(const Field &field, const FieldRequest &request,
                           const Preparation &preparation) {
  Programs::Request asked{{}, request.clauses.site, preparation.maxCompiles};
  asked.options.backend = interpret ? Backend::interp : Backend::native;
  asked.options.tier = preparation.tier;
  asked.options.budget = preparation.budget;
  Ready ready;
  Problem problem = field.source().problem(request, ready.warnings);
  const MemoryCache::Made made = programs.get(problem, asked, [&](const Problem &canonical) {
    return compileProblem(canonical, asked.options);
  });
  if (made.report.cache == CacheLevel::miss)
    report(made.report);
  ready.signature = std::move(problem.signature);
  ready.values = std::move(problem.values);
  ready.program = made.compiled.program;
  ready.key = made.report.key;
  ready.declared = field.source().declared(ready.signature);
  ready.needsEnd = !field.source().mayHaveSpan();
  return ready;
}

void Engine::State::onCompile(std::function<void(const CompileReport &)> function) {
  const std::lock_guard lock(mutex);
  listener = std::move(function);
}

void Engine::State::report(const CompileReport &report) const {
  if (logsLines)
    std::fprintf(stderr, "%s\n", report.line().c_str());
  if (logsJson)
    std::fprintf(stderr, "%s\n", report.json().c_str());
  std::function<void(const CompileReport &)> function;
  {
    const std::lock_guard lock(mutex);
    function = listener;
  }
  if (function) // outside of the lock: it may ask the engine
    function(report);
}

Engine::Engine(EngineSettings settings) : shared(std::make_shared<State>(settings)) {}

Prepared Engine::prepare(const Field &field, Options options, Place at) {
  return Prepared(
      std::make_shared<Prepared::State>(shared, field, std::move(options), locationOf(at)));
}

void Engine::on_compile(std::function<void(const CompileReport &)> function) {
  shared->onCompile(std::move(function));
}

EngineStats Engine::stats() const { return shared->programs.memory.stats(); }
void Engine::clear() { shared->programs.memory.clear(); }

} // namespace deq
