// From a field and its options to a program: problem, canonical form, key, cache, compiler.
// Names stay with the preparation; what is shared has none.
#include "Engine.h"

#include "Clauses.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace deq {

Engine::State::State(const EngineSettings &settings)
    : cache(settings.capacity), interpret(settings.interpret), logs([] {
        const char *topics = std::getenv("DEQ_LOG");
        return topics && std::string_view(topics).find("compile") != std::string_view::npos;
      }()) {}

namespace {

/// Puts the problem into canonical form, its literals with it.
CanonicalGraph canonicalize(Problem &problem) {
  CanonicalGraph form = canonical(problem.field);
  std::vector<double> literals;
  for (std::int64_t number : form.literals)
    literals.push_back(problem.values.literals[number]);
  problem.values.literals = std::move(literals);
  problem.signature.literals = static_cast<std::int64_t>(form.literals.size());
  return form;
}

Cache::Made compileProblem(const Problem &problem, const CompileOptions &options) {
  Diagnostics diagnostics;
  diagnostics.setSource(problem.files.empty() ? "" : problem.files.front(), "");
  for (std::size_t i = 1; i < problem.files.size(); ++i)
    diagnostics.addSource(problem.files[i], "");
  auto artifact = compile(problem, options, diagnostics);
  if (!artifact)
    throwErrors(diagnostics);
  const Signature &signature = artifact->signature;
  return {{artifact->program, signature.stages, signature.identity, signature.workspace_slots},
          std::move(artifact->report)};
}

} // namespace

Ready Engine::State::ready(const Field &field, const FieldRequest &request,
                           const Preparation &preparation) {
  CompileOptions options;
  options.backend = interpret ? Backend::interp : Backend::native;
  options.tier = preparation.tier;
  Ready ready;
  Problem problem = field.source().problem(request, ready.warnings);
  CanonicalGraph form = canonicalize(problem);
  Key key = makeKey(problem, form, options);
  problem.field = std::move(form.graph);
  ready.key = key.digest.text();
  const Compiled compiled = cache.get(
      {std::move(key), problem.signature, request.clauses.site, preparation.maxCompiles},
      [&] { return compileProblem(problem, options); },
      [&](const CompileReport &made) { report(made); });
  ready.signature = std::move(problem.signature);
  ready.signature.stages = compiled.stages;
  ready.signature.identity = compiled.identity;
  ready.signature.workspace_slots = compiled.workspaceSlots;
  ready.values = std::move(problem.values);
  ready.program = compiled.program;
  ready.declared = field.source().declared(ready.signature);
  ready.needsEnd = !field.source().mayHaveSpan();
  return ready;
}

void Engine::State::onCompile(std::function<void(const CompileReport &)> function) {
  const std::lock_guard lock(mutex);
  listener = std::move(function);
}

void Engine::State::report(const CompileReport &report) const {
  if (logs)
    std::fprintf(stderr, "%s\n", report.line().c_str());
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

EngineStats Engine::stats() const { return shared->cache.stats(); }
void Engine::clear() { shared->cache.clear(); }

} // namespace deq
