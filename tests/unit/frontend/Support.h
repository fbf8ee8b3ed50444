// Shared by the front end's tests: load a text, and compare what came of it in one line per message
// or node. Texts of fields are short, so most tests give only the header and the body.
#pragma once

#include "compiler/Frontend/Elaborate.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/Frontend/Names.h"
#include "compiler/Frontend/Parser.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace deq::test {

/// "2:8: unknown name 'a'", notes in lines of their own after "note ". Those of shapes, two
/// per message, are left to tests/error.
inline std::string summary(const Diagnostics &diagnostics, Severity severity = Severity::error) {
  std::string result;
  auto line = [&](const Diagnostic &d, const char *prefix) {
    std::string place =
        d.location.line ? fmt::format("{}:{}: ", d.location.line, d.location.column) : "";
    result += prefix + place + d.text + "\n";
  };
  for (const Diagnostic &d : diagnostics.all()) {
    if (d.severity != severity)
      continue;
    line(d, "");
    for (const Diagnostic &note : d.notes)
      if (!note.text.ends_with(" comes from here"))
        line(note, "note ");
  }
  return result;
}

/// All errors of a whole file.
inline std::string errorsOf(const std::string &text) {
  Diagnostics diagnostics;
  checkSource("test.deq", text, diagnostics);
  return summary(diagnostics);
}

/// All warnings of a whole file that has no error.
inline std::string warningsOf(const std::string &text) {
  Diagnostics diagnostics;
  EXPECT_TRUE(checkSource("test.deq", text, diagnostics)) << summary(diagnostics);
  return summary(diagnostics, Severity::warning);
}

/// Errors of a solve of that file with options of the command line.
inline std::string errorsOf(const std::string &text, const Overrides &overrides) {
  Diagnostics diagnostics;
  auto problem = loadProblem("test.deq", text, overrides, diagnostics);
  EXPECT_EQ(problem.has_value(), !diagnostics.failed());
  return summary(diagnostics);
}

/// A problem that must load.
inline Problem load(const std::string &text, const Overrides &overrides = {}) {
  Diagnostics diagnostics;
  auto problem = loadProblem("test.deq", text, overrides, diagnostics);
  EXPECT_EQ(summary(diagnostics), "") << text;
  return problem.value_or(Problem{});
}

/// The graph of `field f(<header>) { <body> }`; statics need defaults.
inline FieldGraph graphOf(const std::string &header, const std::string &body) {
  Diagnostics diagnostics;
  std::string text = "field f(" + header + ") {\n" + body + "\n}\n";
  FileSyntax syntax = Parser(text, diagnostics).parseFile();
  std::optional<FieldGraph> graph;
  if (syntax.fields.size() == 1) {
    const FieldSyntax &field = syntax.fields[0];
    FieldNames names = resolveNames(field, diagnostics);
    Statics statics;
    for (const Declaration &parameter : field.parameters)
      if (parameter.isStatic)
        statics[parameter.name.text] =
            evaluateStatic(*parameter.value, statics, diagnostics).value_or(0);
    graph = elaborateField(field, names, statics, diagnostics);
  }
  EXPECT_EQ(summary(diagnostics), "") << text;
  return graph.value_or(FieldGraph{});
}

/// A node as an expression: "mul(state0, literal2)"; values of literals and constants are shown.
inline std::string show(const FieldGraph &graph, NodeId id) {
  static const char *const names[] = {
      "time", "state",  "argument", "literal",  "constant", "data",    "broadcast", "neg",
      "add",  "sub",    "mul",      "div",      "call",     "compare", "select",    "and",
      "or",   "not",    "index",    "variable", "iadd",     "isub",    "imul",      "idiv",
      "imod", "toReal", "stack",    "extract",  "slice",    "shift",   "roll",      "concat",
      "sum",  "dot",    "matmul",   "norm",     "generate", "sumOver", "fold",      "carried"};
  if (id < 0 || id >= static_cast<NodeId>(graph.nodes.size()))
    return "<no node>";
  const Node &node = graph.nodes[id];
  std::string name = names[static_cast<int>(node.op)];
  switch (node.op) {
  case Op::time:
    return "t";
  case Op::state:
    return graph.state[node.attr].name;
  case Op::argument:
    return graph.arguments[node.attr].name;
  case Op::literal:
    return fmt::format("#{}:{}", node.attr, graph.literals[node.attr].value);
  case Op::constant:
    return fmt::format("{}", node.value);
  case Op::indexConstant:
    return fmt::format("{}", node.attr);
  case Op::indexVariable:
    return fmt::format("i{}", node.attr);
  case Op::call:
    name = builtins()[node.attr].name;
    break;
  case Op::shift:
  case Op::roll:
    name += fmt::format("<{} axis {}>", node.attr, node.axis);
    break;
  case Op::concat:
    name += fmt::format("<{}>", node.attr);
    break;
  case Op::slice:
    name += fmt::format("<{}>", fmt::join(node.bounds, " "));
    break;
  case Op::compare:
    name = (const char *[]){"lt", "le", "gt", "ge", "eq", "ne"}[node.attr];
    break;
  case Op::carried:
    return fmt::format("v{}", node.attr);
  case Op::generate:
  case Op::sumOver:
  case Op::fold: {
    const Region &region = graph.regions[node.attr];
    return fmt::format("{}<i{} {}..{}{}>({}{})", name, node.attr, region.lower, region.upper,
                       region.filter == noNode ? "" : " if " + show(graph, region.filter),
                       node.op == Op::fold ? show(graph, node.operands[0]) + ", " : "",
                       show(graph, region.result));
  }
  default:
    break;
  }
  std::vector<std::string> operands;
  for (NodeId operand : node.operands)
    operands.push_back(show(graph, operand));
  return fmt::format("{}({})", name, fmt::join(operands, ", "));
}

/// The first derivative of a field, shown.
inline std::string derivative(const std::string &header, const std::string &body) {
  FieldGraph graph = graphOf(header, body);
  return graph.derivatives.empty() ? "" : show(graph, graph.derivatives[0]);
}

} // namespace deq::test
