// Raw timings by Google Benchmark, for who works on one number: compiles of Lorenz, fields that are
// found compiled, and every solver of every problem. Ratios between them are for
// deq_solve_benchmarks, which interleaves its runs.
#include "Contestants.h"

#include "deq/deq.h"

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

/// A field of about that many operations is traced anew, and found by its structure.
void lookUp(benchmark::State &state) {
  const auto operations = state.range(0);
  Engine engine({.interpret = true}); // what is found does not matter
  std::int64_t round = 0;
  auto prepare = [&] {
    const double number = 0.25 * double(++round); // a literal: another one is the same code
    return engine.prepare(trace("chain", {.state = {"x"}}, [=](const Vars &y) {
      Scalar x = y.scalars<1>()[0];
      for (std::int64_t i = 0; i < operations; i += 2)
        x = x * number + y[0];
      return x;
    }));
  };
  prepare();
  for (auto _ : state)
    benchmark::DoNotOptimize(prepare());
  if (engine.stats().compiled != 1)
    state.SkipWithError("expected every field but the first to be found");
  state.counters["s_per_operation"] = benchmark::Counter(
      static_cast<double>(operations),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.SetComplexityN(operations);
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
  benchmark::RegisterBenchmark("lookup", lookUp)
      ->RangeMultiplier(10)
      ->Range(10, 10000)
      ->Unit(benchmark::kMicrosecond)
      ->Complexity(benchmark::oN);
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
