// Flat or by name, every number finds its leaf, or an error says which has none.
#include "CallValues.h"

#include "runtime/Trace/ApiError.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq {

namespace {

/// A leaf and where its numbers are in a flat list.
struct LeafNumbers {
  const Leaf *leaf;
  std::int64_t begin, count;
};

class Filler {
public:
  /// `what`: "initial values" or "arguments"; `flat`: how many of the places a flat list gives.
  Filler(const char *what, std::vector<LeafNumbers> places, std::size_t flat, const Location &site)
      : what(what), places(std::move(places)), flat(flat), site(site) {}

  void fill(const Numbers &numbers, std::vector<double> &values) const {
    if (numbers.empty())
      return;
    if (numbers.named().empty())
      return fillFlat(numbers.flat(), values);
    for (const NamedNumbers &named : numbers.named())
      fillNamed(named, values);
  }

private:
  void fail(std::string text) const { throwError(ApiId::call_values, site, std::move(text)); }

  std::string names() const {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < flat; ++i)
      list.push_back(places[i].leaf->name +
                     (places[i].leaf->shape.empty() ? "" : shapeText(places[i].leaf->shape)));
    return fmt::format("{}", fmt::join(list, ", "));
  }

  void fillFlat(std::span<const double> given, std::vector<double> &values) const {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < flat; ++i)
      count += places[i].count;
    if (std::int64_t(given.size()) != count)
      fail(fmt::format("expected {} {} ({}), got {}", count, what, names(), given.size()));
    for (std::size_t i = 0; i < flat; ++i) {
      std::copy_n(given.begin(), places[i].count, values.begin() + places[i].begin);
      given = given.subspan(places[i].count);
    }
  }

  void fillNamed(const NamedNumbers &named, std::vector<double> &values) const {
    const auto place =
        std::find_if(places.begin(), places.end(), [&](const LeafNumbers &candidate) {
          return candidate.leaf->name == named.name;
        });
    if (place == places.end()) {
      std::vector<std::string> known;
      for (const LeafNumbers &candidate : places)
        known.push_back(candidate.leaf->name);
      fail(fmt::format("expected {} of {}, got '{}'{}", what, fmt::join(known, ", "), named.name,
                       suggestion(named.name, known)));
    }
    const std::span<const double> given = named.values.flat();
    const Leaf &leaf = *place->leaf;
    const bool one = given.size() == 1 && named.shape.empty();
    const bool fits = named.shape.empty()
                          ? std::int64_t(given.size()) == place->count
                          : named.shape == leaf.shape && std::int64_t(given.size()) == place->count;
    if (!one && !fits)
      fail(fmt::format("expected {} numbers for '{}', {}, got {}{}", place->count, leaf.name,
                       shapeText(leaf.shape), given.size(),
                       named.shape.empty() ? "" : " of shape " + shapeText(named.shape)));
    for (std::int64_t i = 0; i < place->count; ++i)
      values[place->begin + i] = given[one ? 0 : i];
  }

  const char *what;
  std::vector<LeafNumbers> places;
  std::size_t flat;
  const Location &site;
};

template <class List, class GetLeaf>
std::vector<LeafNumbers> placesOf(const List &list, GetLeaf leafOf) {
  std::vector<LeafNumbers> places;
  std::int64_t next = 0;
  for (const auto &element : list) {
    const Leaf *leaf = leafOf(element);
    const std::int64_t count = elements(leaf->shape);
    places.push_back({leaf, next, count});
    next += count;
  }
  return places;
}

void requireAll(const char *what, bool finite, const std::vector<Leaf> &leaves,
                const std::vector<double> &values, const Numbers &given, const Location &site) {
  const std::vector<std::string> names = columns(leaves);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool missing = std::isnan(values[i]) && given.empty();
    if (missing || (std::isnan(values[i]) && !given.named().empty()))
      throwError(ApiId::call_values, site,
                 fmt::format("expected a value in {} for '{}', got none", what, names[i]));
    if (finite && !std::isfinite(values[i]))
      throwError(ApiId::call_values, site,
                 fmt::format("expected finite initial values, got {} for '{}'",
                             std::fabs(values[i]), names[i]));
  }
}

} // namespace

void applyCall(const Call &call, const Ready &ready, const Location &site, Values &values) {
  const Signature &signature = ready.signature;
  values.t0 = call.t0.value_or(values.t0);
  values.t1 = call.t1.value_or(values.t1);
  values.pid.rtol = call.rtol.value_or(values.pid.rtol);
  if (call.atol) {
    values.pid.atol = *call.atol;
    values.leafAtol.clear(); // one for all
  }
  values.dt = call.dt.value_or(values.dt);
  values.max_steps = call.max_steps.value_or(values.max_steps);
  Filler("initial values", placesOf(signature.state, [](const Leaf &leaf) { return &leaf; }),
         signature.state.size(), site)
      .fill(call.y0, values.y0);
  auto leafOf = [](const Argument &argument) { return &argument.leaf; };
  Filler("arguments", placesOf(signature.arguments, leafOf), ready.declared, site)
      .fill(call.args, values.arguments);
  requireAll("y0", true, signature.state, values.y0, call.y0, site);
  std::vector<Leaf> arguments;
  for (const Argument &argument : signature.arguments)
    arguments.push_back(argument.leaf);
  requireAll("args", false, arguments, values.arguments, call.args, site);
  if (std::string why = mismatch(signature, values); !why.empty())
    throwError(ApiId::call_values, site, std::move(why));
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
  addShapes(call.y0, open.state, shapes);
  addShapes(call.args, open.arguments, shapes);
  return shapes;
}

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
