// A field that is being traced: the graph so far, and the handles that the host holds of it.
// Handles are numbers, so that one that outlived its trace is an error and never a dangling
// pointer.
#pragma once

#include "ApiError.h"
#include "compiler/Compile.h"
#include "deq/trace.h"

#include <map>

namespace deq {

class Trace {
public:
  /// What a host declares with `param`.
  struct Param {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<double> values;
    NodeId node;
  };

  /// The trace is the current one of this thread until the object is gone.
  explicit Trace(std::string name, const Place &at);
  ~Trace();
  Trace(const Trace &) = delete;
  Trace &operator=(const Trace &) = delete;

  /// The one of this thread; an error at `at` if there is none.
  static Trace &current(const Place &at);
  std::uint64_t number() const { return id; }

  /// Leaves of the state, and arguments, are declared before the first parameter.
  Array declare(Op op, const Leaf &leaf, const Place &at);
  Array time(const Place &at);
  Array param(std::string_view name, const std::vector<double> &values, const Shape &shape,
              const Place &at);

  // Handles to nodes and back; what is no value of this trace is an error at `at`.
  NodeId node(detail::Handle handle, const Place &at);
  NodeId node(const detail::Operand &operand);
  NodeId node(const detail::IndexOperand &operand);
  NodeId node(const Array &array, const Place &at) { return node(array.handle(), at); }
  /// The result of an operation; throws what it reported if there is none.
  detail::Handle handle(NodeId node);
  /// Throws what was reported, if an operation has failed.
  void require(bool good);
  Position position(const Place &place);
  Location location(NodeId node) const;
  /// What is no mistake, and yet no good idea.
  std::vector<Diagnostic> warnings() const;

  /// What else the solve computes: an event is a scalar or a condition, all others are numbers.
  void observe(Observable::Kind kind, const Observed &value, const Place &at);
  /// The graph with its results; nothing else can be done with the trace.
  HostField finish(const Derivatives &derivatives, const Place &at);

  Operations &operations() { return ops; }
  const FieldGraph &field() const { return graph; }

private:
  std::vector<NodeId> rowsOf(const Derivatives &derivatives, const Place &at);
  void orderParams();

  FieldGraph graph;
  Diagnostics diagnostics;
  Operations ops;
  std::uint64_t id;
  Trace *outer;
  std::map<std::string, int> files;
  std::vector<Param> params;
  std::vector<NodeId> recorded; ///< what operations of the host resulted in
  std::vector<int> owners;      ///< per node, the loop whose index it depends on; -1: none
};

} // namespace deq
