// The reports of --stats and --time-report as JSON.
// The same object in the JSON format and on standard error, so that a script has one way to read
// it.
#pragma once

#include "Result.h"

namespace deq::cli {

/// `{"compile": {..}}`.
std::string compileReportJson(const CompileReport &report);
/// `{"run": {..}}`, with `compile` behind it if asked for.
std::string runReportJson(const Result &result, bool withCompile);
/// `{"report": REPORT}` and a newline.
std::string reportLine(const std::string &report);

} // namespace deq::cli
