// The text form of signatures and values: one record per string, a word and its operands ("state q
// 7 2"). A dumped stage carries these records as an attribute, so they are readable, exact, and
// never trusted when read back.
#include "Signature.h"
#include "TextRecord.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string_view>
#include <tuple>

namespace deq {

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double mostEvaluations = 1 << 20;

// Spellings, in the order of the enumerators.
constexpr std::string_view kindNames[] = {"uniform", "trajectory", "memory", "linear", "cubic"};
constexpr std::string_view saveKindNames[] = {"end", "times", "steps", "times_and_steps", "dense"};
constexpr std::string_view planNames[] = {"start", "end", "every", "at", "steps", "dense"};
constexpr std::string_view controlNames[] = {"pid", "constant"};

template <class Enum, std::size_t n>
std::string_view spelled(const std::string_view (&names)[n], Enum value) {
  return names[static_cast<std::size_t>(value)];
}

/// Position in kindNames. A table is spelled by its degree, because its kind is always memory.
std::size_t kindOf(const Argument &argument) {
  return argument.degree == 3 ? 4 : argument.degree == 1 ? 3 : std::size_t(argument.kind);
}
std::pair<ArgumentKind, int> kindAt(std::size_t position) {
  const int degrees[] = {-1, -1, -1, 1, 3};
  return {ArgumentKind(std::min<std::size_t>(position, 2)), degrees[position]};
}

/// The records that hold one thing each, in the order of printing: word, member, and the values it
/// may take. Both directions of the codec walk these lists.
template <class S, class Visit> void visitRecords(S &s, Visit &&visit) {
  visit("solve", s.solve);
  visit("field", s.field);
  visit("dtype", s.dtype, dtypeNames);
  visit("literals", s.literals, 0, inf);
  visit("method", s.method);
  visit("control", s.control, controlNames);
  visit("norm", s.norm);
#define LEAF_INPUT(kind, flag, member, noun, fallback, least) visit(#flag, s.flag, 0, 1);
#include "LeafInputs.def"
  visit("stages", s.stages, emissions);
  visit("save", s.save, saveKindNames);
  visit("saved", s.saved);
  visit("clip", s.clip, 0, 1);
  visit("limit", s.limit, 0, 1);
  visit("identity", s.identity);
  visit("error_order", s.error_order, 1, 1000);
  visit("evaluations_per_step", s.evaluations_per_step, 0, mostEvaluations);
  visit("evaluations_per_row_step", s.evaluations_per_row_step, 0, mostEvaluations);
  visit("evaluations_at_start", s.evaluations_at_start, 0, mostEvaluations);
  visit("workspace_slots", s.workspace_slots, 0, std::int64_t(1) << 32);
}

template <class V, class Visit> void visitValueRecords(V &v, Visit &&visit) {
  visit("t0", v.t0, -largest, largest);
  visit("t1", v.t1, -largest, largest);
  visit("dt", v.dt, 0, largest);
  visit("rtol", v.pid.rtol, 0, inf);
  visit("atol", v.pid.atol, 0, inf);
#define LEAF_INPUT(kind, flag, member, noun, fallback, least) visit(#flag, v.member);
#include "LeafInputs.def"
  visit("pcoeff", v.pid.pcoeff, -largest, largest);
  visit("icoeff", v.pid.icoeff, -largest, largest);
  visit("dcoeff", v.pid.dcoeff, -largest, largest);
  visit("safety", v.pid.safety, 0, largest);
  visit("factor_min", v.pid.factor_min, 0, largest);
  visit("factor_max", v.pid.factor_max, 0, inf);
  visit("dt_min", v.pid.dt_min, 0, largest);
  visit("dt_max", v.pid.dt_max, 0, inf);
  visit("force_dt_min", v.pid.force_dt_min, 0, 1);
  visit("max_steps", v.max_steps, 0, inf);
  visit("step_at", v.step_at);
  visit("jump_at", v.jump_at);
  visit("step_to", v.step_to);
  visit("event_tolerance", v.event_tolerance);
  visit("y0", v.y0);
  visit("arguments", v.arguments);
  visit("literals", v.literals);
}

//===-- Writing
//---------------------------------------------------------------------------------===//

/// Seventeen digits identify a double; all NaNs are one.
std::string number(double x) { return std::isnan(x) ? "nan" : fmt::format("{:.17g}", x); }

std::string joined(std::string text, const std::vector<double> &values) {
  for (double x : values)
    text += " " + number(x);
  return text;
}

std::string joined(std::string text, const std::vector<std::int64_t> &numbers) {
  for (std::int64_t n : numbers)
    text += fmt::format(" {}", n);
  return text;
}

/// Appends a record per visited member.
struct Writer {
  std::vector<std::string> records;

