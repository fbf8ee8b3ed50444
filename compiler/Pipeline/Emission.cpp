// The choice between unrolled, outlined and scanned stages, by what each is predicted to cost.

#include "Emission.h"

#include "../Dialect/Deq.h"
#include "../Target/Abi.h"
#include "CompileCost.h"

#include <algorithm>

namespace deq::ir {

namespace {

/// Operations that fit the instruction cache (32 KiB of about eight bytes each). Code beyond that
/// is fetched anew in every step, and a copy of the field that is called runs faster than many.
constexpr int64_t cacheLimit = 4000;
/// Seconds after which nobody waits any more.
constexpr double patience = 120;

/// From the fastest code to the slowest: a call per stage takes a nanosecond, a loop over
/// coefficients some more for each value of the state.
std::vector<std::string> byPace(const SolveSize &size) {
  std::vector<std::string> order(std::begin(deq::emissions), std::end(deq::emissions));
  if (spelledOut(size, "unroll") > cacheLimit)
    std::rotate(order.begin(), order.begin() + 1, order.end());
  return order;
}

std::string milliseconds(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, ms < 10 ? "%.1f ms" : ms < 10000 ? "%.0f ms" : "%.3g ms", ms);
  return text;
}

} // namespace

bool chooseEmission(ModuleOp module, Signature &signature, double budget, EmissionChoice &choice,
                    std::string &error) {
  const SolveSize size = sizeOf(module, signature);
  for (const std::string &stages : byPace(size))
    choice.predictions.push_back(predict(size, stages));
  auto all = [&] { return llvm::make_range(choice.predictions.begin(), choice.predictions.end()); };
  auto chosen = choice.predictions.end();
  if (signature.stages == "auto") {
    chosen = llvm::find_if(all(), [&](const Prediction &p) { return p.ms <= budget; });
    const bool fits = chosen != choice.predictions.end();
    if (!fits)
      chosen = std::min_element(choice.predictions.begin(), choice.predictions.end(),
                                [](auto &x, auto &y) { return x.ms < y.ms; });
    signature.stages = chosen->stages;
    choice.reason = fits ? "fastest code within the compile budget of " + milliseconds(budget)
                         : "soonest compiled, none within the budget of " + milliseconds(budget);
    (*module.getOps<SolveOp>().begin()).setStages(signature.stages);
    setSignature(module, signature);
  } else {
    chosen =
        llvm::find_if(all(), [&](const Prediction &p) { return p.stages == signature.stages; });
    choice.reason = "as asked for";
  }
  choice.stages = signature.stages;
  if (chosen->ms <= 1000 * patience)
    return true;
  error = "the field is too large to compile: stages '" + signature.stages + "' would take about " +
          milliseconds(chosen->ms) + ", at most " + milliseconds(1000 * patience) +
          " are waited for; loops over arrays are not supported yet";
  return false;
}

} // namespace deq::ir
