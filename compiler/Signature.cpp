// Sizes and names that follow from a signature, and whether values fit it.
// They live in the front half because every half needs them: import, code generation and the
// runtime.
#include "Signature.h"

#include "Doubles.h"
#include "Transforms/Power.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace deq {

std::int64_t elements(const std::vector<std::int64_t> &shape) {
  std::int64_t product = 1;
  for (std::int64_t n : shape)
    product *= n;
  return product;
}

std::optional<DType> dtypeOf(std::string text) {
  std::erase(text, ' ');
  const auto name = std::find(std::begin(dtypeNames), std::end(dtypeNames), text);
  if (name == std::end(dtypeNames))
    return std::nullopt;
  return static_cast<DType>(name - std::begin(dtypeNames));
}

std::vector<std::string> columns(const std::vector<Leaf> &leaves) {
  std::vector<std::string> names;
  for (const Leaf &leaf : leaves) {
    const std::int64_t count = elements(leaf.shape);
    for (std::int64_t flat = 0; flat < count; ++flat) {
      std::string indices; // row-major: the last index runs fastest
      std::int64_t rest = flat;
      for (auto size = leaf.shape.rbegin(); size != leaf.shape.rend(); ++size) {
        indices = fmt::format("[{}]{}", rest % *size, indices);
        rest /= *size;
      }
      names.push_back(leaf.name + indices);
    }
  }
  return names;
}

std::int64_t Signature::rowWidth() const {
  std::int64_t sum = save == SaveKind::dense ? 2 * width() : width();
  for (const Leaf &leaf : observed)
    sum += elements(leaf.shape);
  return sum;
}

LeafInputs Signature::leafInputs() const {
  LeafInputs set = 0;
#define LEAF_INPUT(kind, flag, member, noun, fallback, least)                                      \
  set |= unsigned(flag) << static_cast<unsigned>(LeafInput::kind);
#include "LeafInputs.def"
  return set;
}

std::int64_t Signature::width() const {
  std::int64_t sum = 0;
  for (const Leaf &leaf : state)
    sum += elements(leaf.shape);
  return sum;
}

static double computedLog2(double factor) {
  constexpr double most = 100;
  if (!(factor > 0))
    return -most;
  Doubles arithmetic;
  return std::isfinite(factor) ? std::clamp(log2Of(arithmetic, factor), -most, most) : most;
}

double boundedLog2(double factor) {
  // Every call of a prepared solve asks for the same three numbers, and their logarithms would take
  // as long as all else that it does before its first step.
  struct Known {
    double factor = 1, logarithm = 0;
  };
  thread_local std::array<Known, 4> known;
  thread_local std::size_t next = 0;
  for (const Known &number : known)
    if (number.factor == factor)
      return number.logarithm;
  const double logarithm = computedLog2(factor);
  known[next++ % known.size()] = {factor, logarithm};
  return logarithm;
}

SaveKind structure(const Values &values) {
  using Kind = SavePlan::Kind;
  auto any = [&](auto is) {
    return is(values.save.kind) || std::any_of(values.plans.begin(), values.plans.end(),
                                               [&](const SavePlan &plan) { return is(plan.kind); });
  };
  const bool times = any([](Kind kind) { return kind == Kind::every || kind == Kind::at; });
  const bool steps = any([](Kind kind) { return kind == Kind::steps; });
  if (any([](Kind kind) { return kind == Kind::dense; }))
    return SaveKind::dense; // rows at steps, and later at any time
  if (times)
    return steps ? SaveKind::times_and_steps : SaveKind::times;
  return steps ? SaveKind::steps : SaveKind::end;
}

std::vector<Leaf> selected(const Signature &signature, const std::vector<std::int64_t> &leaves) {
  std::vector<Leaf> result;
  const auto states = std::int64_t(signature.state.size());
  for (std::int64_t i : leaves)
    result.push_back(i < states ? signature.state[i] : signature.observed[i - states]);
  return leaves.empty() ? signature.state : result;
}

