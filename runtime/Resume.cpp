// Decides whether a saved state belongs to a solve.
// Whatever decided the bits of a step that comes next has to be the same: the code, by its digest,
// and the values that slopes and grids were computed from. Tolerances and ends may change.
#include "Resume.h"

#include <bit>
#include <fmt/format.h>

namespace deq {

std::vector<std::uint64_t> checkpointInputs(const Signature &signature, const Values &values) {
  std::vector<std::uint64_t> bits;
  auto add = [&](double x) { bits.push_back(std::bit_cast<std::uint64_t>(x)); };
  add(values.t0);
  add(signature.control == "constant" ? values.dt : 0);
  for (double x : values.arguments)
    add(x);
  for (double x : values.literals)
    add(x);
  return bits;
}

/// Why the workspace of `from` says nothing about a solve; empty if it is one of it.
static std::string difference(const Checkpoint &from, const Signature &signature,
                              const Values &values) {
  if (from.identity.empty() || from.identity != signature.identity)
    return "it was left by another field, method or controller";
  if (from.inputs != checkpointInputs(signature, values))
    return "arguments, constants, the start of the span or the constant step have changed";
  if (from.status == Status::stopped)
    return "an event stopped it inside of a step";
  return "";
}

static bool sameLeaves(const std::vector<Leaf> &a, const std::vector<Leaf> &b) {
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
  if (signature.control != "constant")
    values.dt = from.dt;
  return {Resumption::anew, reason};
}

} // namespace deq
