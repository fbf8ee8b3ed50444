// Calls of a prepared solve.
#include "Engine.h"

#include "Clauses.h"
#include "runtime/Solve.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

static Tier tierOf(const std::string &name, const Location &site) {
  if (name.empty())
    return Tier::full;
  const auto found = std::find(std::begin(tierNames), std::end(tierNames), name);
  if (found == std::end(tierNames)) {
    Diagnostics diagnostics;
    diagnostics.setSource(site.file, "");
    diagnostics.report(Id::expected_word, {site.line, site.column},
                       fmt::format("expected 'full' or 'quick', got '{}'", name));
    throwErrors(diagnostics);
  }
  return static_cast<Tier>(found - std::begin(tierNames));
}

Prepared::State::State(std::shared_ptr<Engine::State> engine, const Field &field, Options options,
                       const Location &site)
    : field(field),
      engine(std::move(engine)), preparation{tierOf(options.tier, site), options.max_compiles} {
  request.clauses = clausesOf(options, site);
  request.expressions[Observable::saved] = options.save.expressions;
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
  applyCall(call, *ready, at, values);
  return solve(*ready->program, ready->signature, values);
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
