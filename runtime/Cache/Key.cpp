// Texts of the key's fields, and the difference of two keys.
#include "Key.h"

#include "Processor.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq {

namespace {

std::string shapeOf(const Shape &shape) {
  return shape.empty() ? "" : fmt::format("[{}]", fmt::join(shape, ","));
}

std::vector<std::string> shapesOf(const std::vector<Leaf> &leaves) {
  std::vector<std::string> texts;
  for (const Leaf &leaf : leaves)
    texts.push_back(shapeOf(leaf.shape));
  return texts;
}

std::vector<std::string> shapesOf(const std::vector<Argument> &arguments) {
  constexpr const char *kinds[] = {"", " per trajectory", " in memory"};
  std::vector<std::string> texts;
  for (const Argument &argument : arguments)
    texts.push_back(shapeOf(argument.leaf.shape) + kinds[std::size_t(argument.kind)] +
                    (argument.degree < 0 ? "" : fmt::format(" table {}", argument.degree)));
  return texts;
}

/// As a report shows them; the element type is a field of its own.
std::vector<std::string> withElement(std::vector<std::string> shapes, DType dtype) {
  for (std::string &shape : shapes)
    shape = (isSingle(dtype) ? "f32" : "f64") + shape;
  return shapes;
}

std::string sizeOf(const CanonicalGraph &graph) {
  return fmt::format("of {} operations", graph.graph.nodes.size());
}

/// The numbers of a method, whatever its name.
struct MethodDigest {
  Digest digest;

