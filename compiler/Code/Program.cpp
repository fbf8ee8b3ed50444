// Native code as the runtime calls it.
#include "compiler/Compile.h"

namespace deq {

namespace {

class NativeProgram : public Program {
public:
  explicit NativeProgram(std::shared_ptr<const Code> code) : code(std::move(code)) {}
  Outcome call(Frame &frame) const override { return static_cast<Outcome>(code->entry(&frame)); }

private:
  std::shared_ptr<const Code> code;
};

} // namespace

std::shared_ptr<const Program> loadProgram(const Image &image, std::string &error) {
  std::shared_ptr<const Code> code = load(image, error);
  return code ? std::make_shared<NativeProgram>(std::move(code)) : nullptr;
}

} // namespace deq
