// Values, texts of the command line, and the checks that a span, a save plan and a controller must
// pass. A value that no solve could use is an error here, so that the kernel never has to look.
#include "ReadValues.h"
#include "Names.h"
#include "Parser.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <map>

namespace deq {

std::optional<Tensor> ValueReader::tensor(const Expr &expression, const std::string &prefix) {
  NameChecker checker(scope.names.symbols, scope.field, diagnostics, true, prefix);
  if (!checker.check(expression))
    return std::nullopt;
  return evaluateValue(expression, scope.statics, diagnostics, prefix, scope.budget, scope.files);
}

double withoutSign(double x) { return std::isnan(x) ? std::abs(x) : x; }

std::optional<double> ValueReader::number(const Expr &expression, const std::string &prefix) {
  auto value = tensor(expression, prefix);
  if (!value)
    return std::nullopt;
  if (!value->shape.empty()) {
    diagnostics.report(Id::expected_scalar, expression.at,
                       fmt::format("{}expected a number, got an array of shape {}", prefix,
                                   shapeText(value->shape)));
    return std::nullopt;
  }
  if (!std::isfinite(value->data[0])) {
    diagnostics.report(
        Id::not_finite, expression.at,
        fmt::format("{}expected a finite number, got {}", prefix, withoutSign(value->data[0])));
    return std::nullopt;
  }
  return value->data[0];
}

std::optional<std::int64_t> ValueReader::count(const Expr &expression, const std::string &prefix) {
  auto value = number(expression, prefix);
  if (!value)
    return std::nullopt;
  if (*value < 1 || *value > 9007199254740992.0 || *value != std::floor(*value)) {
    diagnostics.report(Id::expected_count, expression.at,
                       fmt::format("{}expected an integer of at least 1, got {}", prefix, *value));
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*value);
}

std::optional<std::vector<double>> ValueReader::times(const Expr &expression,
                                                      const std::string &prefix) {
  if (expression.form == Form::list && expression.parts.empty()) { // of a host
    diagnostics.report(Id::empty_array, expression.at, prefix + "expected times, got none");
    return std::nullopt;
  }
  auto list = tensor(expression, prefix);
  if (!list)
    return std::nullopt;
  if (list->shape.size() != 1) {
    diagnostics.report(
        Id::expected_list, expression.at,
        fmt::format("{}expected a list of times, got {}", prefix, shapeText(list->shape)));
    return std::nullopt;
  }
  return std::move(list->data);
}

std::optional<SavePlan> ValueReader::savePlan(const SaveSyntax &save, const std::string &prefix) {
  SavePlan plan;
  const std::string &kind = save.kind.text;
  bool good = true;
  if (kind == "start")
    plan.kind = SavePlan::Kind::start;
  if (kind == "dense")
    plan.kind = SavePlan::Kind::dense;
  if (kind == "every") {
    plan.kind = SavePlan::Kind::every;
    auto h = number(*save.value, prefix);
    plan.h = h.value_or(1);
    good &= h.has_value();
  } else if (kind == "steps") {
    plan.kind = SavePlan::Kind::steps;
    auto n = count(*save.value, prefix);
    plan.n = n.value_or(1);
    good &= n.has_value();
  } else if (kind == "at") {
    plan.kind = SavePlan::Kind::at;
    auto list = times(*save.value, prefix);
    good &= list.has_value();
    if (list)
      plan.times = std::move(*list);
  }
  return good ? std::optional<SavePlan>(plan) : std::nullopt;
}

std::vector<std::int64_t> ValueReader::savedItems(const SaveSyntax &save, const std::string &prefix,
                                                  Signature &signature, Observables &observables) {
  std::vector<std::string> leaves;
  for (const Declaration &leaf : scope.field.state)
    leaves.push_back(leaf.name.text);
  std::vector<std::int64_t> numbers, expressions;
  std::map<std::string, Position> seen;
  for (const SavedItem &item : save.items) {
    const Name &name = item.name;
    auto [first, fresh] = seen.try_emplace(name.text, name.at);
    auto leaf = std::find(leaves.begin(), leaves.end(), name.text);
    if (leaves.empty()) // a preset by itself has no field
      continue;
    if (item.value && leaf != leaves.end()) {
      diagnostics.report(
          Id::name_clash, name.at,
          fmt::format("{}'{}' is already the name of a state leaf", prefix, name.text));
    } else if (!fresh) {
      Diagnostic &error = diagnostics.report(
          Id::given_twice, name.at, fmt::format("{}'{}' is given twice", prefix, name.text));
      diagnostics.note(error, first->second, "first given here");
    } else if (item.value) {
      NameChecker checker(scope.names.symbols, scope.field, diagnostics, false, prefix);
      if (!checker.check(*item.value))
        continue;
      expressions.push_back(std::int64_t(leaves.size() + signature.observed.size()));
      signature.observed.push_back({name.text, {}});
      observables.lists[Observable::saved].push_back(item.value.get());
    } else if (leaf != leaves.end()) {
      numbers.push_back(leaf - leaves.begin());
    } else {
      diagnostics.report(Id::not_a_leaf, name.at,
                         fmt::format("{}'{}' is no leaf of the state{}", prefix, name.text,
                                     suggestion(name.text, leaves)));
    }
  }
  numbers.insert(numbers.end(), expressions.begin(), expressions.end());
  return numbers;
}

namespace {
/// Passes on what a parse of a text without places found.
bool report(const Diagnostics &found, const std::string &prefix, Diagnostics &diagnostics) {
  for (Diagnostic diagnostic : found.all()) {
    diagnostic.location = {diagnostics.file(), 0, 0};
    diagnostic.text = prefix + diagnostic.text;
    diagnostics.add(std::move(diagnostic));
  }
  return found.failed();
}
} // namespace

ExprPtr parseValueText(const std::string &text, const std::string &prefix,
                       Diagnostics &diagnostics) {
  Diagnostics found;
  ExprPtr result = Parser(text, found, unplaced).parseOnlyExpression();
  return report(found, prefix, diagnostics) ? nullptr : std::move(result);
}

std::optional<SaveSyntax> parseSaveText(const std::string &text, const std::string &prefix,
                                        Diagnostics &diagnostics) {
  Diagnostics found;
  auto result = Parser(text, found, unplaced).parseOnlySavePlan();
  if (report(found, prefix, diagnostics))
    return std::nullopt;
  return result;
}

std::optional<std::vector<double>> fitLeaf(const Tensor &value, const Leaf &leaf,
                                           const Origin &origin, bool finite,
                                           Diagnostics &diagnostics) {
  for (double x : value.data)
    if (finite && !std::isfinite(x)) {
      diagnostics.report(Id::not_finite, origin.at,
                         fmt::format("{}expected finite initial values of '{}', got {}",
                                     origin.prefix, leaf.name, withoutSign(x)));
      return std::nullopt;
    }
  if (value.shape.empty())
    return std::vector<double>(scalars(leaf.shape), value.data[0]);
  if (value.shape == leaf.shape)
    return value.data;
  diagnostics.report(Id::shape_mismatch, origin.at,
                     fmt::format("{}expected the shape of '{}', {}, got {}", origin.prefix,
                                 leaf.name, shapeText(leaf.shape), shapeText(value.shape)));
  return std::nullopt;
}

namespace {

std::string problemOfTimes(const std::vector<double> &times, const Values &values) {
  const double direction = values.direction();
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!(times[i] >= std::min(values.t0, values.t1) && times[i] <= std::max(values.t0, values.t1)))
      return fmt::format("expected save times inside the span, got {} outside of {} to {}",
                         withoutSign(times[i]), values.t0, values.t1);
    if (i > 0 && !(direction * times[i] > direction * times[i - 1]))
      return fmt::format("expected strictly {} save times, got {} after {}",
                         direction > 0 ? "increasing" : "decreasing", times[i], times[i - 1]);
  }
  return "";
}