  void row(const std::vector<double> &numbers) {
    digest.add(std::uint64_t(numbers.size()));
    for (double number : numbers)
      digest.add(number);
  }
  void rows(const std::vector<std::vector<double>> &list) {
    digest.add(std::uint64_t(list.size()));
    for (const std::vector<double> &numbers : list)
      row(numbers);
  }
  void operator()(const Tableau &tableau) {
    rows(tableau.a);
    rows(tableau.p);
    for (const std::vector<double> *list :
         {&tableau.b, &tableau.c, &tableau.e, &tableau.coarse, &tableau.q})
      row(*list);
    digest.add(std::uint64_t(tableau.coarseOrder));
  }
  void operator()(const Splitting &splitting) {
    row(splitting.kick);
    row(splitting.drift);
    digest.addAll(splitting.positions);
  }
  void operator()(const TwoStep &method) { digest.add(std::uint64_t(method.kind)); }
};

std::string digestOf(const Method &method) {
  MethodDigest all;
  all.digest.add(std::uint64_t(method.data.index()));
  all.digest.add(std::uint64_t(method.order));
  all.digest.add(std::uint64_t(method.errorOrder));
  all.digest.add(std::uint64_t(method.interpolantOrder));
  std::visit(all, method.data);
  return all.digest.text();
}

std::string controlOf(const Signature &signature) {
  std::string text = signature.control;
  if (signature.control == "pid")
    text += fmt::format(", norm {}", signature.norm);
#define LEAF_INPUT(kind, flag, member, noun, fallback, least)                                      \
  if (signature.flag)                                                                              \
    text += fmt::format(", {} per leaf", noun);
#include "compiler/LeafInputs.def"
  if (signature.clip)
    text += ", steps that end at given times";
  if (signature.limit)
    text += ", limited by an expression";
  return text;
}

std::string saveOf(const Signature &signature) {
  constexpr const char *kinds[] = {"ends", "times", "steps", "times and steps", "dense"};
  return kinds[std::size_t(signature.save)];
}

/// Which emission `auto` means depends on the time that it may take.
std::string stagesOf(const Signature &signature, const CompileOptions &options) {
  return signature.stages == "auto" ? fmt::format("auto within {} ms", options.budget)
                                    : signature.stages;
}

std::string eventsOf(const Signature &signature) {
  std::vector<std::string_view> directions;
  for (const Event &event : signature.events)
    directions.push_back(directionNames[std::size_t(event.direction)]);
  return directions.empty() ? "none" : fmt::format("{}", fmt::join(directions, ", "));
}

struct RowText {
  const char *name, *what;
};
constexpr RowText rows[] = {
#define KEY_FIELD(name, what, values, shown) {#name, what},
#include "Key.def"
};

/// What of one field differs.
std::string fieldDifference(const RowText &row, const KeyField &old, const KeyField &now) {
  if (std::string_view(row.what) != "shape of")
    return fmt::format("{} {} -> {}", row.what, fmt::join(old.shown, " "),
                       fmt::join(now.shown, " "));
  if (old.values.size() != now.values.size())
    return fmt::format("{} of {} -> {} leaves", row.name, old.values.size(), now.values.size());
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < now.values.size(); ++i)
    if (old.values[i] != now.values[i])
      parts.push_back(
          fmt::format("shape of '{}' {} -> {}", now.names[i], old.shown[i], now.shown[i]));
  return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace

Key makeKey(const Problem &problem, const CanonicalGraph &graph, const CompileOptions &options) {
  const Problem &p = problem;
  const Signature &s = problem.signature;
  const CanonicalGraph &g = graph;
  const CompileOptions &c = options;
  Key key;
  auto add = [&](std::string_view row, std::vector<std::string> values,
                 std::vector<std::string> shown) {
    std::vector<std::string> names;
    if (row == "state")
      for (const Leaf &leaf : s.state)
        names.push_back(leaf.name);
    if (row == "arguments")
      for (const Argument &argument : s.arguments)
        names.push_back(argument.leaf.name);
    key.fields.push_back({std::move(values), std::move(shown), std::move(names)});
  };
#define KEY_FIELD(name, what, texts, shown)                                                        \
  {                                                                                                \
    const std::vector<std::string> values = texts;                                                 \
    add(#name, values, shown);                                                                     \
  }
#include "Key.def"
  key.digest = digestOf(key.fields);
  return key;
}

Digest digestOf(const std::vector<KeyField> &fields) {
  Digest digest;
  for (const KeyField &field : fields) {
    digest.add(std::uint64_t(field.values.size()));
    for (const std::string &value : field.values)
      digest.add(std::string_view(value));
  }
  return digest;
}

bool isComplete(const Key &key) {
  if (key.fields.size() != std::size(rows))
    return false;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const KeyField &field = key.fields[i];
    if (std::string_view(rows[i].what) == "shape of" &&
        (field.shown.size() != field.values.size() || field.names.size() != field.values.size()))
      return false;
  }
  return true;
}

std::vector<std::string> textsOf(const Key &key) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const KeyField &field = key.fields[i];
    if (std::string_view(rows[i].what) != "shape of") {
      texts.push_back(fmt::format("{} {}", rows[i].what, fmt::join(field.shown, " ")));
      continue;
    }
    for (std::size_t leaf = 0; leaf < field.names.size(); ++leaf)
      texts.push_back(fmt::format("shape of '{}' {}", field.names[leaf], field.shown[leaf]));
  }
  return texts;
}

int distance(const Key &old, const Key &now) {
  int count = 0;
  for (std::size_t i = 0; i < now.fields.size(); ++i)
    count += old.fields[i].values != now.fields[i].values;
  return count;
}

std::string difference(const Key &old, const Key &now) {
  std::vector<std::string> parts;
  bool shapes = false;
  for (std::size_t i = 0; i < now.fields.size(); ++i) {
    const bool differs = old.fields[i].values != now.fields[i].values;
    const std::string_view name = rows[i].name;
    // A field of other shapes is another structure: that much follows.
    if (!differs || (shapes && name == "field"))
      continue;
    shapes |= name == "state" || name == "arguments";
    parts.push_back(fieldDifference(rows[i], old.fields[i], now.fields[i]));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace deq
