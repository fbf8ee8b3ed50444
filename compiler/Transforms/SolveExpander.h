// The expansion of `deq.solve` as one class in four files: arguments, rows of output, events, and
// the loop itself. They share the builder, the inputs and the state, which is why they are one
// class.
#pragma once

#include "Passes.h"
#include "deq/kernel.h"
#include "deq/solution.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace deq::ir {

using Leaves = SmallVector<Value>;

/// Everything that lives from step to step and, in the same order, in the workspace.
struct LoopState {
  Value status, component, accepted, rejected, cursor, closed, limited, extended, event;
  StepPlan plan; ///< t, next, y, control; `slope` unused
  Leaves method;
  Leaves watched; ///< values of the events that are numbers, at plan.t
};

/// State of one call only.
struct CallState {
  Value rows, full, budget;
};

/// Where an accepted step really ends: at its end, or at the event that stops the solve inside.
struct StepEnd {
  Time t;
  Leaves y;
  Value event;    ///< number of the event, -1: none
  Value stopped;  ///< i1: there is one; null in a solve without events
  Leaves watched; ///< values of the events that are numbers, at the step's own end
  Value last;     ///< i1: the solve ends at the step's own end, without an event
};

/// An event and its place among the results of the events' function.
struct WatchedEvent {
  size_t number;
  StringRef direction;
  bool isNumber;
};

class SolveExpander {
public:
  explicit SolveExpander(SolveOp solve)
      : solve(solve),
        field(SymbolTable::lookupNearestSymbolFrom<FieldOp>(solve, solve.getFieldAttr())),
        builder(solve), loop(builder, solve.getLoc(), field.elementType(), field.timeType()) {}

  /// Emits the function that makes a state to begin with.
  void emitStartFunction();
  /// Emits the kernel, which goes on from the state in the workspace.
  void emitKernel();

private:
  // --- arguments ---

  void declare(Type type, StringRef kind, Attribute value);
  void declare(Type type, StringRef kind, int64_t slot);
  void declareInputs();
  void declareState();
  void declare(StringRef symbol);
  void bindArguments(ValueRange arguments);

  // --- state as a flat list ---

  Leaves flatten(const LoopState &s);
  LoopState unflatten(ValueRange flat);

  // --- start ---

  Value status(Status value) { return loop.integer(static_cast<int64_t>(value)); }

  Leaves evaluate(Time t, ValueRange y);
  /// A row at a time of the loop: the state, and what the solve saves beside it. `derivative` is
  /// that of the interpolant, where there is one.
  void save(Value row, Value time, ValueRange state, ValueRange derivative = {});

  LoopState freshState();
  Value locate(ValueRange leaves);

  // --- loop ---

  void emitLoop(LoopState &state, CallState &call);

  /// One attempt: step, judge, save, commit. A step whose rows do not all fit is not committed but
  /// repeated by the next call, which gives the same bits; only the cursor remembers the rows that
  /// did fit.
  void emitStep(LoopState &s, CallState &call);

  /// The method's state at the other side of a jump of the field.
  void emitRestart(LoopState &s, Value jumped);

  void emitStatus(const LoopState &before, LoopState &after, const CallState &call,
                  const Verdict &verdict, const Attempt &attempt, Value commit, Value last);

  /// Whether steps are judged for stability. Constant ones are as long as the caller says.
  bool judgesStability() {
    return solve.getControl().needsError() && solve.getMethod().stabilityBound() > 0;
  }
  /// The count of limited steps after this one, which is judged if it is committed and its turn has
  /// come; `accepted` includes it.
  Value emitStiffness(const LoopState &before, Value accepted, StepOp step, Value commit);

  // --- events ---

  void listEvents();
  /// Results of a function of the field's inputs at a point; `cold`: by a call of the shared copy.
  Leaves observe(FlatSymbolRefAttr function, Time t, ValueRange y, bool cold);
  Leaves observeEvents(Time t, ValueRange y, bool cold) {
    return observe(solve.getEventsAttr(), t, y, cold);
  }
  Leaves numbersOf(ValueRange observed);
  /// The event that is true before the first step, -1 if none; sets `watched`.
  Value emitFirstEvents(LoopState &s);
  StepEnd emitEvents(const LoopState &s, StepOp step, Value accept);
  struct Crossing;
  Crossing noCrossing();
  Leaves flatten(const Crossing &c);
  Crossing earlier(const Crossing &a, const Crossing &b);
  Time timeInside(const LoopState &s, StepOp step, Value theta);
  Value watch(const LoopState &s, StepOp step, size_t number, Value theta);
  Crossing findCrossing(const LoopState &s, StepOp step, const WatchedEvent &event, Value before,
                        Value first, Value last, Value after);
  Value findExtremum(const LoopState &s, StepOp step, size_t number, Value sign);
  Value findRoot(const LoopState &s, StepOp step, size_t number, Value low, Value high, Value sign);

  // --- rows ---

  /// Interpolation data for rows inside a step, and how many steps have been extended for theirs.
  struct Dense {
    Value stages, extended;
  };
  /// Evaluates the method's stages for dense output if a row falls inside of an accepted step, or
  /// a number is watched there. A
  /// step at whose end a row is needs none, and a step that is repeated for want of room counts
  /// once: rows of it are behind the cursor then.
  Dense emitExtension(const LoopState &s, const CallState &call, StepOp step, Value accept);

  /// Writes the rows of an accepted step; updates call.rows and call.full and returns the new
  /// cursor.
  Value emitSaves(const LoopState &s, CallState &call, StepOp step, const StepEnd &end,
                  Value accept);
  Value timeAt(Value cursor);
  Value emitTimedSaves(const LoopState &s, CallState &call, StepOp step, const StepEnd &end,
                       Value accept);

  /// The state at a time inside the step, by the method's interpolant; exactly y1 at its end.
  Leaves stateInside(Value time, const LoopState &s, StepOp step);
  Value thetaOf(Value time, const LoopState &s, StepOp step);
  Leaves interpolate(Value theta, const LoopState &s, StepOp step, bool derivative = false);
  void emitCountedSave(const LoopState &s, CallState &call, StepOp step, const StepEnd &end,
                       Value accept);

  /// Whether a solve that did not reach t1 ended at the time of a row: at its start, at one of a
  /// list, or at the end of a saved step.
  Value endsAtRow(const LoopState &s);

  /// The closing row, where the solve ended; if there is no room for it the call ends with
  /// output_full.
  void emitClose(LoopState &s, CallState &call);
  void emitReturn(const LoopState &s, const CallState &call);

  SolveOp solve;
  FieldOp field;
  OpBuilder builder;
  LoopContext loop;
  func::FuncOp kernel;
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attributes;
  size_t firstState = 0;
  Leaves initial, fieldArguments, eventTolerances;
  SmallVector<WatchedEvent> events;
  Value times, capacity, startRows, budget;
  LoopState stored;
  Value stages; ///< of the step being emitted, as its interpolant needs them
};

} // namespace deq::ir