  void operator()(std::string_view word, const std::string &name) {
    if (!name.empty())
      add("{} {}", word, name);
  }
  void operator()(std::string_view word, const std::vector<double> &values) {
    records.push_back(joined(std::string(word), values));
  }
  void operator()(std::string_view word, const std::vector<std::int64_t> &numbers) {
    if (!numbers.empty())
      records.push_back(joined(std::string(word), numbers));
  }
  void operator()(std::string_view word, double x, double, double) {
    add("{} {}", word, number(x));
  }
  template <std::integral Integer>
  void operator()(std::string_view word, Integer n, double, double) {
    add("{} {}", word, static_cast<std::int64_t>(n));
  }
  template <class Value, std::size_t n>
  void operator()(std::string_view word, const Value &value, const std::string_view (&names)[n]) {
    if constexpr (std::is_enum_v<Value>)
      add("{} {}", word, spelled(names, value));
    else
      add("{} {}", word, value);
  }

  void save(std::string_view word, const SavePlan &plan) {
    const std::string head = fmt::format("{} {}", word, spelled(planNames, plan.kind));
    if (plan.kind == SavePlan::Kind::every)
      add("{} {}", head, number(plan.h));
    else if (plan.kind == SavePlan::Kind::steps)
      add("{} {}", head, plan.n);
    else
      records.push_back(plan.kind == SavePlan::Kind::at ? joined(head, plan.times) : head);
  }

private:
  template <class... Parts> void add(fmt::format_string<Parts...> format, Parts &&...parts) {
    records.push_back(fmt::format(format, std::forward<Parts>(parts)...));
  }
};

//===-- Reading
//---------------------------------------------------------------------------------===//

SavePlan readPlan(Record &record) {
  SavePlan plan;
  plan.kind = static_cast<SavePlan::Kind>(record.choice(planNames));
  if (plan.kind == SavePlan::Kind::every)
    plan.h = record.real(std::numeric_limits<double>::denorm_min(), largest);
  else if (plan.kind == SavePlan::Kind::steps)
    plan.n = record.integer(1, inf);
  else if (plan.kind == SavePlan::Kind::at)
    plan.times = record.reals();
  if (!std::all_of(plan.times.begin(), plan.times.end(), [](double t) { return std::isfinite(t); }))
    record.fail("expected finite times");
  auto ordered = [&](auto disorder) {
    return std::adjacent_find(plan.times.begin(), plan.times.end(), disorder) == plan.times.end();
  };
  if (!ordered(std::greater_equal<>()) && !ordered(std::less_equal<>()))
    record.fail("expected increasing or decreasing times");
  return plan;
}

/// Reads a record into the visited member of the same word.
struct Reader {
  Record &record;
  bool known = false;

