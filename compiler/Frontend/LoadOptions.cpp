// Clauses and options to signature and values.
// What would decide the code goes to the signature, what the code takes as an argument to the
// values.
#include "LoadOptions.h"
#include "../Methods/Tableau.h"
#include "Names.h"

#include <fmt/format.h>

namespace deq {

namespace {

/// Options of pid(..) that are numbers.
struct PidRow {
  const char *name;
  double PidOptions::*member;
};
constexpr PidRow pidRows[] = {
    {"rtol", &PidOptions::rtol},
    {"atol", &PidOptions::atol},
    {"pcoeff", &PidOptions::pcoeff},
    {"icoeff", &PidOptions::icoeff},
    {"dcoeff", &PidOptions::dcoeff},
    {"safety", &PidOptions::safety},
    {"factor_min", &PidOptions::factor_min},
    {"factor_max", &PidOptions::factor_max},
    {"dt_min", &PidOptions::dt_min},
    {"dt_max", &PidOptions::dt_max},
};

class OptionLoader {
public:
  OptionLoader(const SolveSyntax &solve, const ValueScope &scope, const Overrides &overrides,
               Signature &signature, Values &values, Diagnostics &diagnostics)
      : solve(solve), overrides(overrides), signature(signature), values(values),
        diagnostics(diagnostics), reader(scope, diagnostics) {}

  void run() {
    for (const Name &clause : solve.unsupported)
      fail(clause.at, fmt::format("'{}' is not supported yet", clause.text));
    loadSpan();
    loadControl();
    loadMethod();
    loadSteps();
    loadWords();
    loadSave();
    loadClips(solve.stepAt, values.step_at);
    loadClips(solve.jumpAt, values.jump_at);
    applyNumbers(overrides, signature.control == "pid", values, diagnostics);
    checkAll();
  }

private:
  void fail(Position at, std::string text) { diagnostics.error(at, std::move(text)); }

  void loadSpan() {
    bool whole = overrides.from && overrides.to;
    if (solve.span.text.empty() && !whole && !solve.broken)
      fail(solve.name.at,
           fmt::format("no span for solve '{}', expected 'span t0 to t1'", solve.name.text));
    spanKnown = whole;
    if (!solve.from || !solve.to)
      return;
    auto from = reader.number(*solve.from), to = reader.number(*solve.to);
    values.t0 = from.value_or(0);
    values.t1 = to.value_or(1);
    spanKnown = (from || overrides.from) && (to || overrides.to);
  }

  void loadControl() {
    std::string control = solve.control.text.empty() ? "pid" : solve.control.text;
    signature.control = control;
    if (control != "pid" && control != "constant") {
      fail(solve.control.at, fmt::format("expected 'pid' or 'constant', got '{}'{}", control,
                                         suggestion(control, {"pid", "constant"})));
      signature.control = "pid"; // the default, to go on with
      return;
    }
    std::map<std::string, Position> seen;
    for (const Binding &option : solve.options) {
      auto [first, fresh] = seen.try_emplace(option.name.text, option.name.at);
      if (!fresh) {
        Diagnostic &error =
            diagnostics.error(option.name.at, fmt::format("'{}' is given twice", option.name.text));
        diagnostics.note(error, first->second, "first given here");
      } else if (control == "pid") {
        loadPidOption(option);
      } else {
        loadConstantOption(option);
      }
    }
  }

  void loadPidOption(const Binding &option) {
    const std::string &name = option.name.text;
    std::vector<std::string> known = {"norm", "force_dt_min"};
    for (const PidRow &row : pidRows) {
      known.push_back(row.name);
      if (name == row.name) {
        if (auto value = reader.number(*option.value))
          values.pid.*row.member = *value;
        else
          pidKnown = false;
        return;
      }
    }
    std::string word = option.value->form == Form::name ? option.value->name : "";
    if (name == "norm")
      return loadNorm(word, option.value->at);
    if (name == "error_order")
      return loadErrorOrder(option);
    if (name != "force_dt_min")
      fail(option.name.at,
           fmt::format("'pid' has no option '{}'{}", name, suggestion(name, known)));
    else if (word != "true" && word != "false")
      fail(option.value->at, "expected 'true' or 'false'");
    else
      values.pid.force_dt_min = word == "true";
  }

  /// The order that the error's exponent is made of; the method's own unless given.
  void loadErrorOrder(const Binding &option) {
    if (auto order = reader.number(*option.value)) {
      if (*order >= 1 && *order <= 1000 && *order == std::floor(*order))
        errorOrder = static_cast<int>(*order);
      else
        fail(option.value->at, fmt::format("expected an order from 1 to 1000, got {}", *order));
    }
  }

  void loadNorm(const std::string &word, Position at) {
    if (word == "max" || word == "rms")
      signature.norm = word;
    else
      fail(at, word.empty() ? "expected 'rms' or 'max'"
                            : fmt::format("expected 'rms' or 'max', got '{}'", word));
  }

  void loadConstantOption(const Binding &option) {
    if (option.name.text != "dt") {
      fail(option.name.at, fmt::format("'constant' has no option '{}'", option.name.text));
      return;
    }
    if (!solve.dtKeyword.text.empty()) {
      Diagnostic &error = diagnostics.error(option.name.at, "'dt' is given twice");
      diagnostics.note(error, solve.dtKeyword.at, "first given here");
    }
    loadDt(*option.value);
  }

