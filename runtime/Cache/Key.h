// The key of compiled code: an ordered struct of named fields, one per row of Key.def.
// It is compared by a digest, and kept as texts so that a difference can be told.
#pragma once

#include "compiler/Compile.h"
#include "compiler/Digest.h"

#include <string>
#include <vector>

namespace deq {

struct KeyField {
  std::vector<std::string> values; ///< what is compared
  std::vector<std::string> shown;  ///< what a report says instead
  std::vector<std::string> names;  ///< of the leaves, where there is a value for each
};

struct Key {
  std::vector<KeyField> fields; ///< by the rows of Key.def
  Digest digest;
};

Digest digestOf(const std::vector<KeyField> &fields);
/// Whether the fields are those of this version of deq; a key from a file may be anything.
bool isComplete(const Key &key);
/// A field as a list shows it: "method tsit5".
std::vector<std::string> textsOf(const Key &key);

Key makeKey(const Problem &problem, const CanonicalGraph &graph, const CompileOptions &options);

/// How two keys of the same place differ: "shape of 'y' f64[3] -> f64[4], method tsit5 -> rk4".
std::string difference(const Key &old, const Key &now);
/// Fields in which they differ.
int distance(const Key &old, const Key &now);

} // namespace deq
