// Code generation for the host: LLVM module to assembly or object, without the generic IR pipeline,
// which buys nothing after MLIR's common-subexpression elimination and costs more than code
// generation itself.

#include "Host.h"
#include "CodeGenPasses.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

namespace deq::target {

LlvmModule::LlvmModule() : context(std::make_unique<llvm::LLVMContext>()) {}
LlvmModule::LlvmModule(LlvmModule &&) noexcept = default;
LlvmModule &LlvmModule::operator=(LlvmModule &&other) noexcept {
  // The module must go before its context does.
  module = std::move(other.module);
  context = std::move(other.context);
  return *this;
}
LlvmModule::~LlvmModule() = default;

/// A target machine is not safe to share between threads and costs a quarter millisecond: one per
/// thread and tier.
static llvm::Expected<llvm::TargetMachine *> machine(Tier tier) {
  static const bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)initialized;
  thread_local std::unique_ptr<llvm::TargetMachine> machines[std::size(tierNames)];
  std::unique_ptr<llvm::TargetMachine> &cached = machines[static_cast<std::size_t>(tier)];
  if (cached)
    return cached.get();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  // Constants next to the code; LLVM's default for JITs addresses each through a 64-bit immediate.
  builder->setRelocationModel(llvm::Reloc::PIC_);
  builder->setCodeModel(llvm::CodeModel::Small);
  builder->setCodeGenOptLevel(tier == Tier::quick ? llvm::CodeGenOptLevel::None
                                                  : llvm::CodeGenOptLevel::Default);
  auto created = builder->createTargetMachine();
  if (!created)
    return created.takeError();
  cached = std::move(*created);
  return cached.get();
}

/// By the values that blocks take over from others.
static Crowd crowdOf(const llvm::Module &module) {
  constexpr int many = 150;
  for (const llvm::Function &function : module)
    for (const llvm::BasicBlock &block : function) {
      int values = 0;
      for ([[maybe_unused]] const llvm::PHINode &phi : block.phis())
        if (++values > many)
          return Crowd::large;
    }
  return Crowd::small;
}

std::optional<std::string> generate(LlvmModule module, FileKind kind, Tier tier,
                                    std::vector<FunctionCode> &functions, std::string &error) {
  auto target = machine(tier);
  if (!target) {
    error = llvm::toString(target.takeError());
    return std::nullopt;
  }
  llvm::Module &m = *module.module;
  m.setDataLayout((*target)->createDataLayout());
  m.setTargetTriple((*target)->getTargetTriple().str());
  for (llvm::Function &function : m)
    if (!function.isDeclaration()) {
      function.addFnAttr("target-cpu", (*target)->getTargetCPU());
      function.addFnAttr("target-features", (*target)->getTargetFeatureString());
      function.addFnAttr(llvm::Attribute::NoUnwind);
    }
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  auto type = kind == FileKind::assembly ? llvm::CodeGenFileType::AssemblyFile
                                         : llvm::CodeGenFileType::ObjectFile;
  if (!addPasses(passes, static_cast<llvm::LLVMTargetMachine &>(**target), stream, type, crowdOf(m),
                 functions)) {
    error = "the host's code generator cannot write this kind of file";
    return std::nullopt;
  }
  passes.run(m);
  return bytes.str().str();
}

std::int64_t countInstructions(const LlvmModule &module) {
  return module.module->getInstructionCount();
}

std::optional<LlvmModule> parseIr(const std::string &text, const std::string &name,
                                  std::string &error, int &line, int &column) {
  LlvmModule result;
  llvm::SMDiagnostic diagnostic;
  result.module =
      llvm::parseAssembly(llvm::MemoryBufferRef(text, name), diagnostic, *result.context);
  if (!result.module) {
    error = diagnostic.getMessage().str();
    line = diagnostic.getLineNo();
    column = diagnostic.getColumnNo() + 1;
    return std::nullopt;
  }
  llvm::raw_string_ostream stream(error);
  if (llvm::verifyModule(*result.module, &stream))
    return std::nullopt;
  return result;
}

std::optional<std::string> readConstant(const LlvmModule &module, const std::string &symbol) {
  const llvm::GlobalVariable *global = module.module->getNamedGlobal(symbol);
  if (!global || !global->hasInitializer())
    return std::nullopt;
  auto *bytes = llvm::dyn_cast<llvm::ConstantDataArray>(global->getInitializer());
  if (!bytes || !bytes->isString())
    return std::nullopt;
  return bytes->getAsString().split('\0').first.str();
}

std::string print(const LlvmModule &module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.module->print(stream, nullptr);
  return text;
}

} // namespace deq::target
