// The rows of the option table: spelling, help, and the member of Options that each one sets.
// Adding an option is adding a row here and a line to docs/cli.md.
#include "OptionTable.h"

#include "Choice.h"

#include <fmt/format.h>

namespace deq::cli {

using Text = const std::string &;

static void setPair(Options &o, Text option, Text v) {
  std::size_t equals = v.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == v.size())
    throw UsageError(fmt::format("{}: expected NAME=VALUE, got '{}'", option, v));
  o.overrides.set.emplace_back(v.substr(0, equals), v.substr(equals + 1));
}

static void setFormat(Options &o, Text option, Text v) {
  std::string choice = parseChoice(option, v, {"csv", "json", "table"}, {"npy"});
  o.format = choice == "csv" ? Format::csv : choice == "json" ? Format::json : Format::table;
}

static void setCheckFormat(Options &o, Text option, Text v) {
  bool json = parseChoice(option, v, {"text", "json"}) == "json";
  o.format = json ? Format::json : Format::automatic;
}

static void setStage(Options &o, Text option, Text v) {
  std::vector<std::string> names;
  for (const StageInfo &stage : stages())
    names.push_back(stage.name);
  o.stage = parseChoice(option, v, names, {"batch", "header", "ptx"});
}

static void setBackend(Options &o, Text option, Text v) {
  bool native = parseChoice(option, v, {"native", "interp"}) == "native";
  o.compile.backend = native ? Backend::native : Backend::interp;
}

static void setBudget(Options &o, Text option, Text v) {
  std::size_t unit = v.find_first_not_of("0123456789.eE+-");
  std::string name = unit == std::string::npos ? "" : v.substr(unit);
  if (name != "ms" && name != "s")
    throw UsageError(fmt::format("{}: expected a time such as 50ms or 2s, got '{}'", option, v));
  double time = parseNumber(option, v.substr(0, unit));
  if (time < 0)
    throw UsageError(fmt::format("{}: expected a time of at least 0, got '{}'", option, v));
  o.compile.budget = time * (name == "s" ? 1000 : 1);
}

static void setTier(Options &o, Text option, Text v) {
  bool quick = parseChoice(option, v, {std::begin(tierNames), std::end(tierNames)}) == "quick";
  o.compile.tier = quick ? Tier::quick : Tier::full;
}

static void setOutput(Options &o, Text option, Text v) {
  if (v.empty())
    throw UsageError(fmt::format("{}: expected the name of a file", option));
  o.output = v;
}

static void setPlan(Options &o, Text option, Text v) {
  if (v.empty())
    throw UsageError(fmt::format("{}: expected the name of a save plan", option));
  o.plan = v;
}

static ReportForm parseReportForm(Text option, Text v) {
  bool json = parseChoice(option, v, {"text", "json"}) == "json";
  return json ? ReportForm::json : ReportForm::text;
}

static void setLater(Options &, Text option, Text) { notSupportedYet(option); }

static std::vector<OptionRow> problemRows() {
  return {
      {onSolve, "--solve", "NAME", "the solve to take, if the file has several",
       [](Options &o, Text, Text v) { o.overrides.solve = v; }},
      {onSolve, "--set", "NAME=VALUE", "value of an argument, a state leaf or a static; repeatable",
       setPair, true},
      {onSolve, "--args", "FILE", "such values by name from a JSON or CSV file; repeatable",
       [](Options &o, Text, Text v) { o.overrides.args.push_back(v); }, true},
      {onSolve, "--preset", "NAME", "a bundle of clauses, see 'deqc list presets'",
       [](Options &o, Text, Text v) { o.overrides.preset = v; }},
      {onSolve, "--from", "T", "start of the span",
       [](Options &o, Text n, Text v) { o.overrides.from = parseNumber(n, v); }},
      {onSolve, "--to", "T", "end of the span",
       [](Options &o, Text n, Text v) { o.overrides.to = parseNumber(n, v); }},
      {onSolve, "--method", "NAME", "Runge-Kutta method, see 'deqc list methods'",
       [](Options &o, Text, Text v) { o.overrides.method = v; }},
      {onSolve, "--rtol", "R", "relative tolerance of the step-size controller",
       [](Options &o, Text n, Text v) { o.overrides.rtol = parseNumber(n, v); }},
      {onSolve, "--atol", "A", "absolute tolerance of the step-size controller",
       [](Options &o, Text n, Text v) { o.overrides.atol = parseNumber(n, v); }},
      {onSolve, "--dt", "H", "first step, or the step of constant control",
       [](Options &o, Text n, Text v) { o.overrides.dt = parseNumber(n, v); }},
      {onSolve, "--save", "PLAN",
       "when to write rows: start, end, 'every H', 'at [T, ..]', 'steps N', dense",
       [](Options &o, Text, Text v) { o.overrides.save = v; }},
      {onSolve, "--dtype", "TYPE", "precision: f64, f32 or 'f32(time = f64)'",
       [](Options &o, Text n, Text v) {
         std::string text(v);
         std::erase(text, ' ');
         o.overrides.dtype = parseChoice(n, text, {std::begin(dtypeNames), std::end(dtypeNames)});
       }},
      {onSolve, "--stages", "FORM", "how stages become code: auto, unroll, outline or scan",
       [](Options &o, Text n, Text v) {
         o.overrides.stages = parseChoice(n, v, {"auto", "unroll", "outline", "scan"});
       }},
      {onSolve, "--compile-budget", "TIME",
       "what a compile may be predicted to take where stages are 'auto': 50ms unless given",
       setBudget},
      {onSolve, "--tier", "NAME", "full for the fastest machine code, quick for the soonest",
       setTier},
      {onSolve, "--max-steps", "N", "most steps to attempt",
       [](Options &o, Text n, Text v) { o.overrides.maxSteps = parseCount(n, v); }},
  };
}