namespace {

/// Why a table cannot be sampled on the span of `values`; `rows` are its rows.
std::string tableMismatch(const Argument &argument, const double *rows, DType dtype,
                          const Values &values) {
  const std::int64_t knots = argument.leaf.shape[0], width = argument.leaf.shape[1];
  auto time = [&](std::int64_t i) {
    const double t = rows[i * width];
    return isSingle(dtype) ? double(static_cast<float>(t)) : t;
  };
  const std::string &name = argument.leaf.name;
  for (std::int64_t i = 0; i < knots; ++i) {
    if (!std::isfinite(time(i)))
      return fmt::format("knot {} of table '{}' is at {}, expected a finite time", i, name,
                         rows[i * width]);
    if (i > 0 && !(time(i - 1) < time(i)))
      return fmt::format(
          "knots {} and {} of table '{}' are at {} and {}, expected increasing times", i - 1, i,
          name, time(i - 1), time(i));
  }
  // Times that were computed in another way may differ in their last digits.
  const double first = rows[0], last = rows[(knots - 1) * width];
  const double slack = 100 * std::numeric_limits<double>::epsilon() *
                       std::max(std::fabs(values.t0), std::fabs(values.t1));
  const auto [from, to] = std::minmax(values.t0, values.t1);
  if (from < first - slack || to > last + slack)
    return fmt::format("table '{}' covers {} to {}, expected the span {} to {}", name, first, last,
                       values.t0, values.t1);
  return {};
}

/// Why numbers per state leaf do not fit; `read`: whether the code reads them.
std::string leafMismatch(const char *noun, bool read, const std::vector<double> &numbers,
                         const Signature &signature) {
  if (!numbers.empty() && !read)
    return fmt::format("the {}s are per leaf, expected the one for all that was compiled", noun);
  if (!numbers.empty() && numbers.size() != signature.state.size())
    return fmt::format("{} {}s, expected {}", numbers.size(), noun, signature.state.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!(numbers[i] >= 0))
      return fmt::format("the {} of '{}' is {}, expected at least 0", noun, signature.state[i].name,
                         numbers[i]);
  return {};
}

/// Why a plan cannot be served in a solve with `values`.
std::string planMismatch(const SavePlan &plan, const Values &values) {
  if (plan.kind == SavePlan::Kind::every && !(plan.h > 0))
    return fmt::format("the interval between saves is {}, expected more than 0", plan.h);
  if (plan.kind == SavePlan::Kind::steps && plan.n < 1)
    return fmt::format("every {}-th step is saved, expected at least 1", plan.n);
  if (plan.kind == SavePlan::Kind::at)
    for (std::size_t i = 1; i < plan.times.size(); ++i)
      if (const double last = plan.times[i - 1], t = plan.times[i];
          !(values.direction() * last < values.direction() * t))
        return fmt::format(
            "the save time {} follows {}, expected the order of a solve from {} to {}", t, last,
            values.t0, values.t1);
  return {};
}

} // namespace

std::string contradiction(const Signature &signature) {
  // A name clash would make two columns or two arguments indistinguishable.
  std::set<std::string> names;
  auto repeated = [&](const Leaf &leaf) { return !names.insert(leaf.name).second; };
  for (const Leaf &leaf : signature.state)
    if (repeated(leaf))
      return fmt::format("'{}' is declared twice", leaf.name);
  for (const Argument &argument : signature.arguments) {
    if (repeated(argument.leaf))
      return fmt::format("'{}' is declared twice", argument.leaf.name);
    const auto &shape = argument.leaf.shape;
    if (argument.degree >= 0 &&
        (shape.size() != 2 || shape[0] < 2 || shape[1] != argument.degree + 2))
      return fmt::format("table '{}' has the shape [{}], expected at least two rows of {} numbers",
                         argument.leaf.name, fmt::join(shape, ", "), argument.degree + 2);
  }
  std::set<std::string> events;
  for (const Event &event : signature.events)
    if (!events.insert(event.name).second)
      return fmt::format("event '{}' is declared twice", event.name);
  auto unknown = [&](const std::vector<std::int64_t> &leaves) {
    return std::any_of(leaves.begin(), leaves.end(), [&](std::int64_t i) {
      return i < 0 || i >= std::int64_t(signature.state.size() + signature.observed.size());
    });
  };
  if (unknown(signature.saved))
    return "the save plan names a leaf that is not there";
  std::set<std::string> plans;
  for (const NamedPlan &plan : signature.plans) {
    if (!plans.insert(plan.name).second)
      return fmt::format("the save plan '{}' is declared twice", plan.name);
    if (unknown(plan.leaves))
      return fmt::format("the save plan '{}' names a leaf that is not there", plan.name);
  }
  if (signature.leafInputs() != 0 && signature.control != "pid")
    return fmt::format("tolerances and weights per leaf are for control pid, got {}",
                       signature.control);
  return {};
}

double Values::step() const {
  if (step_to.empty())
    return dt;
  const double length = std::fabs(t1 - t0);
  return length > 0 ? 2 * length : 1;
}

