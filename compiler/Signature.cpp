// Sizes and names that follow from a signature, and whether values fit it.
// They live in the front half because every half needs them: import, code generation and the
// runtime.
#include "Signature.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace deq {

std::int64_t elements(const std::vector<std::int64_t> &shape) {
  std::int64_t product = 1;
  for (std::int64_t n : shape)
    product *= n;
  return product;
}

std::vector<std::string> columns(const std::vector<Leaf> &leaves) {
  std::vector<std::string> names;
  for (const Leaf &leaf : leaves) {
    const std::int64_t count = elements(leaf.shape);
    for (std::int64_t flat = 0; flat < count; ++flat) {
      std::string indices; // row-major: the last index runs fastest
      std::int64_t rest = flat;
      for (auto size = leaf.shape.rbegin(); size != leaf.shape.rend(); ++size) {
        indices = fmt::format("[{}]{}", rest % *size, indices);
        rest /= *size;
      }
      names.push_back(leaf.name + indices);
    }
  }
  return names;
}

std::int64_t Signature::width() const {
  std::int64_t sum = 0;
  for (const Leaf &leaf : state)
    sum += elements(leaf.shape);
  return sum;
}

SaveKind structure(SavePlan::Kind kind) {
  switch (kind) {
  case SavePlan::Kind::every:
  case SavePlan::Kind::at:
    return SaveKind::times;
  case SavePlan::Kind::steps:
    return SaveKind::steps;
  case SavePlan::Kind::start:
  case SavePlan::Kind::end:
    break;
  }
  return SaveKind::end;
}

std::string mismatch(const Signature &signature, const Values &values) {
  auto counted = [](const char *what, std::size_t got, std::int64_t expected) {
    return fmt::format("{} {}, expected {}", got, what, expected);
  };
  std::int64_t arguments = 0;
  for (const Argument &argument : signature.arguments)
    arguments += elements(argument.leaf.shape);
  if (std::int64_t(values.y0.size()) != signature.width())
    return counted("initial values", values.y0.size(), signature.width());
  if (std::int64_t(values.arguments.size()) != arguments)
    return counted("argument values", values.arguments.size(), arguments);
  if (std::int64_t(values.literals.size()) != signature.literals)
    return counted("literals", values.literals.size(), signature.literals);
  if (structure(values.save.kind) != signature.save)
    return "the save plan is of another kind than the one that was compiled";
  if (values.save.kind == SavePlan::Kind::every && !(values.save.h > 0))
    return fmt::format("the interval between saves is {}, expected more than 0", values.save.h);
  if (values.save.kind == SavePlan::Kind::steps && values.save.n < 1)
    return fmt::format("every {}-th step is saved, expected at least 1", values.save.n);
  if (!signature.clip && !(values.step_at.empty() && values.jump_at.empty()))
    return "step_at and jump_at need code that was compiled for them";
  for (const auto &[name, times] :
       {std::pair("step_at", &values.step_at), std::pair("jump_at", &values.jump_at)})
    for (double t : *times)
      if (!std::isfinite(t))
        return fmt::format("a time of {} is {}, expected finite times", name, t);
  if (!(values.t0 <= values.t1) || !std::isfinite(values.t1 - values.t0))
    return fmt::format("the span is {} to {}, expected finite times in order", values.t0,
                       values.t1);
  if (signature.control == "constant" && !(values.dt > 0))
    return fmt::format("the constant step is {}, expected more than 0", values.dt);
  if (signature.dtype == DType::f32) {
    const float dt = static_cast<float>(values.dt);
    if (values.dt != 0 && !(dt > 0 && std::isfinite(dt)))
      return fmt::format("the step {} has no value in f32", values.dt);
  }
  return {};
}

} // namespace deq
