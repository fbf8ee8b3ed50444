// Raw timings by Google Benchmark, for who works on one number: compiles of Lorenz, and every
// solver of every problem. Ratios between them are for deq_solve_benchmarks, which interleaves its
// runs.
#include "Contestants.h"

#include <benchmark/benchmark.h>

namespace deq::bench {

namespace {

/// Milliseconds per phase are averages over the run, as counters.
void compileToNative(benchmark::State &state, const std::string &stages) {
  Overrides overrides;
  overrides.stages = stages;
  std::vector<Phase> sums;
  for (auto _ : state) {
    Artifact artifact = compileOrExit(solveProblems().front().text, overrides);
    sums.resize(artifact.report.phases.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].name = artifact.report.phases[i].name;
      sums[i].ms += artifact.report.phases[i].ms;
    }
  }
  for (const Phase &phase : sums)
    state.counters[phase.name + "_ms"] =
        benchmark::Counter(phase.ms, benchmark::Counter::kAvgIterations);
}

/// The whole solve; `s_per_step` counts accepted and rejected steps.
void solveOnce(benchmark::State &state, const Contestant &contestant) {
  Finish finish;
  std::int64_t steps = 0;
  for (auto _ : state) {
    contestant.solve(finish);
    steps += finish.steps.accepted + finish.steps.rejected;
    benchmark::DoNotOptimize(finish);
  }
  state.counters["steps"] = static_cast<double>(steps) / static_cast<double>(state.iterations());
  state.counters["s_per_step"] = benchmark::Counter(
      static_cast<double>(steps), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void registerAll() {
  for (std::string_view emission : emissions) {
    const std::string stages(emission);
    benchmark::RegisterBenchmark(("compile/lorenz/" + stages).c_str(), compileToNative, stages)
        ->Unit(benchmark::kMillisecond);
  }
  for (const BenchmarkProblem &problem : solveProblems())
    for (const Contestant &contestant : contestants(problem)) {
      std::string name = "solve/" + problem.name + "/" + contestant.name;
      if (!contestant.compiler.empty())
        name += "/" + contestant.compiler;
      benchmark::RegisterBenchmark(name.c_str(), solveOnce, contestant)
          ->Unit(benchmark::kMicrosecond);
    }
}

} // namespace

} // namespace deq::bench

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  deq::bench::registerAll();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
