// The compiler as the rest of deq sees it: source and options in, a callable program or the text of
// a stage out. Standard library only, so that nothing outside compiler/ ever meets an MLIR or LLVM
// header.
#pragma once

#include "Diagnostics.h"
#include "Frontend/Canonical.h"
#include "Frontend/HostSolve.h"
#include "Frontend/Operations.h"
#include "Signature.h"
#include "Tier.h"
#include "deq/kernel.h"
#include "deq/report.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace deq {

/// One row of Pipeline/Stages.def: the stages of the compiler in order. Each can be printed, and
/// all that is printed can be read again.
struct StageInfo {
  std::string name;      ///< field, loop, step, fused, unpacked, llvm-dialect, llvm, asm, obj
  std::string extension; ///< of its files: .mlir, .ll, .s, .o
  std::string summary;
};
const std::vector<StageInfo> &stages();

enum class Backend { native, interp };

struct CompileOptions {
  Backend backend = Backend::native;
  bool verify = false;    ///< verify the IR after every stage (tests, `deqc check`)
  Files *files = nullptr; ///< reads imports and data files; null: nothing can be read
  bool countWork = false; ///< count the operations of a step for the report
  /// Milliseconds that a compile may be predicted to take where the solve says `stages auto`.
  double budget = 50;
  Tier tier = Tier::full; ///< of native code
};

/// A text (or the bytes of an object) and the name it is reported under. The name's extension tells
/// what it is: .deq, or the extension of a stage.
struct Source {
  std::string file;
  std::string text;
};

/// Callable result of a compile. Immutable and safe to call from many threads with different
/// frames. A dense solution shares it.
class Program : public std::enable_shared_from_this<Program> {
public:
  virtual ~Program() = default;
  virtual Outcome call(Frame &frame) const = 0;
};

struct Artifact {
  Signature signature;
  Values values; ///< defaults of the source with the overrides applied
  std::shared_ptr<const Program> program;
  CompileReport report;
};

/// Compiles to something that runs. On failure: nullopt, and every error in `diagnostics`.
std::optional<Artifact> compile(const Source &source, const Overrides &overrides,
                                const CompileOptions &options, Diagnostics &diagnostics);

/// Compiles a problem that was not read from text here.
std::optional<Artifact> compile(const Problem &problem, const CompileOptions &options,
                                Diagnostics &diagnostics);

struct Emitted {
  std::string bytes; ///< text, or the object file
  CompileReport report;
};

/// Compiles up to the stage of that name and prints it.
std::optional<Emitted> emit(const Source &source, const Overrides &overrides,
                            const std::string &stage, const CompileOptions &options,
                            Diagnostics &diagnostics);

std::optional<Emitted> emit(const Problem &problem, const std::string &stage,
                            const CompileOptions &options, Diagnostics &diagnostics);

/// Parses and verifies without generating code.
bool check(const Source &source, const CompileOptions &options, Diagnostics &diagnostics);

/// A printed stage, and what to change of its values.
struct Dump {
  const Source *source;
  const Overrides *overrides;
};
using CompilerInput = std::variant<const Problem *, Dump>;

/// What is behind these functions: all that needs MLIR and LLVM. The types are those of one build,
/// and memory may be freed by whoever holds it, so both sides share one C++ library.
class Compiler {
public:
  virtual std::optional<Artifact> compile(const CompilerInput &input, const CompileOptions &options,
                                          Diagnostics &diagnostics) const = 0;
  virtual std::optional<Emitted> emit(const CompilerInput &input, const std::string &stage,
                                      const CompileOptions &options,
                                      Diagnostics &diagnostics) const = 0;
  virtual bool check(const Dump &dump, const CompileOptions &options,
                     Diagnostics &diagnostics) const = 0;

protected:
  ~Compiler() = default;
};

/// The compiler. There are two of this function, and a program is linked with one of them:
/// Library/Linked.cpp, which takes the compiler into the program, and runtime/Loader, which loads
/// it when it is called first, adds to `phases` how long that took, and throws deq::Error if it
/// cannot.
const Compiler &compiler(std::vector<Phase> &phases);
/// The one in this program or library; only where the compiler is linked.
const Compiler &linkedCompiler();

/// Digest of the sources and flags of this build, all that two libraries have to agree on that pass
/// C++ objects to each other.
const char *buildIdentity();

/// What the compiler's shared library exports, by the C function deq_compiler_entry.
struct CompilerLibrary {
  const char *identity; ///< of its build; nothing else is read unless it is the caller's
  const Compiler *compiler;
};
using CompilerEntry = const CompilerLibrary *();

} // namespace deq
