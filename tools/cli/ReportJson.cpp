// Writes reports with RapidJSON.
// Keys and their order are a contract with scripts (docs/cli.md); what is not known is null.
#include "ReportJson.h"

#include "Performance.h"
#include "Stats.h"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

namespace deq::cli {

namespace {

class ReportWriter {
public:
  ReportWriter() { writer.StartObject(); }
  std::string finish() {
    writer.EndObject();
    return buffer.GetString();
  }
  void compile(const CompileReport &report);
  void run(const Result &result);

private:
  void key(const char *name) { writer.Key(name); }
  void text(const char *name, const std::string &value) {
    key(name);
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void count(const char *name, std::int64_t value) {
    key(name);
    writer.Int64(value);
  }
  void number(const char *name, std::optional<double> value);
  void emission(const EmissionChoice &choice);
  void phases(const std::vector<Phase> &phases);
  void functions(const std::vector<FunctionCode> &functions);
  void settings(const Result &result);
  void work(const std::optional<StepWork> &work);
  void machine(const std::optional<MachineSpeed> &machine);

  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

} // namespace

void ReportWriter::number(const char *name, std::optional<double> value) {
  key(name);
  if (!value || !std::isfinite(*value)) {
    writer.Null();
    return;
  }
  std::string digits = fmt::format("{:.6g}", *value);
  writer.RawValue(digits.data(), digits.size(), rapidjson::kNumberType);
}

void ReportWriter::emission(const EmissionChoice &choice) {
  key("emission");
  if (choice.stages.empty()) {
    writer.Null();
    return;
  }
  writer.StartObject();
  text("stages", choice.stages);
  text("reason", choice.reason);
  key("predicted_ms");
  writer.StartObject();
  for (const Prediction &prediction : choice.predictions)
    number(prediction.stages.c_str(), prediction.ms);
  writer.EndObject();
  writer.EndObject();
}

void ReportWriter::phases(const std::vector<Phase> &phases) {
  key("phases");
  writer.StartArray();
  for (const Phase &phase : phases) {
    writer.StartObject();
    text("name", phase.name);
    number("ms", phase.ms);
    count("operations_before", phase.operationsBefore);
    count("operations", phase.operations);
    writer.EndObject();
  }
  writer.EndArray();
}

void ReportWriter::functions(const std::vector<FunctionCode> &functions) {
  key("functions");
  writer.StartArray();
  for (const FunctionCode &function : functions) {
    writer.StartObject();
    text("name", function.name);
    count("instructions", function.instructions);
    count("vector_registers", function.vectorRegisters);
    count("general_registers", function.generalRegisters);
    count("spills", function.spills);
    count("reloads", function.reloads);
    count("stack_bytes", function.stackBytes);
    writer.EndObject();
  }
  writer.EndArray();
}

void ReportWriter::compile(const CompileReport &report) {
  key("compile");
  writer.StartObject();
  text("cache", name(report.cache));
  text("reason", report.reason);
  number("ms", report.ms);
  count("code_bytes", report.codeBytes);
  emission(report.emission);
  phases(report.phases);
  functions(report.functions);
  writer.EndObject();
}

void ReportWriter::settings(const Result &result) {
  key("settings");
  writer.StartObject();
  for (const auto &[name, value] : settingsOf(result))
    text(name.c_str(), value);
  writer.EndObject();
}

void ReportWriter::work(const std::optional<StepWork> &work) {
  key("work");
  if (!work) {
    writer.Null();
    return;
  }
  writer.StartObject();
  count("flop", work->operations());
  count("additions", work->additions);
  count("multiplications", work->multiplications);
  count("fused_multiply_adds", work->fusedMultiplyAdds);
  count("divisions", work->divisions);
  count("square_roots", work->squareRoots);
  count("calls", work->calls);
  number("chain_cycles", work->chainCycles);
  writer.EndObject();
}

void ReportWriter::machine(const std::optional<MachineSpeed> &machine) {
  key("machine");
  if (!machine) {
    writer.Null();
    return;
  }
  writer.StartObject();
  number("ghz", machine->gigahertz);
  number("peak_gflops", machine->peakGflops);
  writer.EndObject();
}

void ReportWriter::run(const Result &result) {
  const Performance reached = performanceOf(result);
  key("run");
  writer.StartObject();
  text("solve", result.signature().solve);
  number("ms", result.runMs);
  number("ns_per_step", reached.nsPerStep);
  number("evaluations_per_step", reached.evaluationsPerStep);
  work(result.artifact.report.step);
  machine(result.machine);
  number("gflops", reached.gflops);
  number("peak_share", reached.peakShare);
  number("floor_ns", reached.floorNs);
  number("floor_share", reached.floorShare);
  settings(result);
  writer.EndObject();
}

std::string compileReportJson(const CompileReport &report) {
  ReportWriter writer;
  writer.compile(report);
  return writer.finish();
}

std::string runReportJson(const Result &result, bool withCompile) {
  ReportWriter writer;
  writer.run(result);
  if (withCompile)
    writer.compile(result.artifact.report);
  return writer.finish();
}

std::string reportLine(const std::string &report) { return "{\"report\":" + report + "}\n"; }

} // namespace deq::cli
