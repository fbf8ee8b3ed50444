// Elaboration of arrays: literals and subscripts.
// What is an index and what is a slice is known from the text alone.
#include "Elaborator.h"

namespace deq {

NodeId Elaborator::elaborateList(const Expr &expression, Scope &scope) {
  std::vector<NodeId> rows;
  std::vector<Position> places;
  bool good = true;
  for (const ExprPtr &part : expression.parts) {
    rows.push_back(elaborateNumber(*part, scope));
    places.push_back(part->at);
    good &= rows.back() != noNode;
  }
  return good ? stack(std::move(rows), places, expression.at) : noNode;
}

bool Elaborator::subscriptEntry(const Subscript &subscript, std::int64_t extent, Entry &entry,
                                Scope &scope) {
  entry.at = subscript.index->at;
  if (!subscript.stop) {
    entry.index = elaborateIndex(*subscript.index, scope);
    return checkEntry(entry, extent);
  }
  auto start = elaborateStatic(*subscript.index, scope);
  auto stop = elaborateStatic(*subscript.stop, scope);
  if (!start || !stop)
    return false;
  entry.isSlice = true;
  entry.start = *start;
  entry.stop = *stop;
  return checkEntry(entry, extent);
}

NodeId Elaborator::elaborateSubscript(const Expr &expression, Scope &scope) {
  NodeId array = elaborateNumber(*expression.parts[0], scope);
  if (array == noNode)
    return noNode;
  Shape shape = builder.shape(array);
  if (!checkRank(array, expression.subscripts.size(), expression.at))
    return noNode;
  std::vector<Entry> entries;
  bool good = true;
  for (std::size_t i = 0; i < expression.subscripts.size(); ++i) {
    Entry entry;
    good &= subscriptEntry(expression.subscripts[i], shape[i], entry, scope);
    entries.push_back(entry);
  }
  return good ? subscript(array, entries, 0, expression.at) : noNode;
}

} // namespace deq
