// Words of the language: builtin functions and the suggestion for a name that does not exist.
// One table serves the name checks, the elaboration and the lists of `deqc`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deq {

enum class BuiltinForm : std::uint8_t { native, libm, composed };

/// A row of builtins.def; the row number is the `attr` of Op::call.
struct Builtin {
  std::string_view name;
  int arity;
  BuiltinForm form;
  std::string_view symbol;
};
const std::vector<Builtin> &builtins();
/// Row of an elementwise builtin, -1 if there is none of that name.
int findBuiltin(std::string_view name);

/// Functions that are more than elementwise, and the integer functions. Counts are of unlabelled
/// arguments.
struct ArrayFunction {
  std::string_view name;
  int minimum, maximum;                  ///< maximum -1: any number
  std::vector<std::string_view> options; ///< words of `word = value` after the arguments
  bool readsFile = false;                ///< its argument is a path in quotes
};
const std::vector<ArrayFunction> &arrayFunctions();
const ArrayFunction *findArrayFunction(std::string_view name);

/// True for every name the language defines: functions of both tables and `pi`.
bool isBuiltinName(std::string_view name);

/// Controllers of the step size, for `control` and `deqc list controllers`.
struct Controller {
  std::string_view name, summary;
};
const std::vector<Controller> &controllers();

/// Names among which a suggestion is looked for; more would cost seconds per file of errors.
constexpr std::size_t maxSuggestions = 1000;

/// "; did you mean 'x'?" for the nearest of the first `maxSuggestions` of `known`, empty if none is
/// near.
std::string suggestion(std::string_view name, const std::vector<std::string> &known);

} // namespace deq
