// Elaboration of a whole field: leaves, then statements in the order of their use.
// A statement in error leaves a hole that costs no second message, so that all errors come in one
// run.
#include "Elaborate.h"

#include <fmt/format.h>

namespace deq {

namespace {

class FieldElaborator {
public:
  FieldElaborator(const FieldSyntax &field, const FieldNames &names, const Statics &statics,
                  FieldGraph &graph, Diagnostics &diagnostics, Budget *budget)
      : field(field), names(names), graph(graph), elaborator(graph, diagnostics, "", budget) {
    for (const auto &[name, value] : statics)
      declare(name, Entity::Kind::constant).integer = value;
  }

  bool run() {
    graph.name = field.name.text;
    graph.at = field.name.at;
    declare(field.time.text, Entity::Kind::value).node =
        elaborator.builder.leaf(Op::time, 0, {}, field.time.at);
    for (const Declaration &leaf : field.state)
      declareLeaf(leaf, Op::state, graph.state);
    for (const Declaration &parameter : field.parameters)
      if (!parameter.isStatic)
        declareLeaf(parameter, Op::argument, graph.arguments);
    checkWidth();
    if (elaborator.failed) // shapes are unknown: every statement would complain
      return false;
    declareLocals();
    graph.derivatives.assign(field.state.size(), noNode);
    for (int statement : names.order)
      elaborate(statement);
    return !elaborator.failed;
  }

  /// After `run`: derivatives and locals are known.
  bool elaborate(const Observables &observables) {
    for (std::size_t kind = 0; kind < Observable::kinds; ++kind)
      for (const Expr *expression : observables.lists[kind]) {
        NodeId node = kind == Observable::events
                          ? elaborator.elaborate(*expression, elaborator.root)
                          : elaborator.elaborateNumber(*expression, elaborator.root);
        graph.observables[kind].push_back(node);
        if (kind != Observable::saved)
          requireScalar(*expression, node);
      }
    return !elaborator.failed;
  }

private:
  void requireScalar(const Expr &expression, NodeId node) {
    if (node != noNode && !elaborator.builder.shape(node).empty())
      elaborator.fail(Id::expected_scalar, expression.at,
                      fmt::format("expected a scalar, got shape {}",
                                  shapeText(elaborator.builder.shape(node))));
  }

  Entity &declare(const std::string &name, Entity::Kind kind) {
    Entity &entity = elaborator.root.names[name];
    entity.kind = kind;
    return entity;
  }

  void declareLeaf(const Declaration &leaf, Op op, std::vector<Leaf> &list) {
    Shape shape;
    for (const ExprPtr &extent : leaf.shape) {
      auto value = elaborator.elaborateStatic(*extent, elaborator.root);
      if (value && *value < 1)
        elaborator.fail(Id::extent, extent->at,
                        fmt::format("expected an extent of at least 1, got {}", *value));
      elaborator.failed |= !value; // perhaps of a name that is reported already
      shape.push_back(value.value_or(1));
    }
    if (shape.size() > maxAxes) {
      elaborator.fail(Id::too_many_axes, leaf.name.at,
                      fmt::format("expected at most {} axes in '{}', got {}", maxAxes,
                                  leaf.name.text, shape.size()));
      shape.resize(maxAxes);
    }
    if (scalars(shape) > maxScalars)
      elaborator.fail(Id::array_too_large, leaf.name.at,
                      fmt::format("expected at most {} scalars in '{}', got shape {}", maxScalars,
                                  leaf.name.text, shapeText(shape)));
    NodeId node =
        elaborator.builder.leaf(op, static_cast<std::int64_t>(list.size()), shape, leaf.name.at);
    list.push_back({leaf.name.text, shape});
    declare(leaf.name.text, Entity::Kind::value).node = node;
  }

  void checkWidth() {
    std::int64_t width = 0;
    for (const Leaf &leaf : graph.state)
      width += scalars(leaf.shape);
    if (width > maxScalars && !elaborator.failed)
      elaborator.fail(
          Id::array_too_large, field.name.at,
          fmt::format("expected a state of at most {} scalars, got {}", maxScalars, width));
  }

  /// Locals are known from the start, without an expression until their turn comes.
  void declareLocals() {
    for (const Statement &statement : field.statements)
      if (statement.kind == Statement::Kind::local && !isLeaf(statement.name.text))
        declare(statement.name.text, Entity::Kind::definition);
  }

  bool isLeaf(const std::string &name) const { return elaborator.root.names.count(name) > 0; }

