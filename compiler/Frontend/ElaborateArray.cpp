// Elaboration of arrays: literals, indices, slices and matrix products.
// Subscripts are split into the graph's two operations, extract (leading indices) and slice.
#include "Elaborator.h"

#include <fmt/format.h>

namespace deq {

bool Elaborator::checkSize(const Shape &shape, Position at) {
  if (shape.size() > maxAxes) {
    fail(Id::too_many_axes, at,
         fmt::format("expected an array of at most {} axes, got {}", maxAxes, shape.size()));
    return false;
  }
  if (scalars(shape) <= maxScalars)
    return true;
  fail(
      Id::array_too_large, at,
      fmt::format("expected an array of at most {} scalars, got {}", maxScalars, shapeText(shape)));
  return false;
}

NodeId Elaborator::elaborateList(const Expr &expression, Scope &scope) {
  std::vector<NodeId> rows;
  bool good = true;
  for (const ExprPtr &part : expression.parts) {
    NodeId row = elaborateNumber(*part, scope);
    if (row != noNode && good && !rows.empty() &&
        builder.shape(row) != builder.shape(rows.front())) {
      failShapes(Id::ragged_array, part->at,
                 fmt::format("expected elements of equal shapes, got {} after {}",
                             shapeText(builder.shape(row)), shapeText(builder.shape(rows.front()))),
                 rows.front(), row);
      good = false;
    }
    good &= row != noNode;
    if (good)
      rows.push_back(row);
  }
  if (!good)
    return noNode;
  Shape shape = builder.shape(rows.front());
  shape.insert(shape.begin(), static_cast<std::int64_t>(rows.size()));
  if (!checkSize(shape, expression.at))
    return noNode;
  return builder.array(Op::stack, std::move(rows), std::move(shape), expression.at);
}

bool Elaborator::subscriptEntry(const Subscript &subscript, std::int64_t extent, Entry &entry,
                                Scope &scope) {
  entry.at = subscript.index->at;
  if (!subscript.stop) {
    entry.index = elaborateIndex(*subscript.index, scope);
    return entry.index != noNode && checkIndex(entry.index, extent, entry.at);
  }
  auto start = elaborateStatic(*subscript.index, scope);
  auto stop = elaborateStatic(*subscript.stop, scope);
  if (!start || !stop)
    return false;
  entry.isSlice = true;
  entry.start = *start;
  entry.stop = *stop;
  if (*start < 0 || *stop > extent || *start > *stop)
    fail(Id::index_range, entry.at,
         fmt::format("slice {}..{} is out of range for an extent of {}", *start, *stop, extent));
  else if (*start == *stop)
    fail(Id::empty_array, entry.at,
         fmt::format("an array needs at least one element, got the slice {}..{}", *start, *stop));
  else
    return true;
  return false;
}

NodeId Elaborator::elaborateSubscript(const Expr &expression, Scope &scope) {
  NodeId array = elaborateNumber(*expression.parts[0], scope);
  if (array == noNode)
    return noNode;
  Shape shape = builder.shape(array);
  if (expression.subscripts.size() > shape.size()) {
    fail(Id::too_many_indices, expression.at,
         shape.empty() ? std::string("expected an array before '[', got a scalar")
                       : fmt::format("expected at most {} ind{} of {}, got {}", shape.size(),
                                     shape.size() == 1 ? "ex" : "ices", shapeText(shape),
                                     expression.subscripts.size()));
    return noNode;
  }
  std::vector<Entry> entries;
  bool good = true;
  for (std::size_t i = 0; i < expression.subscripts.size(); ++i) {
    Entry entry;
    good &= subscriptEntry(expression.subscripts[i], shape[i], entry, scope);
    entries.push_back(entry);
  }
  return good ? subscript(array, entries, 0, expression.at) : noNode;
}

/// Leading indices extract, a tail of slices slices; a slice before an index is a comprehension
/// over its axis.
NodeId Elaborator::subscript(NodeId array, const std::vector<Entry> &entries, std::size_t from,
                             Position at) {
  std::vector<NodeId> operands = {array};
  for (; from < entries.size() && !entries[from].isSlice; ++from)
    operands.push_back(entries[from].index);
  Shape shape = builder.shape(array);
  shape.erase(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(operands.size() - 1));
  if (operands.size() > 1)
    array = builder.array(Op::extract, std::move(operands), shape, at);
  if (from == entries.size())
    return array;

  bool onlySlices = true;
  for (std::size_t i = from; i < entries.size(); ++i)
    onlySlices &= entries[i].isSlice;
  if (onlySlices) {
    std::vector<std::int64_t> bounds;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      bool sliced = from + axis < entries.size();
      bounds.push_back(sliced ? entries[from + axis].start : 0);
      bounds.push_back(sliced ? entries[from + axis].stop : shape[axis]);
    }
    return builder.slice(array, std::move(bounds), at);
  }

  int region = builder.openRegion(entries[from].start, entries[from].stop);
  NodeId row = builder.array(Op::extract, {array, builder.indexVariable(region, at)},
                             Shape(shape.begin() + 1, shape.end()), at);
  NodeId result = subscript(row, entries, from + 1, at);
  builder.region(region).result = result;
  builder.closeRegion();
  shape = builder.shape(result);
  shape.insert(shape.begin(), entries[from].stop - entries[from].start);
  return builder.generate(Op::generate, region, std::move(shape), at);
}

NodeId Elaborator::matmul(NodeId a, NodeId b, Position at) {
  if (a == noNode || b == noNode)
    return noNode;
  const Shape &left = builder.shape(a), &right = builder.shape(b);
  if (left.size() == 1 && right.size() == 1) {
    fail(Id::matrix_product, at,
         "expected a matrix before '@', got a vector; the product of two vectors is dot(a, b)");
    return noNode;
  }
  if (left.size() != 2 || right.empty() || right.size() > 2 || left[1] != right[0]) {
    failShapes(Id::matrix_product, at,
               fmt::format("expected a matrix and a vector or matrix that fits, got {} and {}",
                           shapeText(left), shapeText(right)),
               a, b);
    return noNode;
  }
  Shape shape = {left[0]};
  if (right.size() == 2)
    shape.push_back(right[1]);
  if (!checkSize(shape, at))
    return noNode;
  return builder.array(Op::matmul, {a, b}, std::move(shape), at);
}

} // namespace deq
