// Dense output of a solve: the state of its kernel before every accepted step.
// To ask for a time inside a step is to take that step again with the time in its list of rows: one
// code path, the bits of `save at`, and less memory than the slopes of every stage.
#pragma once

#include "Inputs.h"
#include "SavedRows.h"
#include "SlotVector.h"
#include "compiler/Compile.h"

#include <array>

namespace deq {

class DenseSteps : public DenseOutput {
public:
  /// `start`: the row where a solve goes on; empty: it begins at t0.
  DenseSteps(std::shared_ptr<const Program> program, const Signature &signature,
             const Values &values, std::vector<double> start = {});

  /// A step from the state that `before` holds has been accepted; `after` is the state behind it.
  void record(const SlotVector &before, const SlotVector &after);

  void evaluate(std::span<const double> t, double *y) const override;
  void derivative(std::span<const double> t, double *dy) const override;

private:
  using Time = std::array<Slot, 2>; ///< as a workspace keeps it

  bool reaches(const Time &time, double target) const;
  /// The step whose end is the first to reach a time; the number of steps if none does.
  std::size_t stepAt(double time) const;
  Frame frame() const; ///< without a workspace
  /// `columns` of the row at each of the times.
  void rowsAt(std::span<const double> t, const std::vector<Range> &columns, double *y) const;
  void stepRows(std::size_t step, std::span<const double> times, const std::vector<Range> &columns,
                double *y) const;
  void select(const double *row, const std::vector<Range> &columns, double *&y) const;

  std::shared_ptr<const Program> program;
  bool f32, pairs; ///< rows are f32; times are pairs of them
  double direction, begin;
  std::int64_t width;
  std::vector<Range> columns, derivatives;
  std::vector<Clip> clips;
  std::vector<Slot> uniform, trajectory;
  MemoryInputs memory;
  std::size_t slots;           ///< of a workspace
  std::vector<double> initial; ///< the row where the solve begins
  std::vector<Slot> states;
  std::vector<Time> ends; ///< of the steps, in the kernel's time
};

} // namespace deq
