// Indices and comprehensions; what indices reach is checked by running the indices alone.
// An index out of range is thus an error of the source, never of the compiled code.
#include "Operations.h"

#include <fmt/format.h>

namespace deq {

namespace {
constexpr std::size_t maxNesting = 16; ///< comprehensions within comprehensions
} // namespace

NodeId Operations::indexBinary(Op op, NodeId a, NodeId b, Position at) {
  if (a == noNode || b == noNode)
    return noNode;
  NodeId result = builder.indexBinary(op, a, b, at);
  if (result == noNode)
    fail(Id::index_overflow, at, "integer overflow: an index must stay within 2^53");
  else if (!checkWeight(result, at))
    return noNode;
  return result;
}

/// Evaluation of an index recurses over its operations.
bool Operations::checkWeight(NodeId index, Position at) {
  constexpr std::int32_t maxWeight = 5000;
  if (builder.weight(index) <= maxWeight)
    return true;
  fail(Id::too_much_work, at,
       fmt::format("expected at most {} operations in an index or filter, functions inlined",
                   maxWeight));
  return false;
}

NodeId Operations::indexDivide(Op op, NodeId a, NodeId b, Position place, Position at) {
  if (a == noNode || b == noNode)
    return noNode;
  IndexRange range = builder.range(b);
  if (range.lower <= 0 && range.upper >= 0) {
    std::string zero;
    bool walked =
        walk(builder.dependencies(b), builder.weight(b), at, [&](const IndexValues &values) {
          if (evaluateIndex(graph, b, values) != 0)
            return true;
          zero = fmt::format("the divisor is zero{}", describe(builder.dependencies(b), values));
          return false;
        });
    if (!zero.empty())
      fail(Id::zero_divisor, place, zero);
    if (!walked || !zero.empty())
      return noNode;
  }
  return indexBinary(op, a, b, at);
}

int Operations::openGenerator(std::int64_t lower, std::int64_t upper, std::string variable,
                              Position place, Position at) {
  if (upper < lower) {
    fail(Id::range_order, place,
         fmt::format("expected a range that runs upwards, got {}..{}", lower, upper));
    return -1;
  }
  if (builder.openRegions().size() >= maxNesting) {
    fail(Id::too_deep, at, fmt::format("expected at most {} nested comprehensions", maxNesting));
    return -1;
  }
  std::int64_t elements = upper - lower;
  for (int outer : builder.openRegions()) {
    const Region &r = builder.region(outer);
    elements = scalars({elements, r.upper - r.lower});
  }
  if (elements > maxScalars) {
    fail(Id::array_too_large, at,
         fmt::format("expected a comprehension of at most {} elements, got {}", maxScalars,
                     elements));
    return -1;
  }
  variables.push_back(std::move(variable));
  return builder.openRegion(lower, upper);
}

NodeId Operations::closeGenerator(Op op, int region, bool good, Position at) {
  std::optional<std::int64_t> count = 0;
  if (good && op == Op::generate)
    count = countElements(region, at);
  builder.closeRegion();
  variables.pop_back();
  if (!good || !count)
    return noNode;
  Shape shape = builder.shape(builder.region(region).result);
  if (op == Op::generate)
    shape.insert(shape.begin(), *count);
  if (!checkSize(shape, at))
    return noNode;
  return builder.generate(op, region, std::move(shape), at);
}

NodeId Operations::closeFold(NodeId initial, int region, bool good, Position place, Position at) {
  builder.closeRegion();
  variables.pop_back();
  if (!good || initial == noNode)
    return noNode;
  const NodeId result = builder.region(region).result;
  const Shape &shape = builder.shape(initial);
  if (builder.shape(result) != shape) {
    failShapes(Id::shape_mismatch, place,
               fmt::format("expected the shape of the initial value, {}, got {}", shapeText(shape),
                           shapeText(builder.shape(result))),
               initial, result);
    return noNode;
  }
  return builder.generate(Op::fold, region, shape, at, initial);
}

/// Elements of a value comprehension, which must not depend on outer indices.
std::optional<std::int64_t> Operations::countElements(int region, Position at) {
  const Region &r = builder.region(region);
  if (r.lower == r.upper) {
    fail(Id::empty_array, at, "an array needs at least one element");
    return std::nullopt;
  }
  if (r.filter == noNode)
    return r.upper - r.lower;
  std::uint32_t own = std::uint32_t(1) << r.depth;
  std::uint32_t outer = closure(builder.dependencies(r.filter) | own) & ~own;
  std::optional<std::int64_t> count;
  std::string problem;
  std::int64_t weight = (r.upper - r.lower) * builder.weight(r.filter);
  bool walked = walk(outer, weight, at, [&](const IndexValues &assignment) {
    IndexValues values = assignment;
    std::int64_t here = 0;
    for (std::int64_t i = r.lower; i < r.upper; ++i) {
      values[r.depth] = i;
      here += evaluateIndex(graph, r.filter, values) != 0;
    }
    if (here == 0)
      problem = fmt::format("an array needs at least one element, the filter leaves none{}",
                            describe(outer, values));
    else if (count && *count != here)
      problem =
          fmt::format("expected a filter that always leaves as many elements, got {} and then {}{}",
                      *count, here, describe(outer, values));
    count = here;
    return problem.empty();
  });
  if (!problem.empty())
    fail(Id::varying_filter, at, problem);
  if (!walked || !problem.empty())
    return std::nullopt;
  return count.value_or(r.upper - r.lower); // never reached inside an empty sum
}

// --- Running indices
// ------------------------------------------------------------------------------------------------

/// With the variables that the filters of the given ones look at.
std::uint32_t Operations::closure(std::uint32_t mask) {
  std::uint32_t before = 0;
  while (mask != before) {
    before = mask;
    for (int id : builder.openRegions()) {
      const Region &r = builder.region(id);
      if ((mask >> r.depth & 1) && r.filter != noNode)
        mask |= builder.dependencies(r.filter);
    }
  }
  return mask;
}

bool Operations::walk(std::uint32_t mask, std::int64_t weight, Position at,
                      const std::function<bool(const IndexValues &)> &visit) {
  IndexValues values(builder.openRegions().size() + 1);
  bool stopped = false;
  return walkDepth(1, closure(mask), weight, values, visit, stopped) || spend(1, at);
}

bool Operations::walkDepth(std::size_t level, std::uint32_t mask, std::int64_t weight,
                           IndexValues &values,
                           const std::function<bool(const IndexValues &)> &visit, bool &stopped) {
  if (level == values.size()) {
    if (!budget.spend(weight))
      return false;
    stopped = !visit(values);
    return true;
  }
  if (!(mask >> level & 1))
    return walkDepth(level + 1, mask, weight, values, visit, stopped);
  const Region r = builder.region(builder.openRegions()[level - 1]);
  for (std::int64_t i = r.lower; i < r.upper && !stopped; ++i) {
    if (!budget.spend(r.filter == noNode ? 1 : 1 + builder.weight(r.filter)))
      return false;
    values[level] = i;
    if (r.filter != noNode && !evaluateIndex(graph, r.filter, values))
      continue;
    if (!walkDepth(level + 1, mask, weight, values, visit, stopped))
      return false;
  }
  return true;
}

/// ", at i = 3, j = 0".
std::string Operations::describe(std::uint32_t mask, const IndexValues &values) const {
  std::string result;
  for (std::size_t d = 1; d < values.size(); ++d)
    if (mask >> d & 1)
      result +=
          fmt::format(", {}{} = {}", result.empty() ? "at " : "", variables[d - 1], values[d]);
  return result;
}

bool Operations::checkIndex(NodeId index, std::int64_t extent, Position at) {
  IndexRange range = builder.range(index);
  if (range.lower >= 0 && range.upper < extent)
    return true;
  std::string problem;
  std::uint32_t mask = builder.dependencies(index);
  bool walked = walk(mask, builder.weight(index), at, [&](const IndexValues &values) {
    std::int64_t value = evaluateIndex(graph, index, values);
    if (value >= 0 && value < extent)
      return true;
    problem = value < 0 ? fmt::format("index {} is negative{}", value, describe(mask, values))
                        : fmt::format("index {} is out of range for an extent of {}{}", value,
                                      extent, describe(mask, values));
    return false;
  });
  if (!problem.empty())
    fail(Id::index_range, at, problem);
  return walked && problem.empty();
}

} // namespace deq
