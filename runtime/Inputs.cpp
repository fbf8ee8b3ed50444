// Lays out the input blocks of a kernel from the rows of Inputs.def and the signature.
// Rounding to f32 happens here and nowhere else, so that every backend reads the same bits.
#include "Inputs.h"

#include "runtime/Solve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace deq {

namespace {

constexpr double ulps = 100; ///< what times may differ by and still be meant as equal

/// Distance of doubles near x, or of the compensated pairs of an f32 solve: 48 bits, of which
/// compensated addition may lose the last.
double spacing(double x, DType dtype) {
  return x == 0 ? 0 : std::ldexp(1.0, std::ilogb(x) - (pairsTimes(dtype) ? 46 : 52));
}

/// The span in the kernel's time.
struct Span {
  explicit Span(const Values &v)
      // Never -0.0, which 0*h + t would lose.
      : direction(v.direction()), t0(direction * v.t0 + 0.0), t1(direction * v.t1),
        begin(direction * v.begin() + 0.0) {}
  double direction, t0, t1, begin;
};

/// Steps of constant control: step m ends at t0 + m h, the last one at t1. A span that is a
/// multiple of h up to rounding is divided without a sliver at the end.
void divideSpan(const Values &v, DType dtype, Grid &grid) {
  constexpr std::int64_t most = std::int64_t(1) << 62;
  const double span = grid.t1 - grid.t0;
  const double step = v.step();
  if (!(step > 0) || !(span > 0))
    return;
  // A kernel that pairs f32 steps by the rounded h. What h loses in rounding, at most 2^-25 of it
  // per step, is made up by the last step, unless so many steps are taken that the loss is
  // comparable to a step.
  const bool rounds = pairsTimes(dtype);
  const double h = rounds ? static_cast<float>(step) : step;
  if (endsOpen(v)) { // the grid goes on beyond the end
    grid.steps = most;
    return;
  }
  const double quotient = span / step, whole = std::round(quotient);
  const bool divides = whole >= 1 &&
                       std::fabs(quotient - whole) <= ulps * spacing(whole, DType::f64) &&
                       (!rounds || whole < 1 << 20);
  const double steps = divides ? whole : std::floor(span / h) + 1;
  grid.steps = static_cast<std::int64_t>(std::min(steps, double(most)));
  grid.lastStep = divides && !rounds ? step : grid.t1 - std::fma(steps - 1, h, grid.t0);
}

double endTolerance(const Signature &s, const Values &v) {
  return ulps * spacing(std::max(std::fabs(v.t0), std::fabs(v.t1)), s.dtype);
}

double smallestNormal(DType dtype) {
  return isSingle(dtype) ? double(std::numeric_limits<float>::min())
                         : std::numeric_limits<double>::min();
}

/// Calls `visit(argument, first, last)` for the arguments of one kind, with their values.
template <class Visit>
void forEachArgument(const Signature &signature, const Values &values, ArgumentKind kind,
                     Visit visit) {
  const double *value = values.arguments.data();
  for (const Argument &argument : signature.arguments) {
    const std::int64_t count = elements(argument.leaf.shape);
    if (argument.kind == kind)
      visit(argument, value, value + count);
    value += count;
  }
}

/// Appends values to a block of slots in the precision of a solve.
struct Packer {
  DType dtype;
  std::vector<Slot> &slots;

  void real(double x) {
    Slot slot{};
    if (isSingle(dtype))
      slot.f32 = static_cast<float>(x);
    else
      slot.f64 = x;
    slots.push_back(slot);
  }
  /// A number of the precision of time, but no pair: a length of time, a literal.
  void length(double x) {
    if (pairsTimes(dtype))
      return real(x);
    Slot slot{};
    slot.f64 = x;
    slots.push_back(slot);
  }
  /// A pair is a value and its compensation.
  void time(double x) {
    length(x);
    if (pairsTimes(dtype))
      real(std::isfinite(x) ? x - static_cast<float>(x) : 0);
  }
  void integer(std::int64_t n) {
    Slot slot{};
    slot.i64 = n;
    slots.push_back(slot);
  }
  void reals(const std::vector<double> &values) {
    for (double x : values)
      real(x);
  }
  /// Scalars have the precision of time, arrays that of the state.
  void arguments(const Signature &signature, const Values &values, ArgumentKind kind) {
    forEachArgument(signature, values, kind,
                    [&](const Argument &argument, const double *first, const double *last) {
                      const bool scalar = argument.leaf.shape.empty();
                      for (; first != last; ++first)
                        scalar ? length(*first) : real(*first);
                    });
  }
};

template <class Visit> void forEachPlan(const Values &values, Visit visit) {
  visit(values.save);
  for (const SavePlan &plan : values.plans)
    visit(plan);
}

} // namespace

