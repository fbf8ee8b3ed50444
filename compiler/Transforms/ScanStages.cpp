// Scanned stages: one copy of the field in a loop, slopes in memory. Code then grows with the
// field, not with the field times the stages, which is what large fields need.

#include "RungeKutta.h"

#include "../Target/Abi.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace deq::ir {

namespace {

/// One copy of the field in a loop over the stages; slopes live in rows of a buffer in the
/// workspace.
class Scanned : public Expansion {
public:
  Scanned(OpBuilder &builder, StepOp step, const deq::Tableau &tableau)
      : Expansion(builder, step, tableau) {
    int64_t width = 0;
    for (Value leaf : y) {
      offsets.push_back(width);
      width += elementCount(leaf.getType());
    }
    buffer = scratch(width);
  }

private:
  /// Adds the slope buffer to the kernel's arguments, behind everything else in the workspace. Rows
  /// with arrays in them begin with a cache line: an access that crosses one takes twice as long.
  Value scratch(int64_t width) {
    auto kernel = step->getParentOfType<func::FuncOp>();
    const bool hasArrays =
        llvm::any_of(y, [](Value leaf) { return elementCount(leaf.getType()) > 1; });
    if (hasArrays)
      width = llvm::alignTo(width, 64 * slotsOfLine / loop.real.getIntOrFloatBitWidth());
    auto type = MemRefType::get({tableau.stages() + tableau.extraStages(), width}, loop.real);
    int64_t slot = llvm::alignTo(workspaceSlots(kernel), hasArrays ? slotsOfLine : 1);
    unsigned position = kernel.getNumArguments();
    kernel.insertArgument(position, type,
                          loop.b.getDictionaryAttr(
                              loop.b.getNamedAttr("deq.scratch", loop.b.getI64IntegerAttr(slot))),
                          kernel.getLoc());
    return kernel.getArgument(position);
  }

  void write(Value row, ValueRange slope) {
    for (auto [leaf, offset] : llvm::zip_equal(slope, offsets))
      loop.b.create<WriteOp>(loop.loc, leaf, buffer, row, offset);
  }

  Leaves read(Value row) {
    Leaves leaves;
    for (auto [leaf, offset] : llvm::zip_equal(y, offsets))
      leaves.push_back(loop.b.create<ReadOp>(loop.loc, leaf.getType(), buffer, row, offset));
    return leaves;
  }

  Leaves negativeZeros() {
    Leaves zeros;
    for (Value leaf : y)
      zeros.push_back(loop.constant(-0.0, leaf.getType()));
    return zeros;
  }

  /// Adds value * slope to the sum, for the entries [from, to) of a compressed list of
  /// coefficients.
  Leaves accumulate(Value from, Value to, ArrayRef<int64_t> columns,
                    llvm::function_ref<Value(Value)> weight) {
    return repeat(from, to, negativeZeros(), [&](Value entry, ValueRange sum) {
      Value w = weight(entry);
      Leaves slope = read(lookup(columns, entry)), next;
      for (auto [k, s] : llvm::zip_equal(slope, sum))
        next.push_back(loop.fma(w, k, s));
      return next;
    });
  }

  Leaves combine(const Coefficients &coefficients) override {
    SmallVector<double> values;
    SmallVector<int64_t> columns;
    for (auto [stage, value] : llvm::enumerate(coefficients))
      if (value != 0) {
        values.push_back(value);
        columns.push_back(stage);
      }
    return accumulate(index(0), index(values.size()), columns,
                      [&](Value entry) { return lookup(values, entry); });
  }

  Leaves combineAt(Value theta, bool derivative) override {
    int64_t degree = tableau.p.front().size();
    SmallVector<double> values;
    SmallVector<int64_t> columns;
    for (auto [stage, row] : llvm::enumerate(tableau.p))
      if (!llvm::all_of(row, [](double x) { return x == 0; })) {
        Coefficients terms = derivative ? deq::differentiated(row) : row;
        values.append(terms.rbegin(), terms.rend());
        columns.push_back(stage);
      }
    return accumulate(index(0), index(columns.size()), columns, [&](Value entry) {
      Value base = loop.b.create<arith::MulIOp>(loop.loc, entry, index(degree));
      auto coefficient = [&](int64_t m) {
        return lookup(values, loop.b.create<arith::AddIOp>(loop.loc, base, index(m)));
      };
      Value weight = coefficient(0);
      for (int64_t m = 1; m < degree; ++m)
        weight = loop.fma(weight, theta, coefficient(m));
      return derivative ? weight : loop.mul(weight, theta);
    });
  }

  void emitStages() override {
    bool fsal = tableau.fsal();
    if (fsal)
      write(index(0), step.getState());
    point = evaluateRange(fsal, tableau.stages(), y, false);
  }

  void emitExtraStages(Value condition) override {
    loop.branch(
        condition,
        [&] {
          evaluateRange(tableau.stages(), tableau.stages() + tableau.extraStages(), {}, true);
          return Leaves();
        },
        [] { return Leaves(); });
  }

  /// Slopes of the stages [from, to); returns where the last one was evaluated, if `carried` is the
  /// state.
  Leaves evaluateRange(int64_t from, int64_t to, ValueRange carried, bool cold) {
    SmallVector<double> values;
    SmallVector<int64_t> columns, starts{0};
    for (const Coefficients &row : ArrayRef<Coefficients>(tableau.a).take_front(to)) {
      for (auto [stage, value] : llvm::enumerate(row))
        if (value != 0) {
          values.push_back(value);
          columns.push_back(stage);
        }
      starts.push_back(values.size());
    }
    // A method without any coefficient (Euler) still needs a table to point at.
    if (values.empty()) {
      values.push_back(0);
      columns.push_back(0);
    }
    ArrayRef<double> times = ArrayRef<double>(tableau.c).take_front(to);
    return repeat(index(from), index(to), carried, [&](Value stage, ValueRange) {
      Value following = loop.b.create<arith::AddIOp>(loop.loc, stage, index(1));
      Leaves sum = accumulate(lookup(starts, stage), lookup(starts, following), columns,
                              [&](Value entry) { return lookup(values, entry); });
      Leaves z = advance(sum);
      Value c = lookup(times, stage, loop.time), inside = timeInside(c);
      Value atEnd = loop.lessEqual(loop.constant(1.0, loop.time), c);
      write(stage, evaluate(loop.select(atEnd, step.getEnd(), inside), z, cold));
      return carried.empty() ? Leaves() : z;
    });
  }

  Leaves emitNext() override { return tableau.fsal() ? point : advance(combine(tableau.b)); }
  Leaves slope(int stage) override { return read(index(stage)); }
  Leaves pointOf(int stage) override { return advance(combine(tableau.a[stage])); }

  Value buffer;
  SmallVector<int64_t> offsets;
  Leaves point;
};

} // namespace

LogicalResult scanStages(OpBuilder &builder, StepOp step, const deq::Tableau &tableau) {
  return Scanned(builder, step, tableau).run();
}

} // namespace deq::ir
