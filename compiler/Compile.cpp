// The compiler's entry points: each is a pipeline run to some stage.
// Kept free of algorithms; what happens at each stage is in Pipeline/ and Transforms/.

#include "Compile.h"

#include "Pipeline/Pipeline.h"

namespace deq {

namespace {

class NativeProgram : public Program {
public:
  explicit NativeProgram(std::shared_ptr<const target::Code> code) : code(std::move(code)) {}
  Outcome call(Frame &frame) const override { return static_cast<Outcome>(code->entry(&frame)); }

private:
  std::shared_ptr<const target::Code> code;
};

std::optional<Artifact> compileNative(ir::Pipeline &pipeline, Diagnostics &diagnostics) {
  if (!pipeline.runTo("obj"))
    return std::nullopt;
  std::string error;
  auto code =
      pipeline.timed("link", [&] { return target::link(pipeline.object(), "deq_solve", error); });
  if (!code) {
    diagnostics.report(Id::invalid_dump, {}, "cannot be linked: " + error);
    return std::nullopt;
  }
  return Artifact{pipeline.signature(), pipeline.values(),
                  std::make_shared<NativeProgram>(std::move(code)), pipeline.report()};
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
  return Artifact{std::move(signature), std::move(values), std::move(program), std::move(report)};
}

std::optional<Artifact> finish(ir::Pipeline &pipeline, const CompileOptions &options,
                               Diagnostics &diagnostics) {
  return options.backend == Backend::native ? compileNative(pipeline, diagnostics)
                                            : compileInterpreted(pipeline, diagnostics);
}

std::optional<Emitted> print(ir::Pipeline &pipeline, const std::string &stage) {
  if (!pipeline.runTo(stage))
    return std::nullopt;
  return Emitted{pipeline.print(), pipeline.report()};
}

} // namespace

const std::vector<StageInfo> &stages() {
  static const std::vector<StageInfo> list = {
#define STAGE(name, extension, transform, summary) {name, extension, summary},
#include "Pipeline/Stages.def"
  };
  return list;
}

std::optional<Artifact> compile(const Source &source, const Overrides &overrides,
                                const CompileOptions &options, Diagnostics &diagnostics) {
  ir::Pipeline pipeline(options, diagnostics);
  if (!pipeline.read(source, overrides))
    return std::nullopt;
  return finish(pipeline, options, diagnostics);
}

std::optional<Artifact> compile(const Problem &problem, const CompileOptions &options,
                                Diagnostics &diagnostics) {
  ir::Pipeline pipeline(options, diagnostics);
  if (!pipeline.read(problem))
    return std::nullopt;
  return finish(pipeline, options, diagnostics);
}

std::optional<Emitted> emit(const Source &source, const Overrides &overrides,
                            const std::string &stage, const CompileOptions &options,
                            Diagnostics &diagnostics) {
  ir::Pipeline pipeline(options, diagnostics);
  if (!pipeline.read(source, overrides))
    return std::nullopt;
  return print(pipeline, stage);
}

std::optional<Emitted> emit(const Problem &problem, const std::string &stage,
                            const CompileOptions &options, Diagnostics &diagnostics) {
  ir::Pipeline pipeline(options, diagnostics);
  if (!pipeline.read(problem))
    return std::nullopt;
  return print(pipeline, stage);
}

bool check(const Source &source, const CompileOptions &options, Diagnostics &diagnostics) {
  const std::string &file = source.file;
  if (file.size() >= 4 && file.compare(file.size() - 4, 4, ".deq") == 0)
    return checkSource(file, source.text, diagnostics, options.files);
  CompileOptions verifying = options;
  verifying.verify = true;
  return ir::Pipeline(verifying, diagnostics).read(source, {});
}

} // namespace deq
