// Clauses and options to signature and values.
// What would decide the code goes to the signature, what the code takes as an argument to the
// values.
#include "LoadOptions.h"
#include "LoadControl.h"
#include "Names.h"

#include <fmt/format.h>
#include <set>

namespace deq {

namespace {

class OptionLoader {
public:
  OptionLoader(const ClauseChain &chain, const ValueScope &scope, const MethodTable &methods,
               const Overrides &overrides, Problem &problem, Observables &observables,
               Diagnostics &diagnostics)
      : chain(chain), solve(*chain.front()), methods(methods), overrides(overrides),
        signature(problem.signature), values(problem.values), method(problem.method),
        observables(observables), diagnostics(diagnostics), reader(scope, diagnostics),
        control(chain, scope, diagnostics) {}

  void run() {
    loadSpan();
    control.load(signature, values);
    control.loadLimit(signature, observables);
    loadMethod();
    loadSteps();
    loadWords();
    loadSave();
    loadClips(given(&SolveSyntax::stepAtKeyword).stepAt, values.step_at);
    loadClips(given(&SolveSyntax::jumpAtKeyword).jumpAt, values.jump_at);
    values.open_end = overrides.resumable;
    signature.clip |= overrides.resumable;
    applyNumbers(overrides, signature.control == "pid", values, diagnostics);
    checkAll();
  }

private:
  void fail(Id id, Position at, std::string text) { diagnostics.report(id, at, std::move(text)); }

  void loadSpan() {
    bool whole = overrides.from && overrides.to;
    if (solve.isPreset)
      return; // its solve has one
    const SolveSyntax &giver = given(&SolveSyntax::span);
    if (giver.span.text.empty() && !whole && !solve.broken && !solve.isHost)
      fail(Id::missing_span, solve.name.at,
           fmt::format("no span for solve '{}', expected 'span t0 to t1'", solve.name.text));
    spanKnown = whole;
    if (!giver.from || !giver.to)
      return;
    auto from = reader.number(*giver.from), to = reader.number(*giver.to);
    values.t0 = from.value_or(0);
    values.t1 = to.value_or(1);
    spanKnown = (from || overrides.from) && (to || overrides.to);
  }

  /// The first block of the chain that has a clause.
  const SolveSyntax &given(Name SolveSyntax::*clause) const {
    for (const SolveSyntax *block : chain)
      if (!(block->*clause).text.empty())
        return *block;
    return solve;
  }

  void loadMethod() {
    bool replaced = overrides.method.has_value();
    const SolveSyntax &giver = given(&SolveSyntax::method);
    const Name &word = giver.method;
    std::string name = replaced            ? *overrides.method
                       : word.text.empty() ? signature.method
                                           : word.text;
    Origin origin = replaced ? Origin{{}, "--method: "} : Origin{word.at, ""};
    std::optional<Method> found = giver.tableau && !replaced
                                      ? methods.find(*giver.tableau)
                                      : methods.find(name, origin, diagnostics);
    if (!found)
      return;
    signature.method = name;
    signature.error_order = control.errorOrder.value_or(found->controlOrder());
    signature.evaluations_per_step = found->evaluationsPerStep;
    signature.evaluations_per_row_step = found->evaluationsPerRowStep;
    signature.evaluations_at_start = found->evaluationsAtStart;
    bool chosen = !given(&SolveSyntax::control).control.text.empty() || !solve.isPreset;
    if (signature.control == "pid" && chosen && !found->adaptive())
      fail(Id::no_error_estimate, origin.at,
           fmt::format("{}method '{}' has no error estimate, pid control needs one; expected "
                       "'control constant(dt = ..)'",
                       origin.prefix, name));
    method = std::move(*found);
  }

  void loadSteps() {
    control.checkStep(overrides.dt.has_value());
    const ExprPtr &steps = given(&SolveSyntax::maxStepsKeyword).maxSteps;
    if (auto count = steps ? reader.count(*steps) : std::nullopt)
      values.max_steps = *count;
  }

