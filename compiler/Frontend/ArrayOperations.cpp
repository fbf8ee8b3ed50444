// Operations on arrays: their shapes, and what does not fit.
// Subscripts are split into the graph's two operations, extract (leading indices) and slice.
#include "Operations.h"

#include <algorithm>
#include <fmt/format.h>

namespace deq {

bool Operations::checkSize(const Shape &shape, Position at) {
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

bool Operations::checkAxis(Axis axis, const Shape &shape) {
  if (axis.value >= 0 && axis.value < static_cast<std::int64_t>(shape.size()))
    return true;
  fail(Id::axis_range, axis.at,
       fmt::format("axis {} is out of range for {}", axis.value, shapeText(shape)));
  return false;
}

NodeId Operations::stack(std::vector<NodeId> rows, const std::vector<Position> &places,
                         Position at) {
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (builder.shape(rows[i]) != builder.shape(rows.front())) {
      failShapes(Id::ragged_array, places[i],
                 fmt::format("expected elements of equal shapes, got {} after {}",
                             shapeText(builder.shape(rows[i])),
                             shapeText(builder.shape(rows.front()))),
                 rows.front(), rows[i]);
      return noNode;
    }
  Shape shape = builder.shape(rows.front());
  shape.insert(shape.begin(), static_cast<std::int64_t>(rows.size()));
  if (!checkSize(shape, at))
    return noNode;
  return builder.array(Op::stack, std::move(rows), std::move(shape), at);
}

bool Operations::checkRank(NodeId array, std::size_t entries, Position at) {
  const Shape &shape = builder.shape(array);
  if (entries <= shape.size())
    return true;
  fail(Id::too_many_indices, at,
       shape.empty() ? std::string("expected an array before '[', got a scalar")
                     : fmt::format("expected at most {} ind{} of {}, got {}", shape.size(),
                                   shape.size() == 1 ? "ex" : "ices", shapeText(shape), entries));
  return false;
}

bool Operations::checkEntry(const Entry &entry, std::int64_t extent) {
  if (!entry.isSlice)
    return entry.index != noNode && checkIndex(entry.index, extent, entry.at);
  const std::int64_t start = entry.start, stop = entry.stop;
  if (start < 0 || stop > extent || start > stop)
    fail(Id::index_range, entry.at,
         fmt::format("slice {}..{} is out of range for an extent of {}", start, stop, extent));
  else if (start == stop)
    fail(Id::empty_array, entry.at,
         fmt::format("an array needs at least one element, got the slice {}..{}", start, stop));
  else
    return true;
  return false;
}

/// Leading indices extract, a tail of slices slices; a slice before an index is a comprehension
/// over its axis.
NodeId Operations::subscript(NodeId array, const std::vector<Entry> &entries, std::size_t from,
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

NodeId Operations::matmul(NodeId a, NodeId b, Position at) {
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

NodeId Operations::dot(NodeId a, NodeId b, Position at) {
  if (a == noNode || b == noNode)
    return noNode;
  const Shape &left = builder.shape(a), &right = builder.shape(b);
  if (left.size() != 1 || left != right) {
    failShapes(Id::matrix_product, at,
               fmt::format("expected two vectors of equal length in 'dot', got {} and {}",
                           shapeText(left), shapeText(right)),
               a, b);
    return noNode;
  }
  return builder.array(Op::dot, {a, b}, {}, at);
}

NodeId Operations::reduce(Op op, NodeId array, Position place, Position at) {
  if (array == noNode)
    return noNode;
  if (builder.shape(array).empty()) {
    fail(Id::expected_array, place,
         fmt::format("expected an array in '{}', got a scalar", op == Op::sum ? "sum" : "norm"));
    return noNode;
  }
  return builder.array(op, {array}, {}, at);
}

NodeId Operations::shift(Op op, NodeId array, std::int64_t offset, NodeId fill, Axis axis,
                         const std::vector<Position> &places, Position at) {
  Shape shape = builder.shape(array);
  if (shape.empty()) {
    fail(
        Id::expected_array, places[0],
        fmt::format("expected an array in '{}', got a scalar", op == Op::shift ? "shift" : "roll"));
    return noNode;
  }
  if (op == Op::shift && !builder.shape(fill).empty()) {
    fail(Id::expected_scalar, places[2],
         fmt::format("expected a scalar to fill in, got {}", shapeText(builder.shape(fill))));
    return noNode;
  }
  if (!checkAxis(axis, shape))
    return noNode;
  std::vector<NodeId> operands = {array};
  if (op == Op::shift)
    operands.push_back(fill);
  return builder.array(op, std::move(operands), std::move(shape), at, offset, axis.value);
}

NodeId Operations::concat(std::vector<NodeId> operands, Axis axis,
                          const std::vector<Position> &places, Position at) {
  Shape shape = builder.shape(operands[0]);
  if (shape.empty()) {
    fail(Id::expected_array, places[0],
         "expected an array in 'concat', got a scalar; write it as [x]");
    return noNode;
  }
  if (!checkAxis(axis, shape))
    return noNode;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    Shape other = builder.shape(operands[i]);
    bool fits = other.size() == shape.size();
    for (std::size_t k = 0; fits && k < shape.size(); ++k)
      fits = static_cast<std::int64_t>(k) == axis.value || other[k] == shape[k];
    if (!fits) {
      failShapes(Id::shape_mismatch, places[i],
                 fmt::format("expected shapes that agree off axis {}, got {} and {}", axis.value,
                             shapeText(shape), shapeText(other)),
                 operands[0], operands[i]);
      return noNode;
    }
    shape[axis.value] += other[axis.value];
  }
  if (!checkSize(shape, at))
    return noNode;
  return builder.array(Op::concat, std::move(operands), std::move(shape), at, axis.value);
}

} // namespace deq
