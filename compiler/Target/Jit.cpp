// Linking of objects into this process. All of ORC is in this file, because its interfaces change
// with every release. Generated code may call the C functions listed in MathFunctions and nothing
// else: no search of the process.

#include "../Dialect/MathFunctions.h"
#include "Host.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"

#include <atomic>
#include <cstring>
#include <mutex>

namespace deq::target {

namespace {

/// One session per process; it lives until exit because code may outlive any engine.
llvm::Expected<llvm::orc::LLJIT &> session() {
  static std::mutex mutex;
  static llvm::orc::LLJIT *jit = nullptr;
  std::lock_guard<std::mutex> lock(mutex);
  if (jit)
    return *jit;
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto created = llvm::orc::LLJITBuilder()
                     .setLinkProcessSymbolsByDefault(false)
                     .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                     .create();
  if (!created)
    return created.takeError();
  jit = created->release();
  // What goes wrong is in the error that the failed lookup returns.
  jit->getExecutionSession().setErrorReporter(
      [](llvm::Error error) { llvm::consumeError(std::move(error)); });
  return *jit;
}

class LinkedCode : public Code {
public:
  LinkedCode(llvm::orc::LLJIT &jit, llvm::orc::JITDylib &library) : jit(jit), library(library) {}
  ~LinkedCode() override { llvm::consumeError(jit.getExecutionSession().removeJITDylib(library)); }

  llvm::orc::LLJIT &jit;
  llvm::orc::JITDylib &library;
};

llvm::orc::SymbolMap allowedFunctions(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
  auto add = [&](llvm::StringRef name, void *address) {
    symbols[jit.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                                          llvm::JITSymbolFlags::Exported};
  };
  ir::forEachLibmFunction(add);
  add("memcpy", reinterpret_cast<void *>(&::memcpy));
  add("memset", reinterpret_cast<void *>(&::memset));
  return symbols;
}

llvm::Error define(llvm::orc::LLJIT &jit, llvm::orc::JITDylib &library, const std::string &object) {
  if (auto error = library.define(llvm::orc::absoluteSymbols(allowedFunctions(jit))))
    return error;
  llvm::SmallVector<char, 0> bytes(object.begin(), object.end());
  return jit.addObjectFile(
      library, std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(bytes), "deq", false));
}

} // namespace

std::shared_ptr<const Code> link(const std::string &object, const std::string &symbol,
                                 std::string &error) {
  auto fail = [&](llvm::Error problem) {
    error = llvm::toString(std::move(problem));
    return nullptr;
  };
  auto jit = session();
  if (!jit)
    return fail(jit.takeError());
  static std::atomic<std::uint64_t> count{0};
  auto library = jit->createJITDylib("deq" + std::to_string(count++));
  if (!library)
    return fail(library.takeError());
  auto code = std::make_shared<LinkedCode>(*jit, *library);
  if (auto problem = define(*jit, *library, object))
    return fail(std::move(problem));
  auto address = jit->lookup(*library, symbol);
  if (!address)
    return fail(address.takeError());
  code->entry = address->toPtr<KernelFunction>();
  return code;
}

} // namespace deq::target