std::string stepTimesMismatch(const Values &values, bool span) {
  const std::vector<double> &times = values.step_to;
  auto end = [](const char *what, double expected, double got) {
    return fmt::format("expected {} of the span as the {} time, got {}", expected, what,
                       std::isnan(got) ? std::fabs(got) : got);
  };
  if (span && !times.empty() && times.front() != values.t0)
    return end("first", values.t0, times.front());
  const double direction = span                                           ? values.direction()
                           : times.size() > 1 && times[1] < times.front() ? -1
                                                                          : 1;
  for (std::size_t i = 1; i < times.size(); ++i)
    if (!(direction * times[i] > direction * times[i - 1]))
      return fmt::format("expected strictly {} times, got {} after {}",
                         direction > 0 ? "increasing" : "decreasing",
                         std::isnan(times[i]) ? std::fabs(times[i]) : times[i], times[i - 1]);
  if (span && !times.empty() && times.back() != values.t1)
    return end("last", values.t1, times.back());
  return {};
}

std::string mismatch(const Signature &signature, const Values &values) {
  auto counted = [](const char *what, std::size_t got, std::int64_t expected) {
    return fmt::format("{} {}, expected {}", got, what, expected);
  };
  std::int64_t arguments = 0;
  for (const Argument &argument : signature.arguments)
    arguments += elements(argument.leaf.shape);
  if (std::int64_t(values.y0.size()) != signature.width())
    return counted("initial values", values.y0.size(), signature.width());
  if (std::int64_t(values.arguments.size()) != arguments)
    return counted("argument values", values.arguments.size(), arguments);
  if (std::int64_t(values.literals.size()) != signature.literals)
    return counted("literals", values.literals.size(), signature.literals);
  std::string perLeaf;
#define LEAF_INPUT(kind, flag, member, noun, fallback, least)                                      \
  if (perLeaf.empty())                                                                             \
    perLeaf = leafMismatch(noun, signature.flag, values.member, signature);
#include "LeafInputs.def"
  if (!perLeaf.empty())
    return perLeaf;
  if (values.event_tolerance.size() != signature.events.size())
    return counted("event tolerances", values.event_tolerance.size(), signature.events.size());
  for (std::size_t i = 0; i < values.event_tolerance.size(); ++i)
    if (!(values.event_tolerance[i] >= 0))
      return fmt::format("the tolerance of event '{}' is {}, expected at least 0",
                         signature.events[i].name, values.event_tolerance[i]);
  if (values.plans.size() != signature.plans.size())
    return counted("save plans beside the main one", values.plans.size(),
                   std::int64_t(signature.plans.size()));
  if (structure(values) != signature.save)
    return "the save plan is of another kind than the one that was compiled";
  std::string plan = planMismatch(values.save, values);
  for (const SavePlan &further : values.plans)
    plan = plan.empty() ? planMismatch(further, values) : plan;
  if (!plan.empty())
    return plan;
  if (!signature.clip &&
      !(values.step_at.empty() && values.jump_at.empty() && values.step_to.empty()))
    return "step_at, jump_at and step_to need code that was compiled for them";
  if (!signature.clip && values.open_end)
    return "a state to go on from needs code that was compiled for it";
  if (values.direction() * (values.t1 - values.begin()) < 0)
    return fmt::format("the solve to go on with is at t = {}, beyond the end of the span at {}",
                       values.begin(), values.t1);
  for (const auto &[name, times] :
       {std::pair("step_at", &values.step_at), std::pair("jump_at", &values.jump_at)})
    for (double t : *times)
      if (!std::isfinite(t))
        return fmt::format("a time of {} is {}, expected finite times", name, t);
  if (!std::isfinite(values.t1 - values.t0))
    return fmt::format("the span is {} to {}, expected finite times", values.t0, values.t1);
  const double *argumentValues = values.arguments.data();
  for (const Argument &argument : signature.arguments) {
    if (argument.degree >= 0)
      if (std::string why = tableMismatch(argument, argumentValues, signature.dtype, values);
          !why.empty())
        return why;
    argumentValues += elements(argument.leaf.shape);
  }
  if (std::string why = stepTimesMismatch(values); !why.empty())
    return "step_to: " + why;
  if (signature.control == "constant" && !(values.step() > 0))
    return fmt::format("the constant step is {}, expected more than 0", values.dt);
  if (isSingle(signature.dtype)) {
    const float dt = static_cast<float>(values.dt);
    if (values.dt != 0 && !(dt > 0 && std::isfinite(dt)))
      return fmt::format("the step {} has no value in f32", values.dt);
  }
  return {};
}

} // namespace deq
