// Flat or by name, every number finds its leaf, or an error says which has none.
#include "CallValues.h"

#include "runtime/Resume.h"
#include "runtime/Trace/ApiError.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq {

/// Names with their shapes.
static std::string listOf(const std::vector<Leaf> &leaves) {
  std::vector<std::string> texts;
  for (const Leaf &leaf : leaves)
    texts.push_back(leaf.name + (leaf.shape.empty() ? "" : shapeText(leaf.shape)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

namespace {

/// The values of a list of leaves, which a call gives in part. Allocates only for messages.
template <class List> class Filler {
public:
  /// `what`: "initial values" or "arguments"; `flat`: how many of the leaves a flat list gives.
  Filler(const char *what, const List &list, std::size_t flat, const Place &site)
      : what(what), list(list), flat(flat), site(site) {}

  void fill(const Numbers &numbers, std::vector<double> &values) const {
    if (numbers.empty())
      return;
    if (numbers.named().empty())
      return fillFlat(numbers.flat(), values);
    for (const NamedNumbers &named : numbers.named())
      fillNamed(named, values);
  }

  /// Every value is there; initial values are `finite` too.
  void require(bool finite, const std::vector<double> &values, const Numbers &given) const {
    const bool whole = !given.empty() && given.named().empty();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i]) && !(whole && std::int64_t(i) < count(flat)))
        fail(fmt::format("expected {} for '{}', got none", what, columnAt(i)));
      if (finite && !std::isfinite(values[i]))
        fail(fmt::format("expected finite {}, got {} for '{}'", what,
                         std::isnan(values[i]) ? std::fabs(values[i]) : values[i], columnAt(i)));
    }
  }

private:
  static const Leaf &leafOf(const Leaf &leaf) { return leaf; }
  static const Leaf &leafOf(const Argument &argument) { return argument.leaf; }

  [[noreturn]] void fail(std::string text) const {
    throwError(ApiId::call_values, site, std::move(text));
  }

  /// Numbers of the first leaves.
  std::int64_t count(std::size_t leaves) const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < leaves; ++i)
      sum += elements(leafOf(list[i]).shape);
    return sum;
  }

  std::string columnAt(std::size_t number) const {
    std::vector<Leaf> leaves;
    for (const auto &element : list)
      leaves.push_back(leafOf(element));
    return columns(leaves)[number];
  }

  std::string names() const {
    std::vector<Leaf> leaves;
    for (std::size_t i = 0; i < flat; ++i)
      leaves.push_back(leafOf(list[i]));
    return listOf(leaves);
  }

  void fillFlat(std::span<const double> given, std::vector<double> &values) const {
    if (std::int64_t(given.size()) != count(flat))
      fail(fmt::format("expected {} {} ({}), got {}", count(flat), what, names(), given.size()));
    std::copy(given.begin(), given.end(), values.begin());
  }

  void fillNamed(const NamedNumbers &named, std::vector<double> &values) const {
    double *target = values.data();
    for (const auto &element : list) {
      const Leaf &leaf = leafOf(element);
      if (leaf.name == named.name)
        return fillLeaf(named, leaf, target);
      target += elements(leaf.shape);
    }
    std::vector<std::string> known;
    for (const auto &element : list)
      known.push_back(leafOf(element).name);
    fail(fmt::format("expected {} of {}, got '{}'{}", what, fmt::join(known, ", "), named.name,
                     suggestion(named.name, known)));
  }

  void fillLeaf(const NamedNumbers &named, const Leaf &leaf, double *target) const {
    const std::span<const double> given = named.values.flat();
    const std::int64_t expected = elements(leaf.shape);
    const bool one = given.size() == 1 && named.shape.empty();
    const bool shaped = named.shape.empty() || named.shape == leaf.shape;
    if (!one && !(shaped && std::int64_t(given.size()) == expected))
      fail(fmt::format("expected {} numbers for '{}', {}, got {}{}", expected, leaf.name,
                       shapeText(leaf.shape), given.size(),
                       named.shape.empty() ? "" : " of shape " + shapeText(named.shape)));
    for (std::int64_t i = 0; i < expected; ++i)
      target[i] = given[one ? 0 : i];
  }

  const char *what;
  const List &list;
  std::size_t flat;
  const Place &site;
};

} // namespace

/// The checkpoint to go on from, if the call has one and the solve can; null if it has none.
static const Checkpoint *checkpointOf(const Call &call, const Ready &ready, const Place &site) {
  auto fail = [&](std::string text) { throwError(ApiId::call_values, site, std::move(text)); };
  if (!call.from)
    return nullptr;
  if (!*call.from)
    fail("expected a checkpoint to go on from, got none; solves that are prepared with resumable "
         "= true leave one");
  const std::vector<Leaf> &state = ready.signature.state;
  const Checkpoint &from = **call.from;
  if (ready.signature.identity.empty())
    fail("expected a solve prepared with resumable = true, to go on from a checkpoint");
  if (call.t0 || !call.y0.empty())
    fail(fmt::format("expected no {} next to from; the checkpoint has it", call.t0 ? "t0" : "y0"));
  if (!sameLeaves(from.state, state) || from.y.size() != std::size_t(ready.signature.width()))
    fail(fmt::format("expected a checkpoint of the state {}, got one of {}", listOf(state),
                     listOf(from.state)));
  return &from;
}

