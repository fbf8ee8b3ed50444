// What a run cost and under which settings, for --stats and --time-report.
// Every value in force is shown, defaults included, so that a run can be repeated from its report
// alone.
#pragma once

#include "Result.h"

namespace deq::cli {

/// What a run was asked to do, defaults included: label and text.
using Settings = std::vector<std::pair<std::string, std::string>>;
Settings settingsOf(const Result &result);
/// Statistics, settings, speed.
std::string statsText(const Result &result);
/// What a person can do about steps that stability limits; empty if it does not.
std::string stabilityText(const Result &result);
/// Phases of a compile: milliseconds and operations; and its machine code.
std::string timeText(const CompileReport &report);
/// One line: status, rows, steps, times.
std::string summaryText(const Result &result);

} // namespace deq::cli
