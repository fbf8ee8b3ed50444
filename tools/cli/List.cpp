// `deqc list`: what deq knows, from the tables the compiler itself uses.
// Tab-free aligned columns, one item per line, so that both a person and awk can read it.
#include "Commands.h"
#include "Output.h"

#include "compiler/Frontend/Names.h"
#include "compiler/Frontend/Presets.h"
#include "compiler/Methods/Method.h"

#include <fmt/format.h>

namespace deq::cli {

static std::string listMethods() {
  constexpr const char *format = "{:<19} {:<6} {:<7} {:<9} {}\n";
  std::string text = fmt::format(format, "name", "order", "stages", "step", "title; source");
  for (const Method &method : methods()) {
    std::string order = fmt::format("{}", method.order);
    if (method.adaptive())
      order += fmt::format("({})", method.errorOrder);
    text += fmt::format(format, method.name, order, method.stages,
                        method.adaptive() ? "adaptive" : "constant",
                        method.title + "; " + method.source);
  }
  text += fmt::format(format, "half(METHOD)", "", "", "adaptive",
                      "two half steps of a Runge-Kutta method, its own or a user's, compared with "
                      "one whole step");
  return text;
}

static const char *formText(BuiltinForm form) {
  switch (form) {
  case BuiltinForm::native:
    return "elementwise, an instruction";
  case BuiltinForm::libm:
    return "elementwise, from the C library";
  case BuiltinForm::composed:
    return "elementwise, of other functions";
  }
  return "";
}

static std::string countText(const ArrayFunction &function) {
  if (function.maximum < 0)
    return fmt::format("{}..", function.minimum);
  if (function.maximum == function.minimum)
    return fmt::format("{}", function.minimum);
  return fmt::format("{}..{}", function.minimum, function.maximum);
}

static std::string optionText(const ArrayFunction &function) {
  std::string text = function.readsFile ? "values from a file" : "not elementwise";
  for (std::string_view option : function.options)
    text += fmt::format("{} {} = ..", &option == &function.options[0] ? ", takes" : ",", option);
  return text;
}

static std::string listFunctions() {
  constexpr const char *format = "{:<8} {:<10} {}\n";
  std::string text = fmt::format(format, "name", "arguments", "what it is");
  for (const Builtin &builtin : builtins())
    text += fmt::format(format, builtin.name, builtin.arity, formText(builtin.form));
  for (const ArrayFunction &function : arrayFunctions())
    text += fmt::format(format, function.name, countText(function), optionText(function));
  return text;
}

static std::string listStages() {
  constexpr const char *format = "{:<13} {:<6} {}\n";
  std::string text = fmt::format(format, "name", "files", "what it is");
  for (const StageInfo &stage : stages())
    text += fmt::format(format, stage.name, stage.extension, stage.summary);
  return text;
}

static std::string listDiagnostics() {
  constexpr const char *format = "{:<21} {:<8} {}\n";
  std::string text = fmt::format(format, "name", "severity", "what it means");
  for (const DiagnosticRow &row : diagnosticRows())
    text += fmt::format(format, row.name, row.severity == Severity::error ? "error" : "warning",
                        row.summary);
  return text;
}

static std::string listPresets() {
  constexpr const char *format = "{:<14} {}\n";
  std::string text = fmt::format(format, "name", "what it imitates; its clauses");
  for (const BuiltinPreset &preset : builtinPresets())
    text += fmt::format(format, preset.name, preset.summary + "; " + preset.clauses);
  return text;
}

static std::string listControllers() {
  constexpr const char *format = "{:<9} {}\n";
  std::string text = fmt::format(format, "name", "what it does");
  for (const Controller &controller : controllers())
    text += fmt::format(format, controller.name, controller.summary);
  return text;
}

namespace {
struct Topic {
  const char *name;
  std::string (*text)();
};
} // namespace

static const Topic topics[] = {{"methods", listMethods}, {"functions", listFunctions},
                               {"stages", listStages},   {"controllers", listControllers},
                               {"presets", listPresets}, {"diagnostics", listDiagnostics}};

std::vector<std::string> listTopics() {
  std::vector<std::string> names;
  for (const Topic &topic : topics)
    names.push_back(topic.name);
  return names;
}

int list(const Options &options) {
  std::string text;
  for (const Topic &topic : topics)
    if (topic.name == options.topic)
      text = topic.text();
  return print(text);
}

} // namespace deq::cli
