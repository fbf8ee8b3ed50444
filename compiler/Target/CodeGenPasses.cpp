// The pipeline of TargetMachine::addPassesToEmitFile without the passes that find nothing to do.
// What is left out was measured: each costs compile time, and the step takes as long without it.

#include "CodeGenPasses.h"
#include "CountCode.h"

#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Pass.h"
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

/// By the names that passes have: those of a target have no other mark that is public. They find
/// nothing in kernels (exceptions, thunks, tiles, hardening), or what they improve is not there.
constexpr llvm::StringLiteral needless[] = {
    "Prepare callbr",
    "Safe Stack instrumentation pass",
    "Insert stack protectors",
    "Local Dynamic TLS Access Clean-up",
    "X86 PIC Global Base Reg Initialization",
    "Argument Stack Rebase",
    "X86 Domain Reassignment Pass",
    "Local Stack Slot Allocation",
    "X86 cmov Conversion",
    "Live Range Shrink",
    "X86 Windows Fixup Buffer Security Check",
    "X86 LEA Optimize",
    "X86 Avoid Store Forwarding Blocks",
    "X86 speculative load hardening",
    "Tile Register Pre-configure",
    "Tile Register Configure",
    "Detect Dead Lanes",
    "Init Undef Pass",
    "Rename Disconnected Subregister Components",
    "Register Allocation Pass Scoring",
    "X86 Lower Tile Copy",
    "X86 Load Value Injection (LVI) Load Hardening",
    "Remove Redundant DEBUG_VALUE analysis",
    "Fixup Statepoint Caller Saved",
    "Insert KCFI indirect call checks",
    "Analyze Machine Code For Garbage Collection",
    "Insert fentry calls",
    "Insert XRay ops",
    "Implement the 'patchable-function' attribute",
    "X86 Indirect Branch Tracking",
    "X86 Atom pad short functions",
    "X86 LEA Fixup",
    "X86 Discriminate Memory Operands",
    "X86 Insert Cache Prefetches",
    "X86 insert wait instruction",
    "Contiguously Lay Out Funclets",
    "StackMap Liveness Analysis",
    "Live DEBUG_VALUE analysis",
    "Machine Sanitizer Binary Metadata",
    "Stack Frame Layout Analysis",
    "X86 Speculative Execution Side Effect Suppression",
    "X86 Indirect Thunks",
    "X86 Return Thunks",
    "Check CFA info and insert CFI instructions if needed",
    "X86 Load Value Injection (LVI) Ret-Hardening",
    "Pseudo Probe Inserter",
    "Unpack machine instruction bundles",
};

/// Hands passes on to a manager, without those, and with another register allocator if told so.
class PassFilter : public llvm::legacy::PassManagerBase {
public:
  PassFilter(llvm::legacy::PassManager &passes, Crowd crowd) : passes(passes), crowd(crowd) {}

  void add(llvm::Pass *pass) override {
    llvm::StringRef name = pass->getPassName();
    // Tiles have an allocation of registers of their own, right before their configuration.
    if (name == "Tile Register Configure")
      allocator.reset();
    if (allocator)
      passes.add(allocator.release());
    std::unique_ptr<llvm::Pass> owned(pass);
    if (pass->getPassID() == &llvm::RAGreedyID)
      allocator = crowd == Crowd::large
                      ? std::unique_ptr<llvm::Pass>(llvm::createBasicRegisterAllocator())
                      : std::move(owned);
    else if (!llvm::is_contained(needless, name))
      passes.add(owned.release());
  }

private:
  llvm::legacy::PassManager &passes;
  Crowd crowd;
  std::unique_ptr<llvm::Pass> allocator; ///< until it is known what comes after it
};

} // namespace

bool addPasses(llvm::legacy::PassManager &passes, llvm::LLVMTargetMachine &machine,
               llvm::raw_pwrite_stream &out, llvm::CodeGenFileType type, Crowd crowd,
               std::vector<FunctionCode> &functions) {
  auto *info = new llvm::MachineModuleInfoWrapperPass(&machine); // owned by `passes`
  PassFilter filter(passes, crowd);
  llvm::TargetPassConfig *config = machine.createPassConfig(filter);
  config->setDisableVerify(true);
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
