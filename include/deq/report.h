// What a compile cost, what came out of it and, if an engine asked for it, why.
#pragma once

#include "deq/diagnostic.h"
#include "deq/measures.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#pragma GCC visibility push(default)
namespace deq {

/// A part of a compile.
struct Phase {
  std::string name; ///< parse, import, expand-solve, ... , codegen, link
  double ms = 0;
  /// Operations of the program: of MLIR, then LLVM IR, then machine instructions. 0: none yet.
  std::int64_t operationsBefore = 0, operations = 0;
};

struct CompileReport {
  std::vector<Phase> phases;
  double ms = 0;              ///< whole compile
  std::int64_t codeBytes = 0; ///< size of the object, 0 if there is none
  /// Machine code that this compile generated; none of the interpreter, assembly and objects.
  std::vector<FunctionCode> functions;
  /// If asked for, and if the compile passed the stage `unpacked`.
  std::optional<StepWork> step;
  EmissionChoice emission = {}; ///< if the compile began before stages were emitted

  // Of an engine alone.
  std::string field = {};  ///< name of what was compiled
  std::string reason = {}; ///< "shape of 'y' f64[3] -> f64[4]", "first compile here", ..
  Location site = {};      ///< the call of `prepare`
  std::string key = {};    ///< digest of what the code depends on, 32 hexadecimal digits

  /// `compile lorenz: shape of 'y' f64[3] -> f64[4] (main.cpp:41); 21.3 ms`
  std::string line() const;
  /// One JSON object on one line: field, reason, file, line, key, ms, phases by name.
  std::string json() const;
};

} // namespace deq
#pragma GCC visibility pop
