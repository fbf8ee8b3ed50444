// Calls the callable of a traced field, once per shape of its leaves, and keeps what it recorded.
#include "FieldSource.h"
#include "Trace.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mutex>
#include <numeric>

namespace deq {

namespace {

std::string listed(const std::vector<Declared> &names) {
  std::vector<std::string> list;
  for (const Declared &declared : names)
    list.push_back(declared.name);
  return list.empty() ? "none" : fmt::format("{}", fmt::join(list, ", "));
}

/// The rows of one array as derivatives of scalar leaves. Those of a stack are what was stacked.
std::vector<NodeId> splitRows(Trace &trace, NodeId array, const std::vector<Leaf> &state,
                              const Place &at) {
  GraphBuilder &builder = trace.operations().builder;
  const Node node = builder.node(array);
  const Shape expected = {static_cast<std::int64_t>(state.size())};
  const bool scalarsOnly =
      std::all_of(state.begin(), state.end(), [](const Leaf &leaf) { return leaf.shape.empty(); });
  if (!scalarsOnly || node.shape != expected)
    throwError(ApiId::leaf_count, trace.location(array),
               fmt::format("expected one derivative per leaf of field '{}', {} of them, got one "
                           "array of shape {}",
                           trace.field().name, state.size(), shapeText(node.shape)));
  if (node.op == Op::stack)
    return node.operands;
  std::vector<NodeId> rows;
  for (std::int64_t i = 0; i < expected[0]; ++i) {
    const NodeId index = builder.indexConstant(i, trace.position(at));
    rows.push_back(builder.array(Op::extract, {array, index}, {}, trace.position(at)));
  }
  return rows;
}

} // namespace

std::vector<NodeId> Trace::rowsOf(const Derivatives &derivatives, const Place &at) {
  std::vector<NodeId> rows;
  for (const Array &value : derivatives.values)
    rows.push_back(node(value, at));
  if (derivatives.single && graph.state.size() > 1)
    rows = splitRows(*this, rows.front(), graph.state, at);
  if (rows.size() != graph.state.size())
    throwError(ApiId::leaf_count, at,
               fmt::format("expected {} derivatives of field '{}', one per leaf, got {}",
                           graph.state.size(), graph.name, rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (const Shape &got = ops.builder.shape(rows[i]); got != graph.state[i].shape)
      throwError(ApiId::derivative_shape, location(rows[i]),
                 fmt::format("expected the shape of '{}', {}, got {}", graph.state[i].name,
                             shapeText(graph.state[i].shape), shapeText(got)));
  return rows;
}

/// In the order of their names, because the order of calls in an expression is the C++ compiler's.
void Trace::orderParams() {
  const std::size_t declared = graph.arguments.size() - params.size();
  std::sort(params.begin(), params.end(),
            [](const Param &a, const Param &b) { return a.name < b.name; });
  for (std::size_t i = 0; i < params.size(); ++i) {
    graph.arguments[declared + i] = {params[i].name, params[i].shape};
    graph.nodes[params[i].node].attr = std::int64_t(declared + i);
  }
}

HostField Trace::finish(const Derivatives &derivatives, const Place &at) {
  require(!ops.failed);
  graph.derivatives = rowsOf(derivatives, at);
  orderParams();
  HostField field;
  field.graph = canonical(graph).graph;
  field.files = diagnostics.files();
  field.values.resize(graph.arguments.size());
  for (std::size_t i = 0; i < params.size(); ++i)
    field.values[graph.arguments.size() - params.size() + i] = params[i].values;
  return field;
}

namespace {

class TracedField : public Field::Source {
public:
  TracedField(std::string name, Names names, detail::Callable callable, Place at)
      : fieldName(std::move(name)), names(std::move(names)), callable(std::move(callable)), at(at) {
    if (this->names.state.empty())
      throwError(ApiId::declaration, at,
                 fmt::format("expected at least one leaf in the state of field '{}', got none",
                             fieldName));
  }

  const std::string &name() const override { return fieldName; }

  OpenLeaves open(const FieldRequest &request) const override {
    auto among = [&](const std::vector<Declared> &list) {
      std::vector<Declared> result;
      for (const Declared &declared : list)
        if (isOpen(declared) && !request.shapes.count(declared.name))
          result.push_back(declared);
      return result;
    };
    return {among(names.state), among(names.args)};
  }

  std::size_t declared(const Signature &) const override { return names.args.size(); }

  bool mayHaveSpan() const override { return false; }

  Problem problem(const FieldRequest &request, std::vector<Diagnostic> &warnings) const override {
    const Traced field = traced(request);
    warnings.insert(warnings.end(), field.warnings.begin(), field.warnings.end());
    Diagnostics diagnostics;
    const std::vector<std::string> &files = field.field.files;
    diagnostics.setSource(files.front(), "");
    for (std::size_t i = 1; i < files.size(); ++i)
      diagnostics.addSource(files[i], "");
    auto problem = makeProblem(field.field, request.clauses, diagnostics);
    if (!problem)
      throwErrors(diagnostics);
    for (const Diagnostic &warning : diagnostics.all())
      warnings.push_back(quoted(warning));
    return std::move(*problem);
  }

private:
  struct Traced {
    HostField field;
    std::vector<Diagnostic> warnings;
  };

  static bool isOpen(const Declared &declared) {
    return std::find(declared.shape.begin(), declared.shape.end(), any) != declared.shape.end();
  }

  /// The declared shape, with its open extents as the request has them.
  Leaf leafOf(const Declared &declared, const FieldRequest &request) const {
    if (!isOpen(declared))
      return {declared.name, declared.shape};
    const auto given = request.shapes.find(declared.name);
    if (given == request.shapes.end())
      throwError(ApiId::unknown_shape, request.clauses.site,
                 fmt::format("expected the shape of '{}', or its values, to prepare field '{}'",
                             declared.name, fieldName));
    const Shape &shape = given->second;
    bool fits = shape.size() == declared.shape.size();
    for (std::size_t i = 0; fits && i < shape.size(); ++i)
      fits = declared.shape[i] == any || declared.shape[i] == shape[i];
    if (!fits)
      throwError(ApiId::call_values, request.clauses.site,
                 fmt::format("expected {} axes of '{}' as declared, got shape {}",
                             declared.shape.size(), declared.name, shapeText(shape)));
    return {declared.name, shape};
  }

  Traced traced(const FieldRequest &request) const {
    std::vector<Leaf> state, arguments;
    std::vector<Shape> shapes;
    for (const Declared &declared : names.state)
      shapes.push_back(state.emplace_back(leafOf(declared, request)).shape);
    for (const Declared &declared : names.args)
      shapes.push_back(arguments.emplace_back(leafOf(declared, request)).shape);
    const std::lock_guard lock(mutex);
    if (!observesNothing(request.expressions)) // of this preparation alone
      return call(state, arguments, request.expressions);
    auto known = fields.find(shapes);
    if (known == fields.end())
      known = fields.emplace(std::move(shapes), call(state, arguments, {})).first;
    return known->second;
  }

  Traced call(const std::vector<Leaf> &state, const std::vector<Leaf> &arguments,
              const ByObservable<Expression> &expressions) const {
    Trace trace(fieldName, at);
    const Scalar t(trace.time(at), at);
    std::vector<Array> values, given;
    for (const Leaf &leaf : state)
      values.push_back(trace.declare(Op::state, leaf, at));
    for (const Leaf &leaf : arguments)
      given.push_back(trace.declare(Op::argument, leaf, at));
    const Vars y(names.state, std::move(values), "the state");
    const Vars args(names.args, std::move(given), "the arguments");
    const Derivatives derivatives = callable(t, y, args);
    for (std::size_t kind = 0; kind < Observable::kinds; ++kind)
      for (const Expression &expression : expressions[kind])
        trace.observe(Observable::Kind(kind), expression.callable(t, y, args), expression.at);
    HostField field = trace.finish(derivatives, at);
    return {std::move(field), trace.warnings()};
  }

  std::string fieldName;
  Names names;
  detail::Callable callable;
  Place at;
  mutable std::mutex mutex; ///< also of the callable: it is never called twice at once
  mutable std::map<std::vector<Shape>, Traced> fields; ///< by the shapes of all leaves
};

} // namespace

Field detail::makeField(std::string name, Names names, Callable callable, Place at) {
  return Field(
      std::make_shared<TracedField>(std::move(name), std::move(names), std::move(callable), at));
}

const std::string &Field::name() const { return from->name(); }

const Array &Vars::operator[](const detail::LeafKey &key) const {
  if (key.number >= 0 && key.number < std::int64_t(values.size()))
    return values[key.number];
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!key.name.empty() && (*names)[i].name == key.name)
      return values[i];
  const std::string asked =
      key.name.empty() ? fmt::format("number {}", key.number) : fmt::format("'{}'", key.name);
  throwError(ApiId::leaf_key, key.at,
             fmt::format("expected one of {}, {}, got {}", what, listed(*names), asked));
}

void Vars::requireCount(std::size_t count, Place at) const {
  if (count != values.size())
    throwError(ApiId::leaf_count, at,
               fmt::format("expected {} names for {}, {}, got {}", values.size(), what,
                           listed(*names), count));
}

} // namespace deq
