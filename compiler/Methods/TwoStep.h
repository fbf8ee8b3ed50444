// Methods that carry a second point from step to step beside the state.
// They have no coefficients to tabulate: each is a formula, written out where it is emitted.
#pragma once

#include "MethodFacts.h"

#include <vector>

namespace deq {

struct TwoStep : MethodFacts {
  enum class Kind {
    /// y1 = y_(-1) + (h_(-1) + h) f(t0, y0), at the start and after a jump with y_(-1) = y0 and
    /// h_(-1) = 0, which is Euler's method;
    ///   y(t0 + theta h) = y0 + theta h f0 + theta^2 (y1 - y0 - h f0).
    leapfrogMidpoint,
    /// With a second point z, at the start y0, and its slope g = f(t, z):
    ///   z1 = 2 y0 - z0 + h g0,  y1 = y0 + h/2 (g0 + g1),  error = h/2 (g1 - g0),
    ///   y(t0 + theta h) = y0 + h (theta g0 + theta^2/2 (g1 - g0)).
    /// A step of -h from (y1, z1) is the same formula and returns to (y0, z0).
    reversibleHeun
  } kind;

  bool startsWithSlope() const { return kind == Kind::reversibleHeun; }
};

const std::vector<TwoStep> &twoSteps();

} // namespace deq
