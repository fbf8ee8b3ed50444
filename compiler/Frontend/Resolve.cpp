// Declares the names of a field, checks its statements and orders them by use.
// The order is found without recursion: a chain of a hundred thousand locals must not exhaust the
// stack.
#include "Resolve.h"
#include "Names.h"

#include <fmt/format.h>

namespace deq {

const char *describe(Symbol::Kind kind) {
  switch (kind) {
  case Symbol::Kind::time:
    return "the time";
  case Symbol::Kind::state:
    return "a state leaf";
  case Symbol::Kind::argument:
    return "an argument";
  case Symbol::Kind::constant:
    return "a static";
  case Symbol::Kind::local:
    return "a local";
  case Symbol::Kind::function:
    return "a local function";
  }
  return "";
}

namespace {

class Resolver {
public:
  Resolver(const FieldSyntax &field, Diagnostics &diagnostics, std::set<std::string> used)
      : field(field), diagnostics(diagnostics), mentions(std::move(used)) {}

  FieldNames run() {
    declareHeader();
    declareStatements();
    checkHeader();
    checkStatements();
    order();
    warnUnused();
    return std::move(names);
  }

private:
  void declare(const Name &name, Symbol::Kind kind, int index) {
    if (isBuiltinName(name.text)) {
      diagnostics.report(Id::name_clash, name.at,
                         fmt::format("'{}' is already the name of a builtin", name.text));
      return;
    }
    auto [place, fresh] = names.symbols.try_emplace(name.text, Symbol{kind, name.at, index});
    if (fresh)
      return;
    const Symbol &other = place->second;
    std::string hint = kind == Symbol::Kind::local && other.kind == Symbol::Kind::state
                           ? fmt::format("; its derivative is written \"{}'\"", name.text)
                           : "";
    Diagnostic &error = diagnostics.report(
        Id::name_clash, name.at,
        fmt::format("'{}' is already the name of {}{}", name.text, describe(other.kind), hint));
    diagnostics.note(error, other.at, "declared here");
  }

  void declareHeader() {
    declare(field.time, Symbol::Kind::time, 0);
    for (std::size_t i = 0; i < field.state.size(); ++i)
      declare(field.state[i].name, Symbol::Kind::state, static_cast<int>(i));
    for (std::size_t i = 0; i < field.parameters.size(); ++i) {
      const Declaration &parameter = field.parameters[i];
      declare(parameter.name, parameter.isStatic ? Symbol::Kind::constant : Symbol::Kind::argument,
              static_cast<int>(i));
    }
    if (field.state.empty())
      diagnostics.report(
          Id::no_state, field.name.at,
          fmt::format("field '{}' has no state; its leaves follow the time after ';'",
                      field.name.text));
  }

  void declareStatements() {
    names.derivatives.assign(field.state.size(), -1);
    for (std::size_t i = 0; i < field.statements.size(); ++i) {
      const Statement &statement = field.statements[i];
      int index = static_cast<int>(i);
      if (statement.kind == Statement::Kind::derivative)
        declareDerivative(statement, index);
      else
        declare(statement.name,
                statement.kind == Statement::Kind::local ? Symbol::Kind::local
                                                         : Symbol::Kind::function,
                index);
    }
    for (std::size_t i = 0; i < field.state.size(); ++i) {
      const Name &leaf = field.state[i].name;
      auto declared = names.symbols.find(leaf.text);
      bool owner = declared != names.symbols.end() &&
                   declared->second.kind == Symbol::Kind::state &&
                   declared->second.index == static_cast<int>(i);
      if (owner && names.derivatives[i] < 0)
        failMissing(leaf);
    }
  }

  void failMissing(const Name &leaf) {
    Diagnostic &error =
        diagnostics.report(Id::missing_derivative, leaf.at,
                           fmt::format("no derivative of '{}', expected a statement \"{}' = ..\"",
                                       leaf.text, leaf.text));
    for (const char *form : {"d{}", "d{}dt", "{}dot", "{}_dot"}) {
      auto meant = names.symbols.find(fmt::format(fmt::runtime(form), leaf.text));
      if (meant != names.symbols.end() && meant->second.kind == Symbol::Kind::local)
        diagnostics.note(error, meant->second.at,
                         fmt::format("a derivative is written \"{}'\"", leaf.text));
    }
  }

  void declareDerivative(const Statement &statement, int index) {
    const Name &name = statement.name;
    auto found = names.symbols.find(name.text);
    if (found == names.symbols.end() || found->second.kind != Symbol::Kind::state) {
      if (diagnostics.full())
        return;
      std::vector<std::string> leaves;
      for (std::size_t i = 0; i < std::min(field.state.size(), maxSuggestions); ++i)
        leaves.push_back(field.state[i].name.text);
      diagnostics.report(
          Id::not_a_leaf, name.at,
          fmt::format("'{}' is no leaf of the state{}", name.text, suggestion(name.text, leaves)));
      return;
    }
    int &slot = names.derivatives[found->second.index];
    if (slot >= 0) {
      Diagnostic &error =
          diagnostics.report(Id::defined_twice, name.at,
                             fmt::format("the derivative of '{}' is defined twice", name.text));
      diagnostics.note(error, field.statements[slot].name.at, "first defined here");
      return;
    }
    slot = index;
  }

