// Calls of a prepared solve.
#include "Engine.h"

#include "Clauses.h"
#include "runtime/Solve.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

[[noreturn]] static void fail(Id id, const Location &site, std::string text) {
  Diagnostics diagnostics;
  diagnostics.setSource(site.file, "");
  diagnostics.report(id, {site.line, site.column}, std::move(text));
  throwErrors(diagnostics);
}

static Preparation preparationOf(const Options &options, const Location &site) {
  Preparation preparation;
  preparation.maxCompiles = options.max_compiles;
  if (options.compile_budget)
    preparation.budget = options.compile_budget->count();
  if (!(preparation.budget >= 0))
    fail(Id::option_range, site,
         fmt::format("expected a compile_budget of at least 0 ms, got {}", preparation.budget));
  if (options.tier.empty())
    return preparation;
  const auto found = std::find(std::begin(tierNames), std::end(tierNames), options.tier);
  if (found == std::end(tierNames))
    fail(Id::expected_word, site,
         fmt::format("expected 'full' or 'quick', got '{}'", options.tier));
  preparation.tier = static_cast<Tier>(found - std::begin(tierNames));
  return preparation;
}

Prepared::State::State(std::shared_ptr<Engine::State> engine, const Field &field, Options options,
                       const Location &site)
    : field(field), engine(std::move(engine)), preparation(preparationOf(options, site)) {
  request.clauses = clausesOf(options, site);
  auto add = [&](Observable::Kind kind, const std::vector<Expression> &list) {
    request.expressions[kind].insert(request.expressions[kind].end(), list.begin(), list.end());
  };
  add(Observable::saved, options.save.expressions);
  for (const auto &[name, plan] : options.plans)
    add(Observable::saved, plan.expressions);
  if (options.dt_limit)
    add(Observable::limit, {*options.dt_limit});
  for (const Stop &stop : options.stop)
    request.expressions[Observable::events].push_back(stop.what);
  for (auto &[name, shape] : options.shapes)
    request.shapes[name] = std::move(shape);
  for (const auto &[name, value] : options.statics)
    request.statics[name] = value;
  open = field.source().open(request);
  if (open.empty())
    fixed = std::make_shared<const Ready>(this->engine->ready(field, request, preparation));
}

std::shared_ptr<const Ready> Prepared::State::ready(const Call &call) const {
  if (fixed)
    return fixed;
  std::map<std::string, Shape> shapes = shapesOf(call, open);
  {
    const std::lock_guard lock(mutex);
    if (const auto known = byShapes.find(shapes); known != byShapes.end())
      return known->second;
  }
  // Outside of the lock: other shapes do not wait, and who is told of a compile may call the solve.
  // That one shape compiles once is the cache's to see to.
  FieldRequest complete = request;
  complete.shapes.insert(shapes.begin(), shapes.end());
  auto made = std::make_shared<const Ready>(engine->ready(field, complete, preparation));
  const std::lock_guard lock(mutex);
  return byShapes.emplace(std::move(shapes), std::move(made)).first->second;
}

Solution Prepared::operator()(const Call &call, Place at) const {
  const std::shared_ptr<const Ready> ready = shared->ready(call);
  Values values = ready->values;
  Beginning beginning = applyCall(call, *ready, at, values);
  SolveHooks hooks;
  hooks.from = beginning.from;
  if (call.stop.stop_possible())
    hooks.interrupted = [&] { return call.stop.stop_requested(); };
  Solution solution = solve(*ready->program, ready->signature, values, hooks);
  solution.restart_reason = std::move(beginning.restartReason);
  return solution;
}

const std::string &Prepared::name() const { return shared->field.name(); }

std::vector<Leaf> Prepared::state() const {
  return shared->fixed ? shared->fixed->signature.state : std::vector<Leaf>();
}

std::vector<Leaf> Prepared::arguments() const {
  std::vector<Leaf> leaves;
  if (shared->fixed)
    for (const Argument &argument : shared->fixed->signature.arguments)
      leaves.push_back(argument.leaf);
  return leaves;
}

std::vector<Diagnostic> Prepared::warnings() const {
  return shared->fixed ? shared->fixed->warnings : std::vector<Diagnostic>();
}

std::string Prepared::key() const { return shared->fixed ? shared->fixed->key : ""; }

} // namespace deq
