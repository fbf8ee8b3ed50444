// The pipeline of TargetMachine::addPassesToEmitFile without the passes that find nothing to do.
// What is left out was measured: each costs compile time, and the step takes as long without it.

#include "CodeGenPasses.h"
#include "CountCode.h"

#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Target/TargetMachine.h"

namespace deq::target {

namespace {

/// What TargetPassConfig::addISelPasses does, without its passes over LLVM IR: they lower what
/// kernels do not have (masked memory, wide integers, exceptions) or prepare what MLIR has done.
class ISelPasses : public llvm::TargetPassConfig {
public:
  static bool add(llvm::TargetPassConfig &config) {
    config.addISelPrepare();
    return (config.*(&ISelPasses::addCoreISelPasses))();
  }
};

} // namespace

bool addPasses(llvm::legacy::PassManager &passes, llvm::LLVMTargetMachine &machine,
               llvm::raw_pwrite_stream &out, llvm::CodeGenFileType type,
               std::vector<FunctionCode> &functions) {
  auto *info = new llvm::MachineModuleInfoWrapperPass(&machine); // owned by `passes`
  llvm::TargetPassConfig *config = machine.createPassConfig(passes);
  config->setDisableVerify(true);
  // The fast selector, which functions that are not optimised would get, moves results of calls
  // from x87 registers by an instruction that cannot name every register it may be given.
  machine.setO0WantsFastISel(false);
  for (char *pass :
       {&llvm::EarlyTailDuplicateID, &llvm::OptimizePHIsID, &llvm::StackColoringID,
        &llvm::EarlyIfConverterID, &llvm::MachineCombinerID, &llvm::EarlyMachineLICMID,
        &llvm::MachineCSEID, &llvm::MachineSinkingID, &llvm::MachineLICMID,
        &llvm::PostRAMachineSinkingID, &llvm::ShrinkWrapID, &llvm::BranchFolderPassID,
        &llvm::TailDuplicateID, &llvm::MachineCopyPropagationID, &llvm::PostRASchedulerID,
        &llvm::StackSlotColoringID, &llvm::MachineLateInstrsCleanupID, &llvm::MachineSchedulerID})
    config->disablePass(pass);
  passes.add(config);
  passes.add(info);
  passes.add(llvm::createTargetTransformInfoWrapperPass(machine.getTargetIRAnalysis()));
  if (ISelPasses::add(*config))
    return false;
  config->addMachinePasses();
  config->setInitialized();
  passes.add(createCodeCounter(functions));
  return !machine.addAsmPrinter(passes, out, nullptr, type, info->getMMI().getContext());
}

} // namespace deq::target
