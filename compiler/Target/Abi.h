// How a kernel's arguments are found in the caller's frame, read off the attributes that
// expand-solve put on them. Shared by the lowering, which emits the loads, and the interpreter,
// which performs them.
#pragma once

#include "../Signature.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <optional>

namespace deq::ir {
using namespace mlir;

/// Where one argument or result of a kernel lives. `position` is a slot, a pointer's index, or
/// unused.
struct Place {
  enum class Kind {
    uniform,
    trajectory,
    memory,
    times,
    clips,
    frame,
    state,
    scratch,
    outcome
  } kind;
  int64_t position = 0;
  StringRef field; ///< of the frame: capacity, rows or budget
};

/// nullopt if the attributes name no place.
std::optional<Place> placeOf(DictionaryAttr attributes);

/// Whether every argument and result of a kernel has a place that holds its type, with an error if
/// not. Slots of the workspace have no gaps, so that no dump can ask for more memory than it names.
LogicalResult verifyPlaces(func::FuncOp kernel);

/// Whether a kernel reads and writes no more than the blocks that the runtime makes for
/// `signature`, in its element type, with an error if not.
LogicalResult verifyFits(func::FuncOp kernel, const Signature &signature);

/// Slots of a cache line, which a workspace begins with one of.
inline constexpr int64_t slotsOfLine = 8;
/// Slots of the workspace: state and scratch.
int64_t workspaceSlots(func::FuncOp kernel);

/// The records in `deq.signature` and `deq.values` of a module. nullopt, with an error on the
/// module, if absent or damaged.
std::optional<Signature> signatureOf(ModuleOp module);
std::optional<Values> valuesOf(ModuleOp module);
void setSignature(ModuleOp module, const Signature &signature);
void setValues(ModuleOp module, const Values &values);

} // namespace deq::ir
