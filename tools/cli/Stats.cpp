// Formats statistics and reports.
// Numbers in their shortest form that reads back, so that settings look as they were typed.
#include "Stats.h"

#include "Performance.h"

#include "compiler/Methods/Method.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq::cli {

static std::string line(std::string_view label, const std::string &text) {
  return fmt::format("{:<12} {}\n", label, text);
}

static std::string savePlanText(const SavePlan &plan) {
  switch (plan.kind) {
  case SavePlan::Kind::start:
    return "start and end";
  case SavePlan::Kind::end:
    return "end";
  case SavePlan::Kind::every:
    return fmt::format("every {}", plan.h);
  case SavePlan::Kind::at:
    return fmt::format("at {} given times", plan.times.size());
  case SavePlan::Kind::steps:
    return fmt::format("steps {}", plan.n);
  case SavePlan::Kind::dense:
    return "dense";
  }
  return "";
}

/// A line per plan: when, what, and how many rows it brought.
static void addPlans(const Result &result, Settings &settings) {
  const Values &values = result.artifact.values;
  const auto &plans = result.signature().plans;
  auto add = [&](const std::string &label, const SavePlan &plan,
                 const std::vector<std::int64_t> &leaves, const Rows &rows) {
    std::vector<std::string> names;
    for (const Leaf &leaf : selected(result.signature(), leaves))
      names.push_back(leaf.name);
    settings.emplace_back(label,
                          savePlanText(plan) +
                              (leaves.empty() ? "" : fmt::format(": {}", fmt::join(names, ", "))) +
                              fmt::format(", {} rows", rows.t.size()));
  };
  add("save", values.save, result.signature().saved, result.solution);
  for (std::size_t i = 0; i < plans.size() && i < result.solution.plans.size(); ++i)
    add(fmt::format("save {}", plans[i].name), values.plans[i], plans[i].leaves,
        result.solution.plans[i]);
}

static std::string methodText(const Signature &signature) {
  std::optional<Method> method = findMethod(signature.method);
  if (!method)
    return signature.method;
  return fmt::format("{}: {}, {} stages{}", method->name, method->title, method->stages,
                     method->firstSameAsLast ? ", first same as last" : "");
}

/// One number per leaf, as the language writes it; empty if there are none.
static std::string perLeafText(const Signature &signature, const std::vector<double> &numbers) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < numbers.size() && i < signature.state.size(); ++i)
    parts.push_back(fmt::format("{}: {}", signature.state[i].name, numbers[i]));
  return parts.empty() ? "" : fmt::format("{{{}}}", fmt::join(parts, ", "));
}

/// What each emission of the stages was expected to take.
static std::string predictionText(const CompileReport &report) {
  std::vector<std::string> parts;
  for (const Prediction &prediction : report.emission.predictions)
    parts.push_back(fmt::format("{} {:.3g} ms", prediction.stages, prediction.ms));
  if (parts.empty())
    return "";
  return fmt::format("\npredicted: {}\nchosen: {}, {}\n", fmt::join(parts, ", "),
                     report.emission.stages, report.emission.reason);
}

/// Where the code is from, and why.
static std::string cacheText(const CompileReport &report) {
  if (report.cache == CacheLevel::miss)
    return report.reason.empty() ? "" : fmt::format("{}; {:.3g} ms", report.reason, report.ms);
  return fmt::format("found on disk in {:.3g} ms, compiling had taken {:.3g} ms", report.ms,
                     report.savedMs);
}

static std::string controlText(const Signature &signature, const Values &values) {
  const char *limit = signature.limit ? ", dt <= limit of the solve" : "";
  if (!values.step_to.empty())
    return "step_to: steps end at listed times only";
  if (signature.control != "pid")
    return fmt::format("{}: dt {}{}", signature.control, values.dt, limit);
  const PidOptions &pid = values.pid;
  std::string atol = perLeafText(signature, values.leafAtol);
  std::string text = fmt::format(
      "pid: rtol {}, atol {}, pcoeff {}, icoeff {}, dcoeff {}, safety {}, factor_min {}, "
      "factor_max {}, norm {}",
      pid.rtol, atol.empty() ? fmt::format("{}", pid.atol) : atol, pid.pcoeff, pid.icoeff,
      pid.dcoeff, pid.safety, pid.factor_min, pid.factor_max, signature.norm);
  if (std::string weights = perLeafText(signature, values.leafWeights); !weights.empty())
    text += ", weights " + weights;
  text += fmt::format(", dt {}", values.dt == 0 ? "auto" : fmt::format("{}", values.dt));
  text += fmt::format(", dt_min {}", pid.dt_min == 0 ? "none" : fmt::format("{}", pid.dt_min));
  return text + fmt::format(", dt_max {}, force_dt_min {}{}", pid.dt_max, pid.force_dt_min, limit);
}

