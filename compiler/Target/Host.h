// The host as a target: LLVM modules in, assembly, objects and callable code out.
// LLVM types appear only as forward declarations, so that including this costs nothing.
#pragma once

#include "../Code/Image.h"
#include "../Tier.h"
#include "deq/measures.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace deq::target {

/// An LLVM module together with the context that must outlive it.
struct LlvmModule {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
  LlvmModule();
  LlvmModule(LlvmModule &&) noexcept;
  LlvmModule &operator=(LlvmModule &&) noexcept;
  ~LlvmModule();
};

enum class FileKind { assembly, object };

/// Generates code for the processor this runs on, in the time that `tier` allows, a file for each
/// module, and appends what it is made of to `functions`; the modules are consumed. Several are
/// generated at the same time. On failure: nullopt and `error`.
std::optional<std::vector<std::string>> generate(std::vector<LlvmModule> modules, FileKind kind,
                                                 Tier tier, std::vector<FunctionCode> &functions,
                                                 std::string &error);
/// Instructions of LLVM IR in a module.
std::int64_t countInstructions(const LlvmModule &module);

/// Assembly text to an object.
std::optional<std::string> assemble(const std::string &text, const std::string &name,
                                    std::string &error);

/// Parses LLVM IR text; errors carry line and column.
std::optional<LlvmModule> parseIr(const std::string &text, const std::string &name,
                                  std::string &error, int &line, int &column);
std::string print(const LlvmModule &module);
/// Contents of a constant array of bytes up to its terminating zero; nullopt if there is none of
/// that name.
std::optional<std::string> readConstant(const LlvmModule &module, const std::string &symbol);

/// Contents of a global array of bytes in an object, up to its terminating zero; nullopt if there
/// is none.
std::optional<std::string> readGlobal(const std::string &object, const std::string &symbol);

/// Links objects. They may call each other's functions and those of the imports and nothing else;
/// what `symbol`, the kernel, does not need is left out.
std::optional<Image> link(const std::vector<std::string> &objects, const std::string &symbol,
                          std::string &error);

} // namespace deq::target
