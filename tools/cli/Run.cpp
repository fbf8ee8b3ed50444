// `deqc run`: compiles, solves, writes the data, says how it went.
// In this order: the output is opened before the solve, so that an unwritable file costs no solve,
// and everything said to the person comes after the data.
#include "Cached.h"
#include "Commands.h"
#include "Exit.h"
#include "Formats.h"
#include "Interrupt.h"
#include "Message.h"
#include "ProgressLine.h"
#include "ReportJson.h"
#include "Stats.h"

#include "compiler/Frontend/Names.h"
#include "runtime/Resume.h"
#include "runtime/StateFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unistd.h>

namespace deq::cli {

static bool endsWith(const std::string &text, std::string_view ending) {
  return text.size() >= ending.size() &&
         text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

static Format chosenFormat(const Options &options) {
  if (options.format != Format::automatic)
    return options.format;
  if (endsWith(options.output, ".json"))
    return Format::json;
  if (options.output.empty() && isatty(STDOUT_FILENO))
    return Format::table;
  return Format::csv;
}

static void writeData(const Result &result, Format format, Output &output) {
  if (format == Format::json)
    writeJson(result, output);
  else if (format == Format::table)
    writeTable(result, output);
  else
    writeCsv(result, output);
}

/// Why there is no plan of the name that was asked for; empty if there is.
static std::string missingPlan(const Signature &signature, const Options &options, Format format) {
  if (options.plan.empty())
    return "";
  if (format == Format::json)
    return "--plan: expected --format csv or table, since json has the rows of all plans";
  std::vector<std::string> names;
  for (const NamedPlan &plan : signature.plans)
    names.push_back(plan.name);
  if (std::find(names.begin(), names.end(), options.plan) != names.end())
    return "";
  return fmt::format("--plan: unknown save plan '{}'{}", options.plan,
                     suggestion(options.plan, names));
}

static int exitStatus(const Solution &solution) {
  if (solution.status == Status::interrupted)
    return exitInterrupted;
  return solution.ok() ? exitSolved : exitFailed;
}

/// Sets the values up to go on from the state of --resume; exitSolved if that can be done.
static int goOn(const Options &options, Artifact &artifact, std::optional<Checkpoint> &from) {
  auto misuse = [&](const std::string &reason) {
    sayError(fmt::format("--resume {}: {}", options.resume, reason));
    return exitMisuse;
  };
  if (options.overrides.from)
    return misuse("expected no --from; the state says where the solve goes on");
  for (const auto &[name, value] : options.overrides.set)
    for (const Leaf &leaf : artifact.signature.state)
      if (name == leaf.name)
        return misuse(fmt::format("expected no --set {}; the state has its value", name));
  std::optional<Source> file = readSource(options.resume);
  if (!file)
    return exitFileError;
  std::string error;
  from = parseState(file->text, error);
  if (!from)
    return misuse("it is no state of a solve: " + error);
  const ResumePlan plan = resume(*from, artifact.signature, artifact.values);
  if (plan.how == Resumption::impossible)
    return misuse(plan.reason);
  if (plan.how == Resumption::anew) {
    from.reset();
    if (!options.quiet)
      say(fmt::format("{}: {}, so steps start anew at t = {}", options.resume, plan.reason,
                      artifact.values.t0));
  }
  return exitSolved;
}

static Solution solveWithHooks(const Artifact &artifact, const Options &options,
                               const Checkpoint *from) {
  InterruptGuard guard;
  ProgressLine line(!options.quiet);
  SolveHooks hooks;
  hooks.from = from;
  hooks.interrupted = InterruptGuard::interrupted;
  hooks.progress = [&](const Progress &progress) { line.show(progress); };
  return solve(*artifact.program, artifact.signature, artifact.values, hooks);
}

static void sayHowItWent(const Result &result, const Options &options, Format format) {
  if (!result.solution.ok())
    sayError(failureText(result));
  if (std::string text = stabilityText(result); !text.empty()) {
    Diagnostics diagnostics;
    diagnostics.report(Id::limited_by_stability, {}, text);
    report(diagnostics, !options.quiet);
  }
  if (options.stats == ReportForm::text)
    say(statsText(result));
  else if (format == Format::table && !options.quiet)
    say(summaryText(result));
  if (options.timeReport == ReportForm::text)
    say(timeText(result.artifact.report));
  if (format != Format::json && !result.report.empty())
    say(reportLine(result.report));
}

/// Steps of the statistics that were taken before the state that the solve goes on from.
static std::int64_t stepsBefore(const std::optional<Checkpoint> &from) {
  if (!from || from->workspace.size() <= slot_rejected)
    return 0;
  return static_cast<std::int64_t>(from->workspace[slot_accepted] + from->workspace[slot_rejected]);
}

/// What --stats and --time-report ask for in JSON; empty if they do not.
static std::string reportOf(const Result &result, const Options &options) {
  const bool run = options.stats == ReportForm::json;
  const bool compile = options.timeReport == ReportForm::json;
  return run       ? runReportJson(result, compile)
         : compile ? compileReportJson(result.artifact.report)
                   : "";
}

int run(const Options &options) {
  std::optional<Source> source = readSource(options.file);
  if (!source)
    return exitFileError;
  Diagnostics diagnostics;
  std::optional<Artifact> artifact = [&] {
    CompilingLine line(!options.quiet);
    return compileOrFind(*source, options, diagnostics);
  }();
  report(diagnostics, !options.quiet);
  if (!artifact)
    return exitMisuse;
  std::optional<Checkpoint> from;
  if (!options.resume.empty())
    if (int status = goOn(options, *artifact, from); status != exitSolved)
      return status;
  if (std::string reason = mismatch(artifact->signature, artifact->values); !reason.empty()) {
    sayError(reason);
    return exitMisuse;
  }
  Format format = chosenFormat(options);
  if (std::string reason = missingPlan(artifact->signature, options, format); !reason.empty()) {
    sayError(reason);
    return exitMisuse;
  }
  Output output(options.output);
  if (output.failed())
    return finish(output, exitFileError);

  std::optional<Output> state;
  if (!options.saveState.empty() && state.emplace(options.saveState).failed())
    return finish(*state, exitFileError);

  auto start = std::chrono::steady_clock::now();
  Solution solution = solveWithHooks(*artifact, options, from ? &*from : nullptr);
  std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  Result result{*artifact, solution, elapsed.count(), options.plan, stepsBefore(from)};
  if (options.stats != ReportForm::none)
    result.machine = measureMachine(isSingle(artifact->signature.dtype));
  result.report = reportOf(result, options);
  writeData(result, format, output);
  int status = finish(output, exitStatus(solution));
  if (state) {
    state->write(stateText(*solution.checkpoint));
    status = finish(*state, status);
  }
  sayHowItWent(result, options, format);
  return status;
}

} // namespace deq::cli