static std::string clipsText(const Values &values) {
  return fmt::format("step_at {} and jump_at {} given times", values.step_at.size(),
                     values.jump_at.size());
}

static std::string shapeText(const Leaf &leaf) {
  return leaf.shape.empty() ? leaf.name
                            : fmt::format("{}[{}]", leaf.name, fmt::join(leaf.shape, ","));
}

static std::string argumentsText(const Signature &signature, const Values &values) {
  std::vector<std::string> parts;
  std::size_t next = 0;
  for (const Argument &argument : signature.arguments) {
    auto count = static_cast<std::size_t>(elements(argument.leaf.shape));
    if (argument.leaf.shape.empty() && next < values.arguments.size())
      parts.push_back(fmt::format("{} = {}", argument.leaf.name, values.arguments[next]));
    else
      parts.push_back(shapeText(argument.leaf));
    next += count;
  }
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

static std::string stateText(const Signature &signature) {
  std::vector<std::string> parts;
  for (const Leaf &leaf : signature.state)
    parts.push_back(shapeText(leaf));
  return fmt::format("{}, {} scalars, {}", fmt::join(parts, ", "), signature.width(),
                     dtypeNames[static_cast<std::size_t>(signature.dtype)]);
}

std::string failureText(const Result &result) {
  const Solution &solution = result.solution;
  if (solution.ok())
    return "";
  std::string text =
      fmt::format("solve '{}' ended with {} at t = {:.6g}, step {}", result.signature().solve,
                  name(solution.status), solution.failure.t, solution.failure.step);
  if (!solution.failure.component.empty())
    text += fmt::format(", component '{}'", solution.failure.component);
  const bool limited = solution.status == Status::step_underflow && result.signature().limit;
  return text + fmt::format(": {}{}", message(solution.status),
                            limited ? ", or 'dt <=' leaves it no length" : "");
}

std::string summaryText(const Result &result) {
  const Solution &solution = result.solution;
  return fmt::format("{}: {}, {} rows, {} steps ({} rejected), compile {:.3g} ms, run {:.3g} ms\n",
                     result.signature().solve, name(solution.status), result.rows().t.size(),
                     solution.stats.steps, solution.stats.rejected, result.artifact.report.ms,
                     result.runMs);
}

static std::string limitedShare(const Statistics &stats) {
  return fmt::format("{:.0f} %", 100.0 * double(stats.limited) / double(stats.sampled));
}

std::string stabilityText(const Result &result) {
  const Statistics &stats = result.solution.stats;
  if (!limited_by_stability(stats))
    return "";
  return fmt::format("h limited by stability in {} of steps; an implicit method would take far "
                     "fewer, stiff methods are coming",
                     limitedShare(stats));
}

Settings settingsOf(const Result &result) {
  const Signature &signature = result.signature();
  const Values &values = result.artifact.values;
  Settings settings{{"state", stateText(signature)},
                    {"arguments", argumentsText(signature, values)},
                    {"span", fmt::format("{} to {}", values.t0, values.t1)},
                    {"method", methodText(signature)},
                    {"control", controlText(signature, values)}};
  if (signature.clip)
    settings.emplace_back("steps end", clipsText(values));
  settings.emplace_back("max_steps", fmt::format("{}", values.max_steps));
  addPlans(result, settings);
  settings.emplace_back("stages", signature.stages);
  if (const EmissionChoice &choice = result.artifact.report.emission; !choice.reason.empty())
    settings.emplace_back("chosen", choice.reason);
  if (std::string text = cacheText(result.artifact.report); !text.empty())
    settings.emplace_back("compile", text);
  return settings;
}

static std::string workText(const std::optional<StepWork> &work) {
  if (!work)
    return "not counted: no native code, or read behind stage 'unpacked'";
  std::string text = fmt::format("{} FLOP per step: {} additions, {} multiplications, {} fused, "
                                 "{} divisions, {} square roots",
                                 work->operations(), work->additions, work->multiplications,
                                 work->fusedMultiplyAdds, work->divisions, work->squareRoots);
  return work->calls > 0 ? text + fmt::format("; and {} function calls", work->calls) : text;
}

/// What a step took, did, and could take.
static std::string performanceText(const Result &result) {
  const Performance reached = performanceOf(result);
  std::string text;
  if (reached.nsPerStep)
    text += line("per step", fmt::format("{:.3g} ns, {:.3g} evaluations", *reached.nsPerStep,
                                         *reached.evaluationsPerStep));
  text += line("work", workText(result.artifact.report.step));
  if (reached.gflops)
    text +=
        line("speed", fmt::format("{:.3g} GFLOP/s, ", *reached.gflops) +
                          (reached.peakShare
                               ? fmt::format("{:.3g} % of {:.3g} GFLOP/s, the FMA peak of a core",
                                             100 * *reached.peakShare, result.machine->peakGflops)
                               : "FMA peak of this processor unknown"));
  if (reached.floorNs)
    text += line("latency", fmt::format("floor {:.3g} ns per step: a chain of {:.3g} cycles at "
                                        "{:.3g} GHz",
                                        *reached.floorNs, result.artifact.report.step->chainCycles,
                                        result.machine->gigahertz) +
                                (reached.floorShare ? fmt::format("; {:.3g} % of what a step takes",
                                                                  100 * *reached.floorShare)
                                                    : ""));
  return text;
}

std::string statsText(const Result &result) {
  const Signature &signature = result.signature();
  const Statistics &stats = result.solution.stats;
  std::string text =
      line("solve", fmt::format("{} of field {}", signature.solve, signature.field)) +
      line("status", name(result.solution.status)) +
      line("steps", fmt::format("{}: {} accepted, {} rejected", stats.steps, stats.accepted,
                                stats.rejected)) +
      line("evaluations", fmt::format("{}", stats.evaluations)) +
      line("stability",
           stats.sampled > 0 ? limitedShare(stats) + " of sampled steps" : "not sampled");
  for (const auto &[label, setting] : settingsOf(result))
    text += line(label, setting);
  return text +
         line("compile", fmt::format("{:.3g} ms, {} bytes of code", result.artifact.report.ms,
                                     result.artifact.report.codeBytes)) +
         line("run", fmt::format("{:.3g} ms", result.runMs)) + performanceText(result);
}

static std::string phasesText(const CompileReport &report) {
  std::string text =
      fmt::format("{:<20} {:>10} {:>12} {:>12}\n", "phase", "ms", "before", "operations");
  auto count = [](std::int64_t operations) {
    return operations > 0 ? fmt::format("{}", operations) : "";
  };
  for (const Phase &phase : report.phases)
    text += fmt::format("{:<20} {:>10.3f} {:>12} {:>12}\n", phase.name, phase.ms,
                        count(phase.operationsBefore), count(phase.operations));
  return text + fmt::format("{:<20} {:>10.3f}\n", "total", report.ms);
}

std::string timeText(const CompileReport &report) {
  std::string text = phasesText(report) + predictionText(report);
  if (report.functions.empty())
    return text;
  text += fmt::format("\n{:<20} {:>12} {:>8} {:>8} {:>8} {:>8} {:>12}\n", "function",
                      "instructions", "vector", "general", "spills", "reloads", "stack bytes");
  for (const FunctionCode &code : report.functions)
    text += fmt::format("{:<20} {:>12} {:>8} {:>8} {:>8} {:>8} {:>12}\n", code.name,
                        code.instructions, code.vectorRegisters, code.generalRegisters, code.spills,
                        code.reloads, code.stackBytes);
  if (report.codeBytes > 0)
    text += fmt::format("{:<20} {:>12} bytes\n", "object", report.codeBytes);
  return text;
}

} // namespace deq::cli
