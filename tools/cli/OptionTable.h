// The options of the commands: one row each.
// Parsing, help texts and the tests of docs/cli.md all come from these rows.
#pragma once

#include "Options.h"

#include <vector>

namespace deq::cli {

/// Which commands know an option; a mask.
enum OnCommand : unsigned {
  onRun = 1,
  onCompile = 2,
  onBoth = onRun | onCompile,
  onCheck = 4,
  onFormat = 8,
  onCache = 16,
  onSolve = onBoth | onCache, ///< what describes a solve
};

struct OptionRow {
  unsigned commands;
  std::string spelling; ///< "--rtol"
  /// Name of its value in help texts; empty for a flag, `[=NAME]` for one that may have a value.
  std::string value;
  std::string help; ///< empty: recognised, not supported yet, and absent from help texts
  void (*set)(Options &options, const std::string &option, const std::string &value);
  bool repeatable = false;
};

const std::vector<OptionRow> &optionRows();

} // namespace deq::cli
