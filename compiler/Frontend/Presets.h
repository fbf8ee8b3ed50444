// Named bundles of clauses: of the language, of a file, or imported.
#pragma once

#include "Ast.h"

namespace deq {

/// Presets that come with deq, named after the solver whose step-size control they imitate. Their
/// summaries are for `deqc list presets`.
struct BuiltinPreset {
  std::string name;
  std::string clauses; ///< in the language
  std::string summary;
};
const std::vector<BuiltinPreset> &builtinPresets();

/// The solve, its preset, that one's preset, and so on: the first that has a clause decides it.
using ClauseChain = std::vector<const SolveSyntax *>;

/// `replacement`, if any, is the preset named by an option; its errors begin with `prefix`.
/// An unknown preset or a cycle is reported and ends the chain.
ClauseChain clauseChain(const SolveSyntax &solve, const std::vector<const SolveSyntax *> &presets,
                        const std::string &replacement, const std::string &prefix,
                        Diagnostics &diagnostics);

} // namespace deq
