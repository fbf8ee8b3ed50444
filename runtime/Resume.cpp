// Decides whether a saved state belongs to a solve.
// Whatever decided the bits of a step that comes next has to be the same: the code, by its digest,
// and the values that slopes and grids were computed from. Tolerances and ends may change.
#include "Resume.h"

#include "deq/kernel.h"

#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace deq {

/// Places in Checkpoint::inputs.
constexpr std::size_t startInput = 0, firstArgument = 3;

/// In the order of Checkpoint::inputs.
template <class Visit>
static void visitInputs(const Signature &signature, const Values &values, Visit visit) {
  auto add = [&](double x) { visit(std::bit_cast<std::uint64_t>(x)); };
  add(values.t0);
  add(values.direction()); // the kernel's time is a multiple of it
  // The ends of listed steps may change, as those of spans may.
  add(signature.control == "constant" && values.step_to.empty() ? values.dt : 0);
  for (double x : values.arguments)
    add(x);
  for (double x : values.literals)
    add(x);
}

std::vector<std::uint64_t> checkpointInputs(const Signature &signature, const Values &values) {
  std::vector<std::uint64_t> bits;
  visitInputs(signature, values, [&](std::uint64_t word) { bits.push_back(word); });
  return bits;
}

static bool sameInputs(const Checkpoint &from, const Signature &signature, const Values &values) {
  std::size_t next = 0;
  bool same = true;
  visitInputs(signature, values, [&](std::uint64_t word) {
    same = same && next < from.inputs.size() && from.inputs[next] == word;
    ++next;
  });
  return same && next == from.inputs.size();
}

void completeFrom(const Checkpoint &from, const Signature &signature, Values &values) {
  if (from.identity != signature.identity ||
      from.inputs.size() != firstArgument + values.arguments.size() + values.literals.size())
    return;
  values.t0 = std::bit_cast<double>(from.inputs[startInput]);
  for (std::size_t i = 0; i < values.arguments.size(); ++i)
    if (std::isnan(values.arguments[i]))
      values.arguments[i] = std::bit_cast<double>(from.inputs[firstArgument + i]);
}

/// The times of `step_to` that are ahead of t0, behind it.
static void beginSteps(Values &values) {
  std::vector<double> &times = values.step_to;
  if (times.empty())
    return;
  const double direction = values.direction();
  std::erase_if(times, [&](double t) { return direction * t <= direction * values.t0; });
  times.insert(times.begin(), values.t0);
}

/// Why the workspace of `from` says nothing about a solve; empty if it is one of it.
static std::string difference(const Checkpoint &from, const Signature &signature,
                              const Values &values) {
  if (from.identity.empty() || from.identity != signature.identity)
    return "it was left by another field, method or controller";
  const std::int64_t least = state_slot(pairsTimes(signature.dtype)) + signature.width();
  if (std::int64_t(from.workspace.size()) < least)
    return "what the method remembers is incomplete";
  if (!sameInputs(from, signature, values))
    return "arguments, constants, the start or direction of the span or the constant step have "
           "changed";
  if (from.status == Status::stopped)
    return "an event stopped it inside of a step";
  return "";
}

bool sameLeaves(const std::vector<Leaf> &a, const std::vector<Leaf> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Leaf &x, const Leaf &y) {
    return x.name == y.name && x.shape == y.shape;
  });
}

ResumePlan resume(const Checkpoint &from, const Signature &signature, Values &values) {
  if (!sameLeaves(from.state, signature.state))
    return {Resumption::impossible, "its state has other leaves"};
  const std::string reason = difference(from, signature, values);
  if (reason.empty()) {
    values.resumed_at = from.t;
    values.open_end = true;
    return {Resumption::exact, ""};
  }
  values.t0 = from.t;
  values.y0 = from.y;
  beginSteps(values);
  if (signature.control != "constant")
    values.dt = from.dt;
  return {Resumption::anew, reason};
}

} // namespace deq
