// Dispatches a command line to its command.
// Also the last line of defence: what was thrown below becomes a message and an exit status here.
#include "Deqc.h"

#include "Commands.h"
#include "Exit.h"
#include "Message.h"
#include "Output.h"

#include <csignal>
#include <new>

namespace deq::cli {

static int runCommand(const Options &options) {
  switch (options.command) {
  case Command::run:
    return run(options);
  case Command::compile:
    return compileToStage(options);
  case Command::check:
    return check(options);
  case Command::format:
    return format(options);
  case Command::list:
    return list(options);
  }
  return exitMisuse;
}

static int runLine(int argc, char **argv) {
  ParsedLine line = parseLine(argc, argv);
  if (!line.finished)
    return runCommand(line.options);
  if (line.status == exitSolved)
    return print(line.text);
  say(line.text);
  return line.status;
}

int deqc(int argc, char **argv) {
  // A reader that goes away is a write error with a message, not a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return runLine(argc, argv);
  } catch (const Error &error) {
    // Mistakes of a source are never thrown: this is a compiler that cannot be loaded.
    for (const Diagnostic &diagnostic : error.diagnostics())
      say(to_string(diagnostic));
    return exitFileError;
  } catch (const std::bad_alloc &) {
    sayError("out of memory");
  } catch (const std::exception &error) {
    sayError(error.what());
  }
  return exitMisuse;
}

} // namespace deq::cli
