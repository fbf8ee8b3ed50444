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
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <array>
#include <csignal>
#include <deque>
#include <pthread.h>
#include <thread>

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

/// A target machine is not safe to share between threads and costs a quarter millisecond: each
/// thread keeps one per tier for itself, and one for each thread that works for it.
using Machines = std::array<std::unique_ptr<llvm::TargetMachine>, std::size(tierNames)>;
static Machines &machinesFor(std::size_t worker) {
  thread_local std::deque<Machines> machines;
  while (machines.size() <= worker)
    machines.emplace_back();
  return machines[worker];
}

static llvm::Expected<llvm::TargetMachine *> machine(Machines &machines, Tier tier) {
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

/// Slots of the stack are what crowds of values were made into (Target/Crowds): what is left for
/// registers is alive so shortly that nothing is gained by taking it out of one for another.
static Crowd crowdOf(const llvm::Module &module) {
  constexpr std::size_t manySlots = 100;
  for (const llvm::Function &function : module)
    if (!function.isDeclaration() &&
        llvm::count_if(function.getEntryBlock(), llvm::IsaPred<llvm::AllocaInst>) > manySlots)
      return Crowd::large;
  return Crowd::small;
}

/// Where memory is accessed in long rows, LLVM would compare each access with all of the others.
static void limitChains() {
  constexpr unsigned longest = 64;
  auto &options = llvm::cl::getRegisteredOptions();
  if (auto *option = options.lookup("combiner-tokenfactor-inline-limit"))
    static_cast<llvm::cl::opt<unsigned> *>(option)->setValue(longest);
}

namespace {

/// One module on its way to a file.
struct Job {
  LlvmModule module;
  FileKind kind;
  Tier tier;
  Machines &machines;
  std::optional<std::string> file = {};
  std::vector<FunctionCode> functions = {};
  std::string error = {};

  void run();
};

void Job::run() {
  auto target = machine(machines, tier);
  if (!target) {
    error = llvm::toString(target.takeError());
    return;
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
    return;
  }
  passes.run(m);
  file = bytes.str().str();
}

/// Threads of a compile, which end with it. Not of the standard library: without exceptions, a
/// thread that the system refuses would end the process.
class Threads {
public:
  ~Threads() {
    for (pthread_t thread : threads)
      pthread_join(thread, nullptr);
  }
  /// False if the system has no more threads.
  bool run(Job &job) {
    auto body = [](void *job) -> void * {
      static_cast<Job *>(job)->run();
      return nullptr;
    };
    sigset_t all, before;
    sigfillset(&all); // signals are for the threads of the host
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stackBytes);
    pthread_t thread;
    const bool created = pthread_create(&thread, &attributes, body, &job) == 0;
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (created)
      threads.push_back(thread);
    return created;
  }

private:
  static constexpr std::size_t stackBytes = 8 << 20; // LLVM recurses, and limits vary
  std::vector<pthread_t> threads;
};

} // namespace

std::optional<std::vector<std::string>> generate(std::vector<LlvmModule> modules, FileKind kind,
                                                 Tier tier, std::vector<FunctionCode> &functions,
                                                 std::string &error) {
  static const bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    limitChains();
    return true;
  }();
  (void)initialized;
  static const bool oneProcessor = std::thread::hardware_concurrency() == 1;
  std::deque<Job> jobs;
  for (LlvmModule &module : modules)
    jobs.push_back({std::move(module), kind, tier, machinesFor(jobs.size())});
  {
    Threads threads;
    for (std::size_t i = 1; i < jobs.size(); ++i)
      if (oneProcessor || !threads.run(jobs[i]))
        jobs[i].run();
    jobs[0].run();
  }
  std::vector<std::string> files;
  for (Job &job : jobs) {
    if (!job.file) {
      error = job.error;
      return std::nullopt;
    }
    files.push_back(std::move(*job.file));
    functions.insert(functions.end(), job.functions.begin(), job.functions.end());
  }
  return files;
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