  void elaborate(int index) {
    const Statement &statement = field.statements[index];
    if (!statement.value)
      return;
    if (statement.kind == Statement::Kind::local)
      elaborateLocal(statement);
    else if (statement.kind == Statement::Kind::derivative)
      elaborateDerivative(statement, index);
    else if (!isLeaf(statement.name.text)) // a recursive one has no place in the order
      declare(statement.name.text, Entity::Kind::function).function = &statement;
  }

  void elaborateLocal(const Statement &statement) {
    Entity &entity = elaborator.root.names[statement.name.text];
    if (entity.kind != Entity::Kind::definition)
      return; // a clash, reported
    entity.expression = statement.value.get();
    entity.scope = &elaborator.root;
    entity.reading = elaborator.reading(*statement.value, elaborator.root);
    if (entity.reading == Reading::integer)
      return; // a hidden argument only where it is used as a number
    if (entity.reading == Reading::index) {
      entity.indexed = true;
      entity.index = elaborator.elaborateIndex(*statement.value, elaborator.root);
      return;
    }
    entity.elaborated = true;
    entity.node = elaborator.elaborate(*statement.value, elaborator.root);
  }

  void elaborateDerivative(const Statement &statement, int index) {
    auto found = names.symbols.find(statement.name.text);
    bool defines = found != names.symbols.end() && found->second.kind == Symbol::Kind::state &&
                   names.derivatives[found->second.index] == index;
    NodeId node = elaborator.elaborateNumber(*statement.value, elaborator.root);
    if (!defines || node == noNode)
      return;
    const Shape &expected = graph.state[found->second.index].shape;
    const Shape &got = elaborator.builder.shape(node);
    if (got != expected) {
      elaborator.failShapes(Id::shape_mismatch, statement.name.at,
                            fmt::format("expected the shape of '{}', {}, got {}",
                                        statement.name.text, shapeText(expected), shapeText(got)),
                            elaborator.root.names[statement.name.text].node, node);
      return;
    }
    graph.derivatives[found->second.index] = node;
    elaborator.derivatives[statement.name.text] = node;
  }

  const FieldSyntax &field;
  const FieldNames &names;
  FieldGraph &graph;
  Elaborator elaborator;
};

} // namespace

std::optional<FieldGraph> elaborateField(const FieldSyntax &field, const FieldNames &names,
                                         const Statics &statics, Diagnostics &diagnostics,
                                         Budget *budget, const Observables &observables) {
  FieldGraph graph;
  FieldElaborator elaborator(field, names, statics, graph, diagnostics, budget);
  if (!elaborator.run() || !elaborator.elaborate(observables))
    return std::nullopt;
  for (NodeId derivative : graph.derivatives)
    if (derivative == noNode)
      return std::nullopt; // its statement is missing or in error, reported
  return graph;
}

namespace {
/// Those that the expression uses: a field may have very many, and very many values.
void declareStatics(Elaborator &elaborator, const Statics &statics, const Expr &expression) {
  if (auto found = statics.find(expression.name); found != statics.end()) {
    Entity &entity = elaborator.root.names[expression.name];
    entity.kind = Entity::Kind::constant;
    entity.integer = found->second;
  }
  for (const ExprPtr &part : expression.parts)
    declareStatics(elaborator, statics, *part);
  for (const Subscript &entry : expression.subscripts) {
    declareStatics(elaborator, statics, *entry.index);
    if (entry.stop)
      declareStatics(elaborator, statics, *entry.stop);
  }
}
} // namespace

std::optional<Tensor> evaluateValue(const Expr &expression, const Statics &statics,
                                    Diagnostics &diagnostics, const std::string &prefix,
                                    Budget *budget, DataFiles *files) {
  FieldGraph graph;
  graph.at = expression.at;
  Elaborator elaborator(graph, diagnostics, prefix, budget, files);
  declareStatics(elaborator, statics, expression);
  NodeId node = elaborator.elaborateNumber(expression, elaborator.root);
  if (node == noNode || !elaborator.spend(evaluationSteps(graph, node), expression.at))
    return std::nullopt;
  return evaluate(graph, node);
}

std::optional<std::int64_t> evaluateStatic(const Expr &expression, const Statics &statics,
                                           Diagnostics &diagnostics, const std::string &prefix,
                                           Budget *budget) {
  FieldGraph graph;
  graph.at = expression.at;
  Elaborator elaborator(graph, diagnostics, prefix, budget);
  declareStatics(elaborator, statics, expression);
  return elaborator.elaborateStatic(expression, elaborator.root);
}

} // namespace deq
