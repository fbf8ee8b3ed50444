// The linear walk through the stages of Stages.def: see the header for what it guarantees.

#include "Pipeline.h"

#include "../Dialect/Deq.h"
#include "../Target/Abi.h"
#include "../Target/Parts.h"
#include "../Target/Translate.h"
#include "../Transforms/Passes.h"
#include "CountWork.h"
#include "Emission.h"
#include "Identity.h"
#include "Import.h"
#include "Registry.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"

namespace deq::ir {

namespace {

using Transform = LogicalResult (*)(ModuleOp);

struct StageRow {
  const char *name;
  Transform transform;
};
constexpr StageRow rows[] = {
#define STAGE(name, extension, transform, summary) {name, transform},
#include "Stages.def"
};
constexpr size_t stageCount = std::size(rows);

size_t stageIndex(llvm::StringRef name) {
  for (size_t i = 0; i < stageCount; ++i)
    if (name == rows[i].name)
      return i;
  return stageCount;
}

/// Turns MLIR's diagnostics into deq's, with the position in the source where there is one.
class Forwarder : public ScopedDiagnosticHandler {
public:
  Forwarder(MLIRContext *context, Diagnostics &diagnostics)
      : ScopedDiagnosticHandler(context), diagnostics(diagnostics) {
    setHandler([this, &diagnostics](Diagnostic &message) {
      if (message.getSeverity() != DiagnosticSeverity::Error)
        return success();
      deq::Diagnostic &error =
          diagnostics.report(Id::invalid_dump, position(message.getLocation()), message.str());
      for (Diagnostic &note : message.getNotes())
        diagnostics.note(error, position(note.getLocation()), note.str());
      return success();
    });
  }

private:
  Position position(Location location) const {
    if (auto at = dyn_cast<FileLineColLoc>(location))
      return {static_cast<int>(at.getLine()), static_cast<int>(at.getColumn()),
              diagnostics.number(at.getFilename().str())};
    return {};
  }

