// Benchmarks of the Lorenz system with adaptive tsit5: text to native code, and one step of the
// solve. They give the numbers of the README's table; run them alone on a quiet machine.
#include "compiler/Compile.h"
#include "runtime/Solve.h"

#include <benchmark/benchmark.h>

#include <cstdlib>

namespace {

const char *const text = R"(
field lorenz(t; x, y, z; sigma, rho, beta) {
  x' = sigma*(y - x)
  y' = x*(rho - z) - y
  z' = x*y - beta*z
}
solve lorenz {
  span 0 to 10
  init x = 1, y = 0, z = 0
  args sigma = 10, rho = 28, beta = 8/3
  control pid(rtol = 1e-6, atol = 1e-6, pcoeff = 0.4, icoeff = 0.3)
})";

deq::Artifact compileLorenz(const std::string &stages) {
  deq::Overrides overrides;
  overrides.stages = stages;
  deq::Diagnostics diagnostics;
  auto artifact = deq::compile({"lorenz.deq", text}, overrides, {}, diagnostics);
  if (!artifact)
    std::exit(1);
  return std::move(*artifact);
}

/// Milliseconds per phase are averages over the run, as counters.
void compileToNative(benchmark::State &state, const std::string &stages) {
  std::vector<deq::Phase> sums;
  for (auto _ : state) {
    deq::Artifact artifact = compileLorenz(stages);
    sums.resize(artifact.report.phases.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].name = artifact.report.phases[i].name;
      sums[i].ms += artifact.report.phases[i].ms;
    }
  }
  for (const deq::Phase &phase : sums)
    state.counters[phase.name + "_ms"] =
        benchmark::Counter(phase.ms, benchmark::Counter::kAvgIterations);
}

/// The whole solve; `ns_per_step` counts accepted and rejected steps.
void solve(benchmark::State &state, const std::string &stages) {
  const deq::Artifact artifact = compileLorenz(stages);
  deq::SolveHooks hooks;
  hooks.sliceSteps = 1000000;
  std::int64_t steps = 0;
  for (auto _ : state) {
    deq::Solution solution =
        deq::solve(*artifact.program, artifact.signature, artifact.values, hooks);
    steps += solution.stats.steps;
    benchmark::DoNotOptimize(solution);
  }
  state.counters["steps"] = static_cast<double>(steps) / static_cast<double>(state.iterations());
  state.counters["s_per_step"] = benchmark::Counter(
      static_cast<double>(steps), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

} // namespace

BENCHMARK_CAPTURE(compileToNative, unroll, "unroll")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(compileToNative, scan, "scan")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(solve, unroll, "unroll")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(solve, scan, "scan")->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