bool endsOpen(const Values &values) { return values.open_end && values.begin() != values.t1; }

Grid makeGrid(const Signature &signature, const Values &values) {
  const Values &v = values;
  Grid grid;
  const Span span(v);
  grid.direction = span.direction;
  grid.t0 = span.t0;
  grid.t1 = span.t1;
  grid.atol = std::max(v.pid.atol, smallestNormal(signature.dtype));
  grid.endTolerance = endTolerance(signature, v);
  divideSpan(v, signature.dtype, grid);
  if (endsOpen(v))
    grid.t1 = std::numeric_limits<double>::infinity();
  grid.saveEvery = 0;
  forEachPlan(v, [&](const SavePlan &plan) {
    grid.saveStart |= savesStart(plan, v);
    grid.saveEnd |= savesEnd(plan);
    grid.saveEvery = std::gcd(grid.saveEvery, stepsPerRow(plan));
  });
  grid.saveEvery = std::max<std::int64_t>(grid.saveEvery, 1);
  return grid;
}

bool savesStart(const SavePlan &plan, const Values &values) {
  using Kind = SavePlan::Kind;
  if (values.goesOn())
    return false; // its row was the last one before
  if (plan.kind == Kind::at)
    return std::find(plan.times.begin(), plan.times.end(), values.t0) != plan.times.end();
  return plan.kind == Kind::start || plan.kind == Kind::every || plan.kind == Kind::dense;
}

std::int64_t stepsPerRow(const SavePlan &plan) {
  return plan.kind == SavePlan::Kind::dense ? 1 : plan.kind == SavePlan::Kind::steps ? plan.n : 0;
}

bool savesEnd(const SavePlan &plan) { return plan.kind != SavePlan::Kind::at; }

/// Appends the times of a plan.
static void planTimes(const SavePlan &plan, const Signature &signature, const Values &values,
                      std::vector<double> &times) {
  const Values &v = values;
  const Span span(v);
  double last = span.begin;
  auto append = [&](double t) {
    if (t > last)
      times.push_back(last = t);
  };
  if (plan.kind == SavePlan::Kind::every && plan.h > 0) {
    // The end is its own row: none before it that only rounding separates from it.
    const double sliver = endTolerance(signature, v);
    double t = span.t0;
    for (double i = 1; span.t1 - t > sliver; ++i) {
      append(t);
      t = std::fma(i, plan.h, span.t0);
    }
  }
  if (plan.kind == SavePlan::Kind::at)
    for (double t : plan.times)
      if (span.direction * t <= span.t1)
        append(span.direction * t);
}

std::vector<double> planTimes(const SavePlan &plan, const Signature &signature,
                              const Values &values) {
  std::vector<double> times;
  planTimes(plan, signature, values, times);
  return times;
}

void saveTimes(const Signature &signature, const Values &values, std::vector<double> &times) {
  times.clear();
  forEachPlan(values, [&](const SavePlan &plan) {
    const std::ptrdiff_t before = std::ptrdiff_t(times.size());
    planTimes(plan, signature, values, times);
    if (before > 0)
      std::inplace_merge(times.begin(), times.begin() + before, times.end());
  });
  times.erase(std::unique(times.begin(), times.end()), times.end());
  times.push_back(std::numeric_limits<double>::infinity());
}

std::vector<double> saveTimes(const Signature &signature, const Values &values) {
  std::vector<double> times;
  saveTimes(signature, values, times);
  return times;
}

double keptTime(double t, DType dtype) {
  if (!pairsTimes(dtype))
    return t + 0.0; // -0.0 would be lost in h*c + t
  const float high = static_cast<float>(t);
  return double(high) + double(static_cast<float>(t - high));
}