  void loadWords() {
    bool single = overrides.dtype.has_value();
    const Name &type = given(&SolveSyntax::dtype).dtype;
    std::string text = single ? *overrides.dtype : type.text.empty() ? "f64" : type.text;
    std::optional<DType> dtype = dtypeOf(text);
    if (!dtype)
      fail(Id::expected_word, single ? Position{} : type.at,
           fmt::format("{}expected 'f64', 'f32' or 'f32(time = f64)', got '{}'",
                       single ? "--dtype: " : "", text));
    signature.dtype = dtype.value_or(DType::f64);

    bool replaced = overrides.stages.has_value();
    const Name &word = given(&SolveSyntax::stages).stages;
    std::string stages = replaced ? *overrides.stages : word.text.empty() ? "auto" : word.text;
    Origin origin = replaced ? Origin{{}, "--stages: "} : Origin{word.at, ""};
    if (stages != "auto" &&
        std::find(std::begin(emissions), std::end(emissions), stages) == std::end(emissions))
      fail(Id::expected_word, origin.at,
           fmt::format("{}expected 'auto', 'unroll', 'outline' or 'scan', got '{}'", origin.prefix,
                       stages));
    signature.stages = stages;
  }

  void loadSave() {
    if (overrides.save) {
      Origin origin{{}, "--save: "};
      if (auto syntax = parseSaveText(*overrides.save, origin.prefix, diagnostics)) {
        loadPlan(*syntax, origin, values.save, signature.saved);
        for (SavedItem &item : syntax->items) // the graph is still to be made of them
          observables.texts.push_back(std::move(item.value));
      }
    } else if (const SaveSyntax &save = given(&SolveSyntax::saveKeyword).save;
               !save.kind.text.empty()) {
      loadPlan(save, originOf(save), values.save, signature.saved);
    }
    std::set<std::string> known;
    for (const SolveSyntax *block : chain)
      for (const SaveSyntax &save : block->plans)
        if (known.insert(save.name.text).second) // a plan of the solve replaces that of its preset
          loadPlan(save, originOf(save), values.plans.emplace_back(),
                   signature.plans.emplace_back(NamedPlan{save.name.text, {}}).leaves);
    signature.save = structure(values);
  }

  static Origin originOf(const SaveSyntax &save) {
    return {save.value ? save.value->at : save.kind.at, ""};
  }

  void loadPlan(const SaveSyntax &save, const Origin &origin, SavePlan &plan,
                std::vector<std::int64_t> &leaves) {
    leaves = reader.savedItems(save, origin.prefix, signature, observables);
    auto read = reader.savePlan(save, origin.prefix);
    plan = read.value_or(SavePlan{});
    planOrigins.push_back(origin);
  }

  /// Times at which steps end, in either order; those outside of the span are of no effect, so that
  /// one list serves many spans, also backwards.
  void loadClips(const ExprPtr &expression, std::vector<double> &times) {
    if (!expression)
      return;
    signature.clip = true;
    auto list = reader.times(*expression);
    if (!list)
      return;
    times = std::move(*list);
    bool falling = times.size() > 1 && times[1] < times[0];
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!std::isfinite(times[i]))
        return fail(Id::step_times, expression->at,
                    fmt::format("expected finite times, got {}", withoutSign(times[i])));
      if (i > 0 && !(falling ? times[i] < times[i - 1] : times[i] > times[i - 1]))
        return fail(Id::step_times, expression->at,
                    fmt::format("expected strictly {} times, got {} after {}",
                                falling ? "decreasing" : "increasing", times[i], times[i - 1]));
    }
  }

  void checkAll() {
    Origin span{given(&SolveSyntax::span).span.at, ""};
    if (overrides.from || overrides.to)
      span = {{}, overrides.to ? "--to: " : "--from: "};
    if (spanKnown && checkSpan(values, span, diagnostics)) {
      std::size_t named = planOrigins.size() - values.plans.size(); // the main one may be left out
      if (named == 1)
        checkPlan(values.save, values, planOrigins[0], diagnostics);
      for (std::size_t i = 0; i < values.plans.size(); ++i)
        checkPlan(values.plans[i], values, planOrigins[named + i], diagnostics);
    }
    // The span of a host is that of each call.
    control.check(overrides, spanKnown && !overrides.host, signature, values);
  }

  const ClauseChain &chain;
  const SolveSyntax &solve;
  const MethodTable &methods;
  const Overrides &overrides;
  Signature &signature;
  Values &values;
  Method &method;
  Observables &observables;
  Diagnostics &diagnostics;
  ValueReader reader;
  ControlLoader control;
  std::vector<Origin> planOrigins; ///< of the main plan, if it is given, and the named ones
  bool spanKnown = false;
};

} // namespace

void loadOptions(const ClauseChain &chain, const ValueScope &scope, const MethodTable &methods,
                 const Overrides &overrides, Problem &problem, Observables &observables,
                 Diagnostics &diagnostics) {
  OptionLoader(chain, scope, methods, overrides, problem, observables, diagnostics).run();
}

} // namespace deq
