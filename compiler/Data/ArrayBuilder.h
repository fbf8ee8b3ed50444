// Builds a rectangular array from the events of a parser.
// The extents are learnt from the first element on each axis and hold for all others, so that a
// ragged array is noticed where it is ragged and nothing is stored twice.
#pragma once

#include "NumberArray.h"

#include <string>

namespace deq {

class ArrayBuilder {
public:
  static constexpr std::size_t maxDepth = 8;

  /// Each is false if the array cannot go on so, with the reason in `problem`.
  bool open(std::string &problem);
  bool close(std::string &problem);
  bool number(double value, std::string &problem);

  /// A number stands alone, or the outermost bracket was closed.
  bool complete() const { return depth == 0 && rankKnown; }
  /// The array, once complete; the builder is as new.
  NumberArray take();

private:
  /// One more element of the innermost open array.
  bool count(std::string &problem);

  NumberArray array;               ///< extents that are not known yet are 0
  std::int64_t counts[maxDepth]{}; ///< elements so far, per open bracket
  std::size_t depth = 0;           ///< open brackets
  bool rankKnown = false;          ///< a number was seen
};

} // namespace deq
