// deq-opt: MLIR's pass driver over deq's dialects and passes, and nothing else registered.

#include "DeqOpt.h"

#include "../Pipeline/Registry.h"
#include "../Transforms/Passes.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

namespace deq {

int deqOpt(int argc, char **argv) {
  mlir::DialectRegistry registry;
  ir::registerDialects(registry);
  ir::registerDeqPasses();
  mlir::registerTransformsPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "deq-opt: passes of the deq compiler\n", registry));
}

} // namespace deq
