// Ends what was written, and says what went wrong.
// A failure to write is an exit status of its own.
#include "Output.h"

#include "Exit.h"
#include "Message.h"

namespace deq::cli {

int finish(Output &output, int status) {
  if (output.finish())
    return status;
  sayError(output.message());
  return exitFileError;
}

int print(std::string_view text) {
  Output output("");
  output.write(text);
  return finish(output, exitSolved);
}

} // namespace deq::cli
