// Reads a data file as what its extension says it is.
// The one place that knows which extensions there are.
#pragma once

#include "Csv.h"
#include "NumberArray.h"

#include <optional>
#include <string>
#include <string_view>

namespace deq {

/// The array in the file `path` with the content `bytes`: .npy; .csv: all columns, as [rows,
/// columns], or as [rows] if there is one column; .json: a number or a nested array. `path` is not
/// opened, its extension decides, in upper or lower case. Errors do not name the file.
std::optional<NumberArray> readArray(std::string_view path, std::string_view bytes,
                                     std::string &error);

/// The columns of a table: .csv; .npy with rank 2 ([rows, columns]) or 1 (one column), named "0",
/// "1", ...
std::optional<CsvTable> readColumns(std::string_view path, std::string_view bytes,
                                    std::string &error);

} // namespace deq
