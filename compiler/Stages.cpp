// The list of stages, for those who show it or check a name against it.
// Apart from the walk through them, so that nobody needs MLIR to know what they are called.
#include "Compile.h"

namespace deq {

const std::vector<StageInfo> &stages() {
  static const std::vector<StageInfo> list = {
#define STAGE(name, extension, transform, summary) {name, extension, summary},
#include "Pipeline/Stages.def"
  };
  return list;
}

} // namespace deq
