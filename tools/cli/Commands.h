// The commands of deqc; each returns an ExitStatus and reports its own errors.
// One declaration per command, so that Deqc.cpp stays a table.
#pragma once

#include "Options.h"

#include <optional>

namespace deq::cli {

int run(const Options &options);
int compileToStage(const Options &options);
int check(const Options &options);
int format(const Options &options);
int list(const Options &options);
int cache(const Options &options);

/// The text of `file`, - for standard input; nullopt after saying why it cannot be read.
std::optional<Source> readSource(const std::string &file);

/// The topics of `list`, for its help and its errors.
std::vector<std::string> listTopics();
/// Those of `cache`.
std::vector<std::string> cacheTopics();

} // namespace deq::cli