std::string problemOfEvery(double h, double length) {
  constexpr double maxRows = 1e8;
  if (!(h > 0))
    return fmt::format("expected a positive time between rows, got {}", h);
  if (length / h > maxRows)
    return fmt::format("expected at most {} rows, got a row every {}", maxRows, h);
  return "";
}

} // namespace

bool checkSpan(const Values &values, const Origin &span, Diagnostics &diagnostics) {
  if (std::isfinite(values.t1 - values.t0))
    return true;
  diagnostics.report(Id::span, span.at, span.prefix + "expected a span of finite length");
  return false;
}

void checkPlan(const SavePlan &plan, const Values &values, const Origin &save,
               Diagnostics &diagnostics) {
  std::string problem;
  if (plan.kind == SavePlan::Kind::at)
    problem = problemOfTimes(plan.times, values);
  if (plan.kind == SavePlan::Kind::every)
    problem = problemOfEvery(plan.h, std::fabs(values.t1 - values.t0));
  if (!problem.empty())
    diagnostics.report(Id::save_times, save.at, save.prefix + problem);
}

void checkPid(const PidOptions &pid, DType dtype, const OptionOrigin &origin,
              Diagnostics &diagnostics) {
  auto require = [&](const char *option, bool good, const std::string &expected) {
    Origin at = origin(option);
    if (!good)
      diagnostics.report(Id::option_range, at.at, at.prefix + "expected " + expected);
  };
  require("rtol", pid.rtol >= 0, fmt::format("rtol of at least 0, got {}", pid.rtol));
  require("atol", pid.atol >= 0, fmt::format("atol of at least 0, got {}", pid.atol));
  require("rtol", pid.rtol != 0 || pid.atol != 0, "rtol or atol above 0, got 0 for both");
  require("safety", pid.safety > 0 && pid.safety <= 1,
          fmt::format("safety in 0 to 1, got {}", pid.safety));
  require("factor_min", pid.factor_min > 0 && pid.factor_min < 1,
          fmt::format("factor_min between 0 and 1, got {}", pid.factor_min));
  require("factor_max", pid.factor_max > 1,
          fmt::format("factor_max above 1, got {}", pid.factor_max));
  require("dt_min", pid.dt_min >= 0, fmt::format("dt_min of at least 0, got {}", pid.dt_min));
  require("dt_max", pid.dt_max > 0, fmt::format("dt_max above 0, got {}", pid.dt_max));
  require("dt_min", pid.dt_max <= 0 || pid.dt_min <= pid.dt_max,
          fmt::format("dt_min of at most dt_max, got {} and {}", pid.dt_min, pid.dt_max));

  // Each step rounds the state by half an ulp or so: an error estimate below is noise.
  bool single = isSingle(dtype);
  double finest = 4 * (single ? double(std::numeric_limits<float>::epsilon())
                              : std::numeric_limits<double>::epsilon());
  if (pid.rtol > 0 && pid.rtol < finest) {
    Origin at = origin("rtol");
    diagnostics.report(Id::coarse_precision, at.at,
                       fmt::format("{}rtol = {} is below what {} resolves, about {:.1g}; the steps "
                                   "will follow rounding errors{}",
                                   at.prefix, pid.rtol, single ? "f32" : "f64", finest,
                                   single ? "; use dtype f64" : ""));
  }
}