void clipTimes(const Signature &signature, const Values &values, std::vector<Clip> &clips) {
  constexpr Clip never = {std::numeric_limits<double>::infinity(), 0};
  clips.clear();
  const bool open = endsOpen(values);
  if (!open && values.jump_at.empty() && values.step_at.empty() && values.step_to.empty())
    return clips.push_back(never);
  auto kept = [&](double t) { return keptTime(t, signature.dtype); };
  const Span span(values);
  const double first = kept(span.begin), last = kept(span.t1);
  auto append = [&](const std::vector<double> &times, int kind) {
    for (double t : times)
      if (const double at = kept(span.direction * t);
          at > first && (at < last || (at == last && open)))
        clips.push_back({at, double(kind)});
  };
  append(values.jump_at, clip_jump);
  append(values.step_at, 0);
  append(values.step_to, 0);
  if (open)
    append({values.t1}, clip_end);
  std::stable_sort(clips.begin(), clips.end(),
                   [](const Clip &a, const Clip &b) { return a.time < b.time; });
  // A time that several lists have is all that they say of it.
  std::vector<Clip> merged;
  for (const Clip &clip : clips)
    if (merged.empty() || merged.back().time != clip.time)
      merged.push_back(clip);
    else
      merged.back().kind = int(merged.back().kind) | int(clip.kind);
  clips = std::move(merged);
  clips.push_back(never);
}

std::vector<Clip> clipTimes(const Signature &signature, const Values &values) {
  std::vector<Clip> clips;
  clipTimes(signature, values, clips);
  return clips;
}

void uniformInputs(const Signature &signature, const Values &values, std::vector<Slot> &slots) {
  // The names that the rows of Inputs.def and LeafInputs.def use.
  const Signature &s = signature;
  const Values &v = values;
  const Grid g = makeGrid(signature, values);
  const double normal = smallestNormal(signature.dtype);
  slots.clear();
  Packer pack{signature.dtype, slots};
#define INPUT(name, type, value) pack.type(value);
#include "compiler/Inputs.def"
  [[maybe_unused]] auto leaves = [&](const std::vector<double> &numbers, double fallback,
                                     double least) {
    for (std::size_t i = 0; i < signature.state.size(); ++i)
      pack.real(std::max(i < numbers.size() ? numbers[i] : fallback, least));
  };
#define LEAF_INPUT(kind, flag, member, noun, fallback, least)                                      \
  if (signature.flag)                                                                              \
    leaves(v.member, fallback, least);
#include "compiler/LeafInputs.def"
  pack.reals(v.event_tolerance);
  pack.arguments(signature, values, ArgumentKind::uniform);
  for (double x : values.literals)
    pack.length(x);
}

std::vector<Slot> uniformInputs(const Signature &signature, const Values &values) {
  std::vector<Slot> slots;
  uniformInputs(signature, values, slots);
  return slots;
}

void trajectoryInputs(const Signature &signature, const Values &values, std::vector<Slot> &slots) {
  slots.clear();
  Packer pack{signature.dtype, slots};
  pack.reals(values.y0);
  pack.arguments(signature, values, ArgumentKind::trajectory);
}

std::vector<Slot> trajectoryInputs(const Signature &signature, const Values &values) {
  std::vector<Slot> slots;
  trajectoryInputs(signature, values, slots);
  return slots;
}

void memoryInputs(const Signature &signature, const Values &values, MemoryInputs &inputs) {
  std::size_t next = 0;
  inputs.pointers.clear();
  // The buffers of the inner vectors stay put when the outer ones grow.
  auto fill = [&](auto &arrays, const double *first, const double *last) {
    if (next == arrays.size())
      arrays.emplace_back();
    arrays[next].assign(first, last);
    inputs.pointers.push_back(arrays[next++].data());
  };
  forEachArgument(signature, values, ArgumentKind::memory,
                  [&](const Argument &, const double *first, const double *last) {
                    if (isSingle(signature.dtype))
                      fill(inputs.f32, first, last);
                    else
                      fill(inputs.f64, first, last);
                  });
}

MemoryInputs memoryInputs(const Signature &signature, const Values &values) {
  MemoryInputs inputs;
  memoryInputs(signature, values, inputs);
  return inputs;
}

} // namespace deq
