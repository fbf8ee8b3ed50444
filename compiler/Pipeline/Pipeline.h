// One compilation from a problem or a dump to any stage: reads it, walks the stages in order, times
// each. Everything a dump contains is enough to go on from it, so taking a problem and reading a
// stage are the same thing.
#pragma once

#include "../Compile.h"
#include "../Reference/Interpreter.h"
#include "../Target/Host.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <chrono>
#include <memory>

namespace deq::ir {

class Pipeline {
public:
  Pipeline(const CompileOptions &options, Diagnostics &diagnostics);
  ~Pipeline();

  /// False, with diagnostics, if a dump is wrong or a problem too large.
  bool read(const CompilerInput &input);
  /// Goes on to the stage of that name; an error if the source is past it.
  bool runTo(const std::string &stage);
  /// Goes on to objects, generated beside each other as far as the program comes apart.
  bool runToObjects();
  /// Goes on to the first stage with a kernel, unless there is one, and checks that it fits the
  /// signature: what the interpreter needs.
  bool runToKernel();
  /// The stage reached, as its file's contents.
  std::string print();

  mlir::ModuleOp module() { return *mlirModule; }
  /// The MLIR module's owners, for a program that outlives the pipeline (the interpreter).
  OwnedModule release();
  const std::vector<std::string> &objects() const { return files; }
  const Signature &signature() const { return names; }
  const Values &values() const { return defaults; }
  CompileReport report();
  /// Runs `body` as a timed phase.
  template <class Body> auto timed(const std::string &name, Body body) {
    auto start = std::chrono::steady_clock::now();
    auto result = body();
    addPhase(name, start);
    return result;
  }

private:
  bool readProblem(const Problem &problem);
  bool readDump(const Source &source, const Overrides &overrides);
  bool readMlir(const Source &source);
  bool readIr(const Source &source);
  bool readRecords(const std::optional<std::string> &signature,
                   const std::optional<std::string> &values);
  bool advance();
  bool translate();
  bool generate(target::FileKind kind);
  bool verified(const std::string &stage);
  bool hasEntryPoint();
  void addPhase(const std::string &name, std::chrono::steady_clock::time_point start);
  std::int64_t operations();
  bool fail(Id id, const std::string &message, Position at = {});

  const CompileOptions &options;
  Diagnostics &diagnostics;
  std::chrono::steady_clock::time_point start;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> mlirModule;
  std::vector<target::LlvmModule> llvmModules;
  std::vector<std::string> files; ///< assembly or objects, one for each of those modules
  size_t current = 0;
  bool foreign = false; ///< the module was read, so nothing is known about it
  bool apart = false;   ///< several modules of LLVM will do
  Signature names;
  Values defaults;
  std::vector<Phase> phases;
  std::vector<FunctionCode> functions;
  std::optional<StepWork> step;
  EmissionChoice emission;
};

} // namespace deq::ir