void applyNumbers(const Overrides &overrides, bool adaptive, Values &values,
                  Diagnostics &diagnostics) {
  auto apply = [&](const std::optional<double> &number, const char *option, double &target) {
    if (number && !std::isfinite(*number))
      diagnostics.report(Id::not_finite, {},
                         fmt::format("{}: expected a finite number, got {}", option, *number));
    else if (number)
      target = *number;
  };
  apply(overrides.from, "--from", values.t0);
  apply(overrides.to, "--to", values.t1);
  if (!adaptive && (overrides.rtol || overrides.atol))
    diagnostics.report(Id::unknown_option, {},
                       fmt::format("{}: constant control has no tolerances",
                                   overrides.rtol ? "--rtol" : "--atol"));
  apply(overrides.rtol, "--rtol", values.pid.rtol);
  apply(overrides.atol, "--atol", values.pid.atol);
  if (overrides.atol)
    values.leafAtol.clear(); // one for all
  apply(overrides.dt, "--dt", values.dt);
  if (overrides.dt && std::isfinite(*overrides.dt) && *overrides.dt <= 0)
    diagnostics.report(Id::step_size, {},
                       fmt::format("--dt: expected a step above 0, got {}", *overrides.dt));
  if (overrides.maxSteps && *overrides.maxSteps < 1)
    diagnostics.report(
        Id::expected_count, {},
        fmt::format("--max-steps: expected an integer of at least 1, got {}", *overrides.maxSteps));
  else if (overrides.maxSteps)
    values.max_steps = *overrides.maxSteps;
}

} // namespace deq