  const Diagnostics &diagnostics;
};

/// The first stage that a module from a dump may be at: what it still contains tells.
size_t stageOf(ModuleOp module) {
  if (!module.getOps<SolveOp>().empty())
    return stageIndex("field");
  if (module.lookupSymbol<LLVM::LLVMFuncOp>(kernelSymbol))
    return stageIndex("llvm-dialect");
  bool steps = false, evaluations = false, arrays = false;
  module.walk([&](Operation *op) {
    steps |= isa<StepOp>(op);
    evaluations |= isa<EvalOp>(op);
    arrays |= isa<tensor::TensorDialect>(op->getDialect()) ||
              (isa<DeqDialect>(op->getDialect()) && !isUnpacked(op));
  });
  return stageIndex(steps ? "loop" : evaluations ? "step" : arrays ? "fused" : "unpacked");
}

bool endsWith(const std::string &file, llvm::StringRef extension) {
  return llvm::StringRef(file).ends_with(extension);
}

} // namespace

Pipeline::Pipeline(const CompileOptions &options, Diagnostics &diagnostics)
    : options(options), diagnostics(diagnostics), start(std::chrono::steady_clock::now()) {}
Pipeline::~Pipeline() {
  mlirModule = nullptr; // before its context
  // What a user's dump did to a context stays with that one.
  if (!foreign)
    giveBack(std::move(context));
}

bool Pipeline::fail(Id id, const std::string &message, Position at) {
  diagnostics.report(id, at, message);
  return false;
}

void Pipeline::addPhase(const std::string &name, std::chrono::steady_clock::time_point begin) {
  std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - begin;
  std::int64_t before = phases.empty() ? 0 : phases.back().operations;
  phases.push_back({name, elapsed.count(), before, operations()});
}

std::int64_t Pipeline::operations() {
  std::int64_t count = 0;
  if (!files.empty()) {
    for (const FunctionCode &function : functions)
      count += function.instructions;
  } else if (!llvmModules.empty()) {
    for (const target::LlvmModule &part : llvmModules)
      count += target::countInstructions(part);
  } else if (mlirModule) {
    mlirModule->walk([&](Operation *) { ++count; });
  }
  return count;
}

CompileReport Pipeline::report() {
  std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  std::int64_t codeBytes = 0;
  if (rows[current].name == llvm::StringRef("obj"))
    for (const std::string &file : files)
      codeBytes += static_cast<std::int64_t>(file.size());
  return {.phases = phases,
          .ms = elapsed.count(),
          .codeBytes = codeBytes,
          .functions = functions,
          .step = step,
          .emission = emission};
}

bool Pipeline::read(const CompilerInput &input) {
  if (auto *problem = std::get_if<const Problem *>(&input))
    return readProblem(**problem);
  const Dump &dump = std::get<Dump>(input);
  return readDump(*dump.source, *dump.overrides);
}

bool Pipeline::readDump(const Source &source, const Overrides &overrides) {
  bool read = false;
  if (endsWith(source.file, ".mlir")) {
    read = timed("parse", [&] { return readMlir(source); });
  } else if (endsWith(source.file, ".ll")) {
    read = timed("parse", [&] { return readIr(source); });
  } else {
    std::string error;
    std::optional<std::string> object = source.text;
    if (endsWith(source.file, ".s"))
      object = timed("assemble", [&] { return target::assemble(source.text, source.file, error); });
    if (!object)
      return fail(Id::invalid_dump, error);
    files = {std::move(*object)};
    current = stageIndex("obj");
    read = readRecords(target::readGlobal(files[0], "deq_signature"),
                       target::readGlobal(files[0], "deq_values"));
  }
  return read && applyOverrides(names, overrides, defaults, diagnostics, options.files);
}

bool Pipeline::readProblem(const Problem &problem) {
  timed("context", [&] {
    context = takeContext();
    return true;
  });
  timed("import", [&] {
    mlirModule = importProblem(*context, problem);
    return true;
  });
  std::string error;
  names = problem.signature;
  defaults = problem.values;
  if (problem.values.open_end) {
    names.identity = identityOf(*mlirModule);
    setSignature(*mlirModule, names);
  }
  if (!chooseEmission(*mlirModule, names, options.budget, emission, error))
    return fail(Id::field_too_large, error, problem.field.at);
  current = stageIndex("field");
  return verified("field");
}

bool Pipeline::readMlir(const Source &source) {
  DialectRegistry registry;
  registerDialects(registry);
  context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->printOpOnDiagnostic(false);
  Forwarder forwarder(context.get(), diagnostics);
  mlirModule = parseSourceString<ModuleOp>(source.text, ParserConfig(context.get()), source.file);
  if (!mlirModule)
    return diagnostics.failed() ? false : fail(Id::invalid_dump, "cannot be read as MLIR");
  context->loadAllAvailableDialects();
  std::optional<Signature> signature = signatureOf(*mlirModule);
  std::optional<Values> values = valuesOf(*mlirModule);
  if (!signature || !values)
    return false;
  names = std::move(*signature);
  defaults = std::move(*values);
  foreign = true;
  current = stageOf(*mlirModule);
  bool usable =
      !mlirModule->getOps<SolveOp>().empty() ||
      isa_and_nonnull<func::FuncOp, LLVM::LLVMFuncOp>(mlirModule->lookupSymbol(kernelSymbol));
  return usable || fail(Id::no_kernel, "has no deq.solve and no kernel");
}

bool Pipeline::readIr(const Source &source) {
  std::string error;
  Position at;
  auto module = target::parseIr(source.text, source.file, error, at.line, at.column);
  if (!module)
    return fail(Id::invalid_dump, error, at);
  llvmModules.push_back(std::move(*module));
  current = stageIndex("llvm");
  if (!hasEntryPoint())
    return false;
  auto text = [&](const char *symbol) { return target::readConstant(llvmModules[0], symbol); };
  return readRecords(text("deq_signature"), text("deq_values"));
}

bool Pipeline::readRecords(const std::optional<std::string> &signature,
                           const std::optional<std::string> &values) {
  if (!signature || !values)
    return fail(Id::foreign_file,
                "was not written by deq: it carries no deq_signature and deq_values");
  auto split = [](const std::string &text) {
    std::vector<std::string> records;
    llvm::SmallVector<llvm::StringRef> lines;
    llvm::StringRef(text).split(lines, '\n', -1, false);
    for (llvm::StringRef line : lines)
      records.push_back(line.str());
    return records;
  };
  std::string error;
  auto decodedNames = decodeSignature(split(*signature), error);
  auto decodedValues = decodeValues(split(*values), error);
  if (!decodedNames || !decodedValues)
    return fail(Id::damaged_records, "carries damaged records: " + error);
  names = std::move(*decodedNames);
  defaults = std::move(*decodedValues);
  return true;
}

bool Pipeline::verified(const std::string &stage) {
  if ((!options.verify && !foreign) || !mlirModule)
    return true;
  Forwarder forwarder(context.get(), diagnostics);
  return succeeded(verify(*mlirModule)) ||
         fail(Id::invalid_dump, "stage '" + stage + "' is not valid");
}

bool Pipeline::runTo(const std::string &stage) {
  size_t goal = stageIndex(stage);
  if (goal == stageCount)
    return fail(Id::past_stage, "unknown stage '" + stage + "'");
  if (goal < current)
    return fail(Id::past_stage,
                "is past stage '" + stage + "' already: it is at '" + rows[current].name + "'");
  while (current < goal) {
    // Assembly is written from LLVM IR too, so that an object does not pass through text.
    if (rows[current + 1].name == llvm::StringRef("asm") && goal > current + 1)
      ++current;
    if (!advance())
      return false;
  }
  return true;
}

/// The runtime calls the kernel through a pointer that carries no type.
bool Pipeline::hasEntryPoint() {
  const llvm::Function *kernel = llvmModules[0].module->getFunction(kernelSymbol.data());
  if (!kernel || kernel->isDeclaration())
    return fail(Id::no_kernel, "has no kernel: expected a function deq_solve");
  const llvm::FunctionType *type = kernel->getFunctionType();
  bool typed = type->getReturnType()->isIntegerTy(32) && type->getNumParams() == 1 &&
               type->getParamType(0)->isPointerTy() && !type->isVarArg();
  return typed ||
         fail(Id::no_kernel, "has another kernel than expected: deq_solve is no i32 (ptr)");
}

bool Pipeline::runToKernel() {
  if (current < stageIndex("loop") && !runTo("loop"))
    return false;
  auto kernel = mlirModule ? mlirModule->lookupSymbol<func::FuncOp>(kernelSymbol) : func::FuncOp();
  if (!kernel || kernel.isExternal())
    return fail(Id::no_kernel,
                "the interpreter runs stages 'field' to 'unpacked', and finds no kernel here");
  Forwarder forwarder(context.get(), diagnostics);
  auto fits = [&](func::FuncOp function) {
    return !function ||
           (succeeded(verifyPlaces(function)) && succeeded(verifyFits(function, names)));
  };
  return fits(kernel) && fits(mlirModule->lookupSymbol<func::FuncOp>(startSymbol));
}

bool Pipeline::advance() {
  const StageRow &row = rows[++current];
  llvm::StringRef name = row.name;
  if (name == "llvm-dialect" && options.countWork)
    step = timed("count", [&] { return countWork(*mlirModule); });
  if (row.transform) {
    Forwarder forwarder(context.get(), diagnostics);
    bool ok = timed(row.name, [&] { return succeeded(row.transform(*mlirModule)); });
    if (!ok)
      return diagnostics.failed() ? false
                                  : fail(Id::invalid_dump, "stage '" + name.str() + "' failed");
    return verified(row.name);
  }
  if (name == "llvm")
    return translate();
  return generate(name == "asm" ? target::FileKind::assembly : target::FileKind::object);
}

bool Pipeline::translate() {
  Forwarder forwarder(context.get(), diagnostics);
  std::optional<Signature> lowered = signatureOf(*mlirModule);
  if (!lowered)
    return false;
  names.workspace_slots = lowered->workspace_slots;
  bool translated = timed("llvm", [&] {
    OwningOpRef<ModuleOp> start = apart && !foreign ? target::takeStart(*mlirModule) : nullptr;
    for (ModuleOp part : {*mlirModule, start.get()})
      if (part)
        if (auto module = target::translate(part))
          llvmModules.push_back(std::move(*module));
    return llvmModules.size() == (start ? 2 : 1);
  });
  if (!translated)
    return diagnostics.failed() ? false : fail(Id::invalid_dump, "cannot be translated to LLVM");
  return hasEntryPoint();
}

bool Pipeline::generate(target::FileKind kind) {
  std::string error;
  bool done = timed("codegen", [&] {
    auto generated = target::generate(std::move(llvmModules), kind, options.tier, functions, error);
    llvmModules.clear();
    files = std::move(generated).value_or(std::vector<std::string>());
    return !files.empty();
  });
  return done || fail(Id::invalid_dump, error);
}

bool Pipeline::runToObjects() {
  apart = true;
  return runTo("obj");
}

std::string Pipeline::print() {
  if (rows[current].name == llvm::StringRef("llvm"))
    return target::print(llvmModules[0]);
  if (current > stageIndex("llvm"))
    return files[0];
  std::string text;
  llvm::raw_string_ostream stream(text);
  mlirModule->print(stream, OpPrintingFlags().useLocalScope());
  return text + "\n";
}

OwnedModule Pipeline::release() { return {std::move(context), std::move(mlirModule)}; }

} // namespace deq::ir
