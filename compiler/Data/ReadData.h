// Data files by the extension of their names.
#pragma once

#include "Csv.h"
#include "NumberArray.h"

namespace deq {

/// .npy; .json (a nested array); .csv ([rows, columns], or [rows] of one column).
std::optional<NumberArray> readArray(const std::string &path, std::string_view bytes,
                                     std::string &error);

/// .csv, or an .npy of two axes, whose columns are "0", "1", and so on.
std::optional<CsvTable> readColumns(const std::string &path, std::string_view bytes,
                                    std::string &error);

} // namespace deq