static std::vector<OptionRow> outputRows() {
  return {
      {onCompile, "--emit", "STAGE", "stage to print, see 'deqc list stages'", setStage},
      {onRun, "--save-state", "FILE", "write where the solve ended, for another run to go on from",
       [](Options &o, Text, Text v) {
         o.saveState = v;
         o.overrides.resumable = true;
       }},
      {onRun, "--resume", "FILE", "go on from where the run ended that wrote FILE",
       [](Options &o, Text, Text v) {
         o.resume = v;
         o.overrides.resumable = true;
       }},
      {onRun, "--backend", "NAME", "native code, or the reference interpreter: native or interp",
       setBackend},
      {onBoth, "-o", "FILE", "write to FILE instead of standard output", setOutput},
      {onRun, "--format", "FORMAT",
       "csv, json or table; otherwise by the extension of -o, a table on a terminal, or csv",
       setFormat},
      {onRun, "--plan", "NAME",
       "the rows of this save plan, in csv or a table; json has those of all", setPlan},
      {onCheck, "--format", "FORMAT", "text for a person, or json for an editor", setCheckFormat},
      {onCache, "--format", "FORMAT", "text for a person, or json for a program", setCheckFormat},
      {onFormat, "--write", "", "write the files instead of printing them",
       [](Options &o, Text, Text) { o.write = true; }},
      {onFormat, "--check", "", "print nothing, and fail if a file would change",
       [](Options &o, Text, Text) { o.checkOnly = true; }},
      {onCheck, "--quiet", "", "print errors, but no warnings",
       [](Options &o, Text, Text) { o.quiet = true; }},
      {onRun, "--stats", "[=FORM]",
       "report statistics, speed and every setting in force: text (default) or json",
       [](Options &o, Text n, Text v) {
         o.stats = parseReportForm(n, v);
         o.compile.countWork = true;
       }},
      {onBoth, "--time-report", "[=FORM]",
       "report the phases of the compile and its code: text (default) or json",
       [](Options &o, Text n, Text v) { o.timeReport = parseReportForm(n, v); }},
      {onBoth, "--quiet", "", "print nothing but the data and errors",
       [](Options &o, Text, Text) { o.quiet = true; }},
      {onRun, "--no-cache", "", "compile anew, and keep nothing on disk",
       [](Options &o, Text, Text) { o.cached = false; }},
  };
}

static std::vector<OptionRow> laterRows() {
  return {
      {onRun, "--sweep", "NAME=LO:HI:N", "", setLater, true},
      {onRun, "--threads", "N", "", setLater},
      {onRun, "--plot", "FILE", "", setLater},
      {onBoth, "--fast-math", "", "", setLater},
      {onCompile, "--target", "NAME", "", setLater},
  };
}

const std::vector<OptionRow> &optionRows() {
  static const std::vector<OptionRow> rows = [] {
    std::vector<OptionRow> all;
    for (std::vector<OptionRow> part : {problemRows(), outputRows(), laterRows()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rows;
}

} // namespace deq::cli
