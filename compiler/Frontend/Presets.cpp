// The presets of the language and the chain from a solve to the clauses it inherits.
// Presets are written in the language itself, so that they can be nothing that a user could not
// write.
#include "Presets.h"
#include "Names.h"
#include "Parser.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

const std::vector<BuiltinPreset> &builtinPresets() {
  static const std::vector<BuiltinPreset> table = {
      {"diffrax",
       "method tsit5 control pid(pcoeff = 0, icoeff = 1, dcoeff = 0, safety = 0.9, "
       "factor_min = 0.2, factor_max = 10)",
       "Diffrax: Tsit5 with PIDController; tolerances stay deq's"},
      {"julia",
       "method tsit5 control pid(rtol = 1e-3, atol = 1e-6, pcoeff = 0.4, icoeff = 0.3, "
       "safety = 0.9, factor_min = 0.2, factor_max = 10)",
       "DifferentialEquations.jl: Tsit5 with its PI controller (beta1 = 7/50, beta2 = 2/25)"},
      {"scipy_rk45",
       "method dopri5 control pid(rtol = 1e-3, atol = 1e-6, safety = 0.9, factor_min = 0.2, "
       "factor_max = 10)",
       "SciPy: solve_ivp, method RK45"},
      {"matlab_ode45",
       "method dopri5 control pid(rtol = 1e-3, atol = 1e-6, norm = max, safety = 0.8, "
       "factor_min = 0.1, factor_max = 5)",
       "MATLAB: ode45"},
      {"hairer_dopri5",
       "method dopri5 control pid(pcoeff = 0.2, icoeff = 0.65, safety = 0.9, factor_min = 0.2, "
       "factor_max = 10)",
       "DOPRI5 of Hairer, Norsett and Wanner: PI control, beta = 0.04; tolerances stay deq's"},
      {"odeint",
       "method dopri5 control pid(rtol = 1e-6, atol = 1e-6, norm = max, safety = 0.9, "
       "factor_min = 0.2, factor_max = 4.5)",
       "Boost.odeint: controlled runge_kutta_dopri5"},
  };
  return table;
}

namespace {

const std::vector<SolveSyntax> &parsedPresets() {
  static const std::vector<SolveSyntax> list = [] {
    std::string text;
    for (const BuiltinPreset &preset : builtinPresets()) {
      std::string clauses = preset.clauses;
      clauses.replace(clauses.find(" control "), 1, "\n"); // one clause a line
      text += fmt::format("preset {} {{\n{}\n}}\n", preset.name, clauses);
    }
    Diagnostics none;
    return std::move(Parser(text, none, unplaced).parseFile().presets);
  }();
  return list;
}

const SolveSyntax *find(const std::string &name, const std::vector<const SolveSyntax *> &presets) {
  for (const SolveSyntax *preset : presets)
    if (preset->name.text == name)
      return preset;
  for (const SolveSyntax &preset : parsedPresets())
    if (preset.name.text == name)
      return &preset;
  return nullptr;
}

} // namespace

ClauseChain clauseChain(const SolveSyntax &solve, const std::vector<const SolveSyntax *> &presets,
                        const std::string &replacement, const std::string &prefix,
                        Diagnostics &diagnostics) {
  ClauseChain chain = {&solve};
  Name next = solve.preset;
  std::string begin;
  if (!replacement.empty()) {
    next = {replacement, {}};
    begin = prefix;
  }
  while (!next.text.empty()) {
    const SolveSyntax *preset = find(next.text, presets);
    if (!preset) {
      std::vector<std::string> known;
      for (const SolveSyntax *other : presets)
        known.push_back(other->name.text);
      for (const BuiltinPreset &other : builtinPresets())
        known.push_back(other.name);
      diagnostics.report(
          Id::unknown_preset, next.at,
          fmt::format("{}unknown preset '{}'{}", begin, next.text, suggestion(next.text, known)));
      break;
    }
    if (std::find(chain.begin(), chain.end(), preset) != chain.end()) {
      diagnostics.report(Id::cycle, next.at,
                         fmt::format("preset '{}' depends on itself", next.text));
      break;
    }
    chain.push_back(preset);
    next = preset->preset;
    begin.clear();
  }
  return chain;
}

} // namespace deq
