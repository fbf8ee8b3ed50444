// Takes a module apart by what calls what.
// The kernel and what makes its first state share little but the frame, so that two processors can
// generate their code at once.

#include "Parts.h"

#include "../Dialect/Deq.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace deq::target {

using namespace mlir;

namespace {

/// Functions that `from` reaches by calls, itself included, without going through `except`.
llvm::SetVector<Operation *> reached(ModuleOp module, LLVM::LLVMFuncOp from,
                                     LLVM::LLVMFuncOp except) {
  llvm::SetVector<Operation *> found;
  found.insert(from);
  for (size_t i = 0; i < found.size(); ++i)
    found[i]->walk([&](LLVM::CallOp call) {
      auto callee = module.lookupSymbol<LLVM::LLVMFuncOp>(call.getCalleeAttr());
      if (callee && callee != except && !callee.isExternal())
        found.insert(callee);
    });
  return found;
}

/// Gives `module` a declaration or a copy of each symbol of `home` that it uses and does not have.
void completeFrom(ModuleOp home, ModuleOp module) {
  OpBuilder b(module.getBodyRegion());
  auto complete = [&](FlatSymbolRefAttr name) {
    if (!name || module.lookupSymbol(name.getAttr()))
      return;
    Operation *symbol = home.lookupSymbol(name.getAttr());
    if (auto function = dyn_cast<LLVM::LLVMFuncOp>(symbol)) {
      auto declared = b.cloneWithoutRegions(function);
      for (LLVM::LLVMFuncOp each : {function, declared}) {
        each.setLinkage(LLVM::Linkage::External);
        each.setVisibility_(LLVM::Visibility::Hidden);
      }
      declared.setPassthroughAttr(nullptr);
    } else {
      b.clone(*symbol);
    }
  };
  module.walk([&](Operation *op) {
    if (auto call = dyn_cast<LLVM::CallOp>(op))
      complete(call.getCalleeAttr());
    else if (auto table = dyn_cast<LLVM::AddressOfOp>(op))
      complete(table.getGlobalNameAttr());
  });
}

} // namespace

OwningOpRef<ModuleOp> takeStart(ModuleOp module) {
  auto kernel = module.lookupSymbol<LLVM::LLVMFuncOp>(ir::kernelSymbol);
  auto start = module.lookupSymbol<LLVM::LLVMFuncOp>(ir::startSymbol);
  if (!kernel || !start || start.isExternal())
    return nullptr;
  auto ofKernel = reached(module, kernel, start);
  OwningOpRef<ModuleOp> part = ModuleOp::create(module.getLoc());
  for (Operation *function : reached(module, start, kernel))
    if (!ofKernel.contains(function)) {
      function->remove();
      part->push_back(function);
    }
  completeFrom(module, *part);
  completeFrom(*part, module);
  return part;
}

} // namespace deq::target