/// Numbers of a call that no clause has checked.
static void checkNumbers(const Call &call, const Signature &signature, const Values &values,
                         const Place &site) {
  auto fail = [&](std::string text) { throwError(ApiId::call_values, site, std::move(text)); };
  auto tolerance = [&](const char *name, const std::optional<double> &number) {
    if (!number)
      return;
    if (signature.control != "pid")
      fail(fmt::format("expected no {}, since constant control has no tolerances", name));
    if (!(*number >= 0 && std::isfinite(*number)))
      fail(fmt::format("expected a finite {} of at least 0, got {}", name, *number));
  };
  tolerance("rtol", call.rtol);
  tolerance("atol", call.atol);
  const std::vector<double> &leaves = values.leafAtol;
  const bool none = call.atol || leaves.empty()
                        ? call.atol.value_or(values.pid.atol) == 0
                        : std::find(leaves.begin(), leaves.end(), 0.0) != leaves.end();
  if (call.rtol.value_or(values.pid.rtol) == 0 && none && signature.control == "pid")
    fail("expected rtol or atol above 0, got 0 for both");
  if (call.dt && !values.step_to.empty())
    fail("expected no dt, which has no meaning beside step_to, got one");
  if (call.dt && !(*call.dt > 0 && std::isfinite(*call.dt)))
    fail(fmt::format("expected a finite dt above 0, got {}", *call.dt));
  if (call.max_steps && *call.max_steps < 1)
    fail(fmt::format("expected max_steps of at least 1, got {}", *call.max_steps));
}

Beginning applyCall(const Call &call, const Ready &ready, const Place &site, Values &values) {
  const Signature &signature = ready.signature;
  const Checkpoint *from = checkpointOf(call, ready, site);
  if (ready.needsEnd && !call.t1)
    throwError(ApiId::call_values, site, "expected t1, the end of the span, got none");
  checkNumbers(call, signature, values, site);
  values.t0 = call.t0.value_or(values.t0);
  values.t1 = call.t1.value_or(values.t1);
  values.pid.rtol = call.rtol.value_or(values.pid.rtol);
  if (call.atol) {
    values.pid.atol = *call.atol;
    values.leafAtol.clear(); // one for all
  }
  values.dt = call.dt.value_or(values.dt);
  values.max_steps = call.max_steps.value_or(values.max_steps);
  const Filler state("initial values", signature.state, signature.state.size(), site);
  state.fill(call.y0, values.y0);
  const Filler arguments("arguments", signature.arguments, ready.declared, site);
  arguments.fill(call.args, values.arguments);
  Beginning beginning;
  if (from) {
    completeFrom(*from, signature, values);
    ResumePlan plan = resume(*from, signature, values);
    beginning = {plan.how == Resumption::exact ? from : nullptr, std::move(plan.reason)};
  } else {
    state.require(true, values.y0, call.y0);
  }
  arguments.require(false, values.arguments, call.args);
  if (std::string why = mismatch(signature, values); !why.empty())
    throwError(ApiId::call_values, site, std::move(why));
  return beginning;
}

namespace {

/// The shape of one open leaf that `count` numbers fill, if one extent is open.
std::optional<Shape> filledBy(const Declared &declared, std::int64_t count) {
  Shape shape = declared.shape;
  std::int64_t others = 1, open = 0;
  for (std::int64_t extent : shape)
    extent == any ? ++open : others *= extent;
  if (open != 1 || others == 0 || count == 0 || count % others != 0)
    return std::nullopt;
  std::replace(shape.begin(), shape.end(), any, count / others);
  return shape;
}

void addShapes(const Numbers &numbers, const std::vector<Declared> &declared,
               std::map<std::string, Shape> &shapes) {
  auto add = [&](const Declared &leaf, std::span<const double> values, const Shape &given) {
    if (!given.empty())
      shapes[leaf.name] = given;
    else if (auto shape = filledBy(leaf, std::int64_t(values.size())))
      shapes[leaf.name] = *shape;
  };
  if (declared.size() == 1 && numbers.named().empty())
    add(declared.front(), numbers.flat(), {});
  for (const NamedNumbers &named : numbers.named())
    for (const Declared &leaf : declared)
      if (leaf.name == named.name)
        add(leaf, named.values.flat(), named.shape);
}

} // namespace

std::map<std::string, Shape> shapesOf(const Call &call, const OpenLeaves &open) {
  std::map<std::string, Shape> shapes;
  if (call.from && *call.from)
    for (const Leaf &leaf : (*call.from)->state)
      for (const Declared &declared : open.state)
        if (declared.name == leaf.name)
          shapes[leaf.name] = leaf.shape;
  addShapes(call.y0, open.state, shapes);
  addShapes(call.args, open.arguments, shapes);
  return shapes;
}

Numbers::Numbers() = default;
Numbers::Numbers(const Numbers &) = default;
Numbers::Numbers(Numbers &&) noexcept = default;
Numbers &Numbers::operator=(const Numbers &) = default;
Numbers &Numbers::operator=(Numbers &&) noexcept = default;
Numbers::~Numbers() = default;
Numbers::Numbers(double number) : Numbers({number}) {}
Numbers::Numbers(std::span<const double> view) : data(view), given(true) {}
Numbers::Numbers(const std::vector<double> &view)
    : data(std::span<const double>(view)), given(true) {}
Numbers::Numbers(std::vector<double> &&own) : data(std::move(own)), given(true) {}

Numbers::Numbers(std::initializer_list<double> list) : given(true) {
  Few few{};
  if (list.size() <= few.numbers.size()) {
    std::copy(list.begin(), list.end(), few.numbers.begin());
    few.count = list.size();
    data = few;
  } else {
    data = std::vector<double>(list);
  }
}

Numbers::Numbers(std::initializer_list<NamedNumbers> list) : names(list), given(true) {}

std::span<const double> Numbers::flat() const {
  if (const Few *few = std::get_if<Few>(&data))
    return {few->numbers.data(), few->count};
  if (const auto *own = std::get_if<std::vector<double>>(&data))
    return *own;
  return std::get<std::span<const double>>(data);
}

} // namespace deq
