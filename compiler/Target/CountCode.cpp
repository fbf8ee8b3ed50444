// Counts instructions, registers, spills and stack of machine code.
// Spills are recognised as LLVM's assembly printer does for its comments, so that the numbers agree
// with what `--emit asm` shows.

#include "CountCode.h"

#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetLowering.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

namespace deq::target {

namespace {

bool isSome(std::optional<llvm::LocationSize> size) {
  return size && (!size->hasValue() || size->getValue() != 0);
}

/// Registers of the class that holds a type, as far as instructions name them or a part of them;
/// what calls may overwrite is not named.
std::int64_t usedRegisters(const llvm::MachineFunction &function, llvm::MVT type) {
  const llvm::MachineRegisterInfo &info = function.getRegInfo();
  const llvm::TargetLowering &lowering = *function.getSubtarget().getTargetLowering();
  if (!lowering.isTypeLegal(type))
    return 0;
  return llvm::count_if(*lowering.getRegClassFor(type), [&](llvm::MCPhysReg reg) {
    return !info.isReserved(reg) && info.isPhysRegUsed(reg, /*SkipRegMaskTest=*/true);
  });
}

class CodeCounter : public llvm::MachineFunctionPass {
public:
  static char ID;
  explicit CodeCounter(std::vector<FunctionCode> &functions)
      : MachineFunctionPass(ID), functions(functions) {}

  void getAnalysisUsage(llvm::AnalysisUsage &usage) const override {
    usage.setPreservesAll();
    MachineFunctionPass::getAnalysisUsage(usage);
  }

  bool runOnMachineFunction(llvm::MachineFunction &function) override {
    FunctionCode code;
    code.name = function.getName().str();
    const llvm::TargetInstrInfo *target = function.getSubtarget().getInstrInfo();
    for (const llvm::MachineBasicBlock &block : function)
      for (const llvm::MachineInstr &instruction : block) {
        if (instruction.isMetaInstruction())
          continue;
        ++code.instructions;
        if (instruction.mayStore())
          code.spills += isSome(instruction.getSpillSize(target)) ||
                         isSome(instruction.getFoldedSpillSize(target));
        if (instruction.mayLoad())
          code.reloads += isSome(instruction.getRestoreSize(target)) ||
                          isSome(instruction.getFoldedRestoreSize(target));
      }
    code.vectorRegisters = usedRegisters(function, llvm::MVT::f64);
    code.generalRegisters = usedRegisters(function, llvm::MVT::i64);
    code.stackBytes = static_cast<std::int64_t>(function.getFrameInfo().getStackSize());
    functions.push_back(std::move(code));
    return false;
  }

private:
  std::vector<FunctionCode> &functions;
};
char CodeCounter::ID = 0;

} // namespace

llvm::FunctionPass *createCodeCounter(std::vector<FunctionCode> &functions) {
  return new CodeCounter(functions); // owned by the pass manager it is added to
}

} // namespace deq::target
