// The rows of a kernel on their way to the save plans that asked for them.
// A kernel writes the rows of all plans in one sequence, whole states in the order of time; which
// plan each belongs to is known here, so that no plan costs code.
#pragma once

#include "compiler/Signature.h"

#include <span>
#include <vector>

namespace deq {

/// Scalars [begin, end) of a row of the kernel.
struct Range {
  std::int64_t begin, end;
};
/// Where the leaves with these numbers are, in this order; no number: all of them.
std::vector<Range> columnsOf(const Signature &signature, const std::vector<std::int64_t> &leaves);
/// Where their derivatives are in a row of a dense solve; expressions have none and keep the
/// columns beyond the row.
std::vector<Range> derivativesOf(const Signature &signature,
                                 const std::vector<std::int64_t> &leaves);

class SavedRows {
public:
  /// `accepted`: steps that were accepted before, in a solve that goes on.
  SavedRows(const Signature &signature, const Values &values, std::int64_t accepted = 0);

  /// Rows as the kernel wrote them, in f64 or f32; `closing`: the last of them is the closing row.
  template <class Real> void append(std::span<const double> t, const Real *states, bool closing);

  /// The state where a solve stands: the closing row of each plan that wants one, has not got it
  /// from the kernel, and has no row there or beyond.
  /// `row` is as wide as the kernel's.
  void close(double t, const std::vector<double> &row);

  void moveTo(Solution &solution);

private:
  struct Plan {
    Rows rows;
    std::vector<Range> columns;
    std::vector<double> times; ///< in the kernel's time, increasing
    std::size_t next = 0;      ///< of `times`
    std::int64_t steps = 0;    ///< accepted steps per row; 0: none are counted
    bool start = false, end = false, closed = false;
    bool whole = false; ///< saves all leaves
  };
  enum class Event { start, time, step, end };

  void add(const SavePlan &plan, const std::vector<std::int64_t> &leaves, const std::string &name,
           const Signature &signature, const Values &values);
  Event eventAt(double t, bool closing);
  bool wants(Plan &plan, Event event, double t);
  template <class Real> void take(Plan &plan, double t, const Real *state) const;

  std::vector<Plan> plans; ///< the main one first
  std::vector<double> times;
  std::size_t next = 0;
  std::int64_t width, interval, counted = 0;
  double direction;
  DType dtype;
  bool startDue, alone;
};

} // namespace deq
