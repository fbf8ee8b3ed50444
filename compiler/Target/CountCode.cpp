// Counts instructions, registers, spills and stack of machine code.
// Spills are recognised as LLVM's assembly printer does for its comments, so that the numbers agree
// with what `--emit asm` shows.

#include "CountCode.h"

#include "llvm/ADT/BitVector.h"
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

/// Parts of registers that instructions name; what calls may overwrite is not named.
llvm::BitVector namedUnits(const llvm::MachineFunction &function) {
  const llvm::TargetRegisterInfo &target = *function.getSubtarget().getRegisterInfo();
  llvm::BitVector units(target.getNumRegUnits());
  for (unsigned reg = 1; reg < target.getNumRegs(); ++reg)
    if (!function.getRegInfo().reg_nodbg_empty(reg))
      for (llvm::MCRegUnit unit : target.regunits(llvm::MCRegister(reg)))
        units.set(unit);
  return units;
}

/// Registers of the class that holds a type, as far as they or parts of them are named.
std::int64_t countRegisters(const llvm::MachineFunction &function, const llvm::BitVector &units,
                            llvm::MVT type) {
  const llvm::TargetLowering &lowering = *function.getSubtarget().getTargetLowering();
  if (!lowering.isTypeLegal(type))
    return 0;
  const llvm::TargetRegisterInfo &target = *function.getSubtarget().getRegisterInfo();
  return llvm::count_if(*lowering.getRegClassFor(type), [&](llvm::MCPhysReg reg) {
    return !function.getRegInfo().isReserved(reg) &&
           llvm::any_of(target.regunits(reg),
                        [&](llvm::MCRegUnit unit) { return units.test(unit); });
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
    const llvm::BitVector named = namedUnits(function);
    code.vectorRegisters = countRegisters(function, named, llvm::MVT::f64);
    code.generalRegisters = countRegisters(function, named, llvm::MVT::i64);
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
