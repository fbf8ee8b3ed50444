// Compiles a problem in every emission of the engine and looks up what else can solve it.
#include "Contestants.h"

#include "KernelRun.h"
#include "Peers.h"

#include <cmath>
#include <memory>
#include <time.h>

namespace deq::bench {

namespace {

Artifact compiled(const BenchmarkProblem &problem, const std::string &stages) {
  Overrides overrides;
  overrides.stages = stages;
  return compileOrExit(problem.text, overrides);
}

Contestant kernel(const BenchmarkProblem &problem, const std::string &stages) {
  auto run = std::make_shared<KernelRun>(compiled(problem, stages));
  return {"deq " + stages, "", [run](Finish &finish) { run->solve(finish); }, true};
}

/// The call that a host program makes.
Contestant wholeSolve(const BenchmarkProblem &problem) {
  auto artifact = std::make_shared<Artifact>(compiled(problem, "auto"));
  return {"deq::solve", "",
          [artifact](Finish &finish) {
            SolveHooks hooks;
            hooks.sliceSteps = artifact->values.max_steps;
            Solution solution =
                solve(*artifact->program, artifact->signature, artifact->values, hooks);
            finish.steps = {solution.stats.accepted, solution.stats.rejected, solution.ok()};
            finish.y = std::move(solution.y);
          },
          true};
}

Contestant handWritten(const std::string &name, const char *compiler, SolveFunction function,
                       std::shared_ptr<const Artifact> artifact) {
  return {name, compiler,
          [=](Finish &finish) {
            const Values &v = artifact->values;
            finish.y.resize(v.y0.size());
            const Task task{v.arguments.data(), v.y0.data(), v.t0,       v.t1,
                            v.pid.rtol,         v.pid.atol,  v.max_steps};
            finish.steps = function(task, finish.y.data());
          },
          name == "same-work" || name == "same-work-lanes"};
}

} // namespace

std::vector<Contestant> contestants(const BenchmarkProblem &problem) {
  std::vector<Contestant> all;
  for (std::string_view stages : emissions)
    all.push_back(kernel(problem, std::string(stages)));
  all.push_back(wholeSolve(problem));
  auto values = std::make_shared<const Artifact>(compiled(problem, "auto"));
  auto append = [&](const char *compiler, const std::vector<Baseline> &table) {
    for (const Baseline &baseline : table)
      if (problem.name == baseline.problem)
        all.push_back(handWritten(baseline.kind, compiler, baseline.solve, values));
  };
#ifdef DEQ_BASELINES_GCC
  append("gcc", gcc::baselines());
#endif
#ifdef DEQ_BASELINES_CLANG
  append("clang", clang::baselines());
#endif
#ifdef DEQ_BOOST
  all.push_back(handWritten("boost", "", boostSolver(problem.name.c_str()), values));
#endif
#ifdef DEQ_GSL
  all.push_back(handWritten("gsl", "", gslSolver(problem.name.c_str()), values));
#endif
  return all;
}

std::vector<double> reference(const BenchmarkProblem &problem) {
  Overrides overrides;
  overrides.method = "vern9";
  overrides.rtol = overrides.atol = 1e-13;
  overrides.stages = "auto";
  KernelRun run(compileOrExit(problem.text, overrides));
  Finish finish;
  run.solve(finish);
  return finish.y;
}

double relativeError(const std::vector<double> &y, const std::vector<double> &reference) {
  double scale = 0, largest = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    scale = std::max(scale, std::fabs(reference[i]));
    largest = std::max(largest, std::fabs(y[i] - reference[i]));
  }
  return largest / scale;
}

double threadSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

} // namespace deq::bench
