// Overrides for a solve that is compiled already, as when a dumped stage is run: values only.
// What is part of the code cannot change there, and saying so is better than ignoring an option.
#include "Names.h"
#include "ReadValues.h"

#include <fmt/format.h>

namespace deq {

namespace {

class OverrideApplier {
public:
  OverrideApplier(const Signature &signature, const Overrides &overrides, Values &values,
                  Files *files, Diagnostics &diagnostics)
      : signature(signature), overrides(overrides), values(values), diagnostics(diagnostics),
        files(files, diagnostics) {}

  void run() {
    keep("--solve", overrides.solve.empty() ? signature.solve : overrides.solve, signature.solve);
    keep("--method", overrides.method.value_or(signature.method), signature.method);
    keep("--stages", overrides.stages.value_or(signature.stages), signature.stages);
    const auto dtype = std::string(dtypeNames[static_cast<std::size_t>(signature.dtype)]);
    if (overrides.dtype && dtypeOf(*overrides.dtype) != signature.dtype)
      keep("--dtype", *overrides.dtype, dtype);
    if (overrides.resumable && signature.identity.empty())
      diagnostics.report(
          Id::compiled_in, {},
          "--save-state, --resume: expected a source; this code keeps no state to go on from");
    values.open_end = overrides.resumable;
    if (!overrides.preset.empty())
      diagnostics.report(
          Id::compiled_in, {},
          "--preset: expected none; what it may choose is part of the compiled code");
    for (const std::string &path : overrides.args)
      setFile(path);
    for (const auto &[name, text] : overrides.set)
      setText(name, text);
    applyNumbers(overrides, signature.control == "pid", values, diagnostics);
    if (overrides.dt && !values.step_to.empty())
      diagnostics.report(Id::listed_steps, {},
                         "--dt: has no meaning beside step_to, which lists the ends of all steps");
    applySave();
    auto optionOrigin = [&](const char *option) {
      bool given = std::string_view(option) == "rtol"   ? overrides.rtol.has_value()
                   : std::string_view(option) == "atol" ? overrides.atol.has_value()
                                                        : false;
      return Origin{{}, given ? fmt::format("--{}: ", option) : ""};
    };
    bool span = overrides.from || overrides.to;
    if (checkSpan(values, {{}, span ? (overrides.to ? "--to: " : "--from: ") : ""}, diagnostics)) {
      checkPlan(values.save, values, {{}, overrides.save ? "--save: " : ""}, diagnostics);
      for (const SavePlan &plan : values.plans)
        checkPlan(plan, values, {}, diagnostics);
    }
    if (signature.control == "pid")
      checkPid(values.pid, signature.dtype, optionOrigin, diagnostics);
  }

private:
  void keep(const char *option, const std::string &wanted, const std::string &compiled) {
    if (wanted != compiled)
      diagnostics.report(Id::compiled_in, {},
                         fmt::format("{}: expected '{}', got '{}'; it is part of the compiled code",
                                     option, compiled, wanted));
  }

  void setFile(const std::string &path) {
    std::string prefix = fmt::format("--args {}: ", path);
    if (auto found = files.values(path, prefix))
      for (const auto &[name, value] : *found)
        set(name, value, prefix);
  }

  void setText(const std::string &name, const std::string &text) {
    std::string prefix = fmt::format("--set {}: ", name);
    ExprPtr expression = parseValueText(text, prefix, diagnostics);
    if (!expression)
      return;
    if (auto value = ValueReader(scope, diagnostics).tensor(*expression, prefix))
      set(name, *value, prefix);
  }

  void set(const std::string &name, const Tensor &value, const std::string &prefix) {
    std::vector<std::string> known;
    std::size_t offset = 0;
    for (const Leaf &leaf : signature.state) {
      if (leaf.name == name)
        return write(leaf, value, prefix, true, values.y0, offset);
      offset += scalars(leaf.shape);
      known.push_back(leaf.name);
    }
    offset = 0;
    for (const Argument &argument : signature.arguments) {
      if (argument.leaf.name == name && argument.degree >= 0)
        diagnostics.report(Id::compiled_in, {},
                           fmt::format("{}'{}' is a table in the compiled code", prefix, name));
      else if (argument.leaf.name == name)
        write(argument.leaf, value, prefix, false, values.arguments, offset);
      if (argument.leaf.name == name)
        return;
      offset += scalars(argument.leaf.shape);
      known.push_back(argument.leaf.name);
    }
    diagnostics.report(Id::unknown_name, {},
                       fmt::format("{}unknown name '{}'{}", prefix, name, suggestion(name, known)));
  }

  void write(const Leaf &leaf, const Tensor &value, const std::string &prefix, bool state,
             std::vector<double> &flat, std::size_t offset) {
    auto content = fitLeaf(value, leaf, {{}, prefix}, state, diagnostics);
    if (content && offset + content->size() <= flat.size())
      std::copy(content->begin(), content->end(),
                flat.begin() + static_cast<std::ptrdiff_t>(offset));
  }

  void applySave() {
    if (!overrides.save)
      return;
    const std::string prefix = "--save: ";
    auto syntax = parseSaveText(*overrides.save, prefix, diagnostics);
    auto plan = syntax ? ValueReader(scope, diagnostics).savePlan(*syntax, prefix) : std::nullopt;
    if (!plan)
      return;
    if (!syntax->items.empty())
      return void(diagnostics.report(Id::compiled_in, {},
                                     prefix + "expected no leaves; those of a dump are fixed"));
    values.save = *plan;
    if (structure(values) != signature.save)
      diagnostics.report(
          Id::compiled_in, {},
          prefix + "expected a plan of the same kind; the kind is part of the compiled code");
  }

  const Signature &signature;
  const Overrides &overrides;
  Values &values;
  Diagnostics &diagnostics;
  DataFiles files;
  const FieldSyntax field; ///< none: a value here has no names to use
  const FieldNames names;
  const ValueScope scope{field, names, {}, &files};
};

} // namespace

bool applyOverrides(const Signature &signature, const Overrides &overrides, Values &values,
                    Diagnostics &diagnostics, Files *files) {
  Values changed = values;
  OverrideApplier(signature, overrides, changed, files, diagnostics).run();
  if (diagnostics.failed())
    return false;
  values = std::move(changed);
  return true;
}

} // namespace deq