  void loadDt(const Expr &expression) {
    dtGiven = true;
    auto dt = reader.number(expression);
    if (dt && *dt <= 0)
      fail(expression.at, fmt::format("expected a step above 0, got {}", *dt));
    values.dt = dt.value_or(0);
  }

  void loadMethod() {
    bool replaced = overrides.method.has_value();
    std::string name = replaced                    ? *overrides.method
                       : solve.method.text.empty() ? signature.method
                                                   : solve.method.text;
    Origin origin = replaced ? Origin{{}, "--method: "} : Origin{solve.method.at, ""};
    const Tableau *tableau = findMethod(name);
    if (!tableau) {
      std::vector<std::string> known;
      for (const Tableau &method : methods())
        known.push_back(method.name);
      fail(origin.at,
           fmt::format("{}unknown method '{}'{}", origin.prefix, name, suggestion(name, known)));
      return;
    }
    signature.method = name;
    signature.error_order = errorOrder.value_or(tableau->order);
    signature.evaluations_per_step = tableau->stages() - tableau->fsal();
    signature.evaluations_at_start = tableau->fsal();
    if (signature.control == "pid" && !tableau->adaptive())
      fail(origin.at,
           fmt::format("{}method '{}' has no error estimate, pid control needs one; expected "
                       "'control constant(dt = ..)'",
                       origin.prefix, name));
  }

  void loadSteps() {
    if (solve.dt)
      loadDt(*solve.dt);
    if (signature.control == "constant" && !dtGiven && !overrides.dt && !solve.broken)
      fail(solve.control.at, "constant control needs a step, expected 'constant(dt = ..)'");
    if (!solve.maxSteps)
      return;
    if (auto steps = reader.count(*solve.maxSteps))
      values.max_steps = *steps;
  }

  void loadWords() {
    bool single = overrides.dtype.has_value();
    std::string dtype = single                     ? *overrides.dtype
                        : solve.dtype.text.empty() ? "f64"
                                                   : solve.dtype.text;
    if (dtype != "f64" && dtype != "f32")
      fail(single ? Position{} : solve.dtype.at,
           fmt::format("{}expected 'f64' or 'f32', got '{}'", single ? "--dtype: " : "", dtype));
    signature.dtype = dtype == "f32" ? DType::f32 : DType::f64;

    bool replaced = overrides.stages.has_value();
    std::string stages = replaced                    ? *overrides.stages
                         : solve.stages.text.empty() ? "auto"
                                                     : solve.stages.text;
    Origin origin = replaced ? Origin{{}, "--stages: "} : Origin{solve.stages.at, ""};
    if (stages == "outline")
      fail(origin.at, origin.prefix + "'stages outline' is not supported yet");
    else if (stages != "auto" && stages != "unroll" && stages != "scan")
      fail(origin.at,
           fmt::format("{}expected 'auto', 'unroll' or 'scan', got '{}'", origin.prefix, stages));
    signature.stages = stages;
  }

  void loadSave() {
    std::optional<SavePlan> plan;
    if (overrides.save) {
      saveOrigin.prefix = "--save: ";
      auto syntax = parseSaveText(*overrides.save, saveOrigin.prefix, diagnostics);
      plan = syntax ? reader.savePlan(*syntax, saveOrigin.prefix) : std::nullopt;
    } else if (!solve.save.kind.text.empty()) {
      saveOrigin.at = solve.save.value ? solve.save.value->at : solve.save.kind.at;
      plan = reader.savePlan(solve.save);
    } else {
      plan = SavePlan{};
    }
    values.save = plan.value_or(SavePlan{});
    signature.save = structure(values.save.kind);
  }

  /// Times at which steps end; those outside of the span are of no effect, so that one list serves
  /// many spans.
  void loadClips(const ExprPtr &expression, std::vector<double> &times) {
    if (!expression)
      return;
    signature.clip = true;
    auto list = reader.times(*expression);
    if (!list)
      return;
    times = std::move(*list);
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!std::isfinite(times[i]))
        return fail(expression->at,
                    fmt::format("expected finite times, got {}", withoutSign(times[i])));
      if (i > 0 && !(times[i] > times[i - 1]))
        return fail(expression->at, fmt::format("expected strictly increasing times, got {} after "
                                                "{}",
                                                times[i], times[i - 1]));
    }
  }

  void checkAll() {
    Origin span{solve.span.at, ""};
    if (overrides.from || overrides.to)
      span = {{}, overrides.to ? "--to: " : "--from: "};
    if (spanKnown)
      checkTimes(values, span, saveOrigin, diagnostics);
    Origin pid{solve.control.at, ""};
    if (overrides.rtol || overrides.atol)
      pid = {{}, overrides.rtol ? "--rtol: " : "--atol: "};
    if (signature.control == "pid" && pidKnown)
      checkPid(values.pid, pid, diagnostics);
  }

  const SolveSyntax &solve;
  const Overrides &overrides;
  Signature &signature;
  Values &values;
  Diagnostics &diagnostics;
  ValueReader reader;
  Origin saveOrigin;
  std::optional<int> errorOrder;
  bool spanKnown = false, pidKnown = true, dtGiven = false;
};

} // namespace

void loadOptions(const SolveSyntax &solve, const ValueScope &scope, const Overrides &overrides,
                 Signature &signature, Values &values, Diagnostics &diagnostics) {
  OptionLoader(solve, scope, overrides, signature, values, diagnostics).run();
}

} // namespace deq
