// The writers of a solution's data: one function per format.
// They write and never fail themselves: the Output remembers what went wrong.
#pragma once

#include "Output.h"
#include "Result.h"

namespace deq::cli {

/// `t,x,y`, then one line per row.
void writeCsv(const Result &result, Output &output);
/// The object of docs/cli.md on one line.
void writeJson(const Result &result, Output &output);
/// First and last rows, rounded and aligned, for a person.
void writeTable(const Result &result, Output &output);

/// Messages about `file` as the object of docs/cli.md on one line.
void writeDiagnosticsJson(const std::string &file, const std::vector<Diagnostic> &diagnostics,
                          Output &output);

} // namespace deq::cli
