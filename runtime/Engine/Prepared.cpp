// Calls of a prepared solve.
#include "Engine.h"

#include "Clauses.h"
#include "runtime/Solve.h"

#include <fmt/format.h>

namespace deq {

Prepared::State::State(std::shared_ptr<Engine::State> engine, const Field &field, Options options,
                       const Location &site)
    : field(field), engine(std::move(engine)), maxCompiles(options.max_compiles) {
  request.clauses = clausesOf(options, site);
  for (auto &[name, shape] : options.shapes)
    request.shapes[name] = std::move(shape);
  for (const auto &[name, value] : options.statics)
    request.statics[name] = value;
  open = field.source().open(request);
  if (open.empty())
    fixed = std::make_shared<const Ready>(this->engine->ready(field, request, maxCompiles));
}

std::shared_ptr<const Ready> Prepared::State::ready(const Call &call) const {
  if (fixed)
    return fixed;
  std::map<std::string, Shape> shapes = shapesOf(call, open);
  const std::lock_guard lock(mutex);
  std::shared_ptr<const Ready> &known = byShapes[shapes];
  if (!known) {
    FieldRequest complete = request;
    complete.shapes.insert(shapes.begin(), shapes.end());
    known = std::make_shared<const Ready>(engine->ready(field, complete, maxCompiles));
  }
  return known;
}

Solution Prepared::operator()(const Call &call, Place at) const {
  const std::shared_ptr<const Ready> ready = shared->ready(call);
  Values values = ready->values;
  applyCall(call, *ready, locationOf(at), values);
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

std::string Prepared::key() const { return shared->fixed ? shared->fixed->key : ""; }

} // namespace deq
