// Writes a solution as one JSON object.
// Keys, their order and the number format are a contract with scripts (docs/cli.md); RapidJSON
// writes to the output without building a document, so that memory does not double.
#include "Formats.h"
#include "JsonStream.h"
#include "Number.h"

#include <fmt/format.h>
#include <rapidjson/writer.h>

namespace deq::cli {

namespace {

class JsonResult {
public:
  JsonResult(const Result &result, JsonStream &stream)
      : result(result), writer(stream), number(result.signature().dtype),
        time(NumberText::ofTimes(result.signature().dtype)) {}
  void write();

private:
  void key(const char *name) { writer.Key(name); }
  void text(const std::string &value);
  void value(double x) { print(number(x)); }
  void timeValue(double t) { print(time(t)); }
  void print(std::string_view digits);
  void milliseconds(double ms);
  void failure();
  void event();
  void times(const Rows &rows);
  void leaves(const Rows &rows, bool expressions);
  void leafRows(const Rows &rows, const Leaf &leaf, std::int64_t offset);
  void plans();
  const double *nested(const Leaf &leaf, std::size_t axis, const double *next);
  void statistics();
  void compile();

  const Result &result;
  rapidjson::Writer<JsonStream> writer;
  NumberText number, time;
};

} // namespace

void JsonResult::text(const std::string &value) {
  writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void JsonResult::print(std::string_view digits) {
  auto size = static_cast<rapidjson::SizeType>(digits.size());
  if (digits.back() >= '0' && digits.back() <= '9')
    writer.RawValue(digits.data(), size, rapidjson::kNumberType);
  else
    writer.String(digits.data(), size);
}

void JsonResult::milliseconds(double ms) {
  std::string digits = fmt::format("{:.6g}", ms);
  writer.RawValue(digits.data(), digits.size(), rapidjson::kNumberType);
}

void JsonResult::failure() {
  const Solution &solution = result.solution;
  if (solution.ok()) {
    writer.Null();
    return;
  }
  writer.StartObject();
  key("t");
  timeValue(solution.failure.t);
  key("step");
  writer.Int64(solution.failure.step);
  key("component");
  text(solution.failure.component);
  writer.EndObject();
}

void JsonResult::event() {
  const EventRecord &event = result.solution.event;
  if (event.index < 0) {
    writer.Null();
    return;
  }
  writer.StartObject();
  key("index");
  writer.Int64(event.index);
  key("name");
  text(event.name);
  key("t");
  timeValue(event.t);
  writer.EndObject();
}

void JsonResult::times(const Rows &rows) {
  writer.StartArray();
  for (double t : rows.t)
    timeValue(t);
  writer.EndArray();
}

/// One element of a leaf, from `axis` on, row-major; returns the first value behind it.
const double *JsonResult::nested(const Leaf &leaf, std::size_t axis, const double *next) {
  if (axis == leaf.shape.size()) {
    value(*next);
    return next + 1;
  }
  writer.StartArray();
  for (std::int64_t i = 0; i < leaf.shape[axis]; ++i)
    next = nested(leaf, axis + 1, next);
  writer.EndArray();
  return next;
}

void JsonResult::leafRows(const Rows &rows, const Leaf &leaf, std::int64_t offset) {
  std::int64_t width = rows.width();
  writer.StartArray();
  for (std::size_t row = 0; row < rows.t.size(); ++row)
    nested(leaf, 0, rows.y.data() + static_cast<std::int64_t>(row) * width + offset);
  writer.EndArray();
}

/// The leaves of the state that a plan saves, or the expressions behind them.
void JsonResult::leaves(const Rows &rows, bool expressions) {
  auto states = rows.leaves.size() - static_cast<std::size_t>(rows.expressions);
  std::int64_t offset = 0;
  writer.StartObject();
  for (std::size_t i = 0; i < rows.leaves.size(); ++i) {
    const Leaf &leaf = rows.leaves[i];
    if ((i >= states) == expressions) {
      text(leaf.name);
      leafRows(rows, leaf, offset);
    }
    offset += elements(leaf.shape);
  }
  writer.EndObject();
}

void JsonResult::plans() {
  writer.StartObject();
  for (const Rows &rows : result.solution.plans) {
    text(rows.plan);
    writer.StartObject();
    key("t");
    times(rows);
    key("y");
    leaves(rows, false);
    key("saved");
    leaves(rows, true);
    writer.EndObject();
  }
  writer.EndObject();
}

void JsonResult::statistics() {
  const Statistics &stats = result.solution.stats;
  writer.StartObject();
  key("steps");
  writer.Int64(stats.steps);
  key("accepted");
  writer.Int64(stats.accepted);
  key("rejected");
  writer.Int64(stats.rejected);
  key("evaluations");
  writer.Int64(stats.evaluations);
  writer.EndObject();
}

void JsonResult::compile() {
  writer.StartObject();
  key("cache");
  text(name(result.artifact.report.cache));
  key("reason");
  text(result.artifact.report.reason);
  key("ms");
  milliseconds(result.artifact.report.ms);
  key("stages");
  text(result.signature().stages);
  writer.EndObject();
}

void JsonResult::write() {
  const Solution &solution = result.solution;
  writer.StartObject();
  key("solve");
  text(result.signature().solve);
  key("status");
  text(name(solution.status));
  key("message");
  text(message(solution.status));
  key("failure");
  failure();
  key("event");
  event();
  key("t");
  times(solution);
  key("y");
  leaves(solution, false);
  key("saved");
  leaves(solution, true);
  key("plans");
  plans();
  key("stats");
  statistics();
  key("compile");
  compile();
  key("run_ms");
  milliseconds(result.runMs);
  if (!result.report.empty()) {
    key("report");
    writer.RawValue(result.report.data(), result.report.size(), rapidjson::kObjectType);
  }
  writer.EndObject();
}

void writeJson(const Result &result, Output &output) {
  JsonStream stream{output};
  JsonResult(result, stream).write();
  output.put('\n');
}

} // namespace deq::cli