  void checkHeader() {
    NameChecker checker(names.symbols, field, diagnostics, true);
    auto checkDeclaration = [&](const Declaration &declaration) {
      for (const ExprPtr &extent : declaration.shape)
        checker.check(*extent);
      if (declaration.value)
        checker.check(*declaration.value);
    };
    for (const Declaration &leaf : field.state)
      checkDeclaration(leaf);
    for (const Declaration &parameter : field.parameters)
      checkDeclaration(parameter);
    mentions.merge(checker.mentions);
  }

  void checkStatements() {
    uses.resize(field.statements.size());
    for (std::size_t i = 0; i < field.statements.size(); ++i) {
      const Statement &statement = field.statements[i];
      if (!statement.value || diagnostics.full())
        continue;
      NameChecker checker(names.symbols, field, diagnostics, false);
      for (const Name &parameter : statement.parameters)
        checker.declare(parameter, "a parameter");
      checker.check(*statement.value);
      mentions.merge(checker.mentions);
      for (const std::string &name : checker.uses)
        uses[i].push_back(names.symbols.at(name).index);
      for (const std::string &name : checker.derivativeUses)
        if (int used = names.derivatives[names.symbols.at(name).index]; used >= 0)
          uses[i].push_back(used);
    }
  }

  /// A statement whose uses are being followed. `cycle` is the lowest place in the stack that a
  /// cycle through this one or through those above it goes back to.
  struct Open {
    int statement;
    std::size_t next = 0;
    std::size_t cycle = SIZE_MAX;
  };

  /// Depth-first, with an explicit stack.
  void order() {
    constexpr std::size_t fresh = SIZE_MAX, done = SIZE_MAX - 1; // else the place in the stack
    std::vector<std::size_t> places(field.statements.size(), fresh);
    std::vector<Open> stack;
    auto push = [&](int statement) {
      places[statement] = stack.size();
      stack.push_back({statement});
    };
    for (std::size_t root = 0; root < places.size(); ++root) {
      if (places[root] == fresh)
        push(static_cast<int>(root));
      while (!stack.empty()) {
        Open &top = stack.back();
        if (top.next < uses[top.statement].size()) {
          int used = uses[top.statement][top.next++];
          if (places[used] == fresh) {
            push(used);
          } else if (places[used] != done) {
            top.cycle = std::min(top.cycle, places[used]);
            reportCycle(stack, places[used]);
          }
          continue;
        }
        Open closed = top;
        stack.pop_back();
        places[closed.statement] = done;
        if (closed.cycle > stack.size()) // not down to this one
          names.order.push_back(closed.statement);
        else if (!stack.empty())
          stack.back().cycle = std::min(stack.back().cycle, closed.cycle);
      }
    }
  }

  /// Only in a file without errors: a slip of a letter would make a name look unused.
  void warnUnused() {
    if (diagnostics.failed() || field.name.at.file != 0)
      return;
    auto warn = [&](const Name &name, const char *what) {
      if (!mentions.count(name.text))
        diagnostics.report(Id::unused_name, name.at,
                           fmt::format("{} '{}' is not used", what, name.text));
    };
    for (const Declaration &parameter : field.parameters)
      warn(parameter.name, parameter.isStatic ? "static" : "argument");
    for (const Statement &statement : field.statements)
      if (statement.kind != Statement::Kind::derivative)
        warn(statement.name, statement.kind == Statement::Kind::local ? "local" : "local function");
  }

  std::string label(int statement) const {
    const Statement &s = field.statements[statement];
    return s.kind == Statement::Kind::derivative ? s.name.text + "'" : s.name.text;
  }

  void reportCycle(const std::vector<Open> &stack, std::size_t place) {
    if (diagnostics.full())
      return;
    constexpr std::size_t shown = 10; // of a longer cycle, its beginning
    std::string path;
    int first = stack[place].statement, function = -1;
    for (std::size_t i = place; i < stack.size(); ++i) {
      int statement = stack[i].statement;
      if (i - place < shown)
        path += label(statement) + " -> ";
      if (function < 0 && field.statements[statement].kind == Statement::Kind::function)
        function = statement;
    }
    path += (stack.size() - place > shown ? ".. -> " : "") + label(first);
    const Statement &at = field.statements[function >= 0 ? function : first];
    const char *problem = function >= 0 ? "function '{}' is recursive: {}"
                          : at.kind == Statement::Kind::derivative
                              ? "the derivative of '{}' depends on itself: {}"
                              : "'{}' depends on itself: {}";
    diagnostics.report(function >= 0 ? Id::recursive_function : Id::cycle, at.name.at,
                       fmt::format(fmt::runtime(problem), at.name.text, path));
  }

  const FieldSyntax &field;
  Diagnostics &diagnostics;
  FieldNames names;
  std::vector<std::vector<int>> uses; ///< statements that each statement uses
  std::set<std::string> mentions;
};

} // namespace

FieldNames resolveNames(const FieldSyntax &field, Diagnostics &diagnostics,
                        std::set<std::string> usedBySolves) {
  return Resolver(field, diagnostics, std::move(usedBySolves)).run();
}

void collectNames(const Expr &expression, std::set<std::string> &names) {
  names.insert(expression.name);
  for (const ExprPtr &part : expression.parts)
    collectNames(*part, names);
  for (const Subscript &entry : expression.subscripts) {
    collectNames(*entry.index, names);
    if (entry.stop)
      collectNames(*entry.stop, names);
  }
}

} // namespace deq
