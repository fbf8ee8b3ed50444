// The input blocks of a kernel: what the values of a solve become before the first step.
// Everything here is computed once per solve, so that the generated code only reads slots.
#pragma once

#include "compiler/Signature.h"
#include "deq/kernel.h"

#include <vector>

namespace deq {

/// What the span, the constant step and the save plan amount to.
struct Grid {
  double direction = 1;  ///< Values::direction
  double t0 = 0, t1 = 0; ///< of the span, in the kernel's time: direction*t; t1 infinite if open
  double atol = 0; ///< absolute tolerance, at least the smallest normal number of the element type
  double endTolerance = 0;    ///< a step that would end this close to t1 ends at t1
  std::int64_t steps = 0;     ///< constant control: number of steps
  double lastStep = 0;        ///< constant control: length of the last one
  bool saveStart = false;     ///< write a row at t0
  bool saveEnd = false;       ///< write a closing row where the solve ends
  std::int64_t saveEvery = 1; ///< accepted steps per row, for the plans that count them
};
Grid makeGrid(const Signature &signature, const Values &values);

/// What a plan asks for at the ends of the span.
bool savesStart(const SavePlan &plan, const Values &values);
bool savesEnd(const SavePlan &plan);
/// Accepted steps per row; 0 for a plan that does not count them.
std::int64_t stepsPerRow(const SavePlan &plan);
/// Times of one plan after t0, or after where a solve goes on, in the kernel's time, increasing:
/// those of a list up to t1, those of `every` before it, because its closing row is at t1.
std::vector<double> planTimes(const SavePlan &plan, const Signature &signature,
                              const Values &values);
// Of what follows there are two forms: one that returns a list, and one that fills a list that is
// there, which allocates nothing once the list is long enough.

/// Save times of all plans in the kernel's time, increasing and closed by +infinity.
std::vector<double> saveTimes(const Signature &signature, const Values &values);
void saveTimes(const Signature &signature, const Values &values, std::vector<double> &times);

/// What a kernel makes of a time: where it pairs them the sum of two floats. Never -0.0.
double keptTime(double t, DType dtype);

/// The times ahead at which steps end, with what else happens there: in the kernel's time,
/// increasing and closed by +infinity, as Frame::clips wants them, and rounded to what a kernel can
/// keep.
struct Clip {
  double time = 0;
  double kind = 0; ///< a sum of ClipKind
};
static_assert(sizeof(Clip) == 2 * sizeof(double), "Frame::clips is a list of pairs");
/// Whether the end of the span is such a time: it is not where no step is left to take.
bool endsOpen(const Values &values);
std::vector<Clip> clipTimes(const Signature &signature, const Values &values);
/// Allocates where steps end at given times.
void clipTimes(const Signature &signature, const Values &values, std::vector<Clip> &clips);

/// The trajectory block: initial values, then arguments of kind trajectory, in the element type.
std::vector<Slot> trajectoryInputs(const Signature &signature, const Values &values);
void trajectoryInputs(const Signature &signature, const Values &values, std::vector<Slot> &slots);
/// The uniform block, as uniformInputs of Solve.h.
void uniformInputs(const Signature &signature, const Values &values, std::vector<Slot> &slots);

/// Arguments of kind memory as row-major arrays in the element type, in declaration order.
struct MemoryInputs {
  MemoryInputs() = default;
  MemoryInputs(MemoryInputs &&) = default; // the arrays stay where they are
  MemoryInputs &operator=(MemoryInputs &&) = default;
  std::vector<std::vector<double>> f64;
  std::vector<std::vector<float>> f32;
  std::vector<const void *> pointers; ///< one per array, into the vectors above
};
MemoryInputs memoryInputs(const Signature &signature, const Values &values);
void memoryInputs(const Signature &signature, const Values &values, MemoryInputs &inputs);

} // namespace deq
