// Where the data of a command goes.
// What fails to be written is told to the person, and in the exit status.
#pragma once

#include "runtime/OutputFile.h"

namespace deq::cli {

using Output = OutputFile;

/// Writes the whole of `text` to standard output; an ExitStatus.
int print(std::string_view text);
/// Finishes `output`, reporting a failure: exitFileError then, otherwise `status`.
int finish(Output &output, int status);

} // namespace deq::cli
