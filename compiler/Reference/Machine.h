// The evaluating half of the reference interpreter: values, scalar arithmetic in the element type,
// and one rule per operation. Nothing here is clever, on purpose.
#pragma once

#include "../Dialect/Deq.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "llvm/ADT/DenseMap.h"

#include <cmath>
#include <map>
#include <vector>

namespace deq::ir {

/// A run-time value. Reals are kept as double whatever their type; every operation rounds to its
/// own type.
struct Cell {
  std::vector<double> reals;
  std::vector<int64_t> ints; ///< integers, indices and booleans
  void *memory = nullptr;    ///< of a memref
};

/// Real arithmetic of one type. + - * / and sqrt of doubles that hold f32 values round to f32 as
/// the f32 operation would (53 >= 2*24 + 2 bits); fma does not, so it is done in the type.
struct RealType {
  bool single;
  double round(double x) const { return single ? static_cast<float>(x) : x; }
  double fma(double x, double y, double z) const {
    return single ? std::fma(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z))
                  : std::fma(x, y, z);
  }
};

/// Rows that a kernel writes.
struct RowSink {
  double *times = nullptr;
  void *values = nullptr;
  bool single = false;
  void write(int64_t row, double time, llvm::ArrayRef<double> state) const;
};

/// Whether the machine has a rule for an operation; its regions are not looked into.
bool hasRule(Operation *op);

class Machine {
public:
  explicit Machine(RowSink sink) : sink(sink) {}

  /// Runs a function body on its arguments; nullopt with `error` at the first operation without a
  /// rule or with an index out of range.
  std::optional<std::vector<Cell>> run(Block &body, std::vector<Cell> arguments);
  std::string error;

private:
  using Cells = std::vector<Cell>;
  bool execute(Operation *op);
  std::optional<Cells> runBlock(Block &block);
  std::optional<Cells> runBlock(Block &block, Cells arguments);
  bool fail(Operation *op, const llvm::Twine &why);

  Cell &at(Value value) { return environment[value]; }
  Cells cells(ValueRange values);
  void bind(ValueRange values, Cells cells);
  bool put(Operation *op, Cell cell);
  std::vector<double> flatten(ValueRange leaves);
  int64_t integer(Value value) { return at(value).ints.front(); }
  std::vector<int64_t> indices(ValueRange values);

  // Groups of rules; each returns nullopt if the operation is not of its group.
  std::optional<bool> controlFlow(Operation *op);
  std::optional<bool> arrays(Operation *op);
  std::optional<bool> comprehension(Operation *op);
  std::optional<bool> solving(Operation *op);
  std::optional<bool> memoryAccess(Operation *op);
  std::optional<bool> elementwise(Operation *op);
  std::optional<bool> integers(Operation *op);

  bool whileLoop(Operation *op);
  bool forLoop(Operation *op);
  bool constant(Operation *op);
  bool matmul(Operation *op);
  bool pack(Operation *op);
  bool concat(Operation *op);
  double sample(SampleOp op);
  /// t + c*h in the type of time, or an end of the step.
  double timeIn(StepOp step, double c);
  bool step(StepOp op);
  bool extend(ExtendOp op);
  /// The field in a step at a point; empty after a failure.
  std::vector<double> slopeAt(StepOp step, double time, const std::vector<double> &point);
  /// Rules of methods that are no tableau; nullopt for those that are.
  std::optional<bool> otherStep(StepOp op);
  std::optional<bool> otherExtend(ExtendOp op, StepOp step);
  std::optional<bool> otherInterpolate(InterpolateOp op, StepOp step);
  bool splitStep(StepOp op, const deq::Splitting &method);
  bool leapfrogStep(StepOp op);
  bool reversibleHeunStep(StepOp op);
  /// Evaluates a stage of a step and appends its slope; returns where, or an empty state after a
  /// failure.
  std::vector<double> stage(StepOp step, const deq::Tableau &tableau, int i,
                            std::vector<std::vector<double>> &slopes);
  bool interpolate(InterpolateOp op);
  bool stiffness(StiffnessOp op);
  std::optional<Cells> evaluateField(Operation *op, StringRef symbol, Cells inputs);

  RowSink sink;
  llvm::DenseMap<Value, Cell> environment;
  std::map<Operation *, std::vector<double>> buffers; ///< by allocation
};

/// Puts a flat state into cells of the leaves' sizes.
std::vector<Cell> split(llvm::ArrayRef<double> flat, TypeRange leaves);

/// The type of a leaf's elements.
inline RealType realTypeOf(Type type) { return {getElementTypeOrSelf(type).isF32()}; }

} // namespace deq::ir
