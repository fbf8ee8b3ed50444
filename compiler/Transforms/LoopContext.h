// What methods and controllers see of the loop they are woven into: a small arithmetic builder and
// the named inputs. It keeps their code as close to the formulas as C++ allows, and in one place
// says how f32 carries time.
#pragma once

#include "../LeafInputs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>
#include <functional>

namespace deq::ir {

/// Control inputs of a kernel (Inputs.def). A time input is a pair of values where times are.
enum class Input {
#define INPUT(name, type, value) name,
#include "../Inputs.def"
  count
};

/// Time as one value, or as the unevaluated sum hi + lo of two f32 values (|lo| <= ulp(hi)/2).
struct Time {
  Value hi, lo;
};

/// Emits scalar and elementwise arithmetic at the builder's insertion point. Leaves may be scalars
/// or tensors; a scalar next to a tensor is splatted.
class LoopContext {
public:
  LoopContext(OpBuilder &builder, Location loc, FloatType real, FloatType time)
      : b(builder), loc(loc), real(real), time(time) {}

  OpBuilder &b;
  Location loc;
  FloatType real; ///< element type
  FloatType time; ///< of each value of a time: the element type, or f64 where that is f32

  /// Whether a time is a pair of values: pairsTimes of the signature.
  bool pairedTime() const { return time.isF32(); }

  Value constant(double value);            ///< in the element type
  Value constant(double value, Type like); ///< splat over a leaf type
  Value integer(int64_t value);
  Value boolean(bool value);
  /// In the element type, a length of time too; an integer as it is.
  Value input(Input which);
  Time inputTime(Input which) const { return inputs[static_cast<size_t>(which)]; }
  /// What is given of a state leaf; null if the controller does not read that per leaf.
  Value perLeaf(LeafInput kind, size_t leaf) const {
    const SmallVector<Value> &values = leafInputs[static_cast<size_t>(kind)];
    return values.empty() ? Value() : values[leaf];
  }
  void bindPerLeaf(LeafInput kind, Value value) {
    leafInputs[static_cast<size_t>(kind)].push_back(value);
  }
  void bindInput(Input which, Time value) { inputs[static_cast<size_t>(which)] = value; }

  Value add(Value x, Value y);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  Value div(Value x, Value y);
  Value fma(Value x, Value y, Value z);
  Value abs(Value x);
  Value sqrt(Value x);
  /// y if y > x, else x: a NaN in y yields x, and the instruction is a plain maximum.
  Value maxKeepingFirst(Value x, Value y);
  Value min(Value x, Value y); ///< y < x ? y : x
  Value less(Value x, Value y);
  Value lessEqual(Value x, Value y);
  Value greater(Value x, Value y);
  Value equalInt(Value x, Value y);
  Value lessInt(Value x, Value y);
  Value both(Value x, Value y);
  Value either(Value x, Value y);
  Value negate(Value x); ///< boolean
  /// condition ? x : y; a scalar condition may select whole leaves.
  Value select(Value condition, Value x, Value y);
  SmallVector<Value> select(Value condition, ValueRange x, ValueRange y);
  Value log2(Value x);
  /// factor * 2^x.
  Value exp2(Value factor, Value x);
  Value meanSquare(ValueRange leaves);
  Value maxMagnitude(ValueRange leaves);
  Value addInt(Value x, Value y);
  Value toInt(Value boolean);

  /// condition ? values of `then` : values of `otherwise`, as a branch.
  SmallVector<Value> branch(Value condition, llvm::function_ref<SmallVector<Value>()> then,
                            llvm::function_ref<SmallVector<Value>()> otherwise);

  // Time. Where it is one value these are single operations, of pairs error-free transformations
  // (Knuth's two-sum). Lengths of steps have the element type, and are exact in that of time.
  Time advance(Time t, Value h);
  Value difference(Time later, Time earlier); ///< rounded to the element type
  Value reaches(Time t, Time target);         ///< t >= target
  Value after(Time t, Time other);            ///< t > other, false for NaN
  Time select(Value condition, Time x, Time y);
  /// The end of a step of length h from there, which lands on t1: a step that would end within
  /// end_tolerance of it (or beyond) ends there, except that after a rejection half of the rest is
  /// tried.
  Time land(Time from, Value h, Value accepted);
  Value widen(Time t);       ///< as f64
  Value widen(Value x);      ///< any type to f64
  Value toTime(Value x);     ///< element type to that of time
  Value narrow(Value x);     ///< any type to the element type
  Time fromWide(Value wide); ///< f64 to time

  // The loop's time always increases: a solve backwards in time runs in -t. What the field, the
  // method and the reader of a row are given is t itself.
  Value realTime(Value time); ///< t of a time of the loop, in the type of `time`; never -0.0
  Value realStep(Value h);    ///< the increment of t in a step of length h

  /// f(t, y) at a time of the loop, as a cold evaluation (outlined and shared); bound by
  /// expand-solve.
  std::function<SmallVector<Value>(Time, ValueRange)> evaluate;
  /// The solve's limit of steps that begin at (t, y), NaN for none; bound by expand-solve if the
  /// controller asks for it. `cold` as in SolveExpander::observe.
  std::function<Value(Time, ValueRange, bool cold)> limit;
  /// Frame::clips as memref<?x2xf64>; null unless the controller asks for it.
  Value clips;

private:
  Value splatLike(Value x, Type like);
  std::pair<Value, Value> alike(Value x, Value y);
  std::array<Time, static_cast<size_t>(Input::count)> inputs;
  std::array<SmallVector<Value>, leafInputKinds> leafInputs;
};

/// Where the loop stands before a step.
struct StepPlan {
  Time t;                     ///< last accepted time
  Time next;                  ///< end of the step about to be tried
  SmallVector<Value> control; ///< the controller's loop-carried values
  SmallVector<Value> y;
  SmallVector<Value> slope; ///< f(t0, y0) if the method needed it; only before the first step
  Value accepted, rejected; ///< counts, i64
  Value longest;            ///< limit of steps that begin at t; null if the solve has none
};

/// The times that the field is given for the two ends of a step: one value each.
struct StepEnds {
  Value begin, end;
};

/// A step that has been computed but not judged.
struct Attempt {
  Value h;
  SmallVector<Value> y1, error;
  SmallVector<Value> coarse; ///< the method's second error estimate, empty if it has one
  Value outcome;             ///< i1: the step could be computed
  /// The length that the controller had planned, if the step may have been shortened to end at a
  /// given time. Null if no step is.
  Value planned = {};
  /// The time that the field is given where the step after this one begins; null: plan.next.
  Value resume = {};
  Value longest = {}; ///< limit of steps that begin at y1; null if the solve has none
};

/// The controller's judgement of an attempt.
struct Verdict {
  Value accept;               ///< i1
  Time next;                  ///< end of the following attempt
  SmallVector<Value> control; ///< the controller's values after the attempt
  Value failure;              ///< i64: Status::running, or the status that ends the solve
  Value errorFinite;          ///< i1: the error could be judged
  SmallVector<Value> blame;   ///< leaves whose largest element names the component to blame
  /// i1: the field jumps where the step ends, so slopes at its end are no slopes of the next one.
  /// Null if it never does.
  Value restart;
  /// i1: the solve ends where the step does, before t1. Null if only t1 ends it.
  Value finished;
};

} // namespace deq::ir
