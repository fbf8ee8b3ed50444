// A solve to go on with: a pendulum on a weak spring that is pushed at t = 1.3.
// It has a jump, arrays, an argument and a parameter, which a checkpoint has to remember.
#pragma once

#include <deq/deq.h>

namespace {

inline deq::Field kicked() {
  return deq::trace("kicked", {.state = {"angle", {"w", {2}}}, .args = {"g"}},
                    [](deq::Scalar t, const deq::Vars &y, const deq::Vars &args) {
                      const deq::Array w = y["w"];
                      const deq::Array push = deq::select(t < 1.3, 0.0, 0.5);
                      return deq::Derivatives{w[0],
                                              deq::stack(push - args["g"] * sin(y["angle"]),
                                                         w[0] - 0.1 * w[1] + deq::param("p", 1.0))};
                    });
}

inline deq::Call whole(double t1) { return {.t0 = 0, .t1 = t1, .y0 = {1, 0, 0.5}, .args = {9.81}}; }

inline deq::Call rest(const std::shared_ptr<const deq::Checkpoint> &from, double t1) {
  return {.from = from, .t1 = t1};
}

} // namespace
