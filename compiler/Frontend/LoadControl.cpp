// Controllers and their options to signature and values.
// The kind and the norm are structure; every number is a value.
#include "LoadControl.h"
#include "Names.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

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

} // namespace

void ControlLoader::load(Signature &signature, Values &values) {
  for (const SolveSyntax *block : chain)
    if (word.text.empty())
      word = block->control;
  signature.control = word.text.empty() ? "pid" : word.text;
  std::vector<std::string> names;
  for (const Controller &controller : controllers())
    names.emplace_back(controller.name);
  bool exists = std::find(names.begin(), names.end(), signature.control) != names.end();
  if (!exists) {
    fail(Id::unknown_control, word.at,
         fmt::format("expected '{}' or '{}', got '{}'{}",
                     fmt::join(names.begin(), names.end() - 1, "', '"), names.back(), word.text,
                     suggestion(word.text, names)));
    signature.control = "pid"; // the default, to go on with
  }
  for (auto block = chain.rbegin(); block != chain.rend(); ++block) {
    if (exists && (*block)->control.text == signature.control)
      loadOptions(**block, signature, values);
    loadStep(**block, values); // after those of its preset, whose `constant(dt = ..)` it replaces
  }
  if (word.text != "step_to")
    return;
  loadTimes(values);
  values.dt = 0;
  signature.control = "constant";
  signature.clip = true;
}

/// The list of `step_to`, which leaves nothing for other clauses to say about steps.
void ControlLoader::loadTimes(Values &values) {
  const Expr *list = nullptr;
  bool broken = false; // what is missing may be in error
  bool found = false;
  for (const SolveSyntax *block : chain) {
    for (const Name *keyword : {&block->dtKeyword, &block->limitKeyword})
      if (const bool replaced = found && keyword == &block->dtKeyword;
          !keyword->text.empty() && !replaced)
        fail(Id::listed_steps, keyword->at,
             fmt::format("'{}' has no meaning beside step_to, which lists the ends of all steps",
                         keyword->text));
    if (!found && block->control.text == word.text) {
      list = block->stepTo.get();
      broken = block->broken;
      found = true;
    }
  }
  if (!list && broken)
    return;
  if (!list)
    return fail(Id::missing_step, word.at, "step_to needs its times, expected 'step_to([..])'");
  timesAt = list->at;
  if (auto read = reader.times(*list))
    values.step_to = std::move(*read);
}

void ControlLoader::failTwice(const Name &name, Position first) {
  Diagnostic &error =
      diagnostics.report(Id::given_twice, name.at, fmt::format("'{}' is given twice", name.text));
  diagnostics.note(error, first, "first given here");
}

void ControlLoader::loadOptions(const SolveSyntax &block, Signature &signature, Values &values) {
  std::map<std::string, Position> seen;
  for (const Binding &option : block.options) {
    auto [first, fresh] = seen.try_emplace(option.name.text, option.name.at);
    places[option.name.text] = option.value->at;
    if (!fresh)
      failTwice(option.name, first->second);
    else if (signature.control == "pid")
      loadPidOption(option, signature, values);
    else
      loadConstantOption(block, option, values);
  }
}

void ControlLoader::loadPidOption(const Binding &option, Signature &signature, Values &values) {
  const std::string &name = option.name.text;
  const Expr &value = *option.value;
  if (name == "norm")
    return loadNorm(value, signature);
  if (name == "error_order")
    return loadErrorOrder(value);
  if (name == "force_dt_min")
    return loadFlag(value, values.pid.force_dt_min);
  if (name == "atol" && value.form == Form::record)
    return void(leafAtol = perLeaf(option));
  if (name == "weights" && value.form == Form::record)
    return void(leafWeights = perLeaf(option));
  if (name == "weights")
    return fail(Id::shape_mismatch, value.at,
                "expected weights of leaves, as in 'weights = {x: 1, v: 0.1}'");
  std::vector<std::string> names = {"norm", "error_order", "force_dt_min", "weights"};
  for (const PidRow &row : pidRows) {
    names.push_back(row.name);
    if (name != row.name)
      continue;
    auto number = reader.number(value);
    known &= number.has_value();
    values.pid.*row.member = number.value_or(values.pid.*row.member);
    if (name == "atol")
      leafAtol.clear(); // those of a preset
    return;
  }
  fail(Id::unknown_option, option.name.at,
       fmt::format("'pid' has no option '{}'{}", name, suggestion(name, names)));
}

/// `{x: 1e-8, u: 1e-3}`: numbers of at least 0, by the names of leaves.
std::map<std::string, double> ControlLoader::perLeaf(const Binding &option) {
  const Expr &record = *option.value;
  std::map<std::string, double> result;
  std::map<std::string, Position> seen;
  for (std::size_t i = 0; i < record.parts.size(); ++i) {
    const Link &leaf = record.labels[i];
    auto [first, fresh] = seen.try_emplace(leaf.text, leaf.at);
    if (!fresh)
      failTwice({leaf.text, leaf.at}, first->second);
    std::vector<std::string> leaves;
    for (const Declaration &declared : scope.field.state)
      leaves.push_back(declared.name.text);
    bool exists = std::find(leaves.begin(), leaves.end(), leaf.text) != leaves.end();
    if (!exists && !leaves.empty()) // a preset by itself has no field
      fail(Id::not_a_leaf, leaf.at,
           fmt::format("'{}' is no leaf of the state{}", leaf.text, suggestion(leaf.text, leaves)));
    auto number = reader.number(*record.parts[i]);
    if (number && *number < 0)
      fail(Id::option_range, record.parts[i]->at,
           fmt::format("expected {} of at least 0, got {}", option.name.text, *number));
    if (number)
      result[leaf.text] = *number;
  }
  return result;
}

