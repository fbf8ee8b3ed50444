// How long it takes to find that a field is compiled already, against its size.
// A program of its own, because it measures the library that hosts link.
#include "deq/deq.h"

#include <benchmark/benchmark.h>

namespace {

/// A field of about that many operations is traced anew, and found by its structure.
void lookUp(benchmark::State &state) {
  const auto operations = state.range(0);
  deq::Engine engine({.interpret = true}); // what is found does not matter
  std::int64_t round = 0;
  auto prepare = [&] {
    const double number = 0.25 * double(++round); // a literal: another one is the same code
    return engine.prepare(deq::trace("chain", {.state = {"x"}}, [=](const deq::Vars &y) {
      deq::Scalar x = y.scalars<1>()[0];
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

BENCHMARK(lookUp)
    ->RangeMultiplier(10)
    ->Range(10, 10000)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity(benchmark::oN);

} // namespace

BENCHMARK_MAIN();