  template <class Member, class... Limits>
  void operator()(std::string_view word, Member &member, const Limits &...limits) {
    if (word != record.key)
      return;
    known = true;
    read(member, limits...);
  }

private:
  void read(std::string &name) { name = record.name(); }
  void read(std::vector<double> &values) { values = record.reals(); }
  void read(std::vector<std::int64_t> &values) { values = record.integers(); }
  void read(double &x, double least, double most) { x = record.real(least, most); }
  template <std::integral Integer> void read(Integer &n, double least, double most) {
    n = static_cast<Integer>(record.integer(least, most));
  }
  template <class Value, std::size_t n>
  void read(Value &value, const std::string_view (&names)[n]) {
    if constexpr (std::is_enum_v<Value>)
      value = static_cast<Value>(record.choice(names));
    else
      value = names[record.choice(names)];
  }
};

/// Hands each record to `read`, which returns false for a word it does not know. Only the words in
/// `repeatable` may occur twice; all of `required` must occur.
template <class Read>
bool readRecords(const std::vector<std::string> &records, std::string &error,
                 const std::set<std::string_view> &repeatable,
                 const std::set<std::string_view> &required, Read read) {
  std::set<std::string_view> seen;
  for (const std::string &text : records) {
    Record record(text);
    if (!record.failed() && !read(record))
      record.fail("unknown word");
    record.finish();
    if (!seen.insert(record.key).second && !repeatable.count(record.key))
      record.fail("given twice");
    if (record.failed()) {
      error = record.message();
      return false;
    }
  }
  for (std::string_view word : required)
    if (!seen.count(word)) {
      error = fmt::format("no record '{}'", word);
      return false;
    }
  return true;
}

} // namespace

std::vector<std::string> encode(const Signature &signature) {
  Writer writer;
  visitRecords(signature, writer);
  for (const Leaf &leaf : signature.state)
    writer.records.push_back(joined(fmt::format("state {}", leaf.name), leaf.shape));
  for (const Argument &argument : signature.arguments)
    writer.records.push_back(
        joined(fmt::format("argument {} {}", argument.leaf.name, kindNames[kindOf(argument)]),
               argument.leaf.shape));
  for (const Event &event : signature.events)
    writer.records.push_back(
        fmt::format("event {} {}", event.name, spelled(directionNames, event.direction)));
  for (const Leaf &leaf : signature.observed)
    writer.records.push_back(joined(fmt::format("observed {}", leaf.name), leaf.shape));
  for (const NamedPlan &plan : signature.plans)
    writer.records.push_back(joined(fmt::format("plan {}", plan.name), plan.leaves));
  return writer.records;
}

std::vector<std::string> encode(const Values &values) {
  Writer writer;
  visitValueRecords(values, writer);
  writer.save("save", values.save);
  for (const SavePlan &plan : values.plans)
    writer.save("plan", plan);
  return writer.records;
}

namespace {
/// A record of which there may be any number; false if it is another.
bool readRepeated(Record &record, Signature &signature) {
  if (record.key == "state" || record.key == "observed") {
    const bool state = record.key == "state";
    Leaf &leaf = (state ? signature.state : signature.observed).emplace_back();
    leaf.name = record.name();
    leaf.shape = record.shape();
  } else if (record.key == "argument") {
    Argument &argument = signature.arguments.emplace_back();
    argument.leaf.name = record.name();
    std::tie(argument.kind, argument.degree) = kindAt(record.choice(kindNames));
    argument.leaf.shape = record.shape();
  } else if (record.key == "plan") {
    NamedPlan &plan = signature.plans.emplace_back();
    plan.name = record.name();
    plan.leaves = record.integers();
  } else if (record.key == "event") {
    Event &event = signature.events.emplace_back();
    event.name = record.name();
    event.direction = static_cast<Direction>(record.choice(directionNames));
  } else {
    return false;
  }
  return true;
}
} // namespace

std::optional<Signature> decodeSignature(const std::vector<std::string> &records,
                                         std::string &error) {
  Signature signature;
  const bool good = readRecords(records, error, {"state", "observed", "argument", "plan", "event"},
                                {"solve", "field", "state"}, [&](Record &record) {
                                  if (readRepeated(record, signature))
                                    return true;
                                  Reader reader{record};
                                  visitRecords(signature, reader);
                                  return reader.known;
                                });
  if (good)
    error = contradiction(signature);
  if (!good || !error.empty())
    return std::nullopt;
  return signature;
}

std::optional<Values> decodeValues(const std::vector<std::string> &records, std::string &error) {
  Values values;
  const bool good = readRecords(records, error, {"plan"}, {}, [&](Record &record) {
    if (record.key == "save") {
      values.save = readPlan(record);
      return true;
    }
    if (record.key == "plan") {
      values.plans.push_back(readPlan(record));
      return true;
    }
    Reader reader{record};
    visitValueRecords(values, reader);
    return reader.known;
  });
  if (!good)
    return std::nullopt;
  return values;
}

} // namespace deq
