// Where the graph of a Field comes from: a callable, or a text.
// A solve is prepared in the same way from either.
#pragma once

#include "ApiError.h"
#include "compiler/Compile.h"
#include "deq/trace.h"

#include <map>

namespace deq {

/// What a preparation knows beside the field itself.
struct FieldRequest {
  HostClauses clauses;
  std::map<std::string, Shape> shapes;         ///< of leaves and arguments, where values tell
  std::map<std::string, std::int64_t> statics; ///< of a text's field
  ByObservable<Expression> expressions;        ///< those that `clauses` name, as callables
};

/// What was declared with extents that only values tell, and is not known yet.
struct OpenLeaves {
  std::vector<Declared> state, arguments;
  bool empty() const { return state.empty() && arguments.empty(); }
};

class Field::Source {
public:
  virtual ~Source() = default;
  virtual const std::string &name() const = 0;
  virtual OpenLeaves open(const FieldRequest &) const { return {}; }
  /// Arguments that are given in order; those behind them are parameters of a callable.
  virtual std::size_t declared(const Signature &signature) const {
    return signature.arguments.size();
  }
  /// Whether a solve of it may have a span of its own: a callable has none.
  virtual bool mayHaveSpan() const { return true; }
  /// Throws deq::Error, or what a callable throws. Adds to `warnings`.
  virtual Problem problem(const FieldRequest &request, std::vector<Diagnostic> &warnings) const = 0;
};

} // namespace deq
