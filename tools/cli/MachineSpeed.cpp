// Two loops of fused multiply-adds: one in which each waits for the one before, which tells the
// clock, and one in which none does, in the widest vectors, which tells the peak. This file is
// compiled with -ffp-contract=fast: x*a + b is one instruction wherever the processor has it, in
// vectors too, without a header of intrinsics per processor.
#include "MachineSpeed.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace deq::cli {

namespace {

constexpr int fmaCycles = 4;
constexpr int chains = 12;    ///< independent; two units of 4 cycles need 8, AVX2 has 16 registers
constexpr int repeats = 9;    ///< of which the quickest counts: nothing else makes a loop quicker
constexpr long links = 60000; ///< of the dependent chain
constexpr long rounds = links / 4; ///< of the independent ones

/// The result keeps the compiler from dropping the loop.
volatile double sink;

/// Nanoseconds of the quickest of several calls.
template <class Loop> double quickest(Loop loop) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repeats; ++i) {
    auto start = std::chrono::steady_clock::now();
    sink = loop();
    std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
    best = std::min(best, elapsed.count());
  }
  return best;
}

// Tends to 2, so that no operand ever is a subnormal number.
template <class Real> [[gnu::always_inline]] inline double dependent() {
  Real x = 1, factor = Real(0.5), term = 1;
  asm volatile("" : "+m"(factor), "+m"(term)); // unknown to the optimiser
  for (long i = 0; i < links; ++i)
    x = x * factor + term;
  return double(x);
}

template <class Real, int bytes, std::size_t... chain>
[[gnu::always_inline]] inline double independent(std::index_sequence<chain...>) {
  using Vector [[gnu::vector_size(bytes)]] = Real;
  Real factor = Real(0.5), term = 1;
  asm volatile("" : "+m"(factor), "+m"(term));
  const Vector factors = Vector{} + factor, terms = Vector{} + term;
  Vector x[] = {(Vector{} + Real(chain))...}; // equal ones would be computed once
  for (long i = 0; i < rounds; ++i)
    ((x[chain] = x[chain] * factors + terms), ...); // spelled out, so that x is in registers
  return (double(x[chain][0]) + ...);
}
constexpr std::make_index_sequence<chains> each;

/// Loops for one kind of processor, in f64 and f32.
struct Loops {
  double (*chain)();
  double (*peak[2])();
  int bytes; ///< of a vector
};

#if defined(__x86_64__)
[[gnu::target("avx512f,fma")]] double peak512() { return independent<double, 64>(each); }
[[gnu::target("avx512f,fma")]] double peak512s() { return independent<float, 64>(each); }
[[gnu::target("avx2,fma")]] double peak256() { return independent<double, 32>(each); }
[[gnu::target("avx2,fma")]] double peak256s() { return independent<float, 32>(each); }
[[gnu::target("fma")]] double chain() { return dependent<double>(); }

std::optional<Loops> loopsOfProcessor() {
  if (!__builtin_cpu_supports("fma") || !__builtin_cpu_supports("avx2"))
    return std::nullopt;
  if (__builtin_cpu_supports("avx512f"))
    return Loops{chain, {peak512, peak512s}, 64};
  return Loops{chain, {peak256, peak256s}, 32};
}
#elif defined(__aarch64__)
double peak128() { return independent<double, 16>(each); }
double peak128s() { return independent<float, 16>(each); }
double chain() { return dependent<double>(); }

std::optional<Loops> loopsOfProcessor() { return Loops{chain, {peak128, peak128s}, 16}; }
#else
std::optional<Loops> loopsOfProcessor() { return std::nullopt; }
#endif

} // namespace

std::optional<MachineSpeed> measureMachine(bool single) {
  std::optional<Loops> loops = loopsOfProcessor();
  if (!loops)
    return std::nullopt;
  MachineSpeed speed;
  speed.gigahertz = fmaCycles * double(links) / quickest(loops->chain);
  double lanes = loops->bytes / (single ? sizeof(float) : sizeof(double));
  double multiplyAdds = double(rounds) * chains * lanes;
  speed.peakGflops = 2 * multiplyAdds / quickest(loops->peak[single ? 1 : 0]);
  return speed;
}

} // namespace deq::cli
