// Stop clauses to rows of the signature.
// Whether a condition is a number or a truth value shows only when it is elaborated, so directions
// are checked against that where the code is made.
#include "LoadEvents.h"
#include "Names.h"

#include <fmt/format.h>

namespace deq {

namespace {

class EventLoader {
public:
  EventLoader(const SolveSyntax &solve, const ValueScope &scope, Signature &signature,
              Values &values, Observables &observables, Diagnostics &diagnostics)
      : solve(solve), scope(scope), signature(signature), values(values), observables(observables),
        diagnostics(diagnostics), reader(scope, diagnostics) {}

  void run() {
    for (const EventSyntax &event : solve.stops)
      load(event);
  }

private:
  void fail(Id id, Position at, std::string text) { diagnostics.report(id, at, std::move(text)); }

  void load(const EventSyntax &syntax) {
    Event event;
    event.name = syntax.name.text.empty() ? fmt::format("stop{}", signature.events.size())
                                          : syntax.name.text;
    auto [first, fresh] = places.try_emplace(event.name, syntax.name.at);
    if (!fresh) {
      Diagnostic &error =
          diagnostics.report(Id::defined_twice, syntax.name.at,
                             fmt::format("event '{}' is defined twice", event.name));
      diagnostics.note(error, first->second, "first defined here");
    }
    double tolerance = 0;
    for (const Binding &option : syntax.options)
      loadOption(option, event, tolerance);
    NameChecker checker(scope.names.symbols, scope.field, diagnostics, false);
    if (!checker.check(*syntax.condition))
      return;
    signature.events.push_back(std::move(event));
    values.event_tolerance.push_back(tolerance);
    observables.lists[Observable::events].push_back(syntax.condition.get());
  }

  void loadOption(const Binding &option, Event &event, double &tolerance) {
    const std::string &name = option.name.text;
    if (name == "direction")
      return loadDirection(*option.value, event.direction);
    if (name != "tolerance")
      return fail(Id::unknown_option, option.name.at,
                  fmt::format("'stop' has no option '{}'{}", name,
                              suggestion(name, {"direction", "tolerance"})));
    auto number = reader.number(*option.value);
    if (number && *number < 0)
      fail(Id::option_range, option.value->at,
           fmt::format("expected tolerance of at least 0, got {}", *number));
    tolerance = number.value_or(0);
  }

  void loadDirection(const Expr &value, Direction &direction) {
    constexpr std::pair<std::string_view, Direction> words[] = {
        {"any", Direction::any}, {"up", Direction::up}, {"down", Direction::down}};
    for (auto [word, meaning] : words)
      if (value.form == Form::name && value.name == word) {
        direction = meaning;
        return;
      }
    fail(Id::expected_word, value.at, "expected 'up', 'down' or 'any'");
  }

  const SolveSyntax &solve;
  const ValueScope &scope;
  Signature &signature;
  Values &values;
  Observables &observables;
  Diagnostics &diagnostics;
  ValueReader reader;
  std::map<std::string, Position> places;
};

} // namespace

void loadEvents(const SolveSyntax &solve, const ValueScope &scope, Signature &signature,
                Values &values, Observables &observables, Diagnostics &diagnostics) {
  EventLoader(solve, scope, signature, values, observables, diagnostics).run();
}

void checkDirections(const Signature &signature, const Observables &observables,
                     const FieldGraph &graph, Diagnostics &diagnostics) {
  const std::vector<NodeId> &events = graph.observables[Observable::events];
  for (std::size_t i = 0; i < events.size(); ++i)
    if (graph.nodes[events[i]].kind == Kind::boolean &&
        signature.events[i].direction != Direction::any)
      diagnostics.report(Id::expected_number, observables.lists[Observable::events][i]->at,
                         "expected a number that crosses zero, since a direction is given, got a "
                         "condition");
}

} // namespace deq