/// The order that the error's exponent is made of; the method's own unless given.
void ControlLoader::loadErrorOrder(const Expr &value) {
  auto order = reader.number(value);
  if (!order)
    return;
  if (*order >= 1 && *order <= 1000 && *order == std::floor(*order))
    errorOrder = static_cast<int>(*order);
  else
    fail(Id::option_range, value.at,
         fmt::format("expected an order from 1 to 1000, got {}", *order));
}

void ControlLoader::loadNorm(const Expr &value, Signature &signature) {
  bool named = value.form == Form::name;
  if (named && (value.name == "max" || value.name == "rms"))
    signature.norm = value.name;
  else
    fail(Id::expected_word, value.at,
         named ? fmt::format("expected 'rms' or 'max', got '{}'", value.name)
               : "expected 'rms' or 'max'");
}

void ControlLoader::loadFlag(const Expr &value, bool &flag) {
  bool named = value.form == Form::name;
  if (named && (value.name == "true" || value.name == "false"))
    flag = value.name == "true";
  else
    fail(Id::expected_word, value.at, "expected 'true' or 'false'");
}

void ControlLoader::loadConstantOption(const SolveSyntax &block, const Binding &option,
                                       Values &values) {
  if (option.name.text != "dt") {
    fail(Id::unknown_option, option.name.at,
         fmt::format("'constant' has no option '{}'", option.name.text));
    return;
  }
  if (!block.dtKeyword.text.empty())
    failTwice(option.name, block.dtKeyword.at);
  loadDt(*option.value, values);
}

void ControlLoader::loadStep(const SolveSyntax &block, Values &values) {
  if (block.dt) {
    loadDt(*block.dt, values);
  } else if (!block.dtKeyword.text.empty()) {
    values.dt = 0; // auto
    dtGiven = false;
  }
}

void ControlLoader::loadLimit(Signature &signature, Observables &observables) {
  const Expr *limit = nullptr; // that of a host goes before that of the text
  for (const SolveSyntax *block : chain)
    limit = limit ? limit : block->limit.get();
  if (!limit)
    return;
  signature.limit = true;
  NameChecker checker(scope.names.symbols, scope.field, diagnostics, false);
  if (checker.check(*limit))
    observables.lists[Observable::limit].push_back(limit);
}

void ControlLoader::checkStep(bool replaced) {
  const SolveSyntax &block = *chain.front();
  bool complete = !block.broken && !block.isPreset; // a solve can add the step to its preset
  if (word.text == "constant" && !dtGiven && !replaced && complete)
    fail(Id::missing_step, word.at, "constant control needs a step, expected 'constant(dt = ..)'");
}

void ControlLoader::loadDt(const Expr &expression, Values &values) {
  dtGiven = true;
  auto dt = reader.number(expression);
  if (dt && *dt <= 0)
    fail(Id::step_size, expression.at, fmt::format("expected a step above 0, got {}", *dt));
  values.dt = dt.value_or(0);
}

/// A weight that the element type rounds to nothing, or beyond all numbers, counts as that.
void ControlLoader::checkWeights(const Signature &signature, const Values &values) {
  auto kept = [&](double x) {
    return isSingle(signature.dtype) ? double(static_cast<float>(x)) : x;
  };
  const std::vector<double> &weights = values.leafWeights;
  bool some = weights.empty();
  for (double weight : weights) {
    some |= kept(weight) > 0;
    if (!std::isfinite(kept(weight)))
      fail(Id::option_range, places["weights"],
           fmt::format("expected weights that f32 can hold, got {}", weight));
  }
  if (!some)
    fail(Id::option_range, places["weights"],
         "expected a weight above 0, got 0 for every leaf; no error would be left to control");
}

void ControlLoader::check(const Overrides &overrides, bool span, Signature &signature,
                          Values &values) {
  if (word.text == "step_to") {
    if (overrides.dt)
      fail(Id::listed_steps, {},
           "--dt: has no meaning beside step_to, which lists the ends of all steps");
    if (std::string why = stepTimesMismatch(values, span); !why.empty())
      fail(Id::step_times, timesAt, std::move(why));
  }
  if (signature.control != "pid")
    return;
  auto fill = [&](const std::map<std::string, double> &named, double other,
                  std::vector<double> &numbers) {
    for (const Declaration &leaf : scope.field.state)
      if (auto own = named.find(leaf.name.text); !named.empty())
        numbers.push_back(own == named.end() ? other : own->second);
    return !numbers.empty();
  };
  if (!overrides.atol)
    signature.leaf_atol = fill(leafAtol, values.pid.atol, values.leafAtol);
  signature.leaf_weights = fill(leafWeights, 1, values.leafWeights);
  checkWeights(signature, values);
  for (std::size_t i = 0; i < values.leafAtol.size(); ++i)
    if (values.pid.rtol == 0 && values.leafAtol[i] == 0)
      fail(Id::option_range, places["atol"],
           fmt::format("expected rtol or atol above 0, got 0 for both of '{}'",
                       scope.field.state[i].name.text));
  auto origin = [&](const char *option) {
    bool rtol = std::string_view(option) == "rtol", atol = std::string_view(option) == "atol";
    if ((rtol && overrides.rtol) || (atol && overrides.atol))
      return Origin{{}, fmt::format("--{}: ", option)};
    auto place = places.find(option);
    return Origin{place == places.end() ? word.at : place->second, ""};
  };
  if (known)
    checkPid(values.pid, signature.dtype, origin, diagnostics);
}

} // namespace deq
