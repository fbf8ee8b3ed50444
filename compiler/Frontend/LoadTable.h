// Tables of a solve: an argument as a function of time, from the columns of a data file.
#pragma once

#include "ReadValues.h"

namespace deq {

struct TableValue {
  std::vector<double> times, values;
  int degree = 1;    ///< of the pieces: 1 linear, 3 cubic
  bool jumps = true; ///< whether steps end at its times
};

/// True for `table(..)`, which only LeafLoader understands.
bool isTable(const Expr &expression);

/// `table("file", column = "v", time = "t", interpolation = linear | cubic, jumps = true | false)`.
/// The time is the column `t` or `time`, else the first; the value may be left out where there is
/// one other column. nullopt after an error.
std::optional<TableValue> loadTable(const Expr &call, const std::string &prefix, DataFiles &files,
                                    Diagnostics &diagnostics);

} // namespace deq
