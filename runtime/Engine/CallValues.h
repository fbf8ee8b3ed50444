// The values of a call on top of those of a preparation.
#pragma once

#include "compiler/Compile.h"
#include "deq/engine.h"
#include "runtime/Trace/FieldSource.h"

namespace deq {

/// A solve that is ready to be called.
struct Ready {
  Signature signature;
  Values values; ///< where a call says nothing; NaN where nobody has
  std::shared_ptr<const Program> program;
  std::string key;
  std::vector<Diagnostic> warnings;
  /// Arguments that a flat list gives; those behind them are parameters of the callable, by name
  /// alone.
  std::size_t declared = 0;
  bool needsEnd = false; ///< of the span: only a call can tell
};

/// How a call begins.
struct Beginning {
  const Checkpoint *from = nullptr; ///< of Call::from, if the solve goes on exactly there
  std::string restartReason;        ///< else why it does not, if there is one
};

/// Throws deq::Error at `site` if they do not fit.
Beginning applyCall(const Call &call, const Ready &ready, const Place &site, Values &values);

/// The shapes of `open` as the values of the call show them; as many as it tells.
std::map<std::string, Shape> shapesOf(const Call &call, const OpenLeaves &open);

} // namespace deq
