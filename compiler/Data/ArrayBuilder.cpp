// Checks shapes as elements arrive.
// An axis has its extent when its first array closes; every later one is compared with it.
#include "ArrayBuilder.h"

#include <fmt/format.h>
#include <utility>

namespace deq {

bool ArrayBuilder::count(std::string &problem) {
  if (depth == 0)
    return true;
  std::int64_t extent = array.shape[depth - 1];
  if (extent == 0 || counts[depth - 1] < extent) {
    ++counts[depth - 1];
    return true;
  }
  problem = fmt::format("expected an array of {} elements as before it, got more", extent);
  return false;
}

bool ArrayBuilder::open(std::string &problem) {
  if (depth == maxDepth)
    problem = fmt::format("expected arrays nested at most {} deep, got one more", maxDepth);
  else if (rankKnown && depth == array.shape.size())
    problem = "expected a number as before it, got an array";
  if (!problem.empty() || !count(problem))
    return false;
  if (!rankKnown && depth == array.shape.size())
    array.shape.push_back(0);
  counts[depth++] = 0;
  return true;
}

bool ArrayBuilder::close(std::string &problem) {
  std::int64_t got = counts[depth - 1];
  std::int64_t &extent = array.shape[depth - 1];
  if (got == 0)
    problem = "expected at least one number in an array, got none";
  else if (extent != 0 && got != extent)
    problem = fmt::format("expected an array of {} elements as before it, got {}", extent, got);
  if (!problem.empty())
    return false;
  extent = got;
  --depth;
  return true;
}

bool ArrayBuilder::number(double value, std::string &problem) {
  if (rankKnown && depth != array.shape.size()) {
    problem = "expected an array as before it, got a number";
    return false;
  }
  if (!count(problem))
    return false;
  rankKnown = true;
  array.data.push_back(value);
  return true;
}

NumberArray ArrayBuilder::take() {
  rankKnown = false;
  return std::exchange(array, {});
}

} // namespace deq
