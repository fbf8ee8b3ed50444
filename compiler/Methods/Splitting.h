// Splitting methods as data that checks itself: coefficients of kicks and drifts.
// For fields q' = g(t, v), v' = f(t, q): either half is solved exactly while the other stands
// still.
#pragma once

#include "MethodFacts.h"

#include <cstdint>
#include <vector>

namespace deq {

/// A step of h is a composition, from left to right,
///   kick_0, drift_0, kick_1, drift_1, ..., kick_m  with
///   kick_i:  v += kick_i h f(t + (drift_0 + .. + drift_(i-1)) h, q)
///   drift_i: q += drift_i h g(t + (kick_0 + .. + kick_i) h, v).
/// A first kick of 0 is none. Dense output is the cubic with the field's slopes at both ends.
struct Splitting : MethodFacts {
  std::vector<double> kick, drift;     ///< kick has one entry more
  std::vector<std::int64_t> positions; ///< leaves of the state that are q; the others are v

  int stages() const { return static_cast<int>(drift.size()); }
  /// The slope of the last kick is that of the next step's first one.
  bool carriesKick() const { return kick.front() != 0; }
  /// The times of kicks and drifts in the step, from 0 to 1; exactly 1 after the last of them.
  std::vector<double> kickTimes() const;
  std::vector<double> driftTimes() const;
};

/// Every way in which the coefficients contradict themselves or the stated order; empty if none.
/// Orders are those of any field for up to two; beyond, of palindromic compositions of velocity
/// Verlet, by their conditions up to order 8 (H. Yoshida, Phys. Lett. A 150 (1990); E. Hairer,
/// C. Lubich, G. Wanner, Geometric Numerical Integration (2006), V.3.2). Tolerance 1e-13 relative
/// to the size of the terms.
std::vector<std::string> check(const Splitting &splitting);

/// All splitting methods, in the order of the documentation; no leaves are positions yet.
const std::vector<Splitting> &splittings();

} // namespace deq
