// The deq dialect in C++: generated classes of Deq.td, DeqInterfaces.td and DeqOps.td.
// Code on MLIR lives in namespace deq::ir, where MLIR's names win over deq's own (Location,
// Diagnostic).
#pragma once

#include "../Methods/Method.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace deq::ir {
using namespace mlir;
using mlir::Diagnostic;
using mlir::Location;
using mlir::Op;
using mlir::Region;

class StepOp;
class LoopContext;
struct StepPlan;
struct StepEnds;
struct Attempt;
} // namespace deq::ir

#include "../Transforms/LoopContext.h"

#include "DeqDialect.h.inc"
#include "DeqInterfaces.h.inc"
#define GET_ATTRDEF_CLASSES
#include "DeqAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "DeqTypes.h.inc"
#define GET_OP_CLASSES
#include "DeqOps.h.inc"

namespace deq::ir {

/// The step that interpolation data belongs to, extended or not; null if it comes from elsewhere.
StepOp stepOf(Value stages);

/// Symbols of the one field, the one solve and its kernel in a module. Names of the user's are in
/// the signature only.
inline constexpr llvm::StringLiteral fieldSymbol = "field";
inline constexpr llvm::StringLiteral solveSymbol = "solve";
inline constexpr llvm::StringLiteral kernelSymbol = "deq_solve";
/// What a call of the kernel runs first if the workspace is fresh or resumed. It has the kernel's
/// places, and leaves a state in the workspace that the kernel goes on from.
inline constexpr llvm::StringLiteral startSymbol = "deq_start";

/// What a deq.eval refers to: a field, or a function of a field's inputs. Null if it is neither.
class Evaluated {
public:
  Evaluated(Operation *user, FlatSymbolRefAttr name)
      : op(SymbolTable::lookupNearestSymbolFrom(user, name)) {}
  explicit operator bool() const { return isa_and_nonnull<FieldOp, FunctionOp>(op); }
  Operation *operation() const { return op; }
  StringRef name() const { return SymbolTable::getSymbolName(op).getValue(); }
  FunctionType type() const {
    auto field = dyn_cast<FieldOp>(op);
    return field ? field.getFunctionType() : cast<FunctionOp>(op).getFunctionType();
  }
  Block &body() const { return op->getRegion(0).front(); }

private:
  Operation *op;
};

/// Scalars in a leaf or a pack.
inline int64_t elementCount(Type type) {
  return isa<RankedTensorType, VectorType>(type) ? cast<ShapedType>(type).getNumElements() : 1;
}

/// A vector as large arrays are kept in: Deq_Pack.
bool isPack(Type type);

/// Whether unpacked code may have this operation of deq.
bool isUnpacked(Operation *op);

/// Nothing but arith.extf and arith.truncf converts between f32 and f64.
LogicalResult verifyElement(Operation *op, Type type, Type expected);

} // namespace deq::ir
