// The compiler behind the door: each of its functions is a pipeline run to some stage.
// Kept free of algorithms; what happens at each stage is in this folder and in Transforms/.

#include "Pipeline.h"

namespace deq {

namespace {

std::optional<Artifact> compileNative(ir::Pipeline &pipeline, Diagnostics &diagnostics) {
  if (!pipeline.runToObjects())
    return std::nullopt;
  std::string error;
  std::shared_ptr<const Program> program;
  auto image = pipeline.timed("link", [&] {
    auto linked = target::link(pipeline.objects(), "deq_solve", error);
    if (linked)
      program = loadProgram(*linked, error);
    return linked;
  });
  if (!program) {
    diagnostics.report(Id::invalid_dump, {}, "cannot be linked: " + error);
    return std::nullopt;
  }
  return Artifact{pipeline.signature(), pipeline.values(), std::move(program), pipeline.report(),
                  std::make_shared<Image>(std::move(*image))};
}

std::optional<Artifact> compileInterpreted(ir::Pipeline &pipeline, Diagnostics &diagnostics) {
  if (!pipeline.runToKernel())
    return std::nullopt;
  CompileReport report = pipeline.report();
  Signature signature = pipeline.signature();
  Values values = pipeline.values();
  auto program = ir::interpret(pipeline.release(), signature.workspace_slots, diagnostics);
  if (!program)
    return std::nullopt;
  return Artifact{std::move(signature), std::move(values), std::move(program), std::move(report),
                  nullptr};
}

class PipelineCompiler : public Compiler {
public:
  std::optional<Artifact> compile(const CompilerInput &input, const CompileOptions &options,
                                  Diagnostics &diagnostics) const override {
    ir::Pipeline pipeline(options, diagnostics);
    if (!pipeline.read(input))
      return std::nullopt;
    return options.backend == Backend::native ? compileNative(pipeline, diagnostics)
                                              : compileInterpreted(pipeline, diagnostics);
  }

  std::optional<Emitted> emit(const CompilerInput &input, const std::string &stage,
                              const CompileOptions &options,
                              Diagnostics &diagnostics) const override {
    ir::Pipeline pipeline(options, diagnostics);
    if (!pipeline.read(input) || !pipeline.runTo(stage))
      return std::nullopt;
    return Emitted{pipeline.print(), pipeline.report()};
  }

  bool check(const Dump &dump, const CompileOptions &options,
             Diagnostics &diagnostics) const override {
    CompileOptions verifying = options;
    verifying.verify = true;
    return ir::Pipeline(verifying, diagnostics).read(dump);
  }
};

} // namespace

const Compiler &linkedCompiler() {
  static const PipelineCompiler compiler;
  return compiler;
}

} // namespace deq
