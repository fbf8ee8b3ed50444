// One clause per option that was given; what they mean is checked where clauses are read.
#include "Clauses.h"

#include "runtime/Trace/ApiError.h"

namespace deq {

namespace {

HostTableau tableauOf(const ButcherTableau &from) {
  HostTableau to;
  to.name = from.name;
  to.order = from.order;
  to.error_order = from.error_order;
  to.interpolant_order = from.interpolant_order;
  to.a = from.a;
  to.b = from.b;
  to.c = from.c;
  to.e = from.e;
  to.bhat = from.bhat;
  to.interpolant = from.interpolant;
  return to;
}

std::vector<HostOption> optionsOf(const Pid &pid) {
  std::vector<HostOption> list;
  auto number = [&](const char *name, const auto &value) {
    if (value)
      list.push_back({name, static_cast<double>(*value), "", {}});
  };
  number("rtol", pid.rtol);
  if (pid.leaf_atol.empty())
    number("atol", pid.atol);
  else
    list.push_back({"atol", 0, "", pid.leaf_atol});
  number("pcoeff", pid.pcoeff);
  number("icoeff", pid.icoeff);
  number("dcoeff", pid.dcoeff);
  number("safety", pid.safety);
  number("factor_min", pid.factor_min);
  number("factor_max", pid.factor_max);
  number("dt_min", pid.dt_min);
  number("dt_max", pid.dt_max);
  number("error_order", pid.error_order);
  if (!pid.norm.empty())
    list.push_back({"norm", 0, pid.norm, {}});
  if (pid.force_dt_min)
    list.push_back({"force_dt_min", 0, *pid.force_dt_min ? "true" : "false", {}});
  if (!pid.weights.empty())
    list.push_back({"weights", 0, "", pid.weights});
  return list;
}

HostSave saveOf(const std::string &name, const Save &from) {
  HostSave save{name, from.kind, from.values, from.leaves, {}};
  const bool something = !name.empty() || !from.leaves.empty() || !from.expressions.empty();
  if (save.kind.empty() && something)
    save.kind = "end";
  for (const Expression &saved : from.expressions)
    save.expressions.push_back({saved.name, locationOf(saved.at)});
  return save;
}

} // namespace

HostClauses clausesOf(const Options &options, const Location &site) {
  HostClauses clauses;
  clauses.site = site;
  clauses.preset = options.preset;
  clauses.method = options.method.name;
  if (options.method.tableau)
    clauses.tableau = tableauOf(*options.method.tableau);
  clauses.control = options.control.kind;
  clauses.dtype = options.dtype;
  clauses.stages = options.stages;
  clauses.options = optionsOf(options.control.options);
  if (options.control.dt)
    clauses.options.push_back({"dt", *options.control.dt, "", {}});
  if (options.control.kind == "step_to")
    clauses.stepTo = options.control.times;
  clauses.dt = options.dt;
  if (options.dt_limit)
    clauses.limit = {"dt <=", locationOf(options.dt_limit->at)};
  if (options.max_steps)
    clauses.maxSteps = static_cast<double>(*options.max_steps);
  clauses.save = saveOf("", options.save);
  for (const auto &[name, plan] : options.plans)
    clauses.plans.push_back(saveOf(name, plan));
  for (const Stop &stop : options.stop)
    clauses.events.push_back({{stop.what.name, locationOf(stop.what.at)},
                              stop.options.direction,
                              stop.options.tolerance});
  if (!options.step_at.empty())
    clauses.stepAt = options.step_at;
  if (!options.jump_at.empty())
    clauses.jumpAt = options.jump_at;
  clauses.resumable = options.resumable;
  return clauses;
}

} // namespace deq
