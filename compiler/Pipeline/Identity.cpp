// Digests the printed form of the operations, which is complete by construction: a dump can be read
// back.
#include "Identity.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

namespace deq::ir {

std::string identityOf(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  FlatSymbolRefAttr saved;
  for (Operation &op : *module.getBody())
    if (auto solve = dyn_cast<SolveOp>(op)) {
      out << solve.getMethod() << solve.getControl() << solve.getKinds() << solve.getEventsAttr()
          << solve.getDirectionsAttr();
      saved = solve.getSavedAttr();
    }
  for (Operation &op : *module.getBody())
    if (!isa<SolveOp>(op) && !(saved && SymbolTable::getSymbolName(&op) == saved.getAttr()))
      op.print(out);
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(text)), true);
}

} // namespace deq::ir
