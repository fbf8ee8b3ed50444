// Registration of the dialect and the rules for attributes on kernel arguments.
// Why here: the generated tables are instantiated exactly once.

#include "Deq.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "DeqDialect.cpp.inc"
#include "DeqInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "DeqAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "DeqTypes.cpp.inc"

namespace deq::ir {

void DeqDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "DeqAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "DeqTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "DeqOps.cpp.inc"
      >();
}

/// `deq.signature` and `deq.values` are lists of records; their contents are checked when a program
/// is built from them.
LogicalResult DeqDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName().strref();
  if (name != "deq.signature" && name != "deq.values")
    return success();
  auto records = dyn_cast<ArrayAttr>(attribute.getValue());
  if (!records || !llvm::all_of(records, llvm::IsaPred<StringAttr>))
    return op->emitError() << "expected '" << name << "' to be an array of strings";
  return success();
}

LogicalResult PidAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef norm,
                              unsigned) {
  if (norm == "rms" || norm == "max")
    return success();
  return emitError() << "expected norm rms or max, got '" << norm << "'";
}

LogicalResult LimitAttr::verify(function_ref<InFlightDiagnostic()> emitError, Attribute inner) {
  if (llvm::isa<ControllerInterface>(inner) && !llvm::isa<ClipAttr, LimitAttr>(inner))
    return success();
  return emitError() << "expected a controller that neither clips nor limits, got " << inner;
}

LogicalResult ClipAttr::verify(function_ref<InFlightDiagnostic()> emitError, Attribute inner) {
  if (llvm::isa<ControllerInterface>(inner) && !llvm::isa<ClipAttr>(inner))
    return success();
  return emitError() << "expected a controller that does not clip, got " << inner;
}

LogicalResult SaveAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef kind) {
  if (llvm::is_contained({"end", "times", "steps", "times_and_steps", "dense"}, kind))
    return success();
  return emitError() << "expected save kind end, times, steps, times_and_steps or dense, got '"
                     << kind << "'";
}

} // namespace deq::ir
